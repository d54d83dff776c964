/* SPDX-License-Identifier: BSD-3-Clause */
/* test_gauge.c -- which components are held by what, found from declarations and from Jacobians. */
#include "base/memory.h"
#include "evaluate/gauge.h"
#include "linear_factor.h"
#include "support.h"

/* A copy of a class that does not say how it behaves: the Jacobian must tell. */
static fgo_factor_class undeclared(const fgo_factor_class *c)
{
    fgo_factor_class copy = *c;
    copy.gauge = FGO_GAUGE_UNKNOWN;
    return copy;
}

static fgoi_gauge_result gauge_of(fgo_graph *g)
{
    fgoi_gauge_result result;
    assert_ok(fgoi_gauge(g, &result));
    return result;
}

static void expect(fgo_graph *g, size_t components, size_t count, const int64_t *keys)
{
    fgoi_gauge_result result = gauge_of(g);
    assert_int_equal(result.components, components);
    assert_int_equal(result.count, count);
    for (size_t i = 0; i < count; i++) assert_int_equal(fgo_graph_variable_key(g, result.variable[i]), keys[i]);
    fgoi_gauge_free(&result);
}

/* How many degrees of freedom the rule holds besides those that are held. */
static void expect_dofs(fgo_graph *g, int wanted)
{
    fgoi_gauge_result result = gauge_of(g);
    int count = 0;
    for (size_t i = 0; i < fgo_graph_tangent_dimension(g); i++) count += result.held[i] - fgo_graph_held(g)[i];
    fgoi_gauge_free(&result);
    assert_int_equal(count, wanted);
}

/* Those that it holds of one variable, as bits. */
static unsigned held_of(fgo_graph *g, int64_t key)
{
    fgoi_gauge_result result = gauge_of(g);
    size_t v = 0;
    unsigned bits = 0;
    assert_ok(fgo_graph_find(g, key, &v));
    for (int d = 0; d < fgo_graph_variable_manifold(g, v)->tangent; d++)
        bits |= (unsigned)result.held[fgo_graph_variable_tangent_offset(g, v) + (size_t)d] << d;
    fgoi_gauge_free(&result);
    return bits;
}

/* Between factors of every manifold are blind, priors are not, declared or not. */
static void test_every_manifold(UNUSED_STATE)
{
    (void)state;
    rng r = { 31 };
    fgo_manifold r2, r3;
    fgo_factor_class between2, between3, prior2, prior3;
    assert_ok(fgo_manifold_rn(2, &r2));
    assert_ok(fgo_manifold_rn(3, &r3));
    assert_ok(fgo_between_rn(2, &between2));
    assert_ok(fgo_between_rn(3, &between3));
    assert_ok(fgo_prior_rn(2, &prior2));
    assert_ok(fgo_prior_rn(3, &prior3));
    const struct {
        const fgo_manifold *m;
        const fgo_factor_class *between, *prior;
    } cases[] = {
        { &fgo_manifold_so2, &fgo_between_so2, &fgo_prior_so2 },
        { &fgo_manifold_se2, &fgo_between_se2, &fgo_prior_se2 },
        { &fgo_manifold_se2, &fgo_between_se2_log, &fgo_prior_se2_log },
        { &fgo_manifold_so3, &fgo_between_so3, &fgo_prior_so3 },
        { &fgo_manifold_so3, &fgo_between_so3_log, &fgo_prior_so3_log },
        { &fgo_manifold_se3, &fgo_between_se3, &fgo_prior_se3 },
        { &fgo_manifold_se3, &fgo_between_se3_log, &fgo_prior_se3_log },
        { &r2, &between2, &prior2 },
        { &r3, &between3, &prior3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int declared = 0; declared < 2; declared++) {
            const fgo_factor_class between = declared ? *cases[i].between : undeclared(cases[i].between);
            const fgo_factor_class prior = declared ? *cases[i].prior : undeclared(cases[i].prior);
            fgo_graph *g = exact_graph(&r, cases[i].m, &between, 6, 4, 0.5, NULL);
            expect(g, 1, 1, (int64_t[]){ 0 });
            assert_ok(fgo_graph_hold(g, 3));
            expect(g, 1, 0, NULL);
            assert_ok(fgo_graph_release(g, 3));
            assert_ok(fgo_graph_hold_dof(g, 5, 0)); /* the rest is held at the keeper */
            expect(g, 1, cases[i].m->tangent > 1, (int64_t[]){ 0 });
            expect_dofs(g, cases[i].m->tangent - 1);
            assert_ok(fgo_graph_release(g, 5));
            double z[16];
            random_value(&r, cases[i].m, z);
            assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 4 }, z, fgo_noise_unit(), fgo_loss_none()));
            expect(g, 1, 0, NULL);
            fgo_graph_free(g);
        }
}

static void test_components(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    const fgo_se2 z = fgo_se2_from_angle(1, 0, 0);
    assert_ok(fgo_graph_create(&g));
    expect(g, 0, 0, NULL);
    const int64_t keys[] = { 50, -7, 8, 3, 9, 100 };
    for (int i = 0; i < 6; i++) assert_ok(fgo_graph_add_se2(g, keys[i], i, 0, 0.1 * i));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 50, 8 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 3, -7 }, &z, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 9, -7 }, &z, fgo_noise_unit(), fgo_loss_none()));
    expect(g, 3, 3, (int64_t[]){ 8, -7, 100 }); /* a variable without factors is a component that nothing holds */
    assert_ok(fgo_graph_hold(g, 9));
    expect(g, 3, 2, (int64_t[]){ 8, 100 });
    fgo_graph_free(g);
}

/* Residuals of own classes on poses, points and scalars. */
enum { RANGE, CURVE, HEIGHT };

static int evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const int kind = *(const int *)self->user;
    (void)z;
    for (size_t f = 0; f < count; f++, x += self->arity) {
        if (kind == RANGE) { /* distance of a pose and a point, times a scale: blind to the plane's motions */
            const double dx = x[1][0] - x[0][0], dy = x[1][1] - x[0][1], d = sqrt(dx * dx + dy * dy), k = x[2][0] / d;
            e[f] = x[2][0] * d;
            if (J) {
                const double c = x[0][2], s = x[0][3];
                const double row[6] = { -k * (dx * c + dy * s), -k * (dy * c - dx * s), 0, k * dx, k * dy, d };
                memcpy(J + 6 * f, row, sizeof row);
            }
        } else if (kind == CURVE) { /* a * 3 + b - 1: parameters, no motion */
            e[f] = 3 * x[0][0] + x[1][0] - 1;
            if (J) J[2 * f] = 3, J[2 * f + 1] = 1;
        } else { /* the y coordinate of a pose: sees some motions, not all */
            e[f] = x[0][1];
            if (J) J[3 * f] = x[0][3], J[3 * f + 1] = x[0][2], J[3 * f + 2] = 0;
        }
    }
    return 0;
}

static void test_own_classes(UNUSED_STATE)
{
    (void)state;
    static int kinds[] = { RANGE, CURVE, HEIGHT };
    const fgo_factor_class range = { .abi = FGO_FACTOR_ABI,
                                     .arity = 3,
                                     .rows = 1,
                                     .partials = 6,
                                     .name = "range",
                                     .evaluate = evaluate,
                                     .variable = { { "SE2", 3 }, { "R2", 2 }, { "R1", 1 } },
                                     .user = &kinds[0] };
    const fgo_factor_class curve = { .abi = FGO_FACTOR_ABI,
                                     .arity = 2,
                                     .rows = 1,
                                     .partials = 2,
                                     .name = "curve",
                                     .evaluate = evaluate,
                                     .variable = { { "R1", 1 }, { "R1", 1 } },
                                     .user = &kinds[1] };
    const fgo_factor_class height = { .abi = FGO_FACTOR_ABI,
                                      .arity = 1,
                                      .rows = 1,
                                      .partials = 3,
                                      .name = "height",
                                      .evaluate = evaluate,
                                      .variable = { { "SE2", 3 } },
                                      .user = &kinds[2] };
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 1, 1, (double[]){ 1.1 })); /* the scale has the smallest key, but cannot hold a gauge */
    assert_ok(fgo_graph_add_rn(g, 2, 2, (double[]){ 5, 6 }));
    assert_ok(fgo_graph_add_se2(g, 4, 1, 2, 0.7));
    assert_ok(fgo_graph_add_se2(g, 3, -1, 2, 1.7));
    assert_ok(fgo_graph_add_factor(g, &range, (int64_t[]){ 4, 2, 1 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    assert_ok(fgo_graph_add_factor(g, &range, (int64_t[]){ 3, 2, 1 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    expect(g, 1, 2, (int64_t[]){ 3, 2 }); /* ranges see no heading, so that holding a pose does not stop turns about it */
    assert_int_equal(held_of(g, 3), 3);
    expect_dofs(g, 3);
    assert_ok(fgo_graph_add_factor(g, &height, (int64_t[]){ 4 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    expect(g, 1, 1, (int64_t[]){ 3 }); /* it does not go up, but aside, and turns about pose 4 */
    assert_int_equal(held_of(g, 3), 3);
    assert_ok(fgo_graph_add_rn(g, 10, 1, (double[]){ 0 }));
    assert_ok(fgo_graph_add_rn(g, 11, 1, (double[]){ 0 }));
    assert_ok(fgo_graph_add_factor(g, &curve, (int64_t[]){ 10, 11 }, NULL, fgo_noise_unit(), fgo_loss_none()));
    expect(g, 2, 1, (int64_t[]){ 3 });
    fgo_graph_free(g);
}

/* ---- priors that fix a part ---- */

enum { POSES = 8, X = 1, Y = 2, THETA = 4, ROTATION = 8 | 16 | 32, TRANSLATION = 1 | 2 | 4 };

static fgo_graph *loop_of(const fgo_manifold *m, const fgo_factor_class *between, rng *r)
{
    return exact_graph(r, m, between, POSES, 5, 0.1, NULL);
}

static void add_prior(fgo_graph *g, const fgo_factor_class *c, int64_t key, const double *z, fgo_noise noise)
{
    assert_ok(fgo_graph_add_factor(g, c, &key, z, noise, fgo_loss_none()));
}

/* What is left with the rule is a positive definite problem: Gauss-Newton solves it from the dense factorization,
 * undamped. */
static double solve_undamped(fgo_graph *g)
{
    fgo_options o = fgo_options_default();
    fgo_summary s;
    o.method = FGO_METHOD_GN;
    o.linear_solver = FGO_LINEAR_DENSE;
    o.max_iterations = 30;
    assert_ok(fgo_solve(g, &o, &s));
    if (fgo_termination_class(s.termination) != 1) fail_msg("%s: %s", fgo_termination_text(s.termination), s.message);
    return s.cost_final;
}

static void test_parts_of_the_plane(UNUSED_STATE)
{
    (void)state;
    rng r = { 33 };
    const double here[2] = { 3, -4 }, there[2] = { 30, 40 }, north[2] = { 0, 1 };
    fgo_graph *g = loop_of(&fgo_manifold_se2, &fgo_between_se2, &r);
    add_prior(g, &fgo_position_se2, 5, here, fgo_noise_sigma(0.1)); /* turns about pose 5 are left */
    expect(g, 1, 1, (int64_t[]){ 0 });
    assert_int_equal(held_of(g, 0), THETA);
    assert_close(solve_undamped(g), 0, 1e-12); /* what the rule holds costs nothing */
    assert_close(fgo_graph_variable_value(g, 5)[0], 3, 1e-6);
    add_prior(g, &fgo_position_se2, 2, there, fgo_noise_sigma(0.1)); /* two places: all is said */
    expect(g, 1, 0, NULL);
    fgo_graph_free(g);
    g = loop_of(&fgo_manifold_se2, &fgo_between_se2, &r);
    add_prior(g, &fgo_heading_se2, 5, north, fgo_noise_sigma(0.1));
    assert_int_equal(held_of(g, 0), X | Y);
    assert_close(solve_undamped(g), 0, 1e-12);
    fgo_graph_free(g);
    /* a prior on a whole pose that weighs one degree of freedom only */
    g = loop_of(&fgo_manifold_se2, &fgo_between_se2, &r);
    add_prior(g, &fgo_prior_se2, 0, (double[]){ 0, 0, 1, 0 }, fgo_noise_information((double[]){ 0, 0, 0, 0, 0, 0, 0, 0, 9 }));
    assert_int_equal(held_of(g, 0), X | Y);
    assert_ok(fgo_graph_hold_dof(g, 3, 0));
    expect_dofs(g, 1);
    fgo_graph_free(g);
}

static void test_parts_of_space(UNUSED_STATE)
{
    (void)state;
    rng r = { 34 };
    double z[7];
    fgo_graph *g = loop_of(&fgo_manifold_se3, &fgo_between_se3, &r);
    random_value(&r, &fgo_manifold_se3, z);
    add_prior(g, &fgo_position_se3, 5, z, fgo_noise_sigma(0.1));
    assert_int_equal(held_of(g, 0), ROTATION);
    assert_close(solve_undamped(g), 0, 1e-12);
    add_prior(g, &fgo_position_se3, 6, fgo_graph_variable_value(g, 6), fgo_noise_sigma(0.1)); /* the axis through both is left */
    expect_dofs(g, 1);
    assert_true((held_of(g, 0) & ROTATION) == held_of(g, 0));
    assert_close(solve_undamped(g), 0, 1e-12);
    add_prior(g, &fgo_position_se3, 7, fgo_graph_variable_value(g, 7), fgo_noise_sigma(0.1));
    expect_dofs(g, 0);
    fgo_graph_free(g);
    g = loop_of(&fgo_manifold_se3, &fgo_between_se3, &r);
    add_prior(g, &fgo_rotation_se3, 5, z + 3, fgo_noise_sigma(0.1));
    assert_int_equal(held_of(g, 0), TRANSLATION);
    assert_close(solve_undamped(g), 0, 1e-12);
    fgo_graph_free(g);
}

/* Points alone: differences of coordinates leave shifts, in any dimension; isolated points, and far from the origin. */
static void test_points(UNUSED_STATE)
{
    (void)state;
    rng r = { 35 };
    for (int n = 1; n <= 5; n++) {
        fgo_manifold m;
        fgo_factor_class between;
        assert_ok(fgo_manifold_rn(n, &m));
        assert_ok(fgo_between_rn(n, &between));
        fgo_graph *g = exact_graph(&r, &m, &between, 6, 4, 0.5, NULL);
        assert_ok(fgo_graph_add_rn(g, 50, n, (double[]){ 1e6, 1e6, 1e6, 1e6, 1e6 }));
        expect(g, 2, 2, (int64_t[]){ 0, 50 });
        assert_int_equal(held_of(g, 0), (1u << n) - 1);
        expect_dofs(g, 2 * n);
        fgo_graph_free(g);
    }
}

/* A pose with points whose difference of coordinates is known: that says how the world is turned. */
static void test_points_that_turn(UNUSED_STATE)
{
    (void)state;
    fgo_factor_class between;
    fgo_graph *g = NULL;
    assert_ok(fgo_between_rn(2, &between));
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 0, 1, 2, 0.3));
    assert_ok(fgo_graph_add_rn(g, 1, 2, (double[]){ 5, 5 }));
    assert_ok(fgo_graph_add_rn(g, 2, 2, (double[]){ 7, 4 }));
    for (int l = 1; l < 3; l++)
        assert_ok(fgo_graph_add_factor(g, &fgo_landmark_se2, (int64_t[]){ 0, l }, (double[]){ 3, l }, fgo_noise_sigma(0.1),
                                       fgo_loss_none()));
    assert_int_equal(held_of(g, 0), X | Y | THETA);
    assert_ok(fgo_graph_add_factor(g, &between, (int64_t[]){ 1, 2 }, (double[]){ 0, 1 }, fgo_noise_sigma(0.1), fgo_loss_none()));
    assert_int_equal(held_of(g, 0), X | Y);
    expect_dofs(g, 2);
    assert_close(solve_undamped(g), 0, 1e-12);
    fgo_graph_free(g);
}

/* Ranges alone: a pose that is held whole still lets the others turn about it. */
static void test_ranges(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) assert_ok(fgo_graph_add_se2(g, i, 2 * i, i * i, 0.1 * i));
    for (int l = 0; l < 4; l++) assert_ok(fgo_graph_add_rn(g, 10 + l, 2, (double[]){ l - 5, 3 * l * l - 7 }));
    for (int i = 0; i < 4; i++)
        for (int l = 0; l < 4; l++)
            assert_ok(fgo_graph_add_factor(g, &fgo_range_se2, (int64_t[]){ i, 10 + l }, (double[]){ 5 + i + l },
                                           fgo_noise_sigma(0.1), fgo_loss_none()));
    expect(g, 1, 2, (int64_t[]){ 0, 1 });
    assert_int_equal(held_of(g, 0), X | Y);
    assert_int_equal(held_of(g, 1) & THETA, 0);
    expect_dofs(g, 3);
    fgo_graph_free(g);
}

/* Vectors of two sizes have no common shift, even where the entries of a row add up to zero as if they had; those of one
 * size do. */
static void test_vectors_of_two_sizes(UNUSED_STATE)
{
    (void)state;
    for (int n = 1; n <= 2; n++) {
        const int dim[2] = { 2, n };
        const double mixed[] = { 1, 0, -1, 0 }, alike[] = { 1, 0, -1, 0, 0, 1, 0, -1, 0, 0 };
        const fgo_factor_class c = linear_factor(n, 2, dim);
        fgo_graph *g;
        assert_ok(fgo_graph_create(&g));
        assert_ok(fgo_graph_add_rn(g, 5, 2, (double[]){ 1, 2 }));
        assert_ok(fgo_graph_add_rn(g, 6, n, (double[]){ 3, 4 }));
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 5, 6 }, n == 1 ? mixed : alike, fgo_noise_unit(), fgo_loss_none()));
        expect(g, 1, n == 2, (int64_t[]){ 5 });
        fgo_graph_free(g);
    }
}

/* The between factor of the plane, whose first entry a calibration of seven numbers shifts. */
static int calibrated(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++, x += 3, e += 3) {
        double of_poses[18];
        if (fgo_between_se2.evaluate(&fgo_between_se2, 1, x, (const fgo_se2 *)z + f, e, J ? of_poses : NULL)) return -1;
        e[0] += x[2][0];
        for (int i = 0; J && i < 3; i++)
            for (int k = 0; k < 13; k++) J[39 * f + 13 * (size_t)i + (size_t)k] = k < 6 ? of_poses[6 * i + k] : k == 6 && !i;
    }
    return 0;
}

/* It has the largest tangent space of all, more than any motion has, and holds nothing: a pose does. */
static void test_calibration(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_class c = { .abi = FGO_FACTOR_ABI,
                                 .arity = 3,
                                 .rows = 3,
                                 .partials = 13,
                                 .name = "calibrated",
                                 .measurement_size = sizeof(fgo_se2),
                                 .evaluate = calibrated,
                                 .gauge = FGO_GAUGE_RELATIVE,
                                 .variable = { { "SE2", 3 }, { "SE2", 3 }, { "R7", 7 } } };
    const fgo_se2 step = fgo_se2_from_angle(1, 0, 0.1);
    const double shift[7] = { 0 };
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 1, 7, shift));
    for (int i = 0; i < 4; i++) assert_ok(fgo_graph_add_se2(g, 10 + i, i, 0.1 * i, 0.1));
    for (int i = 0; i < 3; i++)
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 10 + i, 11 + i, 1 }, &step, fgo_noise_unit(), fgo_loss_none()));
    expect(g, 1, 1, (int64_t[]){ 10 });
    assert_int_equal(held_of(g, 10), X | Y | THETA);
    expect_dofs(g, 3);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_manifold),       cmocka_unit_test(test_components),
        cmocka_unit_test(test_own_classes),          cmocka_unit_test(test_parts_of_the_plane),
        cmocka_unit_test(test_parts_of_space),       cmocka_unit_test(test_points),
        cmocka_unit_test(test_points_that_turn),     cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_vectors_of_two_sizes), cmocka_unit_test(test_calibration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

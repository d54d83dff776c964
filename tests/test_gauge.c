/* SPDX-License-Identifier: BSD-3-Clause */
/* test_gauge.c -- which components are held by what, found from declarations and from Jacobians. */
#include "gauge.h"
#include "memory.h"
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
    fgoi_free(result.variable);
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
    const struct { const fgo_manifold *m; const fgo_factor_class *between, *prior; } cases[] = {
        { &fgo_manifold_so2, &fgo_between_so2, &fgo_prior_so2 },     { &fgo_manifold_se2, &fgo_between_se2, &fgo_prior_se2 },
        { &fgo_manifold_se2, &fgo_between_se2_log, &fgo_prior_se2_log }, { &fgo_manifold_so3, &fgo_between_so3, &fgo_prior_so3 },
        { &fgo_manifold_so3, &fgo_between_so3_log, &fgo_prior_so3_log }, { &fgo_manifold_se3, &fgo_between_se3, &fgo_prior_se3 },
        { &fgo_manifold_se3, &fgo_between_se3_log, &fgo_prior_se3_log }, { &r2, &between2, &prior2 }, { &r3, &between3, &prior3 },
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
            assert_ok(fgo_graph_hold_dof(g, 5, 0));
            expect(g, 1, 0, NULL);
            assert_ok(fgo_graph_release(g, 5));
            double z[16];
            random_value(&r, cases[i].m, z);
            assert_ok(fgo_graph_add_factor(g, &prior, (int64_t[]){ 4 }, z, fgo_unit(), fgo_no_loss()));
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
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 50, 8 }, &z, fgo_unit(), fgo_no_loss()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 3, -7 }, &z, fgo_unit(), fgo_no_loss()));
    assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 9, -7 }, &z, fgo_unit(), fgo_no_loss()));
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
    const fgo_factor_class range = { .abi = FGO_FACTOR_ABI, .arity = 3, .rows = 1, .partials = 6, .name = "range", .evaluate = evaluate,
                                     .variable = { { "SE2", 3 }, { "R2", 2 }, { "R1", 1 } }, .user = &kinds[0] };
    const fgo_factor_class curve = { .abi = FGO_FACTOR_ABI, .arity = 2, .rows = 1, .partials = 2, .name = "curve", .evaluate = evaluate,
                                     .variable = { { "R1", 1 }, { "R1", 1 } }, .user = &kinds[1] };
    const fgo_factor_class height = { .abi = FGO_FACTOR_ABI, .arity = 1, .rows = 1, .partials = 3, .name = "height", .evaluate = evaluate,
                                      .variable = { { "SE2", 3 } }, .user = &kinds[2] };
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 1, 1, (double[]){ 1.1 })); /* the scale has the smallest key, but cannot hold a gauge */
    assert_ok(fgo_graph_add_rn(g, 2, 2, (double[]){ 5, 6 }));
    assert_ok(fgo_graph_add_se2(g, 4, 1, 2, 0.7));
    assert_ok(fgo_graph_add_se2(g, 3, -1, 2, 1.7));
    assert_ok(fgo_graph_add_factor(g, &range, (int64_t[]){ 4, 2, 1 }, NULL, fgo_unit(), fgo_no_loss()));
    assert_ok(fgo_graph_add_factor(g, &range, (int64_t[]){ 3, 2, 1 }, NULL, fgo_unit(), fgo_no_loss()));
    expect(g, 1, 1, (int64_t[]){ 3 });
    assert_ok(fgo_graph_add_factor(g, &height, (int64_t[]){ 4 }, NULL, fgo_unit(), fgo_no_loss()));
    expect(g, 1, 0, NULL);
    assert_ok(fgo_graph_add_rn(g, 10, 1, (double[]){ 0 }));
    assert_ok(fgo_graph_add_rn(g, 11, 1, (double[]){ 0 }));
    assert_ok(fgo_graph_add_factor(g, &curve, (int64_t[]){ 10, 11 }, NULL, fgo_unit(), fgo_no_loss()));
    expect(g, 2, 0, NULL);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_manifold), cmocka_unit_test(test_components),
                                        cmocka_unit_test(test_own_classes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

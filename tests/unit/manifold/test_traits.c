/* SPDX-License-Identifier: BSD-3-Clause */
/* test_traits.c -- manifolds of a user's own by their traits: checked, refused where they contradict, and full citizens of
 * gauge rule, initialization, comparison and files; each planted fault of a manifold is found. */
#include "evaluate/gauge.h"
#include "support.h"
#include <limits.h>

/* ---- poses whose z axis stays vertical: x, y, z, heading; they live in space and cannot tilt ---- */

enum { X, Y, Z, HEADING };

static void level_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), dx = c * d[X] - s * d[Y], dy = s * d[X] + c * d[Y];
    out[X] = x[X] + dx, out[Y] = x[Y] + dy, out[Z] = x[Z] + d[Z];
    out[HEADING] = remainder(x[HEADING] + d[HEADING], 6.283185307179586);
}

static void level_local(const fgo_manifold *m, const double *x, const double *y, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), dx = y[X] - x[X], dy = y[Y] - x[Y];
    d[X] = c * dx + s * dy, d[Y] = c * dy - s * dx, d[Z] = y[Z] - x[Z];
    d[HEADING] = remainder(y[HEADING] - x[HEADING], 6.283185307179586);
}

static void level_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]);
    const double vx = k == 0 ? 1 : k == 5 ? centre[1] - x[Y] : 0, vy = k == 1 ? 1 : k == 5 ? x[X] - centre[0] : 0;
    d[X] = c * vx + s * vy, d[Y] = c * vy - s * vx, d[Z] = k == 2, d[HEADING] = k == 5;
}

/* T turns about z alone. */
static void level_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    const double a = 2 * atan2(T[5], T[6]), c = cos(a), s = sin(a), px = c * x[X] - s * x[Y], py = s * x[X] + c * x[Y];
    out[X] = T[0] + px, out[Y] = T[1] + py, out[Z] = T[2] + x[Z];
    out[HEADING] = remainder(x[HEADING] + a, 6.283185307179586);
}

static int level_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    (void)m;
    memcpy(position, x, 3 * sizeof *x);
    q[0] = q[1] = 0, q[2] = sin(x[HEADING] / 2), q[3] = cos(x[HEADING] / 2);
    return FGO_PLACE_POSITION | FGO_PLACE_ORIENTATION;
}

static const char *const level_dofs[] = { "forward", "left", "up", "heading" };
static const fgo_manifold_traits level_traits = { .size = sizeof level_traits,
                                                  .kind = FGO_MANIFOLD_POSE,
                                                  .world = 3,
                                                  .translations = 3,
                                                  .position = 0,
                                                  .rotation = -1,
                                                  .prevents = 1u << 3 | 1u << 4,
                                                  .noun = "level pose",
                                                  .dof = level_dofs,
                                                  .move = level_move,
                                                  .act = level_act,
                                                  .place = level_place };
static const fgo_manifold level = {
    .name = "Level", .ambient = 4, .tangent = 4, .retract = level_retract, .local = level_local, .traits = &level_traits
};

/* e = local(z, local(a, b)): the Jacobian by hand is not needed, retract is linear in what is compared. */
static int level_between(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++, e += 4) {
        const double *a = x[2 * f], *b = x[2 * f + 1], *m = (const double *)z + 4 * f;
        level_local(&level, a, b, e);
        for (int i = 0; i < 4; i++) e[i] -= m[i];
        e[HEADING] = remainder(e[HEADING], 6.283185307179586);
        if (!J) continue;
        double *j = J + f * 32, t = b[HEADING] - a[HEADING], dx = e[X] + m[X], dy = e[Y] + m[Y];
        memset(j, 0, 32 * sizeof *j);
        j[0] = j[9] = j[18] = j[27] = -1;
        j[3] = dy, j[11] = -dx;
        j[4] = cos(t), j[5] = -sin(t), j[12] = sin(t), j[13] = cos(t), j[22] = j[31] = 1;
    }
    return 0;
}

static int level_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self;
    if (k != 1) return -1;
    level_retract(&level, x[0], z, out);
    return 0;
}

static const fgo_factor_class level_class = { .abi = FGO_FACTOR_ABI,
                                              .arity = 2,
                                              .rows = 4,
                                              .partials = 8,
                                              .name = "level_between",
                                              .measurement_size = 4 * sizeof(double),
                                              .variable = { { "Level", 4 }, { "Level", 4 } },
                                              .evaluate = level_between,
                                              .predict = level_predict,
                                              .gauge = FGO_GAUGE_RELATIVE };

/* A square of level poses, away from their optimum. */
static fgo_graph *level_graph(void)
{
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) {
        const double x[4] = { i == 1 || i == 2 ? 1.2 : 0.1, i > 1, 0.1, 1.4 * i };
        assert_ok(fgo_graph_add_variable(g, i, &level, x));
    }
    for (int i = 0; i < 4; i++) {
        const int64_t keys[2] = { i, (i + 1) % 4 };
        const double z[4] = { 1, 0, i < 2 ? 0.1 : -0.1, 1.5707963267948966 };
        assert_ok(fgo_graph_add_factor(g, &level_class, keys, z, fgo_noise_unit(), fgo_loss_none()));
    }
    return g;
}

static void test_own_pose_is_a_citizen(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = level_graph();
    fgoi_gauge_result gauge;
    fgo_jacobian_report jacobian;
    assert_ok(fgo_graph_check_jacobians(g, &jacobian));
    assert_true(jacobian.error < 1e-7);
    assert_ok(fgoi_gauge(g, &gauge)); /* it can be shifted and turned about the vertical: 4 of 6 motions, all of one variable */
    assert_int_equal(gauge.count, 1);
    for (size_t d = 0; d < 16; d++) assert_int_equal(gauge.held[d], d < 4);
    fgoi_gauge_free(&gauge);
    fgo_summary summary;
    fgo_options o = fgo_options_default();
    assert_ok(fgo_solve(g, &o, &summary));
    assert_close(summary.cost_final, 0.0, 1e-10);
    double p[3], q[4];
    assert_int_equal(fgo_manifold_place(&level, fgo_graph_variable_value(g, 1), p, q), 3);
    assert_int_equal(fgo_manifold_translations(&level), 3);
    fgo_graph_free(g);
}

static void test_own_poses_compare(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = level_graph(), *moved = level_graph();
    fgo_comparison c;
    const fgo_compare_options o = fgo_compare_options_default();
    const double T[7] = { 3, -2, 1, 0, 0, sin(0.4), cos(0.4) };
    for (int64_t k = 0; k < 4; k++) {
        double x[4];
        assert_ok(fgo_graph_get_value(moved, k, x));
        level_act(&level, T, x, x);
        assert_ok(fgo_graph_set_value(moved, k, x));
    }
    assert_ok(fgo_graph_compare(g, moved, &o, &c, NULL));
    assert_int_equal(c.matched, 4);
    assert_true(c.ate_translation.max < 1e-12);
    fgo_graph_free(g);
    fgo_graph_free(moved);
}

static void test_own_pose_is_not_written_as_another(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = level_graph();
    assert_int_equal(fgo_graph_write(g, "level.g2o", FGO_FORMAT_G2O), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "Level"));
    fgo_graph_free(g);
}

/* ---- names ---- */

static void refuse(fgo_graph *g, const fgo_manifold *m, fgo_status wanted, const char *text)
{
    const double x[8] = { 0 };
    const size_t before = fgo_graph_variable_count(g);
    assert_int_equal(fgo_graph_add_variable(g, 99, m, x), wanted);
    assert_non_null(strstr(fgo_last_message(), text));
    assert_int_equal(fgo_graph_variable_count(g), before);
}

/* Case 53: "SE2" with other dimensions was read over its end. */
static void test_names_are_unique(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    static const char *const names[] = { "SE2", "SE3", "SO2", "SO3", "R2", "R7", "R4096" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fgo_manifold m = level;
        snprintf(m.name, sizeof m.name, "%s", names[i]);
        refuse(g, &m, FGO_ERROR_TYPE, names[i]);
    }
    fgo_manifold se2 = fgo_manifold_se2, own = level, other = level;
    se2.retract = level_retract; /* same sizes, other functions */
    refuse(g, &se2, FGO_ERROR_TYPE, "built-in");
    snprintf(own.name, sizeof own.name, "R02"); /* no name of R^n */
    assert_ok(fgo_graph_add_variable(g, 1, &own, (double[]){ 0, 0, 0, 0 }));
    assert_ok(fgo_graph_add_variable(g, 2, &level, (double[]){ 0, 0, 0, 0 }));
    other.ambient = 5;
    refuse(g, &other, FGO_ERROR_TYPE, "another of this name");
    other = level, other.local = fgo_manifold_se2.local;
    refuse(g, &other, FGO_ERROR_TYPE, "other functions");
    other = level, other.traits = NULL;
    refuse(g, &other, FGO_ERROR_TYPE, "Level");
    fgo_graph_free(g);
}

static void test_contradicting_traits_are_refused(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    enum { WRONG = 11 };
    fgo_manifold_traits t[WRONG];
    for (int i = 0; i < WRONG; i++) t[i] = level_traits;
    t[0].size = 0;
    t[1].world = 4;
    t[2].move = NULL;
    t[3].prevents = 1u << 6;
    t[4].position = 2;
    t[5].rotation = 1; /* a quaternion does not fit */
    t[6].kind = FGO_MANIFOLD_VECTOR;
    t[7].kind = (fgo_manifold_kind)17;
    t[8].translations = 5;
    t[9].position = INT_MAX;
    t[10].rotation = INT_MAX;
    for (int i = 0; i < WRONG; i++) {
        fgo_manifold m = level;
        m.traits = &t[i];
        refuse(g, &m, FGO_ERROR_ARGUMENT, "traits");
    }
    fgo_graph_free(g);
}

static void test_find(UNUSED_STATE)
{
    (void)state;
    size_t count;
    const fgo_manifold *const *all = fgo_manifolds(&count);
    fgo_manifold m;
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++) {
        assert_ok(fgo_manifold_find(all[i]->name, &m));
        assert_memory_equal(&m, all[i], sizeof m);
    }
    assert_ok(fgo_manifold_find("R12", &m));
    assert_true(m.tangent == 12 && m.traits->kind == FGO_MANIFOLD_VECTOR);
    static const char *const none[] = { "", "R", "R0", "R01", "R4097", "R99999999999", "SE4", "se2", "R2x" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        fgo_manifold kept = { .name = "kept" };
        assert_int_equal(fgo_manifold_find(none[i], &kept), FGO_ERROR_ARGUMENT);
        assert_string_equal(kept.name, "kept");
    }
    assert_int_equal(fgo_manifold_find(NULL, &m), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_manifold_find("SE2", NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_manifold_place(NULL, NULL, NULL, NULL), 0);
    assert_int_equal(fgo_manifold_translations(NULL), 0);
}

/* ---- fgo_check_manifold ---- */

static void expect_fault(const fgo_manifold *m, fgo_manifold_fault wanted)
{
    fgo_manifold_report r;
    assert_ok(fgo_check_manifold(m, NULL, 0, &r));
    if (r.fault != wanted) print_error("%s: %s (%g)\n", m->name, r.text, r.error);
    assert_int_equal(r.fault, wanted);
    assert_true(wanted ? r.error > 0 && r.text[0] : r.error == 0 && !r.text[0]);
}

static void test_all_manifolds_pass(UNUSED_STATE)
{
    (void)state;
    size_t count;
    const fgo_manifold *const *all = fgo_manifolds(&count);
    for (size_t i = 0; i < count; i++) expect_fault(all[i], FGO_MANIFOLD_FAULT_NONE);
    for (int n = 1; n <= 9; n++) {
        fgo_manifold m;
        assert_ok(fgo_manifold_rn(n, &m));
        expect_fault(&m, FGO_MANIFOLD_FAULT_NONE);
    }
    expect_fault(&level, FGO_MANIFOLD_FAULT_NONE);
    const double far[14] = { 1e3, -2e3, 5, 0, 0, 0.6, 0.8, 0, 0, 0, 0.8, 0, -0.6, 0 };
    fgo_manifold_report r;
    assert_ok(fgo_check_manifold(&fgo_manifold_se3, far, 2, &r));
    assert_int_equal(r.fault, FGO_MANIFOLD_FAULT_NONE);
}

static void twice_local(const fgo_manifold *m, const double *x, const double *y, double *d)
{
    level_local(m, x, y, d);
    d[HEADING] *= 2;
}
static void kinked_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    level_retract(m, x, d, out);
    out[Z] += d[Z] > 0 ? d[Z] : 0;
}
static void kinked_local(const fgo_manifold *m, const double *x, const double *y, double *d)
{
    level_local(m, x, y, d);
    d[Z] = d[Z] > 0 ? d[Z] / 2 : d[Z];
}
static void shifted_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    level_retract(m, x, d, out);
    out[Z] += 1e-6;
}
static int rounding_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    x[X] *= 1.0 + 1e-12;
    return 0;
}
static int moving_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    x[X] = 1.0;
    return 0;
}
static void left_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    level_act(m, T, x, out);
    out[X] = x[X] + T[0]; /* forgets to turn */
}
static void wrong_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    level_move(m, centre, x, k, d);
    if (k == 5) d[HEADING] = -1;
}
static void central_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    const double origin[3] = { 0 };
    (void)centre;
    level_move(m, origin, x, k, d);
}
static int wrong_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    level_place(m, x, position, q);
    q[2] = -q[2];
    return FGO_PLACE_POSITION | FGO_PLACE_ORIENTATION;
}
static int endless_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    const int has = level_place(m, x, position, q);
    position[0] = NAN; /* the finite numbers after it must not hide it */
    return has;
}
static int long_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    const int has = level_place(m, x, position, q);
    q[3] += 1;
    return has;
}
static int talkative_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    return level_place(m, x, position, q) | 4;
}
static void lost_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    level_retract(m, x, d, out);
    out[0] = NAN;
}
static void silent_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    (void)m, (void)centre, (void)x, (void)k, (void)d;
}
static void long_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    level_retract(m, x, d, out);
    out[4] = 0;
}

static void test_planted_faults_are_found(UNUSED_STATE)
{
    (void)state;
    fgo_manifold m = level;
    fgo_manifold_traits t = level_traits;
    m.local = twice_local;
    expect_fault(&m, FGO_MANIFOLD_FAULT_INVERSE);
    m = level, m.retract = shifted_retract;
    expect_fault(&m, FGO_MANIFOLD_FAULT_ZERO);
    m = level, m.retract = kinked_retract, m.local = kinked_local;
    expect_fault(&m, FGO_MANIFOLD_FAULT_SMOOTH);
    m = level, m.retract = long_retract;
    expect_fault(&m, FGO_MANIFOLD_FAULT_SIZE);
    m = level, m.normalize = rounding_normalize;
    expect_fault(&m, FGO_MANIFOLD_FAULT_NORMALIZE);
    m = level, m.normalize = moving_normalize;
    expect_fault(&m, FGO_MANIFOLD_FAULT_NORMALIZE);
    m = level, m.traits = &t;
    t.act = left_act;
    expect_fault(&m, FGO_MANIFOLD_FAULT_ACT);
    t = level_traits, t.move = wrong_move;
    expect_fault(&m, FGO_MANIFOLD_FAULT_MOVE);
    t = level_traits, t.move = central_move;
    expect_fault(&m, FGO_MANIFOLD_FAULT_MOVE);
    t = level_traits, t.place = wrong_place;
    expect_fault(&m, FGO_MANIFOLD_FAULT_PLACE);
    int (*const no_place[])(const fgo_manifold *, const double *, double *, double *) = { endless_place, long_place,
                                                                                          talkative_place };
    for (int i = 0; i < 3; i++) { /* found without `act`, too */
        t = level_traits, t.act = NULL, t.place = no_place[i];
        expect_fault(&m, FGO_MANIFOLD_FAULT_PLACE);
    }
    t = level_traits, t.act = NULL, t.move = silent_move;
    expect_fault(&m, FGO_MANIFOLD_FAULT_MOVE);
    m = level, m.retract = lost_retract; /* NaN is not equal to itself, in place or not */
    expect_fault(&m, FGO_MANIFOLD_FAULT_SIZE);
    fgo_manifold_report r = { .index = 42 };
    assert_int_equal(fgo_check_manifold(NULL, NULL, 0, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_manifold(&level, NULL, 1, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_manifold(&level, NULL, 0, NULL), FGO_ERROR_ARGUMENT);
    m = level, m.local = NULL;
    assert_int_equal(fgo_check_manifold(&m, NULL, 0, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(r.index, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_pose_is_a_citizen),
        cmocka_unit_test(test_own_poses_compare),
        cmocka_unit_test(test_own_pose_is_not_written_as_another),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_contradicting_traits_are_refused),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_all_manifolds_pass),
        cmocka_unit_test(test_planted_faults_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_traits.c -- manifolds of a user's own by their traits: checked, refused where they contradict, and full citizens of
 * gauge rule, initialization, comparison and files; each planted fault of a manifold is found. */
#include "evaluate/gauge.h"
#include "level.h"
#include <limits.h>

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
    const fgo_manifold *one;
    fgo_manifold m;
    size_t count = 0;
    for (; (one = fgo_manifold_get(count)); count++) {
        assert_ok(fgo_manifold_find(one->name, &m));
        assert_memory_equal(&m, one, sizeof m);
    }
    assert_true(count >= 4);
    assert_null(fgo_manifold_get(SIZE_MAX));
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
    for (size_t i = 0; fgo_manifold_get(i); i++) expect_fault(fgo_manifold_get(i), FGO_MANIFOLD_FAULT_NONE);
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

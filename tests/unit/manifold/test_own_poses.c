/* SPDX-License-Identifier: BSD-3-Clause */
/* test_own_poses.c -- poses on manifolds of a user's own: their trajectories, and first estimates with a stored rotation and without. */
#include "body.h"
#include "io_fixture.h"
#include "level.h"

/* ---- trajectories ---- */

static void test_trajectories(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = level_graph();
    char *tum = written(g, FGO_FORMAT_TUM), *kitti = written(g, FGO_FORMAT_KITTI);
    fgo_read_options o = { .size = sizeof o };
    for (int i = 0; i < 2; i++) {
        fgo_graph *back;
        fgo_comparison c;
        fgo_compare_options exact = fgo_compare_options_default();
        exact.alignment = FGO_ALIGN_NONE;
        o.format = i ? FGO_FORMAT_KITTI : FGO_FORMAT_TUM;
        back = read_good_with(i ? kitti : tum, &o);
        assert_string_equal(fgo_graph_variable_manifold(back, 0)->name, "SE3");
        exact.matching = FGO_MATCH_KEYS;
        assert_ok(fgo_graph_compare(g, back, &exact, &c, NULL));
        assert_int_equal(c.matched, 4);
        assert_true(c.ate_translation.max < 1e-15 && c.ate_rotation.max < 1e-7);
        assert_close(fgo_graph_variable_value(back, 1)[0], 1.2, 0);
        assert_close(fgo_graph_variable_value(back, 1)[5], sin(0.7), 1e-15);
        fgo_graph_free(back);
    }
    free(tum);
    free(kitti);
    fgo_graph_free(g);
}

/* ---- first estimates ---- */

/* The same loops of SE(3) poses and of bodies, who store them in another order: each initialization gives the same poses. */
static void test_first_estimates(UNUSED_STATE)
{
    (void)state;
    static const fgo_init inits[] = { FGO_INIT_ODOMETRY, FGO_INIT_SPANNING_TREE, FGO_INIT_CHORDAL };
    for (int k = 0; k < 3; k++) {
        rng r = { 7 };
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 40, 30, 2.0, NULL), *own = bodies_of(g);
        fgo_init_report a, b;
        assert_ok(fgo_initialize_with(g, inits[k], 1, &a));
        assert_ok(fgo_initialize_with(own, inits[k], 1, &b));
        assert_int_equal(b.chosen, inits[k]);
        assert_int_equal(a.reached, b.reached);
        assert_close(b.cost[b.chosen], 0, 1e-12);
        for (size_t v = 0; v < fgo_graph_variable_count(g); v++) {
            double x[7];
            body_to_se3(fgo_graph_variable_value(own, v), x);
            for (int i = 0; i < 7; i++) assert_close(x[i], fgo_graph_variable_value(g, v)[i], 1e-12);
        }
        fgo_graph_free(own);
        fgo_graph_free(g);
    }
}

/* Level poses store no rotation, so chordal relaxation has nothing to work with; the walks do. */
static void test_first_estimates_without_rotation(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = level_graph();
    fgo_init_report r;
    assert_ok(fgo_initialize_with(g, FGO_INIT_CHORDAL, 1, &r));
    assert_int_equal(r.chosen, FGO_INIT_KEEP);
    assert_non_null(strstr(r.reason, "chordal found nothing to work with"));
    assert_ok(fgo_initialize_with(g, FGO_INIT_SPANNING_TREE, 1, &r));
    assert_int_equal(r.chosen, FGO_INIT_SPANNING_TREE);
    assert_int_equal(r.reached, 3);
    assert_close(r.cost[FGO_INIT_SPANNING_TREE], 0, 1e-20);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_trajectories), cmocka_unit_test(test_first_estimates),
                                        cmocka_unit_test(test_first_estimates_without_rotation) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

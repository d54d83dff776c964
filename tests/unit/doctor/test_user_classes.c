/* SPDX-License-Identifier: BSD-3-Clause */
/* test_user_classes.c -- the doctor and classes of users: one that leaves the manifolds of its variables open, and one whose name
 * begins like those of relative poses and that is none. */
#include "support.h"

/* e = (b - a) - z on any manifolds of one degree of freedom. */
static int step_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++) {
        e[f] = (x[2 * f + 1][0] - x[2 * f][0]) - ((const double *)z)[f];
        if (J) J[2 * f] = -1, J[2 * f + 1] = 1;
    }
    return 0;
}

static const fgo_factor_class open_class = { .abi = FGO_FACTOR_ABI,
                                             .arity = 2,
                                             .rows = 1,
                                             .partials = 2,
                                             .name = "step",
                                             .measurement_size = sizeof(double),
                                             .variable = { { NULL, 1 }, { NULL, 1 } },
                                             .evaluate = step_evaluate };

/* Case 43. */
static void test_open_manifolds(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_findings *all = NULL;
    int wrong_way = 0;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 40; i++) assert_ok(fgo_graph_add_rn(g, i, 1, (double[]){ i }));
    for (int i = 0; i < 40; i++)
        for (int j = i + 1; j < 40 && j < i + 4; j++) {
            const double z = i == 20 && j == 22 ? i - j : j - i; /* one measured the other way round */
            assert_ok(fgo_graph_add_factor(g, &open_class, (int64_t[]){ i, j }, &z, fgo_noise_sigma(0.1), fgo_loss_none()));
        }
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &all));
    for (size_t i = 0; i < fgo_findings_count(all); i++) wrong_way += fgo_findings_get(all, i)->kind == FGO_FINDING_WRONG_WAY;
    assert_int_equal(wrong_way, 1);
    fgo_findings_free(all);
    fgo_graph_free(g);
}

/* A graph of poses whose rotations fit four times worse or better than their weights say, of this class. */
static int half_angle_findings(const fgo_factor_class *c, double rotation)
{
    fgo_graph *g;
    fgo_findings *all = NULL;
    rng r = { 3 };
    int count = 0;
    assert_ok(fgo_graph_create(&g));
    double x[60][7];
    for (int i = 0; i < 60; i++) {
        double d[6];
        set_identity(&fgo_manifold_se3, x[i]);
        for (int k = 0; k < 6; k++) d[k] = rng_uniform(&r, -1, 1);
        fgo_manifold_se3.retract(&fgo_manifold_se3, x[i], d, x[i]);
        assert_ok(fgo_graph_add_variable(g, i, &fgo_manifold_se3, x[i]));
    }
    for (int i = 0; i < 60; i++)
        for (int j = i + 1; j < 60 && j <= i + 10; j++) {
            double d[6], z[7];
            fgo_manifold_se3.local(&fgo_manifold_se3, x[i], x[j], d);
            set_identity(&fgo_manifold_se3, z);
            fgo_manifold_se3.retract(&fgo_manifold_se3, z, d, z);
            for (int k = 0; k < 6; k++) d[k] = 0.01 * (k < 3 ? 1.0 : rotation) * rng_normal(&r);
            fgo_manifold_se3.retract(&fgo_manifold_se3, z, d, z);
            assert_ok(fgo_graph_add_factor(g, c, (int64_t[]){ i, j }, z, fgo_noise_sigma(0.01), fgo_loss_none()));
        }
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &all));
    for (size_t i = 0; i < fgo_findings_count(all); i++) count += fgo_findings_get(all, i)->kind == FGO_FINDING_HALF_ANGLE;
    fgo_findings_free(all);
    fgo_graph_free(g);
    return count;
}

static void test_what_is_a_relative_pose(UNUSED_STATE)
{
    (void)state;
    assert_int_equal(half_angle_findings(&fgo_between_se3, 1.0), 1); /* half of that is what it sees: a quarter of chi2 */
    assert_int_equal(half_angle_findings(&fgo_between_se3_log, 2.0), 1);
    assert_int_equal(half_angle_findings(&fgo_between_se3_ceres, 1.0), 0);
    assert_int_equal(half_angle_findings(&fgo_between_se3_ceres, 2.0), 1); /* whole angles, as Log */
    fgo_factor_class other = fgo_between_se3;
    other.name = "between_segments"; /* as between_se3, but nobody said so */
    assert_int_equal(half_angle_findings(&other, 1.0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_open_manifolds), cmocka_unit_test(test_what_is_a_relative_pose) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

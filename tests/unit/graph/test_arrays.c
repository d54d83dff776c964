/* SPDX-License-Identifier: BSD-3-Clause */
/* test_arrays.c -- graphs as arrays: adding many at once, all or none; copies; groups; batches of any size. */
#include "support.h"
#include <fgopt/factors.h>

enum { POSES = 300 };

static fgo_graph *example(void)
{
    rng r = { 7 };
    return exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, POSES, 200, 0.1, NULL);
}

/* All variables and factors of `from` at once, into an empty graph. */
static fgo_graph *through_arrays(fgo_graph *from)
{
    const size_t n = fgo_graph_variable_count(from);
    fgo_factor_group group;
    fgo_graph *g;
    int64_t *key = malloc(n * sizeof *key), *ends;
    assert_non_null(key);
    fgo_graph_list_variables(from, key, NULL, NULL, NULL);
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_variables(g, &fgo_manifold_se2, n, key, fgo_graph_values(from, NULL)));
    assert_int_equal(fgo_graph_group_count(from), 1);
    assert_ok(fgo_graph_group(from, 0, &group));
    ends = malloc(2 * group.count * sizeof *ends);
    double *Omega = malloc(9 * group.count * sizeof *Omega);
    assert_true(ends && Omega);
    for (size_t f = 0; f < group.count; f++) {
        assert_int_equal(group.number[f], f);
        ends[2 * f] = key[group.variable[2 * f]];
        ends[2 * f + 1] = key[group.variable[2 * f + 1]];
        assert_ok(fgo_graph_factor_information(from, f, Omega + 9 * f));
    }
    assert_ok(fgo_graph_add_factors(g, group.factor_class, group.count, ends, group.z, fgo_noise_information(Omega), 9,
                                    fgo_loss_none()));
    free(key);
    free(ends);
    free(Omega);
    return g;
}

static void test_a_graph_goes_through_arrays(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example(), *h = through_arrays(g);
    double cost, cost_h;
    assert_ok(fgo_graph_cost(g, &cost));
    assert_ok(fgo_graph_cost(h, &cost_h));
    assert_true(cost > 1.0);
    assert_close(cost_h, cost, 1e-12);
    fgo_graph_free(g);
    fgo_graph_free(h);
}

static void test_all_or_none(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    int64_t key[200], ends[200];
    double x[800], z[400];
    for (int i = 0; i < 200; i++) {
        key[i] = 64 * i; /* many collisions in the table of keys */
        memcpy(x + 4 * i, (double[]){ i, 0, 1, 0 }, 4 * sizeof *x);
    }
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_variables(g, &fgo_manifold_se2, 50, key, x));
    key[199] = key[3];
    assert_int_equal(fgo_graph_add_variables(g, &fgo_manifold_se2, 150, key + 50, x + 200), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_variable_count(g), 50);
    assert_int_equal(fgo_graph_tangent_dimension(g), 150);
    for (int i = 0; i < 199; i++) assert_int_equal(fgo_graph_find(g, key[i], NULL), i < 50 ? FGO_OK : FGO_ERROR_KEY);
    key[199] = 1;
    assert_ok(fgo_graph_add_variables(g, &fgo_manifold_se2, 150, key + 50, x + 200));
    assert_ok(fgo_graph_add_variables(g, &fgo_manifold_se2, 0, NULL, NULL));
    assert_int_equal(fgo_graph_variable_count(g), 200);

    for (int i = 0; i < 200; i++) ends[i] = key[i];
    for (int i = 0; i < 100; i++) memcpy(z + 4 * i, (double[]){ 1, 0, 1, 0 }, 4 * sizeof *z);
    const double sigma[3] = { 1, 2, 3 };
    assert_ok(fgo_graph_add_factors(g, &fgo_between_se2, 10, ends, z, fgo_noise_sigmas(sigma), 0, fgo_loss_huber(1)));
    ends[199] = ends[198];
    assert_int_equal(fgo_graph_add_factors(g, &fgo_between_se2, 90, ends + 20, z, fgo_noise_unit(), 0, fgo_loss_none()),
                     FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_factor_count(g), 10);
    fgo_factor_group group;
    assert_ok(fgo_graph_group(g, 0, &group));
    assert_int_equal(group.count, 10);
    assert_close(group.W[6 * 9 + 3], 0.5, 0);
    assert_ptr_equal(group.loss[9].loss_class, &fgo_loss_class_huber);
    assert_int_equal(fgo_graph_group(g, 1, &group), FGO_ERROR_ARGUMENT);
    fgo_graph_free(g);
}

/* A group has an array of losses from its first factor with a loss on; the factors before have none in it. */
static void test_losses_are_stored_from_the_first_one_on(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example();
    fgo_factor_group group;
    fgo_loss loss;
    const size_t n = fgo_graph_factor_count(g);
    assert_ok(fgo_graph_set_all_losses(g, fgo_loss_none()));
    for (size_t i = 0; i < fgo_graph_group_count(g); i++) {
        assert_ok(fgo_graph_group(g, i, &group));
        assert_null(group.loss);
    }
    assert_ok(fgo_graph_set_loss(g, n - 1, fgo_loss_none()));
    assert_ok(fgo_graph_group(g, fgo_graph_group_count(g) - 1, &group));
    assert_null(group.loss);
    assert_ok(fgo_graph_set_loss(g, n - 1, fgo_loss_cauchy(2.0)));
    for (size_t f = 0; f < n; f++) {
        assert_ok(fgo_graph_factor_loss(g, f, &loss));
        assert_ptr_equal(loss.loss_class, f == n - 1 ? &fgo_loss_class_cauchy : &fgo_loss_class_none);
    }
    fgo_graph *copy;
    assert_ok(fgo_graph_copy(g, &copy));
    assert_ok(fgo_graph_set_all_losses(g, fgo_loss_huber(1.0)));
    assert_ok(fgo_graph_factor_loss(g, 0, &loss));
    assert_ptr_equal(loss.loss_class, &fgo_loss_class_huber);
    assert_ok(fgo_graph_factor_loss(copy, n - 1, &loss));
    assert_close(loss.parameter[0], 2.0, 0);
    assert_ok(fgo_graph_remove_factor(copy, n - 1));
    assert_ok(fgo_graph_factor_loss(copy, 0, &loss));
    assert_ptr_equal(loss.loss_class, &fgo_loss_class_none);
    fgo_graph_free(copy);
    fgo_graph_free(g);
}

static void test_a_copy_is_independent(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example(), *copy, *of_nothing, *empty;
    size_t size, copy_size;
    double cost, cost_copy;
    fgo_summary a, b;
    fgo_options o = fgo_options_default();
    o.init = FGO_INIT_KEEP;
    assert_ok(fgo_graph_hold_dof(g, 5, 1));
    assert_ok(fgo_graph_set_loss(g, 17, fgo_loss_cauchy(2)));
    assert_ok(fgo_graph_copy(g, &copy));
    assert_memory_equal(fgo_graph_values(g, &size), fgo_graph_values(copy, &copy_size), 4 * POSES * sizeof(double));
    assert_true(size == 4 * POSES && copy_size == size);
    assert_memory_equal(fgo_graph_held(g), fgo_graph_held(copy), 3 * POSES);
    assert_ok(fgo_graph_cost(g, &cost));
    assert_ok(fgo_solve(copy, &o, &a));
    assert_ok(fgo_graph_cost(g, &cost_copy));
    assert_true(cost == cost_copy && a.cost_initial == cost && a.cost_final < 1e-3 * cost);
    assert_ok(fgo_graph_add_se2(copy, 100000, 1, 2, 3)); /* a copy grows like any graph */
    assert_int_equal(fgo_graph_find(g, 100000, NULL), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_find(copy, 17, &size), FGO_OK);
    fgo_graph_free(copy);
    assert_ok(fgo_solve(g, &o, &b));
    assert_true(a.cost_final == b.cost_final && a.iterations == b.iterations);
    assert_ok(fgo_graph_create(&empty));
    assert_ok(fgo_graph_copy(empty, &of_nothing));
    assert_ok(fgo_graph_add_se2(of_nothing, 1, 0, 0, 0));
    fgo_graph_free(empty);
    fgo_graph_free(of_nothing);
    fgo_graph_free(g);
}

/* Each has manifolds of its own, and outlives the others. */
static void test_copies_of_a_copy(UNUSED_STATE)
{
    (void)state;
    const double x[3] = { 1, 2, 3 };
    fgo_graph *g[3];
    assert_ok(fgo_graph_create(&g[0]));
    assert_ok(fgo_graph_add_rn(g[0], 1, 3, x));
    assert_ok(fgo_graph_add_se2(g[0], 2, 4, 5, 0));
    for (int i = 1; i < 3; i++) {
        assert_ok(fgo_graph_copy(g[i - 1], &g[i]));
        assert_ptr_not_equal(fgo_graph_variable_manifold(g[i], 0), fgo_graph_variable_manifold(g[i - 1], 0));
        assert_ptr_equal(fgo_graph_variable_manifold(g[i], 1)->retract, fgo_manifold_se2.retract);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fgo_graph_variable_manifold(g[i], 0)->ambient, 3);
        assert_memory_equal(fgo_graph_variable_value(g[i], 0), x, sizeof x);
        assert_ok(fgo_graph_add_rn(g[i], 3, 2, x));
        fgo_graph_free(g[i]);
    }
}

/* A graph has one manifold for all variables of one kind: the same functions under the same name. */
static void test_manifolds_are_shared(UNUSED_STATE)
{
    (void)state;
    fgo_manifold other = fgo_manifold_se2;
    const double x[4] = { 1, 2, 1, 0 };
    fgo_graph *g;
    memset(other.name, 'n', sizeof other.name); /* as long as it may be, and more */
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) assert_ok(fgo_graph_add_variable(g, i, i % 2 ? &other : &fgo_manifold_se2, x));
    other.name[FGO_NAME_SIZE - 2] = 'm';
    assert_ok(fgo_graph_add_variable(g, 4, &other, x));
    for (int i = 0; i < 2; i++)
        assert_ptr_equal(fgo_graph_variable_manifold(g, (size_t)i), fgo_graph_variable_manifold(g, (size_t)i + 2));
    for (int i = 0; i < 2; i++) {
        assert_ptr_not_equal(fgo_graph_variable_manifold(g, (size_t)i), fgo_graph_variable_manifold(g, (size_t)i + 1));
        assert_ptr_not_equal(fgo_graph_variable_manifold(g, (size_t)i), fgo_graph_variable_manifold(g, 4));
    }
    assert_string_equal(fgo_graph_variable_manifold(g, 2)->name, "SE2");
    assert_int_equal(strlen(fgo_graph_variable_manifold(g, 3)->name), FGO_NAME_SIZE - 1);
    fgo_graph_free(g);
}

/* A copy remembers the file after the first graph is gone. */
static void test_a_copy_remembers_its_file(UNUSED_STATE)
{
    (void)state;
    const char text[] = "# kept\nVERTEX_SE2 1 0 0 0\nVERTEX_SE2 2 1 0 0\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\n";
    fgo_graph *g, *copy;
    fgo_file_report report;
    assert_ok(fgo_graph_read_memory(text, sizeof text - 1, "text", NULL, &g));
    assert_ok(fgo_graph_copy(g, &copy));
    fgo_graph_free(g);
    assert_ok(fgo_graph_file_report(copy, &report));
    assert_int_equal(report.lines, 4);
    assert_string_equal(fgo_graph_file_tag(copy, 0, NULL), "VERTEX_SE2");
    fgo_graph_free(copy);
}

static void test_values_are_set_whole(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 1, 1, 2, 0));
    assert_ok(fgo_graph_add_rn(g, 2, 2, (double[]){ 3, 4 }));
    assert_ok(fgo_graph_set_values(g, (double[]){ 5, 6, 0, 2, 7, 8 }));
    assert_memory_equal(fgo_graph_values(g, NULL), ((double[]){ 5, 6, 0, 1, 7, 8 }), 6 * sizeof(double));
    assert_int_equal(fgo_graph_set_values(g, (double[]){ 0, 0, 1, 0, 0, NAN }), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_set_values(g, (double[]){ 0, 0, 0, 0, 0, 0 }), FGO_ERROR_ARGUMENT);
    assert_memory_equal(fgo_graph_values(g, NULL), ((double[]){ 5, 6, 0, 1, 7, 8 }), 6 * sizeof(double));
    size_t value[2], tangent[2];
    const fgo_manifold *m[2];
    fgo_graph_list_variables(g, NULL, m, value, tangent);
    assert_true(value[1] == 4 && tangent[1] == 3 && m[0]->tangent == 3);
    fgo_graph_free(g);
}

/* ---- batches ---- */

static size_t largest_call, smallest_call;

static int counted(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    if (count > largest_call) largest_call = count;
    if (count < smallest_call) smallest_call = count;
    return fgo_between_se2.evaluate(&fgo_between_se2, count, x, z, e, J);
}

/* The example with another batch size: the same numbers to the last bit where sums keep their order. */
static void solve_batched(int batch, double *gradient, fgo_summary *summary)
{
    fgo_factor_class c = fgo_between_se2;
    c.evaluate = counted;
    c.batch = batch;
    rng r = { 7 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &c, POSES, 200, 0.1, NULL);
    largest_call = 0, smallest_call = SIZE_MAX;
    assert_ok(fgo_graph_gradient(g, gradient));
    assert_ok(fgo_solve(g, NULL, summary));
    assert_true(smallest_call >= 1); /* never asked for nothing, also where batches divide the factors evenly */
    fgo_graph_free(g);
}

static void test_batches(UNUSED_STATE)
{
    (void)state;
    double gradient[3 * POSES], other[3 * POSES];
    fgo_summary s, t;
    solve_batched(0, gradient, &s);
    assert_int_equal(largest_call, 64);
    for (int batch = 1; batch <= FGO_MAX_BATCH; batch = batch == 1 ? 100 : batch == 100 ? FGO_MAX_BATCH : FGO_MAX_BATCH + 1) {
        solve_batched(batch, other, &t);
        assert_int_equal(largest_call, batch > 499 ? 499 : batch);
        assert_memory_equal(gradient, other, sizeof gradient);
        assert_int_equal(s.iterations, t.iterations);
        assert_close(t.cost_initial, s.cost_initial, 1e-14);
    }
    fgo_factor_class c = fgo_between_se2;
    c.batch = FGO_MAX_BATCH + 1;
    fgo_graph *g = example();
    assert_int_equal(
        fgo_graph_add_factor(g, &c, (int64_t[]){ 0, 1 }, &(fgo_se2){ 0, 0, 1, 0 }, fgo_noise_unit(), fgo_loss_none()),
        FGO_ERROR_ARGUMENT);
    fgo_graph_free(g);
}

/* W e and its derivative give the gradient; e is fgo_graph_residual's. */
static void test_a_group_is_evaluated(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = example();
    fgo_factor_group group;
    assert_ok(fgo_graph_set_all_losses(g, fgo_loss_huber(0.5)));
    assert_ok(fgo_graph_group(g, 0, &group));
    double *r = malloc(3 * group.count * sizeof *r), *J = malloc(18 * group.count * sizeof *J), e[3], chi2;
    double gradient[3 * POSES], sum[3 * POSES] = { 0 };
    assert_true(r && J);
    assert_ok(fgo_graph_gradient(g, gradient));
    assert_ok(fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_LOSS, r, J));
    for (size_t f = 0; f < group.count; f++)
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 6; k++)
                sum[3 * group.variable[2 * f + (size_t)k / 3] + (uint32_t)k % 3] +=
                    2 * J[(3 * f + (size_t)i) * 6 + (size_t)k] * r[3 * f + (size_t)i];
    for (int i = 0; i < 3 * POSES; i++) assert_close(sum[i], gradient[i], 1e-12);
    double *alone = malloc(3 * group.count * sizeof *alone);
    assert_non_null(alone);
    assert_ok(fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_LOSS, alone, NULL));
    for (size_t i = 0; i < 3 * group.count; i++) assert_close(alone[i], r[i], 1e-15);
    free(alone);
    assert_ok(fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NOISE, r, NULL));
    assert_ok(fgo_graph_chi2(g, 400, &chi2));
    assert_close(r[1200] * r[1200] + r[1201] * r[1201] + r[1202] * r[1202], chi2, 1e-13);
    assert_ok(fgo_graph_evaluate_group(g, 0, FGO_WEIGHTING_NONE, r, NULL));
    assert_ok(fgo_graph_residual(g, 400, e));
    assert_memory_equal(e, r + 1200, sizeof e);
    assert_int_equal(fgo_graph_evaluate_group(g, 1, FGO_WEIGHTING_NONE, r, NULL), FGO_ERROR_ARGUMENT);
    free(r);
    free(J);
    fgo_graph_free(g);
}

/* Factors of one class lie in one group; what a class has beyond its arity says nothing. */
static void test_classes_that_are_one(UNUSED_STATE)
{
    (void)state;
    fgo_factor_class a, b;
    fgo_graph *g;
    assert_ok(fgo_prior_rn(2, &a));
    b = a;
    b.variable[1] = (fgo_factor_variable){ "SE3", 6 };
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 1, 2, (double[]){ 0, 0 }));
    for (int i = 0; i < 4; i++)
        assert_ok(
            fgo_graph_add_factor(g, i % 2 ? &a : &b, (int64_t[]){ 1 }, (double[]){ 1, 2 }, fgo_noise_unit(), fgo_loss_none()));
    assert_int_equal(fgo_graph_group_count(g), 1);
    assert_ok(fgo_prior_rn(2, &b));
    b.name = "of another name";
    assert_ok(fgo_graph_add_factor(g, &b, (int64_t[]){ 1 }, (double[]){ 1, 2 }, fgo_noise_unit(), fgo_loss_none()));
    assert_int_equal(fgo_graph_group_count(g), 2);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_graph_goes_through_arrays),
        cmocka_unit_test(test_all_or_none),
        cmocka_unit_test(test_losses_are_stored_from_the_first_one_on),
        cmocka_unit_test(test_a_copy_is_independent),
        cmocka_unit_test(test_copies_of_a_copy),
        cmocka_unit_test(test_manifolds_are_shared),
        cmocka_unit_test(test_a_copy_remembers_its_file),
        cmocka_unit_test(test_classes_that_are_one),
        cmocka_unit_test(test_values_are_set_whole),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_a_group_is_evaluated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

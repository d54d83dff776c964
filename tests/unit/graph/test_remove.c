/* SPDX-License-Identifier: BSD-3-Clause */
/* test_remove.c -- a graph from which something was removed is, bit for bit, the graph that never had it; handles stay.
 */
#include "support.h"
#include <fgopt/arrays.h>

enum { POSES = 30, LANDMARKS = 8, VARIABLES = POSES + LANDMARKS, EDGES = 120 };

/* The first factors, one of each class, and their variables stay, so that classes appear in the same order in a graph that never
 * had the others: sums go over classes in that order. */
enum { KEPT = 3 };

/* One factor of a world: which variables, and its numbers. */
typedef struct spec {
    const fgo_factor_class *c;
    int64_t key[2];
    double z[7], sigma;
    fgo_loss loss;
} spec;

typedef struct world {
    double pose[POSES][4], point[LANDMARKS][2];
    spec edge[EDGES];
} world;

static world random_world(rng *r)
{
    world w;
    for (int i = 0; i < POSES; i++) random_value(r, &fgo_manifold_se2, w.pose[i]);
    for (int i = 0; i < LANDMARKS; i++)
        for (int k = 0; k < 2; k++) w.point[i][k] = rng_uniform(r, -3, 3);
    for (int e = 0; e < EDGES; e++) {
        spec *s = &w.edge[e];
        const int kind = e < KEPT ? e : e < POSES - 1 ? 0 : rng_below(r, 3);
        const int a = e < POSES - 1 ? e : rng_below(r, POSES),
                  b = e < POSES - 1 ? e + 1 : (a + 1 + rng_below(r, POSES - 1)) % POSES;
        s->c = kind == 0 ? &fgo_between_se2 : kind == 1 ? &fgo_landmark_se2 : &fgo_prior_se2;
        s->key[0] = a;
        s->key[1] = kind == 1 ? 100 + (e == 1 ? 0 : rng_below(r, LANDMARKS)) : b;
        random_value(r, &fgo_manifold_se2, s->z); /* its first two numbers are a landmark's */
        s->sigma = rng_uniform(r, 0.1, 2);
        s->loss = rng_below(r, 3) ? fgo_loss_none() : fgo_loss_huber(rng_uniform(r, 0.5, 2));
    }
    return w;
}

static int has_variable(const spec *s, int64_t key) { return s->key[0] == key || (s->c->arity == 2 && s->key[1] == key); }

/* The world without the factors and variables that are marked. */
static fgo_graph *build(const world *w, const unsigned char *no_edge, const unsigned char *no_variable)
{
    fgo_graph *g = NULL;
    assert_ok(fgo_graph_create(&g));
    for (int v = 0; v < VARIABLES; v++) {
        const int64_t key = v < POSES ? v : 100 + v - POSES;
        if (no_variable && no_variable[v]) continue;
        if (v < POSES)
            assert_ok(fgo_graph_add_variable(g, key, &fgo_manifold_se2, w->pose[v]));
        else
            assert_ok(fgo_graph_add_rn(g, key, 2, w->point[v - POSES]));
        if (v % 7 == 3) assert_ok(fgo_graph_hold_dof(g, key, 1));
        if (v % 5 == 2) assert_ok(fgo_graph_set_time(g, key, 0.5 * v));
    }
    for (int e = 0; e < EDGES; e++) {
        const spec *s = &w->edge[e];
        int gone = no_edge && no_edge[e];
        for (int v = 0; v < VARIABLES && no_variable; v++)
            gone |= no_variable[v] && has_variable(s, v < POSES ? v : 100 + v - POSES);
        if (!gone) assert_ok(fgo_graph_add_factor(g, s->c, s->key, s->z, fgo_noise_sigma(s->sigma), s->loss));
    }
    return g;
}

static void assert_same_groups(const fgo_graph *a, const fgo_graph *b)
{
    for (size_t i = 0; i < fgo_graph_group_count(a); i++) {
        fgo_factor_group p, q = { .count = 0 };
        assert_ok(fgo_graph_group(a, i, &p));
        for (size_t k = 0; k < fgo_graph_group_count(b); k++) {
            assert_ok(fgo_graph_group(b, k, &q));
            if (!strcmp(q.factor_class->name, p.factor_class->name)) break;
        }
        if (!p.count) continue; /* a class of which all are gone leaves an empty group */
        assert_string_equal(p.factor_class->name, q.factor_class->name);
        assert_int_equal(p.count, q.count);
        const size_t rows = (size_t)p.factor_class->rows;
        assert_memory_equal(p.variable, q.variable, p.count * (size_t)p.factor_class->arity * sizeof *p.variable);
        assert_memory_equal(p.z, q.z, p.count * p.factor_class->measurement_size);
        assert_memory_equal(p.W, q.W, p.count * rows * (rows + 1) / 2 * sizeof *p.W);
    }
}

/* Variables, factors, costs, gradients and a whole solve, to the last bit. */
static void assert_same_graph(fgo_graph *a, fgo_graph *b)
{
    size_t n, m;
    const double *x = fgo_graph_values(a, &n), *y = fgo_graph_values(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n * sizeof *x);
    assert_int_equal(fgo_graph_variable_count(a), fgo_graph_variable_count(b));
    assert_int_equal(fgo_graph_factor_count(a), fgo_graph_factor_count(b));
    for (size_t v = 0; v < fgo_graph_variable_count(a); v++) {
        const int64_t key = fgo_graph_variable_key(b, v);
        size_t index = 99;
        const double s = fgo_graph_variable_time(a, v), t = fgo_graph_variable_time(b, v);
        assert_int_equal(fgo_graph_variable_key(a, v), key);
        assert_ok(fgo_graph_find(a, key, &index));
        assert_int_equal(index, v);
        assert_true(s == t || (isnan(s) && isnan(t)));
        assert_int_equal(fgo_graph_variable_held(a, v), fgo_graph_variable_held(b, v));
    }
    assert_memory_equal(fgo_graph_held(a), fgo_graph_held(b), fgo_graph_tangent_dimension(a));
    assert_same_groups(a, b);
    double p = 0, q = 0, gradient[2][3 * VARIABLES];
    assert_ok(fgo_graph_cost(a, &p));
    assert_ok(fgo_graph_cost(b, &q));
    assert_true(p == q);
    assert_ok(fgo_graph_gradient(a, gradient[0]));
    assert_ok(fgo_graph_gradient(b, gradient[1]));
    assert_memory_equal(gradient[0], gradient[1], fgo_graph_tangent_dimension(a) * sizeof(double));
    fgo_options o = fgo_options_default();
    o.max_iterations = 5;
    fgo_summary s, t;
    assert_ok(fgo_solve(a, &o, &s));
    assert_ok(fgo_solve(b, &o, &t));
    assert_true(s.cost_final == t.cost_final && s.iterations == t.iterations);
    assert_memory_equal(fgo_graph_values(a, NULL), fgo_graph_values(b, NULL), n * sizeof *x);
}

/* Marks about one of `of`, and lists them in random order. */
static size_t choose(rng *r, size_t n, int of, unsigned char *mark, size_t *list)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if ((mark[i] = i >= KEPT && i != POSES && rng_below(r, of) == 0)) list[count++] = i; /* number POSES: landmark 100 */
    for (size_t i = count; i > 1; i--) {
        const size_t k = (size_t)rng_below(r, (int)i), kept = list[i - 1];
        list[i - 1] = list[k];
        list[k] = kept;
    }
    return count;
}

static void assert_handles(const fgo_graph *g, const world *w, const unsigned char *gone)
{
    assert_int_equal(fgo_graph_factor_end(g), EDGES);
    for (size_t f = 0; f < EDGES; f++) {
        int64_t keys[2];
        double chi2;
        if (gone[f]) {
            assert_null(fgo_graph_factor_class(g, f));
            assert_null(fgo_graph_factor_measurement(g, f));
            assert_int_equal(fgo_graph_factor_keys(g, f, keys), FGO_ERROR_ARGUMENT);
            assert_int_equal(fgo_graph_chi2(g, f, &chi2), FGO_ERROR_ARGUMENT);
            continue;
        }
        const spec *s = &w->edge[f];
        assert_string_equal(fgo_graph_factor_class(g, f)->name, s->c->name);
        assert_ok(fgo_graph_factor_keys(g, f, keys));
        assert_memory_equal(keys, s->key, (size_t)s->c->arity * sizeof *keys);
        assert_memory_equal(fgo_graph_factor_measurement(g, f), s->z, s->c->measurement_size);
        assert_ok(fgo_graph_chi2(g, f, &chi2));
    }
}

static void test_removed_factors_were_never_there(UNUSED_STATE)
{
    (void)state;
    rng r = { 31 };
    for (int t = 0; t < REPEATED(40); t++) {
        const world w = random_world(&r);
        unsigned char gone[EDGES];
        size_t list[EDGES];
        const size_t count = choose(&r, EDGES, 1 + t % 4, gone, list);
        fgo_graph *one = build(&w, NULL, NULL), *many = build(&w, NULL, NULL), *never = build(&w, gone, NULL);
        for (size_t i = 0; i < count; i++) assert_ok(fgo_graph_remove_factor(one, list[i]));
        assert_ok(fgo_graph_remove_factors(many, list, count));
        assert_handles(one, &w, gone);
        assert_handles(many, &w, gone);
        fgo_graph *copy = NULL;
        assert_ok(fgo_graph_copy(one, &copy));
        assert_handles(copy, &w, gone);
        assert_same_graph(one, never);
        fgo_graph *again = build(&w, gone, NULL);
        assert_same_graph(many, again);
        fgo_graph_free(again);
        again = build(&w, gone, NULL);
        assert_same_graph(copy, again);
        fgo_graph_free(again);
        assert_ok(fgo_graph_compact(many));
        assert_int_equal(fgo_graph_factor_end(many), fgo_graph_factor_count(many));
        for (size_t f = 0, k = 0; f < EDGES; f++)
            if (!gone[f])
                assert_memory_equal(fgo_graph_factor_measurement(many, k++), w.edge[f].z, w.edge[f].c->measurement_size);
        fgo_graph_free(one);
        fgo_graph_free(many);
        fgo_graph_free(never);
        fgo_graph_free(copy);
    }
}

static void test_removed_variables_were_never_there(UNUSED_STATE)
{
    (void)state;
    rng r = { 32 };
    for (int t = 0; t < REPEATED(40); t++) {
        const world w = random_world(&r);
        unsigned char gone[VARIABLES];
        size_t list[VARIABLES];
        int64_t keys[VARIABLES];
        const size_t count = choose(&r, VARIABLES, 2 + t % 6, gone, list);
        for (size_t i = 0; i < count; i++) keys[i] = list[i] < POSES ? (int64_t)list[i] : 100 + (int64_t)list[i] - POSES;
        fgo_graph *one = build(&w, NULL, NULL), *many = build(&w, NULL, NULL), *never = build(&w, NULL, gone);
        for (size_t i = 0; i < count; i++) assert_ok(fgo_graph_remove_variable(one, keys[i]));
        assert_ok(fgo_graph_remove_variables(many, keys, count));
        assert_int_equal(fgo_graph_factor_count(many), fgo_graph_factor_count(never));
        assert_same_graph(one, never);
        fgo_graph *again = build(&w, NULL, gone);
        assert_same_graph(many, again);
        fgo_graph_free(again);
        for (size_t i = 0; i < count; i++) assert_int_equal(fgo_graph_find(many, keys[i], NULL), FGO_ERROR_KEY);
        assert_ok(fgo_graph_add_variable(many, 5000, &fgo_manifold_se2, w.pose[0])); /* the graph grows on */
        if (count) assert_ok(fgo_graph_add_rn(many, keys[0], 2, w.point[0]));
        fgo_graph_free(one);
        fgo_graph_free(many);
        fgo_graph_free(never);
    }
}

/* Nothing is left of a class, and then of the graph. */
static void test_all_of_them(UNUSED_STATE)
{
    (void)state;
    rng r = { 36 };
    const world w = random_world(&r);
    fgo_graph *g = build(&w, NULL, NULL);
    double cost = -1;
    for (size_t f = EDGES; f-- > 0;)
        if (w.edge[f].c == &fgo_prior_se2) assert_ok(fgo_graph_remove_factor(g, f));
    fgo_summary s;
    fgo_options o = fgo_options_default();
    o.max_iterations = 3;
    assert_ok(fgo_solve(g, &o, &s));
    for (size_t f = 0; f < EDGES; f++)
        if (fgo_graph_factor_class(g, f)) assert_ok(fgo_graph_remove_factor(g, f));
    assert_int_equal(fgo_graph_factor_count(g), 0);
    assert_ok(fgo_graph_cost(g, &cost));
    assert_true(cost == 0);
    while (fgo_graph_variable_count(g)) assert_ok(fgo_graph_remove_variable(g, fgo_graph_variable_key(g, 0)));
    assert_int_equal(fgo_graph_tangent_dimension(g), 0);
    assert_ok(fgo_graph_compact(g));
    assert_int_equal(fgo_graph_factor_end(g), 0);
    fgo_graph_free(g);
}

static void test_numbers_are_not_given_again(UNUSED_STATE)
{
    (void)state;
    rng r = { 33 };
    const world w = random_world(&r);
    fgo_graph *g = build(&w, NULL, NULL);
    assert_ok(fgo_graph_remove_factor(g, EDGES - 1));
    assert_ok(fgo_graph_add_factor(g, w.edge[0].c, w.edge[0].key, w.edge[0].z, fgo_noise_unit(), fgo_loss_none()));
    assert_int_equal(fgo_graph_factor_end(g), EDGES + 1);
    assert_null(fgo_graph_factor_class(g, EDGES - 1));
    assert_non_null(fgo_graph_factor_class(g, EDGES));
    fgo_graph_free(g);
}

/* What cannot be done entirely is not done at all. */
static void test_refusals(UNUSED_STATE)
{
    (void)state;
    rng r = { 34 };
    const world w = random_world(&r);
    fgo_graph *g = build(&w, NULL, NULL), *same = build(&w, NULL, NULL);
    assert_ok(fgo_graph_remove_factor(g, 7));
    assert_ok(fgo_graph_remove_factor(same, 7));
    assert_int_equal(fgo_graph_remove_factor(NULL, 0), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_remove_factor(g, EDGES), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_remove_factor(g, 7), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "has been removed"));
    assert_int_equal(fgo_graph_remove_factors(g, (size_t[]){ 1, 2, 7 }, 3), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_remove_factors(g, (size_t[]){ 1, 2, 1 }, 3), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_remove_factors(g, NULL, 3), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_graph_remove_factors(g, NULL, 0));
    assert_int_equal(fgo_graph_remove_variable(g, 4711), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_remove_variables(g, (int64_t[]){ 1, 4711 }, 2), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_remove_variables(g, (int64_t[]){ 1, 2, 1 }, 3), FGO_ERROR_KEY);
    assert_int_equal(fgo_graph_remove_variables(NULL, NULL, 0), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_compact(NULL), FGO_ERROR_ARGUMENT);
    assert_same_graph(g, same);
    fgo_graph_free(g);
    fgo_graph_free(same);
}

/* A solver, an examination and redundancies of a graph with gaps in its numbers. */
static void test_everything_else_sees_what_is_left(UNUSED_STATE)
{
    (void)state;
    rng r = { 35 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 20, 30, 0.02, NULL);
    fgo_solver *solver = NULL;
    fgo_summary s;
    fgo_findings *findings = NULL;
    double redundancy[49];
    assert_ok(fgo_solver_create(g, NULL, &solver));
    assert_ok(fgo_solver_solve(solver, &s));
    assert_ok(fgo_graph_remove_factors(g, (size_t[]){ 20, 25, 48 }, 3));
    assert_ok(fgo_graph_remove_variable(g, 19));
    assert_ok(fgo_solver_solve(solver, &s));
    assert_int_equal(s.factors, fgo_graph_factor_count(g));
    assert_int_equal(s.variables, 19);
    assert_true(s.cost_final < 1e-18);
    assert_ok(fgo_initialize(g, FGO_INIT_SPANNING_TREE, NULL));
    assert_ok(fgo_initialize(g, FGO_INIT_CHORDAL, NULL));
    assert_ok(fgo_graph_examine(g, FGO_DOCTOR_ALL, 1e-3, &findings));
    fgo_graph *compact = NULL; /* without gaps in its numbers */
    fgo_findings *wanted = NULL;
    assert_ok(fgo_graph_copy(g, &compact));
    assert_ok(fgo_graph_compact(compact));
    assert_ok(fgo_graph_examine(compact, FGO_DOCTOR_ALL, 1e-3, &wanted));
    assert_int_equal(fgo_findings_count(findings), fgo_findings_count(wanted));
    for (size_t i = 0; i < fgo_findings_count(wanted); i++) {
        const fgo_finding *found = fgo_findings_get(findings, i), *other = fgo_findings_get(wanted, i);
        assert_int_equal(found->kind, other->kind);
        assert_true(found->statistic == other->statistic);
    }
    fgo_findings_free(wanted);
    fgo_graph_free(compact);
    assert_int_equal(fgo_graph_factor_end(g), 49);
    assert_ok(fgo_graph_redundancy(g, 1, redundancy));
    for (size_t f = 0; f < 49; f++) assert_true(fgo_graph_factor_class(g, f) ? redundancy[f] >= 0 : isnan(redundancy[f]));
    fgo_jacobian_report report;
    assert_ok(fgo_graph_check_jacobians(g, &report));
    assert_true(report.error < 1e-6);
    fgo_findings_free(findings);
    fgo_solver_free(solver);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_removed_factors_were_never_there),
        cmocka_unit_test(test_removed_variables_were_never_there),
        cmocka_unit_test(test_all_of_them),
        cmocka_unit_test(test_numbers_are_not_given_again),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_everything_else_sees_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_sparsity.c -- the patterns of H and L against elimination on a dense matrix, and the estimate that callbacks
 * see. */
#include "support.h"

enum { MOST = 80 };

/* Eliminates on a dense matrix of flags, which must then be what *s says of L. */
static void check_fill(const fgo_sparsity *s, fgo_graph *g)
{
    static unsigned char full[MOST][MOST];
    size_t n = s->n, H_count = 0;
    int64_t key[2];
    memset(full, 0, sizeof full);
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        size_t at[2] = { n, n };
        assert_ok(fgo_graph_factor_keys(g, f, key));
        for (size_t k = 0; k < n; k++)
            for (int e = 0; e < 2; e++)
                if (s->key[k] == key[e]) at[e] = k;
        if (at[0] < n && at[1] < n) full[at[0]][at[1]] = full[at[1]][at[0]] = 1;
    }
    for (size_t k = 0; k < n; k++) {
        full[k][k] = 1;
        size_t e = s->H_start[k];
        for (size_t i = k; i < n; i++)
            if (full[i][k]) assert_true(e < s->H_start[k + 1] && s->H_row[e++] == (int)i);
        assert_int_equal(e, s->H_start[k + 1]);
        H_count += e - s->H_start[k];
    }
    assert_int_equal(H_count, s->H_start[n]);
    for (size_t k = 0; k < n; k++) {
        size_t e = s->L_start[k];
        for (size_t i = k; i < n; i++) {
            for (size_t j = k + 1; full[i][k] && j < n; j++)
                if (full[j][k]) full[i][j] = full[j][i] = 1;
            if (full[i][k]) assert_true(e < s->L_start[k + 1] && s->L_row[e++] == (int)i);
        }
        assert_int_equal(e, s->L_start[k + 1]);
    }
}

/* Numbers in L: the diagonal blocks' lower triangles and the blocks below whole. */
static size_t scalars(const fgo_sparsity *s)
{
    size_t sum = 0;
    for (size_t k = 0; k < s->n; k++) {
        const size_t w = (size_t)s->dim[k];
        sum += w * (w + 1) / 2;
        for (size_t e = s->L_start[k] + 1; e < s->L_start[k + 1]; e++) sum += w * (size_t)s->dim[s->L_row[e]];
    }
    return sum;
}

static void test_patterns(UNUSED_STATE)
{
    (void)state;
    rng r = { 11 };
    for (int t = 0; t < 60; t++) {
        const int poses = 2 + rng_below(&r, MOST - 2), space = t % 2;
        fgo_graph *g = exact_graph(&r, space ? &fgo_manifold_se3 : &fgo_manifold_se2, space ? &fgo_between_se3 : &fgo_between_se2,
                                   poses, rng_below(&r, 3 * poses), 0.05, NULL);
        fgo_solver *s;
        fgo_summary summary;
        fgo_sparsity *p;
        const int64_t *order;
        size_t count;
        assert_ok(fgo_solver_create(g, NULL, &s));
        assert_ok(fgo_solver_sparsity(s, &p));
        assert_int_equal(p->n, poses - 1); /* key 0 is held by the gauge rule */
        assert_ok(fgo_solver_elimination_order(s, &order, &count));
        assert_int_equal(count, p->n);
        assert_memory_equal(order, p->key, count * sizeof *order);
        check_fill(p, g);
        assert_ok(fgo_solver_solve(s, &summary));
        assert_true(scalars(p) <= summary.nonzeros_L);
        fgo_sparsity_free(p);
        fgo_solver_free(s);
        fgo_graph_free(g);
    }
}

static void test_no_ordering(UNUSED_STATE)
{
    (void)state;
    rng r = { 5 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 4, 2, 0.05, NULL);
    const int solvers[] = { FGO_LINEAR_DENSE, FGO_LINEAR_CGLS };
    for (int i = 0; i < 2; i++) {
        fgo_options o = fgo_options_default();
        o.linear_solver = solvers[i];
        fgo_solver *s;
        fgo_sparsity *p = NULL;
        assert_ok(fgo_solver_create(g, &o, &s));
        assert_int_equal(fgo_solver_sparsity(s, &p), FGO_ERROR_UNSUPPORTED);
        assert_null(p);
        assert_int_equal(fgo_solver_sparsity(s, NULL), FGO_ERROR_ARGUMENT);
        fgo_solver_free(s);
    }
    assert_int_equal(fgo_solver_sparsity(NULL, NULL), FGO_ERROR_ARGUMENT);
    fgo_sparsity_free(NULL);
    fgo_graph_free(g);
}

typedef struct watch {
    fgo_solver *solver;
    fgo_graph *probe; /* evaluates what the callback saw */
    int calls;
    double last[64 * 4];
} watch;

static int look(const fgo_iteration *it, void *user)
{
    watch *w = user;
    size_t size = 0;
    double cost;
    const double *x = fgo_solver_estimate(w->solver, &size);
    assert_non_null(x);
    assert_true(size <= sizeof w->last / sizeof *w->last);
    assert_ok(fgo_graph_set_values(w->probe, x));
    assert_ok(fgo_graph_cost(w->probe, &cost));
    assert_close(cost, it->cost, 1e-9);
    memcpy(w->last, x, size * sizeof *x);
    w->calls++;
    return 0;
}

static void test_estimate_in_the_callback(UNUSED_STATE)
{
    (void)state;
    rng r = { 8 };
    watch w = { 0 };
    fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 40, 60, 0.2, NULL);
    assert_ok(fgo_graph_copy(g, &w.probe));
    fgo_options o = fgo_options_default();
    o.callback = look;
    o.callback_user = &w;
    fgo_summary summary;
    size_t size = 0;
    assert_ok(fgo_solver_create(g, &o, &w.solver));
    assert_null(fgo_solver_estimate(w.solver, &size));
    assert_int_equal(size, 160);
    assert_ok(fgo_solver_solve(w.solver, &summary));
    assert_true(w.calls == summary.iterations + 1 && w.calls > 2);
    assert_memory_equal(w.last, fgo_graph_values(g, NULL), size * sizeof(double));
    assert_null(fgo_solver_estimate(w.solver, NULL));
    fgo_solver_free(w.solver);
    fgo_graph_free(w.probe);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_no_ordering),
        cmocka_unit_test(test_estimate_in_the_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

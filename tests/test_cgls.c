/* SPDX-License-Identifier: BSD-3-Clause */
/* test_cgls.c -- the matrix-free solver: the dense solver's step at convergence, a textbook's iterates before it. */
#include "graph_private.h"
#include "linear.h"
#include "linear_graph.h"
#include "memory.h"
#include "support.h"
#include "system.h"

/* ---- graphs to try ---- */

/* A linear factor of random numbers on these variables of R^n. */
static void add_linear(rng *r, fgo_graph *g, int rows, int arity, const int64_t *keys, const int *dim)
{
    double measurement[64 * 12];
    const fgo_factor_class c = fgoi_linear_factor(rows, arity, dim);
    for (size_t i = 0; i < c.measurement_size / sizeof(double); i++) measurement[i] = rng_normal(r);
    assert_ok(fgo_graph_add_factor(g, &c, keys, measurement, fgo_sigma(0.7), fgo_no_loss()));
}

/* SE(3) poses, SE(2) poses in a second component, and a third of R^n of many sizes with factors of one to three of them. */
static fgo_graph *mixed_graph(rng *r)
{
    static const int dim[] = { 1, 2, 3, 5, 6, 9 };
    fgo_graph *g = exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, 7, 6, 0.1, NULL);
    double x[16];
    for (int i = 0; i < 8; i++) {
        random_value(r, &fgo_manifold_se2, x);
        assert_ok(fgo_graph_add_variable(g, 100 + i, &fgo_manifold_se2, x));
        if (i) assert_ok(fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ 100 + i, 99 + i }, x, fgo_sigma(0.5), fgo_cauchy(2.0)));
    }
    for (int i = 0; i < 6; i++) {
        for (int d = 0; d < dim[i]; d++) x[d] = rng_normal(r);
        assert_ok(fgo_graph_add_rn(g, 200 + i, dim[i], x));
        add_linear(r, g, 10, 1, (int64_t[]){ 200 + i }, &dim[i]);
    }
    for (int i = 0; i < 12; i++) {
        const int a = rng_below(r, 6), b = (a + 1 + rng_below(r, 2)) % 6, c = (a + 3) % 6;
        add_linear(r, g, 1 + rng_below(r, 6), 2 + i % 2, (int64_t[]){ 200 + a, 200 + b, 200 + c }, (int[]){ dim[a], dim[b], dim[c] });
    }
    add_linear(r, g, 6, 2, (int64_t[]){ 204, 200 }, (int[]){ 6, 1 });
    return g;
}

static fgo_graph *random_graph(rng *r, int t)
{
    const int poses = 2 + rng_below(r, 12);
    fgo_graph *g = t % 3 == 0 ? mixed_graph(r)
                 : t % 3 == 1 ? exact_graph(r, &fgo_manifold_se2, &fgo_between_se2, poses, poses, 0.2, NULL)
                              : exact_graph(r, &fgo_manifold_se3, &fgo_between_se3, poses, poses, 0.2, NULL);
    if (t / 3 % 3 == 1) assert_ok(fgo_graph_hold(g, 1));
    if (t / 3 % 3 == 2) {
        assert_ok(fgo_graph_hold(g, 0));
        assert_ok(fgo_graph_hold_dof(g, 1, 2));
        assert_ok(fgo_graph_hold_dof(g, 1, 0));
        if (t % 3 == 0) assert_ok(fgo_graph_hold_dof(g, 203, 4));
    }
    return g;
}

/* ---- a linearized graph and a linear solver for it ---- */

typedef struct {
    fgoi_system *s;
    fgoi_linear *ls;
    size_t n;
    double *b, *damping; /* b = J' r */
} problem;

/* H and b at the graph's values; lambda times H's diagonal, or times 1, is added to it. */
static problem linearized(fgo_graph *g, const fgoi_linear_class *c, fgoi_iterative settings, double lambda, int scaled)
{
    problem p = { .s = malloc(sizeof *p.s) };
    assert_non_null(p.s);
    assert_ok(fgoi_system_create(g, p.s));
    assert_ok(c->create(NULL, &p.ls));
    if (p.ls->wants_rows) {
        assert_ok(fgoi_system_view_rows(p.s));
        p.ls->rows = &p.s->rows;
        p.ls->iterative = settings;
    }
    assert_ok(c->analyze(p.ls, NULL, &p.s->pattern, p.s->slot));
    p.n = p.s->pattern.offset[p.s->pattern.n];
    p.b = calloc(p.n + 1, sizeof *p.b);
    p.damping = calloc(p.n + 1, sizeof *p.damping);
    assert_true(isfinite(fgoi_system_linearize(p.s, NULL, g->x, p.ls->values, p.b)));
    for (int j = 0; j < p.s->pattern.n; j++)
        for (int d = 0; d < p.s->pattern.dim[j]; d++) {
            const size_t i = p.s->pattern.offset[j] + (size_t)d;
            double *h = &p.ls->values[fgoi_system_diagonal(p.s, j, d)];
            p.damping[i] = lambda * (scaled ? *h : 1.0);
            *h += p.damping[i];
            if (p.ls->damping) p.ls->damping[i] = p.damping[i];
        }
    return p;
}

static void release(problem *p)
{
    free(p->b), free(p->damping);
    p->ls->c->free(p->ls);
    fgoi_system_free(p->s);
    free(p->s);
}

/* x: the step, p->n numbers to be freed. */
static double *solve(problem *p)
{
    double *x = calloc(p->n + 1, sizeof *x);
    assert_int_equal(p->ls->c->factorize(p->ls), FGOI_SOLVED);
    for (size_t i = 0; i < p->n; i++) x[i] = -p->b[i];
    assert_int_equal(p->ls->c->solve(p->ls, x), FGOI_SOLVED);
    return x;
}

static double difference(size_t n, const double *a, const double *b) /* |a - b| / |b| */
{
    double error = 0.0, size = 1e-300;
    for (size_t i = 0; i < n; i++) error += (a[i] - b[i]) * (a[i] - b[i]), size += b[i] * b[i];
    return sqrt(error / size);
}

/* ---- to convergence ---- */

static void test_equals_dense(UNUSED_STATE)
{
    (void)state;
    rng r = { 71 };
    for (int t = 0; t < 108; t++) {
        fgo_graph *g = random_graph(&r, t);
        const double lambda = t % 4 ? pow(10.0, -(t % 4) * 2.0) : 0.0;
        problem exact = linearized(g, &fgoi_linear_dense, (fgoi_iterative){ 0 }, lambda, t % 2);
        double *y = solve(&exact);
        for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
            problem p = linearized(g, &fgoi_linear_cgls, (fgoi_iterative){ .tolerance = 1e-11, .block_jacobi = block_jacobi }, lambda, t % 2);
            assert_memory_equal(p.b, exact.b, p.n * sizeof *p.b);
            double *x = solve(&p);
            assert_true(difference(p.n, x, y) < 1e-8);
            assert_int_equal(p.ls->iterative.cut_short, 0);
            assert_true(p.ls->iterative.iterations > 0);
            assert_string_equal(p.ls->factorization, block_jacobi ? "cgls, block-jacobi" : "cgls");
            for (size_t i = 0; i < p.s->rows.helds; i++) assert_true(x[p.s->rows.held[i]] == 0.0);
            free(x);
            release(&p);
        }
        free(y);
        release(&exact);
        fgo_graph_free(g);
    }
}

/* ---- fixed numbers of iterations, against the textbook on a dense matrix ---- */

enum { ROWS = 400, COLUMNS = 120 };
typedef struct {
    int rows, columns;
    double A[ROWS][COLUMNS], c[ROWS]; /* min |A x - c| */
    size_t column[COLUMNS];           /* of the step's vector */
    int block[COLUMNS];
} dense_problem;

/* J over the square root of the damping, -r over zeros, without the columns of held degrees of freedom. */
static void make_dense(const problem *p, dense_problem *D)
{
    int place[COLUMNS];
    const fgo_graph *g = p->s->g;
    memset(D, 0, sizeof *D);
    for (int j = 0; j < p->s->pattern.n; j++)
        for (int d = 0; d < p->s->pattern.dim[j]; d++) {
            const size_t i = p->s->pattern.offset[j] + (size_t)d;
            assert_true(i < COLUMNS);
            place[i] = g->held[g->variable[p->s->variable[j]].tangent + (size_t)d] ? -1 : D->columns++;
            if (place[i] < 0) continue;
            D->column[place[i]] = i;
            D->block[place[i]] = j;
        }
    for (const fgoi_run *run = p->s->run; run < p->s->run + p->s->runs; run++) {
        const fgoi_group *group = &g->group[run->group];
        const double *J = p->s->J + run->J, *residual = p->s->r + run->r;
        for (size_t f = run->first; f < run->first + run->count; f++)
            for (int i = 0; i < group->c.rows; i++, D->rows++) {
                assert_true(D->rows < ROWS - COLUMNS);
                D->c[D->rows] = -*residual++;
                for (int k = 0; k < group->c.arity; k++) {
                    const int32_t j = p->s->column[group->variable[f * (size_t)group->c.arity + (size_t)k]];
                    for (int d = 0; d < group->c.variable[k].tangent; d++, J++) {
                        const int at = j < 0 ? -1 : place[p->s->pattern.offset[j] + (size_t)d];
                        if (at >= 0) D->A[D->rows][at] += *J;
                    }
                }
            }
    }
    for (int k = 0; k < D->columns; k++) D->A[D->rows++][k] = sqrt(p->damping[D->column[k]]);
}

/* A becomes A L^-T with L L' the diagonal blocks of A'A: L is returned. */
static void split(dense_problem *D, double L[COLUMNS][COLUMNS])
{
    const int n = D->columns;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0.0;
            if (D->block[i] == D->block[j])
                for (int k = 0; k < D->rows; k++) sum += D->A[k][i] * D->A[k][j];
            for (int k = 0; k < j; k++) sum -= L[i][k] * L[j][k];
            L[i][j] = i == j ? sqrt(sum) : sum / L[j][j];
        }
    for (int k = 0; k < D->rows; k++)
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < j; i++) D->A[k][j] -= L[j][i] * D->A[k][i];
            D->A[k][j] /= L[j][j];
        }
}

/* CGLS as in the textbook: r = b - A x, p = s = A' r, gamma = |s|^2, .. */
static void textbook(const dense_problem *D, int iterations, double *x)
{
    double r[ROWS], s[COLUMNS], p[COLUMNS], gamma = 0.0;
    memcpy(r, D->c, sizeof r);
    for (int j = 0; j < D->columns; j++) {
        x[j] = s[j] = 0.0;
        for (int i = 0; i < D->rows; i++) s[j] += D->A[i][j] * r[i];
        p[j] = s[j];
        gamma += s[j] * s[j];
    }
    for (int k = 0; k < iterations; k++) {
        double q[ROWS] = { 0 }, q2 = 0.0, next = 0.0;
        for (int i = 0; i < D->rows; i++) {
            for (int j = 0; j < D->columns; j++) q[i] += D->A[i][j] * p[j];
            q2 += q[i] * q[i];
        }
        for (int j = 0; j < D->columns; j++) x[j] += gamma / q2 * p[j];
        for (int i = 0; i < D->rows; i++) r[i] -= gamma / q2 * q[i];
        for (int j = 0; j < D->columns; j++) {
            s[j] = 0.0;
            for (int i = 0; i < D->rows; i++) s[j] += D->A[i][j] * r[i];
            next += s[j] * s[j];
        }
        for (int j = 0; j < D->columns; j++) p[j] = s[j] + next / gamma * p[j];
        gamma = next;
    }
}

/* |A x - c|^2 */
static double cost_of(const dense_problem *D, const double *x)
{
    double cost = 0.0;
    for (int i = 0; i < D->rows; i++) {
        double e = -D->c[i];
        for (int j = 0; j < D->columns; j++) e += D->A[i][j] * x[D->column[j]];
        cost += e * e;
    }
    return cost;
}

/* The promised reduction of the optimizer, -b' x + x' D x, is that of the undamped model for a step that was cut short. */
static void check_promise(const problem *p, const dense_problem *D, const double *x, double tolerance)
{
    const double zero[COLUMNS] = { 0 };
    double promised = 0.0, damped = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        promised += -p->b[i] * x[i] + p->damping[i] * x[i] * x[i];
        damped += p->damping[i] * x[i] * x[i];
    }
    assert_close(promised, cost_of(D, zero) - (cost_of(D, x) - damped), tolerance * fmax(1.0, cost_of(D, zero)));
}

static void test_textbook(UNUSED_STATE)
{
    (void)state;
    static dense_problem D, plain;
    static double L[COLUMNS][COLUMNS];
    rng r = { 72 };
    for (int t = 0; t < 180; t++) {
        fgo_graph *g = random_graph(&r, t);
        const int iterations = 1 + t / 9 % 10, block_jacobi = t % 2;
        const int tight = iterations <= 4; /* later the directions have lost orthogonality, to rounding, here and there */
        problem p = linearized(g, &fgoi_linear_cgls, (fgoi_iterative){ .most_iterations = iterations, .block_jacobi = block_jacobi },
                               t % 5 ? 1e-3 * (t % 5) : 0.0, t % 4 < 2);
        double *x = solve(&p), *y = calloc(p.n + 1, sizeof *y), z[COLUMNS];
        make_dense(&p, &D);
        plain = D;
        if (block_jacobi) split(&D, L);
        const int most = iterations < D.columns / 2 ? iterations : 0; /* at convergence there is nothing to compare */
        if (most) {
            textbook(&D, most, z);
            for (int j = D.columns - 1; j >= 0 && block_jacobi; j--) { /* back from L' x */
                for (int i = j + 1; i < D.columns; i++) z[j] -= L[i][j] * z[i];
                z[j] /= L[j][j];
            }
            for (int j = 0; j < D.columns; j++) y[D.column[j]] = z[j];
            assert_true(difference(p.n, x, y) < (tight ? 1e-12 : 1e-6));
            assert_int_equal(p.ls->iterative.iterations, iterations);
            assert_int_equal(p.ls->iterative.cut_short, 1);
        }
        check_promise(&p, &plain, x, tight ? 1e-12 : 1e-3);
        free(x), free(y);
        release(&p);
        fgo_graph_free(g);
    }
}

/* ---- what the optimizer relies on ---- */

/* The same bits again, also after the cost elsewhere was evaluated, which must leave r alone. */
static void test_same_again(UNUSED_STATE)
{
    (void)state;
    rng r = { 73 };
    for (int t = 0; t < 18; t++) {
        fgo_graph *g = random_graph(&r, t);
        problem p = linearized(g, &fgoi_linear_cgls, (fgoi_iterative){ .tolerance = 1e-8, .block_jacobi = t % 2 }, 1e-4, 1);
        double *x = solve(&p), *elsewhere = malloc(g->x_size * sizeof *elsewhere);
        memcpy(elsewhere, g->x, g->x_size * sizeof *elsewhere);
        fgoi_system_retract(p.s, g->x, x, elsewhere);
        const size_t allocations = fgoi_allocation_count();
        assert_true(isfinite(fgoi_system_cost(p.s, NULL, elsewhere)));
        double *y = solve(&p);
        assert_memory_equal(x, y, p.n * sizeof *x);
        assert_int_equal(fgoi_allocation_count(), allocations);
        free(x), free(y), free(elsewhere);
        release(&p);
        fgo_graph_free(g);
    }
}

static void test_whole_solves(UNUSED_STATE)
{
    (void)state;
    rng r = { 74 };
    for (int t = 0; t < 24; t++) {
        const fgo_manifold *m = t % 2 ? &fgo_manifold_se2 : &fgo_manifold_se3;
        fgo_graph *g = exact_graph(&r, m, t % 2 ? &fgo_between_se2 : &fgo_between_se3, 60, 80, 0.05, NULL);
        double *start = malloc(g->x_size * sizeof *start), *first = malloc(g->x_size * sizeof *first);
        fgo_options o = fgo_options_default();
        fgo_solver *solver;
        fgo_summary s;
        memcpy(start, g->x, g->x_size * sizeof *start);
        o.linear_solver = FGO_LINEAR_CGLS;
        o.method = t / 2 % 2 ? FGO_METHOD_GN : FGO_METHOD_LM;
        o.cgls_preconditioner = t / 4 % 2;
        o.cgls_iterations = t / 8 == 2 ? 15 : 0;
        for (int again = 0; again < 4; again++) { /* any number of threads, a solver used again */
            o.threads = 1 + again % 3;
            assert_ok(fgo_solver_create(g, &o, &solver));
            for (int use = 0; use < 2; use++) {
                memcpy(g->x, start, g->x_size * sizeof *start);
                const size_t allocations = fgoi_allocation_count();
                assert_ok(fgo_solver_solve(solver, &s));
                assert_int_equal(fgoi_allocation_count(), allocations);
                if (!again && !use) memcpy(first, g->x, g->x_size * sizeof *first);
                assert_memory_equal(first, g->x, g->x_size * sizeof *first);
            }
            fgo_solver_free(solver);
        }
        assert_true(s.cost_final < s.cost_initial && s.linear_iterations > 0);
        assert_string_equal(s.factorization, o.cgls_preconditioner ? "cgls, block-jacobi" : "cgls");
        char expected[64];
        snprintf(expected, sizeof expected, "; %zu CG iterations, ", s.linear_iterations);
        assert_non_null(strstr(s.message, expected));
        if (o.cgls_iterations) {
            snprintf(expected, sizeof expected, ", %d of %d steps cut short", s.iterations, s.iterations);
            assert_true(s.linear_iterations == 15 * (size_t)s.iterations && strstr(s.message, expected));
        } else {
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_true(s.cost_final < 1e-12 && strstr(s.message, ", 0 of "));
        }
        free(start), free(first);
        fgo_graph_free(g);
    }
}

/* ---- what cannot be solved ---- */

static void test_breakdown(UNUSED_STATE)
{
    (void)state;
    rng r = { 75 };
    for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 4, 0.1, NULL);
        problem p = linearized(g, &fgoi_linear_cgls, (fgoi_iterative){ .tolerance = 1e-9, .block_jacobi = block_jacobi }, 0.0, 0);
        double *x = solve(&p);
        const double bad[] = { NAN, INFINITY, 1e300 };
        for (int i = 0; i < 3; i++) { /* in b, then in J */
            for (size_t k = 0; k < p.n; k++) x[k] = bad[i];
            assert_int_equal(p.ls->c->solve(p.ls, x), FGOI_NOT_POSITIVE_DEFINITE);
            const double kept = p.s->J[20];
            p.s->J[20] = bad[i];
            for (size_t k = 0; k < p.n; k++) x[k] = -p.b[k];
            assert_int_equal(p.ls->c->solve(p.ls, x), FGOI_NOT_POSITIVE_DEFINITE);
            p.s->J[20] = kept;
        }
        for (size_t k = 0; k < p.n; k++) x[k] = -p.b[k]; /* and the next solve works again; nothing to do is solved too */
        assert_int_equal(p.ls->c->solve(p.ls, x), FGOI_SOLVED);
        free(x);
        x = calloc(p.n, sizeof *x);
        p.ls->iterative.iterations = p.ls->iterative.cut_short = 0;
        assert_int_equal(p.ls->c->solve(p.ls, x), FGOI_SOLVED);
        for (size_t k = 0; k < p.n; k++) assert_true(x[k] == 0.0);
        assert_true(!p.ls->iterative.iterations && !p.ls->iterative.cut_short);
        free(x);
        release(&p);
        fgo_graph_free(g);
    }
}

/* A variable that no factor determines: the preconditioner names it; without one it stays where it is. */
static void test_undetermined(UNUSED_STATE)
{
    (void)state;
    rng r = { 76 };
    for (int block_jacobi = 0; block_jacobi < 2; block_jacobi++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 6, 4, 0.1, NULL);
        double x[2] = { 1.0, 2.0 };
        assert_ok(fgo_graph_add_rn(g, 77, 2, x));
        const double J[] = { 1.0, 0.0, 3.0 };
        const fgo_factor_class c = fgoi_linear_factor(1, 1, (int[]){ 2 });
        assert_ok(fgo_graph_add_factor(g, &c, (int64_t[]){ 77 }, J, fgo_unit(), fgo_no_loss()));
        fgo_options o = fgo_options_default();
        fgo_summary s;
        o.linear_solver = FGO_LINEAR_CGLS;
        o.method = FGO_METHOD_GN;
        o.cgls_preconditioner = block_jacobi;
        assert_ok(fgo_solve(g, &o, &s));
        assert_ok(fgo_graph_get_value(g, 77, x));
        if (block_jacobi) {
            assert_int_equal(s.termination, FGO_FAILED_SINGULAR);
            assert_non_null(strstr(s.message, "degree of freedom 1 of variable 77"));
        } else {
            assert_int_equal(fgo_termination_class(s.termination), 1);
            assert_close(x[0], 3.0, 1e-9);
            assert_true(x[1] == 2.0);
        }
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_dense), cmocka_unit_test(test_textbook),    cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_whole_solves), cmocka_unit_test(test_breakdown),   cmocka_unit_test(test_undetermined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

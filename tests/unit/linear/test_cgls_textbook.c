/* SPDX-License-Identifier: BSD-3-Clause */
/* test_cgls_textbook.c -- the iterates of cgls before convergence against a textbook's on a dense matrix. */
#include "cgls_fixture.h"
#include "linear/registry.h"

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
    const fgo_graph *g = p->s->problem->g;
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
    for (const fgoi_run *run = p->s->structure->run; run < p->s->structure->run + p->s->structure->runs; run++) {
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

/* The promised reduction of the optimizer, -b' x + x' D x, is that of the undamped model for a step that was cut short.
 */
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
    for (int t = 0; t < 90; t++) {
        fgo_graph *g = random_graph(&r, t);
        const int iterations = 1 + t / 9 % 10, block_jacobi = t % 2;
        const int tight = iterations <= 4; /* later the directions have lost orthogonality, to rounding, here and there */
        problem p =
            linearized(g, &fgoi_linear_cgls, (fgo_linear_request){ .max_iterations = iterations, .preconditioner = block_jacobi },
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
            assert_int_equal(p.ls->report.iterations, iterations);
            assert_int_equal(p.ls->report.unfinished_solves, 1);
        }
        check_promise(&p, &plain, x, tight ? 1e-12 : 1e-3);
        free(x), free(y);
        release(&p);
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_textbook) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

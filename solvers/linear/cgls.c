/* SPDX-License-Identifier: BSD-3-Clause */
/* cgls.c -- conjugate gradients on the least-squares problem, without H (A. Bjorck, "Numerical Methods for Least
 * Squares Problems", 1996, section 7.4.1; preconditioned as in its section 7.4.2, in the variables x):
 *
 *     min |J x + r|^2 + x' D x      D: the damping of each column
 *
 * d = -r - J x is kept as a residual of rows and s = J' d - D x computed from it, which loses fewer digits than a
 * recurrence for s. p: search direction, q = J p, z = M^-1 s, gamma = s' z. The start is x = 0. An iterate is the
 * minimum over the directions so far, hence x' s = 0, which is all that the optimizer's formula for the predicted
 * reduction needs: it holds for steps that were cut short, as far as the directions keep their orthogonality. */
#include "base/error.h"
#include "base/memory.h"
#include "block_jacobi.h"
#include "matrix/jacobian.h"
#include "registry.h"
#include <math.h>
#include <string.h>

typedef struct {
    const fgoi_pattern *pattern;
    const fgoi_jacobian *rows;
    double tolerance;
    int max_iterations, block_jacobi;
    double *values, *damping; /* of the report: the diagonal blocks of H, and what was added to its diagonal */
    double *inverse;          /* of H's diagonal blocks, if they are the preconditioner */
    double *x, *s, *z, *p;    /* columns, and the padding of J */
    double *q, *d;            /* rows */
} solver;

/* In exact arithmetic one iteration per column suffices; rounding requires more. After this many, rounding prevails and more
 * iterations would not help. */
enum { MAX_ITERATIONS_PER_COLUMN = 20 };

static void release(solver *c)
{
    double **array[] = { &c->values, &c->damping, &c->inverse, &c->x, &c->s, &c->z, &c->p, &c->q, &c->d };
    for (size_t i = 0; i < sizeof array / sizeof *array; i++) {
        fgoi_free(*array[i]);
        *array[i] = NULL;
    }
}

static fgo_status create(void **out)
{
    solver *c = fgoi_alloc(1, sizeof *c);
    if (!c) return fgoi_fail_memory();
    *out = c;
    return FGO_OK;
}

static int allocate(solver *c)
{
    const fgoi_jacobian *J = c->rows;
    const size_t columns = J->columns + J->padding, blocks = fgoi_block_jacobi_offset(c->pattern, c->pattern->n);
    const struct {
        double **array;
        size_t count;
    } wanted[] = {
        { &c->values, blocks }, { &c->damping, columns }, { &c->inverse, blocks }, { &c->x, columns }, { &c->s, columns },
        { &c->z, columns },     { &c->p, columns },       { &c->q, J->rows },      { &c->d, J->rows },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!(*wanted[i].array = fgoi_alloc(wanted[i].count, sizeof(double)))) return -1;
    return 0;
}

static fgo_status analyze(void *self, const fgo_linear_request *request, fgoi_slot *slot, fgo_linear_report *report)
{
    solver *c = self;
    const fgoi_pattern *p = request->pattern;
    release(c);
    c->pattern = p;
    c->rows = request->jacobian;
    c->tolerance = request->tolerance;
    c->max_iterations = request->max_iterations;
    c->block_jacobi = request->preconditioner == FGO_PRECONDITIONER_BLOCK_JACOBI;
    if (allocate(c)) {
        release(c);
        return fgoi_fail_memory();
    }
    size_t at = 0;
    for (int j = 0; j < p->n; at += (size_t)p->dim[j] * (size_t)p->dim[j], j++)
        slot[p->start[j]] = (fgoi_slot){ .offset = at, .ld = p->dim[j] };
    report->values = c->values;
    report->damping = c->damping;
    report->bytes = sizeof(double) * (2 * at + 2 * c->rows->rows + 5 * (c->rows->columns + c->rows->padding));
    report->factorization = c->block_jacobi ? "cgls, block-jacobi" : "cgls";
    return FGO_OK;
}

static fgo_outcome factorize(void *self, const double *b, fgo_linear_report *report)
{
    (void)b;
    solver *c = self;
    if (!c->block_jacobi) return FGO_OUTCOME_SOLVED;
    return fgoi_block_jacobi_invert(c->pattern, c->values, c->inverse, &report->failed_at);
}

/* ---- vectors ---- */

/* Returns a' (w b), where w NULL stands for 1, in four sums, which the compiler may vectorize by two or four with the same
 * result. */
static double dot(size_t n, const double *a, const double *w, const double *b)
{
    double sum[4] = { 0 };
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += a[i + k] * (w ? w[i + k] * b[i + k] : b[i + k]);
    for (; i < n; i++) sum[0] += a[i] * (w ? w[i] * b[i] : b[i]);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Computes y += alpha x. */
static void add(size_t n, double alpha, const double *restrict x, double *restrict y)
{
    for (size_t i = 0; i < n; i++) y[i] += alpha * x[i];
}

/* Computes p = z + beta p. */
static void turn(size_t n, double beta, const double *restrict z, double *restrict p)
{
    for (size_t i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
}

/* ---- the iteration ---- */

/* Computes *z = M^-1 s, or points it to s without a preconditioner; returns gamma = s' z. */
static double precondition(solver *c, double norm2, const double **z)
{
    *z = c->s;
    if (!c->block_jacobi) return norm2;
    *z = c->z;
    return fgoi_block_jacobi_apply(c->pattern, c->inverse, c->s, c->z);
}

/* Starts the iteration at x = 0, where d = -r and s = J' d = b. */
static void start(solver *c, const double *b)
{
    const fgoi_jacobian *J = c->rows;
    memset(c->x, 0, J->columns * sizeof *c->x);
    memset(c->p, 0, (J->columns + J->padding) * sizeof *c->p);
    if (J->columns) memcpy(c->s, b, J->columns * sizeof *c->s);
    for (size_t i = 0; i < J->rows; i++) c->d[i] = -J->r[i];
}

/* Makes one step along p; gamma is s' z. Returns 1, or 0 if no step is possible because J p vanishes or is not finite. */
static int step(solver *c, size_t n, double gamma)
{
    const fgoi_jacobian *J = c->rows;
    const double alpha = gamma / (fgoi_jacobian_times(J, c->p, c->q) + dot(n, c->p, c->damping, c->p));
    if (!isfinite(alpha)) return 0;
    add(n, alpha, c->p, c->x);
    fgoi_jacobian_residual(J, alpha, c->q, c->d, c->s);
    for (size_t i = 0; i < n; i++) c->s[i] -= c->damping[i] * c->x[i];
    return 1;
}

static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    solver *c = self;
    const size_t n = c->rows->columns, most = c->max_iterations ? (size_t)c->max_iterations : MAX_ITERATIONS_PER_COLUMN * n;
    const double *z;
    start(c, b);
    double norm2 = dot(n, c->s, NULL, c->s), gamma = precondition(c, norm2, &z);
    const double enough = c->tolerance * c->tolerance * norm2;
    size_t k = 0;
    if (!isfinite(gamma)) return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
    turn(n, 0.0, z, c->p);
    while (norm2 > enough && k < most) {
        if (!step(c, n, gamma)) break;
        const double before = gamma;
        norm2 = dot(n, c->s, NULL, c->s);
        gamma = precondition(c, norm2, &z);
        k++;
        if (!isfinite(gamma)) break;
        turn(n, gamma / before, z, c->p);
    }
    report->iterations += k;
    report->unfinished_solves += norm2 > enough;
    if (n) memcpy(b, c->x, n * sizeof *b);
    return !isfinite(gamma) || (k == 0 && norm2 > enough) ? FGO_OUTCOME_NOT_POSITIVE_DEFINITE : FGO_OUTCOME_SOLVED;
}

static void destroy(void *self)
{
    if (!self) return;
    release(self);
    fgoi_free(self);
}

const fgo_linear_solver_class fgoi_linear_cgls = {
    .size = sizeof fgoi_linear_cgls,
    .name = "cgls",
    .traits = FGO_LINEAR_WANTS_ROWS,
    .create = create,
    .analyze = analyze,
    .factorize = factorize,
    .solve = solve,
    .free = destroy,
};

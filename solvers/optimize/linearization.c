/* SPDX-License-Identifier: BSD-3-Clause */
/* linearization.c -- what a strategy knows of the problem at the current estimate: gradient, diagonal, curvature, and the steps
 * that the linear solver computes. */
#include "base/clock.h"
#include "minimize.h"
#include <math.h>

size_t fgo_linearization_dimension(const fgo_linearization *p) { return p ? p->system->pattern.offset[p->system->pattern.n] : 0; }

double fgo_linearization_cost(const fgo_linearization *p) { return p ? p->cost : (double)NAN; }

const double *fgo_linearization_gradient(const fgo_linearization *p) { return p ? p->b : NULL; }

const double *fgo_linearization_diagonal(const fgo_linearization *p) { return p ? p->diagonal : NULL; }

/* Computes v' H v from one block of H below the diagonal, which counts twice. */
static double block_curvature(const fgoi_pattern *pattern, size_t k, int j, const fgoi_slot *slot, const double *values,
                              const double *v)
{
    const int rows = pattern->dim[pattern->row[k]], columns = pattern->dim[j];
    const double *x = v + pattern->offset[pattern->row[k]], *y = v + pattern->offset[j], *B = values + slot->offset;
    const size_t down = slot->transposed ? (size_t)slot->ld : 1, right = slot->transposed ? 1 : (size_t)slot->ld;
    double sum = 0.0;
    for (int b = 0; b < columns; b++)
        for (int a = 0; a < rows; a++) sum += x[a] * B[(size_t)a * down + (size_t)b * right] * y[b];
    return 2.0 * sum;
}

/* Computes v' H v from one diagonal block of H, of which only the lower triangle is read, and from `diagonal`, because damping
 * may have been added to the diagonal of the block. */
static double diagonal_curvature(const fgoi_pattern *pattern, int j, const fgoi_slot *slot, const double *values,
                                 const double *diagonal, const double *v)
{
    const size_t at = pattern->offset[j];
    double sum = 0.0;
    for (int b = 0; b < pattern->dim[j]; b++) {
        sum += diagonal[at + (size_t)b] * v[at + (size_t)b] * v[at + (size_t)b];
        for (int a = b + 1; a < pattern->dim[j]; a++) {
            const size_t down = (size_t)(slot->transposed ? b : a), right = (size_t)(slot->transposed ? a : b);
            sum += 2.0 * v[at + (size_t)a] * values[slot->offset + right * (size_t)slot->ld + down] * v[at + (size_t)b];
        }
    }
    return sum;
}

double fgo_linearization_curvature(fgo_linearization *p, const double *v)
{
    if (!p || !v) return (double)NAN;
    const fgoi_system *s = p->system;
    if (fgoi_linear_can(p->linear, FGO_LINEAR_WANTS_ROWS)) return fgoi_jacobian_norm2(&s->rows, v);
    const double *values = p->linear->report.values;
    double sum = 0.0;
    for (int j = 0; j < s->pattern.n; j++) {
        sum += diagonal_curvature(&s->pattern, j, &s->slot[s->pattern.start[j]], values, p->diagonal, v);
        for (size_t k = s->pattern.start[j] + 1; k < s->pattern.start[j + 1]; k++)
            sum += block_curvature(&s->pattern, k, j, &s->slot[k], values, v);
    }
    return sum;
}

/* Writes the diagonal of H + diag(damping); a solver that works without H receives the damping instead. */
static void damp(fgo_linearization *p, const double *damping)
{
    const fgoi_system *s = p->system;
    double *values = p->linear->report.values, *told = p->linear->report.damping;
    for (int j = 0; j < s->pattern.n; j++)
        for (int d = 0; d < s->pattern.dim[j]; d++) {
            const size_t i = s->pattern.offset[j] + (size_t)d;
            const double added = damping ? damping[i] : 0.0;
            values[fgoi_system_diagonal(s, j, d)] = p->diagonal[i] + added;
            if (told) told[i] = added;
        }
    p->damped = damping != NULL;
}

fgo_outcome fgo_linearization_solve(fgo_linearization *p, const double *damping, double *dx)
{
    if (!p || !dx) return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
    const size_t n = fgo_linearization_dimension(p);
    double since = fgoi_now_s();
    if (damping || p->damped || p->linear->report.damping) damp(p, damping);
    for (size_t i = 0; i < n; i++) dx[i] = -p->b[i];
    fgo_outcome outcome = fgoi_linear_factorize(p->linear, dx);
    fgoi_lap(&since, &p->it.time_factorize_s, &p->summary->time_factorize_s);
    if (outcome) return outcome;
    outcome = fgoi_linear_solve(p->linear, dx);
    fgoi_lap(&since, &p->it.time_solve_s, &p->summary->time_solve_s);
    return outcome;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "linear_graph.h"
#include "linear.h"
#include "memory.h"
#include "system.h"
#include <math.h>
#include <string.h>

static int evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const size_t rows = (size_t)self->rows, p = (size_t)self->partials, stride = rows * (p + 1);
    for (size_t f = 0; f < count; f++, x += self->arity, e += rows) {
        const double *A = (const double *)z + f * stride, *c = A + rows * p, *Ai = A;
        for (size_t i = 0; i < rows; i++) {
            double sum = -c[i];
            for (int k = 0; k < self->arity; Ai += self->variable[k].tangent, k++)
                for (int d = 0; d < self->variable[k].tangent; d++) sum += Ai[d] * x[k][d];
            e[i] = sum;
        }
        if (J) memcpy(J + f * rows * p, A, rows * p * sizeof *A);
    }
    return 0;
}

fgo_factor_class fgoi_linear_factor(int rows, int arity, const int *dim)
{
    fgo_factor_class c = { .abi = FGO_FACTOR_ABI, .arity = arity, .rows = rows, .name = "linear", .evaluate = evaluate,
                           .gauge = FGO_GAUGE_ABSOLUTE };
    for (int k = 0; k < arity; k++) {
        c.variable[k] = (fgo_factor_variable){ NULL, dim[k] };
        c.partials += dim[k];
    }
    c.measurement_size = (size_t)rows * ((size_t)c.partials + 1) * sizeof(double);
    return c;
}

/* One side: b at its values, then the step to the minimum. Returns whether all went well. */
static int solve_side(fgoi_system *s, fgoi_linear *ls, double *b, const fgoi_right_hand_sides *sides, int k)
{
    fgo_graph *h = s->g;
    const size_t n = s->pattern.offset[s->pattern.n];
    sides->prepare(sides->context, h, k);
    const double cost = fgoi_system_linearize(s, NULL, h->x, ls->values, b);
    if (!isfinite(cost) || (k == 0 && ls->c->factorize(ls) != FGOI_SOLVED)) return 0; /* H is the same for every side */
    for (size_t i = 0; i < n; i++) b[i] = -b[i];
    if (ls->c->solve(ls, b) != FGOI_SOLVED) return 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(b[i])) return 0;
    fgoi_system_retract(s, h->x, b, h->x);
    sides->collect(sides->context, h, k);
    return 1;
}

fgo_status fgoi_linear_graph_solve(fgo_graph *h, const fgoi_right_hand_sides *sides, int *solved)
{
    fgoi_system s;
    fgoi_linear *ls = NULL;
    double *b = NULL;
    fgo_status status = fgoi_system_create(h, &s);
    if (status) return status;
    if ((status = fgoi_linear_block.create(&h->message, &ls))) goto done;
    if ((status = ls->c->analyze(ls, &h->message, &s.pattern, s.slot))) goto done;
    if (!(b = fgoi_alloc(s.pattern.offset[s.pattern.n], sizeof *b))) {
        status = fgoi_fail_memory(&h->message);
        goto done;
    }
    *solved = 1;
    for (int k = 0; k < sides->count && *solved; k++) *solved = solve_side(&s, ls, b, sides, k);
done:
    fgoi_free(b);
    if (ls) ls->c->free(ls);
    fgoi_system_free(&s);
    return status;
}

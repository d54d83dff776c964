/* SPDX-License-Identifier: BSD-3-Clause */
/* block_cholesky.c -- sparse Cholesky H = L L' made for the blocks of factor graphs: multifrontal (I. Duff, J. Reid
 * 1983) on the elimination tree of blocks, with dense kernels for fronts of tens of rows, where the BLAS is slow.
 *
 * A front's update F22 - L21 L21' goes from registers straight into its parent's front: no update matrix is stored, no
 * extend-add pass is made, and the first child stores where the others add. The blocks of H lie in front order, so
 * adding them is adding vectors; `values` is only read. Everything is placed at the analysis; numbers need neither
 * searches nor allocations. */
#include "block_cholesky.h"
#include "block_order.h"
#include "block_symbolic.h"
#include "memory.h"
#include <limits.h>

typedef fgoi_block_solver solver;

/* About half a millisecond: below, waking threads takes what they save. */
#define LEAST_CYCLES 1.5e6

static void release(solver *s)
{
    fgoi_layout_free(&s->layout);
    fgoi_schedule_free(&s->schedule);
    fgoi_free(s->progress);
    fgoi_free(s->natural);
    fgoi_free(s->base.values);
    fgoi_free(s->memory[0]);
    fgoi_free(s->memory[1]);
    s->natural = NULL;
    s->progress = NULL;
    s->memory[0] = s->memory[1] = s->base.values = NULL;
}

static fgo_status create(fgoi_message *message, fgoi_linear **out)
{
    solver *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory(message);
    s->base.c = &fgoi_linear_block;
    s->least_cycles = LEAST_CYCLES;
    *out = &s->base;
    return FGO_OK;
}

static void destroy(fgoi_linear *ls)
{
    solver *s = (solver *)ls;
    if (!s) return;
    release(s);
    fgoi_free(s);
}

/* ---- analysis ---- */

/* count numbers on a cache line's boundary. */
static double *aligned(size_t count, void **memory)
{
    enum { LINE = 64 };
    char *p = count < SIZE_MAX / 16 ? fgoi_alloc(count + LINE / sizeof(double), sizeof(double)) : NULL;
    *memory = p;
    return p ? (double *)(void *)(p + (LINE - (uintptr_t)p % LINE) % LINE) : NULL;
}

static size_t round8(int n) { return ((size_t)n + 7) & ~(size_t)7; }

/* The numbers' memory. L is read up to a tile behind its end, and masked lanes reach out of the arena by a strip. */
static int allocate(solver *s)
{
    enum { MARGIN = 64 };
    const fgoi_layout *l = &s->layout;
    const size_t rows = (size_t)l->largest_strips * (size_t)s->kernels->S;
    const size_t work =
        MARGIN + l->arena_size + MARGIN + round8(s->n) + round8((int)rows) + (size_t)s->workers * round8(l->largest_w);
    s->base.values = fgoi_alloc(l->values_size, sizeof *s->base.values);
    s->L = aligned(l->L_size + MARGIN, &s->memory[0]);
    s->arena = aligned(work, &s->memory[1]);
    if (!s->base.values || !s->L || !s->arena) return -1;
    s->arena += MARGIN;
    s->y = s->arena + l->arena_size + MARGIN;
    s->t = s->y + round8(s->n);
    s->least = s->t + round8((int)rows);
    s->least_stride = round8(l->largest_w);
    return 0;
}

static void describe(solver *s)
{
    s->base.nonzeros_L = 0;
    s->base.flops = 0.0;
    for (int f = 0; f < s->layout.fronts; f++) {
        const double w = s->layout.front[f].w, r = s->layout.front[f].r;
        s->base.nonzeros_L += (size_t)(w * (w + 1) / 2 + w * r);
        s->base.flops += w * w * w / 3 + w * w * r + w * r * (r + 1);
    }
    s->base.factorization = "block";
}

static fgo_status too_large(fgoi_message *message)
{
    return fgoi_fail(message, FGO_ERROR_TOO_LARGE, "the factorization is too large for the block solver");
}

static double total_cycles(const fgoi_symbolic *symbolic)
{
    double cycles = 0.0;
    for (int f = 0; f < symbolic->fronts; f++) cycles += symbolic->cycles[f];
    return cycles;
}

/* Threads, if the work is worth waking them. */
static int schedule(solver *s, const fgoi_symbolic *symbolic)
{
    s->workers = total_cycles(symbolic) < s->least_cycles ? 1 : fgoi_threads_count(s->base.threads);
    if (s->workers < 2) return fgoi_arena_place(&s->layout);
    if (fgoi_schedule_make(&s->schedule, &s->layout, symbolic->cycles, s->workers, s->kernels->S, s->kernels->tile))
        return -1;
    s->progress = fgoi_alloc((size_t)s->schedule.stages, sizeof *s->progress);
    return s->progress ? 0 : -1;
}

static fgo_status place(solver *s, fgoi_message *message, const fgoi_pattern *p, const fgoi_symbolic *symbolic,
                        fgoi_slot *slot)
{
    const fgoi_layout_result result = fgoi_layout_make(&s->layout, symbolic, p, s->kernels->S, slot);
    if (result == FGOI_LAYOUT_TOO_LARGE) return too_large(message);
    if (result || !(s->natural = fgoi_alloc((size_t)s->n, sizeof *s->natural)) || schedule(s, symbolic) || allocate(s))
        return fgoi_fail_memory(message);
    for (int q = 0; q < p->n; q++) {
        const int j = symbolic->natural[q];
        for (int d = 0; d < p->dim[j]; d++) s->natural[symbolic->scalar[q] + d] = (int)p->offset[j] + d;
    }
    describe(s);
    return FGO_OK;
}

/* METIS takes about 12000 cycles a block column and saves a fifth to a third of the factorization where it saves anything
 * (torus3D 0.79 of AMD's cycles, a sphere of 20000 poses 0.70, a grid of 8000 0.63; below some 10000 cycles a column AMD is
 * as good or better: sphere2500 1.06, cubicle 1.01). With five factorizations in a solve it pays from here on. */
static const double METIS_PAYS = 12000.0;
enum { METIS_LEAST = 500 }; /* below, all is over before METIS has begun; and it crashes on a graph without vertices */

/* The structure by the ordering with the fewest modelled cycles of those worth trying. */
static fgo_status order_and_analyze(solver *s, fgoi_message *message, const fgoi_pattern *p, int *order, fgoi_symbolic *best)
{
    const int lanes = s->kernels->level == FGOI_CPU_AVX512 ? 8 : 4;
    const fgoi_order_result result = fgoi_block_order_amd(p, order);
    if (result) return result == FGOI_ORDER_MEMORY ? fgoi_fail_memory(message) : too_large(message);
    if (fgoi_symbolic_analyze(best, p, order, lanes)) return fgoi_fail_memory(message);
    s->base.factorization = "block";
    if (p->n < METIS_LEAST || total_cycles(best) < METIS_PAYS * p->n || fgoi_block_order_metis(p, order)) return FGO_OK;
    fgoi_symbolic other = { 0 };
    if (fgoi_symbolic_analyze(&other, p, order, lanes)) {
        fgoi_symbolic_free(&other);
        return fgoi_fail_memory(message);
    }
    if (total_cycles(&other) < total_cycles(best)) {
        const fgoi_symbolic t = *best;
        *best = other;
        other = t;
        s->base.factorization = "block, METIS";
    }
    fgoi_symbolic_free(&other);
    return FGO_OK;
}

static fgo_status analyze(fgoi_linear *ls, fgoi_message *message, const fgoi_pattern *p, fgoi_slot *slot)
{
    solver *s = (solver *)ls;
    fgoi_symbolic symbolic = { 0 };
    release(s);
    if (p->offset[p->n] > INT_MAX) return too_large(message);
    int *order = fgoi_alloc((size_t)p->n, sizeof *order);
    if (!order) return fgoi_fail_memory(message);
    s->n = (int)p->offset[p->n];
    s->kernels = fgoi_block_kernels_for(fgoi_cpu_level());
    fgo_status status = order_and_analyze(s, message, p, order, &symbolic);
    if (!status) status = place(s, message, p, &symbolic, slot);
    fgoi_symbolic_free(&symbolic);
    fgoi_free(order);
    if (status) release(s);
    return status;
}

/* ---- solve ---- */

static fgoi_outcome solve(fgoi_linear *ls, double *b)
{
    solver *s = (solver *)ls;
    const fgoi_layout *l = &s->layout;
    for (int i = 0; i < s->n; i++) s->y[i] = b[s->natural[i]];
    for (int f = 0; f < l->fronts; f++) s->kernels->forward(l, f, s->L, s->y, s->t);
    for (int f = l->fronts - 1; f >= 0; f--) s->kernels->backward(l, f, s->L, s->y, s->t);
    for (int i = 0; i < s->n; i++) b[s->natural[i]] = s->y[i];
    return FGOI_SOLVED;
}

const fgoi_linear_class fgoi_linear_block = { "block", create, analyze, fgoi_block_factorize, solve, destroy };

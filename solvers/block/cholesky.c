/* SPDX-License-Identifier: BSD-3-Clause */
/* cholesky.c -- the block solver: a sparse Cholesky factorization H = L L' made for the blocks of factor graphs. It is
 * multifrontal (I. Duff, J. Reid, "The multifrontal solution of indefinite sparse symmetric linear equations", 1983) on the
 * elimination tree of the block columns, with dense kernels for fronts of tens of rows, where the BLAS is slow.
 *
 * A front's update F22 - L21 L21' goes from registers straight into its parent's front: no update matrix is stored and no
 * extend-add pass is made, and the first child stores where the others add. The blocks of H lie in the order of the fronts, so
 * adding them is adding vectors; `values` is only read. The analysis assigns every offset: the numeric phase neither searches
 * nor allocates. docs/block-cholesky.md explains all of it. */
#include "cholesky.h"
#include "base/memory.h"
#include "inverse.h"
#include "symbolic.h"
#include <limits.h>
#include <string.h>

typedef fgoi_block_solver solver;

/* About half a millisecond: with less work, waking threads costs what they save. */
#define MIN_THREADED_CYCLES 1.5e6

static void release(solver *s)
{
    fgoi_layout_free(&s->layout);
    fgoi_schedule_free(&s->schedule);
    fgoi_free(s->progress);
    fgoi_free(s->natural);
    fgoi_huge_free(&s->memory);
    s->natural = NULL;
    s->progress = NULL;
    fgoi_huge_free(&s->many_memory);
    fgoi_inverse_free(s->inverse);
    s->values = NULL;
    s->many = NULL;
    s->inverse = NULL;
}

static fgo_status create(void **out)
{
    solver *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory();
    s->min_threaded_cycles = MIN_THREADED_CYCLES;
    *out = s;
    return FGO_OK;
}

static void destroy(void *self)
{
    solver *s = self;
    if (!s) return;
    release(s);
    fgoi_free(s);
}

/* ---- analysis ---- */

/* Allocates the memory of all numbers at once: L with the arena over its end, H, and vectors. The margin: L is read up to
 * a tile after its end, and masked lanes reach out of the arena by a strip. */
static int allocate(solver *s)
{
    enum { MARGIN = 64 };
    const fgoi_layout *l = &s->layout;
    const size_t n = fgoi_round8((size_t)s->n), workers = (size_t)s->workers;
    const size_t L_size = l->arena_start + l->arena_size + MARGIN, values_size = fgoi_round8(l->values_size);
    s->t_stride = fgoi_round8((size_t)l->largest_strips * (size_t)s->kernels->S);
    s->pivot_threshold_stride = fgoi_round8((size_t)l->largest_w);
    const size_t size = L_size + values_size + n + workers * (s->t_stride + s->pivot_threshold_stride);
    s->L = size < SIZE_MAX / sizeof(double) ? fgoi_huge_alloc(&s->memory, size * sizeof(double)) : NULL;
    if (!s->L) return -1;
    s->values = s->L + L_size;
    s->arena = s->L + l->arena_start;
    s->y = s->values + values_size;
    s->t = s->y + n;
    s->pivot_threshold = s->t + workers * s->t_stride;
    return 0;
}

/* Fills in the members of the report that describe the structure. */
static void describe(const solver *s, const fgoi_symbolic *symbolic, fgo_linear_report *report)
{
    for (int f = 0; f < s->layout.fronts; f++) {
        const double w = s->layout.front[f].w, r = s->layout.front[f].r;
        report->nonzeros_L += (size_t)(w * (w + 1) / 2 + w * r);
        report->flops += w * w * w / 3 + w * w * r + w * r * (r + 1);
    }
    report->factorization = !strcmp(symbolic->ordering, "METIS")  ? "block, METIS"
                            : !strcmp(symbolic->ordering, "CAMD") ? "block, CAMD"
                                                                  : "block";
    report->elimination = s->natural;
}

static fgo_status too_large(void)
{
    return fgoi_fail(FGO_ERROR_TOO_LARGE, "the factorization is too large for the block solver");
}

/* Decides how many threads factorize, and places the fronts in the arena accordingly. */
static int schedule(solver *s, const fgoi_symbolic *symbolic)
{
    s->workers = fgoi_symbolic_cycles(symbolic) < s->min_threaded_cycles ? 1 : fgoi_threads_count(s->threads);
    if (s->workers < 2) return fgoi_arena_place(&s->layout, FGOI_ARENA_COLUMNS);
    if (fgoi_schedule_make(&s->schedule, &s->layout, symbolic->cycles, s->workers)) return -1;
    s->progress = fgoi_alloc((size_t)s->schedule.stages, sizeof *s->progress);
    return s->progress ? 0 : -1;
}

static fgo_status place(solver *s, const fgoi_pattern *p, const fgoi_symbolic *symbolic, fgoi_slot *slot)
{
    const fgoi_layout_result result = fgoi_layout_make(&s->layout, symbolic, p, s->kernels->S, s->kernels->tile, slot);
    if (result == FGOI_LAYOUT_TOO_LARGE) return too_large();
    if (result || !(s->natural = fgoi_alloc((size_t)s->n, sizeof *s->natural)) || schedule(s, symbolic))
        return fgoi_fail_memory();
    for (int q = 0; q < p->n; q++) {
        const int j = symbolic->natural[q];
        for (int d = 0; d < p->dim[j]; d++) s->natural[symbolic->scalar[q] + d] = (int)p->offset[j] + d;
    }
    return FGO_OK;
}

/* Finds the symbolic analysis: the caller's for the same blocks, if there is one, else a new one in *own, which needs
 * fgoi_symbolic_free either way. */
static fgo_status find_structure(const fgo_linear_request *request, fgoi_symbolic *own, const fgoi_symbolic **found)
{
    const fgoi_symbolic *given = request->symbolic;
    const fgoi_pattern *p = request->pattern;
    *found = own;
    if (request->eliminate_last) return fgoi_symbolic_constrained(own, p, request->eliminate_last);
    if (!given) return fgoi_symbolic_choose(own, p);
    for (int q = 0; q < p->n; q++)
        if (given->scalar[q + 1] - given->scalar[q] != p->dim[given->natural[q]])
            return fgoi_symbolic_resize(own, given, p, fgoi_symbolic_lanes()) ? fgoi_fail_memory() : FGO_OK;
    *found = given;
    return FGO_OK;
}

static fgo_status analyze(void *self, const fgo_linear_request *request, fgoi_slot *slot, fgo_linear_report *report)
{
    solver *s = self;
    const fgoi_pattern *p = request->pattern;
    fgoi_symbolic own = { 0 };
    const fgoi_symbolic *symbolic;
    release(s);
    if (p->offset[p->n] > INT_MAX) return too_large();
    s->n = (int)p->offset[p->n];
    s->kernels = fgoi_block_kernels_for(fgoi_cpu_level());
    s->threads = request->threads;
    fgo_status status = find_structure(request, &own, &symbolic);
    if (!status) status = place(s, p, symbolic, slot);
    if (!status) describe(s, symbolic, report);
    fgoi_symbolic_free(&own); /* before the large allocation */
    if (!status && allocate(s)) status = fgoi_fail_memory();
    if (status) release(s);
    report->values = s->values;
    report->bytes = s->memory.size;
    return status;
}

/* ---- solve ---- */

static void backward_batches(void *context, size_t worker)
{
    solver *s = context;
    const fgoi_schedule *schedule = &s->schedule;
    double *t = s->t + worker * s->t_stride;
    for (int batch; (batch = atomic_fetch_add(&s->progress->next, 1)) < schedule->batches;)
        for (int k = schedule->batch_start[batch]; k < schedule->batch_start[batch + 1]; k++) {
            const fgoi_range fronts = schedule->subtree[k];
            for (int f = fronts.start + fronts.count - 1; f >= fronts.start; f--)
                s->kernels->backward(&s->layout, f, s->L, s->y, t);
        }
}

/* Solves the top fronts one after another, then the batches in parallel: each front writes its own unknowns only. */
static void backward_by_schedule(solver *s)
{
    const fgoi_schedule *schedule = &s->schedule;
    for (int i = schedule->stages - 1; i >= 0; i--)
        if (schedule->stage[i].kind == FGOI_STAGE_ELIMINATE) /* there is one for each top front */
            s->kernels->backward(&s->layout, schedule->stage[i].front, s->L, s->y, s->t);
    atomic_store(&s->progress->next, 0);
    fgoi_threads_run(s->threads, (size_t)s->workers, backward_batches, s);
}

static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    (void)report;
    solver *s = self;
    const fgoi_layout *l = &s->layout;
    if (!s->forward_done) {
        for (int i = 0; i < s->n; i++) s->y[i] = b[s->natural[i]];
        for (int f = 0; f < l->fronts; f++) s->kernels->forward(l, f, s->L, s->y, s->t);
    }
    s->forward_done = 0;
    if (s->workers > 1)
        backward_by_schedule(s);
    else
        for (int f = l->fronts - 1; f >= 0; f--) s->kernels->backward(l, f, s->L, s->y, s->t);
    for (int i = 0; i < s->n; i++) b[s->natural[i]] = s->y[i];
    return FGO_OUTCOME_SOLVED;
}

extern const fgo_linear_solver_class fgoi_linear_block; /* its row is in the registry, above this folder */

const fgo_linear_solver_class fgoi_linear_block = {
    .size = sizeof fgoi_linear_block,
    .name = "block",
    .traits = FGO_LINEAR_IS_EXACT | FGO_LINEAR_FINDS_RANK | FGO_LINEAR_TELLS_ORDER | FGO_LINEAR_ORDERS_LAST,
    .create = create,
    .analyze = analyze,
    .factorize = fgoi_block_factorize,
    .solve = solve,
    .free = destroy,
    .solve_many = fgoi_block_solve_many,
    .invert = fgoi_block_invert,
    .inverse_block = fgoi_block_inverse_block,
};

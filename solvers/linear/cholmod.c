/* SPDX-License-Identifier: BSD-3-Clause */
/* cholmod.c -- sparse Cholesky by SuiteSparse's CHOLMOD (Y. Chen, T. Davis, W. Hager, S. Rajamanickam 2008).
 *
 * The ordering (AMD, postordered) is computed on the graph of blocks and expanded to scalars; blocks are then written
 * in that order, so CHOLMOD gets a matrix it need neither permute nor transpose: the upper triangle for its simplicial
 * factorization (row by row, LL'), the lower one for the supernodal (dense blocks through the BLAS).
 * A is scalar CSC: block column j of the ordered matrix is dim[j] scalar columns with the same rows, so a block is stored with a
 * leading dimension equal to the column's height; entries of the wrong triangle within diagonal blocks are
 * ignored by CHOLMOD. */
#include "base/error.h"
#include "base/host_threads.h"
#include "base/memory.h"
#include "matrix/pattern.h"
#include "registry.h"
#include <cholmod.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* From this many flops per nonzero of L on, the factorization is supernodal, which is faster there on pose graphs; see
 * bench/README.md. */
#ifndef FGOI_SUPERNODAL_FLOPS_PER_NONZERO
#define FGOI_SUPERNODAL_FLOPS_PER_NONZERO 40
#endif

typedef struct {
    cholmod_common common;
    cholmod_sparse *A; /* H: report->values is A->x */
    cholmod_factor *L;
    cholmod_dense *b, *x, *Y, *E; /* right-hand side in elimination order, solution and CHOLMOD's work space */
    int n, *permutation;          /* scalar elimination order: position i holds natural row permutation[i] */
} solver;

static fgo_status fail(const solver *s)
{
    switch (s->common.status) {
    case CHOLMOD_OUT_OF_MEMORY: return fgoi_fail_memory();
    case CHOLMOD_TOO_LARGE: return fgoi_fail(FGO_ERROR_TOO_LARGE, "the factorization is too large for CHOLMOD's 32-bit indices");
    default: return fgoi_fail(FGO_ERROR_UNSUPPORTED, "CHOLMOD's analysis failed with status %d", s->common.status);
    }
}

static fgo_status create(void **out)
{
    solver *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory();
    if (!cholmod_start(&s->common)) {
        fgoi_free(s);
        return fgoi_fail_memory();
    }
    s->common.print = 0; /* the library is silent */
    s->common.error_handler = NULL;
    s->common.quick_return_if_not_posdef = 1;
    s->common.final_ll = 1;
    s->common.final_asis = 1;
    *out = s;
    return FGO_OK;
}

static void release(solver *s)
{
    cholmod_common *c = &s->common;
    cholmod_free_sparse(&s->A, c);
    cholmod_free_factor(&s->L, c);
    cholmod_free_dense(&s->b, c);
    cholmod_free_dense(&s->x, c);
    cholmod_free_dense(&s->Y, c);
    cholmod_free_dense(&s->E, c);
    fgoi_free(s->permutation);
    s->permutation = NULL;
}

static void destroy(void *self)
{
    solver *s = self;
    if (!s) return;
    release(s);
    cholmod_finish(&s->common);
    fgoi_free(s);
}

/* ---- analysis ---- */

/* Returns the pattern of H's blocks as a matrix without values, lower triangle. */
static cholmod_sparse *block_matrix(solver *s, const fgoi_pattern *p)
{
    const size_t n = (size_t)p->n, blocks = p->start[n];
    if (blocks > INT_MAX) {
        s->common.status = CHOLMOD_TOO_LARGE;
        return NULL;
    }
    cholmod_sparse *B = cholmod_allocate_sparse(n, n, blocks, 1, 1, -1, CHOLMOD_PATTERN, &s->common);
    if (!B) return NULL;
    for (size_t j = 0; j <= n; j++) ((int *)B->p)[j] = (int)p->start[j];
    if (blocks) memcpy(B->i, p->row, blocks * sizeof(int));
    return B;
}

/* Returns the flops per nonzero of L, from the column counts of the ordered block matrix; exact if all blocks have one size. */
static double flops_per_nonzero(const fgoi_pattern *p, const cholmod_factor *L)
{
    const int *count = L->ColCount, *perm = L->Perm;
    const double mean = p->n ? (double)p->offset[p->n] / p->n : 1.0;
    double flops = 0.0, nonzeros = 1.0;
    for (int q = 0; q < p->n; q++)
        for (int d = p->dim[perm[q]]; d > 0; d--) {
            const double height = d + (count[q] - 1) * mean;
            flops += height * height;
            nonzeros += height;
        }
    return flops / nonzeros;
}

/* Finds position[j], the position of block column j in the elimination order: AMD, postordered. Returns the flops per nonzero of
 * L, or -1 on failure. */
static double order_blocks(solver *s, const fgoi_pattern *p, int *position)
{
    cholmod_common *c = &s->common;
    cholmod_sparse *B = block_matrix(s, p);
    if (!B) return -1.0;
    c->nmethods = 1;
    c->method[0].ordering = CHOLMOD_AMD;
    c->postorder = 1;
    c->supernodal = CHOLMOD_SIMPLICIAL;
    cholmod_factor *L = cholmod_analyze(B, c);
    cholmod_free_sparse(&B, c);
    if (!L) return -1.0;
    for (int q = 0; q < p->n; q++) position[((const int *)L->Perm)[q]] = q;
    double ratio = flops_per_nonzero(p, L);
    cholmod_free_factor(&L, c);
    return ratio;
}

/* Work arrays of the layout, one number per block column or per block. */
typedef struct {
    int *position;     /* of each block column in the elimination order */
    size_t *scalar;    /* first scalar of each position, n + 1 */
    size_t *height;    /* rows in the columns at a position */
    size_t *filled;    /* how many of these rows already have their block */
    size_t *row_start; /* n + 2 */
    size_t *by_row;    /* blocks sorted by the position of their row in A */
    int *col;          /* natural block column of each block */
} layout;

static void layout_free(layout *w)
{
    fgoi_free(w->position);
    fgoi_free(w->scalar);
    fgoi_free(w->height);
    fgoi_free(w->filled);
    fgoi_free(w->row_start);
    fgoi_free(w->by_row);
    fgoi_free(w->col);
}

static int layout_alloc(layout *w, const fgoi_pattern *p)
{
    const size_t n = (size_t)p->n, blocks = p->start[n];
    return (w->position = fgoi_alloc(n, sizeof *w->position)) && (w->scalar = fgoi_alloc(n + 1, sizeof *w->scalar)) &&
                   (w->height = fgoi_alloc(n, sizeof *w->height)) && (w->filled = fgoi_alloc(n, sizeof *w->filled)) &&
                   (w->row_start = fgoi_alloc(n + 2, sizeof *w->row_start)) &&
                   (w->by_row = fgoi_alloc(blocks, sizeof *w->by_row)) && (w->col = fgoi_alloc(blocks, sizeof *w->col))
               ? 0
               : -1;
}

/* Returns whether natural block (i, j) is stored as (j, i). In the lower triangle the later position is the row, in the upper one
 * the earlier. */
static int is_transposed(const layout *w, int i, int j, int upper)
{
    return i != j && (w->position[i] < w->position[j]) != upper;
}

/* Computes the column heights of A and sorts its blocks by row position: CHOLMOD requires ascending rows in each column. */
static void sort_blocks(const fgoi_pattern *p, int upper, layout *w)
{
    for (int j = 0; j < p->n; j++) w->scalar[w->position[j] + 1] = (size_t)p->dim[j];
    for (int q = 0; q < p->n; q++) w->scalar[q + 1] += w->scalar[q];
    for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < p->n; j++)
            for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
                const int i = p->row[k], swap = is_transposed(w, i, j, upper), row = swap ? j : i, col = swap ? i : j;
                w->col[k] = j;
                if (pass)
                    w->by_row[w->row_start[w->position[row] + 1]++] = k;
                else
                    w->row_start[w->position[row] + 2]++, w->height[w->position[col]] += (size_t)p->dim[row];
            }
        if (!pass)
            for (int q = 0; q < p->n; q++) w->row_start[q + 2] += w->row_start[q + 1];
    }
}

/* Fills in the columns and rows of A, and the slot of every block. */
static void place_blocks(const fgoi_pattern *p, int upper, layout *w, cholmod_sparse *A, fgoi_slot *slot)
{
    int *Ap = A->p, *Ai = A->i;
    size_t at = 0;
    for (int q = 0; q < p->n; q++)
        for (size_t c = w->scalar[q]; c < w->scalar[q + 1]; c++, at += w->height[q]) Ap[c] = (int)at;
    Ap[w->scalar[p->n]] = (int)at;
    for (size_t b = 0; b < p->start[p->n]; b++) {
        const size_t k = w->by_row[b];
        const int j = w->col[k], i = p->row[k], swap = is_transposed(w, i, j, upper);
        const int row = w->position[swap ? j : i], col = w->position[swap ? i : j];
        const size_t height = w->height[col], first = (size_t)Ap[w->scalar[col]] + w->filled[col];
        const size_t m = w->scalar[row + 1] - w->scalar[row], n = w->scalar[col + 1] - w->scalar[col];
        slot[k] = (fgoi_slot){ first, (int32_t)height, swap };
        for (size_t c = 0; c < n; c++)
            for (size_t r = 0; r < m; r++) Ai[first + c * height + r] = (int)(w->scalar[row] + r);
        w->filled[col] += m;
    }
}

/* Allocates A for one triangle, and fills in the slots. */
static int make_matrix(solver *s, const fgoi_pattern *p, int upper, layout *w, fgoi_slot *slot)
{
    const size_t n = p->offset[p->n];
    size_t nonzeros = 0;
    sort_blocks(p, upper, w);
    for (int q = 0; q < p->n; q++) nonzeros += w->height[q] * (w->scalar[q + 1] - w->scalar[q]);
    if (nonzeros > INT_MAX || n > INT_MAX) {
        s->common.status = CHOLMOD_TOO_LARGE;
        return -1;
    }
    s->A = cholmod_allocate_sparse(n, n, nonzeros, 1, 1, upper ? 1 : -1, CHOLMOD_REAL, &s->common);
    if (!s->A) return -1;
    place_blocks(p, upper, w, s->A, slot);
    if (nonzeros) memset(s->A->x, 0, nonzeros * sizeof(double));
    s->n = (int)n;
    return 0;
}

/* Allocates all memory that cholmod_solve2 uses: it uses what it is given if that is large enough, and Debian's CHOLMOD 3.0
 * crashes when it finds no memory for the rest. */
static int allocate_vectors(solver *s)
{
    const size_t n = (size_t)s->n, rows = s->L->is_super ? s->L->maxesize : 0;
    cholmod_common *c = &s->common;
    return (s->b = cholmod_allocate_dense(n, 1, n, CHOLMOD_REAL, c)) &&
                   (s->x = cholmod_allocate_dense(n, 1, n, CHOLMOD_REAL, c)) &&
                   (s->Y = cholmod_allocate_dense(n, 1, n, CHOLMOD_REAL, c)) &&
                   (s->E = cholmod_allocate_dense(1, rows, 1, CHOLMOD_REAL, c))
               ? 0
               : -1;
}

/* Has CHOLMOD analyse A in the order that A has, and allocates the vectors of the solve. */
static int analyze_matrix(solver *s, int supernodal, fgo_linear_report *report)
{
    cholmod_common *c = &s->common;
    c->nmethods = 1;
    c->method[0].ordering = CHOLMOD_NATURAL;
    c->postorder = 0;
    c->supernodal = supernodal ? CHOLMOD_SUPERNODAL : CHOLMOD_SIMPLICIAL;
    s->L = cholmod_analyze(s->A, c);
    if (!s->L || allocate_vectors(s)) return -1;
    report->values = s->A->x;
    report->elimination = s->permutation;
    report->bytes = c->memory_inuse;
    report->nonzeros_L = (size_t)c->lnz;
    report->flops = c->fl;
    report->factorization = s->L->is_super ? "supernodal" : "simplicial";
    return 0;
}

static int use_supernodal(double ratio)
{
#ifdef FGOPT_NO_GPL
    (void)ratio;
    return 0; /* the supernodal module is GPL */
#else
    return ratio >= FGOI_SUPERNODAL_FLOPS_PER_NONZERO;
#endif
}

static fgo_status analyze(void *self, const fgo_linear_request *request, fgoi_slot *slot, fgo_linear_report *report)
{
    solver *s = self;
    const fgoi_pattern *p = request->pattern;
    layout w = { 0 };
    double ratio = 0.0;
    release(s);
    s->common.status = CHOLMOD_OK;
    int ok = !layout_alloc(&w, p) && (s->permutation = fgoi_alloc(p->offset[p->n], sizeof *s->permutation));
    if (!ok) s->common.status = CHOLMOD_OUT_OF_MEMORY;
    ok = ok && (ratio = order_blocks(s, p, w.position)) >= 0.0;
    const int supernodal = use_supernodal(ratio);
    ok = ok && !make_matrix(s, p, !supernodal, &w, slot) && !analyze_matrix(s, supernodal, report);
    if (ok)
        for (int j = 0; j < p->n; j++)
            for (int d = 0; d < p->dim[j]; d++) s->permutation[w.scalar[w.position[j]] + (size_t)d] = (int)p->offset[j] + d;
    layout_free(&w);
    if (ok) return FGO_OK;
    release(s);
    return fail(s);
}

/* ---- numbers ---- */

static fgo_outcome factorize(void *self, const double *b, fgo_linear_report *report)
{
    (void)b;
    solver *s = self;
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    const int ok = cholmod_factorize(s->A, s->L, &s->common);
    fgoi_host_threads_restore(before);
    report->bytes = s->common.memory_inuse; /* L is allocated by the first numeric factorization */
    if (!ok && s->common.status == CHOLMOD_OUT_OF_MEMORY) return FGO_OUTCOME_OUT_OF_MEMORY;
    if (ok && s->common.status == CHOLMOD_OK && s->L->minor == (size_t)s->n) return FGO_OUTCOME_SOLVED;
    report->failed_at = s->L->minor < (size_t)s->n ? (size_t)s->permutation[s->L->minor] : SIZE_MAX;
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}

static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    (void)report;
    solver *s = self;
    double *ordered = s->b->x;
    for (int i = 0; i < s->n; i++) ordered[i] = b[s->permutation[i]];
    const fgoi_host_threads before = fgoi_host_threads_quiet();
    const int ok = cholmod_solve2(CHOLMOD_LDLt, s->L, s->b, NULL, &s->x, NULL, &s->Y, &s->E, &s->common);
    fgoi_host_threads_restore(before);
    if (!ok) return FGO_OUTCOME_OUT_OF_MEMORY;
    for (int i = 0; i < s->n; i++) b[s->permutation[i]] = ((const double *)s->x->x)[i];
    return FGO_OUTCOME_SOLVED;
}

const fgo_linear_solver_class fgoi_linear_cholmod = {
    .size = sizeof fgoi_linear_cholmod,
    .name = "cholmod",
    .traits = FGO_LINEAR_IS_EXACT | FGO_LINEAR_TELLS_ORDER,
    .create = create,
    .analyze = analyze,
    .factorize = factorize,
    .solve = solve,
    .free = destroy,
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* factor.h -- the factorization of a front, tile by tile. For inclusion by portable.c, avx2.c and avx512.c only. */
#include "kernel.h"
#include "tile.h"
#include <sched.h>

/* A pivot this small relative to the diagonal of H is rounding error; pivots of pose graphs at their estimates stay above
 * 1e-7. */
#define RELATIVE_PIVOT 1e-14
#define SMALLEST_PIVOT 1e-300 /* its reciprocal is finite */

/* ---- clearing, and adding H ---- */

/* Clears p[first] .. p[end - 1], with stores that the compiler does not turn into a call of memset: most are short. */
INLINE void zero(double *p, int first, int end)
{
    int i = first;
    for (; i < end && i % LANES; i++) {
        p[i] = 0.0;
        __asm__("" ::: "memory");
    }
    for (; i + LANES <= end; i += LANES) {
        store(p + i, (vector){ 0 });
        __asm__("" ::: "memory");
    }
    for (; i < end; i++) {
        p[i] = 0.0;
        __asm__("" ::: "memory");
    }
}

/* Returns the distance in F from a row of column c to the same row of column c + 1. */
INLINE size_t next_column(int rows, int c) { return (size_t)(rows - (int)((unsigned)(c + 1) / S * S)); }

/* Clears columns first .. last - 1 of F, which are contiguous. */
INLINE void zero_columns(double *F, int rows, int first, int last)
{
    double *p = F + fgoi_column(rows, S, first) + first / S * S;
    const double *end = F + fgoi_column(rows, S, last) + last / S * S;
    for (; p < end; p += LANES) {
        store(p, (vector){ 0 });
        __asm__("" ::: "memory");
    }
}

static void clear(const fgoi_layout *l, int f, double *F, fgoi_range columns)
{
    const fgoi_front *front = &l->front[f];
    const int rows = front->rows, first = columns.start, last = first + columns.count;
    if (front->first_child < 0) {
        if (first < front->w) zero_columns(F, rows, first, last < front->w ? last : front->w);
        return;
    }
    const fgoi_range *end = l->gap + l->front[f + 1].gap;
    for (const fgoi_range *g = l->gap + front->gap, *previous = NULL; g < end; previous = g++) {
        const int stored = previous ? previous->start + previous->count : 0, after = g->start + g->count;
        for (int c = stored > first ? stored : first; c < g->start && c < last; c++) /* the child stores to this column */
            for (const fgoi_range *below = g; below < end; below++)
                zero(F + fgoi_column(rows, S, c), below->start, below->start + below->count);
        if (after > first && g->start < last)
            zero_columns(F, rows, g->start > first ? g->start : first, after < last ? after : last);
    }
}

static void extend(const fgoi_layout *l, int c, const double *U, double *F, fgoi_range columns)
{
    const fgoi_front *child = &l->front[c], *front = &l->front[child->parent];
    const int stores = front->first_child == c && front->first_child_stores;
    const uint32_t *start = l->segment_start + child->segment;
    const fgoi_segment *segment = l->segment + start[0];
    for (int k = 0, in_segment = 0; k < child->r; k++) {
        const int column = segment->row + in_segment;
        if (++in_segment == segment->count) segment++, in_segment = 0;
        if (column < columns.start || column >= columns.start + columns.count) continue;
        double *to = F + fgoi_column(front->rows, S, column);
        const double *from = U + fgoi_column(child->U_rows, S, k);
        for (int strip = k / S; strip < child->strips - child->pivot_strips; strip++)
            for (const fgoi_segment *s = l->segment + start[strip], *end = l->segment + start[strip + 1]; s < end; s++) {
                const int i = strip * S + s->lane, skip = k > i ? k - i : 0; /* rows above the diagonal */
                if (stores)
                    copy(to + s->row + skip, from + i + skip, s->count - skip);
                else
                    add(to + s->row + skip, from + i + skip, s->count - skip);
            }
    }
}

static void add_H(const fgoi_layout *l, int f, const double *values, double *F, double *pivot_threshold, fgoi_range columns)
{
    const fgoi_front *front = &l->front[f];
    const fgoi_piece *end = l->piece + l->front[f + 1].piece;
    const int all = columns.start == 0 && columns.count >= front->w, last = columns.start + columns.count;
    values += front->values;
    for (const fgoi_piece *p = l->piece + front->piece; p < end; p++) {
        const double *from = values + p->from;
        const int first = p->col, after = first + p->cols;
        if (p->row == first) /* a block on the diagonal */
            for (int c = 0; c < p->cols; c++)
                if (all || (first + c >= columns.start && first + c < last))
                    pivot_threshold[first + c] = RELATIVE_PIVOT * fabs(from[(size_t)c * (p->ld + 1)]) + SMALLEST_PIVOT;
        double *to = F + fgoi_column(front->rows, S, first) + p->row;
        if (all && first / S == (after - 1) / S) { /* all columns begin with the same strip */
            const size_t step = next_column(front->rows, first - first % S);
            add_columns(to, step, from, p->ld, p->rows, p->cols);
            continue;
        }
        for (int c = first; c < after; from += p->ld, to += next_column(front->rows, c++)) {
            const int top = c / S * S, skip = top > p->row ? top - p->row : 0; /* rows above the diagonal */
            if (all || (c >= columns.start && c < last)) add(to + skip, from + skip, p->rows - skip);
        }
    }
}

/* ---- elimination ---- */

/* Waits until another thread has eliminated pivot strip g. */
INLINE void await(atomic_int *strips_done, int g)
{
    for (int spins = 0; atomic_load_explicit(strips_done, memory_order_acquire) <= g;)
        if (++spins > 1000) sched_yield();
}

/* Sets at[v] to where strip first + v begins, relative to strip `first`. */
INLINE void strips_at(const fgoi_front *f, int first, int T, size_t *at)
{
    UNROLL
    for (int v = 0; v < T; v++) at[v] = fgoi_strip(f, S, first + v) - fgoi_strip(f, S, first);
}

/* Computes L of T strips from `first` on in the columns of the pivot strips before `first`. */
INLINE void eliminate_tile(const fgoi_front_job *job, int first, int T)
{
    const fgoi_front *f = job->front;
    double *rows = job->L + fgoi_strip(f, S, first);
    size_t at[TILE];
    tile t;
    strips_at(f, first, T, at);
    for (int g = 0; g < f->pivot_strips && g < first; g++) {
        const int k = g * S, n = f->w - k < S ? f->w - k : S;
        const double *D = job->L + fgoi_strip(f, S, g);
        if (job->strips_done) await(job->strips_done, g);
        tile_load(&t, T, job->F + fgoi_column(f->rows, S, k) + (size_t)first * S, (size_t)(f->rows - k));
        tile_multiply(&t, T, rows, at, D, k);
        tile_solve(&t, T, n, D + k * S, rows + k * S, at);
    }
}

/* Computes L of pivot strip g and the strips below it in its group, T in all, in the columns of strip g. Returns -1, or the
 * pivot that fails. */
INLINE int pivot_tile(const fgoi_front_job *job, int g, int T)
{
    const fgoi_front *f = job->front;
    const int k = g * S, n = f->w - k < S ? f->w - k : S;
    double *rows = job->L + fgoi_strip(f, S, g);
    size_t at[TILE];
    tile t;
    strips_at(f, g, T, at);
    tile_load(&t, T, job->F + fgoi_column(f->rows, S, k) + k, (size_t)(f->rows - k));
    tile_multiply(&t, T, rows, at, rows, k);
    const int failed = tile_pivots(&t, T, n, job->pivot_threshold + k, rows + k * S, at);
    return failed < 0 ? -1 : k + failed;
}

/* ---- update ---- */

/* Adds a tile to the parent, or stores it; to[c] is the parent's column for column c of the tile. Rows go by segments, with a
 * mask of their lanes: the address of a strip's first lane may lie before the column. diagonal: the first strip contains the
 * diagonal, and F has no place for what is above. */
#if LANES == 8
#define MASK                     __mmask8
#define MASK_OF(from, to)        ((__mmask8)(((1u << (to)) - 1u) & (0xffu << (from)))) /* lanes from .. to - 1 */
#define MASK_AND(a, b)           ((__mmask8)((a) & (b)))
#define MASKED_STORE(p, mask, x) _mm512_mask_storeu_pd(p, mask, (__m512d)(x))
#define MASKED_LOADED(p, mask)   ((vector)_mm512_maskz_loadu_pd(mask, p))
#elif LANES == 4 && defined __AVX2__
#define MASK                     __m256i
INLINE __m256i MASK_OF(int from, int to)
{
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    return _mm256_andnot_si256(_mm256_cmpgt_epi64(_mm256_set1_epi64x(from), lane),
                               _mm256_cmpgt_epi64(_mm256_set1_epi64x(to), lane));
}
#define MASK_AND(a, b)           _mm256_and_si256(a, b)
#define MASKED_STORE(p, mask, x) _mm256_maskstore_pd(p, mask, (__m256d)(x))
#define MASKED_LOADED(p, mask)   ((vector)_mm256_maskload_pd(p, mask))
#endif

#ifdef MASK
INLINE void scatter(const fgoi_front_job *job, const tile *t, int T, int diagonal, int strip, int columns, double *const *to)
{
    UNROLL
    for (int v = 0; v < T; v++) {
        const fgoi_segment *s = job->segment + job->segment_start[strip + v],
                           *end = job->segment + job->segment_start[strip + v + 1];
        for (; s < end; s++) {
            const ptrdiff_t row = s->row - s->lane;
            const MASK all = MASK_OF(s->lane, s->lane + s->count);
            UNROLL
            for (int c = 0; c < S; c++) {
                if (c >= columns) continue;
                MASK mask = all;
                if (diagonal && v == 0) mask = MASK_AND(all, MASK_OF(c, S));
                vector x = t->v[c][v];
                if (!job->stores) x += MASKED_LOADED(to[c] + row, mask);
                MASKED_STORE(to[c] + row, mask, x);
            }
        }
    }
}
#else
INLINE void scatter(const fgoi_front_job *job, const tile *t, int T, int diagonal, int strip, int columns, double *const *to)
{
    double kept[S][S] __attribute__((aligned(64)));
    UNROLL
    for (int u = 0; u < T; u++) {
        const fgoi_segment *s = job->segment + job->segment_start[strip + u],
                           *end = job->segment + job->segment_start[strip + u + 1];
        const int skip = diagonal && u == 0;
        if (s->count == S && !skip) {
            UNROLL
            for (int c = 0; c < S; c++) {
                if (c >= columns) continue;
                UNROLL
                for (int v = 0; v < VECTORS; v++) {
                    double *p = to[c] + s->row + v * LANES;
                    vector x = t->v[c][u * VECTORS + v];
                    if (!job->stores) x += load_loose(p);
                    store_loose(p, x);
                }
            }
            continue;
        }
        UNROLL
        for (int c = 0; c < S; c++) UNROLL
        for (int v = 0; v < VECTORS; v++) store(kept[c] + v * LANES, t->v[c][u * VECTORS + v]);
        for (; s < end; s++)
            for (int c = 0; c < columns; c++) {
                const int lane = skip && c > s->lane ? c : s->lane, count = s->count - (lane - s->lane);
                double *p = to[c] + (s->row + lane - s->lane);
                if (job->stores)
                    copy(p, kept[c] + lane, count);
                else
                    add(p, kept[c] + lane, count);
            }
    }
}
#endif

/* Computes the tile of T strips from strip `row` on by the columns of strip `column`, both update rows, and sends it to the
 * parent. */
INLINE void update_tile(const fgoi_front_job *job, int row, int column, int T, int diagonal)
{
    const fgoi_front *f = job->front;
    const size_t stride = (size_t)f->w * S;
    const int j = (column - f->pivot_strips) * S, columns = f->r - j < S ? f->r - j : S;
    double *to[S];
    size_t at[TILE];
    tile t;
    UNROLL
    for (int v = 0; v < T; v++) at[v] = (size_t)v * stride;
    for (int c = 0; c < S; c++) to[c] = job->parent + job->column[c < columns ? j + c : j];
    if (f->w >= 16 &&
        job->parent_rows > 128) { /* out of the cache, and the product takes long enough to hide it: 5 % on large 3-D graphs */
        const int first = job->segment[job->segment_start[row - f->pivot_strips]].row;
        for (int c = 0; c < columns; c++)
            for (int v = 0; v <= T; v++) __builtin_prefetch(to[c] + first + v * S, 1);
    }
    if (f->first_child < 0)
        tile_zero(&t, T);
    else
        tile_load(&t, T, job->F + fgoi_column(f->rows, S, column * S) + (size_t)row * S, (size_t)(f->rows - column * S));
    tile_multiply(&t, T, job->L_update + (size_t)(row - f->pivot_strips) * stride, at, job->L_update + (size_t)j * (size_t)f->w,
                  f->w);
    scatter(job, &t, T, diagonal, row - f->pivot_strips, columns, to);
}

/* ---- one function for each number of strips, so that it is a constant ---- */

#define NOINLINE __attribute__((noinline))
#define BY_STRIPS(T)                                                                                                             \
    static NOINLINE void eliminate_##T(const fgoi_front_job *job, int first) { eliminate_tile(job, first, T); }                  \
    static NOINLINE int pivot_##T(const fgoi_front_job *job, int g) { return pivot_tile(job, g, T); }                            \
    static NOINLINE void update_##T(const fgoi_front_job *job, int row, int column) { update_tile(job, row, column, T, 0); }     \
    static NOINLINE void diagonal_##T(const fgoi_front_job *job, int row, int column) { update_tile(job, row, column, T, 1); }

BY_STRIPS(1)
#if TILE > 1
BY_STRIPS(2)
#endif
#if TILE > 2
BY_STRIPS(3)
#endif

typedef void strips_function(const fgoi_front_job *job, int first);
typedef int pivots_function(const fgoi_front_job *job, int first);
typedef void pair_function(const fgoi_front_job *job, int row, int column);

#if TILE == 1
static strips_function *const eliminate_strips[] = { NULL, eliminate_1 };
static pivots_function *const pivot_strips[] = { NULL, pivot_1 };
static pair_function *const update_strips[] = { NULL, update_1 };
static pair_function *const diagonal_strips[] = { NULL, diagonal_1 };
#elif TILE == 2
static strips_function *const eliminate_strips[] = { NULL, eliminate_1, eliminate_2 };
static pivots_function *const pivot_strips[] = { NULL, pivot_1, pivot_2 };
static pair_function *const update_strips[] = { NULL, update_1, update_2 };
static pair_function *const diagonal_strips[] = { NULL, diagonal_1, diagonal_2 };
#else
static strips_function *const eliminate_strips[] = { NULL, eliminate_1, eliminate_2, eliminate_3 };
static pivots_function *const pivot_strips[] = { NULL, pivot_1, pivot_2, pivot_3 };
static pair_function *const update_strips[] = { NULL, update_1, update_2, update_3 };
static pair_function *const diagonal_strips[] = { NULL, diagonal_1, diagonal_2, diagonal_3 };
#endif

static int eliminate(const fgoi_front_job *job, int first)
{
    const fgoi_front *f = job->front;
    const int end = first + TILE < f->strips ? first + TILE : f->strips;
    int failed = -1;
    eliminate_strips[end - first](job, first);
    for (int g = first; g < end && g < f->pivot_strips; g++) {
        if (failed < 0) failed = pivot_strips[end - g](job, g);
        if (job->strips_done) atomic_store_explicit(job->strips_done, g + 1, memory_order_release);
        if (failed >= 0 && !job->strips_done) break; /* else other threads wait for the strip, and may go on with any numbers */
    }
    return failed;
}

static void update(const fgoi_front_job *job, int first)
{
    const fgoi_front *f = job->front;
    const int end = first + TILE < f->strips ? first + TILE : f->strips;
    const int row = first > f->pivot_strips ? first : f->pivot_strips;
    for (int column = f->pivot_strips; column < row; column++) update_strips[end - row](job, row, column);
    for (int column = row; column < end; column++) diagonal_strips[end - column](job, column, column);
}

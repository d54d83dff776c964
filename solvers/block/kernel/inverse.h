/* SPDX-License-Identifier: BSD-3-Clause */
/* inverse.h -- one front of the selected inverse (inverse.c). For inclusion by portable.c, avx2.c and avx512.c only.
 *
 * A front holds the rows and columns of Z = H^-1 that belong to its pivots and update rows, as a full symmetric matrix with
 * the numbering of F. Those of the update rows come from the parent. Then one strip g of pivots after the other, the last
 * first, with b all rows below it:  Y = L_bg L_gg^-1,  Z_bg = -Z_bb Y,  Z_gg = (L_gg L_gg')^-1 - Z_gb Y. */

/* Copies the update rows and columns of Z from the parent's front to `to`. */
static void gather(const fgoi_front_job *job, const double *from, size_t from_ld, double *to, size_t ld)
{
    const fgoi_front *f = job->front;
    const int strips = f->strips - f->pivot_strips;
    const fgoi_segment *segment = job->segment + job->segment_start[0];
    for (int k = 0, in_segment = 0; k < f->r; k++, to += ld) {
        const double *column = from + (size_t)(segment->row + in_segment) * from_ld;
        if (++in_segment == segment->count) segment++, in_segment = 0;
        for (int strip = 0; strip < strips; strip++)
            for (const fgoi_segment *s = job->segment + job->segment_start[strip],
                                    *end = job->segment + job->segment_start[strip + 1];
                 s < end; s++)
                copy(to + strip * S + s->lane, column + s->row, s->count);
    }
}

/* Clears the padding, rows and columns of no unknown: they take part in the sums. */
static void clear_padding(const fgoi_front *f, double *Z, size_t ld)
{
    const int rows = f->rows, begin = f->pivot_strips * S, end = begin + f->r;
    for (int c = begin - S; c < begin; c++) zero(Z + (size_t)c * ld, c < f->w ? f->w : 0, c < f->w ? begin : rows);
    for (int c = begin; c < end; c++) {
        zero(Z + (size_t)c * ld, f->w, begin);
        zero(Z + (size_t)c * ld, end, rows);
    }
}

/* Computes t -= A B' over `depth` columns. A: T strips below one another, columns ld apart; B: one strip. */
INLINE void tile_multiply_square(tile *t, int T, const double *A, size_t ld, const double *B, int depth)
{
    for (int k = 0; k < depth; k++, A += ld, B += S) {
        vector a[TILE_VECTORS];
        UNROLL
        for (int v = 0; v < T * VECTORS; v++) {
            a[v] = load(A + v * LANES);
            PIN(a[v]);
        }
        UNROLL
        for (int c = 0; c < S; c++) {
            const vector b = splat(B[c]);
            UNROLL
            for (int v = 0; v < T * VECTORS; v++) t->v[c][v] -= a[v] * b;
        }
    }
}

/* Stores a tile to Z from row `row` and column k on, and its mirror image. */
INLINE void tile_store_symmetric(const tile *t, int T, double *Z, size_t ld, int row, int k)
{
    double kept[S][TILE * S] __attribute__((aligned(64)));
    double *to = Z + (size_t)k * ld + (size_t)row, *mirrored = Z + (size_t)row * ld + (size_t)k;
    UNROLL
    for (int c = 0; c < S; c++) UNROLL
    for (int v = 0; v < T * VECTORS; v++) {
        store(to + (size_t)c * ld + v * LANES, t->v[c][v]);
        store(kept[c] + v * LANES, t->v[c][v]);
    }
    for (int i = 0; i < T * S; i++, mirrored += ld) UNROLL
    for (int c = 0; c < S; c++) mirrored[c] = kept[c][i];
}

INLINE void inverse_tile(const fgoi_front_job *job, size_t ld, const double *Y, int row, int g, int T)
{
    const int first = (g + 1) * S, depth = job->front->pivot_strips * S + job->front->r - first;
    tile t;
    tile_zero(&t, T);
    tile_multiply_square(&t, T, job->F + (size_t)first * ld + (size_t)row, ld, Y, depth);
    tile_store_symmetric(&t, T, job->F, ld, row, g * S);
}

#define INVERSE(T)                                                                                                               \
    static NOINLINE void inverse_##T(const fgoi_front_job *job, size_t ld, const double *Y, int row, int g)                      \
    {                                                                                                                            \
        inverse_tile(job, ld, Y, row, g, T);                                                                                     \
    }
INVERSE(1)
#if TILE > 1
INVERSE(2)
#endif
#if TILE > 2
INVERSE(3)
#endif

static void inverse_rows(const fgoi_front_job *job, size_t ld, const double *Y, int g)
{
    int strip = g + 1;
    for (; strip + TILE <= job->front->strips; strip += TILE)
#if TILE == 1
        inverse_1(job, ld, Y, strip * S, g);
#elif TILE == 2
        inverse_2(job, ld, Y, strip * S, g);
#else
        inverse_3(job, ld, Y, strip * S, g);
    if (strip + 2 == job->front->strips) inverse_2(job, ld, Y, strip * S, g), strip += 2;
#endif
    if (strip < job->front->strips) inverse_1(job, ld, Y, strip * S, g);
}

/* Computes Y = L_bg L_gg^-1, row after row: entry (i, j) is Y[i * S + j], zero after the strip's last pivot. */
static void scale_rows(const fgoi_front_job *job, int g, double *Y)
{
    const fgoi_front *f = job->front;
    const int k = g * S, n = f->w - k < S ? f->w - k : S;
    const double *L = job->L + (size_t)k * S, *D = L + fgoi_strip(f, S, g);
    for (int strip = g + 1; strip < f->strips; strip++, Y += S * S) {
        const double *A = L + fgoi_strip(f, S, strip);
        double kept[S][S] __attribute__((aligned(64)));
        vector y[S][VECTORS];
        UNROLL
        for (int j = S - 1; j >= 0; j--) UNROLL
        for (int v = 0; v < VECTORS; v++) {
            y[j][v] = (vector){ 0 };
            if (j < n) {
                y[j][v] = load(A + j * S + v * LANES);
                UNROLL
                for (int c = j + 1; c < S; c++)
                    if (c < n) y[j][v] -= y[c][v] * splat(D[j * S + c]);
                y[j][v] *= splat(D[j * S + j]);
            }
            store(kept[j] + v * LANES, y[j][v]);
        }
        for (int i = 0; i < S; i++) UNROLL
        for (int j = 0; j < S; j++) Y[i * S + j] = kept[j][i];
    }
}

/* Computes Z_gg, both triangles: `update`, which is -Z_gb Y, plus (L_gg L_gg')^-1 = X' X with X = L_gg^-1. */
static void finish_diagonal(const fgoi_front_job *job, size_t ld, int g, const double *update)
{
    const fgoi_front *f = job->front;
    const int k = g * S, n = f->w - k < S ? f->w - k : S;
    const double *D = job->L + fgoi_strip(f, S, g) + (size_t)k * S;
    double X[S][S], *Z = job->F + (size_t)k * (ld + 1); /* X[column][row] */
    for (int j = 0; j < n; j++) {
        X[j][j] = D[j * S + j];
        for (int i = j + 1; i < n; i++) {
            double sum = 0.0;
            for (int c = j; c < i; c++) sum += D[c * S + i] * X[j][c];
            X[j][i] = -sum * D[i * S + i];
        }
    }
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) {
            double sum = update[j * S + i];
            for (int c = i; c < n; c++) sum += X[i][c] * X[j][c];
            Z[(size_t)j * ld + (size_t)i] = Z[(size_t)i * ld + (size_t)j] = sum;
        }
}

static NOINLINE void inverse_diagonal(const fgoi_front_job *job, size_t ld, const double *Y, int g)
{
    const int first = (g + 1) * S, depth = job->front->pivot_strips * S + job->front->r - first;
    double update[S * S] __attribute__((aligned(64)));
    tile t;
    tile_zero(&t, 1);
    tile_multiply_square(&t, 1, job->F + (size_t)first * ld + (size_t)g * S, ld, Y, depth);
    UNROLL
    for (int c = 0; c < S; c++) UNROLL
    for (int v = 0; v < VECTORS; v++) store(update + c * S + v * LANES, t.v[c][v]);
    finish_diagonal(job, ld, g, update);
}

/* Computes the pivots' rows and columns of Z from the update rows' in F, and copies the pivots' columns to Z, stored as L's are
 * in L. */
static void invert(const fgoi_front_job *job, size_t ld, double *Y, double *Z)
{
    const fgoi_front *f = job->front;
    clear_padding(f, job->F, ld);
    for (int g = f->pivot_strips - 1; g >= 0; g--) {
        scale_rows(job, g, Y);
        inverse_rows(job, ld, Y, g);
        inverse_diagonal(job, ld, Y, g);
    }
    for (int strip = 0; strip < f->strips; strip++)
        for (int c = 0, width = fgoi_strip_width(f, S, strip); c < width; c++, Z += S)
            for (int v = 0; v < VECTORS; v++) store(Z + v * LANES, load(job->F + (size_t)c * ld + strip * S + v * LANES));
}

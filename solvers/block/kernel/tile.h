/* SPDX-License-Identifier: BSD-3-Clause */
/* tile.h -- vectors, and a tile of T strips by S columns that is held in registers. For inclusion by portable.c, avx2.c and
 * avx512.c only, which define LANES, VECTORS and TILE.
 *
 * Every loop over a tile has constant bounds once T is inlined, and is unrolled, so the accumulators are registers. The value
 * of an entry depends on nothing but the group of its row and its column: not on the thread that computes it, nor on when. */
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if LANES == 8 || defined __AVX2__
#include <immintrin.h>
#endif

#define S            (LANES * VECTORS)
#define TILE_VECTORS (TILE * VECTORS) /* vectors in a column of a tile */
#define INLINE       static inline __attribute__((always_inline))
#ifdef __clang__ /* does not know GCC's pragma, and without its own leaves tiles in memory */
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif
#if defined __x86_64__ || defined __i386__
#if LANES == 8
#define PIN(x) __asm__("" : "+v"(x)) /* one load, instead of one folded into each multiply-add: 31 -> 38 GFLOP/s with AVX2 */
#else
#define PIN(x) __asm__("" : "+x"(x))
#endif
#else
#define PIN(x) ((void)0)
#endif

typedef double vector __attribute__((vector_size(LANES * 8), may_alias));
typedef double loose __attribute__((vector_size(LANES * 8), aligned(8), may_alias));
typedef int64_t lanes __attribute__((vector_size(LANES * 8), may_alias));

typedef struct {
    vector v[S][TILE_VECTORS]; /* [column][vector of rows] */
} tile;

INLINE vector load(const double *p) { return *(const vector *)p; }
INLINE vector load_loose(const double *p) { return (vector) * (const loose *)p; }
INLINE void store(double *p, vector x) { *(vector *)p = x; }
INLINE void store_loose(double *p, vector x) { *(loose *)p = (loose)x; }
INLINE vector splat(double x) { return x - (vector){ 0 }; }

/* ---- short vectors: mostly one or two blocks ---- */

#if LANES == 8
INLINE __mmask8 first_lanes(int n) { return (__mmask8)(n < 8 ? (1u << n) - 1u : 0xffu); }

#define SHORT(NAME, RESULT)                                                                                                      \
    INLINE void NAME(double *to, const double *from, int n)                                                                      \
    {                                                                                                                            \
        for (; n > 0; n -= 8, to += 8, from += 8) {                                                                              \
            const __mmask8 mask = first_lanes(n);                                                                                \
            const __m512d x = _mm512_maskz_loadu_pd(mask, to), y = _mm512_maskz_loadu_pd(mask, from);                            \
            (void)x;                                                                                                             \
            _mm512_mask_storeu_pd(to, mask, RESULT);                                                                             \
        }                                                                                                                        \
    }
#else
/* The barrier keeps the compiler from vectorizing the loop over the last one to three numbers, with a remainder of its own. */
#define SHORT(NAME, RESULT)                                                                                                      \
    INLINE void NAME(double *to, const double *from, int n)                                                                      \
    {                                                                                                                            \
        for (; n >= LANES; n -= LANES, to += LANES, from += LANES) {                                                             \
            const vector x = load_loose(to), y = load_loose(from);                                                               \
            (void)x;                                                                                                             \
            store_loose(to, RESULT);                                                                                             \
        }                                                                                                                        \
        for (; n > 0; n--, to++, from++) {                                                                                       \
            const double x = *to, y = *from;                                                                                     \
            (void)x;                                                                                                             \
            *to = RESULT;                                                                                                        \
            __asm__("" ::: "memory");                                                                                            \
        }                                                                                                                        \
    }
#endif
SHORT(add, x + y)      /* to[0 .. n) += from[0 .. n) */
SHORT(subtract, x - y) /* to[0 .. n) -= from[0 .. n) */
SHORT(copy, y)         /* to[0 .. n) = from[0 .. n) */

/* Adds a rectangle: the columns of `from` are ld apart, those of `to` step apart. */
INLINE void add_columns(double *to, size_t step, const double *from, size_t ld, int rows, int cols)
{
#if LANES == 8
    if (rows <= 8) {
        const __mmask8 mask = first_lanes(rows);
        for (int c = 0; c < cols; c++, from += ld, to += step)
            _mm512_mask_storeu_pd(to, mask, _mm512_add_pd(_mm512_maskz_loadu_pd(mask, to), _mm512_maskz_loadu_pd(mask, from)));
        return;
    }
#endif
    for (int c = 0; c < cols; c++, from += ld, to += step) add(to, from, rows);
}

/* ---- tiles ---- */

INLINE void tile_load(tile *t, int T, const double *F, size_t ld)
{
    UNROLL
    for (int c = 0; c < S; c++) UNROLL
    for (int v = 0; v < T * VECTORS; v++) t->v[c][v] = load(F + (size_t)c * ld + v * LANES);
}

INLINE void tile_zero(tile *t, int T)
{
    UNROLL
    for (int c = 0; c < S; c++) UNROLL
    for (int v = 0; v < T * VECTORS; v++) t->v[c][v] = (vector){ 0 };
}

/* Computes t -= A B' over `depth` columns. A: T strips, which begin at A + at[..]; B: one strip. */
INLINE void tile_multiply(tile *t, int T, const double *A, const size_t *at, const double *B, int depth)
{
    for (int k = 0; k < depth; k++, A += S, B += S) {
        vector a[TILE_VECTORS];
        UNROLL
        for (int v = 0; v < T * VECTORS; v++) {
            a[v] = load(A + at[v / VECTORS] + v % VECTORS * LANES);
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

/* Returns vector v of a column of a strip with zeros above row j of the strip. */
INLINE vector from_row(vector x, int j, int v)
{
    lanes keep;
    UNROLL
    for (int i = 0; i < LANES; i++) keep[i] = v * LANES + i >= j ? -1 : 0;
    return (vector)((lanes)x & keep);
}

/* Computes n <= S columns of L from a tile whose first strip contains the diagonal. It goes by L D L', which has one division
 * on the critical path of a column, where L L' would have a square root too; all square roots are taken together at the end.
 * L: these columns of the first strip; those of the other strips are at L + at[..]. Returns -1, or the first pivot that
 * fails its threshold. */
INLINE int tile_pivots(tile *t, int T, int n, const double *pivot_threshold, double *L, const size_t *at)
{
    double d[S], root[S];
    UNROLL
    for (int j = 0; j < S; j++) {
        if (j >= n) {
            d[j] = 1.0;
            continue;
        }
        d[j] = t->v[j][j / LANES][j % LANES];
        const vector inverse = splat(1.0 / d[j]);
        UNROLL
        for (int c = j + 1; c < S; c++) {
            const vector l = splat(t->v[j][c / LANES][c % LANES]) * inverse;
            UNROLL
            for (int v = 0; v < T * VECTORS; v++) t->v[c][v] -= t->v[j][v] * l;
        }
    }
    for (int j = 0; j < n; j++)
        if (!(d[j] > pivot_threshold[j] && d[j] <= DBL_MAX)) return j;
    for (int j = 0; j < S; j++) root[j] = 1.0 / sqrt(d[j]);
    UNROLL
    for (int j = 0; j < S; j++) {
        if (j >= n) continue;
        const vector scale = splat(root[j]);
        UNROLL
        for (int v = 0; v < T * VECTORS; v++) {
            vector x = t->v[j][v] * scale;
            if (v < VECTORS) x = from_row(x, j, v);
            store(L + j * S + at[v / VECTORS] + v % VECTORS * LANES, x);
        }
        L[j * S + j] = root[j];
    }
    return -1;
}

/* Computes n <= S columns of L from a tile below the diagonal. D: these columns of the strip with the diagonal. L, at: as in
 * tile_pivots. */
INLINE void tile_solve(tile *t, int T, int n, const double *D, double *L, const size_t *at)
{
    UNROLL
    for (int j = 0; j < S; j++) {
        if (j >= n) continue;
        const vector scale = splat(D[j * S + j]);
        UNROLL
        for (int v = 0; v < T * VECTORS; v++) {
            t->v[j][v] *= scale;
            store(L + j * S + at[v / VECTORS] + v % VECTORS * LANES, t->v[j][v]);
        }
        UNROLL
        for (int c = j + 1; c < S; c++) {
            const vector l = splat(D[j * S + c]);
            UNROLL
            for (int v = 0; v < T * VECTORS; v++) t->v[c][v] -= t->v[j][v] * l;
        }
    }
}

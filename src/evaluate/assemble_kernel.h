/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble_kernel.h -- the kernels of assemble.h, as source for one instruction set. The including file defines LANES
 * (doubles in a vector), LEVEL and KERNELS (the name of the table).
 *
 * A block is gathered in registers: row i of the block is a vector over j, the factor's row of J_q times the number J_p[i].
 * Vectors reach beyond the end of a row of J into what follows; those lanes are never stored. */
#include "assemble.h"
#include <string.h>

typedef double vec __attribute__((vector_size(8 * LANES)));
typedef double loose __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef double vec4 __attribute__((vector_size(32)));
typedef double loose4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double vec2 __attribute__((vector_size(16)));
typedef double loose2 __attribute__((vector_size(16), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 8")

enum { VECTORS_OF_6 = (6 + LANES - 1) / LANES };

/* Stores the first n numbers of v[0], v[1], .. at `out`. */
INLINE void store(int n, const vec *v, double *out)
{
#if LANES == 8
    if (n == 6) {
        *(loose4 *)out = __builtin_shufflevector(v[0], v[0], 0, 1, 2, 3);
        *(loose2 *)(out + 4) = __builtin_shufflevector(v[0], v[0], 4, 5);
    } else {
        *(loose2 *)out = __builtin_shufflevector(v[0], v[0], 0, 1);
        if (n == 3) out[2] = v[0][2];
    }
#elif LANES == 4
    if (n == 6) {
        *(loose4 *)out = v[0];
        *(loose2 *)(out + 4) = __builtin_shufflevector(v[1], v[1], 0, 1);
    } else {
        *(loose2 *)out = __builtin_shufflevector(v[0], v[0], 0, 1);
        if (n == 3) out[2] = v[0][2];
    }
#else
    UNROLL
    for (int k = 0; k + 1 < n; k += 2) *(loose2 *)(out + k) = v[k / 2];
    if (n % 2) out[n - 1] = v[n / 2][0];
#endif
}

/* Gathers the rows first .. first + count - 1 of the block, and with with_b also J_q' r. All int arguments are constants where
 * this function is inlined. */
INLINE void gather_rows(int n, int first, int count, int with_b, const fgoi_term *t, const fgoi_term *end, const double *J,
                        const double *r, int swap, double *out, size_t ld, double *b)
{
    const int vectors = (n + LANES - 1) / LANES;
    vec sum[6][VECTORS_OF_6], sum_b[VECTORS_OF_6];
    memset(sum, 0, sizeof sum);
    memset(sum_b, 0, sizeof sum_b);
    for (; t < end; t++) {
        const double *P = J + t->J + (swap ? t->b : t->a) + first, *Q = J + t->J + (swap ? t->a : t->b), *e = r + t->r;
        const size_t width = t->ld;
        for (int k = t->rows; k > 0; k--, P += width, Q += width, e++) {
            vec q[VECTORS_OF_6];
            UNROLL
            for (int v = 0; v < vectors; v++) q[v] = *(const loose *)(Q + v * LANES);
            UNROLL
            for (int i = 0; i < count; i++) {
                UNROLL
                for (int v = 0; v < vectors; v++) sum[i][v] += P[i] * q[v];
            }
            if (with_b) {
                UNROLL
                for (int v = 0; v < vectors; v++) sum_b[v] += *e * q[v];
            }
        }
    }
    UNROLL
    for (int i = 0; i < count; i++) store(n, sum[i], out + (size_t)(first + i) * ld);
    if (with_b) store(n, sum_b, b);
}

/* As many rows at a time as fit the registers, of which there are 16, or 32 with AVX-512. */
enum { ROWS_OF_6 = LANES == 2 ? 3 : 6 };

/* Gathers the n x n block, at_once rows at a time. */
INLINE void gather(int n, int at_once, const fgoi_term *t, const fgoi_term *end, const double *J, const double *r, int swap,
                   double *out, size_t ld, double *b)
{
    for (int first = 0; first < n; first += at_once) {
        if (b && first == 0)
            gather_rows(n, first, at_once, 1, t, end, J, r, swap, out, ld, b);
        else
            gather_rows(n, first, at_once, 0, t, end, J, r, swap, out, ld, NULL);
    }
}

static void gather_2(const fgoi_term *t, const fgoi_term *end, const double *J, const double *r, int swap, double *out, size_t ld,
                     double *b)
{
    gather(2, 2, t, end, J, r, swap, out, ld, b);
}

static void gather_3(const fgoi_term *t, const fgoi_term *end, const double *J, const double *r, int swap, double *out, size_t ld,
                     double *b)
{
    gather(3, 3, t, end, J, r, swap, out, ld, b);
}

static void gather_6(const fgoi_term *t, const fgoi_term *end, const double *J, const double *r, int swap, double *out, size_t ld,
                     double *b)
{
    gather(6, ROWS_OF_6, t, end, J, r, swap, out, ld, b);
}

/* ---- whitening: row i needs only the rows i .. n - 1, so in ascending order nothing is overwritten that is still needed ---- */

static void whiten_3x6(size_t count, const double *W, double *J)
{
    for (; count; count--, W += 6, J += 18) {
        vec2 x[3][3];
        UNROLL
        for (int i = 0; i < 9; i++) x[i / 3][i % 3] = *(const loose2 *)(J + 2 * i);
        UNROLL
        for (int c = 0; c < 3; c++) {
            *(loose2 *)(J + 2 * c) = W[0] * x[0][c] + W[1] * x[1][c] + W[2] * x[2][c];
            *(loose2 *)(J + 6 + 2 * c) = W[3] * x[1][c] + W[4] * x[2][c];
            *(loose2 *)(J + 12 + 2 * c) = W[5] * x[2][c];
        }
    }
}

#if LANES >= 4
#define WIDE       vec4
#define LOOSE_WIDE loose4
#else
#define WIDE       vec2
#define LOOSE_WIDE loose2
#endif
enum { WIDTH = sizeof(WIDE) / sizeof(double) };

static void whiten_6x12(size_t count, const double *W, double *J)
{
    for (; count; count--, W += 21, J += 72)
        for (int c = 0; c < 12; c += WIDTH) {
            WIDE x[6];
            const double *w = W;
            UNROLL
            for (int i = 0; i < 6; i++) x[i] = *(const LOOSE_WIDE *)(J + 12 * i + c);
            UNROLL
            for (int i = 0; i < 6; i++) {
                WIDE sum = w[0] * x[i];
                UNROLL
                for (int k = i + 1; k < 6; k++) sum += w[k - i] * x[k];
                *(LOOSE_WIDE *)(J + 12 * i + c) = sum;
                w += 6 - i;
            }
        }
}

extern const fgoi_assemble_kernels KERNELS;
const fgoi_assemble_kernels KERNELS = { LEVEL, { [2] = gather_2, [3] = gather_3, [6] = gather_6 }, whiten_3x6, whiten_6x12 };

/* SPDX-License-Identifier: BSD-3-Clause */
/* block_kernel_solve.h -- triangular solves with the strips of one front. For inclusion by block_kernel_*.c only. */
enum { CHAINS = 4 }; /* strips at once, because one chain of multiply-adds would wait for its latency */

/* sum[u] = L x over columns 0 .. depth - 1 of `count` strips from A on. */
INLINE void strips_times(const double *A, size_t stride, int count, const double *x, int depth, vector (*sum)[VECTORS])
{
    vector s[CHAINS][VECTORS] = { { { 0 } } };
    for (int k = 0; k < depth; k++) {
        const vector xk = splat(x[k]);
        UNROLL
        for (int u = 0; u < count; u++)
            UNROLL
            for (int v = 0; v < VECTORS; v++) s[u][v] += load(A + (size_t)u * stride + k * S + v * LANES) * xk;
    }
    UNROLL
    for (int u = 0; u < count; u++)
        UNROLL
        for (int v = 0; v < VECTORS; v++) sum[u][v] = s[u][v];
}

INLINE double total(vector x)
{
#if LANES == 8
    return _mm512_reduce_add_pd((__m512d)x);
#else
    double sum = x[0];
    UNROLL
    for (int i = 1; i < LANES; i++) sum += x[i];
    return sum;
#endif
}

static void forward(const fgoi_layout *l, int f, const double *L, double *y, double *t)
{
    const fgoi_front *front = &l->front[f];
    const size_t stride = (size_t)front->w * S;
    const double *reciprocal = L + front->reciprocal, *A = L + front->L;
    const int w = front->w;
    int g = 0;
    y += front->first_scalar;
    for (; g < front->pivot_strips; g++) {
        const int k = g * S, n = w - k < S ? w - k : S;
        vector sum[1][VECTORS];
        double left[S] __attribute__((aligned(64)));
        strips_times(A + (size_t)g * stride, stride, 1, t, k, sum);
        for (int v = 0; v < VECTORS; v++) store(left + v * LANES, sum[0][v]);
        const double *D = A + (size_t)g * stride + (size_t)k * S;
        for (int j = 0; j < n; j++) {
            t[k + j] = y[k + j] = (y[k + j] - left[j]) * reciprocal[k + j];
            for (int i = j + 1; i < n; i++) left[i] += D[j * S + i] * t[k + j];
        }
    }
    double *below = t + (size_t)g * S;
    for (; g + CHAINS <= front->strips; g += CHAINS)
        strips_times(A + (size_t)g * stride, stride, CHAINS, t, w, (vector(*)[VECTORS])(t + (size_t)g * S));
    for (; g < front->strips; g++)
        strips_times(A + (size_t)g * stride, stride, 1, t, w, (vector(*)[VECTORS])(t + (size_t)g * S));
    y -= front->first_scalar;
    for (const fgoi_stretch *run = l->run + front->run, *end = l->run + l->front[f + 1].run; run < end; run++)
        for (int i = 0; i < run->count; i++) y[run->start + i] -= *below++;
}

static void backward(const fgoi_layout *l, int f, const double *L, double *x, double *t)
{
    const fgoi_front *front = &l->front[f];
    const size_t stride = (size_t)front->w * S;
    const double *reciprocal = L + front->reciprocal;
    double *below = t + (size_t)front->pivot_strips * S;
    for (int i = front->w; i < front->pivot_strips * S; i++) t[i] = 0.0;
    for (const fgoi_stretch *run = l->run + front->run, *end = l->run + l->front[f + 1].run; run < end; run++)
        for (int i = 0; i < run->count; i++) *below++ = x[run->start + i];
    while (below < t + (size_t)front->strips * S) *below++ = 0.0;
    x += front->first_scalar;
    for (int g = front->pivot_strips - 1; g >= 0; g--) {
        const int k = g * S, n = front->w - k < S ? front->w - k : S;
        const double *D = L + front->L + (size_t)g * stride + (size_t)k * S;
        vector sum[S] = { { 0 } };
        double left[S];
        for (int s = g + 1; s < front->strips; s++) { /* columns from n on are of no use, and of no harm */
            const double *A = D + (size_t)(s - g) * stride;
            UNROLL
            for (int v = 0; v < VECTORS; v++) {
                const vector xs = load(t + (size_t)s * S + v * LANES);
                UNROLL
                for (int c = 0; c < S; c++) sum[c] += load(A + c * S + v * LANES) * xs;
            }
        }
        UNROLL
        for (int c = 0; c < S; c++) left[c] = total(sum[c]);
        for (int j = n - 1; j >= 0; j--) {
            t[k + j] = x[k + j] = (x[k + j] - left[j]) * reciprocal[k + j];
            for (int c = 0; c < j; c++) left[c] += D[c * S + j] * t[k + j];
        }
    }
}

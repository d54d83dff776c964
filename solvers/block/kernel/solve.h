/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.h -- triangular solves with the strips of one front. For inclusion by portable.c, avx2.c and avx512.c only. */
enum { CHAINS = 4 }; /* strips that are multiplied together: a single chain of multiply-adds would wait for its latency */

/* Computes sum[u] = L x over columns 0 .. depth - 1, for strip u of the `count` strips from A on. */
INLINE void strips_times(const double *A, size_t stride, int count, const double *x, int depth, vector (*sum)[VECTORS])
{
    vector s[CHAINS][VECTORS] = { { { 0 } } };
    for (int k = 0; k < depth; k++) {
        const vector xk = splat(x[k]);
        UNROLL
        for (int u = 0; u < count; u++) UNROLL
        for (int v = 0; v < VECTORS; v++) s[u][v] += load(A + (size_t)u * stride + k * S + v * LANES) * xk;
    }
    UNROLL
    for (int u = 0; u < count; u++) UNROLL
    for (int v = 0; v < VECTORS; v++) sum[u][v] = s[u][v];
}

/* Sets rest[c] to the sum of the lanes of x[c]. */
INLINE void totals(const vector *x, double *rest)
{
    UNROLL
    for (int c = 0; c < S; c++) {
        double half[LANES / 2];
        UNROLL
        for (int i = 0; i < LANES / 2; i++) half[i] = x[c][i] + x[c][i + LANES / 2];
        UNROLL
        for (int n = LANES / 4; n > 0; n /= 2) UNROLL
        for (int i = 0; i < n; i++) half[i] += half[i + n];
        rest[c] = half[0];
    }
}

static void forward(const fgoi_layout *l, int f, const double *L, double *y, double *t)
{
    const fgoi_front *front = &l->front[f];
    const size_t stride = (size_t)front->w * S;
    const int w = front->w;
    int g = 0;
    y += front->first_scalar;
    for (; g < front->pivot_strips; g++) {
        const int k = g * S, n = w - k < S ? w - k : S;
        const double *A = L + front->L + fgoi_strip(front, S, g), *D = A + (size_t)k * S;
        vector rest[1][VECTORS];
        strips_times(A, stride, 1, t, k, rest);
        for (int v = 0; v < VECTORS; v++) rest[0][v] = load_loose(y + k + v * LANES) - rest[0][v];
        UNROLL
        for (int j = 0; j < S; j++) {
            if (j >= n) continue;
            const double x = rest[0][j / LANES][j % LANES] * D[j * S + j];
            t[k + j] = y[k + j] = x;
            UNROLL
            for (int v = j / LANES; v < VECTORS; v++) rest[0][v] -= load(D + j * S + v * LANES) * splat(x);
        }
    }
    double *below = t + (size_t)g * S;
    const double *A = L + front->L + fgoi_strip(front, S, g);
    for (; g + CHAINS <= front->strips; g += CHAINS, A += CHAINS * stride)
        strips_times(A, stride, CHAINS, t, w, (vector(*)[VECTORS])(t + (size_t)g * S));
    for (; g < front->strips; g++, A += stride) strips_times(A, stride, 1, t, w, (vector(*)[VECTORS])(t + (size_t)g * S));
    y -= front->first_scalar;
    for (const fgoi_range *range = l->update_range + front->update_range, *end = l->update_range + l->front[f + 1].update_range;
         range < end; range++)
        subtract(y + range->start, below, range->count), below += range->count;
}

/* Adds the products of column c of the strip A with x, lane by lane, to sum[c]. */
INLINE void strip_dot(const double *A, const double *x, vector *sum)
{
    UNROLL
    for (int v = 0; v < VECTORS; v++) {
        const vector xs = load(x + v * LANES);
        UNROLL
        for (int c = 0; c < S; c++) sum[c] += load(A + c * S + v * LANES) * xs;
    }
}

static void backward(const fgoi_layout *l, int f, const double *L, double *x, double *t)
{
    const fgoi_front *front = &l->front[f];
    const size_t stride = (size_t)front->w * S;
    const double *update = L + front->L + fgoi_strip(front, S, front->pivot_strips);
    double *below = t + (size_t)front->pivot_strips * S;
    for (int i = front->w; i < front->pivot_strips * S; i++) t[i] = 0.0;
    for (const fgoi_range *range = l->update_range + front->update_range, *end = l->update_range + l->front[f + 1].update_range;
         range < end; range++)
        copy(below, x + range->start, range->count), below += range->count;
    while (below < t + (size_t)front->strips * S) *below++ = 0.0;
    x += front->first_scalar;
    for (int g = front->pivot_strips - 1; g >= 0; g--) {
        const int k = g * S, n = front->w - k < S ? front->w - k : S;
        const double *D = L + front->L + fgoi_strip(front, S, g) + (size_t)k * S, *A = update + (size_t)k * S;
        vector sum[S] = { { 0 } }; /* columns from n on are computed, but not used */
        double rest[S];
        const double *pivots = D + fgoi_strip_width(front, S, g) * S;
        for (int s = g + 1; s < front->pivot_strips; pivots += ++s * S * S) strip_dot(pivots, t + (size_t)s * S, sum);
        for (int s = front->pivot_strips; s < front->strips; s++, A += stride) strip_dot(A, t + (size_t)s * S, sum);
        totals(sum, rest);
        UNROLL
        for (int j = S - 1; j >= 0; j--) {
            if (j >= n) continue;
            const double xj = (x[k + j] - rest[j]) * D[j * S + j];
            t[k + j] = x[k + j] = xj;
            UNROLL
            for (int c = 0; c < j; c++) rest[c] += D[c * S + j] * xj;
        }
    }
}

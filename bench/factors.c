/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- nanoseconds per factor: residual only, residual and Jacobian by dual numbers, and the same by
 * hand-written analytic Jacobians. One thread; a batch that fits the cache. In each round every class is timed once,
 * the best of some passes, and ratios are formed within the round; medians over rounds are printed.
 *
 *     cc -O2 -fno-math-errno -ffp-contract=off -Iinclude bench/factors.c factors/between_*.c -lm
 *     with -mavx2 -mfma -fno-tree-slp-vectorize: that vectorizer costs the analytic Jacobian a tenth (gcc 12) */
#define _POSIX_C_SOURCE 200809L
#define FGO_PARTIALS    (FGO_SE3 + FGO_SE3)
#include <fgopt/factors.h>
#include <fgopt/residual.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 256, PASSES = 8, ROUNDS = 101, CLASSES = 6 };

/* e = (t, q_xyz) of z^-1 a^-1 b. With p = a^-1 b: de/dua = -Rz', de/dub = Rz' Rp, dt/dwa = Rz' [tp]x,
 * dq/dwb = Q = (qw I + [q]x) / 2, dq/dwa = -Q Rp'. */
FGO_JACOBIAN2(analytic_se3, 6, fgo_se3, se3, a, se3, b)
{
    fgo_so3 Ra = { { a[3], a[4], a[5], a[6] } }, Rb = { { b[3], b[4], b[5], b[6] } };
    fgo_so3 Rz = fgo_so3_inv(fgo_se3_rotation(*z)), Rp = fgo_so3_mul(fgo_so3_inv(Ra), Rb);
    fgo_so3 q = fgo_so3_hemisphere(fgo_so3_mul(Rz, Rp));
    double t[3];
    fgo_so3_apply(fgo_so3_inv(Ra), b[0] - a[0], b[1] - a[1], b[2] - a[2], t);
    fgo_so3_apply(Rz, t[0] - z->t[0], t[1] - z->t[1], t[2] - z->t[2], e);
    e[3] = q.q[0], e[4] = q.q[1], e[5] = q.q[2];
    if (!J) return;
    fgo_mat3 Z = fgo_so3_matrix(Rz), P = fgo_so3_matrix(Rp), zero = { { 0 } };
    fgo_mat3 X = { { 0, -t[2], t[1], t[2], 0, -t[0], -t[1], t[0], 0 } };
    fgo_mat3 Q = fgo_axis_matrix(0.5 * q.q[3], 0.5, 0.0, q.q);
    fgo_mat3 ZX = fgo_matmul(Z, X), ZP = fgo_matmul(Z, P), QP = fgo_matmul(Q, fgo_transpose(P));
    const fgo_mat3 *top[4] = { &Z, &ZX, &ZP, &zero }, *bottom[4] = { &zero, &QP, &zero, &Q };
    const double top_sign[4] = { -1, 1, 1, 1 }, bottom_sign[4] = { 1, -1, 1, 1 };
    FGO_UNROLL
    for (int i = 0; i < 3; i++) {
        FGO_UNROLL
        for (int j = 0; j < 12; j++) {
            J[12 * i + j] = top_sign[j / 3] * top[j / 3]->m[3 * i + j % 3];
            J[12 * (i + 3) + j] = bottom_sign[j / 3] * bottom[j / 3]->m[3 * i + j % 3];
        }
    }
}

/* e = (t, angle) of z^-1 a^-1 b; with p = a^-1 b: de/dua = -Rz', de/dub = Rz' Rp, dt/dwa = -Rz' tp^perp */
static int analytic_se2(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const fgo_se2 *m = z;
    (void)self;
    for (size_t n = 0; n < count; n++, x += 2, e += 3, m++) {
        const double *a = x[0], *b = x[1];
        double dx = b[0] - a[0], dy = b[1] - a[1], tx = a[2] * dx + a[3] * dy, ty = a[2] * dy - a[3] * dx;
        double pc = a[2] * b[2] + a[3] * b[3], ps = a[2] * b[3] - a[3] * b[2];
        double c = m->c * pc + m->s * ps, s = m->c * ps - m->s * pc;
        e[0] = m->c * (tx - m->x) + m->s * (ty - m->y);
        e[1] = m->c * (ty - m->y) - m->s * (tx - m->x);
        e[2] = atan2(s, c);
        if (!J) continue;
        const double block[18] = {
            -m->c, -m->s, m->c * ty - m->s * tx, c, -s, 0, m->s, -m->c, -m->s * ty - m->c * tx, s, c, 0, 0, 0, -1, 0, 0, 1
        };
        memcpy(J, block, sizeof block);
        J += 18;
    }
    return 0;
}

static uint64_t state = 1;
static double uniform(void) /* in (-1, 1) */
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(int64_t)state / 9223372036854775808.0;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double values[2 * BATCH][7], measurements[BATCH * 7], e[BATCH * 6], J[BATCH * 72];

/* Consecutive poses half a metre and some tenths of a radian apart, measurements within noise of them. */
static void make(const fgo_factor_class *c, const double **x)
{
    int planar = c->rows == 3, n = planar ? 4 : 7;
    for (int i = 0; i < 2 * BATCH; i++) {
        double *v = values[i], r = uniform(), p = i % 2 ? 0.2 : 0.0;
        x[i] = v;
        for (int k = 0; k < 3; k++) v[k] = i % 2 ? values[i - 1][k] + 0.5 * uniform() : 10.0 * uniform();
        if (planar)
            v[2] = cos(3.0 * r), v[3] = sin(3.0 * r);
        else
            for (int k = 3; k < 7; k++) v[k] = i % 2 ? values[i - 1][k] : uniform() + p;
        if (!planar) {
            double l = sqrt(v[3] * v[3] + v[4] * v[4] + v[5] * v[5] + v[6] * v[6]);
            for (int k = 3; k < 7; k++) v[k] /= l;
        }
    }
    for (int i = 0; i < BATCH; i++) {
        double angle = 0.05 * uniform(), z3[7] = { 0.1, 0.2, 0.0, sin(angle), 0, 0, cos(angle) };
        double z2[4] = { 0.1, 0.2, cos(angle), sin(angle) };
        memcpy(measurements + i * n, planar ? z2 : z3, (size_t)n * sizeof(double));
    }
}

static double time_ns(const fgo_factor_class *c, const double **x, double *jacobian)
{
    double best = 1e9;
    for (int p = 0; p < PASSES; p++) {
        double start = now_s();
        c->evaluate(c, BATCH, x, measurements, e, jacobian);
        double t = (now_s() - start) / BATCH * 1e9;
        if (t < best) best = t;
    }
    return best;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of `over` / `under`, round by round (or of `over`): least, median, most. */
static void spread(const double *over, const double *under, double out[3])
{
    double sorted[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) sorted[i] = under ? over[i] / under[i] : over[i];
    qsort(sorted, ROUNDS, sizeof *sorted, ascending);
    out[0] = sorted[0], out[1] = sorted[ROUNDS / 2], out[2] = sorted[ROUNDS - 1];
}

int main(void)
{
    const fgo_factor_class se2 = { .rows = 3, .partials = 6, .name = "analytic_se2", .evaluate = analytic_se2 };
    /* each dual-number class before the analytic one that it is compared with, if there is one */
    const fgo_factor_class *const classes[CLASSES] = { &fgo_between_se2,     &se2,
                                                       &fgo_between_se3,     &fgo_analytic_se3,
                                                       &fgo_between_se2_log, &fgo_between_se3_log };
    const int analytic[CLASSES] = { 1, 0, 3, 0, 0, 0 };
    static double alone[CLASSES][ROUNDS], with[CLASSES][ROUNDS];
    const double *x[2 * BATCH];
    for (int r = 0; r < ROUNDS; r++)
        for (int i = 0; i < CLASSES; i++) {
            make(classes[i], x);
            alone[i][r] = time_ns(classes[i], x, NULL);
            with[i][r] = time_ns(classes[i], x, J);
        }
    printf("| ns per factor, %d doubles in a vector | residual | and Jacobian | Jacobian / residual | dual / analytic "
           "(least .. most) |\n"
           "| --- | --- | --- | --- | --- |\n",
           FGO_SIMD);
    for (int i = 0; i < CLASSES; i++) {
        double value[3], jacobian[3], cost[3], ratio[3];
        spread(alone[i], NULL, value), spread(with[i], NULL, jacobian), spread(with[i], alone[i], cost);
        printf("| %s | %.1f | %.1f | %.2f | ", classes[i]->name, value[1], jacobian[1], cost[1]);
        if (analytic[i]) {
            spread(with[i], with[analytic[i]], ratio);
            printf("%.2f (%.2f .. %.2f) |\n", ratio[1], ratio[0], ratio[2]);
        } else {
            printf("|\n");
        }
    }
    return 0;
}

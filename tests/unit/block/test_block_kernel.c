/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_kernel.c -- the kernels of the block Cholesky on single fronts of every size modulo their tiles, at every
 * level of the CPU, against the textbook's loops. */
#include "base/memory.h"
#include "block/kernel/kernel.h"
#include "support.h"

enum { MOST_W = 28, MOST_R = 52, MARGIN = 64 };

/* A front with a parent of which it is one child, as fgoi_layout describes them. */
typedef struct {
    fgoi_layout l;
    fgoi_front front[3]; /* child, parent, end */
    fgoi_segment segment[MOST_R];
    uint32_t segment_start[MOST_R + 1], column[MOST_R];
    int map[MOST_R];
    fgoi_range gap[MOST_R + 2];
    int S, rows, parent_rows;
    size_t F_size, L_size, P_size;
    double *F, *L, *P, *memory;
} fixture;

static double *aligned(double **p, size_t count)
{
    double *at = *p;
    *p += (count + 7) & ~(size_t)7;
    return at;
}

/* The update rows go to random rows of the parent, ascending, in blocks of 1 to 6. */
static void make_map(fixture *x, rng *r)
{
    const fgoi_front *f = &x->front[0];
    int row = 0, segments = 0;
    for (int i = 0; i < f->r;) {
        row += rng_below(r, 3);
        for (int n = 1 + rng_below(r, 6); n > 0 && i < f->r; n--) x->map[i++] = row++;
    }
    x->parent_rows = (row + 1 + x->S - 1) / x->S * x->S;
    for (int i = 0; i < f->r; i++) {
        if (i % x->S == 0) x->segment_start[i / x->S] = (uint32_t)segments;
        if (i % x->S == 0 || x->map[i] != x->map[i - 1] + 1)
            x->segment[segments++] = (fgoi_segment){ x->map[i], (int16_t)(i % x->S), 0 };
        x->segment[segments - 1].count++;
    }
    x->segment_start[(f->r + x->S - 1) / x->S] = (uint32_t)segments;
    for (int i = 0; i < f->r; i++) x->column[i] = (uint32_t)fgoi_column(x->parent_rows, x->S, x->map[i]);
}

static void setup(fixture *x, rng *r, const fgoi_block_kernels *k, int w, int update)
{
    memset(x, 0, sizeof *x);
    const int S = x->S = k->S;
    x->front[0] = (fgoi_front){ .w = w, .r = update, .pivot_strips = (w + S - 1) / S, .parent = 1, .first_child = 7 };
    x->front[0].strips = x->front[0].pivot_strips + (update + S - 1) / S;
    x->rows = x->front[0].rows = x->front[0].strips * S;
    make_map(x, r);
    x->front[1] = (fgoi_front){ .rows = x->parent_rows, .parent = -1, .first_child = 0, .first_child_stores = 1 };
    x->F_size = fgoi_columns_size(x->rows, S);
    x->L_size = fgoi_strip(&x->front[0], S, x->front[0].strips);
    x->P_size = fgoi_columns_size(x->parent_rows, S);
    assert_non_null(x->memory = fgoi_alloc(x->F_size + x->L_size + x->P_size + 3 * MARGIN, sizeof(double)));
    double *p = (double *)(((uintptr_t)x->memory + 63) & ~(uintptr_t)63);
    x->F = aligned(&p, x->F_size);
    x->L = aligned(&p, x->L_size);
    p += MARGIN / 2;
    x->P = aligned(&p, x->P_size);
}

/* Row of F of unknown i: pivots first, then update rows. */
static int row_of(const fixture *x, int i)
{
    const fgoi_front *f = &x->front[0];
    return i < f->w ? i : f->pivot_strips * x->S + i - f->w;
}

static double *entry(const fixture *x, int i, int j)
{
    return &x->F[fgoi_column(x->rows, x->S, row_of(x, j)) + (size_t)row_of(x, i)];
}

static double L_entry(const fixture *x, int i, int k)
{
    const int row = row_of(x, i), S = x->S;
    return x->L[fgoi_strip(&x->front[0], S, row / S) + (size_t)(k * S + row % S)];
}

/* Random numbers in F, dominant on the diagonal; what must not be read is NaN, padded rows of pivot columns are 0.
 * A: a copy, full square of the unknowns. */
static void fill(fixture *x, rng *r, double *A)
{
    const fgoi_front *f = &x->front[0];
    const int n = f->w + f->r;
    for (size_t i = 0; i < x->F_size; i++) x->F[i] = NAN;
    for (int k = 0; k < f->w; k++)
        for (int i = k; i < x->rows; i++) x->F[fgoi_column(x->rows, x->S, k) + (size_t)i] = 0.0;
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++)
            A[j * n + i] = *entry(x, i, j) = rng_normal(r) + (i == j ? 3.0 * n * (1 + rng_uniform(r, 0, 9)) : 0.0);
}

/* A becomes its L in the first w columns and the update behind. */
static void reference(int n, int w, double *A)
{
    for (int k = 0; k < w; k++) {
        const double pivot = sqrt(A[k * n + k]);
        for (int i = k; i < n; i++) A[k * n + i] /= pivot;
        for (int j = k + 1; j < n; j++)
            for (int i = j; i < n; i++) A[j * n + i] -= A[k * n + i] * A[k * n + j];
    }
}

static fgoi_front_job job_of(fixture *x, const double *pivot_threshold, int stores)
{
    return (fgoi_front_job){ .front = x->front,
                             .F = x->F,
                             .L = x->L,
                             .L_update = x->L + fgoi_strip(x->front, x->S, x->front[0].pivot_strips),
                             .pivot_threshold = pivot_threshold,
                             .parent = x->P,
                             .parent_rows = x->parent_rows,
                             .column = x->column,
                             .segment_start = x->segment_start,
                             .segment = x->segment,
                             .stores = stores };
}

static void check_update(const fixture *x, const double *A, int n, double before)
{
    const fgoi_front *f = &x->front[0];
    int next = 0;
    for (int j = 0; j < x->parent_rows; j++) {
        const int here = next < f->r && x->map[next] == j;
        int row = here ? next : f->r;
        for (int i = j; i < x->parent_rows; i++) {
            const double got = x->P[fgoi_column(x->parent_rows, x->S, j) + (size_t)i];
            if (row < f->r && x->map[row] == i) {
                assert_close(got, before + A[(f->w + next) * n + f->w + row], 1e-12 * n);
                row++;
            } else {
                assert_true(got == 0.5); /* untouched */
            }
        }
        next += here;
    }
}

static void check_front(rng *r, const fgoi_block_kernels *k, int w, int update)
{
    fixture x;
    double A[(MOST_W + MOST_R) * (MOST_W + MOST_R)], pivot_threshold[MOST_W + 8] = { 0 };
    const int n = w + update, stores = rng_below(r, 2);
    setup(&x, r, k, w, update);
    fill(&x, r, A);
    for (size_t i = 0; i < x.P_size; i++) x.P[i] = 0.5;
    const fgoi_front_job job = job_of(&x, pivot_threshold, stores);
    for (int strip = 0; strip < x.front[0].strips; strip += k->tile) {
        assert_int_equal(k->eliminate(&job, strip), -1);
        if (update) k->update(&job, strip);
    }
    reference(n, w, A);
    for (int j = 0; j < w; j++) {
        assert_close(L_entry(&x, j, j), 1.0 / A[j * n + j], 1e-14);
        for (int i = j + 1; i < n; i++) assert_close(L_entry(&x, i, j), A[j * n + i], 1e-12);
    }
    for (size_t i = 0; i < x.L_size; i++) assert_true(isfinite(x.L[i])); /* padded rows are zeros */
    if (update) check_update(&x, A, n, stores ? 0.0 : 0.5);
    fgoi_free(x.memory);
}

static void test_every_size(UNUSED_STATE)
{
    (void)state;
    rng r = { 31 };
    const fgoi_cpu best = fgoi_cpu_limit(FGOI_CPU_LEVELS);
    for (int level = 0; level <= (int)best; level++) {
        const fgoi_block_kernels *k = fgoi_block_kernels_for((fgoi_cpu)level);
        assert_int_equal(k->level, level); /* the one that was asked for */
        for (int w = 1; w <= MOST_W; w++)
            for (int update = 0; update <= MOST_R; update++) check_front(&r, k, w, update);
    }
}

/* The pivot that is not positive, too small or not finite is the one reported. */
static void test_bad_pivots(UNUSED_STATE)
{
    (void)state;
    rng r = { 32 };
    const double bad[] = { 0.0, -1.0, NAN, INFINITY, -INFINITY, 1e-301 };
    for (int level = 0; level <= (int)fgoi_cpu_limit(FGOI_CPU_LEVELS); level++) {
        const fgoi_block_kernels *k = fgoi_block_kernels_for((fgoi_cpu)level);
        for (int t = 0; t < 600; t++) {
            fixture x;
            double A[(MOST_W + MOST_R) * (MOST_W + MOST_R)], pivot_threshold[MOST_W + 8];
            const int w = 1 + rng_below(&r, MOST_W), at = rng_below(&r, w);
            int failed = -1;
            setup(&x, &r, k, w, 0);
            fill(&x, &r, A);
            for (int j = 0; j < w; j++) pivot_threshold[j] = 1e-300;
            for (int j = 0; j < at; j++) *entry(&x, at, j) = 0.0;
            *entry(&x, at, at) = bad[t % 6];
            const fgoi_front_job job = job_of(&x, pivot_threshold, 0);
            for (int strip = 0; failed < 0 && strip < x.front[0].strips; strip += k->tile) failed = k->eliminate(&job, strip);
            assert_int_equal(failed, at);
            fgoi_free(x.memory);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_size), cmocka_unit_test(test_bad_pivots) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

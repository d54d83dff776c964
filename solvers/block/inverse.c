/* SPDX-License-Identifier: BSD-3-Clause */
/* inverse.c -- the selected inverse: Z = H^-1 on the pattern of L, from the roots to the leaves (K. Takahashi, J.
 * Fagan, M. Chen 1973; A. Erisman, W. Tinney 1975; multifrontal: Y. Campbell, T. Davis 1995).
 *
 * A front needs Z in its update rows and columns, all of which its parent's front has. So this is the factorization backwards:
 * a parent's front lives until its first child, the last to come, has copied from it, and the offsets of the arena serve
 * again. It takes about three times the work of the factorization, and as much memory as L once more. */
#include "inverse.h"
#include "base/memory.h"
#include "cholesky.h"
#include <string.h>

enum { COLUMNS = 6 }; /* right-hand sides that are solved together */

struct fgoi_inverse {
    fgoi_block_solver *s;
    double *Z;                  /* as L in s->L */
    fgoi_layout layout;         /* the solver's, but with fronts of its own: squares, because all of their entries are used */
    double *arena;              /* of these fronts; the solver's arena lies over L */
    int32_t *elimination_index; /* place of each row of H in elimination order */
    double *Y, *y; /* scratch: Y_stride numbers for each worker; COLUMNS vectors, y_stride apart, which are 0 between calls */
    size_t Y_stride, y_stride;
    int *path;              /* scratch: the fronts on the way to a root */
    atomic_int next;        /* the next batch of the schedule */
    fgoi_huge_block memory; /* of Z, Y and y */
};

void fgoi_inverse_free(fgoi_inverse *z)
{
    if (!z) return;
    fgoi_huge_free(&z->memory);
    fgoi_free(z->layout.front);
    fgoi_free(z->elimination_index);
    fgoi_free(z->path);
    fgoi_free(z);
}

static int place_fronts(fgoi_inverse *z)
{
    const fgoi_block_solver *s = z->s;
    const size_t count = (size_t)s->layout.fronts + 1;
    z->layout = s->layout;
    if (!(z->layout.front = fgoi_alloc(count, sizeof *z->layout.front))) return -1;
    memcpy(z->layout.front, s->layout.front, count * sizeof *z->layout.front);
    return s->workers > 1 ? fgoi_arena_place_batches(&z->layout, &s->schedule, FGOI_ARENA_SQUARES)
                          : fgoi_arena_place(&z->layout, FGOI_ARENA_SQUARES);
}

fgoi_inverse *fgoi_inverse_create(fgoi_block_solver *s)
{
    fgoi_inverse *z = fgoi_alloc(1, sizeof *z);
    if (!z) return NULL;
    const size_t S = (size_t)s->kernels->S, L_size = fgoi_round8(s->layout.L_size);
    z->s = s;
    if (place_fronts(z)) {
        fgoi_inverse_free(z);
        return NULL;
    }
    z->y_stride = fgoi_round8((size_t)s->n + S);
    z->Y_stride = fgoi_round8((size_t)s->layout.largest_strips * S * S);
    z->Z = fgoi_huge_alloc(
        &z->memory, (L_size + z->layout.arena_size + (size_t)s->workers * z->Y_stride + COLUMNS * z->y_stride) * sizeof *z->Z);
    z->elimination_index = fgoi_alloc((size_t)s->n, sizeof *z->elimination_index);
    z->path = fgoi_alloc((size_t)s->layout.fronts, sizeof *z->path);
    if (!z->Z || !z->elimination_index || !z->path) {
        fgoi_inverse_free(z);
        return NULL;
    }
    z->arena = z->Z + L_size;
    z->Y = z->arena + z->layout.arena_size;
    z->y = z->Y + (size_t)s->workers * z->Y_stride;
    for (int i = 0; i < s->n; i++) z->elimination_index[s->natural[i]] = i;
    return z;
}

/* ---- the selected inverse ---- */

static size_t ld_of(const fgoi_inverse *z, int rows) { return (size_t)fgoi_square_ld(rows, z->layout.S); }

static fgoi_front_job job_of(const fgoi_inverse *z, int f)
{
    const fgoi_layout *l = &z->layout;
    const fgoi_front *front = &l->front[f];
    return (fgoi_front_job){ .front = front,
                             .F = z->arena + front->F,
                             .L = z->s->L + front->L,
                             .segment_start = l->segment_start + front->segment,
                             .segment = l->segment };
}

/* Copies the update rows and columns of front f from its parent's front to `to`. */
static void gather(const fgoi_inverse *z, int f, double *to, size_t ld)
{
    const fgoi_front *parent = &z->layout.front[z->layout.front[f].parent];
    const fgoi_front_job job = job_of(z, f);
    z->s->kernels->gather(&job, z->arena + parent->F, ld_of(z, parent->rows), to, ld);
}

static void invert_front(const fgoi_inverse *z, int f, double *Y)
{
    const fgoi_block_kernels *k = z->s->kernels;
    const fgoi_front_job job = job_of(z, f);
    const fgoi_front *front = job.front;
    const size_t ld = ld_of(z, front->rows), first = (size_t)(front->pivot_strips * k->S);
    double *to = job.F + first * (ld + 1);
    if (front->U_rows) /* put there by save_for_subtree */
        for (size_t c = 0, U_ld = ld_of(z, front->U_rows); c < (size_t)front->r; c++)
            memcpy(to + c * ld, z->arena + front->U + c * U_ld, (size_t)front->r * sizeof *to);
    else if (front->r)
        gather(z, f, to, ld);
    k->invert(&job, ld, Y, z->Z + front->L);
}

/* Saves to U what the root of a subtree needs of its parent, whose memory other fronts will use. */
static void save_for_subtree(const fgoi_inverse *z, int root)
{
    const fgoi_front *front = &z->layout.front[root];
    gather(z, root, z->arena + front->U, ld_of(z, front->U_rows));
}

static void invert_batches(void *context, size_t worker)
{
    fgoi_inverse *z = context;
    const fgoi_schedule *schedule = &z->s->schedule;
    for (int batch; (batch = atomic_fetch_add(&z->next, 1)) < schedule->batches;)
        for (int k = schedule->batch_start[batch]; k < schedule->batch_start[batch + 1]; k++)
            for (int f = schedule->subtree[k].start + schedule->subtree[k].count - 1; f >= schedule->subtree[k].start; f--)
                invert_front(z, f, z->Y + worker * z->Y_stride);
}

/* Inverts the top fronts one after another, then the batches in parallel. */
static void invert_by_schedule(fgoi_inverse *z)
{
    fgoi_block_solver *s = z->s;
    const fgoi_schedule *schedule = &s->schedule;
    int roots = 0;
    for (int f = 0; f < s->layout.fronts; f++) roots += s->layout.front[f].U_rows > 0;
    for (int i = schedule->stages - 1; i >= 0; i--) {
        const int f = schedule->stage[i].front;
        if (schedule->stage[i].kind != FGOI_STAGE_ELIMINATE) continue; /* there is one for each top front */
        invert_front(z, f, z->Y);
        for (; roots > 0 && s->layout.front[schedule->root[roots - 1]].parent == f; roots--)
            save_for_subtree(z, schedule->root[roots - 1]);
    }
    atomic_store(&z->next, 0);
    fgoi_threads_run(s->threads, (size_t)s->workers, invert_batches, z);
}

void fgoi_inverse_compute(fgoi_inverse *z)
{
    if (z->s->workers > 1) {
        invert_by_schedule(z);
        return;
    }
    for (int f = z->s->layout.fronts - 1; f >= 0; f--) invert_front(z, f, z->Y);
}

/* ---- single blocks ---- */

/* Returns the front that has scalar i, in elimination order, among its pivots. */
static int front_of(const fgoi_layout *l, int i)
{
    int low = 0, high = l->fronts - 1;
    while (low < high) {
        const int middle = (low + high + 1) / 2;
        if (l->front[middle].first_scalar <= i)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Returns the row of scalar i in front f, -1 if it has none. */
static int row_in_front(const fgoi_layout *l, int f, int S, int i)
{
    const fgoi_front *front = &l->front[f];
    int row = front->pivot_strips * S;
    if (i < front->first_scalar + front->w) return i - front->first_scalar;
    for (const fgoi_range *range = l->update_range + front->update_range, *end = l->update_range + l->front[f + 1].update_range;
         range < end; range++) {
        if (i < range->start) return -1;
        if (i < range->start + range->count) return row + i - range->start;
        row += range->count;
    }
    return -1;
}

int fgoi_inverse_block(const fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t ld)
{
    const fgoi_layout *l = &z->s->layout;
    const int S = z->s->kernels->S, a = z->elimination_index[row], b = z->elimination_index[col], first = a < b ? a : b,
              last = a < b ? b : a;
    const int f = front_of(l, first), k = first - l->front[f].first_scalar, i = row_in_front(l, f, S, last);
    const double *Z = z->Z + l->front[f].L;
    if (i < 0) return -1;
    for (int p = 0; p < m; p++)
        for (int q = 0; q < n; q++) {
            const int u = i + (a < b ? q : p), v = k + (a < b ? p : q), down = u > v ? u : v, right = u > v ? v : u;
            out[(size_t)p * ld + (size_t)q] = Z[fgoi_strip(&l->front[f], S, down / S) + (size_t)(right * S + down % S)];
        }
    return 0;
}

/* ---- solves along paths ---- */

/* Computes columns j .. j + count - 1 of H^-1, in the rows of the fronts from that of scalar i to the root, in z->y. Each front
 * takes all columns before the next front, so that L is read once. */
static void solve_columns(fgoi_inverse *z, int i, int j, int count)
{
    const fgoi_block_solver *s = z->s;
    const fgoi_layout *l = &s->layout;
    int length = 0;
    for (int q = 0; q < count; q++) z->y[(size_t)q * z->y_stride + (size_t)(j + q)] = 1.0;
    for (int f = front_of(l, j); f >= 0; f = l->front[f].parent)
        for (int q = 0; q < count; q++) s->kernels->forward(l, f, s->L, z->y + (size_t)q * z->y_stride, s->t);
    for (int f = front_of(l, i); f >= 0; f = l->front[f].parent) z->path[length++] = f;
    while (length--)
        for (int q = 0; q < count; q++) s->kernels->backward(l, z->path[length], s->L, z->y + (size_t)q * z->y_stride, s->t);
}

/* Sets z->y back to 0 in the pivots of the fronts from that of scalar i to the root. */
static void clear_path(fgoi_inverse *z, int i, int count)
{
    const fgoi_layout *l = &z->s->layout;
    for (int f = front_of(l, i); f >= 0; f = l->front[f].parent)
        for (int q = 0; q < count; q++)
            memset(z->y + (size_t)q * z->y_stride + l->front[f].first_scalar, 0, (size_t)l->front[f].w * sizeof *z->y);
}

void fgoi_inverse_solve(fgoi_inverse *z, size_t row, int m, size_t col, int n, double *out, size_t down, size_t right)
{
    const int i = z->elimination_index[row], j = z->elimination_index[col];
    for (int first = 0; first < n; first += COLUMNS) {
        const int count = n - first < COLUMNS ? n - first : COLUMNS;
        solve_columns(z, i, j + first, count);
        for (int q = 0; q < count; q++)
            for (int p = 0; p < m; p++)
                out[(size_t)p * down + (size_t)(first + q) * right] = z->y[(size_t)q * z->y_stride + (size_t)(i + p)];
        clear_path(z, j + first, count);
        clear_path(z, i, count);
    }
}

/* ---- the interface's operations ---- */

fgo_outcome fgoi_block_invert(void *self)
{
    fgoi_block_solver *s = self;
    if (!s->inverse && !(s->inverse = fgoi_inverse_create(s))) return FGO_OUTCOME_OUT_OF_MEMORY;
    fgoi_inverse_compute(s->inverse);
    return FGO_OUTCOME_SOLVED;
}

void fgoi_block_inverse_block(void *self, size_t row, int m, size_t col, int n, double *out, size_t ld)
{
    fgoi_inverse *z = ((fgoi_block_solver *)self)->inverse;
    if (!fgoi_inverse_block(z, row, m, col, n, out, ld)) return;
    if (n <= m)
        fgoi_inverse_solve(z, row, m, col, n, out, ld, 1);
    else
        fgoi_inverse_solve(z, col, n, row, m, out, 1, ld);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"
#include "base/memory.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Subtrees of at most total / (SHARE * threads) cycles, gathered into parts of at least a PART-th of that: small enough
 * that the threads end at about the same time, large enough that few updates take the way by U. */
enum { SHARE = 6, BATCH_DIVISOR = 4 };

typedef struct {
    fgoi_schedule *schedule;
    fgoi_layout *l;
    double *subtree_cycles; /* cycles of each front's subtree */
    int *subtree_fronts;    /* fronts of it */
    int *subtree_first;     /* the first of them */
    int *root_start;        /* fronts + 1: of each front's roots of subtrees in schedule->child */
    int *added;             /* of these, how many an EXTEND has added; -1: the front is not cleared yet */
    size_t stage_capacity;
} builder;

void fgoi_schedule_free(fgoi_schedule *schedule)
{
    fgoi_free(schedule->batch_start);
    fgoi_free(schedule->subtree);
    fgoi_free(schedule->stage);
    fgoi_free(schedule->root);
    fgoi_free(schedule->identity_start);
    fgoi_free(schedule->identity_segment);
    memset(schedule, 0, sizeof *schedule);
}

/* ---- subtrees and parts ---- */

typedef struct {
    double cycles;
    int first, last; /* subtrees */
} batch;

static int longest_first(const void *a, const void *b)
{
    const batch *x = a, *y = b;
    if (x->cycles != y->cycles) return x->cycles < y->cycles ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Puts the parts, longest first, and their subtrees in this order into the schedule. */
static int order_batches(fgoi_schedule *schedule, batch *list, int count, const fgoi_range *subtree, int subtrees)
{
    int k = 0;
    schedule->batch_start = fgoi_alloc((size_t)count + 1, sizeof *schedule->batch_start);
    schedule->subtree = fgoi_alloc((size_t)subtrees, sizeof *schedule->subtree);
    if (!schedule->batch_start || !schedule->subtree) return -1;
    qsort(list, (size_t)count, sizeof *list, longest_first);
    schedule->batches = count;
    for (int i = 0; i < count; i++) {
        for (int t = list[i].first; t <= list[i].last; t++) schedule->subtree[k++] = subtree[t];
        schedule->batch_start[i + 1] = k;
    }
    return 0;
}

/* From now on its update goes to its own columns, one after the other. */
static void send_to_U(fgoi_layout *l, fgoi_front *front)
{
    front->U_rows = (front->strips - front->pivot_strips) * l->S;
    for (int k = 0; k < front->r; k++) l->column[front->column + (size_t)k] = (uint32_t)fgoi_column(front->U_rows, l->S, k);
}

static int find_batches(builder *b, double limit)
{
    fgoi_layout *l = b->l;
    batch *list = fgoi_alloc((size_t)l->fronts, sizeof *list);
    fgoi_range *subtree = fgoi_alloc((size_t)l->fronts, sizeof *subtree);
    int count = 0, subtrees = 0, failed = -1;
    for (int f = 0; list && subtree && f < l->fronts; f++) {
        const int p = l->front[f].parent;
        if (b->subtree_cycles[f] > limit || (p >= 0 && b->subtree_cycles[p] <= limit)) continue; /* above, or within a subtree */
        if (!count || list[count - 1].cycles >= limit / BATCH_DIVISOR) list[count++] = (batch){ .first = subtrees };
        list[count - 1].cycles += b->subtree_cycles[f];
        list[count - 1].last = subtrees;
        subtree[subtrees++] = (fgoi_range){ f - b->subtree_fronts[f] + 1, b->subtree_fronts[f] };
        if (p >= 0) send_to_U(l, &l->front[f]);
    }
    if (list && subtree) failed = order_batches(b->schedule, list, count, subtree, subtrees);
    fgoi_free(list);
    fgoi_free(subtree);
    return failed;
}

/* The roots of subtrees by their parents. */
static int list_roots(builder *b)
{
    const fgoi_layout *l = b->l;
    int *next = b->root_start + 1;
    for (int f = 0; f < l->fronts; f++)
        if (l->front[f].U_rows) next[l->front[f].parent + 1]++;
    for (int f = 0; f < l->fronts; f++) next[f + 1] += next[f];
    if (!(b->schedule->root = fgoi_alloc((size_t)next[l->fronts], sizeof *b->schedule->root))) return -1;
    for (int f = 0; f < l->fronts; f++)
        if (l->front[f].U_rows) b->schedule->root[next[l->front[f].parent]++] = f;
    return 0;
}

/* ---- stages ---- */

static int add_stage(builder *b, fgoi_stage stage)
{
    fgoi_schedule *s = b->schedule;
    if (fgoi_grow(&s->stage, &b->stage_capacity, (size_t)s->stages + 1, sizeof *s->stage)) return -1;
    s->stage[s->stages++] = stage;
    return 0;
}

/* Adds the updates of p's subtrees that come before front `until`, so that the order of all children is kept. */
static int add_extend(builder *b, int p, int until)
{
    const fgoi_layout *l = b->l;
    const int clears = b->added[p] < 0, first = b->root_start[p] + (clears ? 0 : b->added[p]);
    const int columns = l->front[p].rows;
    int last = first;
    while (last < b->root_start[p + 1] && b->schedule->root[last] < until) last++;
    b->added[p] = last - b->root_start[p];
    if (!clears && last == first && until < p) return 0;
    return add_stage(b, (fgoi_stage){ .kind = FGOI_STAGE_EXTEND,
                                      .front = p,
                                      .tasks = (columns + FGOI_EXTEND_COLUMNS - 1) / FGOI_EXTEND_COLUMNS,
                                      .first_root = first,
                                      .end_root = last,
                                      .clears = clears,
                                      .adds_H = until == p });
}

static int add_stages(builder *b, double limit)
{
    const fgoi_layout *l = b->l;
    if (add_stage(b, (fgoi_stage){ .kind = FGOI_STAGE_SUBTREES, .front = -1, .tasks = b->schedule->batches })) return -1;
    for (int f = 0; f < l->fronts; f++) {
        const fgoi_front *front = &l->front[f];
        const int groups = (front->strips + l->tile - 1) / l->tile, before = front->pivot_strips / l->tile;
        if (b->subtree_cycles[f] <= limit) continue;
        if (add_extend(b, f, f) || add_stage(b, (fgoi_stage){ .kind = FGOI_STAGE_ELIMINATE, .front = f, .tasks = groups }))
            return -1;
        if (front->r && (add_extend(b, front->parent, f) ||
                         add_stage(b, (fgoi_stage){ .kind = FGOI_STAGE_UPDATE, .front = f, .tasks = groups - before })))
            return -1;
    }
    return 0;
}

/* The segments of a root's update in its U: whole strips. */
static int make_identity(builder *b)
{
    fgoi_schedule *s = b->schedule;
    const size_t strips = (size_t)b->l->largest_strips;
    s->identity_start = fgoi_alloc(strips + 1, sizeof *s->identity_start);
    s->identity_segment = fgoi_alloc(strips, sizeof *s->identity_segment);
    if (!s->identity_start || !s->identity_segment) return -1;
    for (size_t i = 0; i < strips; i++) {
        s->identity_start[i + 1] = (uint32_t)i + 1;
        s->identity_segment[i] = (fgoi_segment){ (int32_t)i * b->l->S, 0, (int16_t)b->l->S };
    }
    return 0;
}

/* Subtrees whose fronts are not consecutive, because the last columns were to come last, are none that a thread can
 * take: infinite cycles. Returns the cycles of all. */
static double sum_subtrees(builder *b, const double *cycles)
{
    const int n = b->l->fronts;
    double total = 0.0;
    for (int f = 0; f < n; f++) b->subtree_first[f] = f, b->added[f] = -1;
    for (int f = 0; f < n; f++) {
        const int p = b->l->front[f].parent;
        total += cycles[f];
        b->subtree_cycles[f] += cycles[f];
        b->subtree_fronts[f]++;
        if (f - b->subtree_first[f] + 1 != b->subtree_fronts[f]) b->subtree_cycles[f] = INFINITY;
        if (p < 0) continue;
        b->subtree_cycles[p] += b->subtree_cycles[f];
        b->subtree_fronts[p] += b->subtree_fronts[f];
        if (b->subtree_first[f] < b->subtree_first[p]) b->subtree_first[p] = b->subtree_first[f];
    }
    return total;
}

int fgoi_schedule_make(fgoi_schedule *schedule, fgoi_layout *l, const double *cycles, int threads)
{
    const size_t n = (size_t)l->fronts;
    int failed = -1;
    builder b = { .schedule = schedule, .l = l };
    memset(schedule, 0, sizeof *schedule);
    b.subtree_cycles = fgoi_alloc(n, sizeof *b.subtree_cycles);
    b.subtree_fronts = fgoi_alloc(n, sizeof *b.subtree_fronts);
    b.subtree_first = fgoi_alloc(n, sizeof *b.subtree_first);
    b.root_start = fgoi_alloc(n + 2, sizeof *b.root_start);
    b.added = fgoi_alloc(n, sizeof *b.added);
    if (!b.subtree_cycles || !b.subtree_fronts || !b.subtree_first || !b.root_start || !b.added) goto done;
    const double total = sum_subtrees(&b, cycles);
    const double limit = total / (SHARE * threads);
    failed = find_batches(&b, limit) || list_roots(&b) || add_stages(&b, limit) || make_identity(&b) ||
                     fgoi_arena_place_batches(l, schedule, FGOI_ARENA_COLUMNS)
                 ? -1
                 : 0;
done:
    fgoi_free(b.subtree_cycles);
    fgoi_free(b.subtree_fronts);
    fgoi_free(b.subtree_first);
    fgoi_free(b.root_start);
    fgoi_free(b.added);
    return failed;
}

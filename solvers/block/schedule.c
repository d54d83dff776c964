/* SPDX-License-Identifier: BSD-3-Clause */
/* schedule.c -- cuts the tree of fronts into subtrees for single threads, and the work on the top fronts into stages. */
#include "schedule.h"
#include "base/memory.h"
#include "base/sort.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A subtree costs at most `limit` = total / (SHARE * threads) cycles, a batch at least limit / BATCH_DIVISOR, if there is so
 * much: small enough that the threads end at about the same time, large enough that few updates take the detour by U. */
enum { SHARE = 6, BATCH_DIVISOR = 4 };

typedef struct {
    fgoi_schedule *schedule;
    fgoi_layout *l;
    double *subtree_cycles; /* modelled cost of each front's subtree */
    int *subtree_fronts;    /* number of its fronts */
    int *subtree_first;     /* the first of its fronts */
    int *root_start;        /* fronts + 1: where the subtrees' roots with this parent begin in schedule->root */
    int *added;             /* how many of these roots an EXTEND stage has added so far; -1: the front is not cleared yet */
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

/* ---- subtrees and batches ---- */

typedef struct {
    double cycles;
    int first, last; /* subtrees */
} batch;

static int longest_first(const void *a, const void *b)
{
    const batch *x = a, *y = b;
    return x->cycles != y->cycles ? fgoi_compare_double(y->cycles, x->cycles) : fgoi_compare_int64(x->first, y->first);
}

/* Puts the batches, the most expensive first, and their subtrees into the schedule. */
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

/* Makes the update of a root go to its U: U_rows is set, and its column entries are those of U. */
static void send_to_U(fgoi_layout *l, fgoi_front *front)
{
    front->U_rows = (front->strips - front->pivot_strips) * l->S;
    for (int k = 0; k < front->r; k++) l->column[front->column + (size_t)k] = (uint32_t)fgoi_column(front->U_rows, l->S, k);
}

/* Finds the largest subtrees that cost at most `limit`, and gathers neighbours into batches. */
static int find_batches(builder *b, double limit)
{
    fgoi_layout *l = b->l;
    batch *list = fgoi_alloc((size_t)l->fronts, sizeof *list);
    fgoi_range *subtree = fgoi_alloc((size_t)l->fronts, sizeof *subtree);
    int count = 0, subtrees = 0, failed = -1;
    for (int f = 0; list && subtree && f < l->fronts; f++) {
        const int p = l->front[f].parent;
        if (b->subtree_cycles[f] > limit || (p >= 0 && b->subtree_cycles[p] <= limit))
            continue; /* a top front, or inside a subtree */
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

/* Lists the subtrees' roots by their parents. */
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

/* Appends an EXTEND stage for the subtrees' roots among p's children that come before front `until`: the children are added in
 * their order. With until == p, all that are left, and then H. */
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

/* Appends all stages: the subtrees, then each top front after its children. */
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

/* Makes the segments that map a root's update rows to its U: whole strips, each to itself. */
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

/* Sums the cost of each front's subtree. A subtree whose fronts are not consecutive, because some columns are eliminated last,
 * cannot be a batch's: its cost is set to infinity. Returns the cost of all fronts. */
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

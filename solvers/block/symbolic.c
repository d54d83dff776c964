/* SPDX-License-Identifier: BSD-3-Clause */
/* symbolic.c -- the elimination tree (J. Liu, "The role of elimination trees in sparse factorization", 1990), the count of
 * update rows by row subtrees, amalgamation by modelled cost, and the update rows of the fronts. */
#include "symbolic.h"
#include "base/memory.h"
#include <string.h>

/* The constants are fitted on pose graphs. The optimum is flat: each may be wrong by a factor of 2 at a cost of 5 % in time.
 * The terms are: the start of a front; a pivot; the arithmetic of the diagonal blocks, the rows below them and the update, at
 * 2.5 lanes multiply-adds a cycle; and the memory traffic of the update, of clearing the front and of adding H. */
double fgoi_front_cycles(int w, int r, int lanes)
{
    const int round = lanes < 4 ? 4 : lanes;
    const int strips[2] = { (w + round - 1) / round, (r + round - 1) / round };
    const double W = strips[0] * round, R = strips[1] * round, m = W + R;
    const double flops = W * W * W / 3 + W * W * R + W * R * (R + 6);
    return 250 + 40 * W + flops / (2.5 * lanes) + (0.45 * R * R + 0.15 * m * m + 0.3 * W * m) * 4 / lanes;
}

void fgoi_symbolic_free(fgoi_symbolic *s)
{
    fgoi_free(s->scalar);
    fgoi_free(s->cycles);
    if (s->borrowed) {
        memset(s, 0, sizeof *s);
        return;
    }
    fgoi_free(s->position);
    fgoi_free(s->natural);
    fgoi_free(s->front);
    fgoi_free(s->first);
    fgoi_free(s->parent);
    fgoi_free(s->row_start);
    fgoi_free(s->row);
    fgoi_free(s->upper_pattern.start);
    fgoi_free(s->upper_pattern.row);
    fgoi_free(s->upper_pattern.block);
    memset(s, 0, sizeof *s);
}

/* Sorts the blocks of H by the later of their two positions. */
static void sort_upper_pattern(fgoi_upper_pattern *a, const fgoi_pattern *p, const int *position)
{
    const size_t n = (size_t)p->n;
    size_t *next = a->start + 1; /* counts are one place ahead, so that filling ends with the right starts */
    memset(a->start, 0, (n + 2) * sizeof *a->start);
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) {
            const int x = position[j], y = position[p->row[k]];
            next[(x > y ? x : y) + 1]++;
        }
    for (size_t i = 1; i <= n; i++) next[i] += next[i - 1];
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) {
            const int x = position[j], y = position[p->row[k]];
            const size_t at = next[x > y ? x : y]++;
            a->row[at] = x > y ? y : x;
            a->block[at] = k;
        }
}

/* Work arrays over block columns. */
typedef struct {
    int *parent, *count, *head, *next, *stack, *merged_into, *mark, *renumber;
    double *cycles;
    void *all;
} work;

static int work_alloc(work *w, int n)
{
    const size_t size = (size_t)n + 1;
    int **const array[] = { &w->parent, &w->count, &w->head, &w->next, &w->stack, &w->merged_into, &w->mark, &w->renumber };
    enum { ARRAYS = sizeof array / sizeof *array };
    int *all = fgoi_alloc(size, ARRAYS * sizeof *all);
    w->cycles = fgoi_alloc(size, sizeof *w->cycles);
    w->all = all;
    if (!all || !w->cycles) return -1;
    for (size_t i = 0; i < ARRAYS; i++) *array[i] = all + i * size;
    return 0;
}

/* Finds the parent of each position: the first later position that its elimination changes. ancestor: scratch, shortcuts
 * towards the root. */
static void elimination_tree(const fgoi_upper_pattern *a, int n, int *parent, int *ancestor)
{
    for (int i = 0; i < n; i++) {
        parent[i] = ancestor[i] = -1;
        for (size_t k = a->start[i]; k < a->start[i + 1]; k++)
            for (int j = a->row[k], up; j != i; j = up) {
                up = ancestor[j];
                ancestor[j] = i;
                if (up < 0) {
                    parent[j] = i;
                    break;
                }
            }
    }
}

/* Lists the children of each node j, ascending: head[j], next[head[j]], ..., -1. The list of head[n] is the roots. */
static void list_children(const int *parent, int n, int *head, int *next)
{
    for (int j = 0; j <= n; j++) head[j] = -1;
    for (int j = n - 1; j >= 0; j--) {
        const int p = parent[j] < 0 ? n : parent[j];
        next[j] = head[p];
        head[p] = j;
    }
}

/* Sets number[j] to the place of node j in a postorder of the tree. Consumes the lists of children. */
static void postorder(int n, int *head, const int *next, int *stack, int *number)
{
    int k = 0, top = 0;
    stack[0] = n;
    while (top >= 0) {
        const int j = stack[top];
        if (head[j] < 0) {
            if (j < n) number[j] = k++;
            top--;
        } else {
            stack[++top] = head[j];
            head[j] = next[head[j]];
        }
    }
}

/* Renumbers the positions by a postorder of the elimination tree, and sets w->parent to the tree of the new positions. */
static void order_by_tree(fgoi_symbolic *s, const fgoi_pattern *p, work *w)
{
    const int n = s->n;
    sort_upper_pattern(&s->upper_pattern, p, s->position);
    elimination_tree(&s->upper_pattern, n, w->mark, w->stack);
    list_children(w->mark, n, w->head, w->next);
    postorder(n, w->head, w->next, w->stack, w->renumber);
    for (int j = 0; j < n; j++) w->parent[w->renumber[j]] = w->mark[j] < 0 ? -1 : w->renumber[w->mark[j]];
    for (int j = 0; j < n; j++) s->position[j] = w->renumber[s->position[j]];
    sort_upper_pattern(&s->upper_pattern, p, s->position);
}

static void number_scalars(fgoi_symbolic *s, const fgoi_pattern *p)
{
    for (int j = 0; j < s->n; j++) s->natural[s->position[j]] = j;
    for (int q = 0; q < s->n; q++) s->scalar[q + 1] = s->scalar[q] + p->dim[s->natural[q]];
}

/* Sets count[j] to the number of scalar rows below the diagonal block in column j of L. Row i of L has the columns on the tree
 * paths that lead from the columns of row i of H up to i (its row subtree). One step per block of L is far less than the
 * arithmetic on that block. */
static void count_rows(const fgoi_symbolic *s, work *w)
{
    for (int j = 0; j < s->n; j++) w->count[j] = 0, w->mark[j] = -1;
    for (int i = 0; i < s->n; i++) {
        const int dim = s->scalar[i + 1] - s->scalar[i];
        w->mark[i] = i;
        for (size_t k = s->upper_pattern.start[i]; k < s->upper_pattern.start[i + 1]; k++)
            for (int j = s->upper_pattern.row[k]; w->mark[j] != i; j = w->parent[j]) {
                w->mark[j] = i;
                w->count[j] += dim;
            }
    }
}

/* Moves the child with most update rows to the start of p's list: its update covers most of the parent's front. */
static void largest_child_first(int p, const work *w)
{
    int *best = &w->head[p];
    if (*best < 0) return;
    for (int *link = &w->next[*best]; *link >= 0; link = &w->next[*link])
        if (w->count[*link] > w->count[*best]) best = link;
    const int c = *best;
    if (c == w->head[p]) return;
    *best = w->next[c];
    w->next[c] = w->head[p];
    w->head[p] = c;
}

/* Amalgamates columns into fronts, greedily: a parent absorbs a child if that lowers the modelled cost, and may then absorb
 * the child's children. Sets merged_into[j] to the last column of the front of j. width: scratch, the pivots of each front. */
static void amalgamate(const fgoi_symbolic *s, work *w, int *width, const unsigned char *eliminate_last, int lanes)
{
    list_children(w->parent, s->n, w->head, w->next);
    for (int p = 0; p < s->n; p++) {
        w->merged_into[p] = -1;
        width[p] = s->scalar[p + 1] - s->scalar[p];
        w->cycles[p] = fgoi_front_cycles(width[p], w->count[p], lanes);
        largest_child_first(p, w);
        for (int *link = &w->head[p]; *link >= 0;) {
            const int c = *link;
            const double merged = fgoi_front_cycles(width[p] + width[c], w->count[p], lanes);
            const int separate = eliminate_last && eliminate_last[s->natural[p]] != eliminate_last[s->natural[c]];
            if (separate || merged >= w->cycles[p] + w->cycles[c]) {
                link = &w->next[c];
                continue;
            }
            width[p] += width[c];
            w->cycles[p] = merged;
            w->merged_into[c] = p;
            int *tail = &w->head[c];
            while (*tail >= 0) tail = &w->next[*tail];
            *tail = w->next[c];
            *link = w->head[c];
        }
    }
    for (int j = s->n - 1; j >= 0; j--) w->merged_into[j] = w->merged_into[j] < 0 ? j : w->merged_into[w->merged_into[j]];
}

/* Moves the fronts of the columns to be eliminated last after all others. What stays before them are whole subtrees, still in
 * postorder. at: scratch. */
static void number_fronts_last(const fgoi_symbolic *s, const work *w, const unsigned char *eliminate_last, int *number, int *at)
{
    int k = 0;
    for (int j = 0; j < s->n; j++)
        if (w->merged_into[j] == j) at[number[j]] = j;
    for (int pass = 0; pass < 2; pass++)
        for (int f = 0; f < s->fronts; f++)
            if ((eliminate_last[s->natural[at[f]]] != 0) == pass) number[at[f]] = k++;
}

/* Numbers the fronts in postorder, the child with most update rows first, and renumbers the positions accordingly. */
static int number_fronts(fgoi_symbolic *s, work *w, const unsigned char *eliminate_last)
{
    const int n = s->n;
    int *number = w->renumber, *column_parent = w->mark;
    for (int j = 0; j < n; j++)
        if (w->merged_into[j] == j) s->fronts++;
    s->first = fgoi_alloc((size_t)s->fronts + 2, sizeof *s->first);
    s->parent = fgoi_alloc((size_t)s->fronts + 1, sizeof *s->parent);
    s->row_start = fgoi_alloc((size_t)s->fronts + 2, sizeof *s->row_start);
    s->cycles = fgoi_alloc((size_t)s->fronts, sizeof *s->cycles);
    if (!s->cycles || !s->first || !s->parent || !s->row_start) return -1;
    for (int j = 0; j < n; j++) column_parent[j] = w->parent[j] < 0 ? -1 : w->merged_into[w->parent[j]];
    for (int j = 0; j <= n; j++) w->head[j] = -1;
    for (int j = n - 1; j >= 0; j--) {
        if (w->merged_into[j] != j) continue;
        const int p = column_parent[j] < 0 ? n : column_parent[j];
        w->next[j] = w->head[p];
        w->head[p] = j;
    }
    for (int j = 0; j < n; j++)
        if (w->merged_into[j] == j) largest_child_first(j, w);
    postorder(n, w->head, w->next, w->stack, number);
    if (eliminate_last) number_fronts_last(s, w, eliminate_last, number, w->stack);
    for (int j = 0; j < n; j++) {
        if (w->merged_into[j] == j) {
            s->parent[number[j]] = column_parent[j] < 0 ? -1 : number[column_parent[j]];
            s->cycles[number[j]] = w->cycles[j];
        }
        s->first[number[w->merged_into[j]] + 2]++;
    }
    for (int f = 0; f < s->fronts; f++) s->first[f + 2] += s->first[f + 1];
    int *moved = w->stack;
    for (int j = 0; j < n; j++) moved[j] = s->first[number[w->merged_into[j]] + 1]++;
    for (int j = 0; j < n; j++) s->position[j] = moved[s->position[j]];
    for (int f = 0; f < s->fronts; f++)
        for (int q = s->first[f]; q < s->first[f + 1]; q++) s->front[q] = f;
    return 0;
}

/* Finds the update rows of every front: row i belongs to the fronts of its row subtree in the tree of fronts. Rows are visited
 * in ascending order, so the lists need no sorting. The first pass counts, the second fills. */
static int find_rows(fgoi_symbolic *s, work *w)
{
    int *mark = w->mark;
    for (int pass = 0; pass < 2; pass++) {
        size_t *next = s->row_start + 1;
        for (int f = 0; f < s->fronts; f++) mark[f] = -1;
        for (int i = 0; i < s->n; i++) {
            mark[s->front[i]] = i;
            for (size_t k = s->upper_pattern.start[i]; k < s->upper_pattern.start[i + 1]; k++)
                for (int f = s->front[s->upper_pattern.row[k]]; mark[f] != i; f = s->parent[f]) {
                    mark[f] = i;
                    if (pass)
                        s->row[next[f]++] = i;
                    else
                        next[f + 1]++;
                }
        }
        if (pass) break;
        for (int f = 0; f < s->fronts; f++) next[f + 1] += next[f];
        if (!(s->row = fgoi_alloc(next[s->fronts], sizeof *s->row))) return -1;
    }
    return 0;
}

int fgoi_symbolic_analyze(fgoi_symbolic *s, const fgoi_pattern *p, const int *order, const unsigned char *eliminate_last,
                          int lanes)
{
    const size_t n = (size_t)p->n, off_diagonal = p->start[n] - n;
    work w = { 0 };
    int failed = -1;
    *s = (fgoi_symbolic){ .n = p->n,
                          .position = fgoi_alloc(n, sizeof *s->position),
                          .natural = fgoi_alloc(n, sizeof *s->natural),
                          .scalar = fgoi_alloc(n + 1, sizeof *s->scalar),
                          .front = fgoi_alloc(n, sizeof *s->front),
                          .upper_pattern = { fgoi_alloc(n + 2, sizeof *s->upper_pattern.start),
                                             fgoi_alloc(off_diagonal, sizeof *s->upper_pattern.row),
                                             fgoi_alloc(off_diagonal, sizeof *s->upper_pattern.block) } };
    if (!s->position || !s->natural || !s->scalar || !s->front || !s->upper_pattern.start || !s->upper_pattern.row ||
        !s->upper_pattern.block || work_alloc(&w, p->n))
        goto done;
    for (int k = 0; k < p->n; k++) s->position[order[k]] = k;
    order_by_tree(s, p, &w);
    number_scalars(s, p);
    count_rows(s, &w);
    amalgamate(s, &w, w.renumber, eliminate_last, lanes);
    if (number_fronts(s, &w, eliminate_last)) goto done;
    number_scalars(s, p);
    sort_upper_pattern(&s->upper_pattern, p, s->position);
    failed = find_rows(s, &w);
done:
    fgoi_free(w.all);
    fgoi_free(w.cycles);
    return failed;
}

int fgoi_symbolic_resize(fgoi_symbolic *s, const fgoi_symbolic *source, const fgoi_pattern *p, int lanes)
{
    *s = *source;
    s->borrowed = 1;
    s->scalar = fgoi_alloc((size_t)s->n + 1, sizeof *s->scalar);
    s->cycles = fgoi_alloc((size_t)s->fronts, sizeof *s->cycles);
    if (!s->scalar || !s->cycles) return -1;
    for (int q = 0; q < s->n; q++) s->scalar[q + 1] = s->scalar[q] + p->dim[s->natural[q]];
    for (int f = 0; f < s->fronts; f++) {
        int r = 0;
        for (size_t k = s->row_start[f]; k < s->row_start[f + 1]; k++) r += s->scalar[s->row[k] + 1] - s->scalar[s->row[k]];
        s->cycles[f] = fgoi_front_cycles(s->scalar[s->first[f + 1]] - s->scalar[s->first[f]], r, lanes);
    }
    return 0;
}

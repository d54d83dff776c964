/* SPDX-License-Identifier: BSD-3-Clause */
/* sparsity.c -- symbolic factorization of the blocks: row i of L has the columns on the paths of the elimination tree from the
 * entries of row i of H up to i (J. Liu, "The role of elimination trees in sparse factorization", 1990, theorem 3.4 and
 * algorithm 4.2), in time proportional to the size of L. */
#include "sparsity.h"
#include "base/memory.h"
#include <string.h>

typedef struct lower {
    size_t *start; /* row i of H left of the diagonal: col[start[i]] .. col[start[i + 1] - 1] */
    int *col;
    int *position;         /* of each natural block column */
    int *parent, *reached; /* elimination tree; the last row whose paths passed through each column */
} lower;

static void lower_free(lower *w)
{
    fgoi_free(w->start);
    fgoi_free(w->col);
    fgoi_free(w->position);
    fgoi_free(w->parent);
    fgoi_free(w->reached);
}

static int lower_alloc(lower *w, const fgoi_pattern *p)
{
    const size_t n = (size_t)p->n;
    w->start = fgoi_alloc(n + 2, sizeof *w->start);
    w->col = fgoi_alloc(p->start[n], sizeof *w->col);
    w->position = fgoi_alloc(n, sizeof *w->position);
    w->parent = fgoi_alloc(n, sizeof *w->parent);
    w->reached = fgoi_alloc(n, sizeof *w->reached);
    return w->start && w->col && w->position && w->parent && w->reached ? 0 : -1;
}

static void place_columns(fgo_sparsity *s, const fgoi_pattern *p, const int *elimination, lower *w)
{
    size_t row = 0;
    for (int q = 0; q < p->n; q++) {
        size_t low = 0, high = (size_t)p->n - 1; /* the block column of H's row elimination[row] */
        while (low < high) {
            const size_t middle = (low + high + 1) / 2;
            if (p->offset[middle] <= (size_t)elimination[row])
                low = middle;
            else
                high = middle - 1;
        }
        s->key[q] = (int64_t)low;
        s->dim[q] = p->dim[low];
        w->position[low] = q;
        row += (size_t)p->dim[low];
    }
}

static void sort_rows(const fgoi_pattern *p, lower *w)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < p->n; j++)
            for (size_t k = p->start[j] + 1; k < p->start[j + 1]; k++) {
                const int a = w->position[j], b = w->position[p->row[k]], later = a < b ? b : a;
                if (pass)
                    w->col[w->start[later + 1]++] = a < b ? a : b;
                else
                    w->start[later + 2]++;
            }
        for (int i = 0; !pass && i < p->n; i++) w->start[i + 2] += w->start[i + 1];
    }
}

/* Follows the paths of row i of L. For each column k on them, increments size[k] and, unless `row` is NULL, first writes i to
 * row[size[k]]. */
static void trace_row(lower *w, int i, size_t *size, int *row)
{
    w->reached[i] = i;
    for (size_t e = w->start[i]; e < w->start[i + 1]; e++)
        for (int k = w->col[e]; w->reached[k] != i; k = w->parent[k]) {
            if (w->parent[k] < 0) w->parent[k] = i;
            w->reached[k] = i;
            if (row)
                row[size[k]++] = i;
            else
                size[k]++;
        }
}

/* Computes start[] and row[] of the lower triangle of H or, with `fill`, of L. Returns 0, or -1 when out of memory. */
static int collect(lower *w, int n, int fill, size_t *start, int **row)
{
    for (int pass = 0; pass < 2; pass++) {
        size_t *size = start + 1 - pass; /* first the counts, shifted by one; then where the next entry goes */
        if (pass) {
            for (int k = 0; k < n; k++) start[k + 1] += start[k] + 1;
            *row = fgoi_alloc(start[n], sizeof **row);
            if (!*row) return -1;
            for (int k = 0; k < n; k++) (*row)[start[k]++] = k;
        }
        memset(w->reached, 0xff, (size_t)n * sizeof *w->reached);
        for (int i = 0; i < n; i++) {
            if (fill)
                trace_row(w, i, size, pass ? *row : NULL);
            else
                for (size_t e = w->start[i]; e < w->start[i + 1]; e++) {
                    const size_t at = size[w->col[e]]++;
                    if (pass) (*row)[at] = i;
                }
        }
    }
    memmove(start + 1, start, (size_t)n * sizeof *start); /* every column is full: its end is the start of the next */
    start[0] = 0;
    return 0;
}

fgo_sparsity *fgoi_sparsity_create(const fgoi_pattern *p, const int *elimination)
{
    const size_t n = (size_t)p->n;
    lower w = { 0 };
    fgo_sparsity *s = fgoi_alloc(1, sizeof *s);
    int bad = !s || lower_alloc(&w, p);
    if (!bad) {
        s->n = n;
        s->key = fgoi_alloc(n, sizeof *s->key);
        s->dim = fgoi_alloc(n, sizeof *s->dim);
        s->H_start = fgoi_alloc(n + 1, sizeof *s->H_start);
        s->L_start = fgoi_alloc(n + 1, sizeof *s->L_start);
        bad = !s->key || !s->dim || !s->H_start || !s->L_start;
    }
    if (!bad) {
        place_columns(s, p, elimination, &w);
        sort_rows(p, &w);
        memset(w.parent, 0xff, n * sizeof *w.parent);
        bad = collect(&w, p->n, 0, s->H_start, &s->H_row) || collect(&w, p->n, 1, s->L_start, &s->L_row);
    }
    lower_free(&w);
    if (!bad) return s;
    fgo_sparsity_free(s);
    return NULL;
}

void fgo_sparsity_free(fgo_sparsity *p)
{
    if (!p) return;
    fgoi_free(p->key);
    fgoi_free(p->dim);
    fgoi_free(p->H_start);
    fgoi_free(p->H_row);
    fgoi_free(p->L_start);
    fgoi_free(p->L_row);
    fgoi_free(p);
}

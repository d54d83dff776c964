/* SPDX-License-Identifier: BSD-3-Clause */
/* layout.c -- the offsets of H, the fronts and L, and every map between them, so that the numeric phase searches for
 * nothing. */
#include "base/memory.h"
#include "symbolic.h"
#include <limits.h>
#include <string.h>

enum { LARGEST_FRONT = 46000 }; /* its area fits 32 bits, a row number 16; such a front takes 8 GB */

/* State of the construction: the arrays' used and allocated sizes, and maps by position or by front. */
typedef struct {
    fgoi_layout *l;
    const fgoi_symbolic *s;
    const fgoi_pattern *p;
    fgoi_slot *slot;
    size_t pieces, piece_capacity, gaps, gap_capacity, update_ranges, update_range_capacity, segments, segment_capacity;
    size_t starts, columns; /* entries of segment_start and column in use */
    int *row_of;            /* first row of each position in the current front */
    int *parent_row;        /* the parent's row for each update row of the current child */
    int *sibling;           /* of each front, the next child of the same parent; -1: none */
    int *last_child;
    size_t *lower_start; /* the blocks of H below the diagonal by columns, all in positions, rows ascending */
    int *lower_row;
    size_t *lower_block;
} builder;

void fgoi_layout_free(fgoi_layout *l)
{
    fgoi_free(l->front);
    fgoi_free(l->segment_start);
    fgoi_free(l->segment);
    fgoi_free(l->column);
    fgoi_free(l->piece);
    fgoi_free(l->gap);
    fgoi_free(l->update_range);
    memset(l, 0, sizeof *l);
}

static int dim(const fgoi_symbolic *s, int position) { return s->scalar[position + 1] - s->scalar[position]; }

/* ---- sizes ---- */

static fgoi_layout_result size_fronts(builder *b)
{
    fgoi_layout *l = b->l;
    const fgoi_symbolic *s = b->s;
    size_t starts = 0, columns = 0;
    const int S = l->S;
    for (int f = 0; f < s->fronts; f++) {
        fgoi_front *front = &l->front[f];
        const size_t first = s->row_start[f], end = s->row_start[f + 1];
        size_t r = 0;
        for (size_t k = first; k < end; k++) r += (size_t)dim(s, s->row[k]);
        front->w = s->scalar[s->first[f + 1]] - s->scalar[s->first[f]];
        if (r + (size_t)front->w > LARGEST_FRONT) return FGOI_LAYOUT_TOO_LARGE;
        front->r = (int)r;
        front->pivot_strips = (front->w + S - 1) / S;
        front->strips = front->pivot_strips + (front->r + S - 1) / S;
        front->rows = front->strips * S;
        front->parent = s->parent[f];
        front->first_child = -1;
        front->first_scalar = s->scalar[s->first[f]];
        front->L = l->L_size;
        l->L_size += fgoi_round8(fgoi_strip(front, S, front->strips));
        if (front->w > l->largest_w) l->largest_w = front->w;
        if (front->strips > l->largest_strips) l->largest_strips = front->strips;
        starts += (size_t)(front->strips - front->pivot_strips) + 1;
        columns += r;
    }
    l->segment_start = fgoi_alloc(starts, sizeof *l->segment_start);
    l->column = fgoi_alloc(columns, sizeof *l->column);
    return l->segment_start && l->column ? FGOI_LAID_OUT : FGOI_LAYOUT_MEMORY;
}

/* ---- H ---- */

static void sort_lower_pattern(builder *b)
{
    const fgoi_symbolic *s = b->s;
    size_t *next = b->lower_start + 1;
    for (size_t k = 0; k < s->upper_pattern.start[s->n]; k++) next[s->upper_pattern.row[k] + 1]++;
    for (int j = 0; j < s->n; j++) next[j + 1] += next[j];
    for (int i = 0; i < s->n; i++)
        for (size_t k = s->upper_pattern.start[i]; k < s->upper_pattern.start[i + 1]; k++) {
            const size_t at = next[s->upper_pattern.row[k]]++;
            b->lower_row[at] = i;
            b->lower_block[at] = s->upper_pattern.block[k];
        }
}

/* Appends rows to the last piece if they continue it; else, or if `begin` is set, begins a new piece. */
static int add_rows(builder *b, const fgoi_piece *add, int begin)
{
    fgoi_piece *last = begin ? NULL : &b->l->piece[b->pieces - 1];
    if (last && last->row + last->rows == add->row && last->rows + add->rows <= INT16_MAX) {
        last->rows = (uint16_t)(last->rows + add->rows);
        return 0;
    }
    if (fgoi_grow(&b->l->piece, &b->piece_capacity, b->pieces + 1, sizeof *b->l->piece)) return -1;
    b->l->piece[b->pieces++] = *add;
    return 0;
}

/* Lays out the block column of H at position j: a dense column-major rectangle of the blocks that exist. */
static int place_column(builder *b, const fgoi_front *front, int j, size_t *values)
{
    const fgoi_symbolic *s = b->s;
    const int n = dim(s, j), column = b->row_of[j], natural = s->natural[j];
    size_t height = (size_t)n, row = (size_t)n;
    for (size_t k = b->lower_start[j]; k < b->lower_start[j + 1]; k++) height += (size_t)dim(s, b->lower_row[k]);
    fgoi_piece piece = { .from = (uint32_t)(*values - front->values),
                         .ld = (uint32_t)height,
                         .row = (uint16_t)column,
                         .col = (uint16_t)column,
                         .rows = (uint16_t)n,
                         .cols = (uint16_t)n };
    b->slot[b->p->start[natural]] = (fgoi_slot){ *values, (int32_t)height, 0 };
    if (add_rows(b, &piece, 1)) return -1;
    for (size_t k = b->lower_start[j]; k < b->lower_start[j + 1]; k++) {
        const int i = b->lower_row[k];
        const size_t block = b->lower_block[k];
        piece.from = (uint32_t)(*values + row - front->values);
        piece.row = (uint16_t)b->row_of[i];
        piece.rows = (uint16_t)dim(s, i);
        if (add_rows(b, &piece, 0)) return -1;
        /* the pattern is the lower triangle in natural order: a block whose row comes first there is transposed */
        b->slot[block] = (fgoi_slot){ *values + row, (int32_t)height, s->natural[i] < natural };
        row += piece.rows;
    }
    *values += height * (size_t)n;
    return 0;
}

/* ---- maps between fronts ---- */

/* Maps the update rows of front c to the rows of its parent, which b->row_of holds. */
static int map_child(builder *b, fgoi_front *front, int c)
{
    const fgoi_symbolic *s = b->s;
    fgoi_layout *l = b->l;
    const int strips = front->strips - front->pivot_strips, parent_rows = l->front[front->parent].rows;
    int *to = b->parent_row;
    front->column = b->columns;
    front->segment = (uint32_t)b->starts;
    for (size_t row = s->row_start[c]; row < s->row_start[c + 1]; row++)
        for (int d = 0; d < dim(s, s->row[row]); d++) *to++ = b->row_of[s->row[row]] + d;
    to = b->parent_row;
    for (int i = 0; i < front->r; i++) l->column[b->columns++] = (uint32_t)fgoi_column(parent_rows, l->S, to[i]);
    for (int strip = 0; strip < strips; strip++) {
        const int begin = strip * l->S, end = begin + l->S < front->r ? begin + l->S : front->r;
        l->segment_start[b->starts++] = (uint32_t)b->segments;
        for (int i = begin, next; i < end; i = next) {
            for (next = i + 1; next < end && to[next] == to[next - 1] + 1;) next++;
            if (fgoi_grow(&l->segment, &b->segment_capacity, b->segments + 1, sizeof *l->segment)) return -1;
            l->segment[b->segments++] = (fgoi_segment){ to[i], (int16_t)(i - begin), (int16_t)(next - i) };
        }
    }
    l->segment_start[b->starts++] = (uint32_t)b->segments;
    return 0;
}

static int add_range(fgoi_range **array, size_t *used, size_t *capacity, int start, int end)
{
    if (end <= start) return 0;
    if (fgoi_grow(array, capacity, *used + 1, sizeof **array)) return -1;
    (*array)[(*used)++] = (fgoi_range){ start, end - start };
    return 0;
}

/* Finds the gaps, which are cleared before the first child stores its update: the rows, and so columns, which that child does
 * not have; or all rows, if its update covers less than half of the front and is added. */
static int find_gaps(builder *b, fgoi_front *front)
{
    fgoi_layout *l = b->l;
    if (front->first_child < 0) return 0;
    const fgoi_front *child = &l->front[front->first_child];
    const uint32_t *start = l->segment_start + child->segment;
    const double covered = child->r, size = front->w + front->r;
    int next = 0;
    front->first_child_stores = covered * covered >= 0.5 * size * size;
    for (uint32_t k = start[0]; front->first_child_stores && k < start[child->strips - child->pivot_strips]; k++) {
        if (add_range(&l->gap, &b->gaps, &b->gap_capacity, next, l->segment[k].row)) return -1;
        next = l->segment[k].row + l->segment[k].count;
    }
    return add_range(&l->gap, &b->gaps, &b->gap_capacity, next, front->rows);
}

/* Finds the update rows of front f as ranges of scalars. */
static int find_update_ranges(builder *b, int f)
{
    const fgoi_symbolic *s = b->s;
    for (size_t k = s->row_start[f], next; k < s->row_start[f + 1]; k = next) {
        for (next = k + 1; next < s->row_start[f + 1] && s->row[next] == s->row[next - 1] + 1;) next++;
        if (add_range(&b->l->update_range, &b->update_ranges, &b->update_range_capacity, s->scalar[s->row[k]],
                      s->scalar[s->row[next - 1] + 1]))
            return -1;
    }
    return 0;
}

static int lay_out_front(builder *b, int f, size_t *values)
{
    const fgoi_symbolic *s = b->s;
    fgoi_front *front = &b->l->front[f];
    const int pivots = s->scalar[s->first[f]];
    int row = front->pivot_strips * b->l->S;
    for (int q = s->first[f]; q < s->first[f + 1]; q++) b->row_of[q] = s->scalar[q] - pivots;
    for (size_t k = s->row_start[f]; k < s->row_start[f + 1]; k++) {
        b->row_of[s->row[k]] = row;
        row += dim(s, s->row[k]);
    }
    front->values = *values;
    front->piece = (uint32_t)b->pieces;
    front->gap = (uint32_t)b->gaps;
    front->update_range = (uint32_t)b->update_ranges;
    for (int q = s->first[f]; q < s->first[f + 1]; q++)
        if (place_column(b, front, q, values)) return -1;
    for (int c = front->first_child; c >= 0; c = b->sibling[c])
        if (map_child(b, &b->l->front[c], c)) return -1;
    return find_gaps(b, front) || find_update_ranges(b, f) ? -1 : 0;
}

static void list_children(builder *b)
{
    fgoi_front *front = b->l->front;
    for (int f = 0; f < b->s->fronts; f++) {
        const int p = front[f].parent;
        b->sibling[f] = -1;
        if (p < 0) continue;
        if (front[p].first_child < 0)
            front[p].first_child = f;
        else
            b->sibling[b->last_child[p]] = f;
        b->last_child[p] = f;
    }
}

/* Returns the largest of the counts that fronts hold in 32 bits. */
static size_t largest_count(const builder *b)
{
    const size_t counts[] = { b->pieces, b->gaps, b->update_ranges, b->segments, b->starts };
    size_t most = 0;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i] > most) most = counts[i];
    return most;
}

static void shrink(builder *b)
{
    fgoi_layout *l = b->l;
    fgoi_shrink(&l->piece, &b->piece_capacity, b->pieces, sizeof *l->piece);
    fgoi_shrink(&l->gap, &b->gap_capacity, b->gaps, sizeof *l->gap);
    fgoi_shrink(&l->update_range, &b->update_range_capacity, b->update_ranges, sizeof *l->update_range);
    fgoi_shrink(&l->segment, &b->segment_capacity, b->segments, sizeof *l->segment);
}

fgoi_layout_result fgoi_layout_make(fgoi_layout *l, const fgoi_symbolic *s, const fgoi_pattern *p, int S, int tile,
                                    fgoi_slot *slot)
{
    const size_t n = (size_t)s->n, fronts = (size_t)s->fronts, blocks = s->upper_pattern.start[s->n];
    fgoi_layout_result result = FGOI_LAYOUT_MEMORY;
    size_t values = 0;
    builder b = { .l = l, .s = s, .p = p, .slot = slot };
    *l = (fgoi_layout){ .n = s->n, .fronts = s->fronts, .S = S, .tile = tile };
    l->front = fgoi_alloc(fronts + 1, sizeof *l->front);
    b.row_of = fgoi_alloc(n, sizeof *b.row_of);
    b.sibling = fgoi_alloc(2 * fronts, sizeof *b.sibling);
    b.lower_start = fgoi_alloc(n + 2, sizeof *b.lower_start);
    b.lower_row = fgoi_alloc(blocks, sizeof *b.lower_row);
    b.lower_block = fgoi_alloc(blocks, sizeof *b.lower_block);
    if (!l->front || !b.row_of || !b.sibling || !b.lower_start || !b.lower_row || !b.lower_block) goto done;
    /* an empty list, too, needs an address: NULL + 0 is not defined */
    if (fgoi_grow(&l->piece, &b.piece_capacity, 1, sizeof *l->piece) || fgoi_grow(&l->gap, &b.gap_capacity, 1, sizeof *l->gap) ||
        fgoi_grow(&l->update_range, &b.update_range_capacity, 1, sizeof *l->update_range))
        goto done;
    b.last_child = b.sibling + fronts;
    result = size_fronts(&b);
    if (result) goto done;
    result = FGOI_LAYOUT_MEMORY;
    b.parent_row = fgoi_alloc((size_t)l->largest_strips * (size_t)S, sizeof *b.parent_row);
    if (!b.parent_row) goto done;
    list_children(&b);
    sort_lower_pattern(&b);
    for (int f = 0; f < s->fronts; f++)
        if (lay_out_front(&b, f, &values)) goto done;
    if (largest_count(&b) > UINT32_MAX) {
        result = FGOI_LAYOUT_TOO_LARGE;
        goto done;
    }
    shrink(&b);
    l->front[fronts].piece = (uint32_t)b.pieces;
    l->front[fronts].gap = (uint32_t)b.gaps;
    l->front[fronts].update_range = (uint32_t)b.update_ranges;
    l->values_size = values;
    result = FGOI_LAID_OUT;
done:
    fgoi_free(b.row_of);
    fgoi_free(b.parent_row);
    fgoi_free(b.sibling);
    fgoi_free(b.lower_start);
    fgoi_free(b.lower_row);
    fgoi_free(b.lower_block);
    return result;
}

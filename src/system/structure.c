/* SPDX-License-Identifier: BSD-3-Clause */
/* structure.c -- the analysis on which system.h rests: free variables, runs, terms sorted into blocks, parts. */
#include "structure.h"
#include "base/memory.h"
#include "manifold/traits.h"
#include <string.h>

/* A term that is not yet sorted into its block. */
typedef struct {
    fgoi_term term;
    int32_t row, col; /* block row >= block column */
} placed_term;

void fgoi_structure_free(fgoi_structure *s)
{
    fgoi_pattern_free(&s->pattern);
    fgoi_gauge_free(&s->gauge);
    fgoi_free(s->variable);
    fgoi_free(s->column);
    fgoi_free(s->term_start);
    fgoi_free(s->term);
    fgoi_free(s->run);
    fgoi_free(s->held.mask);
    fgoi_free(s->part);
    memset(s, 0, sizeof *s);
}

/* Numbers the free variables: all but those held whole by the user or by the gauge rule. */
static fgo_status choose_columns(const fgo_graph *g, fgoi_structure *s)
{
    fgo_status status = fgoi_gauge(g, &s->gauge);
    if (status) return status;
    const size_t n = g->variable_count;
    s->column = fgoi_alloc(n, sizeof *s->column);
    s->variable = fgoi_alloc(n, sizeof *s->variable);
    s->pattern.dim = fgoi_alloc(n, sizeof *s->pattern.dim);
    s->pattern.offset = fgoi_alloc(n + 1, sizeof *s->pattern.offset);
    if (!s->column || !s->variable || !s->pattern.dim || !s->pattern.offset) return fgoi_fail_memory();
    int j = 0;
    for (uint32_t v = 0; v < n; v++) {
        const int dim = g->variable[v].manifold->tangent;
        int held = 0;
        for (int d = 0; d < dim; d++) held += s->gauge.held[g->variable[v].tangent + (size_t)d];
        if (held == dim) {
            s->column[v] = -1;
            continue;
        }
        s->column[v] = j;
        s->variable[j] = v;
        s->pattern.dim[j] = dim;
        s->pattern.offset[j + 1] = s->pattern.offset[j] + (size_t)dim;
        j++;
    }
    s->pattern.n = j;
    return FGO_OK;
}

/* Returns how many columns of J a variable on manifold m has. */
static int columns_of(const fgoi_structure *s, const fgo_manifold *m)
{
    const int world = s->wide ? fgoi_stored_rotation(m) : 0;
    return world > m->tangent ? world : m->tangent; /* SO(2): (cos, sin) */
}

fgoi_shape fgoi_structure_shape(const fgoi_structure *s, const fgo_graph *g, const fgoi_group *group)
{
    fgoi_shape shape = { .rows = group->c.rows };
    for (int k = 0; k < group->c.arity; k++) {
        const int columns = columns_of(s, g->variable[group->variable[k]].manifold);
        shape.at[k] = shape.ld;
        shape.ld += columns;
        if (s->wide && shape.rows < columns && columns == 2) shape.rows = columns;
    }
    return shape;
}

/* Divides the groups into runs and lays out J and r. */
static fgo_status lay_out_runs(const fgo_graph *g, fgoi_structure *s)
{
    for (size_t i = 0; i < g->group_count; i++) {
        const size_t batch = fgoi_batch(&g->group[i]);
        s->runs += (g->group[i].count + batch - 1) / batch;
    }
    s->run = fgoi_alloc(s->runs, sizeof *s->run);
    if (!s->run) return fgoi_fail_memory();
    fgoi_run *run = s->run;
    for (uint32_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        const size_t batch = fgoi_batch(group);
        const fgoi_shape shape = group->count ? fgoi_structure_shape(s, g, group) : (fgoi_shape){ 0 };
        for (size_t first = 0; first < group->count; first += batch, run++) {
            const size_t count = group->count - first < batch ? group->count - first : batch;
            *run = (fgoi_run){ i, (uint32_t)count, first, s->J_size, s->r_size };
            s->r_size += count * (size_t)shape.rows;
            s->J_size += count * (size_t)shape.rows * (size_t)shape.ld;
        }
    }
    if (s->J_size > UINT32_MAX)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "the Jacobians have %zu entries; at most %u can be addressed", s->J_size,
                         UINT32_MAX);
    return FGO_OK;
}

/* Writes the terms of all factors to `to`, factor by factor, unless `to` is NULL. Returns how many there are. */
static size_t list_terms(const fgo_graph *g, const fgoi_structure *s, placed_term *to)
{
    size_t count = 0;
    for (const fgoi_run *run = s->run; run < s->run + s->runs; run++) {
        const fgo_factor_class *c = &g->group[run->group].c;
        const uint32_t *variable = g->group[run->group].variable + run->first * (size_t)c->arity;
        const fgoi_shape shape = fgoi_structure_shape(s, g, &g->group[run->group]);
        for (size_t f = 0; f < run->count; f++, variable += c->arity) {
            for (int k = 0; k < c->arity; k++)
                for (int l = 0; l <= k; l++) {
                    const int32_t i = s->column[variable[k]], j = s->column[variable[l]];
                    if (i < 0 || j < 0) continue;
                    if (to)
                        to[count] = (placed_term){ .term = { .J = (uint32_t)(run->J + f * (size_t)(shape.rows * shape.ld)),
                                                             .r = (uint32_t)(run->r + f * (size_t)shape.rows),
                                                             .rows = (uint16_t)shape.rows,
                                                             .ld = (uint16_t)shape.ld,
                                                             .a = (uint16_t)shape.at[i >= j ? k : l],
                                                             .b = (uint16_t)shape.at[i >= j ? l : k] },
                                                   .row = i >= j ? i : j,
                                                   .col = i >= j ? j : i };
                    count++;
                }
        }
    }
    return count;
}

/* Sorts from[0 .. count - 1] by row or column into `to`: a stable counting sort. start: n + 1 scratch numbers. */
static void sort_terms(const placed_term *from, placed_term *to, size_t count, int n, int by_column, size_t *start)
{
    memset(start, 0, ((size_t)n + 1) * sizeof *start);
    for (size_t i = 0; i < count; i++) start[(by_column ? from[i].col : from[i].row) + 1]++;
    for (int j = 0; j < n; j++) start[j + 1] += start[j];
    for (size_t i = 0; i < count; i++) to[start[by_column ? from[i].col : from[i].row]++] = from[i];
}

/* Makes the blocks from the sorted terms: pattern.start, pattern.row, term_start, term. Every column gets its diagonal block. */
static fgo_status make_blocks(fgoi_structure *s, const placed_term *sorted, size_t count)
{
    fgoi_pattern *p = &s->pattern;
    size_t blocks = (size_t)p->n; /* the diagonals */
    for (size_t i = 0; i < count; i++)
        blocks +=
            sorted[i].row != sorted[i].col && (!i || sorted[i].row != sorted[i - 1].row || sorted[i].col != sorted[i - 1].col);
    p->start = fgoi_alloc((size_t)p->n + 1, sizeof *p->start);
    p->row = fgoi_alloc(blocks, sizeof *p->row);
    s->term_start = fgoi_alloc(blocks + 1, sizeof *s->term_start);
    s->term = fgoi_alloc(count, sizeof *s->term);
    if (!p->start || !p->row || !s->term_start || !s->term) return fgoi_fail_memory();
    size_t k = 0, i = 0;
    for (int j = 0; j < p->n; j++) {
        p->start[j] = k;
        for (int row = j; row >= 0; k++) {
            p->row[k] = row;
            s->term_start[k] = i;
            for (; i < count && sorted[i].col == j && sorted[i].row == row; i++) s->term[i] = sorted[i].term;
            row = i < count && sorted[i].col == j ? sorted[i].row : -1;
        }
    }
    p->start[p->n] = k;
    s->term_start[k] = count;
    return FGO_OK;
}

/* Lists the terms of all factors and sorts them by column, then row, into the blocks of H. */
static fgo_status sort_into_blocks(const fgo_graph *g, fgoi_structure *s)
{
    const size_t count = list_terms(g, s, NULL);
    placed_term *a = fgoi_alloc(count, sizeof *a), *b = fgoi_alloc(count, sizeof *b);
    size_t *start = fgoi_alloc((size_t)s->pattern.n + 1, sizeof *start);
    fgo_status status = FGO_OK;
    if (!a || !b || !start) {
        status = fgoi_fail_memory();
    } else {
        list_terms(g, s, a);
        sort_terms(a, b, count, s->pattern.n, 0, start);
        sort_terms(b, a, count, s->pattern.n, 1, start);
        status = make_blocks(s, a, count);
    }
    fgoi_free(a);
    fgoi_free(b);
    fgoi_free(start);
    return status;
}

/* Divides the block columns into parts of about equal numbers of terms; the parts do not depend on the number of threads. */
static fgo_status cut_parts(fgoi_structure *s)
{
    enum { TERMS = 512 };
    const fgoi_pattern *p = &s->pattern;
    const size_t terms = s->term_start[p->start[p->n]];
    s->part = fgoi_alloc(terms / TERMS + 2, sizeof *s->part);
    if (!s->part) return fgoi_fail_memory();
    for (int j = 0; j < p->n; j++)
        if (s->term_start[p->start[j + 1]] >= (s->parts + 1) * TERMS && s->parts < terms / TERMS)
            s->part[++s->parts] = (size_t)j + 1;
    if (s->part[s->parts] < (size_t)p->n) s->part[++s->parts] = (size_t)p->n;
    return FGO_OK;
}

static fgo_status add_mask(fgoi_masks *list, fgoi_mask mask)
{
    if (fgoi_grow(&list->mask, &list->capacity, list->count + 1, sizeof *list->mask)) return fgoi_fail_memory();
    list->mask[list->count++] = mask;
    return FGO_OK;
}

fgo_status fgoi_mask_list(const fgoi_pattern *p, const unsigned char *held, fgoi_masks *out)
{
    fgo_status status = FGO_OK;
    out->count = 0;
    if (!memchr(held, 1, p->offset[p->n])) return FGO_OK;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            const int i = p->row[k];
            for (int d = 0; d < p->dim[i] && !status; d++)
                if (held[p->offset[i] + (size_t)d]) status = add_mask(out, (fgoi_mask){ k, d, -1 });
            for (int d = 0; d < p->dim[j] && !status; d++)
                if (held[p->offset[j] + (size_t)d]) status = add_mask(out, (fgoi_mask){ k, -1, d });
            if (status) return status;
        }
    return FGO_OK;
}

/* Lists what is held of variables that are not held whole. */
static fgo_status mask_held(const fgo_graph *g, fgoi_structure *s)
{
    const fgoi_pattern *p = &s->pattern;
    unsigned char *held = fgoi_alloc(p->offset[p->n], 1);
    if (!held) return fgoi_fail_memory();
    for (int j = 0; j < p->n; j++)
        for (int d = 0; d < p->dim[j]; d++)
            held[p->offset[j] + (size_t)d] = s->gauge.held[g->variable[s->variable[j]].tangent + (size_t)d];
    const fgo_status status = fgoi_mask_list(p, held, &s->held);
    fgoi_free(held);
    return status;
}

fgo_status fgoi_structure_create(const fgo_graph *g, int wide, fgoi_structure *s)
{
    *s = (fgoi_structure){ .wide = wide };
    fgo_status status = choose_columns(g, s);
    if (!status) status = lay_out_runs(g, s);
    if (!status) status = sort_into_blocks(g, s);
    if (!status) status = mask_held(g, s);
    if (!status) status = cut_parts(s);
    if (status) fgoi_structure_free(s);
    return status;
}

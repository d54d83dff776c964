/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_fronts.c -- what the block Cholesky makes of a graph before there are numbers, against oracles that are
 * slow and simple: the rows of fronts against elimination on a matrix of flags, the places of fronts against memory as
 * a row of flags, the choice of an order against both orders. Products of L do not show all of this: too many rows,
 * runs or strips, or memory that is not used again, give the same numbers more slowly. */
#include "block/kernel/kernel.h"
#include "block/order.h"
#include "block/symbolic.h"
#include "block_matrices.h"

enum { S = 8, TILE = 4, UNIT = 8 };

static void shuffled(rng *r, int n, int *order)
{
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        const int k = rng_below(r, i + 1), t = order[i];
        order[i] = order[k];
        order[k] = t;
    }
}

/* L[i * n + j]: position i is filled in column j, when columns are eliminated one after another. */
static char *eliminated(const fgoi_symbolic *s, const fgoi_pattern *p)
{
    const int n = s->n;
    char *L = calloc((size_t)n * (size_t)n, 1);
    assert_non_null(L);
    for (int j = 0; j < n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            const int a = s->position[j], b = s->position[p->row[k]];
            L[(a > b ? a : b) * n + (a > b ? b : a)] = 1;
        }
    for (int j = 0; j < n; j++)
        for (int i = j + 1; i < n; i++)
            for (int k = j + 1; L[i * n + j] && k <= i; k++) L[i * n + k] |= L[k * n + j];
    return L;
}

/* The update rows of a front are those that its columns fill, no more and no fewer. */
static void check_rows(const fgoi_symbolic *s, const fgoi_pattern *p)
{
    char *L = eliminated(s, p);
    const int n = s->n;
    for (int f = 0; f < s->fronts; f++) {
        size_t k = s->row_start[f];
        for (int i = s->first[f + 1]; i < n; i++) {
            int filled = 0;
            for (int j = s->first[f]; j < s->first[f + 1]; j++) filled |= L[i * n + j];
            if (filled) assert_true(k < s->row_start[f + 1] && s->row[k++] == i);
        }
        assert_int_equal(k, s->row_start[f + 1]);
        assert_int_equal(s->parent[f], k > s->row_start[f] ? s->front[s->row[s->row_start[f]]] : -1);
        for (int j = s->first[f]; j < s->first[f + 1]; j++) assert_int_equal(s->front[j], f);
    }
    free(L);
}

/* The modelled cost is that of the rows there are, and of the fronts with one parent the largest comes first: it is the
 * one that stores where the others add. */
static void check_model(const fgoi_symbolic *s, int lanes)
{
    int *first_child = malloc((size_t)s->fronts * sizeof *first_child + 1),
        *updates = calloc((size_t)s->fronts + 1, sizeof *updates);
    assert_true(first_child && updates);
    for (int f = 0; f < s->fronts; f++) {
        first_child[f] = -1;
        for (size_t k = s->row_start[f]; k < s->row_start[f + 1]; k++)
            updates[f] += s->scalar[s->row[k] + 1] - s->scalar[s->row[k]];
        const int w = s->scalar[s->first[f + 1]] - s->scalar[s->first[f]];
        assert_true(s->cycles[f] == fgoi_front_cycles(w, updates[f], lanes));
    }
    for (int f = 0; f < s->fronts; f++) {
        const int p = s->parent[f];
        if (p < 0) continue;
        if (first_child[p] < 0) first_child[p] = f;
        assert_true(updates[first_child[p]] >= updates[f]);
    }
    free(first_child);
    free(updates);
}

/* No strip without a row, and runs of scalars as long as they can be. */
static void check_fronts(const fgoi_layout *l, const fgoi_symbolic *s)
{
    for (int f = 0; f < l->fronts; f++) {
        const fgoi_front *front = &l->front[f];
        uint32_t range = front->update_range;
        int updates = 0, scalar = -1;
        for (size_t k = s->row_start[f]; k < s->row_start[f + 1]; k++) {
            const int first = s->scalar[s->row[k]], last = s->scalar[s->row[k] + 1];
            if (first != scalar) assert_int_equal(l->update_range[range++].start, first);
            scalar = last;
            assert_int_equal(l->update_range[range - 1].start + l->update_range[range - 1].count >= last, 1);
            updates += last - first;
        }
        assert_int_equal(range, l->front[f + 1].update_range);
        assert_int_equal(front->r, updates);
        assert_int_equal(front->w, s->scalar[s->first[f + 1]] - s->scalar[s->first[f]]);
        assert_in_range(front->pivot_strips * S - front->w, 0, S - 1);
        assert_in_range((front->strips - front->pivot_strips) * S - updates, 0, S - 1);
        assert_int_equal(front->rows, front->strips * S);
    }
}

/* ---- memory as a row of flags ---- */

static size_t units_of(const fgoi_front *f, fgoi_arena_kind shape)
{
    const size_t ld = (size_t)fgoi_square_ld(f->rows, S);
    const size_t size = shape == FGOI_ARENA_SQUARES ? ld * ld : fgoi_columns_size(f->rows, S);
    return (size + UNIT - 1) / UNIT;
}

/* The first place that is free; the most that was ever used grows to hold it. */
static size_t first_fit(char *used, size_t units, size_t *most)
{
    size_t at = 0;
    for (size_t gap = 0; gap < units; at++) gap = used[at] ? 0 : gap + 1;
    memset(used + at - units, 1, units);
    if (at > *most) *most = at;
    return at - units;
}

static void check_arena(const fgoi_layout *l, fgoi_arena_kind shape)
{
    size_t all = 0, most = 0, *at = malloc((size_t)l->fronts * sizeof *at + 1);
    size_t tightest = SIZE_MAX;
    for (int f = 0; f < l->fronts; f++) all += units_of(&l->front[f], shape);
    char *used = calloc(all + 1, 1);
    assert_true(used && at);
    for (int f = 0; f < l->fronts; f++) {
        const fgoi_front *front = &l->front[f];
        const int p = front->parent;
        if (front->first_child < 0) at[f] = first_fit(used, units_of(front, shape), &most);
        if (p >= 0 && l->front[p].first_child == f) at[p] = first_fit(used, units_of(&l->front[p], shape), &most);
        size_t end = all;
        while (!used[end - 1]) end--;
        /* what is in use then lies behind what is written of L */
        const size_t lowest = l->arena_start + l->arena_size - end * UNIT,
                     written = front->L + (fgoi_strip(front, S, front->strips) + 7) / 8 * 8;
        assert_true(written <= lowest);
        if (lowest - written < tightest) tightest = lowest - written;
        memset(used + at[f], 0, units_of(front, shape));
    }
    assert_int_equal(l->arena_size, most * UNIT);
    if (l->fronts) assert_int_equal(tightest, 0);
    for (int f = 0; f < l->fronts; f++)
        assert_int_equal(l->front[f].F, l->arena_size - (at[f] + units_of(&l->front[f], shape)) * UNIT);
    free(used);
    free(at);
}

static void check_graph(const fgoi_pattern *p, const int *order, int lanes)
{
    fgoi_symbolic s = { 0 };
    fgoi_layout l;
    fgoi_slot *slot = malloc((p->start[p->n] + 1) * sizeof *slot);
    assert_non_null(slot);
    assert_int_equal(fgoi_symbolic_analyze(&s, p, order, NULL, lanes), 0);
    for (int i = 0; i < s.n; i++) {
        assert_int_equal(s.position[s.natural[i]], i);
        assert_int_equal(s.scalar[i + 1] - s.scalar[i], p->dim[s.natural[i]]);
    }
    check_rows(&s, p);
    check_model(&s, lanes);
    assert_int_equal(fgoi_layout_make(&l, &s, p, S, TILE, slot), FGOI_LAID_OUT);
    check_fronts(&l, &s);
    for (int shape = FGOI_ARENA_COLUMNS; shape <= FGOI_ARENA_SQUARES; shape++) {
        assert_int_equal(fgoi_arena_place(&l, (fgoi_arena_kind)shape), 0);
        check_arena(&l, (fgoi_arena_kind)shape);
    }
    fgoi_layout_free(&l);
    fgoi_symbolic_free(&s);
    free(slot);
}

static void test_random_orders(UNUSED_STATE)
{
    (void)state;
    rng r = { 41 };
    for (int i = 0; i < REPEATED(3000); i++) {
        const int n = 1 + rng_below(&r, MOST_BLOCKS);
        fgoi_pattern p = make_pattern(&r, (kind)(i % KINDS), n, i % 3 ? -3 * (i % 3) : 9, rng_uniform(&r, 0, 0.3));
        int order[MOST_BLOCKS];
        shuffled(&r, n, order);
        check_graph(&p, order, i % 2 ? 4 : 8);
        fgoi_pattern_free(&p);
    }
}

/* ---- the choice ---- */

/* `side` cubed or squared blocks of `size`, neighbours joined. */
static fgoi_pattern lattice(int side, int layers, int size)
{
    const int n = side * side * layers;
    fgoi_pattern p = { .n = n };
    p.dim = fgoi_alloc((size_t)n, sizeof *p.dim);
    p.offset = fgoi_alloc((size_t)n + 1, sizeof *p.offset);
    p.start = fgoi_alloc((size_t)n + 1, sizeof *p.start);
    p.row = fgoi_alloc(4 * (size_t)n, sizeof *p.row);
    assert_true(p.dim && p.offset && p.start && p.row);
    for (int j = 0; j < n; j++) {
        p.dim[j] = size;
        p.offset[j + 1] = p.offset[j] + (size_t)size;
        p.start[j + 1] = p.start[j];
        p.row[p.start[j + 1]++] = j;
        if (j % side < side - 1) p.row[p.start[j + 1]++] = j + 1;
        if (j / side % side < side - 1) p.row[p.start[j + 1]++] = j + side;
        if (j / side / side < layers - 1) p.row[p.start[j + 1]++] = j + side * side;
    }
    return p;
}

static double cycles_of(const fgoi_pattern *p, fgoi_order_result (*find)(const fgoi_pattern *, int *))
{
    fgoi_symbolic s = { 0 };
    int *order = malloc((size_t)p->n * sizeof *order);
    double cycles = INFINITY;
    assert_non_null(order);
    if (find(p, order) == FGOI_ORDERED) {
        assert_int_equal(fgoi_symbolic_analyze(&s, p, order, NULL, fgoi_symbolic_lanes()), 0);
        cycles = fgoi_symbolic_cycles(&s);
        fgoi_symbolic_free(&s);
    }
    free(order);
    return cycles;
}

/* METIS is asked where that pays; here: for the first three. */
static void test_the_cheaper_order(UNUSED_STATE)
{
    (void)state;
    static const int lattices[][3] = { { 11, 11, 6 }, { 9, 9, 9 }, { 40, 1, 9 }, { 6, 20, 6 }, { 7, 7, 9 }, { 24, 2, 1 } };
    for (size_t i = 0; i < sizeof lattices / sizeof *lattices; i++) {
        fgoi_pattern p = lattice(lattices[i][0], lattices[i][1], lattices[i][2]);
        fgoi_symbolic s = { 0 };
        const double amd = cycles_of(&p, fgoi_block_order_amd), metis = i < 3 ? cycles_of(&p, fgoi_block_order_metis) : INFINITY;
        assert_ok(fgoi_symbolic_choose(&s, &p));
        assert_true(fgoi_symbolic_cycles(&s) == fmin(amd, metis));
        assert_string_equal(s.ordering, amd <= metis ? "AMD" : "METIS");
        fgoi_symbolic_free(&s);
        fgoi_pattern_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_orders),
        cmocka_unit_test(test_the_cheaper_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_block_example.c -- the worked example of docs/block-cholesky.md is true: the order, the fronts, their rows, the maps
 * between them and their memory are what the analysis finds, and each line of the page's tables is written by this test. */
#include "block/order.h"
#include "block/symbolic.h"
#include "support.h"
#include <stdarg.h>

enum { POSES = 11, N = POSES - 1, DIM = 6, FRONTS = 5, S = 4, TILE = 3, LOOPS = 4 }; /* x0 is held: N block columns */

static const int LOOP[LOOPS][2] = { { 1, 4 }, { 6, 8 }, { 2, 9 }, { 7, 9 } };
static const int ORDER[N] = { 1, 5, 3, 4, 2, 6, 7, 8, 10, 9 }; /* pose at each position */

/* Of each front: its pivots and its update rows, as poses up to a 0; and its parent. */
static const struct {
    int pivots[5], rows[3], parent;
} FRONT[FRONTS] = { { { 1 }, { 4, 2 }, 2 },
                    { { 5 }, { 4, 6 }, 2 },
                    { { 3, 4 }, { 2, 6 }, 3 },
                    { { 2, 6, 7, 8 }, { 9 }, 4 },
                    { { 10, 9 }, { 0 }, -1 } };

/* Parent of each pose in the elimination tree, before amalgamation; 0: root. Element 0 is not used. */
static const int TREE[POSES] = { -1, 4, 6, 4, 2, 4, 7, 8, 9, 0, 9 };

typedef struct {
    int dim[N], row[N + N - 1 + LOOPS];
    size_t offset[N + 1], start[N + 1];
    fgoi_pattern pattern;
} example;

static int adjacent(int i, int j)
{
    for (int k = 0; k < LOOPS; k++)
        if (LOOP[k][0] == j && LOOP[k][1] == i) return 1;
    return i == j + 1;
}

/* The pattern of H: block column j is pose j + 1. */
static void make_example(example *x)
{
    *x = (example){ .pattern = { N, x->dim, x->offset, x->start, x->row } };
    for (int j = 0; j < N; j++) {
        x->dim[j] = DIM;
        x->offset[j + 1] = x->offset[j] + DIM;
        x->start[j + 1] = x->start[j];
        for (int i = j; i < N; i++)
            if (i == j || adjacent(i + 1, j + 1)) x->row[x->start[j + 1]++] = i;
    }
    assert_int_equal(x->start[N], N + N - 1 + LOOPS);
}

static void analyze(const example *x, int lanes, fgoi_symbolic *s)
{
    int order[N];
    assert_int_equal(fgoi_block_order_amd(&x->pattern, order), FGOI_ORDERED);
    assert_int_equal(fgoi_symbolic_analyze(s, &x->pattern, order, NULL, lanes), 0);
}

static int pose_at(const fgoi_symbolic *s, int position) { return s->natural[position] + 1; }

/* The same fronts come out for the kernels of every processor. */
static void test_fronts(UNUSED_STATE)
{
    (void)state;
    example x;
    make_example(&x);
    for (int lanes = 4; lanes <= 8; lanes += 4) {
        fgoi_symbolic s = { 0 };
        analyze(&x, lanes, &s);
        for (int k = 0; k < N; k++) assert_int_equal(pose_at(&s, k), ORDER[k]);
        assert_int_equal(s.fronts, FRONTS);
        for (int f = 0; f < FRONTS; f++) {
            const int *pivot = FRONT[f].pivots, *row = FRONT[f].rows;
            for (int q = s.first[f]; q < s.first[f + 1]; q++) assert_int_equal(pose_at(&s, q), *pivot++);
            for (size_t k = s.row_start[f]; k < s.row_start[f + 1]; k++) assert_int_equal(pose_at(&s, s.row[k]), *row++);
            assert_int_equal(*pivot, 0);
            assert_int_equal(*row, 0);
            assert_int_equal(s.parent[f], FRONT[f].parent);
        }
        fgoi_symbolic_free(&s);
    }
}

/* Eliminates on a matrix of flags; returns the number of blocks on and below the diagonal. */
static int eliminate(const fgoi_symbolic *s, const example *x, char L[N][N])
{
    int blocks = 0;
    memset(L, 0, (size_t)N * N);
    for (int j = 0; j < N; j++)
        for (size_t k = x->start[j]; k < x->start[j + 1]; k++) {
            const int a = s->position[j], b = s->position[x->row[k]];
            L[a > b ? a : b][a > b ? b : a] = 1;
        }
    for (int j = 0; j < N; j++)
        for (int i = j + 1; i < N; i++)
            for (int k = j + 1; L[i][j] && k <= i; k++) L[i][k] |= L[k][j];
    for (int j = 0; j < N; j++)
        for (int i = j; i < N; i++) blocks += L[i][j];
    return blocks;
}

/* ---- the page ---- */

enum { LARGEST_PAGE = 1 << 16 };
static char page[LARGEST_PAGE], picture[LARGEST_PAGE];

static void read_text(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, LARGEST_PAGE, file);
    assert_true(size > 0 && size < LARGEST_PAGE);
    text[size] = '\0';
    assert_int_equal(fclose(file), 0);
}

static int read_page(void **state)
{
    (void)state;
    read_text(PAGES "/block-cholesky.md", page);
    read_text(PAGES "/block-cholesky-example.svg", picture);
    return 0;
}

/* A line of text that grows. */
typedef struct {
    char text[256];
    size_t used;
} line;

static void put(line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(line *l, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(l->text + l->used, sizeof l->text - l->used, format, arguments);
    va_end(arguments);
    assert_true(n >= 0 && (size_t)n < sizeof l->text - l->used);
    l->used += (size_t)n;
}

static void check_in(const char *text, const char *name, line *l)
{
    if (!strstr(text, l->text)) print_error("%s has no  %s\n", name, l->text);
    assert_non_null(strstr(text, l->text));
    *l = (line){ { 0 }, 0 };
}

/* The page has this line. */
static void check_line(line *l)
{
    put(l, "\n");
    check_in(page, "the page", l);
}

static void put_poses(line *l, const fgoi_symbolic *s, const int *position, int first, int end)
{
    for (int k = first; k < end; k++) put(l, "%sx%d", k > first ? ", " : "", pose_at(s, position ? position[k] : k));
    if (first == end) put(l, "none");
}

static void put_ranges(line *l, const fgoi_range *range, const fgoi_range *end)
{
    if (range == end) put(l, "none");
    for (const char *comma = ""; range < end; range++, comma = ", ")
        put(l, "%s%d .. %d", comma, range->start, range->start + range->count - 1);
}

/* Columns of the elimination tree, and the cost before and after amalgamation. */
static void test_page_columns(UNUSED_STATE)
{
    (void)state;
    example x;
    fgoi_symbolic s = { 0 };
    line l = { { 0 }, 0 };
    char L[N][N];
    int stored = 0;
    double cycles = 0.0;
    make_example(&x);
    analyze(&x, 4, &s);
    const int filled = eliminate(&s, &x, L);
    put_poses(&l, &s, NULL, 0, N);
    check_line(&l);
    assert_int_equal(round(fgoi_front_cycles(DIM, 2 * DIM, 4)), 1009); /* the page's reasons for what x4 absorbs */
    assert_int_equal(round(fgoi_front_cycles(2 * DIM, 2 * DIM, 4)), 1457);
    assert_int_equal(round(fgoi_front_cycles(3 * DIM, 2 * DIM, 4)), 2639);
    for (int j = 0; j < N; j++) {
        int parent = 0, rows = 0;
        for (int i = N - 1; i > j; i--)
            if (L[i][j]) parent = pose_at(&s, i), rows++;
        assert_int_equal(parent, TREE[pose_at(&s, j)]);
        cycles += fgoi_front_cycles(DIM, DIM * rows, 4);
    }
    for (int f = 0; f < FRONTS; f++) {
        const int w = s.first[f + 1] - s.first[f], r = (int)(s.row_start[f + 1] - s.row_start[f]);
        stored += w * (w + 1) / 2 + w * r;
    }
    put(&l, "| blocks | %d | %d | %d |", (int)x.start[N], filled, stored);
    check_line(&l);
    put(&l, "| modelled cycles | | %.0f | %.0f |", cycles, fgoi_symbolic_cycles(&s));
    check_line(&l);
    for (int j = 0; j < N; j++) { /* the page's picture of L in text: H, fill, explicit zero */
        put(&l, "%-3s", pose_at(&s, j) < 10 ? (char[]){ 'x', (char)('0' + pose_at(&s, j)), 0 } : "x10");
        for (int k = 0; k <= j; k++) {
            int in_H = j == k, in_front = 0;
            const int a = s.natural[j], b = s.natural[k], f = s.front[k];
            in_H |= adjacent((a > b ? a : b) + 1, (a > b ? b : a) + 1);
            in_front |= s.front[j] == f;
            for (size_t row = s.row_start[f]; row < s.row_start[f + 1]; row++) in_front |= s.row[row] == j;
            put(&l, " %s", in_H ? "H" : L[j][k] ? "+" : in_front ? "0" : ".");
        }
        check_line(&l);
    }
    fgoi_symbolic_free(&s);
}

/* Fronts, the maps between them, their memory and the order of the solves, for strips of 4 rows. */
static void test_page_layout(UNUSED_STATE)
{
    (void)state;
    example x;
    fgoi_symbolic s = { 0 };
    fgoi_layout layout;
    fgoi_slot slot[N + N - 1 + LOOPS];
    line l = { { 0 }, 0 };
    make_example(&x);
    analyze(&x, 4, &s);
    assert_int_equal(fgoi_layout_make(&layout, &s, &x.pattern, S, TILE, slot), FGOI_LAID_OUT);
    assert_int_equal(fgoi_arena_place(&layout, FGOI_ARENA_COLUMNS), 0);
    for (int f = 0; f < FRONTS; f++) {
        const fgoi_front *front = &layout.front[f];
        put(&l, "| %d | ", f);
        put_poses(&l, &s, NULL, s.first[f], s.first[f + 1]);
        put(&l, " | ");
        put_poses(&l, &s, s.row, (int)s.row_start[f], (int)s.row_start[f + 1]);
        put(&l, front->parent < 0 ? " | %d | %d | none |" : " | %d | %d | %d |", front->w, front->r, front->parent);
        check_line(&l);
        put(&l, ">front %d: ", f);
        put_poses(&l, &s, NULL, s.first[f], s.first[f + 1]);
        put(&l, front->r ? " | " : "<");
        if (front->r) put_poses(&l, &s, s.row, (int)s.row_start[f], (int)s.row_start[f + 1]);
        check_in(picture, "the picture", &l);
        put(&l, "| %d | %d + %d | %d | %zu | %zu | %zu | %zu |", f, front->pivot_strips, front->strips - front->pivot_strips,
            front->rows, fgoi_columns_size(front->rows, S), front->F, fgoi_strip(front, S, front->strips), front->L);
        check_line(&l);
        put(&l, "| %d | %d .. %d | ", f, front->first_scalar, front->first_scalar + front->w - 1);
        put_ranges(&l, layout.update_range + front->update_range, layout.update_range + layout.front[f + 1].update_range);
        put(&l, " |");
        check_line(&l);
        for (int strip = 0; front->parent >= 0 && strip < front->strips - front->pivot_strips; strip++)
            for (uint32_t k = layout.segment_start[front->segment + (uint32_t)strip];
                 k < layout.segment_start[front->segment + (uint32_t)strip + 1]; k++) {
                const fgoi_segment *segment = &layout.segment[k];
                if (f != 1) continue; /* the page shows front 1 */
                put(&l, "| %d | %d .. %d | %d .. %d |", strip, segment->lane, segment->lane + segment->count - 1, segment->row,
                    segment->row + segment->count - 1);
                check_line(&l);
            }
    }
    put(&l, "| all | | | | %zu | %zu | %zu |", layout.arena_size, layout.L_size, layout.arena_start + layout.arena_size);
    check_line(&l);
    fgoi_layout_free(&layout);
    fgoi_symbolic_free(&s);
}

/* A solver eliminates the graph in this order, and its L has the blocks of the page. */
static void test_solver(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g;
    fgo_solver *solver;
    fgo_sparsity *sparsity;
    const fgo_options options = fgo_options_default();
    const int64_t *key;
    size_t count;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < POSES; i++)
        assert_ok(fgo_graph_add_variable(g, i, &fgo_manifold_se3, (double[]){ i, i % 3, 0, 0, 0, 0, 1 }));
    for (int e = 0; e < N + LOOPS; e++) {
        const int i = e < N ? e : LOOP[e - N][0], j = e < N ? e + 1 : LOOP[e - N][1];
        const double z[] = { j - i, j % 3 - i % 3, 0, 0, 0, 0, 1 };
        assert_ok(fgo_graph_add_factor(g, &fgo_between_se3, (int64_t[]){ i, j }, z, fgo_noise_unit(), fgo_loss_none()));
    }
    assert_ok(fgo_solver_create(g, &options, &solver));
    assert_ok(fgo_solver_elimination_order(solver, &key, &count));
    assert_int_equal(count, N);
    for (size_t k = 0; k < N; k++) assert_int_equal(key[k], ORDER[k]);
    assert_ok(fgo_solver_sparsity(solver, &sparsity));
    assert_int_equal(sparsity->H_start[N], 23);
    assert_int_equal(sparsity->L_start[N], 27);
    fgo_sparsity_free(sparsity);
    fgo_solver_free(solver);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_fronts), cmocka_unit_test(test_page_columns),
                                        cmocka_unit_test(test_page_layout), cmocka_unit_test(test_solver) };
    return cmocka_run_group_tests(tests, read_page, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_assemble.c -- the linearization kernels of every instruction set this CPU has, against plain loops; and which
 * one runs. */
#include "evaluate/assemble.h"
#include "support.h"

enum { TERMS = 7, FACTOR = 6 * 12, MOST_ROWS = 6 };

typedef struct {
    double J[TERMS * FACTOR + FGOI_JACOBIAN_PADDING], r[TERMS * MOST_ROWS];
    fgoi_term term[TERMS];
} problem;

static problem random_problem(rng *r, int n)
{
    problem p;
    for (size_t i = 0; i < sizeof p.J / sizeof *p.J; i++)
        p.J[i] = i < TERMS * FACTOR ? rng_normal(r) : NAN; /* padding must not matter */
    for (int i = 0; i < TERMS * MOST_ROWS; i++) p.r[i] = rng_normal(r);
    for (int t = 0; t < TERMS; t++) {
        const int unary = rng_below(r, 3) == 0, swap = rng_below(r, 2);
        p.term[t] = (fgoi_term){ .J = (uint32_t)(t * FACTOR),
                                 .r = (uint32_t)(t * MOST_ROWS),
                                 .rows = (uint16_t)(1 + rng_below(r, MOST_ROWS)),
                                 .ld = (uint16_t)(unary ? n : 2 * n),
                                 .a = (uint16_t)(unary || swap ? 0 : n),
                                 .b = (uint16_t)(unary || !swap ? 0 : n) };
    }
    return p;
}

static void check_gather(const fgoi_assemble_kernels *kernels, rng *r, int n)
{
    const problem p = random_problem(r, n);
    const size_t ld = (size_t)n + (size_t)rng_below(r, 5);
    for (int count = 0; count <= TERMS; count++)
        for (int swap = 0; swap < 2; swap++) {
            double out[6 * 11], b[6 + 1], before = -123.5;
            for (size_t i = 0; i < sizeof out / sizeof *out; i++) out[i] = before;
            b[n] = before;
            kernels->gather[n](p.term, p.term + count, p.J, p.r, swap, out, ld, b);
            for (int i = 0; i < n; i++) {
                double sum_b = 0.0;
                for (int j = 0; j < n; j++) {
                    double sum = 0.0;
                    for (int t = 0; t < count; t++)
                        for (int k = 0; k < p.term[t].rows; k++) {
                            const double *row = p.J + p.term[t].J + k * p.term[t].ld;
                            sum += row[(swap ? p.term[t].b : p.term[t].a) + i] * row[(swap ? p.term[t].a : p.term[t].b) + j];
                        }
                    assert_close(out[(size_t)i * ld + (size_t)j], sum, 1e-13);
                }
                for (int t = 0; t < count; t++)
                    for (int k = 0; k < p.term[t].rows; k++)
                        sum_b +=
                            p.J[p.term[t].J + (unsigned)(k * p.term[t].ld) + (swap ? p.term[t].a : p.term[t].b) + (unsigned)i] *
                            p.r[p.term[t].r + (unsigned)k];
                assert_close(b[i], sum_b, 1e-13);
            }
            /* nothing beside the block is touched */
            assert_true(b[n] == before);
            for (size_t i = 0; i < sizeof out / sizeof *out; i++)
                if (i % ld >= (size_t)n || i / ld >= (size_t)n) assert_true(out[i] == before);
        }
}

static void check_whiten(const fgoi_assemble_kernels *kernels, rng *r, int rows)
{
    const int p = 2 * rows, w = rows * (rows + 1) / 2;
    double W[3 * 21], J[3 * 72], before[3 * 72];
    for (int i = 0; i < 3 * w; i++) W[i] = rng_normal(r);
    for (int i = 0; i < 3 * rows * p; i++) J[i] = before[i] = rng_normal(r);
    (rows == 3 ? kernels->whiten_3x6 : kernels->whiten_6x12)(3, W, J);
    for (int f = 0; f < 3; f++)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < p; j++) {
                double sum = 0.0;
                for (int k = i; k < rows; k++)
                    sum += W[f * w + i * rows - i * (i - 1) / 2 + k - i] * before[f * rows * p + k * p + j];
                assert_close(J[f * rows * p + i * p + j], sum, 1e-14);
            }
}

static void test_every_level(UNUSED_STATE)
{
    (void)state;
    rng r = { 71 };
    int levels = 0;
    const fgoi_cpu highest = fgoi_cpu_limit(FGOI_CPU_LEVELS);
    for (int level = FGOI_CPU_PORTABLE; level <= (int)highest; level++, levels++) {
        assert_int_equal(fgoi_cpu_limit((fgoi_cpu)level), level);
        const fgoi_assemble_kernels *kernels = fgoi_assemble();
        assert_int_equal(kernels->level, level); /* the one that runs is the one that was chosen */
        for (int t = 0; t < 200; t++) {
            check_gather(kernels, &r, 2);
            check_gather(kernels, &r, 3);
            check_gather(kernels, &r, 6);
            check_whiten(kernels, &r, 3);
            check_whiten(kernels, &r, 6);
        }
    }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
    print_message("%d levels, the highest %s\n", levels, fgoi_cpu_name(highest));
    assert_true(levels >= 1);
}

/* Every level finds the same optimum, and each is the same from run to run. */
static void test_solves_agree(UNUSED_STATE)
{
    (void)state;
    const fgoi_cpu highest = fgoi_cpu_limit(FGOI_CPU_LEVELS);
    double cost[FGOI_CPU_LEVELS][2];
    for (int level = FGOI_CPU_PORTABLE; level <= (int)highest; level++)
        for (int again = 0; again < 2; again++) {
            rng r = { 72 };
            fgo_summary s;
            fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 50, 60, 0.05, NULL);
            for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
                fgo_se3 z = *(const fgo_se3 *)fgo_graph_factor_measurement(g, f);
                z.t[0] += 0.1 * rng_normal(&r);
                assert_ok(fgo_graph_set_measurement(g, f, &z));
            }
            fgoi_cpu_limit((fgoi_cpu)level);
            assert_ok(fgo_solve(g, NULL, &s));
            cost[level][again] = s.cost_final;
            fgo_graph_free(g);
            assert_true(cost[level][again] == cost[level][0]);
            assert_close(cost[level][0] / cost[0][0], 1.0, 1e-10);
        }
    fgoi_cpu_limit(FGOI_CPU_LEVELS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_level), cmocka_unit_test(test_solves_agree) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

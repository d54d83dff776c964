/* SPDX-License-Identifier: BSD-3-Clause */
/* repeated.c -- several edges of one kind between the same two variables, and whether their measurements agree. */
#include "base/memory.h"
#include "base/sort.h"
#include "findings.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct pair {
    uint32_t group, low, high, factor; /* variables by number */
} pair;

static int same_pair(const pair *a, const pair *b) { return a->group == b->group && a->low == b->low && a->high == b->high; }

static int compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    for (int i = 0; i < 4; i++)
        if (x[i] != y[i]) return fgoi_compare_size(x[i], y[i]);
    return 0;
}

static const uint32_t *variables_of(const fgo_graph *g, uint32_t factor)
{
    return g->group[g->location[factor].group].variable + (size_t)g->location[factor].index * 2;
}

/* Returns s of the difference of two measurements, e' (Omega1^-1 + Omega2^-1)^-1 e, which is s1 s2 / (s1 + s2) where the two
 * information matrices are proportional; -1 if the class cannot predict. */
static double difference(const fgo_graph *g, uint32_t first, uint32_t second)
{
    enum { MAX_SIZE = 16 };
    const fgoi_factor_location p1 = g->location[first], p2 = g->location[second];
    const fgoi_group *group = &g->group[p1.group];
    const size_t size = group->c.measurement_size;
    const uint32_t *v1 = variables_of(g, first), *v2 = variables_of(g, second);
    const int exchanged = v1[0] != v2[0];
    double predicted[MAX_SIZE], e[MAX_SIZE];
    if (!group->c.predict || group->c.rows > MAX_SIZE || g->variable[v1[1]].manifold->ambient > MAX_SIZE) return -1;
    const double *x[2] = { g->x + g->variable[v1[0]].x, g->x + g->variable[v1[1]].x };
    if (group->c.predict(&group->c, group->z + p1.index * size, x, 1, predicted)) return -1;
    const double *y[2] = { exchanged ? predicted : x[0], exchanged ? x[0] : predicted };
    if (group->c.evaluate(&group->c, 1, y, group->z + p2.index * size, e, NULL)) return -1;
    const double s2 = fgoi_whitened_square(group, p2.index, e);
    const double s1 = exchanged ? s2 : fgoi_whitened_square(group, p1.index, e);
    return s1 + s2 > 0 ? s1 * s2 / (s1 + s2) : 0;
}

/* Reports another edge between the variables of `first`. Measurements in both directions are usual and no repetition. */
static fgo_status report(fgoi_exam *e, const pair *first, const pair *again, size_t repetitions)
{
    const fgo_graph *g = e->g;
    const fgoi_group *group = &g->group[first->group];
    const double s = difference(g, first->factor, again->factor);
    const size_t before = e->factor_line[first->factor];
    const int64_t a = g->variable[first->low].key, b = g->variable[first->high].key;
    fgo_status status = FGO_OK;
    const pair *same = first;
    while (variables_of(g, same->factor)[0] != variables_of(g, again->factor)[0]) same++;
    if (same < again)
        status = fgoi_find_factor(e, again->factor,
                                  &(fgo_finding){ .kind = FGO_FINDING_DUPLICATE,
                                                  .severity = FGO_SEVERITY_WARNING,
                                                  .statistic = s,
                                                  .what = s >= 0 ? FGO_STATISTIC_CHI2 : FGO_STATISTIC_NONE,
                                                  .dofs = s >= 0 ? group->c.rows : 0,
                                                  .p = s >= 0 ? fgo_chi2_survival(group->c.rows, s) : 0,
                                                  .remedy = { FGO_REMEDY_KEEP_ONE, 0 },
                                                  .factors = 2,
                                                  .factor = { 0, same->factor },
                                                  .other_line = e->factor_line[same->factor] },
                                  "another %s edge between %" PRId64 " and %" PRId64 ", after line %zu%s", group->c.name, a, b,
                                  e->factor_line[same->factor], s >= 0 && s < 1e-12 ? ", with the same measurement" : "");
    const double p = s > 0 ? fgo_chi2_survival(group->c.rows, s) : 1;
    if (status || p * (double)repetitions > e->significance) return status;
    return fgoi_find_factor(e, again->factor,
                            &(fgo_finding){ .kind = FGO_FINDING_CONTRADICTION,
                                            .severity = FGO_SEVERITY_ERROR,
                                            .statistic = s,
                                            .what = FGO_STATISTIC_CHI2,
                                            .dofs = group->c.rows,
                                            .p = p,
                                            .remedy = { FGO_REMEDY_LOOK_AT_BOTH, 0 },
                                            .factors = 2,
                                            .factor = { 0, first->factor },
                                            .other_line = before },
                            "the edge between %" PRId64 " and %" PRId64
                            " contradicts line %zu: chi2 of the difference %.4g, p = %.1e",
                            a, b, before, s, p);
}

fgo_status fgoi_examine_repeated(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    size_t count = 0, repetitions = 0;
    fgo_status status = FGO_OK;
    pair *all = fgoi_alloc(g->factor_count, sizeof *all);
    if (!all) return fgoi_fail_memory();
    for (size_t f = 0; f < g->factor_count; f++) {
        if (!fgoi_has_factor(g, f)) continue;
        const fgoi_group *group = &g->group[g->location[f].group];
        if (group->c.arity != 2) continue;
        const uint32_t *v = group->variable + (size_t)g->location[f].index * 2;
        const uint32_t low = v[0] < v[1] ? v[0] : v[1], high = v[0] < v[1] ? v[1] : v[0];
        all[count++] = (pair){ g->location[f].group, low, high, (uint32_t)f };
    }
    if (count) qsort(all, count, sizeof *all, compare);
    for (size_t i = 1; i < count; i++) repetitions += (size_t)same_pair(&all[i - 1], &all[i]);
    for (size_t i = 1, first = 0; i < count && !status; i++) {
        if (!same_pair(&all[first], &all[i]))
            first = i;
        else
            status = report(e, &all[first], &all[i], repetitions);
    }
    fgoi_free(all);
    return status;
}

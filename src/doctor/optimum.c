/* SPDX-License-Identifier: BSD-3-Clause */
/* optimum.c -- judges edges at the optimum with a Cauchy loss, where wrong edges have little weight: each edge against the chi2
 * distribution here, all together in meaning.c. */
#include "base/memory.h"
#include "base/sort.h"
#include "findings.h"
#include "solve/solve.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- the optimum ---- */

fgo_status fgoi_robust_optimum(const fgo_graph *g, double *x, int *found)
{
    const fgo_loss cauchy = fgo_loss_cauchy(2.3849);
    fgo_summary summary = { 0 };
    const fgo_status status = fgoi_solve(&(fgoi_problem){ .g = g, .loss = &cauchy }, NULL, x, &summary);
    *found = !status && fgo_termination_class(summary.termination) >= 0;
    return status == FGO_ERROR_MEMORY ? status : FGO_OK; /* for what is wrong with the graph there are findings */
}

/* ---- single edges ---- */

/* Returns the width of the residuals: 1, or more if they are larger throughout than the information says. */
static double common_scale(const fgoi_exam *e, const fgoi_group *group, double *s)
{
    for (size_t f = 0; f < group->count; f++) s[f] = fgoi_chi2_at(e->g, group->number[f], e->optimum, 0);
    fgoi_sort_doubles(s, group->count);
    return fmax(1.0, s[group->count / 2] / fgoi_chi2_quantile(group->c.rows, 0.5));
}

static fgo_status judge(fgoi_exam *e, const fgoi_group *group, size_t f, double scale, double limit)
{
    const fgo_graph *g = e->g;
    const size_t number = group->number[f];
    const fgoi_variable *from = &g->variable[group->variable[f * (size_t)group->c.arity]],
                        *to = &g->variable[group->variable[f * (size_t)group->c.arity + 1]];
    const int64_t a = from->key, b = to->key;
    const double s = fgoi_chi2_at(g, number, e->optimum, 0) / scale, fits = fgoi_chi2_quantile(group->c.rows, 0.5) * scale;
    const int exchangeable = group->c.arity == 2 && from->manifold == to->manifold;
    const double *state[2] = { e->optimum, g->x };
    for (int i = 0; i < (e->good_estimate ? 2 : 1) && exchangeable; i++)
        if (fgoi_chi2_at(g, number, state[i], 0) > limit * scale && fgoi_chi2_at(g, number, state[i], 1) < fits)
            return fgoi_find_factor(e, number,
                                    &(fgo_finding){ .kind = FGO_FINDING_WRONG_WAY,
                                                    .severity = FGO_SEVERITY_ERROR,
                                                    .statistic = s,
                                                    .what = FGO_STATISTIC_CHI2,
                                                    .dofs = group->c.rows,
                                                    .p = fgo_chi2_survival(group->c.rows, s),
                                                    .remedy = { FGO_REMEDY_EXCHANGE, 0 } },
                                    "the edge from %" PRId64 " to %" PRId64
                                    " fits the other way round: chi2 %.3g instead of %.3g",
                                    a, b, fgoi_chi2_at(g, number, state[i], 1), fgoi_chi2_at(g, number, state[i], 0));
    if (!(s > limit) || e->suspected) return FGO_OK; /* with the information that was meant, chi2 would be another */
    const double p = fgo_chi2_survival(group->c.rows, s);
    return fgoi_find_factor(e, number,
                            &(fgo_finding){ .kind = FGO_FINDING_IMPROBABLE,
                                            .severity = FGO_SEVERITY_WARNING,
                                            .statistic = s,
                                            .what = FGO_STATISTIC_CHI2,
                                            .dofs = group->c.rows,
                                            .p = p,
                                            .remedy = { FGO_REMEDY_ROBUST_LOSS, 0 } },
                            "the edge from %" PRId64 " to %" PRId64
                            " has chi2 %.4g with %d degrees of freedom at the optimum (p = %.1e)",
                            a, b, s, group->c.rows, p);
}

fgo_status fgoi_examine_optimum(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    int found = 0;
    if (!(e->optimum = fgoi_alloc(g->x_size, sizeof *e->optimum))) return fgoi_fail_memory();
    memcpy(e->optimum, g->x, g->x_size * sizeof *e->optimum);
    fgo_status status = fgoi_robust_optimum(g, e->optimum, &found);
    if (status || !found) return status; /* the other parts say why the graph cannot be solved */
    double *s = fgoi_alloc(g->factor_count, sizeof *s);
    if (!s) return fgoi_fail_memory();
    if (!e->other_order) status = fgoi_examine_meaning(e);
    for (size_t i = 0; i < g->group_count && !status; i++) {
        const fgoi_group *group = &g->group[i];
        if (group->c.arity < 2 || !group->count) continue;
        const double scale = common_scale(e, group, s);
        const double limit = fgoi_chi2_quantile(group->c.rows, e->significance / (double)fgo_graph_factor_count(g));
        for (size_t f = 0; f < group->count && !status; f++) status = judge(e, group, f, scale, limit);
    }
    fgoi_free(s);
    return status;
}

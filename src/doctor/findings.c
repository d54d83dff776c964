/* SPDX-License-Identifier: BSD-3-Clause */
/* findings.c -- the list of findings and their names, and what the parts of the doctor share: names of degrees of freedom,
 * losses that are taken off and put back, the chi2 distribution, the chi2 of one factor. */
#include "findings.h"
#include "base/memory.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static fgo_status add(fgo_findings *all, const fgo_finding *finding, const char *evidence,
                                                            va_list args)
{
    if (fgoi_grow(&all->row, &all->capacity, all->count + 1, sizeof *all->row)) return fgoi_fail_memory();
    fgo_finding_variable *own = fgoi_alloc(finding->variables, sizeof *own);
    if (!own) return fgoi_fail_memory();
    fgo_finding *f = &all->row[all->count++];
    *f = *finding;
    f->variable = own;
    if (f->variables) memcpy(own, finding->variable, f->variables * sizeof *own);
    vsnprintf(f->evidence, sizeof f->evidence, evidence, args);
    return FGO_OK;
}

fgo_status fgoi_find(fgoi_exam *e, const fgo_finding *finding, const char *evidence, ...)
{
    va_list args;
    va_start(args, evidence);
    const fgo_status status = add(e->out, finding, evidence, args);
    va_end(args);
    return status;
}

fgo_status fgoi_find_factor(fgoi_exam *e, size_t factor, const fgo_finding *finding, const char *evidence, ...)
{
    const fgoi_factor_location at = e->g->location[factor];
    const fgoi_group *group = &e->g->group[at.group];
    const size_t arity = (size_t)group->c.arity;
    fgo_finding_variable ends[FGO_MAX_ARITY];
    fgo_finding f = *finding;
    va_list args;
    for (size_t k = 0; k < arity; k++)
        ends[k] = (fgo_finding_variable){ e->g->variable[group->variable[at.index * arity + k]].key, 0 };
    f.line = e->factor_line[factor];
    f.factor[0] = factor;
    if (!f.factors) f.factors = 1;
    f.variable = ends;
    f.variables = arity;
    va_start(args, evidence);
    const fgo_status status = add(e->out, &f, evidence, args);
    va_end(args);
    return status;
}

void fgoi_name_dofs(const fgo_manifold *m, uint64_t dofs, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int d = 0; d < m->tangent && d < 64; d++) {
        char number[32];
        const char *name = m->traits && m->traits->dof ? m->traits->dof[d] : NULL;
        if (!(dofs >> d & 1)) continue;
        snprintf(number, sizeof number, "component %d", d);
        if (!name) name = number;
        if (used + strlen(name) + 3 > size) return;
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", name);
    }
}

size_t fgo_findings_count(const fgo_findings *f) { return f ? f->count : 0; }
const fgo_finding *fgo_findings_get(const fgo_findings *f, size_t i) { return f && i < f->count ? &f->row[i] : NULL; }

void fgo_findings_free(fgo_findings *f)
{
    if (!f) return;
    for (size_t i = 0; i < f->count; i++) fgoi_free(f->row[i].variable);
    fgoi_free(f->row);
    fgoi_free(f);
}

const char *fgo_finding_name(fgo_finding_kind kind)
{
    switch (kind) {
    case FGO_FINDING_FREE_COMPONENT: return "free-component";
    case FGO_FINDING_UNCONSTRAINED: return "unconstrained";
    case FGO_FINDING_JOINT: return "joint";
    case FGO_FINDING_DANGLING: return "dangling";
    case FGO_FINDING_SELF_LOOP: return "self-loop";
    case FGO_FINDING_INDEFINITE: return "indefinite";
    case FGO_FINDING_BADLY_SCALED: return "badly-scaled";
    case FGO_FINDING_ORDER: return "order";
    case FGO_FINDING_COVARIANCE: return "covariance";
    case FGO_FINDING_SQUARE_ROOT: return "square-root";
    case FGO_FINDING_HALF_ANGLE: return "half-angle";
    case FGO_FINDING_DUPLICATE: return "duplicate";
    case FGO_FINDING_CONTRADICTION: return "contradiction";
    case FGO_FINDING_WRONG_WAY: return "wrong-way";
    case FGO_FINDING_IMPROBABLE: return "improbable";
    case FGO_FINDING_FAR_POSE: return "far-pose";
    }
    return NULL;
}

const char *fgo_severity_name(fgo_severity severity)
{
    switch (severity) {
    case FGO_SEVERITY_WARNING: return "warning";
    case FGO_SEVERITY_ERROR: return "error";
    }
    return NULL;
}

/* Computes Q_n by Q_(n+2) = Q_n + (x/2)^(n/2) exp(-x/2) / Gamma(n/2 + 1), from Q_1 = erfc(sqrt(x / 2)) and Q_2 = exp(-x / 2). */
double fgo_chi2_survival(int n, double x)
{
    if (n < 1) return NAN;
    if (!(x > 0.0)) return 1.0;
    const double h = x / 2;
    int sign; /* of its own: lgamma's is one variable for all threads */
    double Q = n % 2 ? erfc(sqrt(h)) : exp(-h);
    for (int k = n % 2 ? 1 : 2; k < n; k += 2) Q += exp(0.5 * k * log(h) - h - lgamma_r(0.5 * k + 1, &sign));
    return Q;
}

double fgoi_chi2_quantile(int n, double p)
{
    double low = 0, high = 1;
    while (fgo_chi2_survival(n, high) > p && high < 1e300) high *= 2;
    for (int i = 0; i < 200 && low < high; i++) {
        const double middle = 0.5 * (low + high);
        if (fgo_chi2_survival(n, middle) > p)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double fgoi_whitened_square(const fgoi_group *group, size_t index, const double *e)
{
    const int n = group->c.rows;
    return fgoi_packed_square(n, group->W + index * fgoi_packed(n), e);
}

double fgoi_chi2_at(const fgo_graph *g, size_t factor, const double *x, int exchanged)
{
    enum { MAX_ROWS = 64 };
    const fgoi_factor_location place = g->location[factor];
    const fgoi_group *group = &g->group[place.group];
    const size_t arity = (size_t)group->c.arity;
    const double *value[FGO_MAX_ARITY];
    double e[MAX_ROWS];
    if (group->c.rows > MAX_ROWS) return INFINITY;
    for (size_t k = 0; k < arity; k++)
        value[exchanged ? arity - 1 - k : k] = x + g->variable[group->variable[place.index * arity + k]].x;
    if (group->c.evaluate(&group->c, 1, value, fgoi_measurement(group, place.index), e, NULL)) return INFINITY;
    const double s = fgoi_whitened_square(group, place.index, e);
    return isfinite(s) ? s : INFINITY;
}

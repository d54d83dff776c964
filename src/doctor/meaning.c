/* SPDX-License-Identifier: BSD-3-Clause */
/* meaning.c -- whether all information matrices together seem to mean something other than information.
 *
 * With m residual rows and n degrees of freedom, chi2 / (m - n) is about 1 at the optimum if the information is right. If it is
 * far from 1, the problem is solved again with the squares of the matrices and with their inverses. */
#include "base/memory.h"
#include "base/sort.h"
#include "factor/noise.h"
#include "findings.h"
#include <fgopt/arrays.h>
#include <fgopt/registry.h>
#include <math.h>
#include <string.h>

enum { MAX_ROWS = 6 };
typedef enum reading { SQUARED, INVERSE } reading;
typedef enum part { WHOLE, TRANSLATION, ROTATION, PARTS } part;

/* Returns the mean of v without its largest twentieth. Sorts v. */
static double trimmed_mean(double *v, size_t n)
{
    double sum = 0;
    const size_t kept = n - n / 20;
    fgoi_sort_doubles(v, n);
    for (size_t i = 0; i < kept; i++) sum += v[i];
    return sum / (double)kept;
}

/* Computes e' Omega e of one factor at the values `at`: whole, and by the blocks of translation and rotation. */
static void squares(const fgo_graph *g, const fgoi_group *group, size_t f, const double *at, double out[PARTS])
{
    const int n = group->c.rows, t = n == 6 ? 3 : 2;
    double Omega[MAX_ROWS * MAX_ROWS], r[MAX_ROWS];
    const double *x[2];
    memset(out, 0, PARTS * sizeof *out);
    for (int k = 0; k < 2; k++) x[k] = at + g->variable[group->variable[2 * f + (size_t)k]].x;
    if (group->c.evaluate(&group->c, 1, x, fgoi_measurement(group, f), r, NULL)) return;
    fgoi_packed_gram(n, group->W + f * fgoi_packed(n), Omega);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double term = r[i] * Omega[i * n + j] * r[j];
            out[WHOLE] += term;
            if ((i < t) == (j < t)) out[i < t ? TRANSLATION : ROTATION] += term;
        }
}

/* Computes chi2 per free row of a group at x: whole, of translations and of rotations. */
static fgo_status measure(const fgo_graph *g, const fgoi_group *group, const double *x, double free_part, double s[PARTS])
{
    const int n = group->c.rows, t = n == 6 ? 3 : 2, rows[PARTS] = { n, t, n - t };
    double *value = fgoi_alloc(group->count, PARTS * sizeof *value);
    if (!value) return fgoi_fail_memory();
    for (size_t f = 0; f < group->count; f++) {
        double out[PARTS];
        squares(g, group, f, x, out);
        for (int k = 0; k < PARTS; k++) value[(size_t)k * group->count + f] = out[k];
    }
    for (int k = 0; k < PARTS; k++) s[k] = trimmed_mean(value + (size_t)k * group->count, group->count) / (rows[k] * free_part);
    fgoi_free(value);
    return FGO_OK;
}

/* Replaces the information of a group by its squares or inverses; *possible becomes 0 if a matrix is singular. */
static fgo_status reinterpret(fgoi_group *group, reading how, int *possible)
{
    const int n = group->c.rows;
    *possible = 1;
    for (size_t f = 0; f < group->count && *possible; f++) {
        double Omega[MAX_ROWS * MAX_ROWS], other[MAX_ROWS * MAX_ROWS], *W = group->W + f * fgoi_packed(n);
        int projected;
        fgoi_packed_gram(n, W, Omega);
        for (int i = 0, k = 0; how == SQUARED && i < n; i++) /* the upper triangle as the root R, which is W */
            for (int j = i; j < n; j++) W[k++] = Omega[i * n + j];
        if (how == SQUARED) continue;
        for (int c = 0; c < n; c++) { /* column c of Omega^-1: W' y = unit, W x = y */
            double x[MAX_ROWS] = { 0 };
            x[c] = 1.0;
            if (!(W[fgoi_packed_at(n, c, c)] > 0.0)) *possible = 0;
            fgoi_packed_solve_transposed(n, W, x);
            fgoi_packed_solve(n, n, W, x);
            for (int i = 0; i < n; i++) other[i * n + c] = x[i];
        }
        if (!*possible) break;
        const fgo_noise noise = fgo_noise_projected(other);
        if (fgoi_whitening(&noise, n, W, &projected)) *possible = 0; /* not symmetric in rounding */
    }
    return FGO_OK;
}

/* Computes chi2 per free row at the optimum of a copy of the graph whose information is read differently; infinite if there is no
 * such optimum. */
static fgo_status try_reading(const fgoi_exam *e, const fgoi_group *as_written, reading how, double free_part, double s[PARTS])
{
    fgo_graph *g = NULL;
    double *x = fgoi_alloc(e->g->x_size, sizeof *x);
    int possible = 0, found = 0;
    fgo_status status = x ? fgo_graph_copy(e->g, &g) : fgoi_fail_memory();
    for (int k = 0; k < PARTS; k++) s[k] = INFINITY;
    if (!status) {
        fgoi_group *group = &g->group[as_written - e->g->group];
        memcpy(x, e->optimum, g->x_size * sizeof *x);
        status = reinterpret(group, how, &possible);
        if (!status && possible) status = fgoi_robust_optimum(g, x, &found);
        if (!status && found) status = measure(g, group, x, free_part, s);
    }
    fgo_graph_free(g);
    fgoi_free(x);
    return status;
}

/* Returns 1 for the classes that measure the pose of one variable, or of its sensor, relative to another. */
static int is_relative_pose(const fgo_factor_class *c)
{
    const fgo_factor_registration *row = fgo_factor_class_row_of(c);
    if (!row || c->arity != 2 || c->gauge != FGO_GAUGE_RELATIVE || !row->fields) return 0;
    return row->field[0].kind == FGO_FIELD_SE2 || row->field[0].kind == FGO_FIELD_SE3;
}

/* Returns the group with the most edges between poses; NULL if there is none. */
static const fgoi_group *largest_group(const fgo_graph *g)
{
    const fgoi_group *largest = NULL;
    for (size_t i = 0; i < g->group_count; i++) {
        const fgoi_group *group = &g->group[i];
        if (is_relative_pose(&group->c) && (!largest || group->count > largest->count)) largest = group;
    }
    return largest;
}

/* Returns by what factor chi2 per free row differs from 1, as a logarithm. */
static double misfit(double s) { return s > 0 ? fabs(log(s)) : INFINITY; }

/* The limits: far from 1 as written, and near 1 in the other reading, for translations and for rotations alike, within what
 * trimming and a small number of loops do to the means (M3500: 0.64 and 0.97, city10000: 0.72 and 0.80; intel, where it would be
 * chance: 1.67 and 0.34). */
static const double FAR = 2.08 /* log 8 */, NEAR = 0.69 /* log 2 */;

static int fits(const double s[PARTS]) { return misfit(s[TRANSLATION]) < NEAR && misfit(s[ROTATION]) < NEAR; }

static fgo_status suspect_unit(fgoi_exam *e, const fgoi_group *group, const double s[PARTS], size_t line)
{
    const double ratio = s[ROTATION] / s[TRANSLATION];
    const fgo_factor_registration *family = fgo_factor_class_row_of(&group->c);
    const int log_convention = !fgo_factor_class_same(family->c, &group->c); /* ceres has whole angles, too */
    const double wanted = log_convention ? 4.0 : 0.25;                       /* squares of half angles against whole ones */
    if (group->c.rows != 6 || !family->log || misfit(s[TRANSLATION]) > 0.34 /* log 1.4 */ ||
        misfit(ratio / wanted) > 0.22 /* log 1.25 */)
        return FGO_OK;
    e->suspected = 1;
    return fgoi_find(e,
                     &(fgo_finding){ .kind = FGO_FINDING_HALF_ANGLE,
                                     .severity = FGO_SEVERITY_WARNING,
                                     .line = line,
                                     .statistic = ratio,
                                     .what = FGO_STATISTIC_CHI2_RATIO,
                                     .remedy = { FGO_REMEDY_READ_RESIDUAL, log_convention ? FGO_WEIGHTS_G2O : FGO_WEIGHTS_LOG } },
                     "weights of rotations look as if meant for the %s: chi2 per free row is %.3g of rotations, %.3g of "
                     "translations",
                     log_convention ? "half angles of g2o" : "rotation vector, not for the half angles of g2o", s[ROTATION],
                     s[TRANSLATION]);
}

static fgo_status suspect_matrix(fgoi_exam *e, const fgoi_group *group, double free_part, double as_written, size_t line)
{
    double squared[PARTS], inverse[PARTS];
    fgo_status status = try_reading(e, group, SQUARED, free_part, squared);
    if (!status) status = try_reading(e, group, INVERSE, free_part, inverse);
    if (status) return status;
    const int root = fits(squared);
    if (!root && !fits(inverse)) return FGO_OK;
    e->suspected = 1;
    return fgoi_find(e,
                     &(fgo_finding){ .kind = root ? FGO_FINDING_SQUARE_ROOT : FGO_FINDING_COVARIANCE,
                                     .severity = FGO_SEVERITY_WARNING,
                                     .line = line,
                                     .statistic = as_written,
                                     .what = FGO_STATISTIC_CHI2_PER_ROW,
                                     .remedy = { FGO_REMEDY_READ_FORM, root ? FGO_WEIGHTS_ROOT : FGO_WEIGHTS_COVARIANCE } },
                     "the information looks like %s: chi2 per free row at the optimum is %.3g as written and %.3g with the "
                     "matrices %s, where 1 is expected",
                     root ? "its square root" : "a covariance", as_written, root ? squared[WHOLE] : inverse[WHOLE],
                     root ? "squared" : "inverted");
}

fgo_status fgoi_examine_meaning(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    const fgoi_group *group = largest_group(g);
    double rows = 0, s[PARTS];
    if (!group || group->count < 20 || group->c.rows > MAX_ROWS) return FGO_OK; /* too few to tell */
    for (size_t i = 0; i < g->group_count; i++) rows += (double)g->group[i].count * g->group[i].c.rows;
    const double free_part = 1.0 - (double)g->tangent_size / rows;
    if (free_part < 0.05) return FGO_OK;
    const size_t line = e->factor_line[group->number[0]];
    fgo_status status = measure(g, group, e->optimum, free_part, s);
    if (status) return status;
    return misfit(s[WHOLE]) > FAR ? suspect_matrix(e, group, free_part, s[WHOLE], line) : suspect_unit(e, group, s, line);
}

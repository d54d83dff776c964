/* SPDX-License-Identifier: BSD-3-Clause */
/* mgh.c -- the first nineteen problems of J. More, B. Garbow, K. Hillstrom, "Testing Unconstrained Optimization Software", ACM
 * Transactions on Mathematical Software 7, 1981: data, the standard start x0, 10 x0 and 100 x0, and the minima.
 *
 * The paper has the minima to six digits; here they are computed from the formulas in 40 digits. The numbers of observations that it
 * leaves open are 99 for problem 11 and 10 for problem 12. The bounds are those of D. Gay, "A Trust-Region Approach to Linearly
 * Constrained Optimization", 1984; the minima within them are computed, too, and agree with the published ones but for 11 and 12,
 * which others bound in the form that the paper prints and with 3 observations (least sum of squares 3.0998153e-6). */
#include "problem.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

extern const fgo_factor_class fgo_mgh_rosenbrock, fgo_mgh_freudenstein_roth, fgo_mgh_powell_badly_scaled,
    fgo_mgh_brown_badly_scaled, fgo_mgh_beale, fgo_mgh_jennrich_sampson, fgo_mgh_helical_valley, fgo_mgh_bard, fgo_mgh_gaussian,
    fgo_nist_mgh10, fgo_mgh_gulf, fgo_mgh_box, fgo_mgh_powell_singular, fgo_mgh_wood, fgo_nist_mgh09, fgo_mgh_brown_dennis,
    fgo_nist_mgh17, fgo_mgh_biggs, fgo_mgh_osborne2;

static const double bard[] = { 0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39 };
static const double gaussian[] = { 0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989,
                                   0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009 };
static const double meyer[] = { 34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744,
                                8261,  7030,  6005,  5147,  4427,  3820,  3307,  2872 };
static const double kowalik[] = { 0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246 };
static const double kowalik_at[] = { 4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625 };
static const double osborne1[] = { 0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                                   0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                                   0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406 };
static const double osborne2[] = { 1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608,
                                   0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661,
                                   0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428,
                                   0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559,
                                   0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054 };

typedef struct row {
    const char *name;
    const fgo_factor_class *residual;
    int observations;
    double first, stride, per; /* the predictor of observation i is (first + i stride) / per, unless x has it */
    const double *x, *y;       /* or NULL */
    double start[PROBLEM_PARAMETERS], best, minimizer[PROBLEM_PARAMETERS];
    int several; /* 1: the best is found in several places */
    double minimum[PROBLEM_MINIMA];
    double lower[PROBLEM_PARAMETERS], upper[PROBLEM_PARAMETERS], bounded_best, bounded_minimizer[PROBLEM_PARAMETERS];
} row;

static const row table[] = {
    { "Rosenbrock", &fgo_mgh_rosenbrock, 1, .start = { -1.2, 1 }, .minimizer = { 1, 1 } },
    { "Freudenstein-Roth", &fgo_mgh_freudenstein_roth, 1, .start = { 0.5, -2 }, .minimizer = { 5, 4 },
      .minimum = { 48.984253679240021 } },
    { "Powell badly scaled", &fgo_mgh_powell_badly_scaled, 1, .start = { 0, 1 },
      .minimizer = { 1.0981593296998175e-5, 9.106146739866524 }, .several = 1, .lower = { 0, 1 }, .upper = { 1, 9 },
      .bounded_best = 1.5125936724396718e-10, .bounded_minimizer = { 1.1111111112629459e-5, 9 } },
    { "Brown badly scaled", &fgo_mgh_brown_badly_scaled, 1, .start = { 1, 1 }, .minimizer = { 1e6, 2e-6 }, .lower = { 0, 3e-5 },
      .upper = { 1e6, 100 }, .bounded_best = 783.999999295184, .bounded_minimizer = { 999999.99916, 3e-5 } },
    { "Beale", &fgo_mgh_beale, 1, .start = { 1, 1 }, .minimizer = { 3, 0.5 }, .lower = { 0.6, 0.5 }, .upper = { 10, 100 },
      .bounded_best = 0, .bounded_minimizer = { 3, 0.5 } },
    { "Jennrich-Sampson", &fgo_mgh_jennrich_sampson, 10, 1, 1, 1, .start = { 0.3, 0.4 }, .best = 124.36218235561485,
      .minimizer = { 0.25782521367036408, 0.25782521367036408 } },
    { "helical valley", &fgo_mgh_helical_valley, 1, .start = { -1, 0, 0 }, .minimizer = { 1, 0, 0 }, .lower = { -100, -1, -1 },
      .upper = { 0.8, 1, 1 }, .bounded_best = 0.99042212096140017,
      .bounded_minimizer = { 0.8, 0.56193664567068964, 0.96493407531518009 } },
    { "Bard", &fgo_mgh_bard, 15, 1, 1, 1, .y = bard, .start = { 1, 1, 1 }, .best = 0.0082148773065789748,
      .minimizer = { 0.082410559749788932, 1.1330360920297216, 2.3436951786425371 }, .minimum = { 17.4286 } },
    { "Gaussian", &fgo_mgh_gaussian, 15, 7, -1, 2, .y = gaussian, .start = { 0.4, 1, 0 }, .best = 1.127932769618648e-8,
      .minimizer = { 0.39895613783875668, 1.0000190844878057, 0 }, .lower = { 0.398, 1, -0.5 }, .upper = { 4.2, 2, 0.1 },
      .bounded_best = 1.127932769618648e-8, .bounded_minimizer = { 0.39895613783875668, 1.0000190844878057, 0 } },
    { "Meyer", &fgo_nist_mgh10, 16, 50, 5, 1, .y = meyer, .start = { 0.02, 4000, 250 }, .best = 87.945855170851121,
      .minimizer = { 0.0056096364710280525, 6181.3463462863723, 345.2236346241365 } },
    { "Gulf", &fgo_mgh_gulf, 99, 1, 1, 100, .start = { 5, 2.5, 0.15 }, .minimizer = { 50, 25, 1.5 }, .several = 1,
      .lower = { 1e-16, 0, 0 }, .upper = { 10, 10, 10 }, .bounded_best = 5.1216857155831694,
      .bounded_minimizer = { 10, 10, 0.61696114847697171 } },
    { "Box", &fgo_mgh_box, 10, 1, 1, 10, .start = { 0, 10, 20 }, .minimizer = { 1, 10, 1 }, .several = 1, .lower = { 0, 5, 0 },
      .upper = { 2, 9.5, 20 }, .bounded_best = 0.00011434818026414583,
      .bounded_minimizer = { 1.0379441327700363, 9.5, 0.97222758542013549 } },
    { "Powell singular", &fgo_mgh_powell_singular, 1, .start = { 3, -1, 0, 1 }, .minimizer = { 0 } },
    { "Wood", &fgo_mgh_wood, 1, .start = { -3, -1, -3, -1 }, .minimizer = { 1, 1, 1, 1 }, .lower = { -100, -100, -100, -100 },
      .upper = { 0, 10, 100, 100 }, .bounded_best = 1.5567008004385651,
      .bounded_minimizer = { 0, 0.0053388568603708249, 1.3997288764704865, 1.9608274605730477 } },
    { "Kowalik-Osborne", &fgo_nist_mgh09, 11, .x = kowalik_at, .y = kowalik, .start = { 0.25, 0.39, 0.415, 0.39 },
      .best = 0.00030750560384923743,
      .minimizer = { 0.19280693457903785, 0.19128232873436696, 0.12305650692632065, 0.13606233068379484 },
      .minimum = { 1.02734e-3 } },
    { "Brown-Dennis", &fgo_mgh_brown_dennis, 20, 1, 1, 5, .start = { 25, 5, -5, -1 }, .best = 85822.201626356345,
      .minimizer = { -11.594439904762165, 13.203630051207204, -0.40343948817685952, 0.2367787744557363 },
      .lower = { -10, 0, -100, -20 }, .upper = { 100, 15, 0, 0.2 }, .bounded_best = 88860.479767500483,
      .bounded_minimizer = { -10, 12.677818288630913, -0.48552799258162828, 0.2 } },
    { "Osborne 1", &fgo_nist_mgh17, 33, 0, 10, 1, .y = osborne1, .start = { 0.5, 1.5, -1, 0.01, 0.02 },
      .best = 5.4648946974829064e-5, .several = 1,
      .minimizer = { 0.37541005210695204, 1.9358469127123674, -1.4646871366134231, 0.012867534640057289, 0.022122699661672611 } },
    { "Biggs EXP6", &fgo_mgh_biggs, 13, 1, 1, 10, .start = { 1, 2, 1, 1, 1, 1 }, .minimizer = { 1, 10, 1, 5, 4, 3 }, .several = 1,
      .minimum = { 5.65565e-3 }, .lower = { 0, 0, 0, 1, 0, 0 }, .upper = { 2, 8, 1, 7, 5, 5 },
      .bounded_best = 0.00053209865907825438,
      .bounded_minimizer = { 0.90567653869433689, 8, 0.90434440236484637, 6.5343990599520323, 4.4868667817199624, 5 } },
    { "Osborne 2", &fgo_mgh_osborne2, 65, 0, 1, 10, .y = osborne2, .start = { 1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5 },
      .best = 0.040137736293547738, .several = 1,
      .minimizer = { 1.3099771546273005, 0.43155379460298892, 0.633661698960724, 0.5994305347859163, 0.75418322632801128,
                     0.90428857985963366, 1.3658118352370285, 4.8236988172271556, 2.3986848661317546, 4.5688745976676716,
                     5.6753414705806412 } },
};

int mgh_count(void) { return (int)(sizeof table / sizeof *table); }

static double response(const row *r, int i, double x)
{
    if (r->residual == &fgo_mgh_biggs) return exp(-x) - 5.0 * exp(-10.0 * x) + 3.0 * exp(-4.0 * x);
    return r->y ? r->y[i] : 0.0;
}

void mgh_fill(int i, problem *out)
{
    const row *r = &table[i];
    *out = (problem){ .residual = r->residual,
                      .n = r->residual->partials,
                      .observations = r->observations,
                      .starts = PROBLEM_STARTS,
                      .best = r->best,
                      .best_error = 1e-15 * r->best,
                      .unique = !r->several,
                      .bounded = r->upper[0] > r->lower[0],
                      .bounded_best = r->bounded_best };
    snprintf(out->name, sizeof out->name, "%d %s", i + 1, r->name);
    for (int k = 0; k < r->observations; k++) {
        const double x = r->x ? r->x[k] : r->per > 0.0 ? (r->first + k * r->stride) / r->per : 0.0;
        out->data[k] = (observation){ .x = x, .y = response(r, k, x) };
    }
    for (int k = 0; k < out->n; k++)
        for (int s = 0; s < out->starts; s++) out->start[s][k] = r->start[k] * (s == 0 ? 1.0 : s == 1 ? 10.0 : 100.0);
    memcpy(out->minimizer, r->minimizer, sizeof out->minimizer);
    memcpy(out->minimum, r->minimum, sizeof out->minimum);
    while (out->minima < PROBLEM_MINIMA && r->minimum[out->minima] > 0.0) out->minima++;
    memcpy(out->lower, r->lower, sizeof out->lower);
    memcpy(out->upper, r->upper, sizeof out->upper);
    memcpy(out->bounded_minimizer, r->bounded_minimizer, sizeof out->bounded_minimizer);
}

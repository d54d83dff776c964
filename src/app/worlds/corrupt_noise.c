/* SPDX-License-Identifier: BSD-3-Clause */
/* corrupt_noise.c -- normal noise on measurements and on estimates: value * Exp(n), n normal with the deviation of
 * metres on its translations and of radians on its rotations, in the frame of the value. */
#include "corrupt.h"
#include <math.h>
#include <string.h>

enum { MOST = 64 };

/* What stands at the head of the measurements of a class that files have: a value of a manifold, then lengths. */
typedef struct measured {
    const fgo_factor_class *c;
    const fgo_manifold *manifold; /* or NULL */
    int lengths;
} measured;

static const measured classes[] = {
    { &fgo_prior_se2, &fgo_manifold_se2, 0 },
    { &fgo_prior_se3_offset, &fgo_manifold_se3, 0 },
    { &fgo_between_se2, &fgo_manifold_se2, 0 },
    { &fgo_between_se3, &fgo_manifold_se3, 0 },
    { &fgo_between_se2_offset, &fgo_manifold_se2, 0 },
    { &fgo_between_se3_offset, &fgo_manifold_se3, 0 },
    { &fgo_landmark_se2, NULL, 2 },
    { &fgo_landmark_se2_offset, NULL, 2 },
    { &fgo_landmark_se3_offset, NULL, 3 },
    { &fgo_position_se2, NULL, 2 },
    { &fgo_position_se3, NULL, 3 },
    { &fgo_bearing_se2, &fgo_manifold_so2, 0 },
    { &fgo_bearing_range_se2, &fgo_manifold_so2, 1 },
};

/* NULL: pixels, or a class that is not fgopt's. */
static const measured *find(const fgo_factor_class *c)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strcmp(classes[i].c->name, c->name)) return &classes[i];
    return NULL;
}

/* Points in R^n: prior_rn and between_rn, whose measurement is n doubles. */
static int is_vector(const fgo_factor_class *c)
{
    return c->rows <= MOST && c->measurement_size == (size_t)c->rows * sizeof(double) && c->variable[0].manifold &&
           c->variable[0].manifold[0] == 'R' && c->variable[0].tangent == c->rows;
}

static void disturb_value(const fgo_manifold *m, corrupt_sigmas s, random_state *r, double *x)
{
    double n[MOST];
    for (int k = 0; k < m->tangent; k++) n[k] = random_normal(r) * (k < fgo_manifold_translations(m) ? s.translation : s.rotation);
    m->retract(m, x, n, x);
}

static int has_noise(corrupt_sigmas s) { return s.translation > 0 || s.rotation > 0; }

static fgo_status disturb_measurement(fgo_graph *g, size_t factor, corrupt_sigmas s, random_state *r, corrupt_result *out)
{
    const fgo_factor_class *c = fgo_graph_factor_class(g, factor);
    const measured *what = find(c);
    const fgo_manifold *m = what ? what->manifold : NULL;
    const int lengths = what ? what->lengths : c->rows, ahead = m ? m->ambient : 0;
    double z[MOST];
    if ((!what && !is_vector(c)) || c->measurement_size > sizeof z) {
        out->measurements_kept++;
        return FGO_OK;
    }
    memcpy(z, fgo_graph_factor_measurement(g, factor), c->measurement_size);
    if (m) disturb_value(m, s, r, z);
    for (int k = 0; k < lengths; k++) z[ahead + k] += s.translation * random_normal(r);
    out->measurements_changed++;
    return fgo_graph_set_measurement(g, factor, z);
}

static fgo_status disturb_estimate(fgo_graph *g, size_t v, corrupt_sigmas s, random_state *r, corrupt_result *out)
{
    const fgo_manifold *m = fgo_graph_variable_manifold(g, v);
    double x[MOST];
    if (fgo_graph_variable_held(g, v) || m->ambient > MOST) {
        out->estimates_kept++;
        return FGO_OK;
    }
    memcpy(x, fgo_graph_variable_value(g, v), (size_t)m->ambient * sizeof *x);
    disturb_value(m, s, r, x);
    out->estimates_changed++;
    return fgo_graph_set_value(g, fgo_graph_variable_key(g, v), x);
}

cli_exit corrupt_add_noise(fgo_graph *g, const corrupt_target *t, size_t factors, corrupt_result *out)
{
    random_state r;
    fgo_status status = FGO_OK;
    random_seed(&r, t->seed, RANDOM_MEASUREMENT);
    for (size_t f = 0; f < factors && has_noise(t->measurements) && !status; f++)
        status = disturb_measurement(g, f, t->measurements, &r, out);
    random_seed(&r, t->seed, RANDOM_ESTIMATE);
    for (size_t v = 0; v < fgo_graph_variable_count(g) && has_noise(t->estimates) && !status; v++)
        status = disturb_estimate(g, v, t->estimates, &r, out);
    return status ? cli_fail_status(status, CLI_FAILURE) : CLI_OK;
}

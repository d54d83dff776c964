/* SPDX-License-Identifier: BSD-3-Clause */
/* corrupt_noise.c -- normal noise on measurements and on estimates: value * Exp(n), n normal in the frame of the value, with one
 * standard deviation for translations, in metres, and one for rotations, in radians. */
#include "corrupt.h"
#include <math.h>
#include <string.h>

enum { MOST = 64 };

/* Returns the manifold of which a field is a value, NULL for lengths. Numbers of R^n are values of the manifold of the first
 * variable, which is a point as a rule. */
static const fgo_manifold *manifold_of(const fgo_graph *g, size_t factor, const fgo_measurement_field *f)
{
    int64_t key[FGO_MAX_ARITY];
    size_t v;
    switch (f->kind) {
    case FGO_FIELD_SO2: return &fgo_manifold_so2;
    case FGO_FIELD_SE2: return &fgo_manifold_se2;
    case FGO_FIELD_SO3: return &fgo_manifold_so3;
    case FGO_FIELD_SE3: return &fgo_manifold_se3;
    case FGO_FIELD_NUMBER:
        if (f->count || fgo_graph_factor_keys(g, factor, key) || fgo_graph_find(g, key[0], &v)) break;
        return fgo_graph_variable_manifold(g, v);
    case FGO_FIELD_LENGTH:
    case FGO_FIELD_DIRECTION: break;
    }
    return NULL;
}

/* Returns the row of a factor if its measurement consists of poses, rotations and lengths; NULL for pixels and for classes that
 * are not registered. */
static const fgo_factor_registration *find(const fgo_graph *g, size_t factor)
{
    const fgo_factor_registration *row = fgo_factor_class_row_of(fgo_graph_factor_class(g, factor));
    for (int i = 0; row && i < row->fields; i++) {
        const fgo_measurement_field *f = &row->field[i];
        if (!f->calibration && f->kind != FGO_FIELD_LENGTH && !manifold_of(g, factor, f)) return NULL;
    }
    return row;
}

static void disturb_value(const fgo_manifold *m, corrupt_sigmas s, random_state *r, double *x)
{
    double n[MOST];
    for (int k = 0; k < m->tangent; k++)
        n[k] = random_normal(r) * (k < fgo_manifold_translations(m) ? s.translation : s.rotation);
    m->retract(m, x, n, x);
}

static int has_noise(corrupt_sigmas s) { return s.translation > 0 || s.rotation > 0; }

static fgo_status disturb_measurement(fgo_graph *g, size_t factor, corrupt_sigmas s, random_state *r, corrupt_result *out)
{
    const fgo_factor_class *c = fgo_graph_factor_class(g, factor);
    const fgo_factor_registration *row = find(g, factor);
    double z[MOST];
    if (!row || c->measurement_size > sizeof z) {
        out->measurements_kept++;
        return FGO_OK;
    }
    memcpy(z, fgo_graph_factor_measurement(g, factor), c->measurement_size);
    for (int i = 0; i < row->fields; i++) {
        const fgo_measurement_field *f = &row->field[i];
        double *value = z + f->offset / sizeof *z;
        if (f->calibration) continue;
        const fgo_manifold *m = manifold_of(g, factor, f);
        if (m) disturb_value(m, s, r, value);
        for (int k = 0; f->kind == FGO_FIELD_LENGTH && k < (f->count ? f->count : c->rows); k++)
            value[k] += s.translation * random_normal(r);
    }
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

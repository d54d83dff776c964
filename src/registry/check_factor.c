/* SPDX-License-Identifier: BSD-3-Clause */
/* check_factor.c -- does a factor class do what it says? Checks batches against single calls, the Jacobian against differences,
 * the gauge declaration against the motions of the world, predictions against the residual, and the fields of the class against
 * its measurement. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "classes.h"
#include "factor/class.h"
#include "manifold/motions.h"
#include "manifold/traits.h"
#include <fgopt/check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct trial {
    const fgo_factor_class *c;
    const fgo_manifold *const *m;
    fgo_factor_report *out;
    size_t sample;
    const double *const *x; /* variables of this sample */
    const unsigned char *z;
    double *e, *twice, *J, *value, *tangent; /* rows, 2 rows, rows x partials, the largest value, the largest tangent */
    double *memory;
} trial;

static int found(trial *t, fgo_factor_fault kind, int variable, double error, double tolerance, const char *what)
{
    if (error <= tolerance) return 0;
    t->out->fault = kind;
    t->out->sample = t->sample;
    t->out->variable = variable;
    t->out->error = isnan(error) ? (double)INFINITY : error;
    snprintf(t->out->text, sizeof t->out->text, "%s", what);
    return 1;
}

/* Returns the largest |x[i]|; NaN if a number is NaN. */
static double size_of(const double *x, int n)
{
    double most = 0.0;
    for (int i = 0; i < n && !isnan(most); i++)
        if (!(fabs(x[i]) <= most)) most = fabs(x[i]);
    return most;
}

/* Returns the largest number of a sample, at least 1: rounding is relative to it. */
static double scale_of(const trial *t)
{
    double most = 1.0;
    for (int k = 0; k < t->c->arity; k++) most = fmax(most, size_of(t->x[k], t->m[k]->ambient));
    return most;
}

/* Fills x with NaN, which stays where a function does not write what it should. */
static void forget(double *x, int n)
{
    for (int i = 0; i < n; i++) x[i] = NAN;
}

static int check_batch(trial *t)
{
    const int rows = t->c->rows;
    const size_t arity = (size_t)t->c->arity, size = t->c->measurement_size;
    const double *x[2 * FGO_MAX_ARITY];
    unsigned char *z = fgoi_alloc(2, size ? size : 1);
    if (!z) return -1;
    for (size_t k = 0; k < arity; k++) x[k] = x[arity + k] = t->x[k];
    if (size) memcpy(z, t->z, size), memcpy(z + size, t->z, size);
    forget(t->e, 3 * rows); /* `twice` follows `e` in memory */
    forget(t->J, rows * t->c->partials);
    const int failed = t->c->evaluate(t->c, 1, t->x, t->z, t->e, t->J) || !isfinite(size_of(t->e, rows)) ||
                       !isfinite(size_of(t->J, rows * t->c->partials));
    const int failed_again = failed || t->c->evaluate(t->c, 2, x, size ? z : NULL, t->twice, NULL);
    fgoi_free(z);
    if (found(t, FGO_FACTOR_FAULT_EVALUATE, 0, failed_again ? (double)INFINITY : 0, 0, "it cannot be evaluated at this sample"))
        return 1;
    for (int i = 0; i < 2 * rows; i++) t->twice[i] -= t->e[i % rows];
    return found(t, FGO_FACTOR_FAULT_BATCH, 0, size_of(t->twice, 2 * rows), 1e-12 * (scale_of(t) + size_of(t->e, rows)),
                 "two factors in one call without Jacobian have other residuals than one with it");
}

static int check_jacobian(trial *t, fgo_status *status)
{
    *status = fgo_check_jacobian(t->c, t->m, t->x, t->z, &t->out->jacobian);
    if (*status == FGO_ERROR_EVALUATE) {
        *status = FGO_OK;
        return found(t, FGO_FACTOR_FAULT_EVALUATE, 0, INFINITY, 0, "it cannot be evaluated near this sample");
    }
    return *status ? 0
                   : found(t, FGO_FACTOR_FAULT_JACOBIAN, t->out->jacobian.variable, t->out->jacobian.error, 1e-6,
                           "its Jacobian is not the derivative of its residual");
}

/* Returns the world of the variables; 0 if they are vectors, of unknown kind, or of more than one world. *points becomes 1 if
 * none of the variables turns. */
static int world_of(const trial *t, int *points)
{
    int world = 0;
    *points = 1;
    for (int k = 0; k < t->c->arity; k++) {
        const fgo_manifold_traits *r = t->m[k]->traits;
        if (!r || r->kind == FGO_MANIFOLD_UNKNOWN) return 0;
        if (fgoi_turned_world(t->m[k])) *points = 0;
        if (r->world && world && r->world != world) return 0;
        if (r->world) world = r->world;
    }
    return world;
}

/* Returns how much the residual changes with motion k of all variables, by the Jacobian. */
static double motion_effect(trial *t, int world, int k)
{
    const double origin[3] = { 0 };
    memset(t->twice, 0, (size_t)t->c->rows * sizeof *t->twice);
    for (int a = 0, at = 0; a < t->c->arity; at += t->c->variable[a++].tangent) {
        fgoi_motion(t->m[a], world, origin, t->x[a], k, t->tangent);
        for (int i = 0; i < t->c->rows; i++)
            for (int d = 0; d < t->m[a]->tangent; d++) t->twice[i] += t->J[i * t->c->partials + at + d] * t->tangent[d];
    }
    return size_of(t->twice, t->c->rows);
}

/* Checks the gauge declaration at a sample. *moved is the largest effect of a motion so far. Returns 1 if a fault was found. */
static int check_gauge(trial *t, double *moved)
{
    int points;
    const int world = world_of(t, &points);
    const double scale = scale_of(t) * fmax(1.0, size_of(t->J, t->c->rows * t->c->partials));
    if (!world) *moved = INFINITY; /* nothing can be told */
    for (int k = 0; world && k < (points && t->c->gauge == FGO_GAUGE_RELATIVE ? world : fgoi_motions(world)); k++) {
        const double effect = motion_effect(t, world, k);
        *moved = fmax(*moved, effect / scale);
        if (t->c->gauge == FGO_GAUGE_RELATIVE && found(t, FGO_FACTOR_FAULT_GAUGE, k, effect, 1e-9 * scale,
                                                       "declared relative, but a motion of all variables changes it"))
            return 1;
    }
    return 0;
}

static int check_predictions(trial *t)
{
    const double *x[FGO_MAX_ARITY];
    if (!t->c->predict) return 0;
    for (int k = 0; k < t->c->arity; k++) {
        memcpy(x, t->x, (size_t)t->c->arity * sizeof *x);
        forget(t->value, t->m[k]->ambient);
        if (t->c->predict(t->c, t->z, x, k, t->value)) continue;
        x[k] = t->value;
        const double scale = fmax(scale_of(t), size_of(t->value, t->m[k]->ambient));
        double kept[FGO_MAX_DIMENSION];
        memcpy(kept, t->value, (size_t)t->m[k]->ambient * sizeof *kept);
        if (t->m[k]->normalize && !t->m[k]->normalize(t->m[k], kept))
            for (int i = 0; i < t->m[k]->ambient; i++) kept[i] -= t->value[i];
        else
            memset(kept, 0, sizeof kept);
        if (found(t, FGO_FACTOR_FAULT_PREDICT, k, size_of(kept, t->m[k]->ambient), 1e-9 * scale, "predict leaves the manifold"))
            return 1;
        const int failed = t->c->evaluate(t->c, 1, x, t->z, t->twice, NULL);
        if (found(t, FGO_FACTOR_FAULT_PREDICT, k, failed ? (double)INFINITY : size_of(t->twice, t->c->rows), 1e-9 * scale * scale,
                  "the residual at the prediction is not zero"))
            return 1;
    }
    return 0;
}

/* ---- samples ---- */

/* Returns a number that is uniform in [-1, 1): splitmix64 (S. Vigna, public domain). */
static double number(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1.0;
}

static void random_value(const fgo_manifold *m, double size, uint64_t *state, double *x)
{
    double d[FGO_MAX_DIMENSION];
    for (int i = 0; i < m->tangent; i++) d[i] = size * number(state);
    fgoi_identity_of(m, x);
    m->retract(m, x, d, x);
}

/* Fills a field with random numbers that it may hold: a value of its manifold, else numbers from 1 to 3. */
static void random_field(const fgo_measurement_field *f, int rows, uint64_t *state, double *z)
{
    static const fgo_manifold *const manifold[] = { [FGO_FIELD_SO2] = &fgo_manifold_so2,
                                                    [FGO_FIELD_SE2] = &fgo_manifold_se2,
                                                    [FGO_FIELD_SO3] = &fgo_manifold_so3,
                                                    [FGO_FIELD_SE3] = &fgo_manifold_se3 };
    const fgo_manifold *m = manifold[f->kind];
    if (m) random_value(m, f->calibration ? 0.3 : 1.0, state, z);
    for (int i = 0; !m && i < (f->count ? f->count : rows); i++) z[i] = 2.0 + number(state);
}

/* ---- all of it ---- */

static fgo_status check_arguments(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x, const void *z,
                                  const fgo_factor_registration *row)
{
    const fgo_status status = fgoi_check_class(c);
    if (status) return status;
    for (int k = 0; k < c->arity; k++) {
        if (!m[k]) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_check_factor: the manifold of variable %d is missing", k);
        const fgo_status refused = fgoi_check_manifold_fields(m[k]);
        if (refused) return refused;
        if (m[k]->tangent != c->variable[k].tangent ||
            (c->variable[k].manifold && strncmp(c->variable[k].manifold, m[k]->name, FGO_NAME_SIZE) != 0))
            return fgoi_fail(FGO_ERROR_TYPE, "%s: variable %d is in %.*s", c->name, k, FGO_NAME_SIZE, m[k]->name);
    }
    if (!x && c->measurement_size && !z && !row)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "%s needs samples: it is not registered, so that its measurement is unknown",
                         c->name);
    return FGO_OK;
}

static fgo_status allocate(trial *t)
{
    size_t rows = (size_t)t->c->rows, value = 1, tangent = 1;
    for (int k = 0; k < t->c->arity; k++) {
        if ((size_t)t->m[k]->ambient > value) value = (size_t)t->m[k]->ambient;
        if ((size_t)t->m[k]->tangent > tangent) tangent = (size_t)t->m[k]->tangent;
    }
    t->memory = fgoi_alloc(3 * rows + rows * (size_t)t->c->partials + value + tangent, sizeof *t->memory);
    if (!t->memory) return fgoi_fail_memory();
    t->e = t->memory, t->twice = t->e + rows, t->J = t->twice + 2 * rows;
    t->value = t->J + rows * (size_t)t->c->partials, t->tangent = t->value + value;
    return FGO_OK;
}

/* Checks one sample; *moved as in check_gauge. Returns 1 if a fault was found or *status is an error. */
static int check_sample(trial *t, double *moved, fgo_status *status)
{
    const int batch = check_batch(t);
    if (batch < 0) *status = fgoi_fail_memory();
    if (batch) return 1;
    if (check_jacobian(t, status) || *status) return 1;
    return check_gauge(t, moved) || check_predictions(t);
}

/* Makes random values and, unless z is given, a random measurement with the fields of the row. */
static void sample(trial *t, const fgo_factor_registration *row, const void *z, uint64_t *state, double *memory, const double **x)
{
    double *to = memory;
    for (int k = 0; k < t->c->arity; to += t->m[k++]->ambient) {
        random_value(t->m[k], 1.0, state, to);
        x[k] = to;
    }
    for (int i = 0; !z && row && i < row->fields; i++)
        random_field(&row->field[i], t->c->rows, state, to + row->field[i].offset / sizeof *to);
    t->x = x;
    t->z = !t->c->measurement_size ? NULL : z ? z : (const void *)to;
}

fgo_status fgo_check_factor_sized(const fgo_factor_class *c, const fgo_manifold *const *m, size_t count, const double *const *x,
                                  const void *z, fgo_factor_report *out, size_t out_size)
{
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(m);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    if (x) {
        FGOI_REQUIRE_ARRAY(x, count);
        FGOI_REQUIRE_ARRAY(z, count && c->measurement_size);
    }
    const fgo_factor_registration *row = fgo_factor_class_row_of(c);
    fgo_status status = check_arguments(c, m, x, z, row);
    if (status) return status;
    fgo_factor_report report = { .fault = FGO_FACTOR_FAULT_NONE };
    trial t = { .c = c, .m = m, .out = &report };
    size_t numbers = c->measurement_size / sizeof(double) + 1;
    for (int k = 0; k < c->arity; k++) numbers += (size_t)m[k]->ambient;
    double *memory = fgoi_alloc(numbers, sizeof *memory), moved = 0.0;
    const double *own[FGO_MAX_ARITY];
    uint64_t state = 7;
    status = memory ? allocate(&t) : fgoi_fail_memory();
    const char *wrong = row ? fgoi_fields_fault(row, c) : NULL;
    int fault = !status && wrong && found(&t, FGO_FACTOR_FAULT_FIELDS, 0, INFINITY, 0, wrong);
    for (size_t f = 0; f < count && !status && !fault; f++) {
        const unsigned char *measured = z ? (const unsigned char *)z + f * c->measurement_size : NULL;
        t.sample = f;
        if (x)
            t.x = x + f * (size_t)c->arity, t.z = c->measurement_size ? measured : NULL;
        else
            sample(&t, row, measured, &state, memory, own);
        fault = check_sample(&t, &moved, &status);
    }
    if (!status && !fault && count && c->gauge == FGO_GAUGE_ABSOLUTE)
        found(&t, FGO_FACTOR_FAULT_GAUGE, 0, moved > 1e-9 ? 0 : 1, 0,
              "declared absolute, but no motion of all variables changes it");
    fgoi_free(memory);
    fgoi_free(t.memory);
    if (!status) fgoi_sized_write(out, out_size, &report, sizeof report);
    return status;
}

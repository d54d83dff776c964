/* SPDX-License-Identifier: BSD-3-Clause */
/* jacobian_check.c -- compares the Jacobian of a factor, entry by entry, with central differences on the manifold.
 *
 * Along dof d of variable k:  D(h) = (e(x_k (+) h d) - e(x_k (+) -h d)) / 2h = derivative + c_2 h^2 + c_4 h^4 + ...
 * Neville's scheme removes the powers one after the other as h is halved, and the result is the entry of the table that agrees
 * best with its neighbours (C. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982). So no step need be chosen: it
 * starts large and shrinks until rounding is worse than truncation. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "factor/class.h"
#include "manifold/traits.h"
#include <fgopt/check.h>
#include <float.h>
#include <math.h>
#include <string.h>

enum { ORDERS = 7, LEVELS = 34 }; /* columns of the table; halvings, from 1/8 to 1e-11 */

typedef struct check {
    const fgo_factor_class *c;
    const fgo_manifold *const *m;
    const void *z;
    const double *x[FGO_MAX_ARITY]; /* the point; the variable under test points to moved */
    double size;                    /* largest |number| in x, to which rounding is relative */
    double *moved, *delta;          /* ambient and tangent vector of the largest variable */
    double *plus, *minus;           /* residuals of both sides */
    double *D, *uncertainty;        /* rows: best difference so far, and how much its neighbours in the table differ from it */
    double *table, *previous;       /* rows x ORDERS: this level of the table and the level before */
    double *J;                      /* rows x partials, of the factor */
    double *differences;            /* rows x partials */
    double *memory;
} check;

static fgo_status check_arguments(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x)
{
    const fgo_status status = fgoi_check_class(c);
    if (status) return status;
    for (int k = 0; k < c->arity; k++) {
        if (!m[k] || !x[k]) return fgoi_fail(FGO_ERROR_ARGUMENT, "%s: variable %d is missing", c->name, k);
        const fgo_status refused = fgoi_check_manifold_fields(m[k]);
        if (refused) return refused;
        if (m[k]->tangent != c->variable[k].tangent ||
            (c->variable[k].manifold && strncmp(c->variable[k].manifold, m[k]->name, FGO_NAME_SIZE) != 0))
            return fgoi_fail(FGO_ERROR_TYPE, "%s: variable %d is in %.*s, not in %s", c->name, k, FGO_NAME_SIZE, m[k]->name,
                             c->variable[k].manifold ? c->variable[k].manifold : "a space of the right dimension");
    }
    return FGO_OK;
}

static fgo_status check_allocate(check *k)
{
    size_t ambient = 0, tangent = 0, rows = (size_t)k->c->rows, entries = rows * (size_t)k->c->partials;
    for (int i = 0; i < k->c->arity; i++) {
        if ((size_t)k->m[i]->ambient > ambient) ambient = (size_t)k->m[i]->ambient;
        if ((size_t)k->m[i]->tangent > tangent) tangent = (size_t)k->m[i]->tangent;
    }
    k->memory = fgoi_alloc(ambient + tangent + 4 * rows + 2 * rows * ORDERS + 2 * entries, sizeof(double));
    if (!k->memory) return fgoi_fail_memory();
    k->moved = k->memory;
    k->delta = k->moved + ambient;
    k->plus = k->delta + tangent;
    k->minus = k->plus + rows;
    k->D = k->minus + rows;
    k->uncertainty = k->D + rows;
    k->table = k->uncertainty + rows;
    k->previous = k->table + rows * ORDERS;
    k->J = k->previous + rows * ORDERS;
    k->differences = k->J + entries;
    return FGO_OK;
}

/* Fills x with NaN, which remain where a function does not write what it should. */
static void forget(double *x, int n)
{
    for (int i = 0; i < n; i++) x[i] = NAN;
}

/* Evaluates the residual e with variable v moved by h along degree of freedom d; NaN where the factor cannot be evaluated. */
static void evaluate_moved(check *k, int v, int d, double h, double *e)
{
    const double *here = k->x[v];
    memset(k->delta, 0, (size_t)k->m[v]->tangent * sizeof(double));
    k->delta[d] = h;
    k->m[v]->retract(k->m[v], here, k->delta, k->moved);
    k->x[v] = k->moved;
    forget(e, k->c->rows);
    if (k->c->evaluate(k->c, 1, k->x, k->z, e, NULL)) forget(e, k->c->rows);
    k->x[v] = here;
}

/* Returns the error that rounding alone causes in a difference of residual i with step h. */
static double rounding(const check *k, int i, double h)
{
    return DBL_EPSILON * (fabs(k->plus[i]) + fabs(k->minus[i]) + k->size) / h;
}

/* Computes one row of Neville's table for each residual; keeps the entry that agrees best with its neighbours. */
static void extrapolate(check *k, int level, double h)
{
    for (int i = 0; i < k->c->rows; i++) {
        double *row = k->table + (size_t)i * ORDERS, *last = k->previous + (size_t)i * ORDERS, factor = 1.0;
        row[0] = (k->plus[i] - k->minus[i]) / (2.0 * h);
        for (int j = 1; j <= level && j < ORDERS; j++) {
            factor *= 4.0;
            row[j] = row[j - 1] + (row[j - 1] - last[j - 1]) / (factor - 1.0);
            double spread = fmax(fabs(row[j] - row[j - 1]), fabs(row[j] - last[j - 1])) + rounding(k, i, h);
            if (spread < k->uncertainty[i]) {
                k->uncertainty[i] = spread;
                k->D[i] = row[j];
            }
        }
    }
    double *swap = k->previous;
    k->previous = k->table;
    k->table = swap;
}

/* Returns whether the differences are accurate enough, or as accurate as rounding would allow with smaller steps. */
static int differences_are_good(const check *k, double h)
{
    for (int i = 0; i < k->c->rows; i++)
        if (!(k->uncertainty[i] <= fmax(1e-12 * fmax(1.0, fabs(k->D[i])), rounding(k, i, 0.5 * h)))) return 0;
    return 1;
}

/* Computes k->D, the derivative of the residual along degree of freedom d of variable v. Returns nonzero if no two steps could be
 * evaluated. */
static int differentiate(check *k, int v, int d)
{
    double h = 0.125 * fmax(1.0, 1e-6 * k->size); /* no larger: angles must not wrap around */
    for (int i = 0; i < k->c->rows; i++) k->uncertainty[i] = INFINITY;
    for (int level = 0; level < LEVELS || h > 1e-11; level++, h *= 0.5) {
        evaluate_moved(k, v, d, h, k->plus);
        evaluate_moved(k, v, d, -h, k->minus);
        extrapolate(k, level, h);
        if (differences_are_good(k, h)) return 0;
    }
    for (int i = 0; i < k->c->rows; i++)
        if (!isfinite(k->uncertainty[i])) return -1;
    return 0;
}

/* Fills the report with the worst entry. Differences of entries much smaller than others in their row carry the rounding of the
 * large ones, so no entry's scale is less than a thousandth of the largest. */
static void find_worst(const check *k, fgo_jacobian_report *out, size_t out_size)
{
    int n = k->c->partials;
    fgo_jacobian_report worst = { .error = -1.0 };
    for (int i = 0; i < k->c->rows; i++) {
        const double *J = k->J + (size_t)i * (size_t)n, *D = k->differences + (size_t)i * (size_t)n;
        double largest = 0.0;
        for (int j = 0; j < n; j++) largest = fmax(largest, fabs(D[j]));
        for (int v = 0, j = 0; v < k->c->arity; v++)
            for (int d = 0; d < k->m[v]->tangent; d++, j++) {
                double error = fabs(J[j] - D[j]) / fmax(fmax(1.0, fabs(D[j])), 1e-3 * largest);
                if (isnan(error)) error = INFINITY;
                if (error > worst.error) worst = (fgo_jacobian_report){ error, J[j], D[j], 0, i, v, d };
            }
    }
    fgoi_sized_write(out, out_size, &worst, sizeof worst);
}

static double largest_number(const check *k)
{
    double size = 0.0;
    for (int v = 0; v < k->c->arity; v++)
        for (int i = 0; i < k->m[v]->ambient; i++) size = fmax(size, fabs(k->x[v][i]));
    return size;
}

fgo_status fgo_check_jacobian_sized(const fgo_factor_class *c, const fgo_manifold *const *m, const double *const *x,
                                    const void *z, fgo_jacobian_report *out, size_t out_size)
{
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(m);
    FGOI_REQUIRE(x);
    FGOI_REQUIRE_ARRAY(z, c->measurement_size);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    fgo_status st = check_arguments(c, m, x);
    if (st) return st;
    check k = { .c = c, .m = m, .z = z };
    memcpy(k.x, x, (size_t)c->arity * sizeof *x);
    k.size = largest_number(&k);
    if ((st = check_allocate(&k))) return st;

    int column = 0;
    forget(k.plus, c->rows);
    forget(k.J, c->rows * c->partials);
    if (c->evaluate(c, 1, k.x, z, k.plus, k.J)) goto cannot;
    for (int i = 0; i < c->rows; i++)
        if (!isfinite(k.plus[i])) goto cannot;
    for (int v = 0; v < c->arity; v++)
        for (int d = 0; d < m[v]->tangent; d++, column++) {
            if (differentiate(&k, v, d)) goto cannot;
            for (int i = 0; i < c->rows; i++) k.differences[(size_t)i * (size_t)c->partials + (size_t)column] = k.D[i];
        }
    find_worst(&k, out, out_size);
    fgoi_free(k.memory);
    return FGO_OK;

cannot:
    fgoi_free(k.memory);
    return fgoi_fail(FGO_ERROR_EVALUATE, "%s cannot be evaluated at this point or near it", c->name);
}

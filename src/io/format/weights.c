/* SPDX-License-Identifier: BSD-3-Clause */
/* weights.c -- turns information matrices from what they weigh in a file into what the graph's residuals need, and back. */
#include "weights.h"
#include "base/refuse.h"
#include "conventions.h"
#include <fgopt/pose.h>
#include <math.h>
#include <string.h>

enum { N = FGOI_MAX_ROWS };

/* ---- words ---- */

static const char *const residual_words[] = { "as-used", "g2o", "log", "ceres", "euler", NULL };
static const char *const form_words[] = { "information", "covariance", "root", NULL };
static const char *const order_words[] = { "tag", "rows", "toro", NULL };

static int find_word(const char *text, size_t length, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0) return i;
    return -1;
}

fgo_status fgo_weights_parse(const char *text, fgo_weights *out)
{
    fgo_weights w = { 0, 0, 0 };
    FGOI_REQUIRE(text);
    FGOI_REQUIRE(out);
    for (const char *p = text;; p++) {
        const size_t length = strcspn(p, ",");
        int word;
        if ((word = find_word(p, length, residual_words)) >= 0)
            w.residual = word;
        else if ((word = find_word(p, length, form_words)) >= 0)
            w.form = word;
        else if ((word = find_word(p, length, order_words)) >= 0)
            w.order = word;
        else
            return fgoi_fail(FGO_ERROR_ARGUMENT,
                             "'%.*s' says nothing about weights; words are g2o, log, ceres, euler (the residual that they "
                             "weigh), information, covariance, root, and rows, toro (the order of a 2-D triangle)",
                             (int)(length < 80 ? length : 80), p);
        p += length;
        if (!*p) break;
    }
    *out = w;
    return FGO_OK;
}

fgo_status fgoi_weights_check(const fgo_weights *w)
{
    const int good = w->residual >= 0 && w->residual <= FGO_WEIGHTS_EULER && w->form >= 0 && w->form <= FGO_WEIGHTS_ROOT &&
                     w->order >= 0 && w->order <= FGO_WEIGHTS_TORO_ORDER;
    if (good) return FGO_OK;
    return fgoi_fail(FGO_ERROR_ARGUMENT, "weights { %d, %d, %d } are no fgo_weights", w->residual, w->form, w->order);
}

/* ---- rows ---- */

const fgoi_tag *fgoi_weights_row(const fgo_weights *w, const fgoi_tag *tag, fgoi_tag *room)
{
    if ((!w->order && !w->form) || tag->weight != FGOI_WEIGHT_INFORMATION) return tag;
    *room = *tag;
    if (w->order && tag->rows == 3 && fgoi_tag_pose(tag))
        room->information_order = w->order == FGO_WEIGHTS_TORO_ORDER ? fgoi_toro_order : NULL;
    if (w->form == FGO_WEIGHTS_ROOT) room->weight = FGOI_WEIGHT_ROOT;
    return room;
}

/* ---- small matrices, n x n by rows ---- */

/* Replaces a positive definite matrix A by its inverse. Returns 0, or -1 if A is not positive definite. With A = U' D U, U unit
 * upper triangular, the inverse is U^-1 D^-1 U^-T, where a diagonal A meets no square root. */
static int invert(int n, double *A)
{
    double U[N * N] = { 0 }, D[N], B[N * N] = { 0 };
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double sum = A[i * n + j];
            for (int k = 0; k < i; k++) sum -= U[k * n + i] * D[k] * U[k * n + j];
            if (j == i) D[i] = sum;
            if (j == i && !(sum > 1e-14 * A[i * n + i])) return -1;
            U[i * n + j] = sum / D[i];
        }
    for (int j = 0; j < n; j++) /* B = U^-1, column by column */
        for (int i = j; i >= 0; i--) {
            B[i * n + j] = i == j;
            for (int k = i + 1; k <= j; k++) B[i * n + j] -= U[i * n + k] * B[k * n + j];
        }
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double sum = 0.0;
            for (int k = j; k < n; k++) sum += B[i * n + k] * B[j * n + k] / D[k];
            A[i * n + j] = A[j * n + i] = sum;
        }
    return 0;
}

/* Replaces A by M' A M, symmetric to the last bit. */
static void transform(int n, const double *M, double *A)
{
    double B[N * N];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            B[i * n + j] = 0.0;
            for (int k = 0; k < n; k++) B[i * n + j] += A[i * n + k] * M[k * n + j];
        }
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double sum = 0.0;
            for (int k = 0; k < n; k++) sum += M[k * n + i] * B[k * n + j];
            A[i * n + j] = A[j * n + i] = sum;
        }
}

/* ---- residuals ---- */

/* Writes the block scale * R, or scale * R' if `transposed`, at (at, at) of the n x n matrix M. */
static void put_block(int n, double *M, int at, double scale, const double R[9], int transposed)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) M[(at + i) * n + at + j] = scale * (transposed ? R[3 * j + i] : R[3 * i + j]);
}

/* Computes E and E^-1 of R = Rz(yaw) Ry(pitch) Rx(roll), where the rates of roll, pitch, yaw turn the body with omega = E
 * (rates). Returns 0, or -1 where pitch is 90 degrees. */
static int euler_rates(const double R[9], double E[9], double inverse[9])
{
    const double sp = -R[6], cp = hypot(R[7], R[8]);
    if (!(cp > 1e-9)) return -1;
    const double sr = R[7] / cp, cr = R[8] / cp;
    const double forward[9] = { 1, 0, -sp, 0, cr, cp * sr, 0, -sr, cp * cr };
    const double backward[9] = { 1, sr * sp / cp, cr * sp / cp, 0, cr, -sr, 0, sr / cp, cr / cp };
    memcpy(E, forward, sizeof forward);
    memcpy(inverse, backward, sizeof backward);
    return 0;
}

static const double identity3[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };

/* Computes M_X for a residual X (FGO_WEIGHTS_G2O ..), or its inverse if `inverse`. Returns 0, or -1 if there is none. */
static int matrix_of(int residual, const fgoi_tag *tag, const double *z, int inverse, double *M)
{
    const int n = tag->rows, seen_from_a = residual == FGO_WEIGHTS_CERES || residual == FGO_WEIGHTS_EULER;
    double E[9], back[9];
    memset(M, 0, (size_t)(n * n) * sizeof *M);
    if (n == 3) { /* the angle is the same in all conventions */
        const double c = seen_from_a ? z[2] : 1.0, s = seen_from_a ? (inverse ? -z[3] : z[3]) : 0.0;
        M[0] = M[4] = c, M[1] = -s, M[3] = s, M[8] = 1.0;
        return 0;
    }
    const fgo_mat3 R = fgo_so3_to_matrix((fgo_so3){ { z[3], z[4], z[5], z[6] } });
    put_block(n, M, 0, 1.0, seen_from_a ? R.m : identity3, inverse);
    switch (residual) {
    case FGO_WEIGHTS_LOG: put_block(n, M, 3, inverse ? 0.5 : 2.0, identity3, 0); break;
    case FGO_WEIGHTS_CERES: put_block(n, M, 3, inverse ? -0.5 : -2.0, R.m, inverse); break;
    case FGO_WEIGHTS_EULER:
        if (euler_rates(R.m, E, back)) return -1;
        put_block(n, M, 3, inverse ? 0.5 : 2.0, inverse ? E : back, 0);
        break;
    default: put_block(n, M, 3, 1.0, identity3, 0); break;
    }
    return 0;
}

/* Converts Omega from residual `from` to residual `to`. Returns NULL, or what is wrong. */
static const char *change_residual(int from, int to, const fgoi_tag *tag, const double *z, double *Omega)
{
    double M[N * N];
    const fgo_measurement_field *pose = from == to ? NULL : fgoi_tag_pose(tag);
    if (!pose || !fgo_factor_class_row_of(tag->factor)->log) return NULL; /* a class that is the same in all conventions */
    z += pose->offset / sizeof *z;
    if (matrix_of(from, tag, z, 0, M)) return "its pitch is 90 degrees, where Euler angles have no weights";
    transform(tag->rows, M, Omega);
    if (matrix_of(to, tag, z, 1, M)) return "its pitch is 90 degrees, where Euler angles have no weights";
    transform(tag->rows, M, Omega);
    return NULL;
}

static int residual_of(int convention)
{
    return convention == FGO_CONVENTION_LOG     ? FGO_WEIGHTS_LOG
           : convention == FGO_CONVENTION_CERES ? FGO_WEIGHTS_CERES
                                                : FGO_WEIGHTS_G2O;
}

/* Returns 1 if the numbers of a line are a covariance. Rows with standard deviations or a root say themselves what their numbers
 * are. */
static int is_covariance(const fgo_weights *w, const fgoi_tag *tag)
{
    return w->form == FGO_WEIGHTS_COVARIANCE && tag->weight == FGOI_WEIGHT_INFORMATION;
}

const char *fgoi_weights_import(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega)
{
    if (is_covariance(w, tag) && invert(tag->rows, Omega)) return "the covariance matrix is not positive definite";
    return w->residual ? change_residual(w->residual, residual_of(convention), tag, z, Omega) : NULL;
}

const char *fgoi_weights_export(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega)
{
    const char *wrong = w->residual ? change_residual(residual_of(convention), w->residual, tag, z, Omega) : NULL;
    if (!wrong && is_covariance(w, tag) && invert(tag->rows, Omega))
        wrong = "its information is singular: there is no covariance";
    return wrong;
}

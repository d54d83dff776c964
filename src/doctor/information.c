/* SPDX-License-Identifier: BSD-3-Clause */
/* information.c -- information matrices that cannot be meant as they are written. */
#include "factor/noise.h"
#include "findings.h"
#include "io/format/weights.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The order of six numbers: of the upper triangle by rows 11 12 13 22 23 33, and TORO's 11 12 22 33 13 23. */
static void by_rows(const double *v, double *Omega)
{
    const double M[9] = { v[0], v[1], v[2], v[1], v[3], v[4], v[2], v[4], v[5] };
    memcpy(Omega, M, sizeof M);
}
static void by_toro(const double *v, double *Omega)
{
    const double M[9] = { v[0], v[1], v[4], v[1], v[2], v[5], v[4], v[5], v[3] };
    memcpy(Omega, M, sizeof M);
}

static int positive_definite(const double *M) { return M[0] > 0 && M[0] * M[4] - M[1] * M[1] > 0 && fgoi_determinant_3x3(M) > 0; }

/* Reads the edge of a line, which has been read before. */
static const fgoi_tag *edge_of_line(const fgoi_exam *e, size_t line, fgoi_fields *f)
{
    fgoi_misread problem;
    const fgoi_tag *tag = fgoi_line_tag(e->d, line);
    if (!tag || tag->kind != FGOI_TAG_EDGE || fgoi_read_fields(fgoi_line_fields(e->d, line), tag, f, &problem)) return NULL;
    return f->has_information ? tag : NULL;
}

/* Reports edges in the plane if nine of ten matrices are indefinite as written and nine of ten are definite in the other
 * order. */
static fgo_status examine_order(fgoi_exam *e)
{
    size_t total = 0, bad = 0, good = 0, first = 0;
    const fgoi_tag *first_tag = NULL;
    if (!e->d || !fgoi_weights_plain(&e->d->weights)) return FGO_OK; /* the caller has said what the matrices are */
    for (size_t i = 0; i < e->d->line_count; i++) {
        fgoi_fields f;
        double own[9], other[9];
        const fgoi_tag *tag = edge_of_line(e, i, &f);
        if (!tag || tag->rows != 3 || tag->weight != FGOI_WEIGHT_INFORMATION || !fgoi_tag_pose(tag)) continue;
        const double *v = f.number + tag->numbers;
        (tag->information_order ? by_toro : by_rows)(v, own);
        (tag->information_order ? by_rows : by_toro)(v, other);
        total++;
        if (!positive_definite(own)) {
            bad++;
            if (!first) first = i + 1, first_tag = tag;
        }
        good += (size_t)positive_definite(other);
    }
    if (!bad || 10 * bad < 9 * total || 10 * good < 9 * total) return FGO_OK;
    e->other_order = 1;
    const int toro = first_tag->information_order != NULL;
    return fgoi_find(e,
                     &(fgo_finding){ .kind = FGO_FINDING_ORDER,
                                     .severity = FGO_SEVERITY_ERROR,
                                     .line = first,
                                     .statistic = (double)bad / (double)total,
                                     .what = FGO_STATISTIC_FRACTION,
                                     .remedy = { FGO_REMEDY_READ_ORDER, toro ? FGO_WEIGHTS_ROWS : FGO_WEIGHTS_TORO_ORDER } },
                     "of %zu %s lines %zu are indefinite as written and %zu are positive definite in the order of %s", total,
                     first_tag->name, bad, good, toro ? "g2o" : "TORO");
}

static fgo_status examine_indefinite(fgoi_exam *e, size_t factor)
{
    const size_t line = e->factor_line[factor];
    fgoi_fields f;
    fgoi_misread problem;
    const char *message = "the information matrix is not positive semi-definite";
    double Omega[FGOI_MAX_ROWS * FGOI_MAX_ROWS], W[FGOI_MAX_NUMBERS], eigenvalue = 0;
    int projected;
    fgoi_tag room;
    const fgoi_tag *tag = e->d && line ? edge_of_line(e, line - 1, &f) : NULL;
    if (tag) tag = fgoi_weights_row(&e->d->weights, tag, &room);
    if (tag && !fgoi_unpack_information(tag, &f, Omega, &problem)) {
        const fgo_noise noise = fgo_noise_information(Omega);
        if (fgoi_whitening(&noise, tag->rows, W, &projected)) {
            message = fgo_last_message();
            if (fgoi_last_error()->statistic == FGO_STATISTIC_EIGENVALUE) eigenvalue = fgoi_last_error()->value;
        }
    }
    return fgoi_find_factor(e, factor,
                            &(fgo_finding){ .kind = FGO_FINDING_INDEFINITE,
                                            .severity = FGO_SEVERITY_ERROR,
                                            .statistic = eigenvalue,
                                            .what = eigenvalue < 0 ? FGO_STATISTIC_EIGENVALUE : FGO_STATISTIC_NONE,
                                            .remedy = { FGO_REMEDY_PROJECT, 0 } },
                            "%s", message);
}

fgo_status fgoi_examine_information(fgoi_exam *e)
{
    const fgo_graph *g = e->g;
    fgo_status status = examine_order(e);
    for (size_t f = 0; f < g->factor_count && !status; f++) {
        if (!fgoi_has_factor(g, f)) continue;
        const fgoi_group *group = &g->group[g->location[f].group];
        const size_t index = g->location[f].index;
        const double *W = group->W + index * fgoi_packed(group->c.rows);
        double smallest = INFINITY, largest = 0;
        if (group->projected[index]) {
            if (!e->other_order) status = examine_indefinite(e, f);
            continue;
        }
        for (int i = 0; i < group->c.rows; W += group->c.rows - i, i++)
            smallest = fmin(smallest, W[0]), largest = fmax(largest, W[0]);
        if (smallest > 1e-5 * largest) continue;
        status =
            fgoi_find_factor(e, f,
                             &(fgo_finding){ .kind = FGO_FINDING_BADLY_SCALED,
                                             .severity = FGO_SEVERITY_WARNING,
                                             .statistic = smallest > 0 ? (largest / smallest) * (largest / smallest) : INFINITY,
                                             .what = FGO_STATISTIC_CONDITION,
                                             .remedy = { FGO_REMEDY_RESCALE, 0 } },
                             smallest > 0 ? "the weights of the information matrix range over a factor of %.1e"
                                          : "the information matrix weighs some direction with zero (largest weight %.3g)",
                             smallest > 0 ? (largest / smallest) * (largest / smallest) : largest * largest);
    }
    return status;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* findings.h -- what the parts of the doctor share: the graph under examination and the list of findings. */
#ifndef FGOI_DOCTOR_FINDINGS_H
#define FGOI_DOCTOR_FINDINGS_H
#include "graph/graph_private.h"
#include "io/document/document.h"
#include <fgopt/doctor.h>

struct fgo_findings {
    fgo_finding *row;
    size_t count, capacity;
};

typedef struct fgoi_exam {
    const fgo_graph *g;
    const fgoi_document *d;              /* or NULL */
    size_t *factor_line, *variable_line; /* lines in the file, counted from 1; 0: none */
    double *optimum;                     /* values at the optimum with a Cauchy loss, once they are known */
    unsigned char *open;                 /* per tangent dimension: 1 if no factor constrains its variable alone there */
    double significance;                 /* of all tests together */
    int other_order;                     /* 1: information matrices are in the order of the other format */
    int suspected;                       /* 1: the information seems to mean something else throughout */
    int good_estimate;                   /* 1: the graph's own values fit most edges */
    fgo_findings *out;
} fgoi_exam;

/* Adds a finding with a copy of its variables; `evidence` formats its sentence. FGO_ERROR_MEMORY. */
fgo_status fgoi_find(fgoi_exam *e, const fgo_finding *finding, const char *evidence, ...) __attribute__((format(printf, 3, 4)));
/* Adds a finding about one factor, with the factor's line, number and variables. */
fgo_status fgoi_find_factor(fgoi_exam *e, size_t factor, const fgo_finding *finding, const char *evidence, ...)
    __attribute__((format(printf, 4, 5)));
/* Writes the names of degrees of freedom, "x, y, angle", as many as fit. */
void fgoi_name_dofs(const fgo_manifold *m, uint64_t dofs, char *text, size_t size);

/* Make the findings of one part each; every part has a file of its own. */
fgo_status fgoi_examine_components(fgoi_exam *e);
fgo_status fgoi_examine_directions(fgoi_exam *e);
fgo_status fgoi_examine_joint(fgoi_exam *e); /* after directions */
fgo_status fgoi_examine_dropped(fgoi_exam *e);
fgo_status fgoi_examine_information(fgoi_exam *e);
fgo_status fgoi_examine_repeated(fgoi_exam *e);
fgo_status fgoi_examine_estimate(fgoi_exam *e);
fgo_status fgoi_examine_optimum(fgoi_exam *e);
fgo_status fgoi_examine_meaning(fgoi_exam *e); /* at the optimum */

/* Moves x, laid out as the graph's values, to the optimum with a Cauchy loss for all factors; *found: 0 if it cannot be
 * solved. */
fgo_status fgoi_robust_optimum(const fgo_graph *g, double *x, int *found);

/* Returns the x for which fgo_chi2_survival(n, x) = p. */
double fgoi_chi2_quantile(int n, double p);

/* Returns s = e' Omega e of one factor at the values x, with its two variables exchanged if `exchanged` is set; infinite if the
 * factor cannot be evaluated. */
double fgoi_chi2_at(const fgo_graph *g, size_t factor, const double *x, int exchanged);
/* Returns s = |W e|^2 for a residual e. */
double fgoi_whitened_square(const fgoi_group *group, size_t index, const double *e);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* doctor.h -- what is wrong with a graph, line by line of the file it was read from.
 *
 * A file that fgo_graph_read refuses because of edges that join a vertex to itself or name one that is not there, or because
 * of indefinite information, is read for the doctor with .lenient = 1 and .project_information = 1 (io.h). */
#ifndef FGOPT_DOCTOR_H
#define FGOPT_DOCTOR_H
#include <fgopt/error.h>
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_finding_kind {
    FGO_FINDING_FREE_COMPONENT, /* one of several components, and nothing holds it */
    FGO_FINDING_UNCONSTRAINED,  /* degrees of freedom of a variable that its factors do not constrain */
    FGO_FINDING_JOINT,         /* directions in which several variables can move together without a factor that constrains them */
    FGO_FINDING_DANGLING,      /* an edge that names a vertex that is not there; lenient files only */
    FGO_FINDING_SELF_LOOP,     /* an edge from a vertex to itself; lenient files only */
    FGO_FINDING_INDEFINITE,    /* information with a negative eigenvalue; it was projected */
    FGO_FINDING_BADLY_SCALED,  /* information whose root has a diagonal over more than five orders of magnitude, or zeros */
    FGO_FINDING_ORDER,         /* information of edges in the plane in the order of the other format */
    FGO_FINDING_COVARIANCE,    /* information that looks like a covariance, */
    FGO_FINDING_SQUARE_ROOT,   /* like the square root of the information, */
    FGO_FINDING_HALF_ANGLE,    /* or rotations weighted in the unit of the other convention (factors.h) */
    FGO_FINDING_DUPLICATE,     /* another edge of the same kind between the same variables */
    FGO_FINDING_CONTRADICTION, /* one that measures something else than the first */
    FGO_FINDING_WRONG_WAY,     /* an edge that fits when its ends are exchanged */
    FGO_FINDING_IMPROBABLE,    /* an edge with an improbable residual at the optimum */
    FGO_FINDING_FAR_POSE       /* a pose far from where all of its neighbours see it */
} fgo_finding_kind;

typedef enum fgo_severity { FGO_SEVERITY_WARNING, FGO_SEVERITY_ERROR } fgo_severity;

/* A variable that a finding is about. */
typedef struct fgo_finding_variable {
    int64_t key;
    uint64_t dofs; /* bit d: degree of freedom d, in the order of its tangent space (manifold.h); 0: the variable as a whole */
} fgo_finding_variable;

typedef struct fgo_finding {
    fgo_finding_kind kind;
    fgo_severity severity;
    size_t line;        /* in the file, from 1; 0: the file as a whole, or a graph made by program */
    double statistic;   /* what ranks findings of a kind ... */
    fgo_statistic what; /* ... and what it is */
    int dofs;           /* of a chi2: its degrees of freedom; else 0 */
    double p;           /* of a chi2: the probability of one as large by chance; else 0 */
    fgo_remedy remedy;  /* what can be done */
    char evidence[240]; /* what speaks for it, one sentence */
    size_t factor[2];   /* numbers of the factors that it is about, the one to blame first; */
    int factors;        /* 0: none, or more than can be named */
    size_t other_line;  /* of the second factor */
    /* The variables that it is about: those that move, and in what; the ends of an edge. The findings' own memory. */
    fgo_finding_variable *variable;
    size_t variables;
} fgo_finding;

enum {
    FGO_DOCTOR_STRUCTURE = 1,  /* without optimization: from the lines and one linearization */
    FGO_DOCTOR_STATISTICS = 2, /* judges edges at the optimum with a Cauchy loss, which takes a solve */
    FGO_DOCTOR_ALL = 3
};

typedef struct fgo_findings fgo_findings;

/* Examines a graph; its values and losses are afterwards as before. Tests are made at `significance`, the probability of a
 * finding in a graph without fault, divided by the number of edges (C. Bonferroni 1936). Findings come by kind, those of a
 * kind by line, improbable edges by descending chi2. parts: FGO_DOCTOR_ bits. */
FGO_API fgo_status fgo_graph_examine(fgo_graph *g, int parts, double significance, fgo_findings **out);
FGO_API size_t fgo_findings_count(const fgo_findings *f);
FGO_API const fgo_finding *fgo_findings_get(const fgo_findings *f, size_t i); /* NULL past the end */
FGO_API void fgo_findings_free(fgo_findings *f);                              /* NULL is fine */

FGO_API const char *fgo_finding_name(fgo_finding_kind kind);  /* "free-component", "unconstrained", ... */
FGO_API const char *fgo_severity_name(fgo_severity severity); /* "warning", "error" */

/* Probability that chi2 with n degrees of freedom is at least x (Abramowitz, Stegun 1964, 26.4.4 and 26.4.5). NaN if n < 1. */
FGO_API double fgo_chi2_survival(int n, double x);

/* How far each factor is checked by the others: its redundancy rows - trace(Omega J Sigma J') at the graph's values, Sigma
 * the covariance of its variables (covariance.h), Omega with the weight that its loss gives it (W. Foerstner 1979). From 0,
 * nothing else says what it measures and an error in it cannot be seen, to its rows, the others say it all. threads: as
 * fgo_options.threads. redundancy: one number for each factor by its number, fgo_graph_factor_end of them, NaN for removed ones.
 * Errors of fgo_covariance_create, FGO_ERROR_SINGULAR among them. */
FGO_API fgo_status fgo_graph_redundancy(const fgo_graph *g, int threads, double *redundancy);

#ifdef __cplusplus
}
#endif
#endif

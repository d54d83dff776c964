/* SPDX-License-Identifier: BSD-3-Clause */
/* doctor.h -- what is wrong with a graph, line by line of the file it was read from.
 *
 * fgo_graph_read refuses a file with edges that join a vertex to itself or name a vertex that does not exist, and one with
 * indefinite information. For the doctor such a file is read with .lenient = 1 and .project_information = 1 (io.h). */
#ifndef FGOPT_DOCTOR_H
#define FGOPT_DOCTOR_H
#include <fgopt/error.h>
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_finding_kind {
    FGO_FINDING_FREE_COMPONENT, /* one of several components, held by nothing */
    FGO_FINDING_UNCONSTRAINED,  /* degrees of freedom of a variable that its factors do not constrain */
    FGO_FINDING_JOINT,          /* directions, constrained by no factor, in which several variables can move together */
    FGO_FINDING_DANGLING,       /* an edge that names a vertex that does not exist; lenient files only */
    FGO_FINDING_SELF_LOOP,      /* an edge from a vertex to itself; lenient files only */
    FGO_FINDING_INDEFINITE,     /* information with a negative eigenvalue; it was projected */
    FGO_FINDING_BADLY_SCALED,   /* information whose root has a diagonal over more than five orders of magnitude, or zeros */
    FGO_FINDING_ORDER,          /* information of edges in the plane in the order of the other format */
    FGO_FINDING_COVARIANCE,     /* information that looks like a covariance, */
    FGO_FINDING_SQUARE_ROOT,    /* like the square root of the information, */
    FGO_FINDING_HALF_ANGLE,     /* or rotations weighted in the unit of the other convention (factors.h) */
    FGO_FINDING_DUPLICATE,      /* another edge of the same kind between the same variables */
    FGO_FINDING_CONTRADICTION,  /* such an edge that measures something different from the first */
    FGO_FINDING_WRONG_WAY,      /* an edge that fits if its ends are exchanged */
    FGO_FINDING_IMPROBABLE,     /* an edge with an improbable residual at the optimum */
    FGO_FINDING_FAR_POSE        /* a pose far from where all its neighbours see it */
} fgo_finding_kind;

typedef enum fgo_severity { FGO_SEVERITY_WARNING, FGO_SEVERITY_ERROR } fgo_severity;

/* One of the variables that a finding is about. */
typedef struct fgo_finding_variable {
    int64_t key;
    uint64_t dofs; /* bit d: degree of freedom d, in the order of its tangent space (manifold.h); 0: the variable as a whole */
} fgo_finding_variable;

/* One thing that is wrong with a graph. */
typedef struct fgo_finding {
    fgo_finding_kind kind;
    fgo_severity severity;
    size_t line;        /* in the file, from 1; 0: the file as a whole, or a graph that a program made */
    double statistic;   /* the number that ranks findings of this kind */
    fgo_statistic what; /* the meaning of that number */
    int dofs;           /* for a chi2: its degrees of freedom; else 0 */
    double p;           /* for a chi2: the probability of one at least as large by chance; else 0 */
    fgo_remedy remedy;  /* what can be done */
    char evidence[240]; /* one sentence */
    size_t factor[2];   /* numbers of the factors that the finding is about, the one to blame first */
    int factors;        /* how many entries of `factor` are set; 0: none, or more than can be named */
    size_t other_line;  /* line of the second factor */
    /* The variables that the finding is about: those that can move, or the ends of an edge. They belong to the findings. */
    fgo_finding_variable *variable;
    size_t variables;
} fgo_finding;

enum {
    FGO_DOCTOR_STRUCTURE = 1,  /* without optimization: from the lines and one linearization */
    FGO_DOCTOR_STATISTICS = 2, /* judges edges at the optimum with a Cauchy loss, which takes a solve */
    FGO_DOCTOR_ALL = 3
};

typedef struct fgo_findings fgo_findings;

/* Examines a graph, which is only read. `parts` are FGO_DOCTOR_ bits. `significance`, in (0, 1), is the probability of a finding
 * in a graph without fault; each test is made at significance divided by the number of edges (C. Bonferroni 1936). Findings are
 * sorted by kind, then by line; improbable edges by descending chi2. The caller frees *out with fgo_findings_free. */
FGO_API fgo_status fgo_graph_examine(const fgo_graph *g, int parts, double significance, fgo_findings **out);
/* Returns how many findings there are. */
FGO_API size_t fgo_findings_count(const fgo_findings *f);
/* Returns finding i, which belongs to f; NULL past the end. */
FGO_API const fgo_finding *fgo_findings_get(const fgo_findings *f, size_t i);
/* Frees findings; NULL is fine. */
FGO_API void fgo_findings_free(fgo_findings *f);

/* Return names: "free-component", "unconstrained", ...; "warning", "error". NULL for a number that is not in the enumeration. */
FGO_API const char *fgo_finding_name(fgo_finding_kind kind);
FGO_API const char *fgo_severity_name(fgo_severity severity);

/* Returns the probability that chi2 with n >= 1 degrees of freedom is at least x (Abramowitz, Stegun 1964, 26.4.4, 26.4.5); NaN
 * for n < 1. */
FGO_API double fgo_chi2_survival(int n, double x);

/* Computes to what extent the other factors check each factor: its redundancy, rows - trace(Omega J Sigma J') at the current
 * values, where Sigma is the covariance of the factor's variables (covariance.h) and Omega includes the weight that the loss
 * gives (W. Foerstner 1979). 0: no other factor measures what this factor measures, and an error in it cannot be detected;
 * `rows`: the other factors determine all of it. `threads` as in fgo_options. `redundancy` receives one number per factor by its
 * number, fgo_graph_factor_end of them, NaN for removed ones. Errors of fgo_covariance_create, FGO_ERROR_SINGULAR among them. */
FGO_API fgo_status fgo_graph_redundancy(const fgo_graph *g, int threads, double *redundancy);

#ifdef __cplusplus
}
#endif
#endif

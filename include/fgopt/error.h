/* SPDX-License-Identifier: BSD-3-Clause */
/* error.h -- what is wrong, as data: the subject of a thread's last error (fgo_last_error) or of a finding of the doctor
 * (doctor.h), the number that is evidence for it, and the remedy. Programs and bindings word remedies in their own terms; texts
 * of the library name no option of either. docs/errors.md explains every value.
 *
 *     if (fgo_graph_read(path, NULL, &graph)) {
 *         fgo_error e;
 *         fgo_last_error(&e);
 *         if (e.remedy.kind == FGO_REMEDY_PROJECT) ...   // read again with .project_information = 1
 *     } */
#ifndef FGOPT_ERROR_H
#define FGOPT_ERROR_H
#include <fgopt/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What can be done about an error or a finding. */
typedef enum fgo_remedy_kind {
    FGO_REMEDY_NONE = 0,       /* nothing can be said in general */
    FGO_REMEDY_CONNECT,        /* add a factor to the rest of the graph or a prior, or hold a variable */
    FGO_REMEDY_MEASURE,        /* add a factor or a prior that measures the variable; hold or remove it */
    FGO_REMEDY_TIE,            /* constrain the variables in these directions: by a factor to the rest, a prior, a hold */
    FGO_REMEDY_ADD_VARIABLE,   /* add the variable that is named, or remove the factor that names it */
    FGO_REMEDY_CORRECT_KEYS,   /* correct one of the keys, or remove the factor */
    FGO_REMEDY_PROJECT,        /* correct the information, or read it with .project_information (io.h) */
    FGO_REMEDY_RESCALE,        /* check units; give directions that are not measured a small weight, but comparable to the rest */
    FGO_REMEDY_READ_ORDER,     /* read with .weights.order = value, or rename the tags, or reorder the numbers */
    FGO_REMEDY_READ_FORM,      /* read with .weights.form = value */
    FGO_REMEDY_READ_RESIDUAL,  /* read with .weights.residual = value, or in that convention */
    FGO_REMEDY_KEEP_ONE,       /* keep one of the factors unless their measurements are independent */
    FGO_REMEDY_LOOK_AT_BOTH,   /* one of two measurements is wrong */
    FGO_REMEDY_EXCHANGE,       /* exchange the ends, or invert the measurement */
    FGO_REMEDY_ROBUST_LOSS,    /* remove the factor, or give it a robust loss */
    FGO_REMEDY_INITIALIZE,     /* start from another initial estimate (initialize.h), or correct the value */
    FGO_REMEDY_CORRECT_TEXT,   /* correct the text at that place of the file */
    FGO_REMEDY_CORRECT_MATRIX, /* correct the information matrix */
    FGO_REMEDY_RENAME          /* use another key */
} fgo_remedy_kind;

typedef struct fgo_remedy {
    fgo_remedy_kind kind;
    int value; /* for the READ_ kinds: FGO_WEIGHTS_ (io.h); else 0 */
} fgo_remedy;

/* The meaning of a number that comes with an error or a finding. */
typedef enum fgo_statistic {
    FGO_STATISTIC_NONE = 0,     /* there is no number */
    FGO_STATISTIC_VARIABLES,    /* a number of variables */
    FGO_STATISTIC_DIRECTIONS,   /* a number of directions in tangent space */
    FGO_STATISTIC_EIGENVALUE,   /* the smallest eigenvalue of an information matrix, in its units */
    FGO_STATISTIC_CONDITION,    /* the largest weight of an information matrix over the smallest; infinite if that is zero */
    FGO_STATISTIC_FRACTION,     /* a part of all edges of a kind, from 0 to 1 */
    FGO_STATISTIC_CHI2,         /* a chi2, with its degrees of freedom and probability beside it */
    FGO_STATISTIC_CHI2_PER_ROW, /* chi2 per free row, which is 1 where the information is right */
    FGO_STATISTIC_CHI2_RATIO    /* one chi2 over another: of rotations over translations, or over what chance allows */
} fgo_statistic;

/* The subject of an error, where its status does not say it. */
typedef enum fgo_cause {
    FGO_CAUSE_OTHER = 0,     /* what the message says */
    FGO_CAUSE_SYNTAX,        /* the text of a file */
    FGO_CAUSE_UNKNOWN_KEY,   /* key[0] names no variable */
    FGO_CAUSE_DUPLICATE_KEY, /* key[0] names a variable already */
    FGO_CAUSE_SELF_LOOP,     /* key[0] occurs twice in one factor */
    FGO_CAUSE_MANIFOLD,      /* the variable key[0] is not on the manifold that is needed */
    FGO_CAUSE_INDEFINITE,    /* an information matrix has a negative eigenvalue, which is the value */
    FGO_CAUSE_ASYMMETRIC,    /* an information matrix is not symmetric */
    FGO_CAUSE_UNDETERMINED   /* the factors do not determine the variable key[0] */
} fgo_cause;

/* The data of an error. */
typedef struct fgo_error {
    fgo_status status;
    fgo_cause cause;
    fgo_remedy remedy;
    size_t line, column;     /* in the file, from 1; 0: the error is not about a file */
    char file[256];          /* the name of the file, "" without one; of a longer name the end */
    int keys;                /* number of entries of key that are set */
    int64_t key[2];          /* keys of the variables that the error is about, the one to blame first */
    fgo_statistic statistic; /* the meaning of value */
    double value;            /* 0 without a statistic */
} fgo_error;

/* Fills *out with the data of the last failed call in this thread; status FGO_OK and all else zero if no call has failed yet.
 * FGO_ERROR_ARGUMENT, which leaves that record alone, if out is NULL. Later versions may add members at the end of fgo_error:
 * out_size is its size as the program was compiled, and members that the library does not know become zero. */
FGO_API fgo_status fgo_last_error_sized(fgo_error *out, size_t out_size);
static inline fgo_status fgo_last_error(fgo_error *out) { return fgo_last_error_sized(out, sizeof *out); }

/* Return short constant names: "project", "eigenvalue", "unknown-key"; "none" or "other" for 0, NULL for a number that is not a
 * value of the enumeration. */
FGO_API const char *fgo_remedy_name(fgo_remedy_kind kind);
FGO_API const char *fgo_statistic_name(fgo_statistic statistic);
FGO_API const char *fgo_cause_name(fgo_cause cause);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.h -- how far an estimate is from a reference: absolute and relative pose errors (J. Sturm et al., "A benchmark for
 * the evaluation of RGB-D SLAM systems", IROS 2012). */
#ifndef FGOPT_COMPARE_H
#define FGOPT_COMPARE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_alignment {
    FGO_ALIGN_NONE = 0, /* as they stand */
    FGO_ALIGN_SE,       /* the rigid motion of the estimate that is best for its positions (S. Umeyama 1991) */
    FGO_ALIGN_SIM       /* the same with a scale */
} fgo_alignment;

typedef struct fgo_error_statistics {
    size_t count;
    double rmse, mean, median, max, min; /* all zero if count is 0; the median of an even number is the mean of the two */
} fgo_error_statistics;

typedef struct fgo_comparison {
    size_t matched;                      /* poses with a key in both */
    double scale;                        /* of the alignment; 1 without */
    /* Of S x in the estimate and y in the reference, S the alignment: |t_x - t_y|, and the angle of R_x^-1 R_y in [0, pi]. */
    fgo_error_statistics ate_translation, ate_rotation; /* metres, radians */
    /* Of the steps x_i^-1 x_j and y_i^-1 y_j, j the pose `delta` after i in ascending order of keys, for all i. The scale is
     * not applied. */
    fgo_error_statistics rpe_translation, rpe_rotation;
} fgo_comparison;

/* Compares the SE(2) or SE(3) poses whose keys are in both graphs; other variables do not count. delta >= 1.
 * FGO_ERROR_ARGUMENT, or FGO_ERROR_TYPE if fewer than two poses match or they are not all of one kind. */
FGO_API fgo_status fgo_graph_compare(fgo_graph *estimate, fgo_graph *reference, fgo_alignment alignment, size_t delta,
                                     fgo_comparison *out);

#ifdef __cplusplus
}
#endif
#endif

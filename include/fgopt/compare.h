/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.h -- how far an estimate is from a reference: absolute and relative pose errors (J. Sturm et al., "A benchmark for
 * the evaluation of RGB-D SLAM systems", IROS 2012), and errors of segments of given length (A. Geiger et al., "Are we ready
 * for autonomous driving? The KITTI vision benchmark suite", CVPR 2012). */
#ifndef FGOPT_COMPARE_H
#define FGOPT_COMPARE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_alignment {
    FGO_ALIGN_NONE = 0, /* poses are compared as they are */
    FGO_ALIGN_SE,       /* by the rigid motion of the estimate that fits its positions best (S. Umeyama 1991) */
    FGO_ALIGN_SIM       /* by the similarity that fits best: a rigid motion and a scale */
} fgo_alignment;

/* Which pose of the estimate belongs to which pose of the reference, and the order of the pairs. */
typedef enum fgo_matching {
    FGO_MATCH_AUTO = 0, /* by time if all poses of both graphs have a time stamp, else by key */
    FGO_MATCH_KEYS,     /* the same key; ascending */
    FGO_MATCH_TIMES     /* fgo_match_times; ascending times. Poses without a stamp do not count */
} fgo_matching;

/* The pairs of poses i < j from which relative errors are computed. */
typedef enum fgo_pairs {
    FGO_PAIRS_ALL = 0,    /* from every i: the pose `delta` poses later, or for segments the pose whose path length from i
                           * along the reference is closest to the length, if it is within a tenth of it */
    FGO_PAIRS_CONSECUTIVE /* each pair begins where the pair before it ends: `delta` poses later, or for segments at the
                           * first pose at the length or beyond */
} fgo_pairs;

typedef struct fgo_compare_options {
    size_t size;           /* of this struct, as fgo_compare_options_default sets it: see export.h */
    int alignment;         /* fgo_alignment */
    int matching;          /* fgo_matching */
    int pairs;             /* fgo_pairs */
    size_t delta;          /* distance of the pairs for relative errors, in poses; >= 1 */
    double time_offset;    /* seconds, added to the stamps of the estimate */
    double time_tolerance; /* seconds, how far matching stamps may be apart */
    const double *lengths; /* lengths of segments, metres, > 0; borrowed, NULL if there are none */
    size_t length_count;
} fgo_compare_options;
/* Sets the first `size` bytes of *o to SE, AUTO, ALL, 1, 0, 0.01 s, no lengths; C and C++ call fgo_compare_options_default. */
FGO_API void fgo_compare_options_init(fgo_compare_options *o, size_t size);
static inline fgo_compare_options fgo_compare_options_default(void)
{
    fgo_compare_options o;
    fgo_compare_options_init(&o, sizeof o);
    return o;
}

typedef struct fgo_error_statistics {
    size_t count;
    /* All zero if count is 0. The median of an even count is the mean of the middle two; std is the root of the mean squared
     * deviation from the mean. */
    double rmse, mean, median, std, max, min;
} fgo_error_statistics;

/* Errors over segments of one length, in metres and radians. Divided by the length they are the errors of KITTI. */
typedef struct fgo_segment_errors {
    double length;
    fgo_error_statistics translation, rotation;
} fgo_segment_errors;

typedef struct fgo_comparison {
    size_t matched;     /* poses */
    int matching;       /* fgo_matching that was used, never AUTO */
    double scale;       /* of the alignment; 1 without */
    double path_length; /* of the reference through the matched poses, metres */
    /* Errors of S x, x a pose of the estimate and S the alignment, against y of the reference: |t_x - t_y|, and the angle of
     * R_x^-1 R_y in [0, pi]. */
    fgo_error_statistics ate_translation, ate_rotation; /* metres, radians */
    /* Errors of the step x_i^-1 x_j against y_i^-1 y_j after the alignment, of which only the scale matters. */
    fgo_error_statistics rpe_translation, rpe_rotation;
} fgo_comparison;

/* Compares the SE(2) or SE(3) poses of two graphs; other variables do not count. `options` NULL: defaults. `segments` receives
 * options->length_count rows, or is NULL. FGO_ERROR_ARGUMENT, or FGO_ERROR_TYPE if fewer than two poses match or the poses are
 * not all of one kind. */
FGO_API fgo_status fgo_graph_compare_sized(const fgo_graph *estimate, const fgo_graph *reference,
                                           FGO_OPTIONAL const fgo_compare_options *options, fgo_comparison *out, size_t out_size,
                                           FGO_OPTIONAL fgo_segment_errors *segments, size_t segment_size);
static inline fgo_status fgo_graph_compare(const fgo_graph *estimate, const fgo_graph *reference,
                                           FGO_OPTIONAL const fgo_compare_options *options, fgo_comparison *out,
                                           FGO_OPTIONAL fgo_segment_errors *segments)
{
    return fgo_graph_compare_sized(estimate, reference, options, out, sizeof *out, segments, sizeof *segments);
}

/* Pairs time stamps: each stamp of the shorter list (of `a` if both have the same length) gets the nearest stamp of the other
 * list, the earlier of two at the same distance, if it is within `tolerance`. `offset` is added to `a`. The lists are finite
 * numbers in any order. Writes *count pairs a[i[k]], b[j[k]], ascending by the time in the shorter list; i and j have room for
 * min(n, m). FGO_ERROR_ARGUMENT, FGO_ERROR_MEMORY. */
FGO_API fgo_status fgo_match_times(const double *a, size_t n, const double *b, size_t m, double offset, double tolerance,
                                   size_t *i, size_t *j, size_t *count);

#ifdef __cplusplus
}
#endif
#endif

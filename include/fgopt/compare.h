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
    FGO_ALIGN_NONE = 0, /* as they stand */
    FGO_ALIGN_SE,       /* the rigid motion of the estimate that is best for its positions (S. Umeyama 1991) */
    FGO_ALIGN_SIM       /* the same with a scale */
} fgo_alignment;

/* Which pose of the estimate belongs to which of the reference, and in what order they come. */
typedef enum fgo_matching {
    FGO_MATCH_AUTO = 0, /* by time if all poses of both have a time stamp, else by key */
    FGO_MATCH_KEYS,     /* the same key; ascending */
    FGO_MATCH_TIMES     /* fgo_match_times; ascending times. Poses without a stamp do not count */
} fgo_matching;

/* Which pairs of poses i < j relative errors are made of. */
typedef enum fgo_pairs {
    FGO_PAIRS_ALL = 0,    /* from every i: `delta` poses on, or the pose whose way from i along the reference is closest to
                           * the length, if it is within a tenth of it */
    FGO_PAIRS_CONSECUTIVE /* one after the other: every delta-th pose; the first at the length or beyond, then from there */
} fgo_pairs;

typedef struct fgo_compare_options {
    size_t size;           /* of this struct, as fgo_compare_options_default sets it: see export.h */
    int alignment;         /* fgo_alignment */
    int matching;          /* fgo_matching */
    int pairs;             /* fgo_pairs */
    size_t delta;          /* of the relative errors: poses; >= 1 */
    double time_offset;    /* seconds, added to the stamps of the estimate */
    double time_tolerance; /* seconds, how far matching stamps may be apart */
    const double *lengths; /* of segments, metres, > 0; borrowed, NULL if there are none */
    size_t length_count;
} fgo_compare_options;
/* Sets the first `size` bytes of *o to SE, AUTO, ALL, 1, 0, 0.01 s, no lengths; for C and C++ fgo_compare_options_default does it. */
FGO_API void fgo_compare_options_init(fgo_compare_options *o, size_t size);
static inline fgo_compare_options fgo_compare_options_default(void)
{
    fgo_compare_options o;
    fgo_compare_options_init(&o, sizeof o);
    return o;
}

typedef struct fgo_error_statistics {
    size_t count;
    /* All zero if count is 0. The median of an even number is the mean of the two; std is about the mean, divided by count. */
    double rmse, mean, median, std, max, min;
} fgo_error_statistics;

/* Of one length: errors of whole segments, in metres and radians. Divided by the length they are KITTI's. */
typedef struct fgo_segment_errors {
    double length;
    fgo_error_statistics translation, rotation;
} fgo_segment_errors;

typedef struct fgo_comparison {
    size_t matched;     /* poses */
    int matching;       /* fgo_matching that was used, never AUTO */
    double scale;       /* of the alignment; 1 without */
    double path_length; /* of the reference through the matched poses, metres */
    /* Of S x in the estimate and y in the reference, S the alignment: |t_x - t_y|, and the angle of R_x^-1 R_y in [0, pi]. */
    fgo_error_statistics ate_translation, ate_rotation; /* metres, radians */
    /* Of the steps x_i^-1 x_j and y_i^-1 y_j after the alignment, whose scale counts. */
    fgo_error_statistics rpe_translation, rpe_rotation;
} fgo_comparison;

/* Compares the SE(2) or SE(3) poses of two graphs; other variables do not count. options NULL: defaults. segments:
 * options->length_count rows, written, or NULL. FGO_ERROR_ARGUMENT, or FGO_ERROR_TYPE if fewer than two poses match or they
 * are not all of one kind. */
FGO_API fgo_status fgo_graph_compare_sized(const fgo_graph *estimate, const fgo_graph *reference,
                                           FGO_OPTIONAL const fgo_compare_options *options, fgo_comparison *out, size_t out_size,
                                           FGO_OPTIONAL fgo_segment_errors *segments, size_t segment_size);
static inline fgo_status fgo_graph_compare(const fgo_graph *estimate, const fgo_graph *reference,
                                           FGO_OPTIONAL const fgo_compare_options *options, fgo_comparison *out,
                                           FGO_OPTIONAL fgo_segment_errors *segments)
{
    return fgo_graph_compare_sized(estimate, reference, options, out, sizeof *out, segments, sizeof *segments);
}

/* Pairs of time stamps: each of the shorter list (of `a` if they are as long) gets the nearest of the other, the earlier of
 * two at the same distance, if it is within the tolerance. The offset is added to `a`. Lists in any order, finite. *count
 * pairs a[i[k]], b[j[k]], ascending in the shorter list's time; i and j have room for min(n, m).
 * FGO_ERROR_ARGUMENT, FGO_ERROR_MEMORY. */
FGO_API fgo_status fgo_match_times(const double *a, size_t n, const double *b, size_t m, double offset, double tolerance,
                                   size_t *i, size_t *j, size_t *count);

#ifdef __cplusplus
}
#endif
#endif

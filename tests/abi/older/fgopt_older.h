/* SPDX-License-Identifier: BSD-3-Clause */
/* fgopt_older.h -- the structs that can grow, frozen as an older fgopt might have had them: the same fields in the same places, with
 * fewer at the end. Never to be brought up to date: a program that was compiled against it must go on running. */
#ifndef FGOPT_OLDER_H
#define FGOPT_OLDER_H
#include <fgopt/graph.h>

typedef struct fgo_iteration {
    int iteration;
    int accepted;
    double cost;
} fgo_iteration;
typedef int (*fgo_iteration_callback)(const fgo_iteration *it, void *user);

typedef struct fgo_options {
    size_t size;
    fgo_iteration_callback callback;
    void *callback_user;
    fgo_iteration *records;
    size_t record_size;
    int record_capacity;
    int method;
    int max_iterations;
    int threads;
} fgo_options;

typedef struct fgo_summary {
    int termination;
    int iterations;
    int accepted;
    double cost_initial, cost_final;
} fgo_summary;

FGO_API void fgo_options_init(fgo_options *o, size_t size);
FGO_API fgo_status fgo_option_set(fgo_options *o, const char *name, const char *text);
FGO_API fgo_status fgo_solve_sized(fgo_graph *g, const fgo_options *options, fgo_summary *summary, size_t summary_size);
static inline fgo_options fgo_options_default(void)
{
    fgo_options o;
    fgo_options_init(&o, sizeof o);
    o.record_size = sizeof(fgo_iteration);
    return o;
}
static inline fgo_status fgo_solve(fgo_graph *g, const fgo_options *options, fgo_summary *summary)
{
    return fgo_solve_sized(g, options, summary, sizeof *summary);
}

typedef struct fgo_init_report {
    int chosen;
    size_t reached;
} fgo_init_report;
FGO_API fgo_status fgo_initialize_with_sized(fgo_graph *g, int init, int threads, fgo_init_report *report, size_t report_size);

typedef struct fgo_read_options {
    size_t size;
    int format, convention;
} fgo_read_options;
FGO_API void fgo_read_options_init(fgo_read_options *o, size_t size);
FGO_API fgo_status fgo_graph_read_memory(const char *text, size_t length, const char *name, const fgo_read_options *options,
                                         fgo_graph **out);

typedef struct fgo_file_report {
    int format, convention;
    size_t bytes, lines;
} fgo_file_report;
FGO_API fgo_status fgo_graph_file_report_sized(const fgo_graph *g, fgo_file_report *out, size_t out_size);

typedef struct fgo_compare_options {
    size_t size;
    int alignment, matching, pairs;
    size_t delta;
    double time_offset, time_tolerance;
    const double *lengths;
    size_t length_count;
} fgo_compare_options;
typedef struct fgo_error_statistics {
    size_t count;
    double rmse, mean, median, std, max, min;
} fgo_error_statistics;
typedef struct fgo_segment_errors {
    double length;
    fgo_error_statistics translation;
} fgo_segment_errors;
typedef struct fgo_comparison {
    size_t matched;
    int matching;
    double scale;
} fgo_comparison;
FGO_API void fgo_compare_options_init(fgo_compare_options *o, size_t size);
FGO_API fgo_status fgo_graph_compare_sized(const fgo_graph *estimate, const fgo_graph *reference,
                                           const fgo_compare_options *options, fgo_comparison *out, size_t out_size,
                                           fgo_segment_errors *segments, size_t segment_size);

typedef struct fgo_jacobian_report {
    double error;
} fgo_jacobian_report;
FGO_API fgo_status fgo_graph_check_jacobians_sized(const fgo_graph *g, fgo_jacobian_report *out, size_t out_size);

typedef struct fgo_factor_group {
    const fgo_factor_class *factor_class;
    size_t count;
} fgo_factor_group;
FGO_API fgo_status fgo_graph_group_sized(const fgo_graph *g, size_t group, fgo_factor_group *out, size_t out_size);
#endif

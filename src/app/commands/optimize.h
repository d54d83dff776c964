/* SPDX-License-Identifier: BSD-3-Clause */
/* optimize.h -- a run of the optimizer and its report. */
#ifndef CLI_OPTIMIZE_H
#define CLI_OPTIMIZE_H
#include "shell/output_file.h"

typedef struct optimize_target {
    const char *output, *json; /* or NULL */
    cli_reading reading;
    fgo_loss loss;
    cli_keys fix;
    int quiet;
    fgo_options solver;
} optimize_target;

/* Everything that a run found out. */
typedef struct optimize_run {
    const optimize_target *target;
    const char *file;     /* as it is called in messages */
    FILE *out;            /* where the summary goes: stderr if stdout carries the graph or the JSON */
    fgo_init_report init; /* what was done */
    int edges_only;       /* 1: the file has no poses, which were initialized along the edges */
    fgo_summary summary;
    double chi2_initial, chi2_final; /* without the loss; NAN: not known */
    fgo_iteration *iteration;
    size_t iterations, capacity;
    int out_of_memory;
    int wrote_graph;
    double time_read_s, time_optimize_s, time_write_s, time_total_s;
} optimize_run;

/* Records an iteration and prints its row; returns nonzero, which stops the optimization, if a signal came. This is the callback
 * of the solver; `run` is an optimize_run. */
int optimize_after_iteration(const fgo_iteration *it, void *run);
/* Prints the lines before the table of iterations. */
cli_exit optimize_print_header(const optimize_run *run, fgo_graph *g, const fgo_solver *solver);
void optimize_print_summary(const optimize_run *run);
cli_exit optimize_write_json(const optimize_run *run);

/* Makes SIGINT and SIGTERM end the optimization after the current iteration; a second signal ends the program at once. */
void interrupt_catch(void);
int interrupt_came(void);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* corrupt.h -- faults put into a graph on purpose: loop closures that are wrong, and noise. */
#ifndef CLI_CORRUPT_H
#define CLI_CORRUPT_H
#include "random.h"
#include "shell/cli.h"

/* The policies of N. Suenderhauf, P. Protzel, "Switchable constraints for robust pose graph SLAM", IROS 2012. */
typedef enum corrupt_kind { CORRUPT_RANDOM, CORRUPT_LOCAL, CORRUPT_GROUPED, CORRUPT_LOCAL_GROUPED } corrupt_kind;

/* Standard deviations: metres on each axis, radians about each axis. */
typedef struct corrupt_sigmas {
    double translation, rotation;
} corrupt_sigmas;

/* How many loops to add: a number, or a percentage of the loop closures that the file has. */
typedef struct corrupt_amount {
    double number;
    int percent;
} corrupt_amount;

typedef struct corrupt_target {
    const char *output, *json; /* json or NULL */
    corrupt_amount loops;
    int kind; /* corrupt_kind */
    int64_t group, reach;
    int consistent;
    corrupt_sigmas spread, weight, measurements, estimates; /* weight 0: as a loop closure of the file has it */
    uint64_t seed;
    cli_reading reading;
} corrupt_target;

typedef struct corrupt_loop {
    int64_t id[2];
    size_t group; /* loops of a group have the same number */
} corrupt_loop;

/* What has been added and changed. */
typedef struct corrupt_result {
    corrupt_loop *loop; /* heap; in the order of the lines that are added */
    size_t loops;
    size_t measurements_changed, measurements_kept; /* kept: of classes without metres and radians */
    size_t estimates_changed, estimates_kept;       /* kept: held */
} corrupt_result;

/* Adds wrong loop closures to graph g as t says. Prints its error. */
cli_exit corrupt_add_loops(fgo_graph *g, const corrupt_target *t, corrupt_result *out);
/* Disturbs the measurements of the first `factors` factors of g, and the variables. Prints its error. Called after
 * corrupt_add_loops. */
cli_exit corrupt_add_noise(fgo_graph *g, const corrupt_target *t, size_t factors, corrupt_result *out);
#endif

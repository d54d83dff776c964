/* SPDX-License-Identifier: BSD-3-Clause */
/* initialize.h -- first estimates for a graph. */
#ifndef FGOPT_INITIALIZE_H
#define FGOPT_INITIALIZE_H
#include <fgopt/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fgo_init {
    FGO_INIT_FILE = 0,  /* keep the values as they are */
    FGO_INIT_ODOMETRY   /* walk along the factors that can predict one variable from the others (fgo_factor_class.predict):
                         * from the held variables and those with a prior, else from the smallest key of each component;
                         * factors between neighbouring keys first, then the fewest steps */
} fgo_init;

/* Sets values; held variables and those that no predicting factor reaches keep theirs. *reached (may be NULL): how many
 * variables got a new value. */
FGO_API fgo_status fgo_initialize(fgo_graph *g, fgo_init init, size_t *reached);

/* "file", "odometry"; NULL for a number that is none. */
FGO_API const char *fgo_init_name(fgo_init init);

#ifdef __cplusplus
}
#endif
#endif

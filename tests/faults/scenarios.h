/* SPDX-License-Identifier: BSD-3-Clause */
/* scenarios.h -- the main paths of the library, each to be run with every one of its allocations failing in turn. */
#ifndef FGOPT_TESTS_FAULTS_SCENARIOS_H
#define FGOPT_TESTS_FAULTS_SCENARIOS_H
#include <fgopt/fgopt.h>

typedef struct world {
    fgo_graph *g, *other;
    fgo_solver *solver;
    char path[64];  /* of a file that the scenario may read or write */
    double outcome; /* what acting gives, the same every time it succeeds */
} world;

typedef struct scenario {
    const char *name;
    void (*prepare)(world *w, int variant); /* without faults */
    /* With a fault: FGO_OK, or FGO_ERROR_MEMORY and then everything that was before can be used and freed. */
    fgo_status (*act)(world *w, int variant);
    int variants;
    int repeatable; /* 1: without a fault the same world acts as if nothing had been */
} scenario;

extern const scenario scenarios[]; /* ends with a row without a name */
void release_world(world *w);
#endif

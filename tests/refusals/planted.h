/* SPDX-License-Identifier: BSD-3-Clause */
/* planted.h -- functions that break the rule of status.h, one in each way: the test must find them all. */
#ifndef FGOPT_TESTS_PLANTED_H
#define FGOPT_TESTS_PLANTED_H
#include <fgopt/graph.h>

FGO_API fgo_status fgo_planted_crash(const fgo_graph *g);                        /* reads NULL */
FGO_API fgo_status fgo_planted_beyond(const fgo_graph *g, size_t index);         /* FGO_OK for variables that are not there */
FGO_API fgo_status fgo_planted_touch(const fgo_graph *g, size_t *out);           /* writes a result and fails */
FGO_API fgo_status fgo_planted_anonymous(const fgo_graph *g);                    /* a message that names nothing */
FGO_API fgo_status fgo_planted_change(fgo_graph *g, size_t index);               /* changes the graph and fails */
FGO_API size_t fgo_planted_garbage(const fgo_graph *g);                          /* not neutral for NULL */
FGO_API fgo_status fgo_planted_refuses(const fgo_graph *g);                      /* refuses valid arguments */
FGO_API fgo_status fgo_planted_key(const fgo_graph *g, int64_t key);             /* another error for an unknown key */
FGO_API fgo_status fgo_planted_good(const fgo_graph *g, FGO_OPTIONAL size_t *n); /* breaks nothing */
#endif

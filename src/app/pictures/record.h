/* SPDX-License-Identifier: BSD-3-Clause */
/* record.h -- the course of an optimization, as fgopt optimize --json wrote it. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H
#include "shell/cli.h"

typedef struct record_row {
    int iteration, accepted;
    double cost, gradient, step; /* NAN: not known */
    double time_s;               /* since the start */
} record_row;

typedef struct record {
    const char *path;
    char graph[128], method[32], init[32], termination[64]; /* "" if the report does not say */
    record_row *row;
    size_t count;
} record;

/* Reads the report at `path` into *out. Prints its error. */
cli_exit record_read(const char *path, record *out);
void record_free(record *r);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* output_file.h -- files that appear complete or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H
#include "cli.h"

/* An open output. A regular file is written beside its place and renamed when it is closed; "-" is stdout; devices and
 * pipes are written directly. */
typedef struct cli_output {
    FILE *file;
    char *path;      /* where it goes; NULL: stdout */
    char *temporary; /* where it is until then; NULL: directly */
} cli_output;

/* Open, close and discard an output; open and close print their error. */
cli_exit cli_output_open(cli_output *out, const char *path);
cli_exit cli_output_close(cli_output *out); /* the file is in place, or the old one is still there */
void cli_output_discard(cli_output *out);   /* leaves no trace */
#endif

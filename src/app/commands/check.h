/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h -- findings of the doctor as lines of text. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H
#include "shell/cli.h"

/* Prints findings as "file:line: severity: evidence; advice [kind]": of each kind at most `most`, then how many more there
 * are. */
void check_print(FILE *f, const char *file, const fgo_findings *findings, size_t most);
/* Prints to stderr what in the structure of a problem may be the reason why it could not be solved. */
void check_explain(const char *file, fgo_graph *g);
#endif

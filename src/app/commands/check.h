/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h -- findings of the doctor as lines of text. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H
#include "shell/cli.h"

/* Prints findings to f as "file:line: severity: evidence; advice [kind]": at most `most` of each kind, then how many more of
 * that kind there are. */
void check_print(FILE *f, const char *file, const fgo_findings *findings, size_t most);
/* Prints to stderr which findings in the structure of graph g may explain why it could not be solved. */
void check_explain(const char *file, fgo_graph *g);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h -- findings of the doctor as lines of text. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H
#include "shell/cli.h"

/* "file:line: severity: evidence; advice [kind]". Of each kind at most `most`, then how many more there are. */
void check_print(FILE *f, const char *file, const fgo_findings *findings, size_t most);
/* For a problem that could not be solved: what in its structure may be the reason, on stderr. */
void check_explain(const char *file, fgo_graph *g);
#endif

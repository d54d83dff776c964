/* SPDX-License-Identifier: BSD-3-Clause */
/* remedy.h -- what can be done about an error or a finding, in the program's words. */
#ifndef CLI_REMEDY_H
#define CLI_REMEDY_H
#include <fgopt/fgopt.h>

enum { CLI_REMEDY_SIZE = 160 };

/* A sentence without its full stop; text, which is returned. */
const char *cli_remedy_text(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
/* The options that read the file so, "--information project", into text; 0 and "" if the remedy is no way to read it. */
int cli_remedy_option(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
#endif

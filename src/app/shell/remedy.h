/* SPDX-License-Identifier: BSD-3-Clause */
/* remedy.h -- what can be done about an error or a finding, in the program's words. */
#ifndef CLI_REMEDY_H
#define CLI_REMEDY_H
#include <fgopt/fgopt.h>

enum { CLI_REMEDY_SIZE = 160 };

/* Writes the remedy to `text` as a sentence without its full stop, and returns `text`. */
const char *cli_remedy_text(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
/* Writes to `text` the options that make a command read a file as the remedy says, "--information project". Returns 0, with text
 * "", if the remedy is not a way of reading. */
int cli_remedy_option(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
#endif

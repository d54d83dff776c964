/* SPDX-License-Identifier: BSD-3-Clause */
/* remedy.h -- what can be done about an error or a finding, in the program's words. */
#ifndef CLI_REMEDY_H
#define CLI_REMEDY_H
#include <fgopt/fgopt.h>

enum { CLI_REMEDY_SIZE = 160 };

/* Writes the remedy as a sentence without its full stop to `text`, which is returned. */
const char *cli_remedy_text(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
/* Writes the options that read a file as the remedy says, "--information project", to text. Returns 0, with text "", if the
 * remedy is not a way of reading. */
int cli_remedy_option(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE]);
#endif

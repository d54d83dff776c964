/* SPDX-License-Identifier: BSD-3-Clause */
/* output_file.h -- files that appear complete or not at all, and a JSON writer on top of them. */
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

/* All print their error. */
cli_exit cli_output_open(cli_output *out, const char *path);
cli_exit cli_output_close(cli_output *out); /* the file is in place, or the old one is still there */
void cli_output_discard(cli_output *out);   /* leaves no trace */

/* One JSON text: an object. key is NULL for elements of an array. */
typedef struct cli_json {
    FILE *file;
    int depth;
    int filled; /* the open object or array has an element */
    cli_output output;
} cli_json;
/* Opens the text and its object, which begins with fgopt's version and, unless it is NULL, the input's name. Both print their
 * error; close ends the object and puts the file in place. */
cli_exit cli_json_open(cli_json *json, const char *path, const char *file);
cli_exit cli_json_close(cli_json *json);
void cli_json_begin(cli_json *json, const char *key, char bracket); /* '{' or '[' */
void cli_json_end(cli_json *json, char bracket);                    /* '}' or ']' */
void cli_json_string(cli_json *json, const char *key, const char *text);
void cli_json_number(cli_json *json, const char *key, double value); /* 17 digits; null if not finite */
void cli_json_integer(cli_json *json, const char *key, int64_t value);
void cli_json_count(cli_json *json, const char *key, size_t value);
void cli_json_bool(cli_json *json, const char *key, int value);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* json.h -- reads and writes JSON (RFC 8259) by jansson, which no other file uses. */
#ifndef CLI_JSON_H
#define CLI_JSON_H
#include "output_file.h"

/* ---- writing ---- */

/* One JSON text, written as it is made, one element a line. A tree of a whole report would take about 1 KB a row, and fgopt
 * check has a row for each of what may be millions of findings. key is NULL for elements of an array. */
typedef struct cli_json {
    FILE *file;
    int depth;
    int filled; /* the open object or array has an element */
    int failed; /* something was not written: memory ran out, or the file has its error */
    cli_output output;
} cli_json;

/* Opens the text at `path` and its object, which begins with fgopt's version and the name `file` of the input, unless that is
 * NULL; close ends the object and puts the file in place. Both print their error. */
cli_exit cli_json_open(cli_json *json, const char *path, const char *file);
cli_exit cli_json_close(cli_json *json);
/* Prints that memory ran out, if it did. This is for a JSON text inside another file, whose own errors are left to its owner. */
cli_exit cli_json_check(const cli_json *json);
void cli_json_begin(cli_json *json, const char *key, char bracket); /* '{' or '[' */
void cli_json_end(cli_json *json, char bracket);                    /* '}' or ']' */
/* Writes a string. File names and tags are bytes, JSON is Unicode: bytes that are no UTF-8 become U+FFFD. */
void cli_json_string(cli_json *json, const char *key, const char *text);
void cli_json_number(cli_json *json, const char *key, double value); /* 17 digits; null if not finite */
void cli_json_integer(cli_json *json, const char *key, int64_t value);
void cli_json_count(cli_json *json, const char *key, size_t value);
void cli_json_bool(cli_json *json, const char *key, int value);

/* ---- reading ---- */

typedef struct json_t cli_json_value;

/* Reads the file at `path` into *out. Prints its error, with line and column where the text is no JSON or names one key twice. */
cli_exit cli_json_read(const char *path, cli_json_value **out);
void cli_json_free(cli_json_value *root); /* and all values in it */
/* Return a member, an entry, a length or a value. If the argument is NULL or of another kind, or has no such member or entry,
 * they return the default in the comment after each. */
const cli_json_value *cli_json_member(const cli_json_value *object, const char *key); /* NULL */
const cli_json_value *cli_json_entry(const cli_json_value *array, size_t i);          /* NULL */
size_t cli_json_length(const cli_json_value *array);                                  /* 0 */
const char *cli_json_as_text(const cli_json_value *value);                            /* "" */
double cli_json_as_double(const cli_json_value *value);                               /* NAN */
int64_t cli_json_as_integer(const cli_json_value *value);                             /* 0 */
int cli_json_is_integer(const cli_json_value *value);
int cli_json_is_false(const cli_json_value *value);
#endif

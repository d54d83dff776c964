/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c -- JSON by jansson, which writes keys and values and reads whole files; this file writes the brackets, commas and
 * indents (two spaces a level). */
#include "json.h"
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

/* Returns the length of the UTF-8 sequence at s (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF); 0 if there is none.
 * */
static int utf8_length(const unsigned char *s)
{
    int n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
    for (int i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)) return 0;
    if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f)) return 0;
    return n;
}

/* Returns the text as a JSON string with U+FFFD in place of each byte that is no UTF-8, since jansson refuses such bytes. NULL:
 * out of memory. */
static json_t *string_of(const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd";
    char *clean = malloc(3 * strlen(text) + 1), *end = clean;
    if (!clean) return NULL;
    for (const char *s = text; *s;) {
        const int n = utf8_length((const unsigned char *)s);
        const size_t size = n ? (size_t)n : sizeof replacement - 1;
        memcpy(end, n ? s : replacement, size);
        end += size;
        s += n ? n : 1;
    }
    *end = '\0';
    json_t *value = json_string(clean);
    free(clean);
    return value;
}

/* ---- writing ---- */

/* Writes a value and releases it; NULL stands for a value for which memory ran out. */
static void dump(cli_json *json, json_t *value)
{
    if (!value || json_dumpf(value, json->file, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17))) json->failed = 1;
    json_decref(value);
}

/* Begins an element: writes the comma after the previous element, the new line with its indent, and the key. */
static void element(cli_json *json, const char *key)
{
    if (json->depth > 0) fprintf(json->file, "%s\n%*s", json->filled ? "," : "", 2 * json->depth, "");
    json->filled = 1;
    if (!key) return;
    dump(json, string_of(key));
    fputs(": ", json->file);
}

static void put(cli_json *json, const char *key, json_t *value)
{
    element(json, key);
    dump(json, value);
}

void cli_json_begin(cli_json *json, const char *key, char bracket)
{
    element(json, key);
    fputc(bracket, json->file);
    json->depth++;
    json->filled = 0;
}

void cli_json_end(cli_json *json, char bracket)
{
    json->depth--;
    if (json->filled) fprintf(json->file, "\n%*s", 2 * json->depth, "");
    fputc(bracket, json->file);
    json->filled = 1;
    if (json->depth == 0) fputc('\n', json->file);
}

void cli_json_string(cli_json *json, const char *key, const char *text) { put(json, key, string_of(text)); }

void cli_json_number(cli_json *json, const char *key, double value)
{
    put(json, key, isfinite(value) ? json_real(value) : json_null());
}

void cli_json_integer(cli_json *json, const char *key, int64_t value) { put(json, key, json_integer(value)); }

void cli_json_count(cli_json *json, const char *key, size_t value) { put(json, key, json_integer((json_int_t)value)); }

void cli_json_bool(cli_json *json, const char *key, int value) { put(json, key, json_boolean(value)); }

cli_exit cli_json_check(const cli_json *json)
{
    return json->failed && !ferror(json->file) ? cli_fail(CLI_FAILURE, "out of memory") : CLI_OK;
}

cli_exit cli_json_open(cli_json *json, const char *path, const char *file)
{
    *json = (cli_json){ .file = NULL };
    cli_exit code = cli_output_open(&json->output, path);
    if (code) return code;
    json->file = json->output.file;
    cli_json_begin(json, NULL, '{');
    cli_json_string(json, "version", fgo_version());
    if (file) cli_json_string(json, "file", file);
    return CLI_OK;
}

cli_exit cli_json_close(cli_json *json)
{
    cli_json_end(json, '}');
    cli_exit code = cli_json_check(json);
    if (!code) return cli_output_close(&json->output);
    cli_output_discard(&json->output);
    return code;
}

/* ---- reading ---- */

cli_exit cli_json_read(const char *path, cli_json_value **out)
{
    json_error_t error;
    FILE *f = fopen(path, "rb");
    if (!f) return cli_fail(CLI_INPUT, "cannot read %s: %s", path, strerror(errno));
    errno = 0;
    json_t *root = json_loadf(f, JSON_REJECT_DUPLICATES, &error);
    const int problem = errno, unreadable = ferror(f);
    (void)fclose(f); /* nothing was written */
    if (root && !unreadable) {
        *out = root;
        return CLI_OK;
    }
    json_decref(root);
    if (unreadable) return cli_fail(CLI_INPUT, "cannot read %s: %s", path, problem ? strerror(problem) : "read error");
    if (problem == ENOMEM) return cli_fail(CLI_FAILURE, "out of memory"); /* jansson may call it an invalid token */
    fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column, error.text);
    return CLI_INPUT;
}

void cli_json_free(cli_json_value *root) { json_decref(root); }

const cli_json_value *cli_json_member(const cli_json_value *object, const char *key) { return json_object_get(object, key); }

const cli_json_value *cli_json_entry(const cli_json_value *array, size_t i) { return json_array_get(array, i); }

size_t cli_json_length(const cli_json_value *array) { return json_array_size(array); }

const char *cli_json_as_text(const cli_json_value *value)
{
    const char *text = json_string_value(value);
    return text ? text : "";
}

double cli_json_as_double(const cli_json_value *value) { return json_is_number(value) ? json_number_value(value) : (double)NAN; }

int64_t cli_json_as_integer(const cli_json_value *value) { return json_integer_value(value); }

int cli_json_is_integer(const cli_json_value *value) { return json_is_integer(value); }

int cli_json_is_false(const cli_json_value *value) { return json_is_false(value); }

/* SPDX-License-Identifier: BSD-3-Clause */
/* json.c -- writes JSON (RFC 8259), one element a line, two spaces an indent. */
#include "output_file.h"
#include <inttypes.h>
#include <math.h>

/* Length of the UTF-8 sequence at s (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF), 0 if it is none. */
static int utf8_length(const unsigned char *s)
{
    int n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
    for (int i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)) return 0;
    if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f)) return 0;
    return n;
}

/* File names are bytes, JSON is Unicode: bytes that are no UTF-8 become U+FFFD. */
static void put_string(FILE *f, const char *text)
{
    fputc('"', f);
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        int n = utf8_length(s);
        if (n == 0)
            fputs("\\ufffd", f);
        else if (*s == '"' || *s == '\\')
            fprintf(f, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7f)
            fprintf(f, "\\u%04x", *s);
        else
            fprintf(f, "%.*s", n, (const char *)s);
        s += n ? n : 1;
    }
    fputc('"', f);
}

static void element(cli_json *json, const char *key)
{
    if (json->depth > 0) fprintf(json->file, "%s\n%*s", json->filled ? "," : "", 2 * json->depth, "");
    json->filled = 1;
    if (!key) return;
    put_string(json->file, key);
    fputs(": ", json->file);
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

void cli_json_string(cli_json *json, const char *key, const char *text)
{
    element(json, key);
    put_string(json->file, text);
}

void cli_json_number(cli_json *json, const char *key, double value)
{
    element(json, key);
    if (isfinite(value))
        fprintf(json->file, "%.17g", value);
    else
        fputs("null", json->file);
}

void cli_json_integer(cli_json *json, const char *key, int64_t value)
{
    element(json, key);
    fprintf(json->file, "%" PRId64, value);
}

void cli_json_count(cli_json *json, const char *key, size_t value)
{
    element(json, key);
    fprintf(json->file, "%zu", value);
}

void cli_json_bool(cli_json *json, const char *key, int value)
{
    element(json, key);
    fputs(value ? "true" : "false", json->file);
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
    return cli_output_close(&json->output);
}

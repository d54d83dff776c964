/* SPDX-License-Identifier: BSD-3-Clause */
/* values.c -- turns the text of an option's argument into its value. Numbers are read in the C locale: the decimal sign is a
 * point. */
#include "cli.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int cli_set_string(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option, (void)why;
    *(const char **)field = text;
    return 0;
}

int cli_set_flag(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option, (void)text, (void)why;
    *(int *)field = 1;
    return 0;
}

static int read_integer(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || text[0] == ' ') return -1;
    *out = value;
    return 0;
}

int cli_set_count(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    int64_t value;
    if (read_integer(text, &value) || value < 1) {
        snprintf(why, CLI_WHY_SIZE, "'%.80s' is not a whole number of at least 1", text);
        return -1;
    }
    *(int64_t *)field = value;
    return 0;
}

int cli_set_seed(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    int64_t value;
    if (read_integer(text, &value) || value < 0) {
        snprintf(why, CLI_WHY_SIZE, "'%.80s' is not a whole number of at least 0", text);
        return -1;
    }
    *(uint64_t *)field = (uint64_t)value;
    return 0;
}

int cli_set_number(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value)) {
        snprintf(why, CLI_WHY_SIZE, "'%.80s' is not a number", text);
        return -1;
    }
    *(double *)field = value;
    return 0;
}

int cli_set_fraction(const cli_option *option, const char *text, void *field, char *why)
{
    double value;
    if (cli_set_number(option, text, &value, why)) return -1;
    if (!(value >= 0.0 && value <= 1.0)) {
        snprintf(why, CLI_WHY_SIZE, "%.80s is not between 0 and 1", text);
        return -1;
    }
    *(double *)field = value;
    return 0;
}

/* Reads "A,B", each 0 or from 1e-9 to 1e9: the square of a deviation must neither vanish nor overflow, since it gives a weight.
 * */
static int read_pair(const char *text, double least, double *out)
{
    char *end;
    for (int k = 0; k < 2; k++) {
        out[k] = strtod(text, &end);
        if (end == text || *end != (k ? '\0' : ',')) return -1;
        if (!(out[k] >= 1e-9 || out[k] == least) || !(out[k] <= 1e9)) return -1;
        text = end + 1;
    }
    return 0;
}

int cli_set_sigmas(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    if (!read_pair(text, 1e-9, field)) return 0;
    snprintf(why, CLI_WHY_SIZE, "'%.80s' is not two numbers from 1e-9 to 1e9 with a comma between them", text);
    return -1;
}

int cli_set_noise(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    if (!read_pair(text, 0.0, field)) return 0;
    snprintf(why, CLI_WHY_SIZE, "'%.80s' is not two numbers, 0 or from 1e-9 to 1e9, with a comma between them", text);
    return -1;
}

int cli_set_list(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    cli_list *list = field;
    const char *at = text;
    for (list->count = 0; list->count < CLI_LIST_SIZE; at++) {
        char *end;
        const double x = strtod(at, &end);
        if (end == at || !isfinite(x) || (*end && *end != ',')) break;
        list->number[list->count++] = x;
        at = end;
        if (!*end) return 0;
    }
    snprintf(why, CLI_WHY_SIZE, "'%.80s' is not a list of at most %d numbers with commas between them", text, CLI_LIST_SIZE);
    return -1;
}

int cli_set_choice(const cli_option *option, const char *text, void *field, char *why)
{
    size_t used = (size_t)snprintf(why, CLI_WHY_SIZE, "'%.80s' is not one of", text);
    for (int i = 0; option->choices[i]; i++) {
        if (!strcmp(option->choices[i], text)) {
            *(int *)field = i;
            return 0;
        }
        if (used < CLI_WHY_SIZE) used += (size_t)snprintf(why + used, CLI_WHY_SIZE - used, " %s", option->choices[i]);
    }
    return -1;
}

int cli_set_keys(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    cli_keys *keys = field;
    int64_t key;
    if (read_integer(text, &key)) {
        snprintf(why, CLI_WHY_SIZE, "'%.80s' is not a 64-bit id", text);
        return -1;
    }
    if (keys->count == keys->capacity) {
        size_t capacity = keys->capacity ? 2 * keys->capacity : 16;
        int64_t *grown = realloc(keys->key, capacity * sizeof *grown);
        if (!grown) {
            snprintf(why, CLI_WHY_SIZE, "out of memory");
            return CLI_OUT_OF_MEMORY;
        }
        keys->key = grown;
        keys->capacity = capacity;
    }
    keys->key[keys->count++] = key;
    return 0;
}

int cli_set_weights(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    if (!fgo_weights_parse(text, field)) return 0;
    snprintf(why, CLI_WHY_SIZE, "%s", fgo_last_message());
    return -1;
}

int cli_set_loss(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option;
    if (!fgo_loss_parse(text, field)) return 0;
    snprintf(why, CLI_WHY_SIZE, "%s", fgo_last_message());
    return -1;
}

/* Writes ": none, huber[:WIDTH], ..., barron[:WIDTH[,SHAPE]]", from the library's table. */
static void list_losses(char *text, size_t size)
{
    const fgo_loss_class *c;
    size_t used = 0;
    for (size_t i = 0; (c = fgo_loss_class_get(i)) && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s %s", i ? "," : ":", c->name);
        for (int k = 0; k < c->parameters && used < size; k++) {
            used += (size_t)snprintf(text + used, size - used, k ? "[," : "[:");
            for (const char *p = c->parameter[k].name; *p && used + 1 < size; p++)
                text[used++] = (char)toupper((unsigned char)*p);
        }
        for (int k = 0; k < c->parameters && used + 1 < size; k++) text[used++] = ']';
    }
    text[used < size ? used : size - 1] = '\0';
}

void cli_describe_option(const cli_option *option, char *text, size_t size)
{
    const size_t used = (size_t)snprintf(text, size, "%s", option->help);
    if (option->set == cli_set_loss && used < size) list_losses(text + used, size - used);
}

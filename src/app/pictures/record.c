/* SPDX-License-Identifier: BSD-3-Clause */
/* record.c -- reads reports; the JSON itself is read by jansson. */
#include "record.h"
#include <math.h>
#include <stdlib.h>
#ifdef FGOPT_JANSSON
#include <jansson.h>

static void get_text(const json_t *root, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(root, key));
    snprintf(out, size, "%s", text ? text : "");
}

static double get_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static cli_exit refuse(const record *r, const char *what, size_t row)
{
    return cli_fail(CLI_INPUT, "%s: no report of fgopt optimize --json: %s (iteration %zu of the list)", r->path, what, row);
}

static cli_exit read_rows(const json_t *root, record *r)
{
    const json_t *list = json_object_get(root, "iterations");
    if (!json_is_array(list) || json_array_size(list) == 0)
        return cli_fail(CLI_INPUT, "%s: no iterations to draw; fgopt optimize FILE --json %s writes a report that has them",
                        r->path, r->path);
    r->row = calloc(json_array_size(list), sizeof *r->row);
    if (!r->row) return cli_fail(CLI_FAILURE, "out of memory");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *it = json_array_get(list, i), *accepted = json_object_get(it, "accepted");
        const json_t *number = json_object_get(it, "iteration");
        if (!json_is_object(it) || !json_is_integer(number)) return refuse(r, "an entry without \"iteration\"", i);
        r->row[i] = (record_row){ .iteration = (int)json_integer_value(number),
                                  .accepted = !json_is_false(accepted),
                                  .cost = get_number(it, "cost"),
                                  .gradient = get_number(it, "gradient_norm"),
                                  .step = get_number(it, "step_norm"),
                                  .time_s = get_number(json_object_get(it, "time_s"), "since_start") };
        if (i && r->row[i].iteration <= r->row[i - 1].iteration) return refuse(r, "iterations out of order", i);
        r->count++;
    }
    return CLI_OK;
}

cli_exit record_read(const char *path, record *out)
{
    json_error_t error;
    *out = (record){ .path = path };
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        if (error.line < 1) return cli_fail(CLI_INPUT, "cannot read %s: %s", path, error.text);
        fprintf(stderr, "%s:%d:%d: %s\n", path, error.line, error.column, error.text);
        return CLI_INPUT;
    }
    get_text(root, "file", out->graph, sizeof out->graph);
    get_text(root, "method", out->method, sizeof out->method);
    get_text(root, "init", out->init, sizeof out->init);
    get_text(root, "termination", out->termination, sizeof out->termination);
    cli_exit code = read_rows(root, out);
    json_decref(root);
    if (code) record_free(out);
    return code;
}
#else
cli_exit record_read(const char *path, record *out)
{
    *out = (record){ .path = path };
    return cli_fail(CLI_USAGE, "%s: this fgopt was built without jansson and reads no JSON", path);
}
#endif

void record_free(record *r)
{
    free(r->row);
    *r = (record){ 0 };
}

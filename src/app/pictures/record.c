/* SPDX-License-Identifier: BSD-3-Clause */
/* record.c -- reads reports. */
#include "record.h"
#include "shell/json.h"
#include <math.h>
#include <stdlib.h>

static void get_text(const cli_json_value *root, const char *key, char *out, size_t size)
{
    snprintf(out, size, "%s", cli_json_as_text(cli_json_member(root, key)));
}

static double get_number(const cli_json_value *object, const char *key)
{
    return cli_json_as_double(cli_json_member(object, key));
}

static cli_exit refuse(const record *r, const char *what, size_t row)
{
    return cli_fail(CLI_INPUT, "%s: no report of fgopt optimize --json: %s (iteration %zu of the list)", r->path, what, row);
}

static cli_exit read_rows(const cli_json_value *root, record *r)
{
    const cli_json_value *list = cli_json_member(root, "iterations");
    const size_t count = cli_json_length(list);
    if (count == 0)
        return cli_fail(CLI_INPUT, "%s: no iterations to draw; fgopt optimize FILE --json %s writes a report that has them",
                        r->path, r->path);
    r->row = calloc(count, sizeof *r->row);
    if (!r->row) return cli_fail(CLI_FAILURE, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const cli_json_value *it = cli_json_entry(list, i), *number = cli_json_member(it, "iteration");
        if (!cli_json_is_integer(number)) return refuse(r, "an entry without \"iteration\"", i);
        r->row[i] = (record_row){ .iteration = (int)cli_json_as_integer(number),
                                  .accepted = !cli_json_is_false(cli_json_member(it, "accepted")),
                                  .cost = get_number(it, "cost"),
                                  .gradient = get_number(it, "gradient_norm"),
                                  .step = get_number(it, "step_norm"),
                                  .time_s = get_number(cli_json_member(it, "time_s"), "since_start") };
        if (i && r->row[i].iteration <= r->row[i - 1].iteration) return refuse(r, "iterations out of order", i);
        r->count++;
    }
    return CLI_OK;
}

cli_exit record_read(const char *path, record *out)
{
    cli_json_value *root = NULL;
    *out = (record){ .path = path };
    cli_exit code = cli_json_read(path, &root);
    if (code) return code;
    get_text(root, "file", out->graph, sizeof out->graph);
    get_text(root, "method", out->method, sizeof out->method);
    get_text(root, "init", out->init, sizeof out->init);
    get_text(root, "termination", out->termination, sizeof out->termination);
    code = read_rows(root, out);
    cli_json_free(root);
    if (code) record_free(out);
    return code;
}

void record_free(record *r)
{
    free(r->row);
    *r = (record){ 0 };
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* read_graph.c -- the clock, and reading a graph with its warnings. */
#include "cli.h"
#include "remedy.h"
#include <string.h>
#include <time.h>

double cli_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int cli_is_standard(const char *path) { return !strcmp(path, "-"); }

const char *cli_file_name(const char *path) { return cli_is_standard(path) ? "stdin" : path; }

static void warn(const fgo_file_report *r, const char *name, int merge)
{
    if (r->unknown)
        fprintf(stderr, "%s:%zu: warning: %zu line%s with a tag that fgopt does not know; kept, not used\n", name,
                r->unknown_first_line, r->unknown, cli_plural(r->unknown));
    if (r->equivalences && !merge)
        fprintf(stderr, "%s: warning: %zu EQUIV line%s not applied; --equivalent merge applies %s\n", name, r->equivalences,
                cli_plural(r->equivalences), r->equivalences == 1 ? "it" : "them");
    if (r->dropped)
        fprintf(stderr, "%s: warning: %zu edge%s between vertices that were merged; kept, not used\n", name, r->dropped,
                cli_plural(r->dropped));
    if (r->without_information)
        fprintf(stderr, "%s: warning: %zu edge%s without an information matrix; taken as identity\n", name,
                r->without_information, cli_plural(r->without_information));
    if (r->projected)
        fprintf(stderr, "%s: warning: %zu information matri%s indefinite; projected to the nearest semi-definite one\n", name,
                r->projected, r->projected == 1 ? "x is" : "ces are");
}

const char *const cli_residual_words[] = { "g2o", "log", "ceres", NULL };  /* in the order of fgo_convention */
const char *const cli_information_words[] = { "reject", "project", NULL }; /* project_information 0, 1 */
const char *const cli_equivalent_words[] = { "keep", "merge", NULL };      /* merge_equivalent 0, 1 */

static fgo_read_options options_of(const cli_reading *reading)
{
    fgo_read_options o = fgo_read_options_default();
    o.convention = reading->residual;
    o.project_information = reading->information;
    o.merge_equivalent = reading->equivalent;
    o.format = reading->format;
    o.weights = reading->weights;
    return o;
}

cli_exit cli_read_graph(const char *path, const cli_reading *reading, fgo_graph **out)
{
    fgo_file_report report;
    const fgo_read_options options = options_of(reading);
    fgo_status status = fgo_graph_read(path, &options, out);
    if (status) {
        cli_exit code = cli_fail_status(status, CLI_INPUT);
        fgo_error e;
        char option[CLI_REMEDY_SIZE];
        if (!fgo_last_error(&e) && cli_remedy_option(&e.remedy, option)) fprintf(stderr, "Try %s.\n", option);
        return code;
    }
    if (!fgo_graph_file_report(*out, &report)) warn(&report, cli_file_name(path), reading->equivalent);
    return CLI_OK;
}

cli_exit cli_read_leniently(const char *path, const cli_reading *reading, fgo_graph **out)
{
    fgo_read_options o = options_of(reading);
    o.project_information = o.lenient = 1;
    fgo_status status = fgo_graph_read(path, &o, out);
    return status ? cli_fail_status(status, CLI_INPUT) : CLI_OK;
}

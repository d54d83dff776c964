/* SPDX-License-Identifier: BSD-3-Clause */
/* format.c -- a file format of one's own: a log of odometry in the plane, lines "from to forward left heading". fgopt opens and
 * decompresses, recognizes the format, names the place of an error, compresses and puts the whole file in place; the format makes a
 * graph from a text, and a text from a graph. */
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the extension ---- */

/* Adds b at the end of the step from a, if the graph has no b; the first pose of all is the origin. */
static fgo_status add_pose(fgo_graph *g, int64_t a, int64_t b, fgo_se2 step)
{
    double x[4];
    fgo_status status = FGO_OK;
    if (fgo_graph_find(g, a, NULL)) status = fgo_graph_add_se2(g, a, 0.0, 0.0, 0.0);
    if (status || !fgo_graph_find(g, b, NULL)) return status;
    status = fgo_graph_get_value(g, a, x);
    if (status) return status;
    const fgo_se2 there = fgo_se2_compose((fgo_se2){ x[0], x[1], x[2], x[3] }, step);
    return fgo_graph_add_se2(g, b, there.x, there.y, fgo_se2_angle(there));
}

/* Reads `count` numbers of the line at *at and moves *at behind them; 0 if they are not there. */
static int numbers(const char **at, double *out, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;
        while (**at == ' ') ++*at;
        if (**at == '\n' || **at == '\0') return 0;
        out[i] = strtod(*at, &end);
        if (end == *at || !isfinite(out[i])) return 0;
        *at = end;
    }
    return **at == '\n' || **at == '\0';
}

/* Tells the log from other files without its ending: five numbers in the first line. */
static int detect_log(const fgo_format_class *c, const char *line, size_t length)
{
    double z[5];
    (void)c, (void)length; /* numbers() stops at the end of the line */
    return numbers(&line, z, 5) ? 60 : 0;
}

static fgo_status read_log(const fgo_format_class *c, const fgo_format_text *text, const fgo_read_options *options, fgo_graph *g)
{
    const double *sigma = c->user; /* metres and radians of a step */
    const double sigmas[] = { sigma[0], sigma[0], sigma[1] };
    (void)options;
    for (const char *p = text->begin; p < text->end; p++) {
        double z[5];
        if (!numbers(&p, z, 5)) return fgo_format_reject(text, p, "a step is two ids, forward, left and heading");
        const int64_t keys[] = { (int64_t)z[0], (int64_t)z[1] };
        const fgo_se2 step = fgo_se2_from_angle(z[2], z[3], z[4]);
        fgo_status status = add_pose(g, keys[0], keys[1], step);
        if (!status) status = fgo_graph_add_factor(g, &fgo_between_se2, keys, &step, fgo_noise_sigmas(sigmas), fgo_loss_none());
        if (status) return status;
    }
    return FGO_OK;
}

static fgo_status write_log(const fgo_format_class *c, const fgo_graph *g, fgo_output *out)
{
    (void)c;
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        if (!fgo_factor_class_same(fgo_graph_factor_class(g, f), &fgo_between_se2)) return FGO_ERROR_UNSUPPORTED;
        const fgo_se2 *z = fgo_graph_factor_measurement(g, f);
        const double number[] = { z->x, z->y, fgo_se2_angle(*z) };
        int64_t keys[2];
        fgo_graph_factor_keys(g, f, keys);
        fgo_output_integer(out, keys[0]);
        fgo_output_text(out, " ");
        fgo_output_integer(out, keys[1]);
        for (int i = 0; i < 3; i++) {
            fgo_output_text(out, " ");
            fgo_output_number(out, number[i]); /* the fewest digits that read back the same */
        }
        fgo_output_text(out, "\n");
    }
    return FGO_OK;
}

static double sigma[2] = { 0.05, 0.02 };
static const char *const endings[] = { ".odolog", NULL };
static const fgo_format_class log_format = { .size = sizeof log_format,
                                             .name = "odolog",
                                             .endings = endings,
                                             .holds = FGO_HOLDS_FACTORS,
                                             .detect = detect_log,
                                             .read = read_log,
                                             .write = write_log,
                                             .user = sigma };

/* ---- its check and its use: read, solve, write, read again, and a line that is wrong ---- */

static const char *const log_text = "0 1 1 0 1.5\n1 2 1 0 1.6\n2 3 1.1 0 1.5\n3 0 0.9 0.1 1.6\n";

/* Reads a text that has the name of a file. */
static fgo_status read_text(const char *text, const char *name, fgo_graph **g)
{
    return fgo_graph_read_memory(text, strlen(text), name, NULL, g);
}

/* Returns 1 if a graph survives a compressed file: the same poses, measurements and cost, to the last bit. */
static int comes_back(const fgo_graph *g)
{
    fgo_graph *again = NULL;
    double cost[2];
    fgo_status status = fgo_graph_write(g, "extend_format.odolog.gz", FGO_FORMAT_AUTO); /* by its ending */
    if (!status) status = fgo_graph_read("extend_format.odolog.gz", NULL, &again);
    if (!status) status = fgo_graph_cost(g, &cost[0]);
    if (!status) status = fgo_graph_cost(again, &cost[1]);
    const int same = !status && cost[0] == cost[1] && fgo_graph_variable_count(again) == 4 && fgo_graph_factor_count(again) == 4;
    fgo_graph_free(again);
    remove("extend_format.odolog.gz");
    return same;
}

/* Returns 1 if a text is read as a log, whatever it is called, and remembers that it was one. */
static int is_recognized(const char *name)
{
    fgo_graph *g = NULL;
    fgo_file_report r;
    fgo_status status = read_text(log_text, name, &g);
    if (!status) status = fgo_graph_file_report(g, &r);
    if (!status) printf("%s: %s, %zu bytes, %zu lines\n", name, r.format_name, r.bytes, r.lines);
    const int right = !status && !strcmp(r.format_name, "odolog") && r.bytes == strlen(log_text) && r.lines == 4;
    fgo_graph_free(g);
    return right;
}

/* Returns 1 if a wrong number is refused with its place: line 2, column 7. */
static int refuses(void)
{
    fgo_graph *g = NULL;
    const fgo_status status = read_text("0 1 1 0 1.5\n1 2 1 x 1.6\n", "a.odolog", &g);
    printf("%s\n", fgo_last_message());
    return status == FGO_ERROR_PARSE && !g && strstr(fgo_last_message(), "a.odolog:2:7: a step is");
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_summary s;
    fgo_status status = fgo_register_format(&log_format); /* before reading */
    if (!status) status = read_text(log_text, "a.odolog", &g);
    const int right = !status && comes_back(g) && is_recognized("a.odolog") && is_recognized("a.txt") && refuses();
    fgo_options o = fgo_options_default();
    o.init = FGO_INIT_KEEP; /* the log's own poses are the first estimate */
    if (!status) status = fgo_solve(g, &o, &s);
    fgo_graph_free(g);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
        return 1;
    }
    printf("the loop closes: cost %.4g -> %.4g\n", s.cost_initial, s.cost_final);
    return !(right && fgo_termination_class(s.termination) == 1 && s.cost_final < 0.5 * s.cost_initial);
}

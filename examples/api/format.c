/* SPDX-License-Identifier: BSD-3-Clause */
/* format.c -- a file format of your own: lines "from to dx dy" are relative positions of points, with a deviation of 0.1 m. */
#include <fgopt/error.h>
#include <fgopt/factors.h>
#include <fgopt/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fgo_status add_point(fgo_graph *g, int64_t key)
{
    size_t index;
    return fgo_graph_find(g, key, &index) ? fgo_graph_add_rn(g, key, 2, (double[]){ 0.0, 0.0 }) : FGO_OK;
}

static fgo_status read_steps(const fgo_format_class *c, const fgo_format_text *t, const fgo_read_options *o, fgo_graph *g)
{
    (void)c, (void)o;
    fgo_factor_class between;
    fgo_status st = fgo_between_rn(2, &between);
    for (const char *p = t->begin; !st && p < t->end; p += strcspn(p, "\n"), p += *p == '\n') {
        long long from, to;
        double z[2];
        if (sscanf(p, "%lld %lld %lf %lf", &from, &to, &z[0], &z[1]) != 4)
            return fgo_format_reject(t, p, "a step is two ids and two numbers");
        st = add_point(g, from);
        if (!st) st = add_point(g, to);
        if (!st) st = fgo_graph_add_factor(g, &between, (int64_t[]){ from, to }, z, fgo_noise_sigma(0.1), fgo_loss_none());
    }
    return st;
}

static const fgo_format_class steps = {
    .size = sizeof steps, .name = "steps", .holds = FGO_HOLDS_POINTS | FGO_HOLDS_FACTORS, .read = read_steps
};

int main(void)
{
    const char *right = "0 1 1.0 0.0\n1 2 1.0 0.5\n", *wrong = "0 1 1.0 0.0\n1 2 one\n";
    fgo_read_options options = fgo_read_options_default();
    options.format_class = &steps;
    fgo_graph *g = NULL;
    fgo_error e;
    if (fgo_graph_read_memory(right, strlen(right), "a.steps", &options, &g)) return 1;
    printf("%zu points, %zu steps\n", fgo_graph_variable_count(g), fgo_graph_factor_count(g));
    const int complete = fgo_graph_variable_count(g) == 3 && fgo_graph_factor_count(g) == 2;
    fgo_graph_free(g);
    if (!complete || !fgo_graph_read_memory(wrong, strlen(wrong), "b.steps", &options, &g)) return 1;
    printf("%s\n", fgo_last_message());
    return fgo_last_error(&e) || e.line != 2;
}

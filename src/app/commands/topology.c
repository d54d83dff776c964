/* SPDX-License-Identifier: BSD-3-Clause */
/* topology.c -- components by union-find (path halving, union by index), degrees and loops in one pass over the
 * factors. */
#include "topology.h"
#include <stdlib.h>
#include <string.h>

const char *const topology_histogram_label[8] = { "0", "1", "2", "3", "4", "5-8", "9-16", "more" };

static size_t find_root(size_t *parent, size_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Joins the components of a and b. Returns 1 if a and b were not connected before. */
static int unite(size_t *parent, size_t a, size_t b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a == b) return 0;
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
    return 1;
}

static void count_kind(topology_kind kinds[TOPOLOGY_KINDS], const char *name, const fgo_manifold *manifold)
{
    int i = 0;
    while (i < TOPOLOGY_KINDS - 1 && kinds[i].count && strcmp(kinds[i].name, name) != 0) i++;
    if (!kinds[i].count) {
        kinds[i].name = i < TOPOLOGY_KINDS - 1 ? name : "other";
        kinds[i].manifold = i < TOPOLOGY_KINDS - 1 ? manifold : NULL;
    }
    kinds[i].count++;
}

static cli_exit add_factor(topology *t, fgo_graph *g, size_t factor, size_t *parent, size_t *degree)
{
    const fgo_factor_class *c = fgo_graph_factor_class(g, factor);
    int64_t key[FGO_MAX_ARITY];
    size_t index[FGO_MAX_ARITY];
    fgo_status status = fgo_graph_factor_keys(g, factor, key);
    for (int k = 0; k < c->arity && !status; k++) status = fgo_graph_find(g, key[k], &index[k]);
    if (status) return cli_fail_status(status, CLI_FAILURE);
    count_kind(t->factors, c->name, NULL);
    if (c->arity < 2) return CLI_OK;
    t->edges++;
    int joins = 0;
    for (int k = 0; k < c->arity; k++) {
        degree[index[k]]++;
        if (k > 0) joins |= unite(parent, index[0], index[k]);
    }
    if (!joins) t->beyond_tree++;
    /* Differences of 64-bit ids can overflow; their neighbours cannot. */
    int64_t low = key[0] < key[1] ? key[0] : key[1], high = key[0] < key[1] ? key[1] : key[0];
    if (c->arity == 2 && high - 1 != low) t->not_consecutive++;
    return CLI_OK;
}

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void summarize_degrees(topology *t, size_t *degree, size_t n)
{
    if (n == 0) return;
    qsort(degree, n, sizeof *degree, compare_sizes);
    t->degree_min = degree[0];
    t->degree_median = degree[n / 2];
    t->degree_max = degree[n - 1];
    for (size_t i = 0; i < n; i++) {
        size_t d = degree[i];
        t->histogram[d <= 4 ? d : d <= 8 ? 5 : d <= 16 ? 6 : 7]++;
    }
}

cli_exit topology_of(fgo_graph *g, topology *out)
{
    size_t n = fgo_graph_variable_count(g), m = fgo_graph_factor_count(g);
    size_t *parent = calloc(n + 1, sizeof *parent), *degree = calloc(n + 1, sizeof *degree);
    cli_exit code = CLI_OK;
    *out = (topology){ 0 };
    if (!parent || !degree) code = cli_fail(CLI_FAILURE, "out of memory");
    for (size_t i = 0; i < n && !code; i++) {
        parent[i] = i;
        const fgo_manifold *kind = fgo_graph_variable_manifold(g, i);
        count_kind(out->variables, kind->name, kind);
    }
    for (size_t f = 0; f < m && !code; f++) code = add_factor(out, g, f, parent, degree);
    if (!code) {
        for (size_t i = 0; i < n; i++) out->components += parent[i] == i;
        summarize_degrees(out, degree, n);
    }
    free(parent);
    free(degree);
    return code;
}

void topology_describe_variables(const topology *t, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < TOPOLOGY_KINDS && t->variables[i].count && used < size; i++) {
        const topology_kind *kind = &t->variables[i];
        const char *noun = kind->manifold && kind->manifold->traits ? kind->manifold->traits->noun : NULL;
        used += (size_t)snprintf(text + used, size - used, "%s%zu %s%s%s", i ? ", " : "", kind->count, noun ? noun : kind->name,
                                 noun ? "" : " variable", cli_plural(kind->count));
    }
}

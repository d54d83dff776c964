/* SPDX-License-Identifier: BSD-3-Clause */
/* race.c -- two threads use one graph, which graph.h forbids: the library, not this file, writes twice. */
#include <fgopt/fgopt.h>
#include <pthread.h>

static void *move_it(void *graph)
{
    const double x[4] = { 1.0, 2.0, 1.0, 0.0 };
    for (int i = 0; i < 1000; i++) fgo_graph_set_value(graph, 0, x);
    return NULL;
}

int main(void)
{
    pthread_t other;
    fgo_graph *g;
    if (fgo_graph_create(&g) || fgo_graph_add_se2(g, 0, 0.0, 0.0, 0.0)) return 0;
    if (pthread_create(&other, NULL, move_it, g)) return 0;
    move_it(g);
    pthread_join(other, NULL);
    fgo_graph_free(g);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* lines.c -- the lines of a file that variables and factors were read from. Graphs made by program have no array for them. */
#include "base/memory.h"
#include "graph_private.h"

/* Notes that element `number` came from a line; those before it that have none came from nowhere. */
static int note(uint32_t **lines, size_t *count, size_t *capacity, size_t number, size_t line)
{
    if (line > UINT32_MAX) return 0; /* a file of more than four thousand million lines: its later elements have none */
    if (fgoi_grow(lines, capacity, number + 1, sizeof **lines)) return -1;
    while (*count < number) (*lines)[(*count)++] = 0;
    (*lines)[number] = (uint32_t)line;
    *count = number + 1;
    return 0;
}

int fgoi_graph_note_variable_line(fgo_graph *g, size_t line)
{
    return note(&g->variable_line, &g->variable_line_count, &g->variable_line_capacity, g->variable_count - 1, line);
}

int fgoi_graph_note_factor_line(fgo_graph *g, size_t line)
{
    return note(&g->factor_line, &g->factor_line_count, &g->factor_line_capacity, g->factor_count - 1, line);
}

size_t fgo_graph_factor_line(const fgo_graph *g, size_t factor)
{
    return g && fgoi_has_factor(g, factor) && factor < g->factor_line_count ? g->factor_line[factor] : 0;
}

size_t fgo_graph_variable_line(const fgo_graph *g, size_t index)
{
    return g && index < g->variable_line_count ? g->variable_line[index] : 0;
}

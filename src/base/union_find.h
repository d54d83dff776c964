/* SPDX-License-Identifier: BSD-3-Clause */
/* union_find.h -- which of n things belong together: a forest in which parent[i] is i at a root (R. Tarjan, J. van Leeuwen,
 * "Worst-case analysis of set union algorithms", JACM 1984). Inline: joins are the whole work of a pass over the factors. */
#ifndef FGOI_UNION_FIND_H
#define FGOI_UNION_FIND_H
#include <stdint.h>

/* Returns the root of the tree of v, and halves the path to it. */
static inline uint32_t fgoi_union_root(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

/* Joins the trees of a and b. The smaller root becomes the root of both, so that a root is the smallest number of its tree. */
static inline void fgoi_union_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = fgoi_union_root(parent, a);
    b = fgoi_union_root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}
#endif

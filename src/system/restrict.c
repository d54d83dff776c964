/* SPDX-License-Identifier: BSD-3-Clause */
/* restrict.c -- held degrees of freedom of a system, and systems on some columns of another one's blocks. */
#include "base/memory.h"
#include "system.h"
#include <string.h>

static fgo_status add_mask(fgoi_system *s, fgoi_mask mask)
{
    if (fgoi_grow(&s->mask, &s->mask_capacity, s->masks + 1, sizeof *s->mask)) return fgoi_fail_memory();
    s->mask[s->masks++] = mask;
    return FGO_OK;
}

fgo_status fgoi_system_mask(fgoi_system *s, const unsigned char *held)
{
    const fgoi_pattern *p = &s->pattern;
    fgo_status status = FGO_OK;
    s->masks = 0;
    if (!memchr(held, 1, p->offset[p->n])) return FGO_OK;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            const int i = p->row[k];
            for (int d = 0; d < p->dim[i] && !status; d++)
                if (held[p->offset[i] + (size_t)d]) status = add_mask(s, (fgoi_mask){ k, d, -1 });
            for (int d = 0; d < p->dim[j] && !status; d++)
                if (held[p->offset[j] + (size_t)d]) status = add_mask(s, (fgoi_mask){ k, -1, d });
            if (status) return status;
        }
    return FGO_OK;
}

fgo_status fgoi_system_restrict(const fgoi_system *full, const int *dim, fgoi_system *s)
{
    const size_t n = (size_t)full->pattern.n;
    *s = *full;
    s->mask = NULL;
    s->masks = s->mask_capacity = 0;
    s->pattern.dim = fgoi_alloc(n, sizeof *s->pattern.dim);
    s->pattern.offset = fgoi_alloc(n + 1, sizeof *s->pattern.offset);
    s->slot = fgoi_alloc(full->pattern.start[n], sizeof *s->slot);
    if (!s->pattern.dim || !s->pattern.offset || !s->slot) {
        fgoi_system_free_restricted(s);
        return fgoi_fail_memory();
    }
    for (size_t j = 0; j < n; j++) {
        s->pattern.dim[j] = dim[j];
        s->pattern.offset[j + 1] = s->pattern.offset[j] + (size_t)dim[j];
    }
    return FGO_OK;
}

void fgoi_system_free_restricted(fgoi_system *s)
{
    fgoi_free(s->pattern.dim);
    fgoi_free(s->pattern.offset);
    fgoi_free(s->slot);
    fgoi_free(s->mask);
    memset(s, 0, sizeof *s);
}

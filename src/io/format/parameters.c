/* SPDX-License-Identifier: BSD-3-Clause */
/* parameters.c -- keeps the parameters of a file in the order of their lines, and finds those that a measurement holds. */
#include "parameters.h"
#include "base/memory.h"
#include <inttypes.h>
#include <string.h>

int fgoi_parameters_add(fgoi_parameters *all, const fgoi_tag *tag, const fgoi_fields *f, size_t line, fgoi_misread *problem)
{
    fgoi_parameter new = { .id = f->id[0], .tag = tag, .line = line };
    const uint32_t old = fgoi_keymap_find(&all->by_id, new.id);
    if (old != FGOI_NO_VALUE)
        return fgoi_reject(problem, f->id_at[0], "parameter %" PRId64 " exists already, from line %zu", new.id,
                           all->row[old].line);
    if (fgoi_decode_fields(tag, f, new.value, problem)) return -1;
    if (fgoi_grow(&all->row, &all->capacity, all->count + 1, sizeof *all->row) ||
        fgoi_keymap_add(&all->by_id, new.id, (uint32_t)all->count))
        return -2;
    all->row[all->count++] = new;
    return 0;
}

void fgoi_parameters_free(fgoi_parameters *all)
{
    fgoi_free(all->row);
    fgoi_keymap_free(&all->by_id);
}

int fgoi_decode_measurement(const fgoi_parameters *all, const fgoi_tag *tag, const fgoi_fields *f, double value[FGOI_MAX_VALUE],
                            fgoi_misread *problem)
{
    if (fgoi_decode_fields(tag, f, value, problem)) return -1;
    double *out = value + tag->value;
    for (int k = tag->ids; k < tag->ids + tag->parameters; k++) {
        const uint32_t i = fgoi_keymap_find(&all->by_id, f->id[k]);
        if (i == FGOI_NO_VALUE)
            return fgoi_reject(problem, f->id_at[k], "%s names parameter %" PRId64 ", which no %s line defines", tag->name,
                               f->id[k], tag->parameter);
        if (!fgoi_tag_is_parameter(tag, all->row[i].tag))
            return fgoi_reject(problem, f->id_at[k], "parameter %" PRId64 " is of type %s, but %s takes %s", f->id[k],
                               all->row[i].tag->name, tag->name, tag->parameter);
        const int size = fgoi_tag_of_parameter(tag->parameter)->value;
        memcpy(out, all->row[i].value, (size_t)size * sizeof *out);
        out += size;
    }
    return 0;
}

const fgoi_parameter *fgoi_parameters_find(const fgoi_parameters *all, const fgoi_tag *edge, const double *value)
{
    const size_t size = (size_t)fgoi_tag_of_parameter(edge->parameter)->value * sizeof *value;
    for (size_t i = 0; i < all->count; i++)
        if (fgoi_tag_is_parameter(edge, all->row[i].tag) && memcmp(all->row[i].value, value, size) == 0) return &all->row[i];
    return NULL;
}

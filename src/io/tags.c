/* SPDX-License-Identifier: BSD-3-Clause */
#include "tags.h"
#include <string.h>

/* The i-th table, an empty one if it is not of the format asked for (AUTO: all are); NULL past the last. */
static const fgoi_tag *table(fgo_format format, int i)
{
    static const struct {
        fgo_format format;
        const fgoi_tag *row;
    } formats[] = { { FGO_FORMAT_G2O, fgoi_tags_g2o }, { FGO_FORMAT_TORO, fgoi_tags_toro } };
    static const fgoi_tag none = { .name = NULL };
    if (i >= (int)(sizeof formats / sizeof *formats)) return NULL;
    return format == FGO_FORMAT_AUTO || format == formats[i].format ? formats[i].row : &none;
}

const fgoi_tag *fgoi_tag_find(fgo_format format, const char *name, size_t length)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (strlen(t->name) == length && memcmp(t->name, name, length) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_variable(fgo_format format, const fgo_manifold *m)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (t->kind == FGOI_TAG_VERTEX && strcmp(t->manifold->name, m->name) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_factor(fgo_format format, const fgo_factor_class *c)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            for (int k = 0; t->kind == FGOI_TAG_EDGE && k < 2; k++)
                if (t->factor[k]->evaluate == c->evaluate && strcmp(t->factor[k]->name, c->name) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_kind(fgo_format format, fgoi_tag_kind kind)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (t->kind == kind) return t;
    return NULL;
}

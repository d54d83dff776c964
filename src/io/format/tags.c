/* SPDX-License-Identifier: BSD-3-Clause */
/* tags.c -- finds rows in the tables of all formats, and what they stand for. */
#include "tags.h"
#include "conventions.h"
#include "format.h"
#include "manifold/traits.h"
#include <string.h>

/* The i-th table, an empty one if it is not of the format asked for; NULL past the last. */
static const fgoi_tag *table(const fgoi_format *format, int i)
{
    static const fgoi_tag none = { .name = NULL };
    const fgoi_format *row = fgoi_format_row(i + 1);
    if (!row) return NULL;
    /* Tables have all tags; a line without a tag has none to be found by. */
    const int all = (!format || format->layout == FGOI_LAYOUT_TABLE) && row->layout == FGOI_LAYOUT_TAGS;
    return row->tags && (all || format == row) ? row->tags : &none;
}

const fgoi_tag *fgoi_tag_find(const fgoi_format *format, const char *name, size_t length)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (strlen(t->name) == length && memcmp(t->name, name, length) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_variable(const fgoi_format *format, const fgo_manifold *m)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (t->kind == FGOI_TAG_VERTEX && strcmp(t->manifold[0], m->name) == 0) return t;
    return NULL;
}

static int is_class(const fgoi_tag *t, const fgo_factor_class *c)
{
    for (int k = 0; k <= FGO_CONVENTION_CERES; k++) {
        fgo_factor_class room;
        const fgo_factor_class *own = fgoi_tag_class(t, k, &room);
        if (own && own->evaluate == c->evaluate && own->rows == c->rows && strcmp(own->name, c->name) == 0) return 1;
    }
    return 0;
}

const fgoi_tag *fgoi_tag_of_factor(const fgoi_format *format, const fgo_factor_class *c)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (t->kind == FGOI_TAG_EDGE && is_class(t, c)) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_kind(const fgoi_format *format, fgoi_tag_kind kind)
{
    const fgoi_tag *t;
    for (int i = 0; (t = table(format, i)); i++)
        for (; t->name; t++)
            if (t->kind == kind) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_parameter(const char *name) { return fgoi_tag_find(NULL, name, strlen(name)); }

const fgo_manifold *fgoi_tag_manifold(const char *name, fgo_manifold *room)
{
    size_t count;
    const fgo_manifold *const *all = fgo_manifolds(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, all[i]->name) == 0) return all[i];
    return room && fgoi_builtin_manifold(name, room) ? room : NULL; /* "R2", "R3" */
}

const fgo_factor_class *fgoi_tag_class(const fgoi_tag *t, int convention, fgo_factor_class *room)
{
    if (!t->vector_class) return t->factor ? fgoi_class_in(t->factor, convention) : NULL;
    return t->vector_class(t->rows, room) ? NULL : room;
}

int fgoi_tag_is_parameter(const fgoi_tag *edge, const fgoi_tag *parameter)
{
    const fgoi_tag *wanted = fgoi_tag_of_parameter(edge->parameter);
    return wanted && strcmp(parameter->manifold[0], wanted->manifold[0]) == 0 && parameter->value >= wanted->value;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "tags.h"
#include "conventions.h"
#include "manifold/traits.h"
#include "own_tags.h"
#include <string.h>

/* Where a search in the tables stands. */
typedef struct search {
    int table;
    size_t row;
} search;

/* The next row of a format, NULL past the last. AUTO and CSV: of all whose lines have tags; those of registered classes have no
 * columns in CSV. */
static const fgoi_tag *next(fgo_format format, search *at)
{
    static const struct {
        fgo_format format;
        const fgoi_tag *row;
    } formats[] = { { FGO_FORMAT_G2O, fgoi_tags_g2o },
                    { FGO_FORMAT_TORO, fgoi_tags_toro },
                    { FGO_FORMAT_TUM, fgoi_tags_tum },
                    { FGO_FORMAT_KITTI, fgoi_tags_kitti } };
    enum { TABLES = sizeof formats / sizeof *formats };
    for (; at->table < TABLES; at->table++, at->row = 0) {
        const fgoi_tag *first = formats[at->table].row;
        const int all = (format == FGO_FORMAT_AUTO || format == FGO_FORMAT_CSV) && !first->bare;
        if ((all || format == formats[at->table].format) && first[at->row].name) return &first[at->row++];
    }
    return format == FGO_FORMAT_AUTO || format == FGO_FORMAT_G2O ? fgoi_own_tag(at->row++) : NULL;
}

const fgoi_tag *fgoi_tag_find(fgo_format format, const char *name, size_t length)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (strlen(t->name) == length && memcmp(t->name, name, length) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_variable(fgo_format format, const fgo_manifold *m)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
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

const fgoi_tag *fgoi_tag_of_factor(fgo_format format, const fgo_factor_class *c)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (t->kind == FGOI_TAG_EDGE && is_class(t, c)) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_kind(fgo_format format, fgoi_tag_kind kind)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (t->kind == kind) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_parameter(const char *name) { return fgoi_tag_find(FGO_FORMAT_AUTO, name, strlen(name)); }

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

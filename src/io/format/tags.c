/* SPDX-License-Identifier: BSD-3-Clause */
/* tags.c -- finds rows in the tables of all formats, and what they stand for. */
#include "tags.h"
#include "conventions.h"
#include "format.h"
#include "manifold/traits.h"
#include "own_tags.h"
#include <string.h>

/* Where a search in the tables stands. */
typedef struct search {
    int table;
    size_t row;
} search;

/* Returns the next row of a format, or NULL past the last. If the format is NULL or the format of tables, the rows of all formats
 * whose lines have tags follow one another. The rows of registered classes and manifolds are g2o's, and have no columns in a
 * table. */
static const fgoi_tag *next(const fgoi_format *format, search *at)
{
    const fgoi_format *row;
    for (; (row = fgoi_format_row(at->table + 1)); at->table++, at->row = 0) {
        const int one = format && format->layout != FGOI_LAYOUT_TABLE;
        if (row->tags && (one ? format == row : row->layout == FGOI_LAYOUT_TAGS) && row->tags[at->row].name)
            return &row->tags[at->row++];
    }
    return !format || format == &fgoi_format_g2o ? fgoi_own_tag(at->row++) : NULL;
}

const fgoi_tag *fgoi_tag_find(const fgoi_format *format, const char *name, size_t length)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (strlen(t->name) == length && memcmp(t->name, name, length) == 0) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_variable(const fgoi_format *format, const fgo_manifold *m)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (t->kind == FGOI_TAG_VERTEX &&
            (t->own_manifold ? fgoi_same_manifold(t->own_manifold, m) : strcmp(t->manifold[0], m->name) == 0))
            return t;
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
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (t->kind == FGOI_TAG_EDGE && is_class(t, c)) return t;
    return NULL;
}

const char *fgo_factor_class_tag(const fgo_factor_registration *row, size_t i)
{
    search at = { 0 };
    const fgoi_tag *t;
    while (row && (t = next(NULL, &at))) {
        const int its = t->vector_class ? t->vector_class == row->of_dimension : t->factor && t->factor == row->c;
        if (its && i-- == 0) return t->name;
    }
    return NULL;
}

const fgoi_tag *fgoi_tag_of_kind(const fgoi_format *format, fgoi_tag_kind kind)
{
    search at = { 0 };
    const fgoi_tag *t;
    while ((t = next(format, &at)))
        if (t->kind == kind) return t;
    return NULL;
}

const fgoi_tag *fgoi_tag_of_parameter(const char *name) { return fgoi_tag_find(NULL, name, strlen(name)); }

const fgo_manifold *fgoi_tag_manifold(const char *name, fgo_manifold *room)
{
    const fgo_manifold *m;
    for (size_t i = 0; (m = fgo_manifold_get(i)); i++)
        if (strcmp(name, m->name) == 0) return m;
    return room && fgoi_builtin_manifold(name, room) ? room : NULL; /* "R2", "R3" */
}

const fgo_factor_class *fgoi_tag_class(const fgoi_tag *t, int convention, fgo_factor_class *room)
{
    if (!t->vector_class) return t->factor ? fgoi_class_in(t->factor, convention) : NULL;
    return t->vector_class(t->rows, room) ? NULL : room;
}

const fgo_measurement_field *fgoi_tag_pose(const fgoi_tag *t)
{
    const fgo_factor_registration *row = fgo_factor_class_row_of(t->factor);
    const fgo_measurement_field *pose = NULL;
    for (int i = 0; row && i < row->fields; i++) {
        if (row->field[i].calibration) continue;
        if (pose) return NULL;
        pose = &row->field[i];
    }
    return pose && t->rows == (pose->kind == FGO_FIELD_SE2 ? 3 : pose->kind == FGO_FIELD_SE3 ? 6 : -1) ? pose : NULL;
}

int fgoi_tag_is_parameter(const fgoi_tag *edge, const fgoi_tag *parameter)
{
    const fgoi_tag *wanted = fgoi_tag_of_parameter(edge->parameter);
    return wanted && strcmp(parameter->manifold[0], wanted->manifold[0]) == 0 && parameter->value >= wanted->value;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* own_tags.c -- the tags of registered factor classes: rows made from their fields, which stand in a line of a g2o file in their
 * order, poses of the plane as x y angle and rotations of the plane as angle; then the upper triangle of the information. Also
 * the tags of registered manifolds, whose numbers stand as they are. */
#include "own_tags.h"
#include "format.h"
#include "manifold/traits.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { MOST = 1024 + FGOI_MOST_MANIFOLDS };

static fgoi_tag own[MOST];
static atomic_size_t own_count;
static size_t rows_seen, manifolds_seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Returns how many numbers a field has in a line. */
static int numbers_of(const fgo_measurement_field *f)
{
    return f->kind == FGO_FIELD_SO2 ? 1 : f->kind == FGO_FIELD_SE2 ? 3 : f->count;
}

static int has(const fgoi_tag *table, const char *name)
{
    for (; table->name; table++)
        if (!strcmp(table->name, name)) return 1;
    return 0;
}

/* Returns 1 if a format, or one of the first n own rows, has a tag of this name. */
static int is_taken(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(own[i].name, name)) return 1;
    const fgoi_format *format;
    for (int f = 1; (format = fgoi_format_row(f)); f++)
        if (format->layout == FGOI_LAYOUT_TAGS && has(format->tags, name)) return 1;
    return 0;
}

static void make_vertex(const fgo_manifold *m, fgoi_tag *t)
{
    *t = (fgoi_tag){ .name = m->traits->tag,
                     .format = &fgoi_format_g2o,
                     .kind = FGOI_TAG_VERTEX,
                     .ids = 1,
                     .numbers = m->ambient,
                     .value = m->ambient,
                     .manifold = { m->name },
                     .own_manifold = m };
}

static void make_edge(const fgo_factor_registration *row, fgoi_tag *t)
{
    *t = (fgoi_tag){ .name = row->tag,
                     .format = &fgoi_format_g2o,
                     .kind = FGOI_TAG_EDGE,
                     .ids = row->c->arity,
                     .value = (int)(row->c->measurement_size / sizeof(double)),
                     .rows = row->c->rows,
                     .factor = row->c,
                     .own = row };
    for (int k = 0; k < row->c->arity; k++) t->manifold[k] = row->c->variable[k].manifold;
    for (int i = 0; i < row->fields; i++) t->numbers += numbers_of(&row->field[i]);
}

/* Adds a row for each class and manifold that has been registered since the last call, to the n rows that are there. Returns how
 * many rows there are then. */
static size_t catch_up(size_t n)
{
    const fgo_factor_registration *row;
    const fgo_manifold *m;
    for (; n < MOST && (m = fgo_manifold_get(manifolds_seen)); manifolds_seen++)
        if (m->traits && m->traits->tag && !is_taken(m->traits->tag, n)) make_vertex(m, &own[n++]);
    for (; n < MOST && (row = fgo_factor_class_row(rows_seen)); rows_seen++)
        if (row->tag && !is_taken(row->tag, n)) make_edge(row, &own[n++]);
    return n;
}

const fgoi_tag *fgoi_own_tag(size_t i)
{
    if (i < atomic_load_explicit(&own_count, memory_order_acquire)) return &own[i];
    pthread_mutex_lock(&lock);
    const size_t n = catch_up(atomic_load_explicit(&own_count, memory_order_relaxed));
    atomic_store_explicit(&own_count, n, memory_order_release);
    pthread_mutex_unlock(&lock);
    return i < n ? &own[i] : NULL;
}

static const char *decode_field(const fgo_measurement_field *f, const double *number, double *value, int *bad)
{
    switch (f->kind) {
    case FGO_FIELD_SO2: return fgoi_decode_angle(number, value, bad);
    case FGO_FIELD_SE2: return fgoi_decode_xyt(number, value, bad);
    case FGO_FIELD_SE3: return fgoi_decode_quaternion(number, value, bad);
    case FGO_FIELD_SO3:
        memcpy(value, number, 4 * sizeof *value);
        return fgo_manifold_so3.normalize(&fgo_manifold_so3, value) ? "a quaternion of length zero" : NULL;
    case FGO_FIELD_NUMBER:
    case FGO_FIELD_LENGTH:
    case FGO_FIELD_DIRECTION: memcpy(value, number, (size_t)f->count * sizeof *value);
    }
    return NULL;
}

const char *fgoi_tag_decode(const fgoi_tag *tag, const double *number, double *value, int *bad)
{
    if (tag->own_manifold) {
        memcpy(value, number, (size_t)tag->numbers * sizeof *value);
        return NULL; /* the graph will normalize it */
    }
    if (!tag->own) return tag->decode(number, value, bad);
    for (int i = 0, at = 0; i < tag->own->fields; i++) {
        const fgo_measurement_field *f = &tag->own->field[i];
        int there = 0;
        const char *why = decode_field(f, number + at, value + f->offset / sizeof *value, &there);
        if (why) {
            *bad = at + there;
            return why;
        }
        at += numbers_of(f);
    }
    return NULL;
}

void fgoi_tag_encode(const fgoi_tag *tag, const double *value, double *number)
{
    if (tag->own_manifold) {
        memcpy(number, value, (size_t)tag->numbers * sizeof *number);
        return;
    }
    if (!tag->own) {
        tag->encode(value, number);
        return;
    }
    for (int i = 0; i < tag->own->fields; number += numbers_of(&tag->own->field[i++])) {
        const fgo_measurement_field *f = &tag->own->field[i];
        const double *from = value + f->offset / sizeof *value;
        if (f->kind == FGO_FIELD_SO2)
            fgoi_encode_angle(from, number);
        else if (f->kind == FGO_FIELD_SE2)
            fgoi_encode_xyt(from, number);
        else
            memcpy(number, from, (size_t)f->count * sizeof *number);
    }
}

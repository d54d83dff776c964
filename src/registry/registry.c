/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- rows of factor classes: the built-in table, and after it what users register; and the registration of manifolds,
 * which share the tags. Writers take turns by a lock; readers need none, since a row is there before the count that says so. */
#include "base/refuse.h"
#include "classes.h"
#include "factor/class.h"
#include "manifold/traits.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
    MOST = 1024,
    LONGEST = 4096,    /* doubles of a measurement whose fields are checked one by one */
    LONGEST_VALUE = 24 /* doubles of a value in a line */
};

static const fgo_factor_registration *registered[MOST];
static atomic_size_t registered_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t built_in(void)
{
    size_t n = 0;
    while (fgoi_factor_rows[n]) n++;
    return n;
}

const fgo_factor_registration *fgo_factor_class_row(size_t i)
{
    const size_t n = built_in();
    if (i < n) return fgoi_factor_rows[i];
    return i - n < atomic_load_explicit(&registered_count, memory_order_acquire) ? registered[i - n] : NULL;
}

static int has_name(const fgo_factor_class *c, const char *name) { return c && !strcmp(c->name, name); }

const fgo_factor_registration *fgo_factor_class_find(const char *name)
{
    const fgo_factor_registration *row;
    for (size_t i = 0; name && (row = fgo_factor_class_row(i)); i++)
        if (!strcmp(row->name, name) || has_name(row->log, name) || has_name(row->ceres, name)) return row;
    return NULL;
}

static int is(const fgo_factor_class *a, const fgo_factor_class *b)
{
    return a && a->evaluate == b->evaluate && fgo_factor_class_same(a, b);
}

const fgo_factor_registration *fgo_factor_class_row_of(const fgo_factor_class *c)
{
    const fgo_factor_registration *row;
    fgo_factor_class own;
    for (size_t i = 0; c && c->name && (row = fgo_factor_class_row(i)); i++) {
        if (is(row->c, c) || is(row->log, c) || is(row->ceres, c)) return row;
        if (row->of_dimension && !strcmp(row->name, c->name) && !row->of_dimension(c->rows, &own) && is(&own, c)) return row;
    }
    return NULL;
}

/* ---- registering ---- */

static int doubles_of(fgo_field_kind kind)
{
    switch (kind) {
    case FGO_FIELD_SO2: return 2;
    case FGO_FIELD_DIRECTION: return 3;
    case FGO_FIELD_SE2:
    case FGO_FIELD_SO3: return 4;
    case FGO_FIELD_SE3: return 7;
    case FGO_FIELD_NUMBER:
    case FGO_FIELD_LENGTH: return 0;
    }
    return -1;
}

const char *fgoi_fields_fault(const fgo_factor_registration *row, const fgo_factor_class *c)
{
    unsigned char covered[LONGEST] = { 0 };
    const size_t size = c->measurement_size / sizeof(double);
    if (row->fields < 0 || (row->fields && !row->field)) return "it has no fields where it says so";
    if (!row->fields) return c->measurement_size ? "its measurement has no fields" : NULL;
    if (c->measurement_size % sizeof(double) || size > LONGEST) return "its measurement is not 1 to 4096 doubles";
    for (int i = 0; i < row->fields; i++) {
        const fgo_measurement_field *f = &row->field[i];
        const size_t count = f->count ? (size_t)f->count : (size_t)c->rows, first = f->offset / sizeof(double);
        const int wanted = doubles_of(f->kind);
        if (!f->name || !f->unit || !f->frame || wanted < 0) return "a field has no name, unit, frame or no such kind";
        if (f->count < 0 || f->offset % sizeof(double) || first + count > size)
            return "a field does not fit into the measurement";
        if (wanted && count != (size_t)wanted) return "a field has not the numbers of its kind";
        for (size_t k = first; k < first + count; k++)
            if (covered[k]++) return "two fields overlap";
    }
    for (size_t k = 0; k < size; k++)
        if (!covered[k]) return "no field covers some of the measurement";
    return NULL;
}

static const char *row_fault(const fgo_factor_registration *row)
{
    if (row->size < sizeof *row) return "its size is not set";
    if (!row->name || !row->c || row->of_dimension) return "it needs a name and a class";
    const fgo_factor_class *const classes[] = { row->c, row->log, row->ceres };
    for (int i = 0; i < 3; i++) {
        const fgo_factor_class *c = classes[i];
        if (!c) continue;
        if (fgoi_check_class(c)) return "one of its classes is none";
        if (c->measurement_size != row->c->measurement_size || c->rows != row->c->rows || c->arity != row->c->arity)
            return "its siblings have other measurements, rows or variables";
    }
    if (strcmp(row->c->name, row->name) != 0) return "its name is not that of its class";
    return fgoi_fields_fault(row, row->c);
}

/* ---- tags: what files can have in a line (src/io/format/tags.h) ---- */

static int is_word(const char *tag)
{
    for (const char *p = tag; p == tag || *p; p++)
        if ((unsigned char)*p <= ' ' || *p == '#') return 0;
    return 1;
}

static int same_tag(const char *a, const char *b) { return a && b && !strcmp(a, b); }

/* Returns the name of the class or manifold that has a tag already; NULL if none has it. */
static const char *owner_of_tag(const char *tag)
{
    const fgo_factor_registration *row;
    const fgo_manifold *m;
    for (size_t i = 0; (row = fgo_factor_class_row(i)); i++)
        if (same_tag(row->tag, tag)) return row->name;
    for (size_t i = 0; (m = fgo_manifold_get(i)); i++)
        if (m->traits && same_tag(m->traits->tag, tag)) return m->name;
    return NULL;
}

static const char *tag_fault(const fgo_factor_registration *row)
{
    const fgo_factor_class *c = row->c;
    const size_t numbers = c->measurement_size / sizeof(double) + (size_t)(c->rows * (c->rows + 1) / 2);
    if (!row->tag) return NULL;
    if (!is_word(row->tag)) return "its tag has blanks or is empty";
    for (int k = 0; k < c->arity; k++)
        if (!c->variable[k].manifold) return "it has a tag, but leaves the manifold of a variable open";
    for (int i = 0; i < row->fields; i++)
        if (!row->field[i].count) return "it has a tag, but a field of no fixed count";
    return c->arity > 2 || c->rows > 6 || numbers > 28 || c->measurement_size > 24 * sizeof(double)
               ? "it has a tag, but more than two variables, six rows or 28 numbers"
               : NULL;
}

/* ---- adding, with the lock ---- */

static fgo_status refuse_tag(const char *kind, const char *name, const char *tag)
{
    const char *owner = tag ? owner_of_tag(tag) : NULL;
    return owner ? fgoi_fail(FGO_ERROR_TYPE, "%s %s: its tag %.40s is that of %s", kind, name, tag, owner) : FGO_OK;
}

static fgo_status add(const fgo_factor_registration *row)
{
    const size_t n = atomic_load_explicit(&registered_count, memory_order_relaxed);
    const fgo_factor_class *const classes[] = { row->c, row->log, row->ceres };
    for (int i = 0; i < 3; i++) {
        const fgo_factor_registration *other = classes[i] ? fgo_factor_class_find(classes[i]->name) : NULL;
        if (other == row) return FGO_OK;
        if (other) return fgoi_fail(FGO_ERROR_TYPE, "factor class %s: a class of this name is registered", classes[i]->name);
    }
    const fgo_status status = refuse_tag("factor class", row->name, row->tag);
    if (status) return status;
    if (n == MOST) return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %d registered factor classes", MOST);
    registered[n] = row;
    atomic_store_explicit(&registered_count, n + 1, memory_order_release);
    return FGO_OK;
}

fgo_status fgo_register_factor_class(const fgo_factor_registration *row)
{
    FGOI_REQUIRE(row);
    const char *wrong = row_fault(row);
    if (!wrong) wrong = tag_fault(row);
    if (wrong) return fgoi_fail(FGO_ERROR_ARGUMENT, "registering a factor class: %s", wrong);
    pthread_mutex_lock(&lock);
    const fgo_status status = add(row);
    pthread_mutex_unlock(&lock);
    return status;
}

static const char *manifold_fault(const fgo_manifold *m)
{
    const char *tag = m->traits ? m->traits->tag : NULL;
    if (!memchr(m->name, '\0', sizeof m->name)) return "its name does not end";
    if (!tag) return NULL;
    if (!is_word(tag)) return "its tag has blanks or is empty";
    return m->ambient > LONGEST_VALUE ? "it has a tag, but more than 24 numbers" : NULL;
}

static fgo_status add_manifold(const fgo_manifold *m)
{
    const fgo_manifold *other = fgoi_registered_manifold(m->name);
    if (other && fgoi_same_manifold(other, m)) return FGO_OK;
    if (other) return fgoi_fail(FGO_ERROR_TYPE, "manifold %s: another one of this name is registered", m->name);
    const fgo_status status = refuse_tag("manifold", m->name, m->traits ? m->traits->tag : NULL);
    if (status) return status;
    if (!fgoi_manifold_append(m)) return FGO_OK;
    return fgoi_fail(FGO_ERROR_TOO_LARGE, "more than %d registered manifolds", FGOI_MOST_MANIFOLDS);
}

fgo_status fgo_register_manifold(const fgo_manifold *m)
{
    fgo_manifold own;
    FGOI_REQUIRE(m);
    fgo_status status = fgoi_check_manifold_fields(m);
    if (!status) status = fgoi_check_traits(m);
    if (status) return status;
    const char *wrong = manifold_fault(m);
    if (wrong) return fgoi_fail(FGO_ERROR_ARGUMENT, "manifold %.23s: %s", m->name, wrong);
    if (fgoi_builtin_manifold(m->name, &own)) return FGO_OK; /* m is the built-in one: its traits have been checked */
    pthread_mutex_lock(&lock);
    status = add_manifold(m);
    pthread_mutex_unlock(&lock);
    return status;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* vertices.c -- the pass that makes variables: from vertex lines; from the ends of edges in a file that has only edges; and for
 * points that are seen but have no line, whose first sight says where they are. Where equivalent vertices are merged, the first
 * of them becomes the variable and the others are further keys of this variable. */
#include "base/memory.h"
#include "base/union_find.h"
#include "manifold/traits.h"
#include "reader.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- equivalence ---- */

/* Returns the class of an id, a new one if the id has none; FGOI_NO_VALUE when out of memory. */
static uint32_t class_of_id(fgoi_reader *r, int64_t id)
{
    uint32_t c = fgoi_keymap_find(&r->same, id);
    if (c != FGOI_NO_VALUE) return fgoi_union_root(r->class_of, c);
    c = (uint32_t)r->class_count;
    if (fgoi_grow(&r->class_of, &r->class_capacity, r->class_count + 1, sizeof *r->class_of) ||
        fgoi_grow(&r->member, &r->member_capacity, r->class_count + 1, sizeof *r->member) || fgoi_keymap_add(&r->same, id, c))
        return FGOI_NO_VALUE;
    r->class_of[c] = c;
    r->member[c] = FGOI_NO_VALUE;
    r->class_count++;
    return c;
}

fgo_status fgoi_read_equivalences(fgoi_reader *r)
{
    for (r->line = 0; r->line < r->d->line_count; r->line++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, r->line);
        fgoi_fields f;
        if (!tag || tag->kind != FGOI_TAG_EQUIVALENCE) continue;
        if (fgoi_line_read(r->d, r->line, tag, &f, &r->problem)) return fgoi_reader_fail(r);
        const uint32_t a = class_of_id(r, f.id[0]), b = class_of_id(r, f.id[1]);
        if (a == FGOI_NO_VALUE || b == FGOI_NO_VALUE) return fgoi_fail_memory();
        fgoi_union_join(r->class_of, a, b);
    }
    return FGO_OK;
}

/* ---- one variable ---- */

/* Adds a variable, or adds its id as another key of the variable that it is merged with. */
static fgo_status add_variable(fgoi_reader *r, int64_t id, const char *id_at, const char *manifold, const double *value,
                               const char *value_at)
{
    fgo_manifold room;
    const fgo_manifold *m = fgoi_tag_manifold(manifold, &room);
    uint32_t class = fgoi_keymap_find(&r->same, id);
    if (class != FGOI_NO_VALUE) class = fgoi_union_root(r->class_of, class);
    const uint32_t first = class == FGOI_NO_VALUE ? FGOI_NO_VALUE : r->member[class];
    if (first == FGOI_NO_VALUE) {
        if (class != FGOI_NO_VALUE) r->member[class] = (uint32_t)fgo_graph_variable_count(r->g);
        fgo_status status = fgo_graph_add_variable(r->g, id, m, value);
        return status ? fgoi_reader_blame(r, status, value_at) : FGO_OK;
    }
    const fgoi_variable *v = &r->g->variable[first];
    if (strcmp(v->manifold->name, manifold) != 0) {
        r->what = (fgo_error){ .cause = FGO_CAUSE_MANIFOLD, .keys = 2, .key = { id, v->key } };
        fgoi_reject(&r->problem, id_at, "vertex %" PRId64 " of type %s is equivalent to %" PRId64 ", which is of type %s", id,
                    manifold, v->key, v->manifold->name);
        return fgoi_reader_fail(r);
    }
    if (fgoi_keymap_add(&r->g->keys, id, first)) return fgoi_fail_memory();
    r->d->report.merged++;
    return FGO_OK;
}

/* Returns the line that defined an id, from 1; 0 if there is none. */
static size_t line_of_id(const fgoi_reader *r, int64_t id)
{
    for (size_t i = 0; i < r->d->line_count; i++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, i);
        if (!tag || tag->kind != FGOI_TAG_VERTEX) continue;
        fgoi_cursor c = fgoi_line_fields(r->d, i);
        fgoi_misread problem;
        int64_t found;
        if (fgoi_next_field(&c) && fgoi_read_id(&c, &found, &problem) == 0 && found == id) return i + 1;
    }
    return 0;
}

static fgo_status read_vertex(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_fields f;
    double value[FGOI_MAX_VALUE];
    if (fgoi_line_read(r->d, r->line, tag, &f, &r->problem) || fgoi_decode_fields(tag, &f, value, &r->problem))
        return fgoi_reader_fail(r);
    if (!f.id_at[0]) {
        f.id[0] = (int64_t)r->d->report.vertices;
        f.id_at[0] = f.number_at[0];
    }
    if (fgoi_keymap_find(&r->g->keys, f.id[0]) != FGOI_NO_VALUE) {
        const size_t first = line_of_id(r, f.id[0]);
        fgoi_cursor id = fgoi_line_fields(r->d, r->line); /* again, after the search through other lines */
        fgoi_next_field(&id);
        r->what = fgoi_key_error(FGO_CAUSE_DUPLICATE_KEY, f.id[0]);
        fgoi_reject(&r->problem, id.p, "vertex %" PRId64 " exists already, from line %zu", f.id[0], first);
        return fgoi_reader_fail(r);
    }
    const size_t before = fgo_graph_variable_count(r->g);
    fgo_status status = add_variable(r, f.id[0], f.id_at[0], tag->manifold[0], value, f.number_at[0]);
    const int added = fgo_graph_variable_count(r->g) > before; /* not merged with a variable of an earlier line */
    if (!status && added && fgoi_graph_note_variable_line(r->g, r->line + 1)) status = fgoi_fail_memory();
    if (!status && !isnan(f.time)) status = fgo_graph_set_time(r->g, f.id[0], f.time);
    if (!status) r->d->line[r->line].number = fgoi_keymap_find(&r->g->keys, f.id[0]);
    return status;
}

/* ---- ends of edges ---- */

/* Adds the vertices that an edge names and that are not there yet, for a file with edges only. */
static fgo_status add_ends(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_fields f;
    fgo_status status = FGO_OK;
    if (fgoi_line_read(r->d, r->line, tag, &f, &r->problem)) return fgoi_reader_fail(r);
    for (int k = 0; k < tag->ids && !status; k++) {
        fgo_manifold room;
        if (fgoi_keymap_find(&r->g->keys, f.id[k]) != FGOI_NO_VALUE) continue;
        double identity[FGO_MAX_DIMENSION];
        const fgo_manifold *m = fgoi_tag_manifold(tag->manifold[k], &room);
        if (!m) {
            fgoi_reject(&r->problem, f.id_at[k], "%s names a vertex of type %s, which has no line and is not registered",
                        tag->name, tag->manifold[k]);
            return fgoi_reader_fail(r);
        }
        fgoi_identity_of(m, identity);
        status = add_variable(r, f.id[k], f.id_at[k], tag->manifold[k], identity, f.id_at[k]);
    }
    return status;
}

/* Adds the last vertex of an edge where the edge sees it, if this vertex may do without a line and has none. */
static fgo_status add_implied(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_fields f;
    double z[FGOI_MAX_VALUE], value[FGOI_MAX_VALUE];
    const int last = tag->ids - 1;
    fgo_factor_class room;
    if (fgoi_line_read(r->d, r->line, tag, &f, &r->problem) ||
        fgoi_decode_measurement(&r->d->parameters, tag, &f, z, &r->problem))
        return fgoi_reader_fail(r);
    const uint32_t from = fgoi_keymap_find(&r->g->keys, f.id[0]);
    if (from == FGOI_NO_VALUE || fgoi_keymap_find(&r->g->keys, f.id[last]) != FGOI_NO_VALUE) return FGO_OK;
    if (strcmp(r->g->variable[from].manifold->name, tag->manifold[0]) != 0) return FGO_OK; /* read_edge will say so */
    const fgo_factor_class *c = fgoi_tag_class(tag, r->o.convention, &room);
    const double *x[FGO_MAX_ARITY] = { r->g->x + r->g->variable[from].x, value };
    if (c->predict(c, z, x, last, value)) return FGO_OK;
    r->d->report.implied++;
    return add_variable(r, f.id[last], f.id_at[last], tag->manifold[last], value, f.number_at[0]);
}

/* Makes room for the variables of all vertex lines. Returns 0 or -1. */
static int reserve(fgoi_reader *r)
{
    size_t count = 0, numbers = 0, tangent = 0;
    for (const fgoi_tag_use *use = r->d->tag; use < r->d->tag + r->d->tag_count; use++) {
        fgo_manifold room;
        if (!use->tag || use->tag->kind != FGOI_TAG_VERTEX) continue;
        const fgo_manifold *m = fgoi_tag_manifold(use->tag->manifold[0], &room);
        count += use->count;
        numbers += use->count * (size_t)m->ambient;
        tangent += use->count * (size_t)m->tangent;
    }
    return fgoi_graph_reserve_variables(r->g, count, numbers, tangent);
}

fgo_status fgoi_read_vertices(fgoi_reader *r, int edges_only)
{
    fgo_status status = reserve(r) ? fgoi_fail_memory() : FGO_OK;
    for (r->line = 0; r->line < r->d->line_count && !status; r->line++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, r->line);
        if (!tag || tag->kind != (edges_only ? FGOI_TAG_EDGE : FGOI_TAG_VERTEX)) continue;
        status = edges_only ? add_ends(r, tag) : read_vertex(r, tag);
        r->d->report.vertices += !edges_only;
    }
    int implied = 0; /* 1: there are edges that may name points without a line */
    for (size_t i = 0; i < r->d->tag_count && !edges_only; i++) implied |= r->d->tag[i].tag && r->d->tag[i].tag->implies;
    for (r->line = 0; r->line < r->d->line_count && !status && implied; r->line++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, r->line);
        if (tag && tag->kind == FGOI_TAG_EDGE && tag->implies) status = add_implied(r, tag);
    }
    return status;
}

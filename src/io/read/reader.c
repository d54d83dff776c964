/* SPDX-License-Identifier: BSD-3-Clause */
/* reader.c -- from a document to a graph, in passes over its lines, since lines may come after those that refer to
 * them: split and find tags (document.c), parameters, vertices (vertices.c), then everything that refers to vertices.
 */
#include "reader.h"
#include "base/c_locale.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "graph/propagate.h"
#include "io/format/weights.h"
#include "io/text/source.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const fgo_read_options defaults = { .size = sizeof defaults, .format = FGO_FORMAT_AUTO };

void fgo_read_options_init(fgo_read_options *o, size_t size) { fgoi_sized_init(o, size, &defaults, sizeof defaults); }

fgo_status fgoi_reader_fail(fgoi_reader *r)
{
    const fgoi_document *d = r->d;
    if (fgoi_document_failure(d)) return fgoi_document_failure(d); /* the line is not wrong: it could not be read */
    const size_t begin = r->line < d->line_count ? d->line[r->line].begin : d->start;
    const size_t column = r->problem.at ? fgoi_document_offset(d, r->problem.at) - begin + 1 : 1;
    return fgoi_fail_at(r->name, r->line + 1, column, &r->what, r->problem.text);
}

fgo_status fgoi_reader_blame(fgoi_reader *r, fgo_status status, const char *at)
{
    if (status == FGO_ERROR_MEMORY || status == FGO_ERROR_TOO_LARGE) return status;
    fgoi_reject(&r->problem, at, "%.250s%s", fgo_last_message(),
                status == FGO_ERROR_INFORMATION ? "; correct it, or have it projected" : "");
    r->what = *fgoi_last_error();
    return fgoi_reader_fail(r);
}

/* ---- parameters ---- */

static fgo_status read_parameters(fgoi_reader *r)
{
    for (r->line = 0; r->line < r->d->line_count; r->line++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, r->line);
        fgoi_fields f;
        if (!tag || tag->kind != FGOI_TAG_PARAMETER) continue;
        int result = fgoi_line_read(r->d, r->line, tag, &f, &r->problem);
        if (!result) result = fgoi_parameters_add(&r->d->parameters, tag, &f, r->line + 1, &r->problem);
        if (result == -2) return fgoi_fail_memory();
        if (result) return fgoi_reader_fail(r);
    }
    return FGO_OK;
}

/* ---- what refers to vertices ---- */

/* Finds the variable of a vertex. Returns FGO_OK if it is there, else fails with the error at the id. */
static fgo_status find_vertex(fgoi_reader *r, const char *tag, int64_t id, const char *at, uint32_t *variable)
{
    uint32_t v = fgoi_keymap_find(&r->g->keys, id);
    if (variable) *variable = v;
    if (v != FGOI_NO_VALUE) return FGO_OK;
    fgoi_reject(&r->problem, at, "%s names vertex %" PRId64 ", which is not in the file", tag, id);
    r->what = fgoi_key_error(FGO_CAUSE_UNKNOWN_KEY, id);
    return fgoi_reader_fail(r);
}

/* Writes the vertices that an edge has, "joins vertices of type SE2", "joins vertices of types SE2 and R2", "takes a vertex of
 * type SE3", to `text`, which is returned. */
enum { ENDS_SIZE = 32 + 2 * FGO_NAME_SIZE };
static const char *describe_ends(const fgoi_tag *tag, char text[ENDS_SIZE])
{
    const char *a = tag->manifold[0], *b = tag->manifold[1];
    if (tag->ids == 1)
        snprintf(text, ENDS_SIZE, "takes a vertex of type %s", a);
    else if (strcmp(a, b) == 0)
        snprintf(text, ENDS_SIZE, "joins vertices of type %s", a);
    else
        snprintf(text, ENDS_SIZE, "joins vertices of types %s and %s", a, b);
    return text;
}

/* Explains why an edge could not be added: which of its ids is to blame. */
static fgo_status blame_ids(fgoi_reader *r, const fgoi_tag *tag, const fgoi_fields *f, fgo_status status)
{
    char ends[ENDS_SIZE];
    for (int k = 0; k < tag->ids; k++) {
        uint32_t v;
        fgo_status missing = find_vertex(r, tag->name, f->id[k], f->id_at[k], &v);
        if (missing) return missing;
        const char *is = r->g->variable[v].manifold->name, *wanted = tag->manifold[k];
        if (strcmp(is, wanted) == 0) continue;
        fgoi_reject(&r->problem, f->id_at[k], "vertex %" PRId64 " is of type %s, but %s %s", f->id[k], is, tag->name,
                    describe_ends(tag, ends));
        r->what = (fgo_error){ .cause = FGO_CAUSE_MANIFOLD, .keys = 1, .key = { f->id[k] } };
        return fgoi_reader_fail(r);
    }
    if (tag->ids < 2 || f->id[0] != f->id[1]) return fgoi_reader_blame(r, status, f->id_at[0]);
    fgoi_reject(&r->problem, f->id_at[1], "the edge joins vertex %" PRId64 " to itself", f->id[1]);
    r->what = fgoi_key_error(FGO_CAUSE_SELF_LOOP, f->id[1]);
    return fgoi_reader_fail(r);
}

/* Returns 1 if merging made one vertex of the two that an edge joins. */
static int joins_merged(const fgoi_reader *r, const fgoi_tag *tag, const fgoi_fields *f)
{
    if (!r->o.merge_equivalent || tag->ids < 2 || f->id[0] == f->id[1]) return 0;
    const uint32_t a = fgoi_keymap_find(&r->g->keys, f->id[0]);
    return a != FGOI_NO_VALUE && a == fgoi_keymap_find(&r->g->keys, f->id[1]);
}

/* Finds the group of an edge's factors, r->edge_group. */
static fgo_status find_group(fgoi_reader *r, const fgoi_tag *tag)
{
    const uint32_t number = r->d->line[r->line].tag;
    fgo_factor_class room;
    if (number == r->edge_tag) return FGO_OK;
    const fgo_factor_class *c = fgoi_tag_class(tag, r->o.convention, &room);
    if (!c) {
        fgoi_reject(&r->problem, r->edge.id_at[0], "the %s convention has no residual for %s",
                    fgo_convention_name((fgo_convention)r->o.convention), tag->name);
        return fgoi_reader_fail(r);
    }
    const fgo_status status = fgoi_graph_group(r->g, c, r->d->tag[number].count, &r->edge_group);
    if (status) return fgoi_reader_blame(r, status, r->edge.id_at[0]);
    r->edge_tag = number;
    return FGO_OK;
}

static fgo_status blame_edge(fgoi_reader *r, const fgoi_tag *tag, fgo_status status)
{
    const fgoi_fields *f = &r->edge;
    if (status == FGO_ERROR_KEY || status == FGO_ERROR_TYPE) return blame_ids(r, tag, f, status);
    return fgoi_reader_blame(r, status, f->has_information ? f->number_at[tag->numbers] : f->number_at[0]);
}

/* Adds the factor of the edge that has been read. */
static fgo_status add_edge(fgoi_reader *r, const fgoi_tag *tag, const double *z)
{
    const fgoi_fields *f = &r->edge;
    /* What stands in for a missing matrix, and weights of another residual, depend on more than the matrix's text. */
    const int again = r->matrix.repeated && r->edge_kept && fgoi_weights_plain(&r->d->weights);
    double Omega[FGOI_MAX_ROWS * FGOI_MAX_ROWS];
    if (!again && fgoi_line_information(r->d, tag, f, z, Omega, &r->problem)) return fgoi_reader_fail(r);
    fgo_noise noise = r->o.project_information ? fgo_noise_projected(Omega) : fgo_noise_information(Omega);
    if (!f->has_information && !r->o.weights.residual) noise = fgo_noise_unit(); /* no identity for another residual */
    fgo_status status = find_group(r, tag);
    if (status) return status;
    r->edge_kept = 0;
    status = fgoi_graph_append_factor(r->g, r->edge_group, f->id, z, again ? NULL : &noise);
    if (status == FGO_ERROR_KEY && r->o.lenient) {
        r->d->report.dropped++;
        return FGO_OK;
    }
    if (status) return blame_edge(r, tag, status);
    r->edge_kept = 1;
    r->d->report.edges++;
    r->d->report.without_information += !f->has_information;
    r->d->line[r->line].number = (uint32_t)(fgo_graph_factor_end(r->g) - 1);
    return fgoi_graph_note_factor_line(r->g, r->line + 1) ? fgoi_fail_memory() : FGO_OK;
}

static fgo_status read_edge(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_fields *f = &r->edge;
    double z[FGOI_MAX_VALUE];
    if (fgoi_line_read_next(r->d, r->line, tag, f, &r->matrix, &r->problem) ||
        fgoi_decode_measurement(&r->d->parameters, tag, f, z, &r->problem))
        return fgoi_reader_fail(r);
    r->d->line[r->line].number = FGOI_NO_VALUE;
    if (!joins_merged(r, tag, f)) return add_edge(r, tag, z);
    r->edge_kept = 0;
    r->d->report.dropped++;
    return FGO_OK;
}

static fgo_status read_fix(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_cursor c = fgoi_line_fields(r->d, r->line);
    int found = 0;
    for (; fgoi_next_field(&c); found++) {
        const char *at = c.p;
        int64_t id;
        if (fgoi_read_id(&c, &id, &r->problem)) return fgoi_reader_fail(r);
        fgo_status status = find_vertex(r, tag->name, id, at, NULL);
        if (status || (status = fgo_graph_hold(r->g, id))) return status;
        r->d->report.fixed++;
    }
    if (found) return FGO_OK;
    fgoi_reject(&r->problem, c.p, "the line ends early: %s takes at least one id", tag->name);
    return fgoi_reader_fail(r);
}

static fgo_status read_equivalence(fgoi_reader *r, const fgoi_tag *tag)
{
    fgoi_fields f;
    if (fgoi_line_read(r->d, r->line, tag, &f, &r->problem)) return fgoi_reader_fail(r);
    fgo_status status = find_vertex(r, tag->name, f.id[0], f.id_at[0], NULL);
    if (!status) status = find_vertex(r, tag->name, f.id[1], f.id_at[1], NULL);
    r->d->report.equivalences++;
    return status;
}

static fgo_status read_relations(fgoi_reader *r)
{
    fgo_status status = FGO_OK;
    for (r->line = 0; r->line < r->d->line_count && !status; r->line++) {
        const fgoi_tag *tag = fgoi_line_tag(r->d, r->line);
        if (!tag || tag->kind == FGOI_TAG_VERTEX) continue;
        switch (tag->kind) {
        case FGOI_TAG_EDGE: status = read_edge(r, tag); break;
        case FGOI_TAG_FIX: status = read_fix(r, tag); break;
        case FGOI_TAG_EQUIVALENCE: status = read_equivalence(r, tag); break;
        case FGOI_TAG_PARAMETER:
        case FGOI_TAG_VERTEX: break;
        }
    }
    return status;
}

/* ---- the whole ---- */

static fgo_status fail_empty(fgoi_reader *r)
{
    const fgoi_document *d = r->d;
    r->line = 0;
    r->problem.at = NULL;
    for (size_t i = 0; i < d->tag_count; i++) {
        char quoted[FGOI_QUOTED_SIZE];
        if (d->tag[i].tag) continue;
        r->line = d->tag[i].first_line - 1;
        fgoi_reject(&r->problem, NULL, "there is no vertex and no edge that fgopt knows in the file; the first unknown tag is %s",
                    fgoi_quote(quoted, d->tag[i].name, d->tag[i].name + d->tag[i].length));
        return fgoi_reader_fail(r);
    }
    fgoi_reject(&r->problem, NULL, d->source.size ? "there is no vertex and no edge in the file" : "the file is empty");
    return fgoi_reader_fail(r);
}

/* Returns how many lines of a kind there are. */
static size_t count_kind(const fgoi_document *d, fgoi_tag_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < d->tag_count; i++)
        if (d->tag[i].tag && d->tag[i].tag->kind == kind) count += d->tag[i].count;
    return count;
}

/* Fills in the part of the report that the tags tell. */
static void report_tags(fgoi_document *d)
{
    fgo_file_report *report = &d->report;
    report->bytes = d->source.size;
    report->lines = d->line_count;
    if (d->csv.columns) report->format = FGO_FORMAT_CSV;
    for (size_t i = 0; i < d->tag_count; i++) {
        const fgoi_tag_use *use = &d->tag[i];
        if (use->tag && !report->format) report->format = (int)fgoi_format_number(use->tag->format);
        if (use->tag) continue;
        report->unknown += use->count;
        if (!report->unknown_first_line) report->unknown_first_line = use->first_line;
    }
}

/* Returns the format with a reader of its own that the file is in, by its name or by its first line; NULL if the lines decide. */
static const fgoi_format *recognize(const fgoi_reader *r)
{
    enum { MOST = 4096 };
    const fgoi_document *d = r->d;
    const size_t rest = d->source.size - d->start, length = rest < MOST ? rest : MOST;
    const char *p = length ? fgoi_source_bytes(&d->source, d->window, d->start, d->start + length) : "";
    if (!p) return NULL; /* the failure is found again with the lines */
    const char *newline = length ? memchr(p, '\n', length) : NULL;
    return fgoi_format_of_start(r->name, (fgoi_cursor){ p, newline ? newline : p + length });
}

/* Finds the lines of the file, or another reader for it. */
static fgo_status split(fgoi_reader *r)
{
    const fgoi_format *row = fgoi_format_row(r->o.format);
    if (!row && !r->o.format_class) row = recognize(r);
    r->own = r->o.format_class ? r->o.format_class : row && row->layout == FGOI_LAYOUT_OWN ? fgoi_format_class(row) : NULL;
    if (r->own) return FGO_OK;
    const int result = fgoi_document_split(r->d, row, &r->problem);
    r->line = r->d->line_count - 1;
    if (result == -2) return fgoi_fail_memory();
    if (result < 0) return fgoi_reader_fail(r);
    if (result > 0) r->own = fgoi_format_class(r->d->own);
    return FGO_OK;
}

static fgo_status read_document(fgoi_reader *r)
{
    report_tags(r->d);
    r->d->report.format_name = fgo_format_name((fgo_format)r->d->report.format);
    const size_t vertices = count_kind(r->d, FGOI_TAG_VERTEX), edges = count_kind(r->d, FGOI_TAG_EDGE);
    if (vertices + edges == 0) return fail_empty(r);
    r->d->report.edges_only = vertices == 0;
    fgo_status status = count_kind(r->d, FGOI_TAG_PARAMETER) ? read_parameters(r) : FGO_OK;
    if (!status && r->o.merge_equivalent) status = fgoi_read_equivalences(r);
    if (!status) status = fgoi_read_vertices(r, r->d->report.edges_only);
    if (!status) status = read_relations(r);
    if (!status && r->d->report.edges_only) {
        size_t reached;
        status = fgoi_propagate(r->g, NULL, FGOI_PROPAGATE_ODOMETRY, r->g->x, &reached);
    }
    if (!status) r->d->report.projected = fgo_graph_projected_count(r->g);
    return status;
}

/* Reads a graph from a source, which the function takes over. */
static fgo_status read_source(fgoi_source *source, const char *name, const fgo_read_options *o, fgo_graph **out)
{
    fgoi_reader r = { .name = name, .o = *o, .edge_tag = FGOI_NO_TAG };
    fgo_status status = fgoi_document_create(source, &r.d);
    if (status) return status;
    r.d->weights = o->weights;
    r.d->report.convention = o->convention;
    status = fgo_graph_create(&r.g);
    if (status) {
        fgoi_document_free(r.d);
        return status;
    }
    r.g->document = r.d;
    r.g->document_free = fgoi_document_free;
    r.g->document_share = fgoi_document_share;
    status = split(&r);
    if (!status) status = r.own ? fgoi_read_own(&r) : read_document(&r);
    if (!status) status = fgoi_document_failure(r.d);
    fgoi_keymap_free(&r.same);
    fgoi_free(r.class_of);
    fgoi_free(r.member);
    if (status)
        fgo_graph_free(r.g);
    else
        *out = r.g;
    return status;
}

/* Reads and checks a caller's options. */
static fgo_status take_options(const fgo_read_options *options, fgo_read_options *o)
{
    *o = defaults;
    const fgo_status status = fgoi_sized_read("fgo_read_options", options, o, sizeof *o);
    if (status) return status;
    if (o->format_class && (o->format_class->size < sizeof *o->format_class || !o->format_class->name))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "reading a graph: a format class without its size or name");
    if (!fgoi_format_is(o->format))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "reading a graph: format %d is no fgo_format", o->format);
    if (o->convention < FGO_CONVENTION_G2O || o->convention > FGO_CONVENTION_CERES)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "reading a graph: convention %d is no fgo_convention", o->convention);
    return fgoi_weights_check(&o->weights);
}

fgo_status fgoi_graph_read(const char *path, const fgo_read_options *options, size_t kept, size_t window, fgo_graph **out)
{
    fgo_read_options o;
    fgoi_c_locale locale;
    fgoi_source source;
    fgo_status status = take_options(options, &o);
    if (status) return status;
    if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory();
    status = fgoi_source_open(path, kept, window, &source);
    if (!status) status = read_source(&source, strcmp(path, "-") ? path : "stdin", &o, out);
    fgoi_c_locale_leave(&locale);
    return status;
}

fgo_status fgo_graph_read(const char *path, const fgo_read_options *options, fgo_graph **out)
{
    FGOI_REQUIRE(path);
    FGOI_REQUIRE(out);
    return fgoi_graph_read(path, options, FGOI_TEXT_KEPT, FGOI_TEXT_WINDOW, out);
}

fgo_status fgo_graph_read_memory(const char *text, size_t length, const char *name, const fgo_read_options *options,
                                 fgo_graph **out)
{
    fgo_read_options o;
    fgoi_c_locale locale;
    FGOI_REQUIRE_ARRAY(text, length);
    FGOI_REQUIRE(out);
    fgo_status status = take_options(options, &o);
    if (status) return status;
    fgoi_source source = { .size = length, .text = length < SIZE_MAX ? fgoi_alloc(length + 1, 1) : NULL };
    if (!source.text) return fgoi_fail_memory();
    if (length) memcpy(source.text, text, length);
    if (fgoi_c_locale_enter(&locale)) {
        fgoi_free(source.text);
        return fgoi_fail_memory();
    }
    status = read_source(&source, name ? name : "memory", &o, out);
    fgoi_c_locale_leave(&locale);
    return status;
}

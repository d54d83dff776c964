/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.c -- from a graph to a file. What the graph was read from is written line by line, each as it stood unless
 * what it says has changed; what a program added follows. A line has changed if reading it again gives, bit for bit,
 * something else than the graph holds: so nothing has to be remembered beside the text. */
#include "writer.h"
#include "base/c_locale.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sort.h"
#include "io/format/weights.h"
#include "io/text/compression.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

int fgoi_keeps_format(const fgoi_writer *w, const fgoi_tag *tag)
{
    return !w->convert || (!w->relayout && (tag->format == w->format || fgoi_writes_table(w)));
}

int fgoi_same_weights(const fgoi_writer *w) { return memcmp(&w->weights, &w->d->weights, sizeof w->weights) == 0; }

void fgoi_read_again(const fgoi_writer *w, size_t line, const fgoi_tag *tag, fgoi_fields *f, double *value)
{
    fgoi_misread problem;
    if (fgoi_line_read(w->d, line, tag, f, &problem) == 0) fgoi_decode_measurement(&w->d->parameters, tag, f, value, &problem);
}

/* ---- variables ---- */

static fgo_status fail_variable(fgoi_writer *w, size_t v)
{
    return fgoi_fail(FGO_ERROR_UNSUPPORTED, "variable %" PRId64 " of type %s cannot be written in %s format",
                     w->g->variable[v].key, w->g->variable[v].manifold->name, w->format->c.name);
}

/* Writes a line for a variable with its current value. */
static fgo_status put_variable(fgoi_writer *w, size_t v)
{
    const fgoi_variable *variable = &w->g->variable[v];
    const fgoi_tag *tag = fgoi_tag_of_variable(w->format, variable->manifold);
    if (!tag && !w->convert && !fgoi_writes_table(w)) tag = fgoi_tag_of_variable(NULL, variable->manifold);
    if (!tag) return fail_variable(w, v);
    fgoi_fields f = { .id = { variable->key }, .time = fgo_graph_variable_time(w->g, v) };
    fgoi_tag_encode(tag, w->g->x + variable->x, f.number);
    fgoi_put_element(w, tag, &f, FGOI_NO_LINE);
    fgoi_put_end(w, &f, FGOI_NO_LINE, 0);
    w->variable_done[v] = 1;
    return FGO_OK;
}

/* Returns the row for a vertex line that does not keep its format: a table has the tags of all formats, but lines of numbers
 * alone have no tag. */
static const fgoi_tag *other_row(const fgoi_writer *w, const fgoi_tag *tag, const fgo_manifold *m)
{
    return fgoi_writes_table(w) && !tag->bare && fgoi_tag_has_columns(tag) ? tag : fgoi_tag_of_variable(w->format, m);
}

static fgo_status put_vertex_line(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    const size_t number = fgoi_renumbered(&w->g->file_variable, w->d->line[line].number);
    if (number == FGOI_NO_VALUE) return FGO_OK; /* removed since */
    const fgoi_variable *v = &w->g->variable[number];
    const double *x = w->g->x + v->x, time = fgo_graph_variable_time(w->g, number);
    fgoi_fields f;
    double value[FGOI_MAX_VALUE];
    w->variable_done[number] = 1;
    fgoi_read_again(w, line, tag, &f, value);
    if (v->manifold->normalize) v->manifold->normalize(v->manifold, value); /* as the graph did when the line was read */
    const int same = memcmp(value, x, (size_t)v->manifold->ambient * sizeof *x) == 0;
    const int new_time = f.time != time && !(isnan(f.time) && isnan(time));
    if (same && !new_time && fgoi_keeps_format(w, tag)) {
        fgoi_put_raw(w, line);
        return FGO_OK;
    }
    const fgoi_tag *to = fgoi_keeps_format(w, tag) ? tag : other_row(w, tag, v->manifold);
    if (!to) return fail_variable(w, number);
    if (!same || to->decode != tag->decode) fgoi_tag_encode(to, x, f.number); /* otherwise 7.0 stays 7.0, also as an angle */
    if (!f.id_at[0]) f.id[0] = v->key; /* the line's own id stays: the id of a merged vertex is not the key */
    if (new_time) {
        f.time = time;
        f.time_at = NULL;
    }
    fgoi_put_element(w, to, &f, line);
    fgoi_put_end(w, &f, line, new_time);
    return FGO_OK;
}

/* Writes a line of a row that has no numbers, or whose numbers do not change. */
static void put_plain(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f)
{
    fgoi_put_element(w, tag, f, FGOI_NO_LINE);
    fgoi_put_end(w, f, FGOI_NO_LINE, 0);
}

/* ---- what holds variables ---- */

/* Writes a line that holds a variable; a comment where the format has no such line. */
static void put_fix(fgoi_writer *w, size_t v)
{
    const fgoi_tag *tag = fgoi_tag_of_kind(w->format, FGOI_TAG_FIX);
    const fgoi_fields f = { .id = { w->g->variable[v].key }, .time = (double)NAN };
    if (tag) {
        put_plain(w, tag, &f);
    } else {
        fgoi_start_line(w);
        fgoi_text_string(&w->out, "# FIX ");
        fgoi_text_int64(&w->out, f.id[0]);
        fgoi_text_string(&w->out, w->newline);
    }
    w->fix_done[v] = 1;
}

static int is_held(const fgoi_writer *w, size_t v)
{
    return fgo_graph_variable_held(w->g, v) == w->g->variable[v].manifold->tangent;
}

/* Writes a line that holds variables as it stood if all its variables are still held (as a comment where the format has no such
 * line), else one line for each variable that is still held. */
static void put_fix_line(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    int all_held = 1;
    for (int pass = 0; pass < 2; pass++) {
        fgoi_cursor c = fgoi_line_fields(w->d, line);
        fgoi_misread problem;
        int64_t id;
        while (fgoi_next_field(&c) && fgoi_read_id(&c, &id, &problem) == 0) {
            const uint32_t v = fgoi_keymap_find(&w->g->keys, id);
            if (v == FGOI_NO_VALUE) /* removed since */
                all_held = 0;
            else if (pass == 0)
                all_held = all_held && is_held(w, v);
            else if (all_held && !w->relayout)
                w->fix_done[v] = 1;
            else if (is_held(w, v) && !w->fix_done[v])
                put_fix(w, v);
        }
    }
    if (all_held && fgoi_keeps_format(w, tag))
        fgoi_put_raw(w, line);
    else if (all_held && !w->relayout)
        fgoi_put_commented(w, line);
}

/* Fails if a variable is held in some degrees of freedom only: a file cannot say so, and to leave the hold out would write
 * another problem. */
static fgo_status check_holds(fgoi_writer *w)
{
    for (size_t v = 0; v < w->g->variable_count; v++) {
        const int held = fgo_graph_variable_held(w->g, v), all = w->g->variable[v].manifold->tangent;
        if (held == 0 || held == all) continue;
        return fgoi_fail(FGO_ERROR_UNSUPPORTED,
                         "variable %" PRId64 " has %d of its %d degrees of freedom held, which %s format cannot say",
                         w->g->variable[v].key, held, all, w->format->c.name);
    }
    return FGO_OK;
}

/* ---- the whole ---- */

/* Writes a line that defines no vertex and no edge, where all lines are laid out anew. A line that the other format does not have
 * becomes a comment, but nothing in a table, which programs expect to be rectangular. */
static void put_other_anew(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    const int table = fgoi_writes_table(w);
    fgoi_cursor c = fgoi_line_text(w->d, line);
    if (tag && (table || tag->format == w->format)) {
        fgoi_fields f;
        fgoi_misread problem;
        if (fgoi_line_read(w->d, line, tag, &f, &problem)) return; /* cannot fail: the line has been read before */
        put_plain(w, tag, &f);
    } else if (!table && w->d->line[line].tag != FGOI_NO_TAG) {
        fgoi_put_commented(w, line);
    } else if (!table) {
        while (c.p < c.end && fgoi_is_blank(*c.p)) c.p++;
        if (c.p == c.end || *c.p == '#') fgoi_put_raw(w, line); /* any other line without a tag is the header */
    }
}

int fgoi_names_removed(const fgoi_writer *w, size_t line, size_t ids, int merged)
{
    fgoi_cursor c = fgoi_line_fields(w->d, line);
    fgoi_misread problem;
    int64_t id;
    uint32_t before = FGOI_NO_VALUE;
    if (!w->g->file_variable.to) return 0;
    for (size_t i = 0; i < ids && fgoi_next_field(&c) && fgoi_read_id(&c, &id, &problem) == 0; i++) {
        const uint32_t v = fgoi_keymap_find(&w->g->keys, id);
        if (v == FGOI_NO_VALUE || (merged && i && v != before)) return 1;
        before = v;
    }
    return 0;
}

static fgo_status put_line(fgoi_writer *w, size_t line)
{
    const fgoi_tag *tag = fgoi_line_tag(w->d, line);
    if (tag && tag->kind == FGOI_TAG_EQUIVALENCE && fgoi_names_removed(w, line, SIZE_MAX, w->d->report.merged > 0)) return FGO_OK;
    if (tag && tag->kind == FGOI_TAG_VERTEX) return put_vertex_line(w, line, tag);
    if (tag && tag->kind == FGOI_TAG_EDGE) return fgoi_put_edge_line(w, line, tag);
    if (tag && tag->kind == FGOI_TAG_FIX)
        put_fix_line(w, line, tag);
    else if (w->relayout)
        put_other_anew(w, line, tag);
    else if (w->d->line[line].tag != FGOI_NO_TAG && (tag ? !fgoi_keeps_format(w, tag) : w->foreign))
        fgoi_put_commented(w, line);
    else
        fgoi_put_raw(w, line);
    return FGO_OK;
}

/* Writes all variables in ascending order of their keys, for a file that had edges only. */
static fgo_status put_sorted_variables(fgoi_writer *w)
{
    const size_t n = w->g->variable_count;
    fgo_status status = FGO_OK;
    fgoi_keyed *order = fgoi_alloc(n, sizeof *order);
    if (!order) return fgoi_fail_memory();
    for (size_t v = 0; v < n; v++) order[v] = (fgoi_keyed){ w->g->variable[v].key, v };
    fgoi_sort_keyed(order, n);
    for (size_t i = 0; i < n && !status; i++) status = put_variable(w, order[i].number);
    fgoi_free(order);
    return status;
}

static fgo_status put_document(fgoi_writer *w)
{
    fgo_status status = FGO_OK;
    if (!w->relayout) fgoi_text_bytes(&w->out, "\xEF\xBB\xBF", w->d->start);
    size_t line = 0;
    if (w->d->report.edges_only && fgoi_writes_table(w) && !w->relayout) /* variables come after the header */
        while (line < w->d->line_count && !status && w->d->line[line].tag == FGOI_NO_TAG) status = put_line(w, line++);
    if (!status && w->d->report.edges_only) status = put_sorted_variables(w);
    for (; line < w->d->line_count && !status; line++) status = put_line(w, line);
    return status;
}

/* Writes the variables, holds and factors that no line of the document stands for. */
static fgo_status put_additions(fgoi_writer *w)
{
    fgo_status status = FGO_OK;
    for (size_t v = 0; v < w->g->variable_count && !status; v++)
        if (!w->variable_done[v]) status = put_variable(w, v);
    for (size_t v = 0; v < w->g->variable_count && !status; v++)
        if (!w->fix_done[v] && is_held(w, v)) put_fix(w, v);
    for (size_t f = 0; f < w->g->factor_count && !status; f++)
        if (!w->factor_done[f] && fgoi_has_factor(w->g, f)) status = fgoi_put_factor(w, f);
    return status;
}

static fgo_status put_everything(fgoi_writer *w)
{
    fgo_status status = w->d ? put_document(w) : FGO_OK;
    return status ? status : put_additions(w);
}

/* Writes a new table: goes over everything once to find the columns, and again to write the rows. */
static fgo_status put_table(fgoi_writer *w)
{
    w->collecting = 1;
    fgo_status status = put_everything(w);
    w->collecting = 0;
    if (status) return status;
    fgoi_parameters_free(&w->added);
    w->added = (fgoi_parameters){ .count = 0 };
    w->next_parameter = 0;
    w->out.size = 0;
    memset(w->variable_done, 0, w->g->variable_count);
    memset(w->fix_done, 0, w->g->variable_count);
    memset(w->factor_done, 0, w->g->factor_count);
    fgoi_put_header(w);
    return put_everything(w);
}

/* Returns 1 if poses can be written line by line as they stood: the graph has the poses of these lines and no others. */
static int is_own_trajectory(const fgoi_writer *w)
{
    return w->d && !w->relayout && w->g->variable_count == w->d->report.vertices && !w->g->file_variable.to;
}

static fgo_status fail_column(fgoi_writer *w)
{
    char name[16];
    return fgoi_fail(FGO_ERROR_UNSUPPORTED, "%s needs a column %s, which the table has not", w->lacking->name,
                     fgoi_csv_column_name(w->lacks, name));
}

static void put_notice(fgoi_writer *w)
{
    fgoi_text_string(&w->out,
                     "# The file that this was read from has changed since: comments and what else it kept are not here");
    fgoi_text_string(&w->out, w->newline);
}

static fgo_status put_graph(fgoi_writer *w)
{
    const int table = fgoi_writes_table(w), new_table = table && (!w->d || w->relayout);
    fgo_status status = FGO_OK;
    if (w->format->layout == FGOI_LAYOUT_OWN) {
        status = fgoi_put_own(w->g, fgoi_format_class(w->format), &w->out);
    } else if (w->format->layout == FGOI_LAYOUT_BARE) {
        status = is_own_trajectory(w) ? put_document(w) : fgoi_put_trajectory(w);
    } else {
        if (w->gone && !table) put_notice(w);
        if (table && w->d) w->table = w->d->csv;
        status = check_holds(w);
        if (!status) status = new_table ? put_table(w) : put_everything(w);
    }
    if (!status && w->d && fgoi_document_failure(w->d)) status = fgoi_fail(fgoi_document_failure(w->d), "%s", fgo_last_message());
    if (!status && w->lacking) status = fail_column(w);
    if (!status && w->out.failed) status = fgoi_fail_memory();
    return status;
}

/* Returns the format that the graph was read in, for a file whose lines were not kept, if the format can be written; else g2o. */
static const fgoi_format *own_format(const fgo_graph *g)
{
    const fgoi_format *row = g->document ? fgoi_format_row(g->document->report.format) : NULL;
    return row && fgoi_format_class(row)->write ? row : &fgoi_format_g2o;
}

/* Chooses the format. If none is asked for, a file that was read keeps its format, unless the path says that lines look
 * different. */
static void choose_format(fgoi_writer *w, const char *path, fgo_format format)
{
    const fgoi_format *read_as = w->d ? fgoi_format_row(w->d->report.format) : NULL;
    const fgoi_format *wanted = fgoi_format_row((int)(format ? format : fgo_format_of_path(path)));
    w->convert = format != FGO_FORMAT_AUTO;
    if (!w->convert && w->d && wanted) w->convert = !fgoi_same_layout(wanted, read_as);
    w->format = w->convert || !w->d ? wanted : read_as;
    if (!w->format) w->format = own_format(w->g);
    w->foreign = w->d && w->format != read_as;
    w->relayout = w->d && !fgoi_same_layout(w->format, read_as);
    const fgoi_cursor first = w->d && w->d->line_count ? fgoi_line_bytes(w->d, 0) : (fgoi_cursor){ NULL, NULL };
    w->newline = first.end - first.p >= 2 && memcmp(first.end - 2, "\r\n", 2) == 0 ? "\r\n" : "\n";
}

fgo_status fgo_graph_write_as(const fgo_graph *g, const char *path, fgo_format format, const fgo_weights *weights)
{
    fgoi_c_locale locale;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(path);
    if (!fgoi_format_is((int)format))
        return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_write: format %d is no fgo_format", (int)format);
    if (weights && fgoi_weights_check(weights)) return FGO_ERROR_ARGUMENT;
    fgoi_writer w = { .g = g, .d = fgoi_document_lines(g->document) };
    choose_format(&w, path, format);
    if (w.format->layout == FGOI_LAYOUT_OWN && weights && !fgoi_weights_plain(weights))
        return fgoi_fail(FGO_ERROR_UNSUPPORTED, "matrices are not converted for %s format", w.format->c.name);
    if (weights || w.d) w.weights = weights ? *weights : w.d->weights;
    w.gone = w.d && fgoi_source_changed(&w.d->source);
    if (w.gone) w.d = NULL; /* the graph can still be written, without the lines of the file */
    if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory();
    w.variable_done = fgoi_alloc(g->variable_count, 1);
    w.fix_done = fgoi_alloc(g->variable_count, 1);
    w.factor_done = fgoi_alloc(g->factor_count, 1);
    fgo_status status = FGO_OK;
    if (!w.variable_done || !w.fix_done || !w.factor_done) status = fgoi_fail_memory();
    if (!status) status = put_graph(&w);
    if (!status) status = fgoi_compress(path, &w.out);
    if (!status) status = fgoi_write_file(path, &w.out);
    fgoi_text_free(&w.out);
    fgoi_parameters_free(&w.added);
    fgoi_free(w.variable_done);
    fgoi_free(w.fix_done);
    fgoi_free(w.factor_done);
    fgoi_c_locale_leave(&locale);
    return status;
}

fgo_status fgo_graph_write(const fgo_graph *g, const char *path, fgo_format format)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(path);
    return fgo_graph_write_as(g, path, format, NULL);
}

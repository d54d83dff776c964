/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.c -- from a graph to a file. What the graph was read from is written line by line, each as it stood unless
 * what it says has changed; what a program added follows. A line has changed if reading it again gives, bit for bit,
 * something else than the graph holds: so nothing has to be remembered beside the text. */
#include "writer.h"
#include "compression.h"
#include "memory.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one line ---- */

/* Ends a last line of the file that had no line ending, before another one follows. */
static void start_line(fgoi_writer *w)
{
    if (w->out.size > 0 && !w->out.failed && w->out.p[w->out.size - 1] != '\n' &&
        w->out.size > (w->d ? w->d->start : 0))
        fgoi_text_string(&w->out, w->newline);
}

void fgoi_put_fields(fgoi_writer *w, const fgoi_tag *tag, const int64_t *id, const double *number,
                       const double *information)
{
    start_line(w);
    fgoi_text_string(&w->out, tag->name);
    for (int i = 0; i < tag->ids + tag->parameters; i++) {
        fgoi_text_bytes(&w->out, " ", 1);
        fgoi_text_int64(&w->out, id[i]);
    }
    for (int i = 0; i < tag->numbers; i++) {
        fgoi_text_bytes(&w->out, " ", 1);
        fgoi_text_double(&w->out, number[i]);
    }
    for (int i = 0; information && i < fgoi_tag_information(tag); i++) {
        fgoi_text_bytes(&w->out, " ", 1);
        fgoi_text_double(&w->out, information[i]);
    }
}

void fgoi_put_raw(fgoi_writer *w, size_t line)
{
    size_t begin = w->d->line[line].begin;
    fgoi_text_bytes(&w->out, w->d->text + begin, fgoi_line_next(w->d, line) - begin);
}

void fgoi_put_tail(fgoi_writer *w, size_t line)
{
    fgoi_cursor c = fgoi_line_fields(w->d, line);
    while (fgoi_next_field(&c))
        while (c.p < c.end && !fgoi_is_blank(*c.p)) c.p++;
    if (c.p < c.end) {
        fgoi_text_bytes(&w->out, " ", 1);
        fgoi_text_bytes(&w->out, c.p, (size_t)(c.end - c.p));
    }
    fgoi_text_bytes(&w->out, c.end, (size_t)(w->d->text + fgoi_line_next(w->d, line) - c.end));
}

int fgoi_keeps_format(const fgoi_writer *w, const fgoi_tag *tag) { return !w->convert || tag->format == w->format; }

void fgoi_read_again(const fgoi_writer *w, size_t line, const fgoi_tag *tag, fgoi_fields *f, double *value)
{
    fgoi_problem problem;
    if (fgoi_read_fields(fgoi_line_fields(w->d, line), tag, f, &problem) == 0)
        fgoi_decode_measurement(&w->d->parameters, tag, f, value, &problem);
}

/* ---- variables ---- */

static fgo_status fail_variable(fgoi_writer *w, size_t v)
{
    return fgoi_fail(&w->g->message, FGO_ERROR_UNSUPPORTED,
                     "variable %" PRId64 " of type %s cannot be written in %s format", w->g->variable[v].key,
                     w->g->variable[v].manifold->name, fgo_format_name(w->format));
}

/* A line for a variable with its value of now. */
static fgo_status put_variable(fgoi_writer *w, size_t v)
{
    const fgoi_variable *variable = &w->g->variable[v];
    const fgoi_tag *tag = fgoi_tag_of_variable(w->format, variable->manifold);
    if (!tag && !w->convert) tag = fgoi_tag_of_variable(FGO_FORMAT_AUTO, variable->manifold);
    double number[FGOI_MAX_NUMBERS];
    if (!tag) return fail_variable(w, v);
    tag->encode(w->g->x + variable->x, number);
    fgoi_put_fields(w, tag, &variable->key, number, NULL);
    fgoi_text_string(&w->out, w->newline);
    w->variable_done[v] = 1;
    return FGO_OK;
}

static fgo_status put_vertex_line(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    const fgoi_variable *v = &w->g->variable[w->d->line[line].number];
    const double *x = w->g->x + v->x;
    fgoi_fields f;
    double value[FGOI_MAX_VALUE], number[FGOI_MAX_NUMBERS];
    w->variable_done[w->d->line[line].number] = 1;
    fgoi_read_again(w, line, tag, &f, value);
    if (v->manifold->normalize) v->manifold->normalize(v->manifold, value); /* as the graph did */
    const int same = memcmp(value, x, (size_t)v->manifold->ambient * sizeof *x) == 0;
    if (same && fgoi_keeps_format(w, tag)) {
        fgoi_put_raw(w, line);
        return FGO_OK;
    }
    const fgoi_tag *to = fgoi_keeps_format(w, tag) ? tag : fgoi_tag_of_variable(w->format, v->manifold);
    if (!to) return fail_variable(w, w->d->line[line].number);
    if (same && to->decode == tag->decode)
        memcpy(number, f.number, (size_t)to->numbers * sizeof *number); /* 7.0 stays 7.0, also as an angle */
    else
        to->encode(x, number);
    fgoi_put_fields(w, to, f.id, number, NULL); /* the id of the line: of merged vertices it is not the key */
    fgoi_put_tail(w, line);
    return FGO_OK;
}

/* ---- what holds variables ---- */

/* A line that holds a variable; a comment where the format has none. */
static void put_fix(fgoi_writer *w, size_t v)
{
    const fgoi_tag *tag = fgoi_tag_of_kind(w->format, FGOI_TAG_FIX);
    start_line(w);
    fgoi_text_string(&w->out, tag ? "FIX " : "# FIX ");
    fgoi_text_int64(&w->out, w->g->variable[v].key);
    fgoi_text_string(&w->out, w->newline);
    w->fix_done[v] = 1;
}

static int is_held(const fgoi_writer *w, size_t v)
{
    return fgo_graph_variable_held(w->g, v) == w->g->variable[v].manifold->tangent;
}

static void put_commented(fgoi_writer *w, size_t line)
{
    fgoi_text_string(&w->out, "# ");
    fgoi_put_raw(w, line);
}

/* As it stood if all its variables are still held (a comment where the format has no such line), else one line for each
 * that is. */
static void put_fix_line(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    int all_held = 1;
    for (int pass = 0; pass < 2; pass++) {
        fgoi_cursor c = fgoi_line_fields(w->d, line);
        fgoi_problem problem;
        int64_t id;
        while (fgoi_next_field(&c) && fgoi_read_id(&c, &id, &problem) == 0) {
            const uint32_t v = fgoi_keymap_find(&w->g->keys, id);
            if (pass == 0)
                all_held = all_held && is_held(w, v);
            else if (all_held)
                w->fix_done[v] = 1;
            else if (is_held(w, v) && !w->fix_done[v])
                put_fix(w, v);
        }
    }
    if (all_held && fgoi_keeps_format(w, tag))
        fgoi_put_raw(w, line);
    else if (all_held)
        put_commented(w, line);
}

/* A degree of freedom alone cannot be held in a file; to leave that out would write another problem. */
static fgo_status check_holds(fgoi_writer *w)
{
    for (size_t v = 0; v < w->g->variable_count; v++) {
        const int held = fgo_graph_variable_held(w->g, v), all = w->g->variable[v].manifold->tangent;
        if (held == 0 || held == all) continue;
        return fgoi_fail(&w->g->message, FGO_ERROR_UNSUPPORTED,
                         "variable %" PRId64 " has %d of its %d degrees of freedom held, which %s format cannot say",
                         w->g->variable[v].key, held, all, fgo_format_name(w->format));
    }
    return FGO_OK;
}

/* ---- the whole ---- */

static fgo_status put_line(fgoi_writer *w, size_t line)
{
    const fgoi_tag *tag = fgoi_line_tag(w->d, line);
    if (tag && tag->kind == FGOI_TAG_VERTEX) return put_vertex_line(w, line, tag);
    if (tag && tag->kind == FGOI_TAG_EDGE) return fgoi_put_edge_line(w, line, tag);
    if (tag && tag->kind == FGOI_TAG_FIX)
        put_fix_line(w, line, tag);
    else if (w->d->line[line].tag != FGOI_NO_TAG && (tag ? !fgoi_keeps_format(w, tag) : w->foreign))
        put_commented(w, line);
    else
        fgoi_put_raw(w, line);
    return FGO_OK;
}

typedef struct keyed {
    int64_t key;
    size_t variable;
} keyed;

static int compare_keys(const void *a, const void *b)
{
    const int64_t x = ((const keyed *)a)->key, y = ((const keyed *)b)->key;
    return (x > y) - (x < y);
}

/* All variables in ascending order of their keys: for a file that had edges only. */
static fgo_status put_sorted_variables(fgoi_writer *w)
{
    const size_t n = w->g->variable_count;
    fgo_status status = FGO_OK;
    keyed *order = fgoi_alloc(n, sizeof *order);
    if (!order) return fgoi_fail_memory(&w->g->message);
    for (size_t v = 0; v < n; v++) order[v] = (keyed){ w->g->variable[v].key, v };
    qsort(order, n, sizeof *order, compare_keys);
    for (size_t i = 0; i < n && !status; i++) status = put_variable(w, order[i].variable);
    fgoi_free(order);
    return status;
}

static fgo_status put_document(fgoi_writer *w)
{
    fgo_status status = FGO_OK;
    fgoi_text_bytes(&w->out, w->d->text, w->d->start);
    if (w->d->report.edges_only) status = put_sorted_variables(w);
    for (size_t line = 0; line < w->d->line_count && !status; line++) status = put_line(w, line);
    return status;
}

/* What no line of the document stands for. */
static fgo_status put_additions(fgoi_writer *w)
{
    fgo_status status = FGO_OK;
    for (size_t v = 0; v < w->g->variable_count && !status; v++)
        if (!w->variable_done[v]) status = put_variable(w, v);
    for (size_t v = 0; v < w->g->variable_count && !status; v++)
        if (!w->fix_done[v] && is_held(w, v)) put_fix(w, v);
    for (size_t f = 0; f < w->g->factor_count && !status; f++)
        if (!w->factor_done[f]) status = fgoi_put_factor(w, f);
    return status;
}

static fgo_status put_graph(fgoi_writer *w)
{
    fgo_status status = check_holds(w);
    if (!status && w->d) status = put_document(w);
    if (!status) status = put_additions(w);
    if (!status && w->out.failed) status = fgoi_fail_memory(&w->g->message);
    return status;
}

static int has_ending(const char *path, const char *ending)
{
    const size_t m = strlen(ending);
    size_t n;
    fgoi_compression_of(path, &n);
    return n >= m && memcmp(path + n - m, ending, m) == 0;
}

static void choose_format(fgoi_writer *w, const char *path, fgo_format format)
{
    const int read_as = w->d ? w->d->report.format : FGO_FORMAT_AUTO;
    w->convert = format != FGO_FORMAT_AUTO;
    w->format = format;
    if (!w->convert && w->d)
        w->format = (fgo_format)read_as;
    else if (!w->convert)
        w->format = has_ending(path, ".graph") || has_ending(path, ".toro") ? FGO_FORMAT_TORO : FGO_FORMAT_G2O;
    w->foreign = w->d && (int)w->format != read_as;
    const char *first = w->d ? memchr(w->d->text, '\n', w->d->size) : NULL;
    w->newline = first && first > w->d->text && first[-1] == '\r' ? "\r\n" : "\n";
}

fgo_status fgo_graph_write(fgo_graph *g, const char *path, fgo_format format)
{
    fgoi_c_locale locale;
    if (!g || !path)
        return fgoi_fail(g ? &g->message : NULL, FGO_ERROR_ARGUMENT, "fgo_graph_write: graph or path is NULL");
    if (format < FGO_FORMAT_AUTO || format > FGO_FORMAT_TORO)
        return fgoi_fail(&g->message, FGO_ERROR_ARGUMENT, "fgo_graph_write: format %d is no fgo_format", (int)format);
    fgoi_writer w = { .g = g, .d = g->document };
    choose_format(&w, path, format);
    if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory(&g->message);
    w.variable_done = fgoi_alloc(g->variable_count, 1);
    w.fix_done = fgoi_alloc(g->variable_count, 1);
    w.factor_done = fgoi_alloc(g->factor_count, 1);
    fgo_status status = FGO_OK;
    if (!w.variable_done || !w.fix_done || !w.factor_done) status = fgoi_fail_memory(&g->message);
    if (!status) status = put_graph(&w);
    if (!status) status = fgoi_compress(&g->message, path, &w.out);
    if (!status) status = fgoi_write_file(&g->message, path, &w.out);
    fgoi_text_free(&w.out);
    fgoi_parameters_free(&w.added);
    fgoi_free(w.variable_done);
    fgoi_free(w.fix_done);
    fgoi_free(w.factor_done);
    fgoi_c_locale_leave(&locale);
    return status;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* lines.c -- one element as a line with a tag, as numbers alone, or as a row of a table. */
#include "writer.h"
#include <math.h>
#include <string.h>

void fgoi_start_line(fgoi_writer *w)
{
    if (w->out.size > 0 && !w->out.failed && w->out.p[w->out.size - 1] != '\n' && w->out.size > (w->d ? w->d->start : 0))
        fgoi_text_string(&w->out, w->newline);
}

void fgoi_put_raw(fgoi_writer *w, size_t line)
{
    const fgoi_cursor all = fgoi_line_bytes(w->d, line);
    fgoi_text_bytes(&w->out, all.p, (size_t)(all.end - all.p));
}

void fgoi_put_commented(fgoi_writer *w, size_t line)
{
    fgoi_text_string(&w->out, "# ");
    fgoi_put_raw(w, line);
}

/* Writes the time of an element, with the digits of the file if it is from there: time stamps in nanoseconds have more digits
 * than a double. */
static void put_time(fgoi_writer *w, const fgoi_fields *f)
{
    if (f->time_at && !isnan(f->time))
        fgoi_text_bytes(&w->out, f->time_at, strspn(f->time_at, "+-.0123456789eE"));
    else
        fgoi_text_double(&w->out, isnan(f->time) ? (double)f->id[0] : f->time);
}

/* Writes a number after a separator, which may be empty. */
static void put_number(fgoi_writer *w, const char *separator, double x)
{
    fgoi_text_string(&w->out, separator);
    fgoi_text_double(&w->out, x);
}

static void put_tagged(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f)
{
    fgoi_text_string(&w->out, tag->name);
    for (int i = 0; i < tag->ids + tag->parameters; i++) {
        fgoi_text_bytes(&w->out, " ", 1);
        fgoi_text_int64(&w->out, f->id[i]);
    }
    const int numbers = tag->numbers + (f->has_information ? fgoi_tag_information(tag) : 0);
    for (int i = 0; i < numbers; i++) put_number(w, " ", f->number[i]);
}

static void put_bare(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f)
{
    if (tag->timed) put_time(w, f);
    for (int i = 0; i < tag->numbers; i++) put_number(w, tag->timed || i ? " " : "", f->number[i]);
}

/* ---- a row of a table ---- */

/* Returns 1 if the k-th slot of a row holds nothing; else it holds an id, the time or a number. */
static int slot_is_empty(const fgoi_tag *tag, const fgoi_fields *f, int k)
{
    const int ids = tag->ids + tag->parameters, timed = tag->kind == FGOI_TAG_VERTEX;
    if (timed && k == ids) return isnan(f->time);
    return k >= ids + timed + tag->numbers && !f->has_information;
}

static void put_slot(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f, int k)
{
    const int ids = tag->ids + tag->parameters, timed = tag->kind == FGOI_TAG_VERTEX;
    if (k < ids)
        fgoi_text_int64(&w->out, f->id[k]);
    else if (timed && k == ids)
        put_time(w, f);
    else
        fgoi_text_double(&w->out, f->number[k - ids - timed]);
}

/* Returns 1 if the k-th slot says the same in `a` and in `b`. */
static int same_slot(const fgoi_tag *tag, const fgoi_fields *a, const fgoi_fields *b, int k)
{
    const int ids = tag->ids + tag->parameters, timed = tag->kind == FGOI_TAG_VERTEX, number = k - ids - timed;
    if (slot_is_empty(tag, a, k) || slot_is_empty(tag, b, k)) return slot_is_empty(tag, a, k) && slot_is_empty(tag, b, k);
    if (k < ids) return a->id[k] == b->id[k];
    return timed && k == ids ? a->time == b->time : a->number[number] == b->number[number];
}

static void note_columns(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f, const unsigned char *code, int slots)
{
    for (int k = 0; k < slots; k++)
        if (!slot_is_empty(tag, f, k)) w->used[code[k]] = 1;
    w->mixed |= w->only && w->only != tag;
    w->only = tag;
}

/* Writes a cell as it stood, with its quotes. */
static void put_cell(fgoi_writer *w, fgoi_cursor cell, const char *line_end)
{
    const int quoted = cell.end < line_end && *cell.end == '"';
    fgoi_text_bytes(&w->out, cell.p - quoted, (size_t)(cell.end - cell.p) + 2 * (size_t)quoted);
}

static void put_row(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f, size_t line)
{
    unsigned char code[FGOI_MAX_SLOTS];
    short slot[FGOI_COLUMNS + 1];
    fgoi_cursor cell[FGOI_MAX_CELLS] = { { NULL, NULL } };
    fgoi_fields old;
    fgoi_misread problem;
    const int slots = fgoi_csv_slots(tag, code), in_place = line != FGOI_NO_LINE && w->d->csv.columns > 0 && !w->relayout;
    if (w->collecting) {
        note_columns(w, tag, f, code, slots);
        return;
    }
    memset(slot, -1, sizeof slot);
    for (int k = 0; k < slots; k++) {
        slot[code[k]] = (short)k;
        if (w->table.place[code[k]] >= 0 || slot_is_empty(tag, f, k) || (in_place && code[k] == FGOI_COLUMN_ID)) continue;
        w->lacking = tag;
        w->lacks = code[k];
    }
    if (in_place) {
        const fgoi_cursor whole = fgoi_line_text(w->d, line);
        fgoi_csv_cells(whole, cell);
        fgoi_csv_read(&w->d->csv, whole, tag, &old, &problem);
    }
    for (int c = 0; c < w->table.columns; c++) {
        const int k = slot[w->table.code[c]];
        if (c) fgoi_text_bytes(&w->out, ",", 1);
        if (in_place && (k < 0 || same_slot(tag, f, &old, k)))
            put_cell(w, cell[c], fgoi_line_text(w->d, line).end);
        else if (w->table.code[c] == FGOI_COLUMN_TAG)
            fgoi_text_string(&w->out, tag->name);
        else if (k >= 0 && !slot_is_empty(tag, f, k))
            put_slot(w, tag, f, k);
    }
}

void fgoi_put_header(fgoi_writer *w)
{
    fgoi_csv *t = &w->table;
    char name[16];
    memset(t->place, -1, sizeof t->place);
    t->columns = 0;
    w->used[FGOI_COLUMN_TAG] = w->mixed || fgoi_csv_row(w->used) != w->only;
    for (int code = 0; code < FGOI_COLUMNS; code++) {
        if (!w->used[code]) continue;
        if (t->columns) fgoi_text_bytes(&w->out, ",", 1);
        fgoi_text_string(&w->out, fgoi_csv_column_name(code, name));
        t->place[code] = (short)t->columns;
        t->code[t->columns++] = (unsigned char)code;
    }
    fgoi_text_string(&w->out, w->newline);
}

/* ---- any ---- */

void fgoi_put_element(fgoi_writer *w, const fgoi_tag *tag, const fgoi_fields *f, size_t line)
{
    fgoi_start_line(w);
    if (tag->bare)
        put_bare(w, tag, f);
    else if (fgoi_writes_table(w))
        put_row(w, tag, f, line);
    else
        put_tagged(w, tag, f);
}

void fgoi_put_end(fgoi_writer *w, const fgoi_fields *f, size_t line, int new_time)
{
    const int from_line = line != FGOI_NO_LINE && !w->relayout;
    const int has_comments = w->format->layout == FGOI_LAYOUT_TAGS;
    if (w->collecting) return;
    if (has_comments && !isnan(f->time) && (new_time || !from_line)) {
        fgoi_text_string(&w->out, " # time ");
        put_time(w, f);
    } else if (from_line && !w->d->csv.columns && !new_time) {
        fgoi_cursor c = fgoi_line_fields(w->d, line);
        while (fgoi_next_field(&c))
            while (c.p < c.end && !fgoi_is_blank(*c.p)) c.p++;
        if (c.p < c.end) {
            fgoi_text_bytes(&w->out, " ", 1);
            fgoi_text_bytes(&w->out, c.p, (size_t)(c.end - c.p));
        }
    }
    if (from_line) {
        const char *end = fgoi_line_text(w->d, line).end;
        fgoi_text_bytes(&w->out, end, (size_t)(fgoi_line_bytes(w->d, line).end - end));
    } else {
        fgoi_text_string(&w->out, w->newline);
    }
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* document.c -- finds the lines of a source, and reads any of them again. */
#include "document.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/format/weights.h"
#include <string.h>

static void free_window(fgoi_window *w)
{
    if (w) fgoi_free(w->bytes);
    fgoi_free(w);
}

/* Looks for the mark that the file may begin with. */
static fgo_status find_mark(fgoi_document *d)
{
    const size_t size = d->source.size < 3 ? d->source.size : 3;
    const char *p = fgoi_source_bytes(&d->source, d->window, 0, size);
    if (!p) return fgoi_document_failure(d);
    if (size == 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) d->start = 3; /* UTF-8 byte order mark */
    d->utf16 = size >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0);
    return FGO_OK;
}

fgo_status fgoi_document_create(fgoi_source *source, fgoi_document **out)
{
    fgoi_document *d = fgoi_alloc(1, sizeof *d);
    if (!d) {
        fgoi_source_close(source);
        return fgoi_fail_memory();
    }
    d->source = *source;
    d->window = fgoi_alloc(1, sizeof *d->window);
    d->graphs = fgoi_alloc(1, sizeof *d->graphs);
    if (d->graphs) atomic_init(d->graphs, 1);
    const fgo_status status = d->window && d->graphs ? find_mark(d) : fgoi_fail_memory();
    if (status)
        fgoi_document_free(d);
    else
        *out = d;
    return status;
}

fgoi_document *fgoi_document_share(fgoi_document *d)
{
    fgoi_document *other = fgoi_alloc(1, sizeof *other);
    fgoi_window *window = fgoi_alloc(1, sizeof *window);
    if (!other || !window) {
        fgoi_free(other);
        fgoi_free(window);
        return NULL;
    }
    atomic_fetch_add(d->graphs, 1);
    *other = *d;
    other->window = window;
    return other;
}

void fgoi_document_free(fgoi_document *d)
{
    if (!d) return;
    free_window(d->window);
    if (!d->graphs || atomic_fetch_sub(d->graphs, 1) == 1) {
        for (size_t i = 0; i < d->tag_count; i++) fgoi_free(d->tag[i].name);
        fgoi_free(d->tag);
        fgoi_parameters_free(&d->parameters);
        fgoi_free(d->slot);
        fgoi_free(d->line);
        fgoi_free(d->graphs);
        fgoi_free(d->read_by);
        fgoi_source_close(&d->source);
    }
    fgoi_free(d);
}

fgo_status fgoi_document_close(fgoi_document *d, const fgo_format_class *c)
{
    const size_t length = strlen(c->name) + 1;
    if (!(d->read_by = fgoi_alloc(length, 1))) return fgoi_fail_memory();
    memcpy(d->read_by, c->name, length);
    d->report.format_name = d->read_by;
    d->report.bytes = d->source.size;
    for (int i = 1; fgo_format_of((fgo_format)i); i++)
        if (fgo_format_of((fgo_format)i) == c) d->report.format = i;
    d->line_count = 0;
    fgoi_source_close(&d->source);
    d->source = (fgoi_source){ .fd = -1 };
    return FGO_OK;
}

/* ---- lines ---- */

/* Returns the bytes begin .. end - 1; none if the text cannot be read. */
static fgoi_cursor bytes(const fgoi_document *d, size_t begin, size_t end)
{
    static const char none[] = ""; /* one object: two literals need not have one address */
    const char *p = fgoi_source_bytes(&d->source, d->window, begin, end);
    return p ? (fgoi_cursor){ p, p + (end - begin) } : (fgoi_cursor){ none, none };
}

size_t fgoi_document_offset(const fgoi_document *d, const char *at)
{
    return d->source.text ? (size_t)(at - d->source.text) : d->window->begin + (size_t)(at - d->window->bytes);
}

fgoi_cursor fgoi_line_bytes(const fgoi_document *d, size_t line)
{
    return bytes(d, d->line[line].begin, line + 1 < d->line_count ? d->line[line + 1].begin : d->source.size);
}

fgoi_cursor fgoi_line_text(const fgoi_document *d, size_t line)
{
    fgoi_cursor c = fgoi_line_bytes(d, line);
    if (c.end > c.p && c.end[-1] == '\n') c.end--;
    if (c.end > c.p && c.end[-1] == '\r') c.end--;
    return c;
}

const fgoi_tag *fgoi_line_tag(const fgoi_document *d, size_t line)
{
    uint32_t tag = d->line[line].tag;
    return tag == FGOI_NO_TAG ? NULL : d->tag[tag].tag;
}

fgoi_cursor fgoi_line_fields(const fgoi_document *d, size_t line)
{
    fgoi_cursor c = fgoi_line_text(d, line);
    if (d->csv.columns) return fgoi_csv_cell(&d->csv, c, FGOI_COLUMN_ID);
    if (fgoi_next_field(&c) && !d->bare) c.p += d->tag[d->line[line].tag].length;
    return c;
}

int fgoi_line_read_next(const fgoi_document *d, size_t line, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix,
                        fgoi_misread *problem)
{
    if (!d->csv.columns) return fgoi_read_next_fields(fgoi_line_fields(d, line), tag, f, matrix, problem);
    return fgoi_csv_read(&d->csv, fgoi_line_text(d, line), tag, f, problem);
}

int fgoi_line_read(const fgoi_document *d, size_t line, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem)
{
    return fgoi_line_read_next(d, line, tag, f, NULL, problem);
}

int fgoi_line_information(const fgoi_document *d, const fgoi_tag *tag, const fgoi_fields *f, const double *z, double *Omega,
                          fgoi_misread *problem)
{
    fgoi_tag room;
    const int n = tag->rows;
    if (f->has_information) {
        if (fgoi_unpack_information(fgoi_weights_row(&d->weights, tag, &room), f, Omega, problem)) return -1;
    } else {
        for (int i = 0; i < n * n; i++) Omega[i] = i % (n + 1) == 0;
    }
    if (fgoi_weights_plain(&d->weights)) return 0;
    const char *wrong = fgoi_weights_import(&d->weights, d->report.convention, tag, z, Omega);
    return wrong ? fgoi_reject(problem, f->number_at[f->has_information ? tag->numbers : 0], "%s", wrong) : 0;
}

/* ---- tags ---- */

static size_t hash_name(const char *name, size_t length)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* Returns the slot of a name: where it is, or the empty slot where it belongs. */
static uint32_t *find_slot(const fgoi_document *d, const char *name, size_t length)
{
    for (size_t i = hash_name(name, length);; i++) {
        uint32_t *slot = &d->slot[i & (d->slots - 1)];
        if (*slot == FGOI_NO_TAG) return slot;
        const fgoi_tag_use *t = &d->tag[*slot];
        if (t->length == length && memcmp(t->name, name, length) == 0) return slot;
    }
}

static int grow_slots(fgoi_document *d)
{
    size_t slots = d->slots ? 2 * d->slots : 64;
    uint32_t *slot = fgoi_alloc(slots, sizeof *slot);
    if (!slot) return -1;
    for (size_t i = 0; i < slots; i++) slot[i] = FGOI_NO_TAG;
    fgoi_free(d->slot);
    d->slot = slot;
    d->slots = slots;
    for (size_t i = 0; i < d->tag_count; i++) *find_slot(d, d->tag[i].name, d->tag[i].length) = (uint32_t)i;
    return 0;
}

static int add_tag(fgoi_document *d, const fgoi_format *format, const char *name, size_t length)
{
    if (fgoi_grow(&d->tag, &d->tag_capacity, d->tag_count + 1, sizeof *d->tag)) return -1;
    char *copy = fgoi_alloc(length + 1, 1);
    if (!copy) return -1;
    memcpy(copy, name, length);
    const fgoi_tag *tag = d->bare ? d->bare : fgoi_tag_find(format, name, length);
    d->tag[d->tag_count++] = (fgoi_tag_use){ copy, length, 0, d->line_count, tag };
    return 0;
}

/* Returns the number of a tag, which is added if it is new; FGOI_NO_TAG when out of memory. */
static uint32_t tag_number(fgoi_document *d, const fgoi_format *format, const char *name, size_t length)
{
    if (2 * (d->tag_count + 1) > d->slots && grow_slots(d)) return FGOI_NO_TAG;
    uint32_t *slot = find_slot(d, name, length);
    if (*slot == FGOI_NO_TAG) {
        if (d->tag_count >= FGOI_NO_TAG || add_tag(d, format, name, length)) return FGOI_NO_TAG;
        *slot = (uint32_t)(d->tag_count - 1);
    }
    return *slot;
}

/* ---- splitting ---- */

static int is_printable(char c) { return c > ' ' && c <= '~'; }

static int is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

/* Returns the end of the tag at c.p. A tag starts with a letter and continues with printable ASCII; NULL if there is none. */
static const char *tag_end(fgoi_cursor c)
{
    if (!is_letter(*c.p)) return NULL;
    while (c.p < c.end && is_printable(*c.p)) c.p++;
    return c.p == c.end || fgoi_is_blank(*c.p) ? c.p : NULL;
}

static int reject_tag(const fgoi_document *d, fgoi_cursor c, fgoi_misread *problem)
{
    char quoted[FGOI_QUOTED_SIZE];
    if (d->utf16) return fgoi_reject(problem, c.p, "the file is UTF-16 text; convert it to UTF-8");
    return fgoi_reject(problem, c.p, "%s is not a tag such as VERTEX_SE2 or EDGE3: binary data, or not a graph file",
                       fgoi_quote(quoted, c.p, c.end));
}

/* Detects the layout by the first line that is neither blank nor a comment, unless the format is known. */
static int detect_layout(fgoi_document *d, fgoi_cursor c, const fgoi_format *format, fgoi_misread *problem)
{
    char lines[FGOI_BARE_LINES_SIZE];
    const fgoi_format *row = format ? format : fgoi_format_detect(c);
    if (!row && fgoi_starts_number(*c.p))
        return fgoi_reject(problem, c.p, "a line that starts with a number is a pose: %s", fgoi_format_bare_lines(lines));
    if (!row || row->layout == FGOI_LAYOUT_TAGS) return 0;
    if (row->layout == FGOI_LAYOUT_TABLE) return fgoi_csv_header(&d->csv, c, problem);
    if (row->layout == FGOI_LAYOUT_BARE) d->bare = row->tags;
    if (row->layout == FGOI_LAYOUT_OWN) d->own = row;
    return d->own != NULL;
}

/* Records the tag of the line that was recorded last. Returns 0, or -2 when out of memory. */
static int use_tag(fgoi_document *d, const fgoi_format *format, const char *name, size_t length)
{
    fgoi_line *line = &d->line[d->line_count - 1];
    const fgoi_line *before = d->line_count > 1 ? line - 1 : line;
    if (before->tag != FGOI_NO_TAG && d->tag[before->tag].length == length && memcmp(d->tag[before->tag].name, name, length) == 0)
        line->tag = before->tag; /* most lines have the tag of the line before */
    else if ((line->tag = tag_number(d, format, name, length)) == FGOI_NO_TAG)
        return -2;
    d->tag[line->tag].count++;
    return 0;
}

/* Returns the tag of a line of a table. */
static fgoi_cursor table_tag(const fgoi_document *d, fgoi_cursor c)
{
    if (d->csv.place[FGOI_COLUMN_TAG] >= 0) return fgoi_csv_cell(&d->csv, c, FGOI_COLUMN_TAG);
    const char *name = d->csv.row->name;
    return (fgoi_cursor){ name, name + strlen(name) };
}

/* Finds the tag of the line that was recorded last, which spans the cursor. */
static int split_line(fgoi_document *d, fgoi_cursor c, const fgoi_format *format, fgoi_misread *problem)
{
    if (!fgoi_next_field(&c)) return 0;
    if (!d->tag_count && !d->bare && !d->csv.columns) {
        const int result = detect_layout(d, c, format, problem);
        if (result || d->csv.columns) return result;
    }
    if (d->bare) return use_tag(d, format, d->bare->name, strlen(d->bare->name));
    fgoi_cursor tag = c;
    if (d->csv.columns)
        tag = table_tag(d, c);
    else
        tag.end = tag_end(c);
    if (tag.p == tag.end) return fgoi_reject(problem, tag.p, "the cell with the tag is empty");
    if (!tag.end) return reject_tag(d, c, problem);
    if (use_tag(d, format, tag.p, (size_t)(tag.end - tag.p))) return -2;
    if (fgoi_line_tag(d, d->line_count - 1)) return 0;
    const char *nul = memchr(c.p, '\0', (size_t)(c.end - c.p));
    return nul ? fgoi_reject(problem, nul, "a NUL byte: binary data, or not a graph file") : 0;
}

/* Records the lines of a piece of the file that begins at `at`, except a last line whose end is not in the piece, unless the file
 * ends there. *after becomes the byte after these lines. */
static int split_piece(fgoi_document *d, size_t at, fgoi_cursor piece, int is_last, const fgoi_format *format, const char **after,
                       fgoi_misread *problem)
{
    const char *p = piece.p;
    for (; p < piece.end; *after = p) {
        const char *newline = memchr(p, '\n', (size_t)(piece.end - p));
        if (!newline && !is_last) break;
        if (fgoi_grow(&d->line, &d->line_capacity, d->line_count + 1, sizeof *d->line)) return -2;
        d->line[d->line_count++] = (fgoi_line){ at + (size_t)(p - piece.p), FGOI_NO_TAG, 0 };
        const int result = split_line(d, (fgoi_cursor){ p, newline ? newline : piece.end }, format, problem);
        if (result) return result;
        p = newline ? newline + 1 : piece.end;
    }
    return 0;
}

int fgoi_document_split(fgoi_document *d, const fgoi_format *format, fgoi_misread *problem)
{
    enum { PIECE = 256 << 10 };
    const size_t size = d->source.size;
    for (size_t at = d->start, length = d->source.text ? size : PIECE; at < size;) {
        const int is_last = length >= size - at;
        const fgoi_cursor piece = bytes(d, at, is_last ? size : at + length);
        const char *after = piece.p;
        if (piece.p == piece.end) return -1;
        const int result = split_piece(d, at, piece, is_last, format, &after, problem);
        if (result) return result;
        length = after == piece.p ? 2 * length : PIECE; /* the line is longer */
        at += (size_t)(after - piece.p);
    }
    return 0;
}

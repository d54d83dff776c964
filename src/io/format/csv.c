/* SPDX-License-Identifier: BSD-3-Clause */
/* csv.c -- the format of tables: its columns, its header, its cells. */
#include "csv.h"
#include "base/small_matrix.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [FGOI_COLUMN_TAG] = "tag",
    [FGOI_COLUMN_ID] = "id",
    [FGOI_COLUMN_ID + 1] = "id2",
    [FGOI_COLUMN_PARAMETER] = "parameter",
    [FGOI_COLUMN_PARAMETER + 1] = "parameter2",
    [FGOI_COLUMN_TIME] = "time",
    [FGOI_COLUMN_X] = "x",
    [FGOI_COLUMN_Y] = "y",
    [FGOI_COLUMN_Z] = "z",
    [FGOI_COLUMN_THETA] = "theta",
    [FGOI_COLUMN_ROLL] = "roll",
    [FGOI_COLUMN_PITCH] = "pitch",
    [FGOI_COLUMN_YAW] = "yaw",
    [FGOI_COLUMN_QX] = "qx",
    [FGOI_COLUMN_QY] = "qy",
    [FGOI_COLUMN_QZ] = "qz",
    [FGOI_COLUMN_QW] = "qw",
    [FGOI_COLUMN_RANGE] = "range",
    [FGOI_COLUMN_FX] = "fx",
    [FGOI_COLUMN_FY] = "fy",
    [FGOI_COLUMN_CX] = "cx",
    [FGOI_COLUMN_CY] = "cy",
};

const char *fgoi_csv_column_name(int code, char out[16])
{
    if (code < FGOI_COLUMN_INFORMATION) {
        snprintf(out, 16, "%s", names[code]);
    } else if (code >= FGOI_COLUMN_SIGMA) {
        snprintf(out, 16, "s%d", (code - FGOI_COLUMN_SIGMA) % 9 + 1);
    } else {
        const int root = code >= FGOI_COLUMN_ROOT;
        int k = code - (root ? FGOI_COLUMN_ROOT : FGOI_COLUMN_INFORMATION), i = 0;
        for (; k >= FGOI_MAX_ROWS - i; i++) k -= FGOI_MAX_ROWS - i;
        snprintf(out, 16, "%c%d%d", root ? 'r' : 'i', (i + 1) % 10, (i + 1 + k) % 10);
    }
    return out;
}

int fgoi_csv_slots(const fgoi_tag *tag, unsigned char code[FGOI_MAX_SLOTS])
{
    int n = 0, i, j;
    for (int k = 0; k < tag->ids; k++) code[n++] = (unsigned char)(FGOI_COLUMN_ID + k);
    for (int k = 0; k < tag->parameters; k++) code[n++] = (unsigned char)(FGOI_COLUMN_PARAMETER + k);
    if (tag->kind == FGOI_TAG_VERTEX) code[n++] = FGOI_COLUMN_TIME;
    for (int k = 0; k < tag->numbers; k++) code[n++] = tag->columns[k];
    for (int k = 0; k < fgoi_tag_information(tag); k++) {
        if (tag->weight == FGOI_WEIGHT_SIGMAS) {
            code[n++] = (unsigned char)(FGOI_COLUMN_SIGMA + k);
            continue;
        }
        fgoi_information_place(tag, k, &i, &j);
        code[n++] = (unsigned char)((int)fgoi_packed_at(FGOI_MAX_ROWS, i, j) +
                                    (tag->weight == FGOI_WEIGHT_ROOT ? FGOI_COLUMN_ROOT : FGOI_COLUMN_INFORMATION));
    }
    return n;
}

const fgoi_tag *fgoi_csv_row(const unsigned char used[FGOI_COLUMNS])
{
    const int edge = used[FGOI_COLUMN_ID + 1];
    const char *name = NULL;
    if (!used[FGOI_COLUMN_X] || !used[FGOI_COLUMN_Y]) return NULL;
    if (used[FGOI_COLUMN_QW])
        name = edge ? "EDGE_SE3:QUAT" : "VERTEX_SE3:QUAT";
    else if (used[FGOI_COLUMN_THETA])
        name = edge ? "EDGE_SE2" : "VERTEX_SE2";
    else if (!edge)
        name = used[FGOI_COLUMN_Z] ? "VERTEX_TRACKXYZ" : "VERTEX_XY";
    return name ? fgoi_tag_find(&fgoi_format_g2o, name, strlen(name)) : NULL;
}

/* ---- cells ---- */

int fgoi_csv_cells(fgoi_cursor line, fgoi_cursor cell[FGOI_MAX_CELLS])
{
    int n = 0;
    for (const char *p = line.p;; p++) {
        fgoi_cursor c = { p, NULL };
        for (int quoted = 0; p < line.end && (quoted || *p != ','); p++)
            if (*p == '"') quoted = !quoted;
        c.end = p;
        while (c.p < c.end && fgoi_is_blank(*c.p)) c.p++;
        while (c.p < c.end && fgoi_is_blank(c.end[-1])) c.end--;
        if (c.end - c.p >= 2 && *c.p == '"' && c.end[-1] == '"') c.p++, c.end--;
        if (n < FGOI_MAX_CELLS) cell[n] = c;
        n++;
        if (p == line.end) return n;
    }
}

fgoi_cursor fgoi_csv_cell(const fgoi_csv *csv, fgoi_cursor line, int code)
{
    fgoi_cursor cell[FGOI_MAX_CELLS];
    const int place = csv->place[code], n = fgoi_csv_cells(line, cell);
    return place >= 0 && place < n ? cell[place] : (fgoi_cursor){ line.end, line.end };
}

static int code_of(fgoi_cursor name)
{
    char text[16];
    for (int code = 0; code < FGOI_COLUMNS; code++) {
        const size_t length = strlen(fgoi_csv_column_name(code, text));
        if (length == (size_t)(name.end - name.p) && memcmp(text, name.p, length) == 0) return code;
    }
    return FGOI_COLUMN_NONE;
}

int fgoi_csv_header(fgoi_csv *csv, fgoi_cursor line, fgoi_misread *problem)
{
    fgoi_cursor cell[FGOI_MAX_CELLS];
    unsigned char used[FGOI_COLUMNS + 1] = { 0 };
    const int n = fgoi_csv_cells(line, cell);
    char quoted[FGOI_QUOTED_SIZE];
    if (n > FGOI_MAX_CELLS) return fgoi_reject(problem, line.p, "the header has %d columns, more than %d", n, FGOI_MAX_CELLS);
    memset(csv->place, -1, sizeof csv->place);
    for (int k = 0; k < n; k++) {
        const int code = code_of(cell[k]);
        if (code != FGOI_COLUMN_NONE && used[code])
            return fgoi_reject(problem, cell[k].p, "two columns are called %s", fgoi_quote(quoted, cell[k].p, cell[k].end));
        used[code] = 1;
        csv->code[k] = (unsigned char)code;
        csv->place[code] = (short)k;
    }
    csv->columns = n;
    csv->row = fgoi_csv_row(used);
    if (used[FGOI_COLUMN_TAG] || csv->row) return 0;
    return fgoi_reject(problem, line.p,
                       "the header of a CSV file names its columns: id,time,x,y,z,qx,qy,qz,qw or id,time,x,y,theta for "
                       "poses; or a column tag, such as EDGE_SE2, and those that the tags need");
}

/* ---- elements ---- */

static int reject_empty(const fgoi_csv *csv, const fgoi_tag *tag, int code, fgoi_cursor cell, fgoi_misread *problem)
{
    char name[16];
    fgoi_csv_column_name(code, name);
    if (csv->place[code] < 0)
        return fgoi_reject(problem, cell.p, "%s needs a column %s, which the header has not", tag->name, name);
    return fgoi_reject(problem, cell.p, "%s needs a number in column %s, whose cell is empty", tag->name, name);
}

/* Reads the cell of the k-th slot of a row, which is not empty, into its field. Returns 0, or -1 with the problem. */
static int read_slot(const fgoi_tag *tag, int k, fgoi_cursor cell, fgoi_fields *f, fgoi_misread *problem)
{
    const int ids = tag->ids + tag->parameters, first = ids + (tag->kind == FGOI_TAG_VERTEX);
    if (k < ids) {
        f->id_at[k] = cell.p;
        return fgoi_read_id(&cell, &f->id[k], problem);
    }
    if (k < first) {
        f->time_at = cell.p;
        return fgoi_read_number(&cell, &f->time, problem);
    }
    f->number_at[k - first] = cell.p;
    return fgoi_read_number(&cell, &f->number[k - first], problem);
}

int fgoi_csv_read(const fgoi_csv *csv, fgoi_cursor line, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem)
{
    unsigned char code[FGOI_MAX_SLOTS];
    fgoi_cursor cell[FGOI_MAX_CELLS];
    const int slots = fgoi_csv_slots(tag, code), information = slots - fgoi_tag_information(tag);
    const int n = fgoi_csv_cells(line, cell);
    if (n != csv->columns) return fgoi_reject(problem, line.p, "the line has %d cells, but the header %d", n, csv->columns);
    f->time = (double)NAN;
    f->id_at[0] = NULL;
    f->has_information = 0;
    for (int k = 0; k < slots; k++) {
        const int place = csv->place[code[k]], given = place >= 0 && cell[place].p < cell[place].end;
        if (k > information && given != f->has_information) /* the matrix is given in part */
            return reject_empty(csv, tag, code[f->has_information ? k : information], cell[place >= 0 ? place : 0], problem);
        if (k >= information) f->has_information = given;
        if (given) {
            if (read_slot(tag, k, cell[place], f, problem)) return -1;
        } else if (k < information && code[k] != FGOI_COLUMN_TIME &&
                   !(code[k] == FGOI_COLUMN_ID && place < 0 && tag->kind == FGOI_TAG_VERTEX)) {
            return reject_empty(csv, tag, code[k], place >= 0 ? cell[place] : (fgoi_cursor){ line.p, line.p }, problem);
        }
    }
    return 0;
}

/* ---- the format ---- */

/* Returns 1 if there is at most one word between c.p and p. */
static int first_word(fgoi_cursor c, const char *p)
{
    while (c.p < p && !fgoi_is_blank(*c.p)) c.p++;
    while (c.p < p && fgoi_is_blank(*c.p)) c.p++;
    return c.p == p;
}

/* Recognizes a table: a comma follows the first word of its header. */
static int detect(const fgo_format_class *class, const char *line, size_t length)
{
    const fgoi_cursor c = { line, line + length };
    (void)class;
    for (fgoi_cursor rest = c; fgoi_next_field(&rest);)
        for (; rest.p < rest.end && !fgoi_is_blank(*rest.p); rest.p++)
            if (*rest.p == ',' && first_word(c, rest.p)) return 90;
    return 0;
}

static const char *const endings[] = { ".csv", NULL };

const fgoi_format fgoi_format_csv = {
    .c = { .size = sizeof(fgo_format_class),
           .name = "csv",
           .endings = endings,
           .holds = FGO_HOLDS_POSES | FGO_HOLDS_TIMES | FGO_HOLDS_POINTS | FGO_HOLDS_FACTORS | FGO_HOLDS_FIXED,
           .detect = detect },
    .layout = FGOI_LAYOUT_TABLE,
};

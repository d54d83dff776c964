/* SPDX-License-Identifier: BSD-3-Clause */
/* fields.c -- reads the fields of a line, with the place and the reason where one is wrong, and unpacks information
 * matrices. */
#include "fields.h"
#include "base/small_matrix.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fgoi_reject(fgoi_misread *problem, const char *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
    problem->at = at;
    return -1;
}

const char *fgoi_quote(char out[FGOI_QUOTED_SIZE], const char *p, const char *end)
{
    enum { ROOM = FGOI_QUOTED_SIZE - 9 }; /* for an escape, three dots, a quote and NUL */
    int n = 0;
    out[n++] = '\'';
    for (; p < end && !fgoi_is_blank(*p); p++) {
        if (n >= ROOM) {
            n += snprintf(out + n, 4, "...");
            break;
        }
        if (*p > ' ' && *p <= '~')
            out[n++] = *p;
        else
            n += snprintf(out + n, 5, "\\x%02x", (unsigned)(unsigned char)*p);
    }
    out[n++] = '\'';
    out[n] = '\0';
    return out;
}

int fgoi_read_id(fgoi_cursor *c, int64_t *id, fgoi_misread *problem)
{
    char quoted[FGOI_QUOTED_SIZE];
    const char *at = c->p;
    switch (fgoi_parse_int64(at, c->end, &c->p, id)) {
    case FGOI_NUMBER_OK: return 0;
    case FGOI_NUMBER_TOO_LARGE:
        return fgoi_reject(problem, at, "the id %s does not fit into 64 bits (-2^63 .. 2^63 - 1)",
                           fgoi_quote(quoted, at, c->end));
    case FGOI_NUMBER_MALFORMED: break;
    }
    return fgoi_reject(problem, at, "%s is not an id; an id is a whole number", fgoi_quote(quoted, at, c->end));
}

/* Says what is wrong with the number at c->p and, for the usual mistakes, what to do. */
static int reject_number(const fgoi_cursor *c, fgoi_misread *problem)
{
    char quoted[FGOI_QUOTED_SIZE];
    const char *p = c->p, *stop = p, *comma = NULL;
    fgoi_quote(quoted, p, c->end);
    for (; stop < c->end && !fgoi_is_blank(*stop); stop++)
        if (*stop == ',' && !comma) comma = stop;
    if (p < stop && (*p == '-' || *p == '+')) p++;
    if (stop - p >= 3 && (!strncmp(p, "nan", 3) || !strncmp(p, "NaN", 3) || !strncmp(p, "NAN", 3)))
        return fgoi_reject(problem, c->p, "%s is not a number; every number must be finite", quoted);
    if (stop - p >= 3 && (!strncmp(p, "inf", 3) || !strncmp(p, "Inf", 3) || !strncmp(p, "INF", 3)))
        return fgoi_reject(problem, c->p, "%s is infinite; every number must be finite", quoted);
    if (comma && comma > p && comma[-1] >= '0' && comma[-1] <= '9')
        return fgoi_reject(problem, c->p, "%s has a comma; write a decimal point, and blanks between numbers", quoted);
    return fgoi_reject(problem, c->p, "%s is not a number", quoted);
}

int fgoi_read_number(fgoi_cursor *c, double *x, fgoi_misread *problem)
{
    char quoted[FGOI_QUOTED_SIZE];
    const char *at = c->p;
    switch (fgoi_parse_double(at, c->end, &c->p, x)) {
    case FGOI_NUMBER_OK: return 0;
    case FGOI_NUMBER_TOO_LARGE:
        return fgoi_reject(problem, at, "%s does not fit into a double (at most 1.8e308)", fgoi_quote(quoted, at, c->end));
    case FGOI_NUMBER_MALFORMED: break;
    }
    return reject_number(c, problem);
}

static int id_count(const fgoi_tag *tag) { return tag->ids + tag->parameters; }

/* Appends " (x y z heading)", the names of the numbers of a registered manifold, where they fit into out. */
static int name_numbers(const fgoi_tag *tag, char *out, size_t size)
{
    const char *const *name = tag->own_manifold ? tag->own_manifold->traits->number : NULL;
    size_t used = 0;
    for (int i = 0; i < tag->numbers && name; i++) {
        if (used + strlen(name[i]) + 4 > size) name = NULL;
        if (name) used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : " (", name[i]);
    }
    if (name) return (int)used + snprintf(out + used, size - used, ")");
    out[0] = '\0';
    return 0;
}

/* Writes what a line of this row has after its tag, "2 ids and 3 numbers, then 6 of the information matrix", to `out`. */
static void describe_fields(const fgoi_tag *tag, char *out, size_t size)
{
    static const char *const of[] = { "of the information matrix", "of its square root", "standard deviations" };
    int used = tag->ids     ? snprintf(out, size, "%d id%s", tag->ids, tag->ids == 1 ? "" : "s")
               : tag->timed ? snprintf(out, size, "a time stamp")
                            : 0;
    if (tag->parameters)
        used += snprintf(out + used, size - (size_t)used, ", %d parameter%s", tag->parameters, tag->parameters == 1 ? "" : "s");
    if (tag->numbers)
        used += snprintf(out + used, size - (size_t)used, "%s%d number%s", used ? " and " : "", tag->numbers,
                         tag->numbers == 1 ? "" : "s");
    used += name_numbers(tag, out + used, size - (size_t)used);
    if (tag->rows)
        snprintf(out + used, size - (size_t)used, "%s %d %s", tag->optional_information ? ", then none or" : ", then",
                 fgoi_tag_information(tag), of[tag->weight]);
}

static int reject_count(const fgoi_tag *tag, const char *at, int found, int wanted, fgoi_misread *problem)
{
    char fields[128];
    describe_fields(tag, fields, sizeof fields);
    if (found > wanted) return fgoi_reject(problem, at, "too many fields: %s takes %s, %d in all", tag->name, fields, wanted);
    return fgoi_reject(problem, at, "the line ends early: %s takes %s, %d in all; found %d", tag->name, fields, wanted, found);
}

/* Reads the time stamp in the comment "# time T" after a vertex, where the format has no other place for one. */
static void read_time_comment(fgoi_cursor c, fgoi_fields *f)
{
    static const char word[] = "time";
    fgoi_misread problem;
    double time;
    c.p++; /* the '#' */
    if (!fgoi_next_field(&c) || c.end - c.p < (long)sizeof word || memcmp(c.p, word, sizeof word - 1) != 0) return;
    c.p += sizeof word - 1;
    if (!fgoi_is_blank(*c.p) || !fgoi_next_field(&c)) return;
    const char *at = c.p;
    if (fgoi_read_number(&c, &time, &problem)) return; /* another comment */
    f->time = time;
    f->time_at = at;
}

/* Reads fields `from` .. `until` - 1 after the tag, counted from 0. Returns the number of fields that are there, or -1 with the
 * problem. */
static int read_up_to(fgoi_cursor *c, const fgoi_tag *tag, int from, int until, fgoi_fields *f, fgoi_misread *problem)
{
    const int ids = id_count(tag), first = ids + tag->timed;
    for (int k = from; k < until; k++) {
        if (!fgoi_next_field(c)) return k;
        if (k >= first) {
            f->number_at[k - first] = c->p;
            if (fgoi_read_number(c, &f->number[k - first], problem)) return -1;
        } else if (k < ids) {
            f->id_at[k] = c->p;
            if (fgoi_read_id(c, &f->id[k], problem)) return -1;
        } else {
            f->time_at = c->p;
            if (fgoi_read_number(c, &f->time, problem)) return -1;
        }
    }
    return until;
}

/* Returns 1 if the matrix at the cursor has the same text as the one that the fields hold. Of the places of its numbers only the
 * first is updated: the others serve to point at a wrong number, and these numbers have been found right. */
static int is_repeated(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix)
{
    const size_t length = (size_t)(c.end - c.p);
    matrix->repeated = matrix->tag && matrix->length == length && memcmp(matrix->text, c.p, length) == 0;
    if (matrix->repeated) {
        f->number_at[tag->numbers] = c.p;
    } else {
        matrix->tag = NULL;
        matrix->length = length;
        if (length <= sizeof matrix->text) memcpy(matrix->text, c.p, length);
    }
    return matrix->repeated;
}

int fgoi_read_next_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_matrix_text *matrix, fgoi_misread *problem)
{
    const int measured = id_count(tag) + tag->timed + tag->numbers, wanted = measured + fgoi_tag_information(tag);
    f->has_information = tag->rows > 0;
    f->time = (double)NAN;
    f->id_at[0] = NULL;
    if (matrix) matrix->repeated = 0;
    if (matrix && matrix->tag != tag) matrix->tag = NULL; /* the fields of the other tag are about to be overwritten */
    int found = read_up_to(&c, tag, 0, measured, f, problem);
    if (found == measured && fgoi_next_field(&c)) {
        if (tag->rows && matrix && is_repeated(c, tag, f, matrix)) return 0;
        found = read_up_to(&c, tag, measured, wanted, f, problem);
    } else if (found == measured && tag->optional_information) {
        f->has_information = 0;
        if (matrix) matrix->tag = NULL;
        return 0;
    }
    if (found < 0) return -1;
    if (found < wanted) return reject_count(tag, c.p, found, wanted, problem);
    if (fgoi_next_field(&c)) return reject_count(tag, c.p, found + 1, wanted, problem);
    if (tag->rows && matrix && matrix->length <= sizeof matrix->text) matrix->tag = tag;
    if (tag->kind == FGOI_TAG_VERTEX && c.p < c.end) read_time_comment(c, f);
    return 0;
}

int fgoi_read_fields(fgoi_cursor c, const fgoi_tag *tag, fgoi_fields *f, fgoi_misread *problem)
{
    return fgoi_read_next_fields(c, tag, f, NULL, problem);
}

int fgoi_decode_fields(const fgoi_tag *tag, const fgoi_fields *f, double value[FGOI_MAX_VALUE], fgoi_misread *problem)
{
    int bad = 0;
    const char *why = fgoi_tag_decode(tag, f->number, value, &bad);
    return why ? fgoi_reject(problem, f->number_at[bad], "%s", why) : 0;
}

void fgoi_information_place(const fgoi_tag *tag, int k, int *i, int *j)
{
    int packed = tag->information_order ? tag->information_order[k] : k, row = 0;
    while (packed >= tag->rows - row) packed -= tag->rows - row++;
    *i = row;
    *j = row + packed;
}

int fgoi_unpack_information(const fgoi_tag *tag, const fgoi_fields *f, double *Omega, fgoi_misread *problem)
{
    const double *number = f->number + tag->numbers;
    const int n = tag->rows;
    double W[FGOI_MAX_NUMBERS]; /* the upper triangle, packed by rows */
    if (tag->weight == FGOI_WEIGHT_SIGMAS) {
        memset(Omega, 0, (size_t)(n * n) * sizeof *Omega);
        for (int k = 0; k < n; k++) {
            if (!(number[k] > 0.0))
                return fgoi_reject(problem, f->number_at[tag->numbers + k], "a standard deviation must be positive");
            Omega[k * n + k] = 1.0 / (number[k] * number[k]);
        }
        return 0;
    }
    for (int k = 0; k < fgoi_tag_information(tag); k++) W[tag->information_order ? tag->information_order[k] : k] = number[k];
    if (tag->weight == FGOI_WEIGHT_ROOT) {
        fgoi_packed_gram(n, W, Omega);
        return 0;
    }
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) /* an order is a permutation: each place of W is written */
            Omega[i * n + j] = Omega[j * n + i] = W[fgoi_packed_at(n, i, j)]; /* NOLINT(*-core.uninitialized.Assign) */
    return 0;
}

int fgoi_pack_information(const fgoi_tag *tag, const double *Omega, double *number)
{
    const int n = tag->rows;
    double W[FGOI_MAX_NUMBERS]; /* the root: a pivot lost in rounding is zero, and so are the numbers right of it */
    if (tag->weight == FGOI_WEIGHT_SIGMAS) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (i == j ? !(Omega[i * n + i] > 0.0) : Omega[i * n + j] != 0.0) return -1;
        for (int i = 0; i < n; i++) number[i] = 1.0 / sqrt(Omega[i * n + i]);
        return 0;
    }
    if (tag->weight == FGOI_WEIGHT_ROOT) fgoi_packed_factor(n, Omega, 0.0, W);
    for (int k = 0, i, j; k < fgoi_tag_information(tag); k++) {
        fgoi_information_place(tag, k, &i, &j);
        number[k] = tag->weight == FGOI_WEIGHT_ROOT ? W[fgoi_packed_at(n, i, j)] : Omega[i * n + j];
    }
    return 0;
}

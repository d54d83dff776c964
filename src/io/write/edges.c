/* SPDX-License-Identifier: BSD-3-Clause */
/* edges.c -- lines of edges, and of the parameters that new edges need. */
#include "base/memory.h"
#include "factor/noise.h"
#include "io/format/conventions.h"
#include "io/format/weights.h"
#include "manifold/traits.h"
#include "writer.h"
#include <math.h>
#include <string.h>

static fgo_status fail_factor(fgoi_writer *w, size_t factor, const char *name)
{
    return fgoi_fail(FGO_ERROR_UNSUPPORTED, "factor %zu of class %s cannot be written in %s format", factor, name,
                     w->format->c.name);
}

static fgo_status fail_information(size_t factor, const fgoi_tag *tag)
{
    return fgoi_fail(FGO_ERROR_UNSUPPORTED,
                     "the information of factor %zu cannot be written in a %s line, which has standard deviations", factor,
                     tag->name);
}

/* Finds in *id the id of a parameter line with the k-th parameter of measurement z, and writes such a line if there is none.
 * Parameters that the factor does not hold are the identity. */
static fgo_status parameter_id(fgoi_writer *w, const fgoi_tag *edge, const fgo_factor_class *c, const double *z, int k,
                               int64_t *id)
{
    const fgoi_tag *tag = fgoi_tag_of_parameter(edge->parameter);
    const size_t at = (size_t)edge->value + (size_t)(k * tag->value);
    double value[FGOI_MAX_VALUE] = { 0 };
    fgoi_fields f = { .time = (double)NAN };
    fgoi_misread problem;
    fgoi_identity_of(fgoi_tag_manifold(tag->manifold[0], NULL), value);
    if ((at + (size_t)tag->value) * sizeof *z <= c->measurement_size) memcpy(value, z + at, (size_t)tag->value * sizeof *z);
    const fgoi_parameter *known = w->d ? fgoi_parameters_find(&w->d->parameters, edge, value) : NULL;
    if (!known) known = fgoi_parameters_find(&w->added, edge, value);
    if (!known) {
        while ((w->d && fgoi_keymap_find(&w->d->parameters.by_id, w->next_parameter) != FGOI_NO_VALUE) ||
               fgoi_keymap_find(&w->added.by_id, w->next_parameter) != FGOI_NO_VALUE)
            w->next_parameter++;
        f.id[0] = w->next_parameter;
        fgoi_tag_encode(tag, value, f.number);
        if (fgoi_parameters_add(&w->added, tag, &f, 0, &problem)) return fgoi_fail_memory();
        /* the row keeps the value itself: numbers come back from their text as they were, but cos and sin from an angle to
         * rounding only */
        memcpy(w->added.row[w->added.count - 1].value, value, (size_t)tag->value * sizeof *value);
        fgoi_put_element(w, tag, &f, FGOI_NO_LINE);
        fgoi_put_end(w, &f, FGOI_NO_LINE, 0);
        known = &w->added.row[w->added.count - 1];
    }
    *id = known->id;
    return FGO_OK;
}

/* Computes the numbers that a line of this row has for Omega, to `number`. Changes Omega. */
static fgo_status pack(fgoi_writer *w, size_t factor, const fgoi_tag *tag, const double *z, double *Omega, double *number)
{
    fgoi_tag room;
    if (!fgoi_weights_plain(&w->weights)) {
        const int convention = fgoi_convention_of(fgo_graph_factor_class(w->g, factor));
        const char *wrong = fgoi_weights_export(&w->weights, convention, tag, z, Omega);
        if (wrong) return fgoi_fail(FGO_ERROR_UNSUPPORTED, "factor %zu: %s", factor, wrong);
    }
    const fgoi_tag *row = fgoi_weights_row(&w->weights, tag, &room);
    return fgoi_pack_information(row, Omega, number) ? fail_information(factor, tag) : FGO_OK;
}

fgo_status fgoi_put_factor(fgoi_writer *w, size_t factor)
{
    const fgo_factor_class *c = fgo_graph_factor_class(w->g, factor);
    const fgoi_tag *tag = fgoi_tag_of_factor(w->format, c);
    if (!tag && !w->convert && !fgoi_writes_table(w)) tag = fgoi_tag_of_factor(NULL, c);
    double Omega[FGOI_MAX_ROWS * FGOI_MAX_ROWS];
    int64_t keys[FGO_MAX_ARITY];
    fgoi_fields f = { .time = (double)NAN, .has_information = 1 };
    const double *z = fgo_graph_factor_measurement(w->g, factor);
    fgo_status status = FGO_OK;
    if (!tag) return fail_factor(w, factor, c->name);
    fgo_graph_factor_keys(w->g, factor, keys);
    memcpy(f.id, keys, (size_t)tag->ids * sizeof *keys);
    for (int k = 0; k < tag->parameters && !status; k++) status = parameter_id(w, tag, c, z, k, &f.id[tag->ids + k]);
    if (status) return status;
    fgoi_tag_encode(tag, z, f.number);
    fgo_graph_factor_information(w->g, factor, Omega);
    if ((status = pack(w, factor, tag, z, Omega, f.number + tag->numbers))) return status;
    fgoi_put_element(w, tag, &f, FGOI_NO_LINE);
    fgoi_put_end(w, &f, FGOI_NO_LINE, 0);
    w->factor_done[factor] = 1;
    return FGO_OK;
}

/* Computes the Omega of an edge line. *same becomes 1 if the factor is still weighted with it; else it becomes 0 and `Omega` the
 * factor's current one. The graph keeps whitening matrices only, so the line's whitening matrix is computed once more and
 * compared. */
static fgo_status line_information(fgoi_writer *w, size_t factor, const fgoi_tag *tag, const fgoi_fields *f, const double *z,
                                   double *Omega, int *same)
{
    const fgoi_factor_location place = w->g->location[factor];
    const size_t packed = fgoi_packed(tag->rows);
    double W[FGOI_MAX_NUMBERS];
    int projected;
    fgoi_misread problem;
    fgoi_line_information(w->d, tag, f, z, Omega, &problem);
    const int unit = !f->has_information && !w->d->weights.residual;
    /* fgo_noise_projected gives the same as fgo_noise_information for a matrix that needs no projection */
    const fgo_noise noise = unit ? fgo_noise_unit() : fgo_noise_projected(Omega);
    fgo_status status = fgoi_whitening(&noise, tag->rows, W, &projected);
    if (status) return status;
    *same = memcmp(W, w->g->group[place.group].W + place.index * packed, packed * sizeof *W) == 0;
    return *same ? FGO_OK : fgo_graph_factor_information(w->g, factor, Omega);
}

/* Returns the current number of the factor that a line was read as; FGOI_NO_VALUE if there is none any more. */
static size_t factor_of_line(const fgoi_writer *w, size_t line)
{
    return fgoi_renumbered(&w->g->file_factor, w->d->line[line].number);
}

/* Writes an edge line again in row `to`. Numbers that are still the same keep the values of the line. */
static fgo_status rewrite_edge(fgoi_writer *w, size_t line, const fgoi_tag *tag, const fgoi_tag *to, fgoi_fields *f, int same,
                               int same_information, double *Omega)
{
    const size_t factor = factor_of_line(w, line);
    const fgo_factor_class *c = fgo_graph_factor_class(w->g, factor);
    const double *z = fgo_graph_factor_measurement(w->g, factor);
    double information[FGOI_MAX_NUMBERS];
    fgoi_tag from_room, to_room;
    fgo_status status = FGO_OK;
    for (int k = 0; k < to->parameters && !same && !status; k++) status = parameter_id(w, to, c, z, k, &f->id[to->ids + k]);
    if (status) return status;
    const int same_weights = fgoi_same_weights(w);
    const int implied =
        same_information && same_weights && !f->has_information && (to->optional_information || fgoi_writes_table(w));
    const fgoi_tag *from_row = fgoi_weights_row(&w->d->weights, tag, &from_room);
    const fgoi_tag *to_row = fgoi_weights_row(&w->weights, to, &to_room);
    if (same_information && same_weights && f->has_information && to_row->weight == from_row->weight &&
        to_row->information_order == from_row->information_order)
        memcpy(information, f->number + tag->numbers, (size_t)fgoi_tag_information(tag) * sizeof *information);
    else if ((status = pack(w, factor, to, z, Omega, information)))
        return status;
    if (!same || to->decode != tag->decode) fgoi_tag_encode(to, z, f->number);
    memcpy(f->number + to->numbers, information, (size_t)fgoi_tag_information(to) * sizeof *information);
    f->has_information = !implied;
    fgoi_put_element(w, to, f, line);
    fgoi_put_end(w, f, line, 0);
    return FGO_OK;
}

fgo_status fgoi_put_edge_line(fgoi_writer *w, size_t line, const fgoi_tag *tag)
{
    if (w->d->line[line].number == FGOI_NO_VALUE) { /* an edge between vertices that were merged */
        if (!w->relayout && !fgoi_names_removed(w, line, (size_t)tag->ids, 1)) fgoi_put_raw(w, line);
        return FGO_OK;
    }
    const size_t factor = factor_of_line(w, line);
    if (!fgoi_has_factor(w->g, factor)) return FGO_OK; /* removed since the file was read */
    const fgo_factor_class *c = fgo_graph_factor_class(w->g, factor);
    const double *z = fgo_graph_factor_measurement(w->g, factor);
    fgoi_fields f;
    double value[FGOI_MAX_VALUE], Omega[FGOI_MAX_ROWS * FGOI_MAX_ROWS];
    int same_information;
    w->factor_done[factor] = 1;
    fgoi_read_again(w, line, tag, &f, value);
    const int same = memcmp(value, z, c->measurement_size) == 0;
    fgo_status status = line_information(w, factor, tag, &f, z, Omega, &same_information);
    if (status) return status;
    if (same && same_information && fgoi_same_weights(w) && fgoi_keeps_format(w, tag)) {
        fgoi_put_raw(w, line);
        return FGO_OK;
    }
    const int keeps = fgoi_keeps_format(w, tag) || (fgoi_writes_table(w) && fgoi_tag_has_columns(tag));
    const fgoi_tag *to = keeps ? tag : fgoi_tag_of_factor(w->format, c);
    if (!to) return fail_factor(w, factor, c->name);
    return rewrite_edge(w, line, tag, to, &f, same, same_information, Omega);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* parameters.h -- numbers that edges share: a sensor's pose, a camera. Edges name them by id; factors hold them as a part
 * of their measurement. */
#ifndef FGOI_IO_PARAMETERS_H
#define FGOI_IO_PARAMETERS_H
#include "base/keymap.h"
#include "fields.h"

typedef struct fgoi_parameter {
    int64_t id;
    const fgoi_tag *tag;
    double value[FGOI_MAX_VALUE];
    size_t line; /* from 1 */
} fgoi_parameter;

typedef struct fgoi_parameters {
    fgoi_parameter *row;
    size_t count, capacity;
    fgoi_keymap by_id;
} fgoi_parameters;

/* Adds a parameter. Returns 0, -1 with the problem if the id exists or the numbers are wrong, -2 when out of memory. */
int fgoi_parameters_add(fgoi_parameters *all, const fgoi_tag *tag, const fgoi_fields *f, size_t line, fgoi_misread *problem);
void fgoi_parameters_free(fgoi_parameters *all);

/* Decodes a whole measurement: the fields as fgoi_decode_fields does, then the parameters that the line names. Returns 0, or -1
 * with the problem. */
int fgoi_decode_measurement(const fgoi_parameters *all, const fgoi_tag *tag, const fgoi_fields *f, double value[FGOI_MAX_VALUE],
                            fgoi_misread *problem);

/* Returns a parameter with this value that an edge may name; NULL if there is none. */
const fgoi_parameter *fgoi_parameters_find(const fgoi_parameters *all, const fgoi_tag *edge, const double *value);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* classes.h -- the rows of the built-in factor classes. */
#ifndef FGOI_REGISTRY_CLASSES_H
#define FGOI_REGISTRY_CLASSES_H
#include <fgopt/registry.h>

extern const fgo_factor_registration *const fgoi_factor_rows[]; /* NULL at the end */

/* Returns what is wrong with the fields of a row as a description of the measurement of class c; NULL if nothing is. */
const char *fgoi_fields_fault(const fgo_factor_registration *row, const fgo_factor_class *c);
#endif

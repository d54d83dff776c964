/* SPDX-License-Identifier: BSD-3-Clause */
/* weights.h -- the meaning of the numbers after a measurement where the tag's meaning does not apply (fgo_weights in io.h).
 *
 * To first order in its own size, the residual of convention X is e_X = M_X e_g2o, where M_X depends on the measurement
 * z = (t_z, R_z) only. Hence Omega_g2o = M_X' Omega_X M_X, which gives the same chi2. */
#ifndef FGOI_IO_WEIGHTS_H
#define FGOI_IO_WEIGHTS_H
#include "base/error.h"
#include "fields.h"

/* Checks weights. Returns FGO_ERROR_ARGUMENT if there is no such residual, form or order. */
fgo_status fgoi_weights_check(const fgo_weights *w);

/* Returns 1 if the numbers have the meaning of their tag. */
static inline int fgoi_weights_plain(const fgo_weights *w) { return !w->residual && !w->form && !w->order; }

/* Returns the row according to which the numbers are read, in another order or as a root: `tag` or *room. */
const fgoi_tag *fgoi_weights_row(const fgo_weights *w, const fgoi_tag *tag, fgoi_tag *room);

/* Replaces the matrix that a line has, or the identity if it has none, by Omega for a factor in `convention` with measurement z;
 * fgoi_weights_export does the reverse. Returns NULL, or what is wrong. */
const char *fgoi_weights_import(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega);
const char *fgoi_weights_export(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega);
#endif

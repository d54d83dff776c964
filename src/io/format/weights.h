/* SPDX-License-Identifier: BSD-3-Clause */
/* weights.h -- what the numbers after a measurement say, if not what their tag says (fgo_weights in io.h).
 *
 * To first order in its own size, the residual of convention X is e_X = M_X e_g2o, where M_X depends on the measurement
 * z = (t_z, R_z) only. Hence Omega_g2o = M_X' Omega_X M_X, which gives the same chi2. */
#ifndef FGOI_IO_WEIGHTS_H
#define FGOI_IO_WEIGHTS_H
#include "base/error.h"
#include "fields.h"

/* FGO_ERROR_ARGUMENT if there is no such residual, form or order. */
fgo_status fgoi_weights_check(const fgo_weights *w);

/* 1 if the numbers say what their tag says. */
static inline int fgoi_weights_plain(const fgo_weights *w) { return !w->residual && !w->form && !w->order; }

/* The row as its numbers are to be taken: in another order, or a root. Returns tag or *room. */
const fgoi_tag *fgoi_weights_row(const fgo_weights *w, const fgoi_tag *tag, fgoi_tag *room);

/* Omega for a factor in `convention` with measurement z, in place of the matrix that a line has or, with no
 * information, of the identity; and back. NULL, or what is wrong. */
const char *fgoi_weights_import(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega);
const char *fgoi_weights_export(const fgo_weights *w, int convention, const fgoi_tag *tag, const double *z, double *Omega);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* conventions.h -- which class has the residual of another in a convention. */
#ifndef FGOI_IO_CONVENTIONS_H
#define FGOI_IO_CONVENTIONS_H
#include <fgopt/factors.h>
#include <fgopt/io.h>

/* Returns the class with the residual of c in a convention: c itself if it is the same in all conventions, NULL if the convention
 * has none. */
const fgo_factor_class *fgoi_class_in(const fgo_factor_class *c, int convention);
/* Returns the convention that a class belongs to; -1 if it is the same in all. */
int fgoi_convention_of(const fgo_factor_class *c);
#endif

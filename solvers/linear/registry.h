/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h -- the built-in linear solvers: one row each, from which option names, help, `auto` and tests come.
 *
 * To add one: a file that defines `const fgo_linear_solver_class fgoi_linear_NAME`, and a row here. */
#ifndef FGOI_LINEAR_REGISTRY_H
#define FGOI_LINEAR_REGISTRY_H
#include <fgopt/linear_solver.h>

/* ROW(NAME, PREFERENCE, HELP), in the order of fgo_linear_solver's numbers, from 1 on. Of several solvers with the wanted
 * capabilities the one with the highest preference is used. */
#define FGOI_LINEAR_SOLVERS(ROW)                                                                                                 \
    ROW(cholmod, 2, "sparse")                                                                                                    \
    ROW(dense, 1, "LAPACK, for small graphs")                                                                                    \
    ROW(block, 3, "sparse, made for factor graphs")                                                                              \
    ROW(cgls, 0, "conjugate gradients on J")

#define FGOI_DECLARE(NAME, PREFERENCE, HELP) extern const fgo_linear_solver_class fgoi_linear_##NAME;
FGOI_LINEAR_SOLVERS(FGOI_DECLARE)
#undef FGOI_DECLARE

/* Returns the class for an fgo_linear_solver; NULL if there is none, as for FGO_LINEAR_AUTO. */
const fgo_linear_solver_class *fgoi_linear_find(int linear_solver);

/* Returns the number, an fgo_linear_solver, of the preferred solver with these capabilities; 0 if there is none. */
int fgoi_linear_with(unsigned capabilities);

/* Returns the class of the preferred solver with these capabilities; NULL if there is none. */
const fgo_linear_solver_class *fgoi_linear_class_with(unsigned capabilities);
#endif

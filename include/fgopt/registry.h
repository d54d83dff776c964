/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h -- the factor classes (one row each, registration.h) and the manifolds that a process knows. Files, reports, checks
 * and Python iterate over them; users register their own. A shared library that does so in a function
 * `fgo_status fgopt_extension(void)` can be loaded by the program and by Python.
 *
 *     static const fgo_factor_registration row = { .size = sizeof row, .name = "range", .c = &fgo_range, ... };
 *     fgo_status status = fgo_register_factor_class(&row);
 */
#ifndef FGOPT_REGISTRY_H
#define FGOPT_REGISTRY_H
#include <fgopt/registration.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns row i: first the built-in rows in the order of factors.h, then the registered ones in their order; NULL past the end.
 * Rows stay where they are as long as the process lives. */
FGO_API const fgo_factor_registration *fgo_factor_class_row(size_t i);

/* Returns the row with a class of this name, siblings included; NULL if there is none. */
FGO_API const fgo_factor_registration *fgo_factor_class_find(const char *name);

/* Returns the row of a class or of the copy that a graph keeps of it, siblings included; NULL if it is not registered. */
FGO_API const fgo_factor_registration *fgo_factor_class_row_of(const fgo_factor_class *c);

/* Adds a row for the whole process, from any thread; the row and what it points to must live as long as the process. Registering
 * the same row again does nothing. FGO_ERROR_ARGUMENT if the row is not valid: a class without evaluate; fields that overlap, do
 * not fit into the measurement, or leave some of it out; a tag with more than two variables, six rows or 28 numbers a line.
 * FGO_ERROR_TYPE if another class with that name, or another class or manifold with that tag is registered, FGO_ERROR_TOO_LARGE
 * after 1024 rows. */
FGO_API fgo_status fgo_register_factor_class(const fgo_factor_registration *row);

/* Adds a manifold for the whole process, from any thread: fgo_manifold_find and Python find it by its name, g2o files have the
 * tag of its traits. *m and what it points to must live as long as the process. Registering the same manifold again does nothing.
 * Graphs take manifolds that are not registered, too. FGO_ERROR_ARGUMENT if the manifold or its traits are not in order, or it
 * has a tag and more than 24 numbers; FGO_ERROR_TYPE if it has the name of another manifold, or the tag of another manifold or
 * class; FGO_ERROR_TOO_LARGE after 256 manifolds. */
FGO_API fgo_status fgo_register_manifold(const fgo_manifold *m);

#ifdef __cplusplus
}
#endif
#endif

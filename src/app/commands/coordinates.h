/* SPDX-License-Identifier: BSD-3-Clause */
/* coordinates.h -- what the numbers of a variable are, and the degrees of freedom that it moves in, by the traits of its manifold. */
#ifndef CLI_COORDINATES_H
#define CLI_COORDINATES_H
#include "shell/json.h"

/* Writes "x y (m), cos sin; moves by x y (m), angle (rad)" to text, as far as it fits; nothing if the manifold names neither. */
void coordinates_describe(const fgo_manifold *m, char *text, size_t size);

/* Writes the names and units as an object whose key is the name of the manifold, as empty lists where there are none. */
void coordinates_write(cli_json *json, const fgo_manifold *m);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* coordinates.h -- names of the numbers of a variable and of its degrees of freedom, by the traits of its manifold. */
#ifndef CLI_COORDINATES_H
#define CLI_COORDINATES_H
#include "shell/json.h"

/* Writes "x y (m), cos sin; moves by x y (m), angle (rad)" to `text`, cut at `size` bytes; writes "" if manifold m names neither
 * its numbers nor its degrees of freedom. */
void coordinates_describe(const fgo_manifold *m, char *text, size_t size);

/* Writes the names and units as a JSON object whose key is the name of manifold m; where there are none, the lists are empty. */
void coordinates_write(cli_json *json, const fgo_manifold *m);
#endif

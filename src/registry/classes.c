/* SPDX-License-Identifier: BSD-3-Clause */
/* classes.c -- the table of built-in factor classes, in the order of factors.h. Each row stands in the file of its class (factors/row.h). */
#include "classes.h"
#include "registry/factor_rows.h" /* made by the build: FGOI_FACTOR_ROWS(ROW) */
#include <stddef.h>

#define DECLARE(NAME) extern const fgo_factor_registration fgoi_row_##NAME;
FGOI_FACTOR_ROWS(DECLARE)

#define ROW(NAME) &fgoi_row_##NAME,
const fgo_factor_registration *const fgoi_factor_rows[] = { FGOI_FACTOR_ROWS(ROW) NULL };

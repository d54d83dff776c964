/* SPDX-License-Identifier: BSD-3-Clause */
/* number.h -- converts decimal numbers to doubles and integers and back: correctly rounded, and with a decimal point whatever the
 * locale of the program. The slow path of parsing, and formatting, use libc, so callers must be in the C locale
 * (base/c_locale.h). */
#ifndef FGOI_IO_NUMBER_H
#define FGOI_IO_NUMBER_H
#include <stdint.h>

enum { FGOI_NUMBER_SIZE = 32 }; /* bytes that fgoi_format_double needs: sign, 17 digits, point, exponent, NUL */

typedef enum fgoi_number_result { FGOI_NUMBER_OK = 0, FGOI_NUMBER_MALFORMED, FGOI_NUMBER_TOO_LARGE } fgoi_number_result;

/* Returns whether c separates fields within a line. */
static inline int fgoi_is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

/* Reads the number at p, which ends at the next blank or at `end`, as [+-] digits [. digits] [e [+-] digits]. *after becomes the
 * first byte after it. The byte at `end` must be readable and not part of a number. In the C locale only. */
fgoi_number_result fgoi_parse_double(const char *p, const char *end, const char **after, double *x);
/* Reads [+-] digits within 64 bits, in the same manner as fgoi_parse_double. */
fgoi_number_result fgoi_parse_int64(const char *p, const char *end, const char **after, int64_t *x);

/* Writes x with the fewest of 15, 16 or 17 significant digits that read back as x. Returns the length. In the C locale
 * only. */
int fgoi_format_double(char out[FGOI_NUMBER_SIZE], double x);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_number.c -- any bytes as a number: what is read is what strtod and strtoll read, and what is written reads back.
 */
#include "base/c_locale.h"
#include "fuzz.h"
#include "io/text/number.h"
#include <errno.h>
#include <math.h>

static void check_double(const char *text, size_t size)
{
    double x = 0.0, again;
    const char *after;
    char *end, digits[FGOI_NUMBER_SIZE];
    if (fgoi_parse_double(text, text + size, &after, &x) != FGOI_NUMBER_OK) return;
    const double expected = strtod(text, &end);
    fuzz_require(isfinite(x) && after == end && memcmp(&x, &expected, sizeof x) == 0);
    const int length = fgoi_format_double(digits, x);
    fuzz_require(length > 0 && length < FGOI_NUMBER_SIZE && digits[length] == '\0');
    fuzz_require(fgoi_parse_double(digits, digits + length, &after, &again) == FGOI_NUMBER_OK);
    fuzz_require(memcmp(&x, &again, sizeof x) == 0 && after == digits + length);
}

static void check_int64(const char *text, size_t size)
{
    int64_t x;
    const char *after;
    char *end;
    if (fgoi_parse_int64(text, text + size, &after, &x) != FGOI_NUMBER_OK) return;
    errno = 0;
    fuzz_require(strtoll(text, &end, 10) == x && errno == 0 && end == after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fgoi_c_locale locale;
    char *text = fuzz_text(data, size);
    fuzz_require(fgoi_c_locale_enter(&locale) == 0);
    check_double(text, size);
    check_int64(text, size);
    fgoi_c_locale_leave(&locale);
    free(text);
    return 0;
}

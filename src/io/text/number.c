/* SPDX-License-Identifier: BSD-3-Clause */
/* number.c -- reads eight digits at a time into 64 bits. Where the digits and the power of ten are exact doubles, one operation
 * rounds; else strtod does. */
#include "number.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* A decimal number taken apart: (-1)^negative * digits * 10^exponent. */
typedef struct decimal {
    uint64_t digits;
    int64_t exponent;
    int significant; /* digits from the first nonzero one on, counted to 20: more than 19 do not fit `digits` */
    int negative;
} decimal;

/* Reads digits into d and returns the byte after them; each digit adds `scale` to the exponent. */
static const char *take_digits(const char *p, const char *end, decimal *d, int scale)
{
    for (; p < end && is_digit(*p); p++) {
        d->exponent += scale;
        if (d->significant == 0 && *p == '0') continue;
        if (d->significant < 20) d->significant++;
        if (d->significant <= 19) d->digits = 10 * d->digits + (uint64_t)(*p - '0');
    }
    return p;
}

/* Reads the exponent at p and returns the byte after it; NULL if it has no digits. */
static const char *take_exponent(const char *p, const char *end, decimal *d)
{
    const int64_t cap = 1000000; /* far beyond any double, and far from overflow in the sum */
    int negative = 0;
    int64_t e = 0;
    if (p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    if (p == end || !is_digit(*p)) return NULL;
    for (; p < end && is_digit(*p); p++) e = e < cap ? 10 * e + (*p - '0') : cap;
    d->exponent += negative ? -e : e;
    return p;
}

static const char *take_decimal(const char *p, const char *end, decimal *d)
{
    if (p < end && (*p == '-' || *p == '+')) d->negative = *p++ == '-';
    const char *whole = p;
    p = take_digits(p, end, d, 0);
    long count = p - whole;
    if (p < end && *p == '.') {
        const char *fraction = ++p;
        p = take_digits(p, end, d, -1);
        count += p - fraction;
    }
    if (count == 0) return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) p = take_exponent(p + 1, end, d);
    if (!p || (p < end && !fgoi_is_blank(*p))) return NULL;
    return p;
}

/* Returns how many digits are at p, from 0 to 8, and their value in *x. Eight bytes at p must be readable. All digits are
 * converted at once in one word, first as pairs, then as fours (D. Lemire, "Quickly parsing eight digits", 2018): the lengths of
 * numbers have no pattern that a processor could learn, so a loop over digits would cost a wrong branch prediction per number. */
static inline int take_eight(const char *p, uint64_t *x)
{
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    memcpy(&v, p, sizeof v);
    v ^= UINT64_C(0x3030303030303030); /* a digit becomes its value, another byte more than 9; */
    const uint64_t other = ((v & UINT64_C(0x7F7F7F7F7F7F7F7F)) + UINT64_C(0x7676767676767676)) | v;
    const uint64_t stop = other & UINT64_C(0x8080808080808080); /* the high bit of each that is none */
    const int n = stop ? __builtin_ctzll(stop) / 8 : 8;
    v = n ? v << (64 - 8 * n) : 0; /* zeros in front of the digits */
    v = (v * 10 + (v >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    v = (v * 100 + (v >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
    *x = (v * 10000 + (v >> 32)) & UINT64_C(0xFFFFFFFF);
    return n;
#else
    int n = 0;
    for (*x = 0; n < 8 && is_digit(p[n]); n++) *x = 10 * *x + (uint64_t)(p[n] - '0');
    return n;
#endif
}

/* Appends the digits at p to *digits, modulo 2^64, and returns the byte after them. The byte at the end of a field is not part of
 * a number, so the end is not tested at each digit. */
static inline const char *take_run(const char *p, const char *end, uint64_t *digits)
{
    static const uint64_t ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
    int n = 8;
    for (; n == 8 && end - p >= 8; p += n) {
        uint64_t x;
        n = take_eight(p, &x);
        *digits = ten[n] * *digits + x;
    }
    for (; n == 8 && is_digit(*p); p++) *digits = 10 * *digits + (uint64_t)(*p - '0');
    return p;
}

/* Reads a number as nearly all are: at most 19 digits, which fit 64 bits, with a point or without, and no exponent. Returns the
 * byte after it; NULL if the number is another. */
static inline const char *take_short(const char *p, const char *end, decimal *d)
{
    d->negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *first = p;
    p = take_run(p, end, &d->digits);
    long count = p - first;
    if (*p == '.') {
        const char *fraction = ++p;
        p = take_run(p, end, &d->digits);
        d->exponent = fraction - p;
        count += p - fraction;
    }
    return count == 0 || count > 19 || *p == 'e' || *p == 'E' ? NULL : p;
}

fgoi_number_result fgoi_parse_double(const char *p, const char *end, const char **after, double *x)
{
    static const double ten[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    decimal d = { 0, 0, 0, 0 };
    const char *rest = p < end ? take_short(p, end, &d) : NULL;
    if (!rest || (rest < end && !fgoi_is_blank(*rest))) {
        d = (decimal){ 0, 0, 0, 0 };
        rest = take_decimal(p, end, &d);
    }
    if (!rest) return FGOI_NUMBER_MALFORMED;
    *after = rest;
    /* digits and power of ten are both exact doubles here, so one operation rounds once (W. Clinger, "How to read floating point
     * numbers accurately", PLDI 1990); strtod reads all other numbers */
    if (d.significant <= 19 && d.digits <= (UINT64_C(1) << 53) && d.exponent >= -22 && d.exponent <= 22) {
        double magnitude = (double)(int64_t)d.digits;
        magnitude = d.exponent < 0 ? magnitude / ten[-d.exponent] : magnitude * ten[d.exponent];
        *x = d.negative ? -magnitude : magnitude;
        return FGOI_NUMBER_OK;
    }
    *x = strtod(p, NULL);
    return isfinite(*x) ? FGOI_NUMBER_OK : FGOI_NUMBER_TOO_LARGE;
}

fgoi_number_result fgoi_parse_int64(const char *p, const char *end, const char **after, int64_t *x)
{
    enum { SAFE = 18 }; /* digits that cannot overflow */
    int negative = 0, too_large = 0;
    uint64_t magnitude = 0;
    if (p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    const char *first = p;
    if (end - p >= 8) p += take_eight(p, &magnitude);
    for (; p < end && p < first + SAFE && is_digit(*p); p++) magnitude = 10 * magnitude + (uint64_t)(*p - '0');
    for (; p < end && is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (magnitude > (UINT64_MAX - digit) / 10)
            too_large = 1;
        else
            magnitude = 10 * magnitude + digit;
    }
    if (p == first || (p < end && !fgoi_is_blank(*p))) return FGOI_NUMBER_MALFORMED;
    *after = p;
    if (too_large || magnitude > (uint64_t)INT64_MAX + (uint64_t)negative) return FGOI_NUMBER_TOO_LARGE;
    if (negative)
        *x = magnitude > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)magnitude;
    else
        *x = (int64_t)magnitude;
    return FGOI_NUMBER_OK;
}

int fgoi_format_double(char out[FGOI_NUMBER_SIZE], double x)
{
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(out, FGOI_NUMBER_SIZE, "%.*g", digits, x);
        double back = 0.0;
        const char *after;
        if (fgoi_parse_double(out, out + length, &after, &back) == FGOI_NUMBER_OK && back == x) break;
    }
    return length;
}

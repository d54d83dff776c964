/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.c -- robust losses rho(s); formulas and sources in factor.h. */
#include "loss.h"
#include "base/error.h"
#include <ctype.h>
#include <fgopt/factor.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    double width;
} kinds[] = {
    [FGO_LOSS_NONE] = { "none", 1.0 },        [FGO_LOSS_HUBER] = { "huber", 1.345 },
    [FGO_LOSS_CAUCHY] = { "cauchy", 2.3849 }, [FGO_LOSS_GEMAN_MCCLURE] = { "geman-mcclure", 1.0 },
    [FGO_LOSS_TUKEY] = { "tukey", 4.6851 },   [FGO_LOSS_WELSCH] = { "welsch", 2.9846 },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const char *fgo_loss_name(fgo_loss_kind kind) { return (unsigned)kind < KINDS ? kinds[kind].name : NULL; }

/* The square of the width is a normal number, so no loss is 0 / 0 or infinity times 0. */
int fgoi_loss_takes_width(double width) { return width >= 1e-100 && width <= 1e100; }

/* A number with a decimal point, whatever the locale; NaN if the text is anything else. */
static double number(const char *text)
{
    double value = NAN;
    char *end;
    locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!c) return NAN;
    locale_t host = uselocale(c);
    if (*text && !isspace((unsigned char)*text)) {
        value = strtod(text, &end);
        if (*end) value = NAN;
    }
    uselocale(host);
    freelocale(c);
    return value;
}

fgo_status fgo_loss_parse(const char *text, fgo_loss *out)
{
    if (!text || !out) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_loss_parse: NULL argument");
    size_t length = strcspn(text, ":");
    for (int k = 0; k < KINDS; k++) {
        if (strlen(kinds[k].name) != length || strncmp(kinds[k].name, text, length) != 0) continue;
        fgo_loss loss = { (fgo_loss_kind)k, kinds[k].width };
        if (text[length]) loss.width = number(text + length + 1);
        if (!fgoi_loss_takes_width(loss.width))
            return fgoi_fail(FGO_ERROR_ARGUMENT, "loss '%.60s': the width must be a number from 1e-100 to 1e100", text);
        *out = loss;
        return FGO_OK;
    }
    return fgoi_fail(
        FGO_ERROR_ARGUMENT,
        "unknown loss '%.60s'; one of none, huber, cauchy, geman-mcclure, tukey, welsch, each with an optional :WIDTH", text);
}

void fgo_loss_evaluate(fgo_loss loss, double s, double *rho, double *rho_prime)
{
    const double k2 = loss.width * loss.width, u2 = s / k2;
    switch (loss.kind) {
    case FGO_LOSS_HUBER:
        if (u2 <= 1.0) break;
        *rho = 2.0 * loss.width * sqrt(s) - k2;
        *rho_prime = loss.width / sqrt(s);
        return;
    case FGO_LOSS_CAUCHY:
        *rho = k2 * (u2 < INFINITY ? log1p(u2) : log(s) - log(k2));
        *rho_prime = 1.0 / (1.0 + u2);
        return;
    case FGO_LOSS_GEMAN_MCCLURE:
        *rho = u2 < 1.0 ? s / (1.0 + u2) : k2 / (1.0 + k2 / s); /* u2 may be infinite: then k^2, not 0 */
        *rho_prime = 1.0 / ((1.0 + u2) * (1.0 + u2));
        return;
    case FGO_LOSS_TUKEY: {
        const double v = u2 < 1.0 ? 1.0 - u2 : 0.0;
        *rho = u2 < 1.0 ? s * (1.0 - u2 + u2 * u2 / 3.0) : k2 / 3.0; /* k^2/3 (1 - v^3) without its cancellation at 0 */
        *rho_prime = v * v;
        return;
    }
    case FGO_LOSS_WELSCH:
        *rho = -k2 * expm1(-u2);
        *rho_prime = exp(-u2);
        return;
    case FGO_LOSS_NONE: break;
    }
    *rho = s;
    *rho_prime = 1.0;
}

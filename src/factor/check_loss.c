/* SPDX-License-Identifier: BSD-3-Clause */
/* check_loss.c -- is a loss class right? From its values alone, at numbers that no author thinks of. */
#include "base/refuse.h"
#include "base/sized.h"
#include "loss.h"
#include <math.h>

static const double STEP = 1.0905077326652577; /* 2^(1/8), the ratio of one s to the next where differences are taken */

typedef struct {
    const fgo_loss *loss;
    fgo_loss_report report;
} check;

static void evaluate(const check *k, double s, double *rho, double *rho_prime)
{
    k->loss->loss_class->evaluate(k->loss->loss_class, k->loss->parameter, s, rho, rho_prime);
}

static double rho_at(const check *k, double s)
{
    double rho, rho_prime;
    evaluate(k, s, &rho, &rho_prime);
    return rho;
}

/* Notes a fault at s, if no worse one has been found. */
static void note(check *k, fgo_loss_fault fault, double s)
{
    if (k->report.fault && k->report.fault <= (int)fault) return;
    k->report.fault = (int)fault;
    k->report.s = s;
    evaluate(k, s, &k->report.rho, &k->report.rho_prime);
}

/* Checks the values at 0, and from one power of ten to the next: they must be finite and never fall. */
static void check_values(check *k)
{
    double before, slope;
    evaluate(k, 0.0, &before, &slope);
    if (!isfinite(before) || !isfinite(slope)) note(k, FGO_LOSS_FAULT_FINITE, 0.0);
    if (before != 0.0) note(k, FGO_LOSS_FAULT_ORIGIN, 0.0);
    if (fabs(slope - 1.0) > 1e-12) note(k, FGO_LOSS_FAULT_SLOPE, 0.0);
    for (int e = -300; e <= 300; e++)
        for (int digit = 1; digit < (e < 300 ? 10 : 2); digit += 2) {
            const double s = (digit + 0.37) * pow(10.0, e);
            double rho, rho_prime;
            evaluate(k, s, &rho, &rho_prime);
            if (!isfinite(rho) || !isfinite(rho_prime)) note(k, FGO_LOSS_FAULT_FINITE, s);
            if (rho_prime < 0.0 || rho < before - 1e-12 * fabs(before)) note(k, FGO_LOSS_FAULT_MONOTONE, s);
            before = rho;
        }
}

/* Computes the derivative at s by central differences of halved steps, extrapolated to step 0: returns the entry of the table
 * that differs least from its neighbours in the table. */
static double differentiate(const check *k, double s)
{
    enum { LEVELS = 14, ORDERS = 4 };
    double above[ORDERS] = { 0 }, row[ORDERS] = { 0 }, best = NAN, least = INFINITY, h = s / 8.0;
    for (int i = 0; i < LEVELS; i++, h *= 0.5) {
        double power = 4.0;
        row[0] = (rho_at(k, s + h) - rho_at(k, s - h)) / ((s + h) - (s - h));
        for (int j = 1; j < ORDERS && j <= i; j++, power *= 4.0) {
            row[j] = (power * row[j - 1] - above[j - 1]) / (power - 1.0);
            const double uncertainty = fmax(fabs(row[j] - row[j - 1]), fabs(row[j] - above[j - 1]));
            if (uncertainty < least) {
                least = uncertainty;
                best = row[j];
            }
        }
        for (int j = 0; j < ORDERS; j++) above[j] = row[j];
    }
    return best;
}

/* Checks rho' against differences of rho, and the growth of rho from one s to the next against the integral of rho' (Simpson). */
static void check_derivative(check *k)
{
    for (double s = 1.0371e-20; s < 1e20; s *= STEP) {
        double rho, slope, next, next_slope, middle, middle_slope;
        const double length = s * (STEP - 1.0);
        evaluate(k, s, &rho, &slope);
        evaluate(k, s + length, &next, &next_slope);
        evaluate(k, s + 0.5 * length, &middle, &middle_slope);
        const double scale = fmax(fabs(slope), fabs(rho) / (1000.0 * s));
        const double error = scale > 0.0 ? fabs(slope - differentiate(k, s)) / scale : 0.0;
        if (!(error <= k->report.error)) k->report.error = error;
        if (!(error <= 1e-5)) note(k, FGO_LOSS_FAULT_DERIVATIVE, s);
        const double integral = length / 6.0 * (slope + 4.0 * middle_slope + next_slope);
        const double allowed =
            length * fmax(slope, next_slope) + 1e-12 * (fabs(rho) + fabs(next)); /* as much as a kink may add */
        if (!(fabs(next - rho - integral) <= allowed)) note(k, FGO_LOSS_FAULT_JUMP, s);
    }
}

fgo_status fgo_check_loss_sized(const fgo_loss_class *c, const double *parameter, fgo_loss_report *out, size_t out_size)
{
    fgo_loss loss = { c, { 0 } };
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    for (int i = 0; i < FGO_LOSS_PARAMETERS && i < c->parameters; i++)
        loss.parameter[i] = parameter ? parameter[i] : c->parameter[i].default_value;
    const fgo_status status = fgoi_loss_check(&loss);
    if (status) return status;
    check k = { .loss = &loss };
    check_values(&k);
    check_derivative(&k);
    fgoi_sized_write(out, out_size, &k.report, sizeof k.report);
    return FGO_OK;
}

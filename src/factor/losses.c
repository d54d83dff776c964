/* SPDX-License-Identifier: BSD-3-Clause */
/* losses.c -- the losses of one width; formulas and sources in fgopt/loss.h. */
#include <fgopt/loss.h>
#include <math.h>

/* The square of a width is a normal number, so no loss is 0 / 0 or infinity times 0. */
#define WIDTH(DEFAULT)                                                                                                           \
    {                                                                                                                            \
        "width", DEFAULT, 1e-100, 1e100                                                                                          \
    }
#define LOSS(NAME, TEXT, DEFAULT)                                                                                                \
    const fgo_loss_class fgo_loss_class_##NAME = {                                                                               \
        .abi = FGO_LOSS_ABI, .parameters = 1, .name = TEXT, .parameter = { WIDTH(DEFAULT) }, .evaluate = NAME                    \
    }

static void none(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self, (void)parameter;
    *rho = s;
    *rho_prime = 1.0;
}
const fgo_loss_class fgo_loss_class_none = { .abi = FGO_LOSS_ABI, .name = "none", .evaluate = none };

static void huber(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k = parameter[0], k2 = k * k;
    if (s / k2 <= 1.0) {
        *rho = s;
        *rho_prime = 1.0;
        return;
    }
    *rho = 2.0 * k * sqrt(s) - k2;
    *rho_prime = k / sqrt(s);
}
LOSS(huber, "huber", 1.345);

static void cauchy(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], u2 = s / k2;
    *rho = k2 * (u2 < INFINITY ? log1p(u2) : log(s) - log(k2));
    *rho_prime = 1.0 / (1.0 + u2);
}
LOSS(cauchy, "cauchy", 2.3849);

static void geman_mcclure(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], u2 = s / k2;
    *rho = u2 < 1.0 ? s / (1.0 + u2) : k2 / (1.0 + k2 / s); /* u2 may be infinite: then k^2, not 0 */
    *rho_prime = 1.0 / ((1.0 + u2) * (1.0 + u2));
}
LOSS(geman_mcclure, "geman-mcclure", 1.0);

static void tukey(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], u2 = s / k2, v = u2 < 1.0 ? 1.0 - u2 : 0.0;
    *rho = u2 < 1.0 ? s * (1.0 - u2 + u2 * u2 / 3.0) : k2 / 3.0; /* k^2/3 (1 - v^3) without its cancellation at 0 */
    *rho_prime = v * v;
}
LOSS(tukey, "tukey", 4.6851);

static void welsch(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], u2 = s / k2;
    *rho = -k2 * expm1(-u2);
    *rho_prime = exp(-u2);
}
LOSS(welsch, "welsch", 2.9846);

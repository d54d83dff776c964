/* SPDX-License-Identifier: BSD-3-Clause */
/* loss_barron.c -- Barron's general loss, which joins least squares, Cauchy, Geman-McClure and Welsch by one shape parameter. */
#include <fgopt/loss.h>
#include <math.h>

/* Computes rho and rho' of Barron's loss. With b = 2 - a and q = b/2 log(1 + u^2 / b) the derivative is exp(-q), and
 *      rho = 2/a s exp(-q) + (4/a - 2) k^2 (exp(-q) - 1).
 * Both are exact in the limits: q -> 0 for a -> 2, q -> u^2 / 2 for a -> -inf. Near a = 0, where the two terms cancel, with
 * l = log(1 + u^2 / b)    rho = k^2 b l (exp(t) - 1) / t,    t = a l / 2. */
static void barron(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k2 = parameter[0] * parameter[0], a = parameter[1], b = 2.0 - a, u2 = s / k2;
    if (u2 <= 1e-17 * fmin(b, 1.0) || b == 0.0) { /* rho' would round to 1; and u^2 may have been rounded to 0 */
        *rho = s;
        *rho_prime = 1.0;
        return;
    }
    const double v = u2 / b;
    const double l = v < INFINITY ? log1p(v) : log(s) - log(k2) - log(b);
    const double q = v > 1e-17 ? 0.5 * b * l : 0.5 * u2; /* b may be infinite */
    *rho_prime = exp(-q);
    if (fabs(a) < 0.5) {
        const double t = 0.5 * a * l;
        *rho = k2 * b * l * (t != 0.0 ? expm1(t) / t : 1.0);
    } else {
        const double s_weighed = *rho_prime > 1e-290 ? s * *rho_prime : exp(log(s) - q); /* no denormals */
        *rho = 2.0 / a * s_weighed + (4.0 / a - 2.0) * k2 * expm1(-q);
    }
}

const fgo_loss_class fgo_loss_class_barron = { .abi = FGO_LOSS_ABI,
                                               .parameters = 2,
                                               .name = "barron",
                                               .parameter = { { "width", 1.0, 1e-100, 1e100 }, { "shape", 1.0, -INFINITY, 2.0 } },
                                               .evaluate = barron };

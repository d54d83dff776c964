/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.c -- a built-in loss by its name, and a loss of your own: rho(s) = 2 k^2 (sqrt(1 + s / k^2) - 1), which is checked. */
#include <fgopt/loss.h>
#include <math.h>
#include <stdio.h>

static void evaluate(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    const double u2 = s / parameter[0] / parameter[0], root = sqrt(1.0 + u2);
    (void)self;
    *rho = 2.0 * s / (root + 1.0); /* the same without the cancellation for small s */
    *rho_prime = 1.0 / root;
}

static const fgo_loss_class pseudo_huber = { .abi = FGO_LOSS_ABI,
                                             .parameters = 1,
                                             .name = "pseudo-huber",
                                             .parameter = { { "width", 1.0, 1e-100, 1e100 } },
                                             .evaluate = evaluate };

int main(void)
{
    fgo_loss cauchy;
    fgo_loss_report report;
    double rho, slope;
    if (fgo_loss_parse("cauchy:2.5", &cauchy) || fgo_check_loss(&pseudo_huber, NULL, &report)) return 1;
    fgo_loss_evaluate(cauchy, 100.0, &rho, &slope);
    printf("ten standard deviations under cauchy:2.5 cost %.3f instead of 100 and weigh %.3f\n", rho, slope);
    fgo_loss_evaluate((fgo_loss){ &pseudo_huber, { 1.0, 0.0 } }, 100.0, &rho, &slope);
    printf("under pseudo-huber they cost %.3f; its derivative is right to %.1g\n", rho, report.error);
    return report.fault != FGO_LOSS_FAULT_NONE || fabs(rho - 2.0 * (sqrt(101.0) - 1.0)) > 1e-12;
}

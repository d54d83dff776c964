/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.c -- a loss of one's own: "fair" (R. C. Fair 1974), between Huber and Cauchy, convex, with rho' = 1 / (1 + sqrt(s) / k). */
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>

/* ---- the extension ---- */

/* rho = 2 k^2 (u - log(1 + u)), u = sqrt(s) / k. Below 1e-3 u - log(1 + u) would cancel: its series, to u^6 / 6. fgo_check_loss
 * finds the loss without it wrong. */
static void fair(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{
    (void)self;
    const double k = parameter[0], u = sqrt(s) / k;
    const double rest =
        u < 1e-3 ? u * u * (1.0 / 2.0 - u * (1.0 / 3.0 - u * (1.0 / 4.0 - u * (1.0 / 5.0 - u / 6.0)))) : u - log1p(u);
    *rho = 2.0 * k * k * rest;
    *rho_prime = 1.0 / (1.0 + u);
}

/* The width's default has 95 % efficiency on normal noise (Z. Zhang 1997, table 1). */
static const fgo_loss_class fair_class = {
    .abi = FGO_LOSS_ABI, .parameters = 1, .name = "fair", .parameter = { { "width", 1.3998, 1e-100, 1e100 } }, .evaluate = fair
};

/* ---- its check ---- */

static fgo_status check(int *right)
{
    static const double widths[] = { 1e-2, 1.3998, 50.0 };
    *right = 1;
    for (int i = 0; i < 3; i++) {
        fgo_loss_report report;
        const fgo_status status = fgo_check_loss(&fair_class, &widths[i], &report);
        if (status) return status;
        if (report.fault)
            fprintf(stderr, "width %g: fault %d at s = %g, error %g\n", widths[i], report.fault, report.s, report.error);
        *right &= !report.fault;
    }
    return FGO_OK;
}

/* ---- its use ---- */

enum { MEASUREMENTS = 9 };
static const double measured[MEASUREMENTS] = { 1.1, 0.9, 1.05, 0.95, 1.0, 1.02, 0.98, 1.03, 30.0 }; /* the last is wrong */

/* Estimates a length from measurements with the standard deviation 0.05. */
static fgo_status estimate(fgo_loss loss, double *length)
{
    fgo_graph *g = NULL;
    fgo_factor_class prior;
    fgo_options o = fgo_options_default();
    fgo_status status = fgo_graph_create(&g);
    o.cost_tolerance = 0.0; /* to the bottom: main looks at the derivative */
    if (!status) status = fgo_prior_rn(1, &prior);
    if (!status) status = fgo_graph_add_rn(g, 1, 1, (double[]){ 3.0 });
    for (int i = 0; i < MEASUREMENTS && !status; i++)
        status = fgo_graph_add_factor(g, &prior, (int64_t[]){ 1 }, &measured[i], fgo_noise_sigma(0.05), loss);
    if (!status) status = fgo_solve(g, &o, NULL);
    if (!status) status = fgo_graph_get_value(g, 1, length);
    fgo_graph_free(g);
    return status;
}

/* Half the derivative of sum rho over the root of s, which is zero at the optimum: sum of r / (1 + |r| / k). */
static double slope(double length, double k)
{
    double sum = 0.0;
    for (int i = 0; i < MEASUREMENTS; i++) {
        const double r = (length - measured[i]) / 0.05;
        sum += r / (1.0 + fabs(r) / k);
    }
    return sum;
}

int main(void)
{
    const fgo_loss loss = { &fair_class, { 1.3998 } }; /* no registration: the class outlives the graphs, that is all */
    double plain, robust;
    int right = 0;
    fgo_status status = check(&right);
    if (!status) status = estimate(fgo_loss_none(), &plain);
    if (!status) status = estimate(loss, &robust);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
        return 1;
    }
    printf("length %.3f by least squares, %.3f with the loss\n", plain, robust);
    return !(right && fabs(plain - 38.03 / 9.0) < 1e-6 && fabs(robust - 1.0) < 0.05 && fabs(slope(robust, 1.3998)) < 1e-3);
}

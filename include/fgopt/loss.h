/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.h -- robust losses: functions rho of s = e' Omega e that grow more slowly than s, so that wrong measurements weigh less.
 *
 * A loss consists of a class, which says how rho is computed, and of parameters. With the width k, in standard deviations of the
 * whitened residual, and u = sqrt(s) / k the built-in classes are
 *
 *     none            rho = s
 *     huber           s if u <= 1, else 2 k sqrt(s) - k^2      (P. Huber 1964)
 *     cauchy          k^2 log(1 + u^2)
 *     geman-mcclure   s / (1 + u^2)
 *     tukey           k^2/3 (1 - (1 - u^2)^3) if u <= 1, else k^2/3
 *     welsch          k^2 (1 - exp(-u^2))
 *     barron          2 k^2 b / a ((u^2 / b + 1)^(a/2) - 1), b = |a - 2|, with the shape a in -inf .. 2, and its limits:
 *                     s for a = 2, 2 k^2 log(1 + u^2 / 2) for a = 0, 2 k^2 (1 - exp(-u^2 / 2)) for a = -inf
 *
 * All have rho(0) = 0 and rho'(0) = 1. Sources: Z. Zhang, "Parameter estimation techniques", 1997, table 1, scaled; for barron
 * J. Barron, "A general and adaptive robust loss function", CVPR 2019, times 2 k^2.
 *
 * A program adds its own loss without registration: it defines a static const fgo_loss_class and passes it to
 * fgo_graph_add_factor in an fgo_loss. fgo_check_loss tests the class. */
#ifndef FGOPT_LOSS_H
#define FGOPT_LOSS_H
#include <fgopt/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FGO_LOSS_ABI = 1, FGO_LOSS_PARAMETERS = 2 };

typedef struct fgo_loss_parameter {
    const char *name; /* "width" */
    double default_value;
    double minimum, maximum; /* allowed, inclusive; may be infinite */
} fgo_loss_parameter;

/* A loss class: everything that losses of one kind share. It must not change while a graph uses it. */
typedef struct fgo_loss_class fgo_loss_class;
struct fgo_loss_class {
    int abi;                                           /* FGO_LOSS_ABI */
    int parameters;                                    /* number of parameters, 0 .. FGO_LOSS_PARAMETERS */
    const char *name;                                  /* lower case with hyphens, without blank, colon or comma */
    fgo_loss_parameter parameter[FGO_LOSS_PARAMETERS]; /* `parameters` entries; a width comes first */
    /* Computes rho(s) and its derivative for s >= 0; each parameter is within its bounds. Never fails and must be reentrant: the
     * results are finite for s from 0 to 1e300, rho(0) = 0, rho'(0) = 1, rho' >= 0. */
    void (*evaluate)(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime);
    const void *user; /* for evaluate; fgopt does not look at it */
};

/* The loss of a factor. It borrows the class, which must outlive the graph and its copies. */
typedef struct fgo_loss {
    const fgo_loss_class *loss_class;
    double parameter[FGO_LOSS_PARAMETERS]; /* zero beyond the parameters of the class */
} fgo_loss;

FGO_API extern const fgo_loss_class fgo_loss_class_none, fgo_loss_class_huber, fgo_loss_class_cauchy,
    fgo_loss_class_geman_mcclure, fgo_loss_class_tukey, fgo_loss_class_welsch, fgo_loss_class_barron;

static inline fgo_loss fgo_loss_none(void)
{
    fgo_loss l = { &fgo_loss_class_none, { 0.0, 0.0 } };
    return l;
}
static inline fgo_loss fgo_loss_huber(double width)
{
    fgo_loss l = { &fgo_loss_class_huber, { width, 0.0 } };
    return l;
}
static inline fgo_loss fgo_loss_cauchy(double width)
{
    fgo_loss l = { &fgo_loss_class_cauchy, { width, 0.0 } };
    return l;
}
static inline fgo_loss fgo_loss_geman_mcclure(double width)
{
    fgo_loss l = { &fgo_loss_class_geman_mcclure, { width, 0.0 } };
    return l;
}
static inline fgo_loss fgo_loss_tukey(double width)
{
    fgo_loss l = { &fgo_loss_class_tukey, { width, 0.0 } };
    return l;
}
static inline fgo_loss fgo_loss_welsch(double width)
{
    fgo_loss l = { &fgo_loss_class_welsch, { width, 0.0 } };
    return l;
}
/* Returns Barron's loss with this width; alpha, from -INFINITY to 2, is its shape: the smaller, the less outliers weigh. */
static inline fgo_loss fgo_loss_barron(double width, double alpha)
{
    fgo_loss l = { &fgo_loss_class_barron, { width, alpha } };
    return l;
}

/* Returns built-in class i, "none" first; NULL past the end. */
FGO_API const fgo_loss_class *fgo_loss_class_get(size_t i);
/* Returns the built-in class of this name; NULL if there is none. */
FGO_API const fgo_loss_class *fgo_loss_class_find(const char *name);

/* Reads "NAME" or "NAME:P1,P2" with the parameters of a built-in class in their order. Parameters that are left out have their
 * defaults: for widths 95 % efficiency on normal noise, Huber 1.345, Cauchy 2.3849, Tukey 4.6851, Welsch 2.9846 (Zhang 1997,
 * table 1; Geman-McClure has no such width and takes 1), for barron the width 1 and the shape 1. Widths are from 1e-100 to
 * 1e100. */
FGO_API fgo_status fgo_loss_parse(const char *text, fgo_loss *out);
/* Writes a loss to `text` as fgo_loss_parse reads it, with digits that read back the same numbers; a class without parameters is
 * written as its name alone. Writes at most `size` bytes with the 0 at the end; 64 are enough for built-in classes.
 * FGO_ERROR_ARGUMENT if `size` is too small, or if the class or a parameter is not allowed. */
FGO_API fgo_status fgo_loss_format(fgo_loss loss, char *text, size_t size);

/* Computes rho(s) and its derivative rho'(s) for s >= 0. */
FGO_API void fgo_loss_evaluate(fgo_loss loss, double s, double *rho, double *rho_prime);

/* What fgo_check_loss can find, the worst first. */
typedef enum fgo_loss_fault {
    FGO_LOSS_FAULT_NONE = 0,
    FGO_LOSS_FAULT_FINITE,     /* rho or rho' is not finite */
    FGO_LOSS_FAULT_ORIGIN,     /* rho(0) is not 0 */
    FGO_LOSS_FAULT_SLOPE,      /* rho'(0) is not 1: widths and chi2 would not mean what they say */
    FGO_LOSS_FAULT_MONOTONE,   /* rho falls, or rho' is negative */
    FGO_LOSS_FAULT_DERIVATIVE, /* rho' is not the derivative of rho */
    FGO_LOSS_FAULT_JUMP        /* rho jumps, though rho' is right on both sides */
} fgo_loss_fault;

typedef struct fgo_loss_report {
    int fault;             /* fgo_loss_fault: the worst that was found */
    double s;              /* where it was found */
    double rho, rho_prime; /* what the class computes there */
    double error; /* the largest |rho' - D| / max(|rho'|, rho / (1000 s)) over all s, D by differences; below 1e-5 if right */
} fgo_loss_report;

/* Checks a loss class with the parameters `parameter` (NULL: its defaults): the values at 0, that everything is finite and
 * monotone from 1e-300 to 1e300, and the derivative against Richardson-extrapolated central differences (C. Ridders 1982) from
 * 1e-20 to 1e20. A fault is in *out, not in the status, which is FGO_ERROR_ARGUMENT if the class is not complete or a parameter
 * is not allowed. */
FGO_API fgo_status fgo_check_loss_sized(const fgo_loss_class *c, FGO_OPTIONAL const double *parameter, fgo_loss_report *out,
                                        size_t out_size);
static inline fgo_status fgo_check_loss(const fgo_loss_class *c, FGO_OPTIONAL const double *parameter, fgo_loss_report *out)
{
    return fgo_check_loss_sized(c, parameter, out, sizeof *out);
}

#ifdef __cplusplus
}
#endif
#endif

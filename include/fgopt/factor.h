/* SPDX-License-Identifier: BSD-3-Clause */
/* factor.h -- what a factor is: a residual (its class), a noise model and a loss, three independent things.
 *
 * A factor with residual e(x) in R^rows, information Omega (symmetric positive semi-definite) and loss rho adds
 *      rho(s),   s = e' Omega e                                        to the cost   F(x) = sum rho(s).
 * There is no 1/2: without losses F is the chi2 that g2o prints. Gradients are those of this F. */
#ifndef FGOPT_FACTOR_H
#define FGOPT_FACTOR_H
#include <fgopt/loss.h>
#include <fgopt/manifold.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FGO_FACTOR_ABI = 1, FGO_MAX_ARITY = 8, FGO_MAX_BATCH = 65536 };

/* How a residual behaves under a rigid motion of all variables together (poses multiplied from the left, points moved). */
typedef enum fgo_gauge {
    FGO_GAUGE_UNKNOWN = 0, /* not declared: fgopt determines it from the Jacobian */
    FGO_GAUGE_RELATIVE,    /* it does not change: the measurement is relative */
    FGO_GAUGE_ABSOLUTE     /* it changes: a prior, a measurement in the world frame */
} fgo_gauge;

/* What a class requires of one of its variables. */
typedef struct fgo_factor_variable {
    const char *manifold; /* the name of the manifold that the variable must have; NULL: any of this tangent dimension */
    int tangent;          /* tangent dimension */
} fgo_factor_variable;

/* A factor class: everything that factors of one kind share. Authors normally get one from the macros in residual.h. */
typedef struct fgo_factor_class fgo_factor_class;
struct fgo_factor_class {
    int abi;      /* FGO_FACTOR_ABI */
    int arity;    /* number of variables, 1 .. FGO_MAX_ARITY */
    int rows;     /* dimension of the residual, 1 .. FGO_MAX_DIMENSION */
    int partials; /* sum of the tangent dimensions */
    const char *name;
    size_t measurement_size; /* bytes of one measurement, may be 0; measurements are copied as plain memory */
    fgo_factor_variable variable[FGO_MAX_ARITY];
    /* Evaluates `count` factors. x: count * arity pointers to ambient values, factor by factor; z: count measurements,
     * contiguous; e: receives count * rows residuals; J: receives count * rows * partials numbers of Jacobians, each row-major
     * with the columns of variable 0 first, with respect to a right perturbation of each tangent; NULL if only e is wanted.
     * Must be reentrant. Returns nonzero if a factor cannot be evaluated (a residual that is not finite says the same). */
    int (*evaluate)(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J);
    /* Optional, else NULL. Computes the value of variable k for which the residual is zero, given the other variables; returns
     * nonzero if there is none. Initialization propagates values along factors with this function. */
    int (*predict)(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out);
    fgo_gauge gauge;
    void *user; /* for the functions; fgopt only passes it on */
    /* Factors per call of evaluate, 1 .. FGO_MAX_BATCH; 0: as many as fit the caches. For functions whose calls are expensive,
     * such as those of interpreted languages; the pointers of more than 64 factors are allocated in each call. */
    int batch;
};

/* Returns 1 if a and b are the same class: of one name, with the same functions, user, dimensions and variables. A graph keeps a
 * copy of each class, so fgo_graph_factor_class(g, f) == &fgo_between_se2 is never true; this function compares instead. */
FGO_API int fgo_factor_class_same(const fgo_factor_class *a, const fgo_factor_class *b);

/* ---- noise: how residuals are weighted. The matrix is copied when a factor is added or changed. Omega must be finite. ---- */
typedef enum fgo_noise_kind {
    FGO_NOISE_UNIT = 0,
    FGO_NOISE_SIGMA,           /* Omega = I / sigma^2 */
    FGO_NOISE_SIGMAS,          /* Omega = diag(1 / matrix[i]^2), rows numbers */
    FGO_NOISE_INFORMATION,     /* Omega = matrix, rows x rows; indefinite is an error */
    FGO_NOISE_PROJECTED,       /* the same, but an indefinite matrix is projected to the nearest semi-definite one in the
                                 * Frobenius norm (N. Higham 1988: negative eigenvalues become zero) and counted */
    FGO_NOISE_SQRT_INFORMATION /* Omega = matrix' * matrix, rows x rows */
} fgo_noise_kind;

/* The noise of a factor: how its residual is weighted. The functions below return each kind. */
typedef struct fgo_noise {
    fgo_noise_kind kind;
    double sigma;         /* in units of the residual, > 0 */
    const double *matrix; /* row-major */
} fgo_noise;

static inline fgo_noise fgo_noise_unit(void)
{
    fgo_noise n = { FGO_NOISE_UNIT, 1.0, NULL };
    return n;
}
static inline fgo_noise fgo_noise_sigma(double sigma)
{
    fgo_noise n = { FGO_NOISE_SIGMA, sigma, NULL };
    return n;
}
static inline fgo_noise fgo_noise_sigmas(const double *sigma)
{
    fgo_noise n = { FGO_NOISE_SIGMAS, 1.0, sigma };
    return n;
}
static inline fgo_noise fgo_noise_information(const double *Omega)
{
    fgo_noise n = { FGO_NOISE_INFORMATION, 1.0, Omega };
    return n;
}
static inline fgo_noise fgo_noise_projected(const double *Omega)
{
    fgo_noise n = { FGO_NOISE_PROJECTED, 1.0, Omega };
    return n;
}
static inline fgo_noise fgo_noise_sqrt_information(const double *W)
{
    fgo_noise n = { FGO_NOISE_SQRT_INFORMATION, 1.0, W };
    return n;
}

#ifdef __cplusplus
}
#endif
#endif

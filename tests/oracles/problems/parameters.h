/* SPDX-License-Identifier: BSD-3-Clause */
/* parameters.h -- variable types for residuals on 2 and on 3 parameters that are no points: p2, p3. Needs FGO_PARTIALS, as
 * residual.h does, which it includes.
 *
 * The gauge rule takes a variable of R^2 or R^3 for a point of the plane or of space, and holds components of it where the factors
 * at the start happen not to change under one of the motions of that world. Parameters of a curve are no point, and a held one is
 * never fitted. So they have a manifold of their own without traits, of which no motion is known, until a vector of two or three
 * numbers can be told from a point. All other dimensions are r4, r5, ... of residual.h. */
#ifndef FGOPT_TESTS_PARAMETERS_H
#define FGOPT_TESTS_PARAMETERS_H
#include "observation.h"
#include <fgopt/residual.h>

#define DEFINE_PARAMETERS(n)                                                                                                     \
    typedef struct p##n {                                                                                                        \
        real x[n];                                                                                                               \
    } p##n;                                                                                                                      \
    enum { p##n##_dim = (n) };                                                                                                   \
    static const char p##n##_manifold[] __attribute__((unused)) = "parameters" #n;                                               \
    FGO_INLINE p##n p##n##_seed(const double *x, int first)                                                                      \
    {                                                                                                                            \
        p##n p;                                                                                                                  \
        FGO_UNROLL                                                                                                               \
        for (int i = 0; i < (n); i++) p.x[i] = r_seed(x[i], fgo_next(first, i));                                                 \
        return p;                                                                                                                \
    }                                                                                                                            \
    struct p##n
DEFINE_PARAMETERS(2);
DEFINE_PARAMETERS(3);

/* a exp(-rate t), of which most of the models are made. */
FGO_INLINE real decay(real a, real rate, double t) { return r_mul(a, r_exp(r_mul(rate, -t))); }
#endif

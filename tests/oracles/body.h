/* SPDX-License-Identifier: BSD-3-Clause */
/* body.h -- a manifold of a user's own that stores its rotation: poses of space as those of SE(3), but (qx, qy, qz, qw, x, y, z); a
 * factor between two of them, which is that of SE(3). */
#ifndef FGOPT_TESTS_BODY_H
#define FGOPT_TESTS_BODY_H
#include "support.h"

static inline void body_to_se3(const double *x, double *out)
{
    const double moved[] = { x[4], x[5], x[6], x[0], x[1], x[2], x[3] };
    memcpy(out, moved, sizeof moved);
}
static inline void body_of_se3(const double *x, double *out)
{
    const double moved[] = { x[3], x[4], x[5], x[6], x[0], x[1], x[2] };
    memcpy(out, moved, sizeof moved);
}

static void body_retract(const fgo_manifold *m, const double *x, const double *delta, double *out)
{
    double a[7];
    (void)m;
    body_to_se3(x, a);
    fgo_manifold_se3.retract(&fgo_manifold_se3, a, delta, a);
    body_of_se3(a, out);
}
static void body_local(const fgo_manifold *m, const double *x, const double *y, double *delta)
{
    double a[7], b[7];
    (void)m;
    body_to_se3(x, a);
    body_to_se3(y, b);
    fgo_manifold_se3.local(&fgo_manifold_se3, a, b, delta);
}
static int body_normalize(const fgo_manifold *m, double *x)
{
    double a[7];
    (void)m;
    body_to_se3(x, a);
    const int wrong = fgo_manifold_se3.normalize(&fgo_manifold_se3, a);
    body_of_se3(a, x);
    return wrong;
}
static void body_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *delta)
{
    double a[7];
    (void)m;
    body_to_se3(x, a);
    fgo_manifold_se3.traits->move(&fgo_manifold_se3, centre, a, k, delta);
}
static void body_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    double a[7];
    (void)m;
    body_to_se3(x, a);
    fgo_manifold_se3.traits->act(&fgo_manifold_se3, T, a, a);
    body_of_se3(a, out);
}

static const double body_identity[] = { 0, 0, 0, 1, 0, 0, 0 };
static const fgo_manifold_traits body_traits = { .size = sizeof body_traits,
                                                 .kind = FGO_MANIFOLD_POSE,
                                                 .world = 3,
                                                 .translations = 3,
                                                 .position = 4,
                                                 .rotation = 0,
                                                 .noun = "body",
                                                 .identity = body_identity,
                                                 .move = body_move,
                                                 .act = body_act,
                                                 .tag = "VERTEX_BODY" };
static const fgo_manifold body = { .name = "Body",
                                   .ambient = 7,
                                   .tangent = 6,
                                   .retract = body_retract,
                                   .local = body_local,
                                   .normalize = body_normalize,
                                   .traits = &body_traits };

static int body_evaluate(const fgo_factor_class *self, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < n; f++) {
        double a[7], b[7];
        const double *const at[] = { a, b };
        body_to_se3(x[2 * f], a);
        body_to_se3(x[2 * f + 1], b);
        if (fgo_between_se3.evaluate(&fgo_between_se3, 1, at, (const double *)z + 7 * f, e + 6 * f, J ? J + 72 * f : NULL))
            return 1;
    }
    return 0;
}
static int body_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    double a[7] = { 0 }, b[7] = { 0 };
    const double *const at[] = { a, b };
    (void)self;
    body_to_se3(x[1 - k], k ? a : b);
    const int wrong = fgo_between_se3.predict(&fgo_between_se3, z, at, k, k ? b : a);
    body_of_se3(k ? b : a, out);
    return wrong;
}
static const fgo_factor_class body_class = { .abi = FGO_FACTOR_ABI,
                                             .arity = 2,
                                             .rows = 6,
                                             .partials = 12,
                                             .name = "body_between",
                                             .measurement_size = 7 * sizeof(double),
                                             .variable = { { "Body", 6 }, { "Body", 6 } },
                                             .evaluate = body_evaluate,
                                             .predict = body_predict,
                                             .gauge = FGO_GAUGE_RELATIVE };
static const fgo_measurement_field body_fields[] = {
    { .name = "pose", .kind = FGO_FIELD_SE3, .offset = 0, .count = 7, .unit = "m, rad", .frame = "a" },
};
static const fgo_factor_registration body_row = { .size = sizeof body_row,
                                                  .name = "body_between",
                                                  .c = &body_class,
                                                  .field = body_fields,
                                                  .fields = 1,
                                                  .formula = "as between_se3",
                                                  .tag = "EDGE_BODY" };

/* The same graph as one of SE(3) poses with between_se3, its poses being bodies. */
static inline fgo_graph *bodies_of(const fgo_graph *g)
{
    fgo_graph *own;
    assert_ok(fgo_graph_create(&own));
    for (size_t v = 0; v < fgo_graph_variable_count(g); v++) {
        double x[7];
        body_of_se3(fgo_graph_variable_value(g, v), x);
        assert_ok(fgo_graph_add_variable(own, fgo_graph_variable_key(g, v), &body, x));
    }
    for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
        int64_t keys[FGO_MAX_ARITY];
        double Omega[36];
        assert_ok(fgo_graph_factor_keys(g, f, keys));
        assert_ok(fgo_graph_factor_information(g, f, Omega));
        assert_ok(fgo_graph_add_factor(own, &body_class, keys, fgo_graph_factor_measurement(g, f), fgo_noise_information(Omega),
                                       fgo_loss_none()));
    }
    return own;
}
#endif

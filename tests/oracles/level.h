/* SPDX-License-Identifier: BSD-3-Clause */
/* level.h -- a manifold of a user's own: poses whose z axis stays vertical (x, y, z, heading), which live in space and cannot tilt;
 * a factor between two of them. */
#ifndef FGOPT_TESTS_LEVEL_H
#define FGOPT_TESTS_LEVEL_H
#include "support.h"

enum { X, Y, Z, HEADING };

static void level_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), dx = c * d[X] - s * d[Y], dy = s * d[X] + c * d[Y];
    out[X] = x[X] + dx, out[Y] = x[Y] + dy, out[Z] = x[Z] + d[Z];
    out[HEADING] = remainder(x[HEADING] + d[HEADING], 6.283185307179586);
}

static void level_local(const fgo_manifold *m, const double *x, const double *y, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), dx = y[X] - x[X], dy = y[Y] - x[Y];
    d[X] = c * dx + s * dy, d[Y] = c * dy - s * dx, d[Z] = y[Z] - x[Z];
    d[HEADING] = remainder(y[HEADING] - x[HEADING], 6.283185307179586);
}

static void level_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]);
    const double vx = k == 0 ? 1 : k == 5 ? centre[1] - x[Y] : 0, vy = k == 1 ? 1 : k == 5 ? x[X] - centre[0] : 0;
    d[X] = c * vx + s * vy, d[Y] = c * vy - s * vx, d[Z] = k == 2, d[HEADING] = k == 5;
}

/* T turns about z alone. */
static void level_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    const double a = 2 * atan2(T[5], T[6]), c = cos(a), s = sin(a), px = c * x[X] - s * x[Y], py = s * x[X] + c * x[Y];
    out[X] = T[0] + px, out[Y] = T[1] + py, out[Z] = T[2] + x[Z];
    out[HEADING] = remainder(x[HEADING] + a, 6.283185307179586);
}

static int level_normalize(const fgo_manifold *m, double *x)
{
    (void)m;
    x[HEADING] = remainder(x[HEADING], 6.283185307179586);
    return !isfinite(x[HEADING]);
}

static int level_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    (void)m;
    memcpy(position, x, 3 * sizeof *x);
    q[0] = q[1] = 0, q[2] = sin(x[HEADING] / 2), q[3] = cos(x[HEADING] / 2);
    return FGO_PLACE_POSITION | FGO_PLACE_ORIENTATION;
}

static const char *const level_dofs[] = { "forward", "left", "up", "heading" }, *const level_units[] = { "m", "m", "m", "rad" },
                         *const level_numbers[] = { "x", "y", "z", "heading" };
static const fgo_manifold_traits level_traits = { .size = sizeof level_traits,
                                                  .kind = FGO_MANIFOLD_POSE,
                                                  .world = 3,
                                                  .translations = 3,
                                                  .position = 0,
                                                  .rotation = -1,
                                                  .prevents = 1u << 3 | 1u << 4,
                                                  .noun = "level pose",
                                                  .dof = level_dofs,
                                                  .dof_unit = level_units,
                                                  .number = level_numbers,
                                                  .number_unit = level_units,
                                                  .move = level_move,
                                                  .act = level_act,
                                                  .place = level_place,
                                                  .tag = "VERTEX_LEVEL" };
static const fgo_manifold level = { .name = "Level",
                                    .ambient = 4,
                                    .tangent = 4,
                                    .retract = level_retract,
                                    .local = level_local,
                                    .normalize = level_normalize,
                                    .traits = &level_traits };

/* e = local(z, local(a, b)): the Jacobian by hand is not needed, retract is linear in what is compared. */
static int level_between(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++, e += 4) {
        const double *a = x[2 * f], *b = x[2 * f + 1], *m = (const double *)z + 4 * f;
        level_local(&level, a, b, e);
        for (int i = 0; i < 4; i++) e[i] -= m[i];
        e[HEADING] = remainder(e[HEADING], 6.283185307179586);
        if (!J) continue;
        double *j = J + f * 32, t = b[HEADING] - a[HEADING], dx = e[X] + m[X], dy = e[Y] + m[Y];
        memset(j, 0, 32 * sizeof *j);
        j[0] = j[9] = j[18] = j[27] = -1;
        j[3] = dy, j[11] = -dx;
        j[4] = cos(t), j[5] = -sin(t), j[12] = sin(t), j[13] = cos(t), j[22] = j[31] = 1;
    }
    return 0;
}

static int level_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self;
    if (k != 1) return -1;
    level_retract(&level, x[0], z, out);
    return 0;
}

static const fgo_factor_class level_class = { .abi = FGO_FACTOR_ABI,
                                              .arity = 2,
                                              .rows = 4,
                                              .partials = 8,
                                              .name = "level_between",
                                              .measurement_size = 4 * sizeof(double),
                                              .variable = { { "Level", 4 }, { "Level", 4 } },
                                              .evaluate = level_between,
                                              .predict = level_predict,
                                              .gauge = FGO_GAUGE_RELATIVE };

static const fgo_measurement_field level_fields[] = {
    { .name = "translation", .kind = FGO_FIELD_LENGTH, .offset = 0, .count = 3, .unit = "m", .frame = "a" },
    { .name = "turn", .kind = FGO_FIELD_NUMBER, .offset = 24, .count = 1, .unit = "rad", .frame = "a" },
};
static const fgo_factor_registration level_row = { .size = sizeof level_row,
                                                   .name = "level_between",
                                                   .c = &level_class,
                                                   .field = level_fields,
                                                   .fields = 2,
                                                   .formula = "local(a, b) - z",
                                                   .tag = "EDGE_LEVEL" };

/* A square of level poses, away from their optimum. */
static inline fgo_graph *level_graph(void)
{
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    for (int i = 0; i < 4; i++) {
        const double x[4] = { i == 1 || i == 2 ? 1.2 : 0.1, i > 1, 0.1, 1.4 * i };
        assert_ok(fgo_graph_add_variable(g, i, &level, x));
    }
    for (int i = 0; i < 4; i++) {
        const int64_t keys[2] = { i, (i + 1) % 4 };
        const double z[4] = { 1, 0, i < 2 ? 0.1 : -0.1, 1.5707963267948966 };
        assert_ok(fgo_graph_add_factor(g, &level_class, keys, z, fgo_noise_unit(), fgo_loss_none()));
    }
    return g;
}
#endif

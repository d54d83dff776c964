/* SPDX-License-Identifier: BSD-3-Clause */
/* manifold.c -- a manifold of one's own: poses of a vehicle that stays level, (x, y, z, heading), and a factor between two of them. The
 * traits make them poses like any other: fgopt knows that shifts and turns about the vertical change nothing, compares and draws.
 * Registered, both have lines in g2o files, and Python knows them. */
#define FGO_PARTIALS 8 /* two level poses */
#include <fgopt/fgopt.h>
#include <fgopt/residual.h>
#include <stdio.h>
#include <string.h>

/* ---- the extension: how to move, and how to come from one value to another ---- */

enum { X, Y, Z, HEADING, LEVEL_DIM };
static const double turn = 6.283185307179586;

/* Forward, left, up in the vehicle's frame, then the heading: a right perturbation, as everywhere in fgopt. */
static void level_retract(const fgo_manifold *m, const double *x, const double *d, double *out)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]);
    const double moved[] = { x[X] + c * d[X] - s * d[Y], x[Y] + s * d[X] + c * d[Y], x[Z] + d[Z],
                             remainder(x[HEADING] + d[HEADING], turn) };
    memcpy(out, moved, sizeof moved); /* at last: out may be x */
}

static void level_local(const fgo_manifold *m, const double *x, const double *y, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), dx = y[X] - x[X], dy = y[Y] - x[Y];
    const double way[] = { c * dx + s * dy, c * dy - s * dx, y[Z] - x[Z], remainder(y[HEADING] - x[HEADING], turn) };
    memcpy(d, way, sizeof way);
}

/* ---- its traits: what fgopt may know of it ---- */

/* The tangent by which motion k of space moves x: 0, 1, 2 shift along the axes, 5 turns about z; it cannot tilt (prevents). */
static void level_move(const fgo_manifold *m, const double *centre, const double *x, int k, double *d)
{
    (void)m;
    const double c = cos(x[HEADING]), s = sin(x[HEADING]);
    const double vx = k == 0 ? 1.0 : k == 5 ? centre[1] - x[Y] : 0.0, vy = k == 1 ? 1.0 : k == 5 ? x[X] - centre[0] : 0.0;
    d[X] = c * vx + s * vy, d[Y] = c * vy - s * vx, d[Z] = k == 2, d[HEADING] = k == 5;
}

/* out = T x for T = (x, y, z, qx, qy, qz, qw), a turn about z. */
static void level_act(const fgo_manifold *m, const double *T, const double *x, double *out)
{
    (void)m;
    const double a = 2.0 * atan2(T[5], T[6]), c = cos(a), s = sin(a);
    const double moved[] = { T[0] + c * x[X] - s * x[Y], T[1] + s * x[X] + c * x[Y], T[2] + x[Z],
                             remainder(x[HEADING] + a, turn) };
    memcpy(out, moved, sizeof moved);
}

/* Where a value is drawn. */
static int level_place(const fgo_manifold *m, const double *x, double *position, double *q)
{
    (void)m;
    memcpy(position, x, 3 * sizeof *x);
    q[0] = q[1] = 0.0, q[2] = sin(x[HEADING] / 2.0), q[3] = cos(x[HEADING] / 2.0);
    return FGO_PLACE_POSITION | FGO_PLACE_ORIENTATION;
}

static const char *const names[] = { "forward", "left", "up", "heading" }, *const units[] = { "m", "m", "m", "rad" },
                         *const numbers[] = { "x", "y", "z", "heading" };
static const fgo_manifold_traits traits = { .size = sizeof traits,
                                            .kind = FGO_MANIFOLD_POSE,
                                            .world = 3,
                                            .translations = 3,
                                            .position = X,
                                            .rotation = -1, /* no quaternion stands in a value: level_place */
                                            .prevents = 1u << 3 | 1u << 4,
                                            .noun = "level pose",
                                            .dof = names,
                                            .dof_unit = units,
                                            .number = numbers,
                                            .number_unit = units,
                                            .move = level_move,
                                            .act = level_act,
                                            .place = level_place,
                                            .tag = "VERTEX_LEVEL" };
static const fgo_manifold level_pose = {
    .name = "Level", .ambient = LEVEL_DIM, .tangent = LEVEL_DIM, .retract = level_retract, .local = level_local, .traits = &traits
};

/* ---- the same for residual.h, so that factors of level poses are written once: four things named after the type ---- */

typedef struct level {
    vec2 t;
    real z;
    so2 R;
} level;
enum { level_dim = LEVEL_DIM };
#define level_manifold "Level"

/* The partials of retract at 0: those of (x, y) are the columns of the rotation. */
FGO_INLINE level level_seed(const double *x, int first)
{
    const double c = cos(x[HEADING]), s = sin(x[HEADING]), R[] = { c, s };
    level T = { { r_const(x[X]), r_const(x[Y]) }, r_const(x[Z]), so2_seed(R, fgo_next(first, HEADING)) };
    if (first < 0) return T;
    T.t.x.v = p_place3(first, c, -s, 0.0);
    T.t.y.v = p_place3(first, s, c, 0.0);
    T.z.v = p_unit(first + Z);
    return T;
}

typedef struct level_measurement {
    double forward, left, up, heading;
} level_measurement;

#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,
FGO_RESIDUAL2(level_between, LEVEL_DIM, level_measurement, level, a, level, b)
{
    const vec2 t = so2_unrotate(a.R, v2_sub(b.t, a.t));
    const so2 R = so2_between(fgo_so2_from_angle(z->heading), so2_between(a.R, b.R));
    r[X] = r_sub(t.x, z->forward);
    r[Y] = r_sub(t.y, z->left);
    r[Z] = r_sub(r_sub(b.z, a.z), z->up);
    r[HEADING] = so2_log(R);
}

/* ---- its use by files, the program and Python ---- */

static const fgo_measurement_field fields[] = {
    { .name = "translation", .kind = FGO_FIELD_LENGTH, .offset = 0, .count = 3, .unit = "m", .frame = "a" },
    { .name = "turn",
      .kind = FGO_FIELD_NUMBER,
      .offset = offsetof(level_measurement, heading),
      .count = 1,
      .unit = "rad",
      .frame = "a" },
};
static const fgo_factor_registration row = { .size = sizeof row,
                                             .name = "level_between",
                                             .c = &fgo_level_between,
                                             .field = fields,
                                             .fields = 2,
                                             .formula = "(t, angle) of a^-1 b - z",
                                             .tag = "EDGE_LEVEL" };

/* What the program (--extension) and Python (load_extension) call in a shared library of this file. */
FGO_API fgo_status fgopt_extension(void);
fgo_status fgopt_extension(void)
{
    const fgo_status status = fgo_register_manifold(&level_pose);
    return status ? status : fgo_register_factor_class(&row);
}

/* ---- its check ---- */

static fgo_status check(int *right)
{
    const fgo_manifold *const m[] = { &level_pose, &level_pose };
    const double a[] = { 1.0, 2.0, 3.0, 0.4 }, b[] = { -2.0, 1.0, 5.0, 3.0 }, *const x[] = { a, b };
    const level_measurement z = { 1.0, 0.5, 0.2, 2.0 };
    fgo_manifold_report report;
    fgo_factor_report factor;
    fgo_status status = fgo_check_manifold(&level_pose, NULL, 0, &report); /* at random values around zero */
    if (!status) status = fgo_check_factor(&fgo_level_between, m, 1, x, &z, &factor);
    if (status) return status;
    if (report.fault || factor.fault) fprintf(stderr, "%s %s\n", report.text, factor.text);
    *right = !report.fault && !factor.fault;
    return FGO_OK;
}

/* A ramp around a square, that ends where it began; nothing is held by hand. */
static fgo_status build(fgo_graph *g)
{
    fgo_status status = FGO_OK;
    for (int i = 0; i < 4 && !status; i++)
        status = fgo_graph_add_variable(g, i, &level_pose, (double[]){ i == 1 || i == 2 ? 1.3 : 0.1, i > 1, 0.1, 1.4 * i });
    for (int i = 0; i < 4 && !status; i++) {
        const level_measurement z = { 1.0, 0.0, i < 2 ? 0.1 : -0.1, turn / 4.0 };
        status =
            fgo_graph_add_factor(g, &fgo_level_between, (int64_t[]){ i, (i + 1) % 4 }, &z, fgo_noise_sigma(0.1), fgo_loss_none());
    }
    return status;
}

/* The graph by way of a file, whose lines are "VERTEX_LEVEL 0 0.1 0 0.1 0" and "EDGE_LEVEL 0 1 1 0 0.1 1.57.. 100 0 ..". */
static fgo_status through_file(fgo_graph *g, fgo_graph **again)
{
    fgo_status status = fgo_graph_write(g, "extend_manifold.g2o", FGO_FORMAT_G2O);
    if (!status) status = fgo_graph_read("extend_manifold.g2o", NULL, again);
    remove("extend_manifold.g2o");
    return status;
}

int main(void)
{
    fgo_graph *built = NULL, *g = NULL;
    fgo_summary s;
    double way[4];
    int right = 0;
    fgo_status status = fgopt_extension(); /* before reading: unknown tags are kept, not understood */
    if (!status) status = check(&right);
    if (!status) status = fgo_graph_create(&built);
    if (!status) status = build(built);
    if (!status) status = through_file(built, &g);
    if (!status) status = fgo_solve(g, NULL, &s);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
    } else {
        level_local(&level_pose, fgo_graph_variable_value(g, 0), fgo_graph_variable_value(g, 2), way);
        printf("cost %.3g -> %.3g; the opposite corner is %.3f forward, %.3f left, %.3f up\n", s.cost_initial, s.cost_final,
               way[X], way[Y], way[Z]);
        right &= s.cost_final < 1e-15 && fabs(way[X] - 1.0) + fabs(way[Y] - 1.0) + fabs(way[Z] - 0.2) < 1e-8;
    }
    fgo_graph_free(built);
    fgo_graph_free(g);
    return !(status == FGO_OK && right);
}

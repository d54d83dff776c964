/* SPDX-License-Identifier: BSD-3-Clause */
/* test_geometry.c -- Exp, Log and the group operations over `real`, values and derivatives, at hard angles and sizes. */
#define FGO_PARTIALS FGO_SE3
#include "oracle.h"
#include "support.h"
#include <fgopt/residual.h>

#define PI 3.14159265358979323846

static const double angles[] = { 0,      1e-300, 1e-160,     1e-100,    1e-12,      1e-9,      1e-6,       1e-4,
                                 1e-3,   0.02,   0.09999999, 0.1,       0.10000001, 0.11,      0.5,        1,
                                 PI / 2, 2,      3,          PI - 1e-3, PI - 1e-6,  PI - 1e-9, PI - 1e-12, PI };
static const double turns[] = { PI + 1e-9, 4, 2 * PI - 1e-6, 2 * PI, 7, 3 * PI, 20 };
static const double sizes[] = { 0, 1e-300, 1e-12, 1, 1e3, 1e6 };
enum { ANGLES = sizeof angles / sizeof *angles, TURNS = sizeof turns / sizeof *turns, SIZES = sizeof sizes / sizeof *sizes };

static double partial(real x, int i) { return p_get(x.v, i); }
static double row_of(partials p, int i) { return p_get(p, i); }

/* xi with the given angle and translation length; axis 0, 1, 2: along a coordinate; then random. */
static void make_twist(rng *r, int axis, double angle, double size, double xi[6])
{
    double a[3] = { axis == 0, axis == 1, axis == 2 }, n = 1.0;
    if (axis > 2) {
        for (int i = 0; i < 3; i++) a[i] = rng_normal(r);
        n = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    }
    for (int i = 0; i < 3; i++) xi[3 + i] = angle * (a[i] / n), xi[i] = size * rng_uniform(r, -1, 1);
}

static void to_exact(const double xi[6], exact out[6])
{
    for (int i = 0; i < 6; i++) out[i] = xi[i];
}

/* |got - wanted| <= tolerance * max(1, scale) */
static void near(double got, exact wanted, double tolerance, double scale, const char *what, const double xi[6])
{
    if (fabsl(got - wanted) <= tolerance * fmax(1.0, scale)) return;
    print_error("%s: %.17g, wanted %.17Lg, at (%g %g %g, %.17g %.17g %.17g)\n", what, got, wanted, xi[0], xi[1], xi[2], xi[3],
                xi[4], xi[5]);
    fail();
}

/* ---- the oracle against closed forms and against itself ---- */
static void test_oracle_exp(UNUSED_STATE)
{
    (void)state;
    if (oracle_slack() > 1.0) skip();
    for (exact th = 1e-5L; th < 25; th *= 1.9L) {
        exact T[16], back[16], I[16];
        const exact xi[6] = { 1, 0, 2, 0, 0, th }, minus[6] = { -1, 0, -2, 0, 0, -th };
        exact_exp(xi, T);
        assert_true(fabsl(T[0] - cosl(th)) < 1e-16L && fabsl(T[4] - sinl(th)) < 1e-16L && fabsl(T[1] + sinl(th)) < 1e-16L);
        assert_true(fabsl(T[3] - sinl(th) / th) < 1e-16L && fabsl(T[7] - 2 * sinl(th / 2) * sinl(th / 2) / th) < 1e-16L);
        assert_true(fabsl(T[11] - 2) < 1e-16L);
        exact_exp(minus, back);
        exact_multiply(4, T, back, I);
        for (int i = 0; i < 16; i++) assert_true(fabsl(I[i] - (i % 5 == 0)) < 1e-16L);
    }
}

/* Column j of Jr by differences of the oracle's own Exp: (Exp(xi)^-1 Exp(xi +- h e_j)) is I +- h hat(Jr e_j). */
static void test_oracle_jacobian(UNUSED_STATE)
{
    rng r = { 11 };
    (void)state;
    if (oracle_slack() > 1.0) skip();
    for (int n = 0; n < 100; n++) {
        double xi[6];
        exact x[6], minus[6], Jr[36], inverse[16], D[2][16];
        make_twist(&r, 3, rng_uniform(&r, 0, 8), 3, xi);
        to_exact(xi, x);
        for (int i = 0; i < 6; i++) minus[i] = -x[i];
        exact_exp(minus, inverse);
        exact_right_jacobian(x, Jr);
        for (int j = 0; j < 6; j++) {
            for (int s = 0; s < 2; s++) { /* central differences with h and h / 2, extrapolated */
                const exact h = s ? 5e-5L : 1e-4L;
                exact moved[6], T[16], P[16], M[16];
                memcpy(moved, x, sizeof x);
                moved[j] += h;
                exact_exp(moved, T);
                exact_multiply(4, inverse, T, P);
                moved[j] -= 2 * h;
                exact_exp(moved, T);
                exact_multiply(4, inverse, T, M);
                for (int i = 0; i < 16; i++) D[s][i] = (P[i] - M[i]) / (2 * h);
            }
            const int place[6] = { 3, 7, 11, 9, 2, 4 };
            for (int i = 0; i < 6; i++) {
                const exact d = D[1][place[i]] + (D[1][place[i]] - D[0][place[i]]) / 3;
                assert_true(fabsl(d - Jr[6 * i + j]) < 1e-12L);
            }
        }
    }
}

/* ---- SE(3) and SO(3) ---- */
static void check_exp(const double xi[6], double tolerance)
{
    exact x[6], T[16], Jr[36];
    double size = fmax(fabs(xi[0]), fmax(fabs(xi[1]), fabs(xi[2])));
    to_exact(xi, x);
    exact_exp(x, T);
    exact_right_jacobian(x, Jr);
    const se3 g = se3_exp(r3_seed(xi, 0), r3_seed(xi + 3, 3));
    const so3 R = so3_exp(r3_seed(xi + 3, 3));
    const fgo_mat3 M = fgo_so3_matrix(g.R.a);
    const real t[3] = { g.t.x, g.t.y, g.t.z };
    assert_memory_equal(&R.a, &g.R.a, sizeof R.a);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) near(M.m[3 * i + j], T[4 * i + j], 1e-12 * tolerance, 1, "Exp, rotation", xi);
        near(t[i].a, T[4 * i + 3], 1e-12 * tolerance, size, "Exp, translation", xi);
        for (int j = 0; j < 6; j++) {
            exact dt = 0; /* R Jr, as t is written in the outer frame */
            for (int k = 0; k < 3; k++) dt += T[4 * i + k] * Jr[6 * k + j];
            near(partial(t[i], j), dt, 1e-9 * tolerance, size, "dExp, translation", xi);
            near(row_of(g.R.w[i], j), Jr[6 * (i + 3) + j], 1e-9 * tolerance, 1, "dExp, rotation", xi);
            near(row_of(R.w[i], j), Jr[6 * (i + 3) + j], 1e-9 * tolerance, 1, "dExp of SO(3)", xi);
        }
    }
}

static void test_exp(UNUSED_STATE)
{
    rng r = { 12 };
    double xi[6];
    (void)state;
    for (int s = 0; s < SIZES; s++)
        for (int axis = 0; axis < 8; axis++) {
            for (int a = 0; a < ANGLES; a++) make_twist(&r, axis, angles[a], sizes[s], xi), check_exp(xi, 1);
            for (int a = 0; a < TURNS; a++) make_twist(&r, axis, turns[a], sizes[s], xi), check_exp(xi, 1);
        }
}

/* The ambient value of Exp(xi), from the oracle, rounded. |rotation| <= pi. */
static void exact_pose(const double xi[6], double x[7])
{
    exact e[6], T[16], n, half;
    to_exact(xi, e);
    exact_exp(e, T);
    n = sqrtl(e[3] * e[3] + e[4] * e[4] + e[5] * e[5]);
    if (n < 1e-200L) n = fabsl(e[3]) + fabsl(e[4]) + fabsl(e[5]); /* as in sinl(n / 2) / n = 1/2 */
    half = n > 1e-200L ? sinl(n / 2) / n : 0.5L;
    for (int i = 0; i < 3; i++) x[i] = (double)T[4 * i + 3], x[3 + i] = (double)(half * e[3 + i]);
    x[6] = (double)cosl(n / 2);
}

/* Log undoes Exp, and its derivative undoes Jr. */
static void check_log(const double xi[6])
{
    exact x[6], Jr[36];
    double pose[7], opposite[7], size = fmax(fabs(xi[0]), fmax(fabs(xi[1]), fabs(xi[2])));
    real v[6], other[6];
    to_exact(xi, x);
    exact_right_jacobian(x, Jr);
    exact_pose(xi, pose);
    memcpy(opposite, pose, sizeof pose);
    for (int i = 3; i < 7; i++) opposite[i] = -pose[i]; /* the same rotation */
    se3_log(se3_seed(pose, 0), v);
    se3_log(se3_seed(opposite, 0), other);
    const vec3 w = so3_log(so3_seed(pose + 3, 3));
    const real *so3_part[3] = { &w.x, &w.y, &w.z };
    for (int i = 0; i < 6; i++) {
        near(v[i].a, x[i], 1e-12, i < 3 ? size : 1, "Log", xi);
        if (i > 2) {
            assert_true(so3_part[i - 3]->a == v[i].a);
            near(v[i].a, x[i], 1e-12, 1e-3 * fabs(xi[i]), "Log, rotation", xi);
            if (pose[6] != 0.0) assert_true(other[i].a == v[i].a);
        }
        for (int j = 0; j < 6; j++) {
            exact product = 0, so3_product = 0;
            for (int k = 0; k < 6; k++) product += (exact)partial(v[i], k) * Jr[6 * k + j];
            near((double)product, i == j, 1e-9, i < 3 ? size : 1, "dLog Jr", xi);
            if (i < 3) continue;
            for (int k = 3; k < 6; k++) so3_product += (exact)partial(*so3_part[i - 3], k) * Jr[6 * k + j];
            near((double)so3_product, i == j, 1e-9, 1, "dLog Jr of SO(3)", xi);
        }
    }
}

static void test_log(UNUSED_STATE)
{
    rng r = { 13 };
    double xi[6];
    (void)state;
    for (int s = 0; s < SIZES; s++)
        for (int axis = 0; axis < 8; axis++)
            for (int a = 0; a < ANGLES; a++) {
                /* a rotation vector whose rounding makes it longer than pi has another Log */
                const double angle = axis > 2 ? fmin(angles[a], PI * (1 - 4e-16)) : angles[a];
                make_twist(&r, axis, angle, sizes[s], xi);
                check_log(xi);
            }
    for (int n = 0; n < REPEATED(2000); n++) {
        make_twist(&r, 3, PI * rng_uniform(&r, 0, 1), 1, xi);
        check_log(xi);
    }
}

/* Tiny rotation vectors keep their digits. */
static void test_log_is_relative_at_zero(UNUSED_STATE)
{
    (void)state;
    for (double w = 1e-300; w < 1e-3; w *= 1e10) {
        const double x[4] = { 0.5 * w, 0, -0.25 * w, 1.0 };
        const vec3 v = so3_log(so3_seed(x, 3));
        assert_close(v.x.a / w, 1.0, 1e-6 * w + 1e-15);
        assert_close(v.z.a / w, -0.5, 1e-6 * w + 1e-15);
        assert_true(v.y.a == 0.0);
    }
}

/* ---- SE(2) and SO(2): SE(3) about the z axis ---- */
static const int planar[3] = { 0, 1, 5 };

static void check_plane(double x, double y, double angle)
{
    const double p[3] = { x, y, angle }, xi[6] = { x, y, 0, 0, 0, angle }, size = fmax(fabs(x), fabs(y));
    exact e[6], T[16], Jr[36];
    to_exact(xi, e);
    exact_exp(e, T);
    exact_right_jacobian(e, Jr);
    const se2 g = se2_exp((vec2){ r_seed(x, 0), r_seed(y, 1) }, r_seed(angle, 5));
    const real t[2] = { g.t.x, g.t.y };
    near(g.R.a.c, T[0], 1e-12, 1, "SE(2) Exp, cos", xi);
    near(g.R.a.s, T[4], 1e-12, 1, "SE(2) Exp, sin", xi);
    for (int i = 0; i < 2; i++) {
        near(t[i].a, T[4 * i + 3], 1e-12, size, "SE(2) Exp, translation", xi);
        for (int j = 0; j < 3; j++) {
            const exact dt = T[4 * i] * Jr[planar[j]] + T[4 * i + 1] * Jr[6 + planar[j]];
            near(partial(t[i], planar[j]), dt, 1e-9, size, "SE(2) dExp", xi);
        }
    }
    for (int j = 0; j < 3; j++) near(row_of(g.R.w, planar[j]), j == 2, 1e-15, 1, "SE(2) dExp, angle", xi);
    if (fabs(angle) > PI) return;

    const double pose[4] = { (double)T[3], (double)T[7], (double)cosl(e[5]), (double)sinl(e[5]) };
    real out[3];
    se2_log(se2_seed(pose, 0), out);
    for (int i = 0; i < 3; i++) {
        near(out[i].a, p[i], 1e-12, i < 2 ? size : 1, "SE(2) Log", xi);
        for (int j = 0; j < 3; j++) {
            exact product = 0;
            for (int k = 0; k < 3; k++) product += (exact)partial(out[i], k) * Jr[6 * planar[k] + planar[j]];
            near((double)product, i == j, 1e-9, i < 2 ? size : 1, "SE(2) dLog Jr", xi);
        }
    }
    const real angle_again = so2_log(so2_exp(r_seed(angle, 2)));
    near(angle_again.a, angle, 1e-15, 1, "SO(2)", xi);
    assert_true(partial(angle_again, 2) == 1.0);
}

static void test_plane(UNUSED_STATE)
{
    rng r = { 14 };
    (void)state;
    for (int s = 0; s < SIZES; s++)
        for (int sign = -1; sign < 2; sign += 2) {
            for (int a = 0; a < ANGLES; a++)
                for (int n = 0; n < 4; n++)
                    check_plane(sizes[s] * rng_uniform(&r, -1, 1), sizes[s] * rng_uniform(&r, -1, 1), sign * angles[a]);
            for (int a = 0; a < TURNS; a++)
                check_plane(sizes[s] * rng_uniform(&r, -1, 1), sizes[s] * rng_uniform(&r, -1, 1), sign * turns[a]);
        }
}

/* ---- group axioms ---- */
static se3 random_se3(rng *r, double x[7])
{
    random_value(r, &fgo_manifold_se3, x);
    return se3_seed(x, 0);
}
static double distance(se3 a, se3 b) /* |Log(a^-1 b)| */
{
    real v[6];
    double s = 0;
    se3_log(se3_between(a, b), v);
    for (int i = 0; i < 6; i++) s += v[i].a * v[i].a;
    return sqrt(s);
}

static void test_axioms(UNUSED_STATE)
{
    rng r = { 15 };
    double x[7], y[7], u[7];
    (void)state;
    for (int n = 0; n < REPEATED(2000); n++) {
        const se3 a = random_se3(&r, x), b = random_se3(&r, y), c = random_se3(&r, u);
        const vec3 p = c.t;
        assert_true(distance(se3_compose(se3_compose(a, b), c), se3_compose(a, se3_compose(b, c))) < 1e-13);
        assert_true(distance(se3_compose(a, se3_inverse(a)), se3_compose(se3_inverse(b), b)) < 1e-13);
        assert_true(distance(se3_between(a, b), se3_compose(se3_inverse(a), b)) < 1e-13);
        const vec3 q = v3_sub(se3_transform(se3_compose(a, b), p), se3_transform(a, se3_transform(b, p)));
        const vec3 back = v3_sub(se3_untransform(a, se3_transform(a, p)), p);
        assert_true(v3_norm(q).a < 1e-13 && v3_norm(back).a < 1e-13);
        assert_close(v3_norm(so3_rotate(a.R, p)).a, v3_norm(p).a, 1e-14);
        const fgo_mat3 M = fgo_so3_matrix(a.R.a); /* the quaternion trick and the matrix are one rotation */
        const vec3 rotated = so3_rotate(a.R, p);
        assert_close(rotated.x.a, M.m[0] * p.x.a + M.m[1] * p.y.a + M.m[2] * p.z.a, 1e-14);
        assert_close(rotated.z.a, M.m[6] * p.x.a + M.m[7] * p.y.a + M.m[8] * p.z.a, 1e-14);
    }
}

/* ---- every operation as a residual: Jacobian against differences, and with one argument plain equal to both dual ---- */
/* Six numbers that determine a pose up to the sign of its rotation's axis at half a turn. */
#define PUT_POSE(at, pose)                                                                                                       \
    do {                                                                                                                         \
        const se3 T = (pose);                                                                                                    \
        const vec3 q = so3_vector_part(T.R);                                                                                     \
        r[at] = T.t.x, r[at + 1] = T.t.y, r[at + 2] = T.t.z, r[at + 3] = q.x, r[at + 4] = q.y, r[at + 5] = q.z;                  \
    } while (0)
#define PUT_POINT(at, point)                                                                                                     \
    do {                                                                                                                         \
        const vec3 value = (point);                                                                                              \
        r[at] = value.x, r[at + 1] = value.y, r[at + 2] = value.z;                                                               \
    } while (0)

FGO_RESIDUAL1(compositions, 18, fgo_se3, se3, a)
{
    PUT_POSE(0, se3_compose(a, *z));
    PUT_POSE(6, se3_compose(*z, se3_inverse(a)));
    PUT_POSE(12, se3_compose(a, se3_compose(*z, a)));
}
FGO_RESIDUAL1(betweens, 18, fgo_se3, se3, a)
{
    PUT_POSE(0, se3_between(a, *z));
    PUT_POSE(6, se3_between(*z, a));
    PUT_POSE(12, se3_between(se3_compose(*z, a), a));
}
FGO_RESIDUAL1(points, 12, fgo_se3, se3, a)
{
    const vec3 p = se3_transform(a, z->t);
    PUT_POINT(0, se3_untransform(a, z->t));
    PUT_POINT(3, se3_untransform(*z, p));
    PUT_POINT(6, se3_transform(*z, v3_cross(p, a.t)));
    PUT_POINT(9, v3_scale(v3_dot(p, z->t), v3_cross(z->t, so3_rotate(fgo_se3_rotation(*z), a.t))));
}
FGO_RESIDUAL1(rotated_points, 9, fgo_se3, se3, a)
{
    PUT_POINT(0, se3_untransform(a, so3_rotate(a.R, z->t)));
    PUT_POINT(3, so3_unrotate(a.R, v3_add(z->t, a.t)));
    PUT_POINT(6, so3_unrotate(fgo_se3_rotation(*z), v3_sub(v3_neg(a.t), z->t)));
}

#define PUT_POSE2(at, pose)                                                                                                      \
    do {                                                                                                                         \
        const se2 T = (pose);                                                                                                    \
        r[at] = T.t.x, r[at + 1] = T.t.y, r[at + 2] = so2_cos(T.R), r[at + 3] = so2_sin(T.R);                                    \
    } while (0)
#define PUT_POINT2(at, point)                                                                                                    \
    do {                                                                                                                         \
        const vec2 value = (point);                                                                                              \
        r[at] = value.x, r[at + 1] = value.y;                                                                                    \
    } while (0)

FGO_RESIDUAL2(plane, 24, fgo_se2, se2, a, se2, b)
{
    PUT_POSE2(0, se2_compose(a, b));
    PUT_POSE2(4, se2_compose(a, *z));
    PUT_POSE2(8, se2_compose(*z, se2_inverse(a)));
    PUT_POSE2(12, se2_between(a, *z));
    PUT_POSE2(16, se2_between(*z, se2_between(a, b)));
    PUT_POSE2(20, se2_exp(v2_perp(a.t), so2_sin(b.R)));
}
FGO_RESIDUAL2(plane_points, 8, fgo_se2, se2, a, se2, b)
{
    const double p[2] = { z->x, z->y };
    PUT_POINT2(0, se2_untransform(a, p));
    PUT_POINT2(2, se2_transform(*z, se2_untransform(*z, se2_transform(b, p))));
    PUT_POINT2(4, v2_scale(v2_cross(a.t, b.t), so2_unrotate(a.R, p)));
    r[6] = so2_log(so2_compose(so2_between(a.R, fgo_se2_rotation(*z)), so2_inverse(so2_exp(r_mul(0.1, b.t.x)))));
    r[7] = v2_dot(v2_sub(p, a.t), v2_add(b.t, p));
}

/* Rotations composed with rotations, and Exp of a vector of any length. */
FGO_RESIDUAL2(rotations, 6, fgo_so3, so3, a, r3, v)
{
    PUT_POINT(0, so3_vector_part(so3_compose(a, so3_inverse(so3_exp(v)))));
    PUT_POINT(3, so3_log(so3_between(so3_compose(a, *z), *z)));
}
FGO_RESIDUAL2(rotated_by_exp, 6, fgo_so3, so3, a, r3, v)
{
    PUT_POINT(0, so3_unrotate(so3_between(a, so3_exp(v)), v3_sub(v, z->q)));
    PUT_POINT(3, so3_unrotate(so3_exp(v), z->q));
}

static void check_operations(const fgo_factor_class *c, const fgo_manifold *const *m, const fgo_manifold *measured)
{
    rng r = { 16 };
    double values[2][8], z[8], e[64], without[64], J[64 * 6];
    const double *x[2] = { values[0], values[1] };
    for (int n = 0; n < REPEATED(1000); n++) {
        fgo_jacobian_report report;
        for (int k = 0; k < c->arity; k++) random_value(&r, m[k], values[k]);
        random_value(&r, measured, z);
        c->evaluate(c, 1, x, z, e, J);
        c->evaluate(c, 1, x, z, without, NULL);
        assert_memory_equal(e, without, (size_t)c->rows * sizeof *e);
        assert_ok(fgo_check_jacobian(c, m, x, z, &report));
        if (report.error > 1e-7)
            print_error("%s row %d dof %d: %g %g\n", c->name, report.row, report.dof, report.jacobian, report.difference);
        assert_true(report.error <= 1e-7);
    }
}

static void test_operations(UNUSED_STATE)
{
    fgo_manifold three;
    (void)state;
    assert_ok(fgo_manifold_rn(3, &three));
    const fgo_manifold *const space[] = { &fgo_manifold_se3 }, *const plane[] = { &fgo_manifold_se2, &fgo_manifold_se2 },
                              *const mixed[] = { &fgo_manifold_so3, &three };
    check_operations(&fgo_compositions, space, &fgo_manifold_se3);
    check_operations(&fgo_betweens, space, &fgo_manifold_se3);
    check_operations(&fgo_points, space, &fgo_manifold_se3);
    check_operations(&fgo_rotated_points, space, &fgo_manifold_se3);
    check_operations(&fgo_plane, plane, &fgo_manifold_se2);
    check_operations(&fgo_plane_points, plane, &fgo_manifold_se2);
    check_operations(&fgo_rotations, mixed, &fgo_manifold_so3);
    check_operations(&fgo_rotated_by_exp, mixed, &fgo_manifold_so3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracle_exp),
        cmocka_unit_test(test_oracle_jacobian),
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_log_is_relative_at_zero),
        cmocka_unit_test(test_plane),
        cmocka_unit_test(test_axioms),
        cmocka_unit_test(test_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_factors_points.c -- the factor classes of sensors and points on 10,000 random states: values by homogeneous
 * matrices, Jacobians by differences, the same bits with and without Jacobian, predictions that make the residual zero,
 * and what a rigid motion of everything does. */
#include "support.h"

enum { STATES = REPEATED(10000), LARGEST = 24 };

typedef enum kind { LANDMARK, BEARING, BEARING_RANGE, RANGE, POSITION, DEPTH, DISPARITY, PRIOR, BETWEEN } kind;
typedef struct factor {
    const fgo_factor_class *c;
    kind kind;
    int world, offsets, log, predicts; /* 2 or 3; sensors in the measurement; the variable it can predict, or -1 */
} factor;

static const factor factors[] = {
    { &fgo_landmark_se2, LANDMARK, 2, 0, 0, 1 },
    { &fgo_landmark_se2_offset, LANDMARK, 2, 1, 0, 1 },
    { &fgo_landmark_se3, LANDMARK, 3, 0, 0, 1 },
    { &fgo_landmark_se3_offset, LANDMARK, 3, 1, 0, 1 },
    { &fgo_bearing_se2, BEARING, 2, 0, 0, -1 },
    { &fgo_bearing_range_se2, BEARING_RANGE, 2, 0, 0, 1 },
    { &fgo_range_se2, RANGE, 2, 0, 0, -1 },
    { &fgo_range_se3, RANGE, 3, 0, 0, -1 },
    { &fgo_position_se2, POSITION, 2, 0, 0, -1 },
    { &fgo_position_se3, POSITION, 3, 0, 0, -1 },
    { &fgo_depth_se3, DEPTH, 3, 1, 0, 1 },
    { &fgo_disparity_se3, DISPARITY, 3, 1, 0, 1 },
    { &fgo_prior_se3_offset, PRIOR, 3, 1, 0, 0 },
    { &fgo_prior_se3_offset_log, PRIOR, 3, 1, 1, 0 },
    { &fgo_between_se2_offset, BETWEEN, 2, 2, 0, 1 },
    { &fgo_between_se2_offset_log, BETWEEN, 2, 2, 1, 1 },
    { &fgo_between_se3_offset, BETWEEN, 3, 2, 0, 1 },
    { &fgo_between_se3_offset_log, BETWEEN, 3, 2, 1, 1 },
};
enum { FACTORS = sizeof factors / sizeof *factors };

static fgo_manifold plane, space;
static const double one2[4] = { 0, 0, 1, 0 }, one3[7] = { 0, 0, 0, 0, 0, 0, 1 };

static int setup(UNUSED_STATE)
{
    (void)state;
    return fgo_manifold_rn(2, &plane) || fgo_manifold_rn(3, &space);
}

static const fgo_manifold *pose_manifold(const factor *f) { return f->world == 2 ? &fgo_manifold_se2 : &fgo_manifold_se3; }
static const fgo_manifold *manifold_of(const factor *f, int k)
{
    return k == 0 || f->kind == BETWEEN ? pose_manifold(f) : f->world == 2 ? &plane : &space;
}

/* ---- poses as 4 x 4 matrices, independent of the library's geometry ---- */

static void matrix(int world, const double *x, double T[16])
{
    memset(T, 0, 16 * sizeof *T);
    T[10] = T[15] = 1;
    if (world == 2) {
        T[0] = T[5] = x[2], T[1] = -x[3], T[4] = x[3], T[3] = x[0], T[7] = x[1];
        return;
    }
    const double a = x[3], b = x[4], c = x[5], w = x[6];
    const double R[9] = { 1 - 2 * (b * b + c * c), 2 * (a * b - c * w),     2 * (a * c + b * w),
                          2 * (a * b + c * w),     1 - 2 * (a * a + c * c), 2 * (b * c - a * w),
                          2 * (a * c - b * w),     2 * (b * c + a * w),     1 - 2 * (a * a + b * b) };
    for (int i = 0; i < 9; i++) T[4 * (i / 3) + i % 3] = R[i];
    for (int i = 0; i < 3; i++) T[4 * i + 3] = x[i];
}

static void product(const double A[16], const double B[16], double C[16])
{
    for (int i = 0; i < 16; i++) {
        C[i] = 0;
        for (int k = 0; k < 4; k++) C[i] += A[i - i % 4 + k] * B[4 * k + i % 4];
    }
}

static void inverse(const double T[16], double U[16])
{
    memset(U, 0, 16 * sizeof *U);
    U[15] = 1;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) U[4 * i + j] = T[4 * j + i], U[4 * i + 3] -= T[4 * j + i] * T[4 * j + 3];
}

static void apply(const double T[16], const double *p, int n, double *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = T[4 * i + 3];
        for (int j = 0; j < n; j++) out[i] += T[4 * i + j] * p[j];
    }
}

/* The pose of the sensor on variable k in the world. */
static void sensor(const factor *f, int k, const double *x, const double *offset, double T[16])
{
    double A[16], O[16];
    matrix(f->world, x, A);
    matrix(f->world, k < f->offsets ? offset + k * (f->world == 2 ? 4 : 7) : f->world == 2 ? one2 : one3, O);
    product(A, O, T);
}

/* ---- states ---- */

typedef struct sample {
    double x[2][LARGEST], z[LARGEST];
    double e[6]; /* the residual by definition */
} sample;

static const double *offset_of(const factor *f, const double *z)
{
    return z + (f->kind == PRIOR || f->kind == BETWEEN ? (f->world == 2 ? 4 : 7) : f->world);
}

/* A step of the given size in every direction. */
static void random_step(rng *r, int n, double size, double *delta)
{
    for (int i = 0; i < n; i++) delta[i] = size * rng_uniform(r, -1, 1);
}

/* Relative poses: delta = Exp(xi) is chosen and the measurement follows, z = (a o)^-1 (b o) Exp(xi)^-1. */
static void sample_pose(rng *r, const factor *f, sample *s)
{
    const fgo_manifold *m = pose_manifold(f);
    const double *identity = f->world == 2 ? one2 : one3;
    const int n = m->tangent, t = f->world;
    double xi[6], minus[6], E[LARGEST], A[16], B[16], inv[16], rel[16], M[16], local[6], measured[16];
    random_step(r, n, 1.2, xi);
    for (int i = 0; i < n; i++) minus[i] = -xi[i];
    sensor(f, 0, s->x[0], offset_of(f, s->z), A);
    if (f->kind == BETWEEN) {
        sensor(f, 1, s->x[1], offset_of(f, s->z), B);
        inverse(A, inv);
        product(inv, B, rel);
    } else
        memcpy(rel, A, sizeof rel);
    m->retract(m, identity, minus, E);
    matrix(f->world, E, M);
    product(rel, M, measured);
    /* back to ambient numbers: rotations by their half-way quaternion, which is well away from zero for one of four
     * forms */
    if (t == 2) {
        s->z[0] = measured[3], s->z[1] = measured[7], s->z[2] = measured[0], s->z[3] = measured[4];
    } else {
        double q[4], best = -1;
        for (int k = 0; k < 4; k++) { /* rows of q q' */
            const double *R = measured;
            const double qq[4][4] = {
                { 1 + R[0] - R[5] - R[10], R[1] + R[4], R[2] + R[8], R[9] - R[6] },
                { R[1] + R[4], 1 - R[0] + R[5] - R[10], R[6] + R[9], R[2] - R[8] },
                { R[2] + R[8], R[6] + R[9], 1 - R[0] - R[5] + R[10], R[4] - R[1] },
                { R[9] - R[6], R[2] - R[8], R[4] - R[1], 1 + R[0] + R[5] + R[10] },
            };
            if (qq[k][k] <= best) continue;
            best = qq[k][k];
            for (int i = 0; i < 4; i++) q[i] = qq[k][i] / (2 * sqrt(qq[k][k]));
        }
        for (int i = 0; i < 3; i++) s->z[i] = measured[4 * i + 3];
        memcpy(s->z + 3, q, sizeof q);
        m->normalize(m, s->z);
    }
    m->retract(m, identity, xi, E);
    matrix(f->world, E, M);
    memcpy(local, xi, sizeof local);
    if (!f->log) {
        for (int i = 0; i < t; i++) local[i] = M[4 * i + 3];
        if (t == 3) {
            const double angle = sqrt(xi[3] * xi[3] + xi[4] * xi[4] + xi[5] * xi[5]);
            for (int i = 3; i < 6; i++) local[i] = sin(angle / 2) / angle * xi[i];
        }
    }
    memcpy(s->e, local, sizeof local);
}

/* What a sensor measures of the point p in its frame. */
static void observe(const factor *f, const double *p, const double *camera, double *h)
{
    const double depth = p[2];
    switch (f->kind) {
    case LANDMARK: memcpy(h, p, (size_t)f->world * sizeof *h); break;
    case BEARING: h[0] = atan2(p[1], p[0]); break;
    case BEARING_RANGE: h[0] = atan2(p[1], p[0]), h[1] = hypot(p[0], p[1]); break;
    case RANGE: h[0] = f->world == 2 ? hypot(p[0], p[1]) : hypot(hypot(p[0], p[1]), p[2]); break;
    case DEPTH:
    case DISPARITY:
        h[0] = camera[0] * p[0] / depth + camera[2];
        h[1] = camera[1] * p[1] / depth + camera[3];
        h[2] = f->kind == DEPTH ? depth : 1 / depth;
        break;
    case POSITION:
    case PRIOR:
    case BETWEEN: break;
    }
}

static void sample_point(rng *r, const factor *f, sample *s)
{
    double p[3] = { 0 }, T[16], h[3];
    const double camera[4] = { 500, 450, 320, 240 };
    do random_step(r, f->world, 3, p);
    while (hypot(p[0], p[1]) < 0.3 || (f->world == 3 && fabs(p[2]) < 0.4));
    if (f->kind >= DEPTH) memcpy(s->z + 10, camera, sizeof camera);
    sensor(f, 0, s->x[0], offset_of(f, s->z), T);
    apply(T, p, f->world, s->x[1]);
    observe(f, p, camera, h);
    random_step(r, f->c->rows, 0.5, s->e);
    for (int i = 0; i < f->c->rows; i++) s->z[i] = h[i] - s->e[i];
    if (f->kind == BEARING || f->kind == BEARING_RANGE) {
        const double range = h[1] - s->e[1], angle = s->z[0];
        s->z[0] = cos(angle), s->z[1] = sin(angle), s->z[2] = range;
    }
}

static void random_sample(rng *r, const factor *f, sample *s)
{
    const fgo_manifold *m = pose_manifold(f);
    memset(s, 0, sizeof *s);
    random_value(r, m, s->x[0]);
    if (f->kind == BETWEEN) random_value(r, m, s->x[1]);
    for (int k = 0; k < f->offsets; k++) {
        double o[7];
        random_value(r, m, o);
        memcpy(s->z + (offset_of(f, s->z) - s->z) + k * m->ambient, o, (size_t)m->ambient * sizeof *o);
    }
    if (f->kind == PRIOR || f->kind == BETWEEN) {
        sample_pose(r, f, s);
    } else if (f->kind == POSITION) {
        random_step(r, f->world, 2, s->e);
        for (int i = 0; i < f->world; i++) s->z[i] = s->x[0][i] - s->e[i];
    } else {
        sample_point(r, f, s);
    }
}

/* ---- tests ---- */

static void test_values_and_jacobians(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const fgo_manifold *m[2] = { manifold_of(f, 0), manifold_of(f, 1) };
        rng r = { 141 + (uint64_t)k };
        double worst_value = 0, worst_jacobian = 0;
        for (int n = 0; n < STATES; n++) {
            sample s;
            double e[6], without[6], J[72];
            const double *x[2] = { s.x[0], s.x[1] };
            fgo_jacobian_report report;
            random_sample(&r, f, &s);
            assert_int_equal(f->c->evaluate(f->c, 1, x, s.z, e, J), 0);
            assert_int_equal(f->c->evaluate(f->c, 1, x, s.z, without, NULL), 0);
            assert_memory_equal(e, without, (size_t)f->c->rows * sizeof *e);
            const double size = f->kind == DEPTH || f->kind == DISPARITY ? 1000 : 1; /* pixels */
            for (int i = 0; i < f->c->rows; i++) {
                worst_value = fmax(worst_value, fabs(e[i] - s.e[i]) / size);
                if (!(fabs(e[i] - s.e[i]) <= 1e-12 * size))
                    print_error("%s: e[%d] is %.17g, wanted %.17g\n", f->c->name, i, e[i], s.e[i]);
                assert_true(fabs(e[i] - s.e[i]) <= 1e-12 * size);
            }
            assert_ok(fgo_check_jacobian(f->c, m, x, s.z, &report));
            worst_jacobian = fmax(worst_jacobian, report.error);
            if (!(report.error <= 1e-7))
                print_error("%s: row %d, variable %d, dof %d: %.12g, differences give %.12g\n", f->c->name, report.row,
                            report.variable, report.dof, report.jacobian, report.difference);
            assert_true(report.error <= 1e-7);
        }
        print_message("%-24s value within %.1e, Jacobian within %.1e\n", f->c->name, worst_value, worst_jacobian);
    }
}

static void test_predictions(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        rng r = { 173 + (uint64_t)k };
        assert_true((f->c->predict != NULL) == (f->predicts >= 0));
        for (int n = 0; n < 1000 && f->c->predict; n++)
            for (int v = 0; v < f->c->arity; v++) {
                sample s;
                double e[6], predicted[LARGEST];
                const double *x[2] = { s.x[0], s.x[1] };
                random_sample(&r, f, &s);
                if (f->kind == DISPARITY && fabs(s.z[2]) < 0.02) continue; /* 50 m and more away */
                if (f->kind == DEPTH && fabs(s.z[2]) < 0.02) continue;
                const int possible = f->kind == BETWEEN || v == f->predicts;
                assert_int_equal(f->c->predict(f->c, s.z, x, v, predicted) == 0, possible);
                if (!possible) continue;
                x[v] = predicted;
                f->c->evaluate(f->c, 1, x, s.z, e, NULL);
                const int turned = f->kind == BEARING_RANGE && s.z[2] < 0; /* a negative range points backwards */
                for (int i = 0; i < f->c->rows && !turned; i++)
                    assert_true(fabs(e[i]) <= (f->kind == DEPTH || f->kind == DISPARITY ? 1e-9 : 1e-13));
            }
    }
}

/* A rigid motion of everything leaves relative factors alone and moves the others. */
static void test_gauge(UNUSED_STATE)
{
    rng r = { 174 };
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        const fgo_manifold *m = pose_manifold(f);
        const double *identity = f->world == 2 ? one2 : one3;
        const int absolute = f->kind == PRIOR || f->kind == POSITION;
        sample s;
        double moved[2][LARGEST], e[6], e_moved[6], G[7], M[16], delta[6], change = 0;
        const double *x[2] = { s.x[0], s.x[1] }, *y[2] = { moved[0], moved[1] };
        assert_int_equal(f->c->gauge, absolute ? FGO_GAUGE_ABSOLUTE : FGO_GAUGE_RELATIVE);
        random_sample(&r, f, &s);
        random_value(&r, m, G);
        matrix(f->world, G, M);
        for (int v = 0; v < f->c->arity; v++) {
            if (manifold_of(f, v) == m) { /* G x, as x is G moved by Log x */
                m->local(m, identity, s.x[v], delta);
                m->retract(m, G, delta, moved[v]);
            } else
                apply(M, s.x[v], f->world, moved[v]);
        }
        f->c->evaluate(f->c, 1, x, s.z, e, NULL);
        f->c->evaluate(f->c, 1, y, s.z, e_moved, NULL);
        for (int i = 0; i < f->c->rows; i++) change = fmax(change, fabs(e[i] - e_moved[i]));
        assert_true(absolute ? change > 1e-6 : change < 1e-9);
    }
}

static void test_tables(UNUSED_STATE)
{
    (void)state;
    for (int k = 0; k < FACTORS; k++) {
        const factor *f = &factors[k];
        assert_true(f->c->abi == FGO_FACTOR_ABI && f->c->rows <= 6);
        assert_true(f->c->measurement_size <= LARGEST * sizeof(double));
        for (int v = 0; v < f->c->arity; v++) {
            assert_string_equal(f->c->variable[v].manifold, manifold_of(f, v)->name);
            assert_int_equal(f->c->variable[v].tangent, manifold_of(f, v)->tangent);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_values_and_jacobians),
        cmocka_unit_test(test_predictions),
        cmocka_unit_test(test_gauge),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}

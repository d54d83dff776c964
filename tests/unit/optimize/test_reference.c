/* SPDX-License-Identifier: BSD-3-Clause */
/* test_reference.c -- ill-conditioned pose graphs against a solution in quadruple precision (113 bits; where the
 * compiler has none, in long double): residuals, gradients and estimates are those of this file, in that precision and
 * by definitions alone. Newton steps that use fgopt's factorization in double for a matrix and these gradients for the
 * right-hand side bring an estimate to where the true gradient is 1e-20 of what the summands are: iterative refinement
 * on the manifold. */
#include "cgls_fixture.h"
#include "linear/registry.h"

#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 quad;
#else
typedef long double quad;
#endif

typedef struct pose {
    quad t[3], q[4];
} pose;

static quad square_root(quad x)
{
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3 && y > 0; i++) y = (y + x / y) / 2; /* Newton: 16, 32, 64 digits */
    return y;
}

static void multiply(const quad *a, const quad *b, quad *out)
{
    const quad q[4] = { a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
                        a[3] * b[1] + a[1] * b[3] + a[2] * b[0] - a[0] * b[2],
                        a[3] * b[2] + a[2] * b[3] + a[0] * b[1] - a[1] * b[0],
                        a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2] };
    memcpy(out, q, sizeof q);
}

/* out = q v q*, with v a pure quaternion */
static void turn(const quad *q, const quad *v, quad *out)
{
    const quad pure[4] = { v[0], v[1], v[2], 0 }, inverse[4] = { -q[0], -q[1], -q[2], q[3] };
    quad h[4];
    multiply(q, pure, h);
    multiply(h, inverse, h);
    memcpy(out, h, 3 * sizeof *out);
}

static void normalize(quad *q)
{
    const quad length = square_root(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int i = 0; i < 4; i++) q[i] /= length;
}

static pose pose_of(const double *x)
{
    pose p;
    for (int i = 0; i < 3; i++) p.t[i] = x[i];
    for (int i = 0; i < 4; i++) p.q[i] = x[3 + i];
    normalize(p.q);
    return p;
}

/* x moved by d: the same tangent space as fgopt's, to first order the same step. */
static pose moved(const pose *x, const quad d[6])
{
    pose out = *x;
    quad step[4] = { d[3] / 2, d[4] / 2, d[5] / 2, 0 }, t[3];
    step[3] = square_root(1 - step[0] * step[0] - step[1] * step[1] - step[2] * step[2]);
    turn(x->q, d, t);
    for (int i = 0; i < 3; i++) out.t[i] += t[i];
    multiply(x->q, step, out.q);
    normalize(out.q);
    return out;
}

/* e of between_se3: with delta = z^-1 a^-1 b its translation and the vector part of its quaternion, q_w >= 0 */
static void residual(const pose *z, const pose *a, const pose *b, quad e[6])
{
    const quad az[4] = { -a->q[0], -a->q[1], -a->q[2], a->q[3] }, zz[4] = { -z->q[0], -z->q[1], -z->q[2], z->q[3] };
    quad d[3] = { b->t[0] - a->t[0], b->t[1] - a->t[1], b->t[2] - a->t[2] }, q[4];
    turn(az, d, d);
    for (int i = 0; i < 3; i++) d[i] -= z->t[i];
    turn(zz, d, e);
    multiply(az, b->q, q);
    multiply(zz, q, q);
    for (int i = 0; i < 3; i++) e[3 + i] = q[3] < 0 ? -q[i] : q[i];
}

/* r = W e, W the packed upper triangle */
static void whiten(const double *W, const quad e[6], quad r[6])
{
    for (int i = 0; i < 6; i++) {
        r[i] = 0;
        for (int j = i; j < 6; j++) r[i] += W[j - i] * e[j];
        W += 6 - i;
    }
}

/* chi2, and J' r added up at b[6 v ..], by central differences of width 1e-11: right to 1e-20. */
static quad evaluate(const fgo_factor_group *group, const pose *x, quad *b)
{
    const quad h = (quad)1e-11;
    quad chi2 = 0;
    for (size_t f = 0; f < group->count; f++) {
        const pose z = pose_of((const double *)group->z + 7 * f);
        const uint32_t *v = group->variable + 2 * f;
        const double *W = group->W + 21 * f;
        quad e[6], r[6];
        residual(&z, &x[v[0]], &x[v[1]], e);
        whiten(W, e, r);
        for (int i = 0; i < 6; i++) chi2 += r[i] * r[i];
        for (int k = 0; b && k < 12; k++) {
            quad d[6] = { 0 }, up[6], down[6], change[6], row[6];
            const int second = k >= 6;
            d[k % 6] = h;
            pose p = moved(&x[v[second]], d);
            residual(&z, second ? &x[v[0]] : &p, second ? &p : &x[v[1]], up);
            d[k % 6] = -h;
            p = moved(&x[v[second]], d);
            residual(&z, second ? &x[v[0]] : &p, second ? &p : &x[v[1]], down);
            for (int i = 0; i < 6; i++) change[i] = (up[i] - down[i]) / (2 * h);
            whiten(W, change, row);
            for (int i = 0; i < 6; i++) b[6 * v[second] + (size_t)k % 6] += row[i] * r[i];
        }
    }
    return chi2;
}

/* From fgopt's estimate in g to the optimum, in x; returns chi2 there. */
static quad refine(fgo_graph *g, const fgo_factor_group *group, pose *x)
{
    const size_t n = fgo_graph_variable_count(g);
    problem p = linearized(g, &fgoi_linear_block, (fgo_linear_request){ 0 }, 0.0, 0);
    quad *b = malloc(6 * n * sizeof *b);
    double *step = malloc((p.n + 1) * sizeof *step), norm = INFINITY;
    assert_int_equal(fgoi_linear_factorize(p.ls, NULL), FGO_OUTCOME_SOLVED);
    for (size_t i = 0; i < n; i++) x[i] = pose_of(fgo_graph_variable_value(g, i));
    for (int again = 0; again < 5 && norm > 1e-13; again++) {
        memset(b, 0, 6 * n * sizeof *b);
        evaluate(group, x, b);
        for (int j = 0; j < p.s->pattern.n; j++)
            for (size_t d = 0; d < 6; d++) step[p.s->pattern.offset[j] + d] = -(double)b[6 * p.s->variable[j] + d];
        assert_int_equal(fgoi_linear_solve(p.ls, step), FGO_OUTCOME_SOLVED);
        norm = 0.0;
        for (int j = 0; j < p.s->pattern.n; j++) {
            quad d[6];
            for (size_t i = 0; i < 6; i++) {
                d[i] = step[p.s->pattern.offset[j] + i];
                norm = fmax(norm, fabs((double)d[i]));
            }
            x[p.s->variable[j]] = moved(&x[p.s->variable[j]], d);
        }
    }
    assert_true(norm <= 1e-9); /* it has converged */
    const quad chi2 = evaluate(group, x, NULL);
    free(b), free(step);
    release(&p);
    return chi2;
}

/* Optimizes g with two linear solvers: as low as the reference to `relative`, and as close to it as `distance`. */
static void check_against_reference(fgo_graph *g, double relative, double distance)
{
    fgo_factor_group group;
    fgo_options o = fgo_options_default();
    const size_t n = fgo_graph_variable_count(g);
    pose *x = malloc(n * sizeof *x);
    fgo_summary s;
    assert_ok(fgo_graph_hold(g, fgo_graph_variable_key(g, 0)));
    assert_ok(fgo_graph_group(g, 0, &group));
    o.cost_tolerance = 1e-15;
    assert_ok(fgo_solve(g, &o, &s));
    const quad best = refine(g, &group, x);
    for (int solver = FGO_LINEAR_CHOLMOD; solver <= FGO_LINEAR_BLOCK; solver += FGO_LINEAR_BLOCK - FGO_LINEAR_CHOLMOD) {
        o = fgo_options_default(); /* the accuracy that users get */
        o.linear_solver = solver;
        assert_ok(fgo_solve(g, &o, &s));
        /* where chi2 is near the rounding of its summands it may say instead that no step lowers the cost */
        if (s.cost_final > 1e-9) assert_int_equal(fgo_termination_class(s.termination), 1);
        const double above = (double)(((quad)s.cost_final - best) / best);
        double furthest = 0.0;
        for (size_t i = 0; i < n; i++)
            for (int d = 0; d < 3; d++) furthest = fmax(furthest, fabs((double)(x[i].t[d] - fgo_graph_variable_value(g, i)[d])));
        print_message("%zu poses, %s: chi2 %.12g, above the reference by %.1e of it; poses within %.1e m\n", n,
                      fgo_linear_solver_name((fgo_linear_solver)solver), s.cost_final, above, furthest);
        assert_true(fabs(above) <= relative && furthest <= distance);
    }
    free(x);
}

/* Ten orders of magnitude between the weights of one edge. */
static void test_parking_garage(UNUSED_STATE)
{
    (void)state;
    char path[1024];
    fgo_graph *g;
    const char *folder = getenv("FGOPT_DATASETS");
#ifdef FGOPT_INSTRUMENTED
    const int too_slow = 1; /* minutes */
#else
    const int too_slow = 0;
#endif
    if (!folder || too_slow) {
        print_message("FGOPT_DATASETS, the folder of the standard data sets, is not set, or a sanitizer runs\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/parking-garage.g2o", folder);
    assert_ok(fgo_graph_read(path, NULL, &g));
    check_against_reference(g, 1e-7, 1e-2);
    fgo_graph_free(g);
}

/* Chains whose loops are a millionth, or ten orders of magnitude, weaker than the steps, and steps that hardly measure
 * one direction: nearly singular. */
static void test_nearly_singular(UNUSED_STATE)
{
    rng r = { 91 };
    (void)state;
    for (int t = 0; t < REPEATED(12); t++) {
        fgo_graph *g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 40, 30, 0.02, NULL);
        const double weakest = t % 2 ? 1e-3 : 1e-5;
        for (size_t f = 0; f < fgo_graph_factor_count(g); f++) {
            double z[7], delta[6], sigma[6];
            memcpy(z, fgo_graph_factor_measurement(g, f), sizeof z);
            for (int d = 0; d < 6; d++) {
                delta[d] = 0.01 * rng_normal(&r);
                sigma[d] = f >= 39 ? 1.0 / weakest : d == (int)f % 6 ? 1.0 : weakest;
            }
            fgo_manifold_se3.retract(&fgo_manifold_se3, z, delta, z);
            assert_ok(fgo_graph_set_measurement(g, f, z));
            assert_ok(fgo_graph_set_noise(g, f, fgo_noise_sigmas(sigma)));
        }
        check_against_reference(g, 1e-6, 1e-2);
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearly_singular),
        cmocka_unit_test(test_parking_garage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

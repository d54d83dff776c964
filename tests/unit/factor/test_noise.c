/* SPDX-License-Identifier: BSD-3-Clause */
/* test_noise.c -- whitening: W' W is Omega for every kind of noise, and what is not positive semi-definite is found. */
#include "factor/noise.h"
#include "support.h"

enum { MOST = 20 };

/* Omega from the packed W. */
static void square(int n, const double *W, double *Omega)
{
    memset(Omega, 0, (size_t)(n * n) * sizeof *Omega);
    for (int k = 0; k < n; W += n - k, k++)
        for (int i = k; i < n; i++)
            for (int j = k; j < n; j++) Omega[i * n + j] += W[i - k] * W[j - k];
}

static double distance(int n, const double *A, const double *B)
{
    double sum = 0.0, scale = 0.0;
    for (int i = 0; i < n * n; i++) sum += (A[i] - B[i]) * (A[i] - B[i]), scale += B[i] * B[i];
    return sqrt(sum / fmax(scale, 1e-300));
}

/* V diag(lambda) V' with a random orthogonal V (Gram-Schmidt). */
static void from_spectrum(rng *r, int n, const double *lambda, double *S)
{
    double V[MOST * MOST];
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) V[i * n + j] = rng_normal(r);
        for (int again = 0; again < 2; again++)
            for (int k = 0; k < i; k++) {
                double dot = 0.0;
                for (int j = 0; j < n; j++) dot += V[i * n + j] * V[k * n + j];
                for (int j = 0; j < n; j++) V[i * n + j] -= dot * V[k * n + j];
            }
        double norm = 0.0;
        for (int j = 0; j < n; j++) norm += V[i * n + j] * V[i * n + j];
        for (int j = 0; j < n; j++) V[i * n + j] /= sqrt(norm);
    }
    memset(S, 0, (size_t)(n * n) * sizeof *S);
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++) S[i * n + j] += lambda[k] * V[k * n + i] * V[k * n + j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) S[i * n + j] = S[j * n + i];
}

static void test_definite(UNUSED_STATE)
{
    (void)state;
    rng r = { 1 };
    for (int t = 0; t < 2000; t++) {
        const int n = 1 + t % MOST;
        double lambda[MOST], S[MOST * MOST], W[MOST * (MOST + 1) / 2], back[MOST * MOST];
        int projected = 7;
        for (int i = 0; i < n; i++) lambda[i] = pow(10.0, rng_uniform(&r, -5.0, 5.0));
        from_spectrum(&r, n, lambda, S);
        const fgo_noise noise = fgo_noise_information(S);
        assert_ok(fgoi_whitening(&noise, n, W, &projected));
        square(n, W, back);
        assert_true(distance(n, back, S) < 1e-13);
        assert_int_equal(projected, 0);
    }
}

static void test_semidefinite(UNUSED_STATE)
{
    (void)state;
    rng r = { 2 };
    for (int t = 0; t < 1000; t++) {
        const int n = 1 + t % MOST;
        double lambda[MOST], S[MOST * MOST], W[MOST * (MOST + 1) / 2], back[MOST * MOST];
        int projected = 7;
        for (int i = 0; i < n; i++) lambda[i] = rng_below(&r, 2) ? rng_uniform(&r, 0.5, 100.0) : 0.0;
        from_spectrum(&r, n, lambda, S);
        const fgo_noise noise = fgo_noise_information(S);
        assert_ok(fgoi_whitening(&noise, n, W, &projected));
        square(n, W, back);
        for (int i = 0; i < n * n; i++) assert_close(back[i], S[i], 1e-11);
        assert_int_equal(projected, 0);
    }
}

/* The nearest semi-definite matrix keeps the positive part of the spectrum. */
static void test_indefinite(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    for (int t = 0; t < 500; t++) {
        const int n = 2 + t % (MOST - 1);
        double lambda[MOST], S[MOST * MOST], W[MOST * (MOST + 1) / 2], back[MOST * MOST], positive[MOST * MOST];
        int projected;
        for (int i = 0; i < n; i++) lambda[i] = rng_uniform(&r, -10.0, 10.0);
        lambda[0] = -rng_uniform(&r, 0.1, 10.0);
        lambda[n - 1] = 1.0;
        rng same = r;
        from_spectrum(&r, n, lambda, S);
        for (int i = 0; i < n; i++) lambda[i] = fmax(lambda[i], 0.0);
        from_spectrum(&same, n, lambda, positive);
        fgo_noise noise = fgo_noise_information(S);
        assert_int_equal(fgoi_whitening(&noise, n, W, &projected), FGO_ERROR_INFORMATION);
        assert_non_null(strstr(fgo_last_message(), "not positive semi-definite (eigenvalue -"));
        noise = fgo_noise_projected(S);
        assert_ok(fgoi_whitening(&noise, n, W, &projected));
        assert_int_equal(projected, 1);
        square(n, W, back);
        assert_true(distance(n, back, positive) < 1e-12);
    }
}

static void test_square_root_and_diagonal(UNUSED_STATE)
{
    (void)state;
    rng r = { 4 };
    for (int t = 0; t < 500; t++) {
        const int n = 1 + t % MOST;
        double R[MOST * MOST], RtR[MOST * MOST] = { 0 }, W[MOST * (MOST + 1) / 2], back[MOST * MOST], sigma[MOST];
        int projected;
        for (int i = 0; i < n * n; i++) R[i] = rng_normal(&r);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                for (int k = 0; k < n; k++) RtR[i * n + j] += R[k * n + i] * R[k * n + j];
        fgo_noise noise = fgo_noise_sqrt_information(R);
        assert_ok(fgoi_whitening(&noise, n, W, &projected));
        square(n, W, back);
        assert_true(distance(n, back, RtR) < 1e-13);
        for (int i = 0; i < n; i++) sigma[i] = rng_uniform(&r, 0.1, 10.0);
        noise = fgo_noise_sigmas(sigma);
        assert_ok(fgoi_whitening(&noise, n, W, &projected));
        square(n, W, back);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) assert_close(back[i * n + j], i == j ? 1.0 / (sigma[i] * sigma[i]) : 0.0, 1e-14);
    }
}

static void test_refused(UNUSED_STATE)
{
    (void)state;
    double W[6] = { 42.0 };
    int projected;
    const double asymmetric[4] = { 1, 0.5, 0.4, 1 }, nan_entry[4] = { 1, NAN, NAN, 1 }, negative[2] = { 1, -1 };
    const struct {
        fgo_noise noise;
        fgo_status status;
    } cases[] = {
        { fgo_noise_information(asymmetric), FGO_ERROR_INFORMATION },
        { fgo_noise_information(nan_entry), FGO_ERROR_ARGUMENT },
        { fgo_noise_information(NULL), FGO_ERROR_ARGUMENT },
        { fgo_noise_sigma(0.0), FGO_ERROR_ARGUMENT },
        { fgo_noise_sigma(-1.0), FGO_ERROR_ARGUMENT },
        { fgo_noise_sigma(NAN), FGO_ERROR_ARGUMENT },
        { fgo_noise_sigmas(negative), FGO_ERROR_ARGUMENT },
        { fgo_noise_sqrt_information(nan_entry), FGO_ERROR_ARGUMENT },
        { { (fgo_noise_kind)99, 1.0, negative }, FGO_ERROR_ARGUMENT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(fgoi_whitening(&cases[i].noise, 2, W, &projected), cases[i].status);
}

/* What counts is Omega: a root of it may be a number whose square is none. */
static void test_range(UNUSED_STATE)
{
    (void)state;
    double W[6], Omega[9] = { 1e308, 0, 0, 0, 1, 0, 0, 0, 1e-308 }, root[9] = { 1, 1e100, 1e154, 0, 1e154, 0, 0, 0, 1 };
    double sigma[3] = { 1, 1e-154, 1e300 };
    fgo_graph *g;
    int projected;
    const fgo_noise information = fgo_noise_information(Omega), sqrt_information = fgo_noise_sqrt_information(root),
                    sigmas = fgo_noise_sigmas(sigma);
    assert_ok(fgoi_whitening(&information, 3, W, &projected));
    assert_ok(fgoi_whitening(&sqrt_information, 3, W, &projected));
    assert_ok(fgoi_whitening(&sigmas, 3, W, &projected));
    assert_close(W[3] / 1e154, 1.0, 1e-14);
    sigma[1] = 1e-155;
    root[8] = 1e155;
    assert_int_equal(fgoi_whitening(&sqrt_information, 3, W, &projected), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, 1, 3, root));
    fgo_factor_class prior;
    assert_ok(fgo_prior_rn(3, &prior));
    assert_int_equal(fgo_graph_add_factor(g, &prior, (int64_t[]){ 1 }, root, sigmas, fgo_loss_none()), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "information entry (1, 1) is the square of 1e+155: too large"));
    assert_int_equal(fgo_graph_factor_count(g), 0);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definite),   cmocka_unit_test(test_semidefinite),
        cmocka_unit_test(test_indefinite), cmocka_unit_test(test_square_root_and_diagonal),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

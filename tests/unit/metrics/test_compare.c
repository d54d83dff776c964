/* SPDX-License-Identifier: BSD-3-Clause */
/* test_compare.c -- time stamps matched against every pair tried; trajectories matched by them; segments against every end
 * tried; refusals. The figures themselves are tested against numpy and evo (test_cli_compare.py, test_cli_compare_evo.py). */
#include "support.h"

enum { MOST = 200 };

/* The definition of compare.h, by trying all. */
static size_t match_all(const double *a, size_t n, const double *b, size_t m, double offset, double tolerance, size_t *partner)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        partner[i] = SIZE_MAX;
        double least = INFINITY;
        for (size_t j = 0; j < m; j++) {
            const double d = fabs(a[i] + offset - b[j]);
            const int earlier = partner[i] != SIZE_MAX && b[j] < b[partner[i]];
            if (d <= tolerance && (d < least || (d == least && earlier))) least = d, partner[i] = j;
        }
        count += partner[i] != SIZE_MAX;
    }
    return count;
}

static void random_stamps(rng *r, double *t, size_t n)
{
    for (size_t i = 0; i < n; i++) t[i] = rng_uniform(r, 0, 10);
}

static void test_stamps(UNUSED_STATE)
{
    (void)state;
    rng r = { 3 };
    for (int trial = 0; trial < 300; trial++) {
        double a[MOST], b[MOST];
        size_t i[MOST], j[MOST], partner[MOST], count = 0;
        const size_t n = 1 + (size_t)rng_below(&r, MOST / 2), m = n + (size_t)rng_below(&r, MOST / 2);
        const double offset = rng_uniform(&r, -1, 1), tolerance = rng_uniform(&r, 0, 0.2);
        random_stamps(&r, a, n);
        random_stamps(&r, b, m);
        const size_t wanted = match_all(a, n, b, m, offset, tolerance, partner);
        assert_ok(fgo_match_times(a, n, b, m, offset, tolerance, i, j, &count));
        assert_int_equal(count, wanted);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(j[k], partner[i[k]]);
            assert_true(!k || a[i[k]] >= a[i[k - 1]]);
        }
        /* and with the lists exchanged: the shorter one still chooses */
        if (n == m) continue;
        assert_ok(fgo_match_times(b, m, a, n, -offset, tolerance, j, i, &count));
        assert_int_equal(count, wanted);
    }
}

static void test_stamps_at_the_same_distance_and_repeated(UNUSED_STATE)
{
    (void)state;
    size_t i[4], j[4], count;
    assert_ok(fgo_match_times((double[]){ 1 }, 1, (double[]){ 2, 0 }, 2, 0, 1, i, j, &count));
    assert_int_equal(count, 1);
    assert_int_equal(j[0], 1); /* the earlier */
    assert_ok(fgo_match_times((double[]){ 5, 1 }, 2, (double[]){ 0, 0, 0, 1, 5 }, 5, 0, 0.5, i, j, &count));
    assert_int_equal(count, 2);
    assert_int_equal(i[0], 1);
    assert_int_equal(j[0], 3);
    assert_int_equal(j[1], 4);
    assert_ok(fgo_match_times(NULL, 0, (double[]){ 0 }, 1, 0, 1, i, j, &count));
    assert_int_equal(count, 0);
    assert_int_equal(fgo_match_times((double[]){ NAN }, 1, (double[]){ 0 }, 1, 0, 1, i, j, &count), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_match_times((double[]){ 0 }, 1, (double[]){ 0 }, 1, 0, -1, i, j, &count), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_match_times((double[]){ 0 }, 1, (double[]){ 0 }, 1, 0, NAN, i, j, &count), FGO_ERROR_ARGUMENT);
}

/* A walk in space with steps of up to a metre, some of them none; time stamps every 0.1 s, keys from `first`. */
static fgo_graph *walk(uint64_t seed, size_t n, int64_t first, double error, int with_times)
{
    fgo_graph *g;
    rng path = { seed }, noise = { seed + 77 };
    double t[3] = { 0 };
    assert_ok(fgo_graph_create(&g));
    for (size_t i = 0; i < n; i++) {
        double x[3], q[4] = { 0.1, 0.2, 0.3, 1 };
        const int still = rng_below(&path, 5) == 0;
        for (int k = 0; k < 3; k++) t[k] += still ? 0 : rng_uniform(&path, -0.5, 0.5);
        for (int k = 0; k < 3; k++) x[k] = t[k] + error * rng_normal(&noise), q[k] += error * rng_normal(&noise);
        assert_ok(fgo_graph_add_se3(g, first + (int64_t)i, x, q));
        if (with_times) assert_ok(fgo_graph_set_time(g, first + (int64_t)i, 0.1 * (double)i));
    }
    return g;
}

static void test_matching_by_time(UNUSED_STATE)
{
    (void)state;
    fgo_graph *x = walk(1, 60, 0, 0.01, 1), *y = walk(1, 60, 1000, 0, 1), *plain = walk(1, 60, 0, 0, 0);
    fgo_compare_options o = fgo_compare_options_default();
    fgo_comparison by_time, by_key, c;
    assert_ok(fgo_graph_compare(x, y, NULL, &by_time, NULL)); /* no id in common, but stamps */
    assert_int_equal(by_time.matching, FGO_MATCH_TIMES);
    assert_int_equal(by_time.matched, 60);
    assert_ok(fgo_graph_compare(x, plain, NULL, &by_key, NULL)); /* no stamps in one */
    assert_int_equal(by_key.matching, FGO_MATCH_KEYS);
    assert_close(by_key.ate_translation.rmse, by_time.ate_translation.rmse, 0);
    o.matching = FGO_MATCH_KEYS;
    assert_int_equal(fgo_graph_compare(x, y, &o, &c, NULL), FGO_ERROR_TYPE);
    o.matching = FGO_MATCH_TIMES;
    assert_int_equal(fgo_graph_compare(x, plain, &o, &c, NULL), FGO_ERROR_TYPE);
    o.time_offset = 0.5; /* five poses on */
    assert_ok(fgo_graph_compare(x, y, &o, &c, NULL));
    assert_int_equal(c.matched, 55);
    o.time_offset = 0.05; /* between two stamps, beyond the tolerance */
    assert_int_equal(fgo_graph_compare(x, y, &o, &c, NULL), FGO_ERROR_TYPE);
    o.time_tolerance = 0.06;
    assert_ok(fgo_graph_compare(x, y, &o, &c, NULL));
    fgo_graph_free(x);
    fgo_graph_free(y);
    fgo_graph_free(plain);
}

static const double *position(const fgo_graph *g, size_t i) { return fgo_graph_variable_value(g, i); }

/* Translation errors of segments with unit rotations, from every pose and to every end. */
static double segment_rmse(const fgo_graph *x, const fgo_graph *y, size_t n, double length, size_t *count)
{
    double way[MOST] = { 0 }, sum = 0;
    *count = 0;
    for (size_t i = 1; i < n; i++) {
        const double *a = position(y, i - 1), *b = position(y, i);
        way[i] = way[i - 1] + sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]) + (b[2] - a[2]) * (b[2] - a[2]));
    }
    for (size_t i = 0; i + 1 < n; i++) {
        size_t best = i + 1;
        for (size_t j = i + 2; j < n; j++)
            if (fabs(way[j] - way[i] - length) < fabs(way[best] - way[i] - length)) best = j;
        if (fabs(way[best] - way[i] - length) > 0.1 * length) continue;
        double e = 0;
        for (int k = 0; k < 3; k++) {
            const double d = position(x, best)[k] - position(x, i)[k] - position(y, best)[k] + position(y, i)[k];
            e += d * d;
        }
        sum += e;
        ++*count;
    }
    return *count ? sqrt(sum / (double)*count) : 0;
}

static void test_segments(UNUSED_STATE)
{
    (void)state;
    enum { N = 150 };
    const double lengths[] = { 0.2, 1, 3, 10, 20, 1000 };
    fgo_compare_options o = fgo_compare_options_default();
    o.alignment = FGO_ALIGN_NONE;
    o.lengths = lengths;
    o.length_count = sizeof lengths / sizeof *lengths;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fgo_graph *x = walk(seed, N, 0, 0, 0), *y = walk(seed, N, 0, 0, 0);
        rng r = { seed };
        for (int64_t k = 0; k < N; k++) { /* positions apart, rotations not */
            double v[7];
            assert_ok(fgo_graph_get_value(x, k, v));
            v[3] = v[4] = v[5] = 0, v[6] = 1;
            assert_ok(fgo_graph_set_value(y, k, v));
            for (int i = 0; i < 3; i++) v[i] += 0.1 * rng_normal(&r);
            assert_ok(fgo_graph_set_value(x, k, v));
        }
        fgo_comparison c;
        fgo_segment_errors row[6];
        assert_ok(fgo_graph_compare(x, y, &o, &c, row));
        for (size_t i = 0; i < o.length_count; i++) {
            size_t count;
            const double wanted = segment_rmse(x, y, N, lengths[i], &count);
            assert_close(row[i].length, lengths[i], 0);
            assert_int_equal(row[i].translation.count, count);
            assert_int_equal(row[i].rotation.count, count);
            assert_close(row[i].translation.rmse, wanted, 1e-12);
        }
        assert_int_equal(row[5].translation.count, 0);
        fgo_graph_free(x);
        fgo_graph_free(y);
    }
}

/* A trajectory turned, shifted and scaled is the same one but for what the alignment may undo. */
static void test_alignment(UNUSED_STATE)
{
    (void)state;
    enum { N = 40 };
    for (uint64_t seed = 1; seed <= 12; seed++) {
        rng r = { seed };
        const int plane = seed % 2, with_scale = seed / 2 % 2;
        const fgo_manifold *m = plane ? &fgo_manifold_se2 : &fgo_manifold_se3;
        const double s = with_scale ? rng_uniform(&r, 0.2, 5) : 1.0;
        const int t = plane ? 2 : 3; /* positions come first */
        double T[7], x[7], identity[7], delta[6];
        fgo_graph *estimate, *reference;
        fgo_compare_options o = fgo_compare_options_default();
        fgo_comparison c;
        o.alignment = with_scale ? FGO_ALIGN_SIM : FGO_ALIGN_SE;
        assert_ok(fgo_graph_create(&estimate));
        assert_ok(fgo_graph_create(&reference));
        set_identity(m, identity);
        random_value(&r, m, T);
        for (int d = 0; d < t; d++) T[d] = 100.0 * rng_normal(&r); /* far away: the centroids count */
        for (int64_t k = 0; k < N; k++) {
            random_value(&r, m, x);
            assert_ok(fgo_graph_add_variable(estimate, k, m, x));
            for (int d = 0; d < t; d++) x[d] *= s;
            m->local(m, identity, x, delta);
            m->retract(m, T, delta, x);
            assert_ok(fgo_graph_add_variable(reference, k, m, x));
        }
        assert_ok(fgo_graph_compare(estimate, reference, &o, &c, NULL));
        assert_close(c.scale, s, 1e-12);
        assert_true(c.ate_translation.max < 1e-11 && c.ate_rotation.max < 1e-7 && c.rpe_translation.max < 1e-11);
        o.alignment = FGO_ALIGN_NONE;
        assert_ok(fgo_graph_compare(estimate, reference, &o, &c, NULL));
        assert_true(c.scale == 1.0 && c.ate_translation.mean > 10.0);
        fgo_graph_free(estimate);
        fgo_graph_free(reference);
    }
}

static void test_what_is_refused(UNUSED_STATE)
{
    (void)state;
    fgo_graph *x = walk(1, 5, 0, 0, 0);
    fgo_comparison c;
    const fgo_compare_options standard = fgo_compare_options_default();
    fgo_compare_options o[] = { standard, standard, standard, standard, standard, standard, standard };
    o[0].delta = 0;
    o[1].alignment = 3;
    o[2].matching = -1;
    o[3].pairs = 2;
    o[4].time_tolerance = NAN;
    o[5].lengths = (double[]){ 0 };
    o[5].length_count = 1;
    o[6].length_count = 1; /* and no list */
    for (size_t i = 0; i < sizeof o / sizeof *o; i++)
        assert_int_equal(fgo_graph_compare(x, x, &o[i], &c, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_graph_compare(NULL, x, NULL, &c, NULL), FGO_ERROR_ARGUMENT);
    o[0].delta = SIZE_MAX; /* a step that no trajectory has: nothing to count, and nothing overflows */
    assert_ok(fgo_graph_compare(x, x, &o[0], &c, NULL));
    assert_int_equal(c.rpe_translation.count, 0);
    fgo_graph_free(x);
}

static void add_pose(fgo_graph *g, int64_t key, int flat)
{
    if (flat)
        assert_ok(fgo_graph_add_se2(g, key, (double)key, 0, 0));
    else
        assert_ok(fgo_graph_add_se3(g, key, (double[]){ (double)key, 0, 0 }, (double[]){ 0, 0, 0, 1 }));
}

/* Poses 0 to 3, of the plane where the text has a 2 and of space where it has a 3, against others: all must be of one kind. */
static void test_poses_of_two_kinds(UNUSED_STATE)
{
    (void)state;
    static const struct {
        const char *x, *y;
        fgo_status status;
    } rows[] = {
        { "2222", "2222", FGO_OK },         { "3333", "3333", FGO_OK },         { "2222", "3333", FGO_ERROR_TYPE },
        { "2233", "2233", FGO_ERROR_TYPE }, { "3322", "3322", FGO_ERROR_TYPE }, { "2223", "2223", FGO_ERROR_TYPE },
        { "3332", "3332", FGO_ERROR_TYPE }, { "2223", "2222", FGO_ERROR_TYPE }, { "3222", "2222", FGO_ERROR_TYPE },
        { "2323", "2323", FGO_ERROR_TYPE }, { "3232", "3232", FGO_ERROR_TYPE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fgo_graph *x, *y;
        fgo_comparison c;
        assert_ok(fgo_graph_create(&x));
        assert_ok(fgo_graph_create(&y));
        for (int k = 0; k < 4; k++) add_pose(x, k, rows[i].x[k] == '2'), add_pose(y, k, rows[i].y[k] == '2');
        assert_int_equal(fgo_graph_compare(x, y, NULL, &c, NULL), rows[i].status);
        if (rows[i].status) assert_non_null(strstr(fgo_last_message(), "not all of one kind"));
        fgo_graph_free(x);
        fgo_graph_free(y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stamps),
        cmocka_unit_test(test_stamps_at_the_same_distance_and_repeated),
        cmocka_unit_test(test_matching_by_time),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_alignment),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_poses_of_two_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_poses.c -- euler angles and quaternions: there and back on random rotations, and near pitch 90 degrees, where angles
 * are not unique. */
#include "io/format/format.h"
#include "io_fixture.h"

static double uniform(rng *r) { return rng_uniform(r, -1.0, 1.0); }

/* Distance of two rotations, of which q and -q are one. */
static double distance(const double *p, const double *q)
{
    double minus = 0.0, plus = 0.0;
    for (int i = 0; i < 4; i++) {
        minus = fmax(minus, fabs(p[i] - q[i]));
        plus = fmax(plus, fabs(p[i] + q[i]));
    }
    return fmin(minus, plus);
}

static void assert_round_trip(const double pose[7])
{
    double euler[6], back[7];
    int bad = -1;
    fgoi_encode_euler(pose, euler);
    assert_null(fgoi_decode_euler(euler, back, &bad));
    assert_memory_equal(pose, back, 3 * sizeof *pose);
    assert_true(fabs(euler[3]) <= M_PI && fabs(euler[4]) <= M_PI / 2 + 1e-15 && fabs(euler[5]) <= M_PI);
    if (distance(pose + 3, back + 3) > 4e-16 * 4)
        fail_msg("%g %g %g %g: off by %g", pose[3], pose[4], pose[5], pose[6], distance(pose + 3, back + 3));
}

static void test_random_rotations(void **state)
{
    rng seed = { 3 };
    (void)state;
    for (int n = 0; n < 10000; n++) {
        double pose[7], norm = 0.0;
        for (int i = 0; i < 7; i++) pose[i] = uniform(&seed);
        for (int i = 3; i < 7; i++) norm += pose[i] * pose[i];
        for (int i = 3; i < 7; i++) pose[i] /= sqrt(norm);
        assert_round_trip(pose);
    }
}

static void test_angles_come_back(void **state)
{
    rng seed = { 4 };
    (void)state;
    for (int n = 0; n < 10000; n++) {
        double euler[6] = { 1, 2, 3, 3.1 * uniform(&seed), 1.5 * uniform(&seed), 3.1 * uniform(&seed) }, pose[7], back[6];
        int bad;
        fgoi_decode_euler(euler, pose, &bad);
        fgoi_encode_euler(pose, back);
        for (int i = 0; i < 6; i++) assert_close(back[i], euler[i], 5e-14); /* 1 / cos(1.5) = 14 times the rounding */
    }
}

static void test_near_gimbal_lock(void **state)
{
    static const double off[] = { 0, 1e-17, 1e-12, 1e-9, 1e-8, 1e-6, 1e-3 };
    rng seed = { 5 };
    (void)state;
    for (int n = 0; n < 2000; n++)
        for (size_t k = 0; k < sizeof off / sizeof *off; k++) {
            double sign = n % 2 ? 1.0 : -1.0, pose[7];
            double euler[6] = { 0, 0, 0, 3 * uniform(&seed), sign * (M_PI / 2 - off[k]), 3 * uniform(&seed) };
            int bad;
            fgoi_decode_euler(euler, pose, &bad);
            assert_round_trip(pose);
        }
}

static void test_quaternions_are_normalized(void **state)
{
    static const double scale[] = { 1, -1, 2, 1e-320, 1e-200, 1e200, 8e307 };
    (void)state;
    for (size_t k = 0; k < sizeof scale / sizeof *scale; k++) {
        double number[7] = { 1, 2, 3, 0, scale[k], 0, -scale[k] }, value[7];
        int bad = -1;
        assert_null(fgoi_decode_quaternion(number, value, &bad));
        assert_close(fabs(value[4]), sqrt(0.5), 1e-15);
        assert_true(value[6] == -value[4]);
    }
    double zero[7] = { 1, 2, 3, 0, -0.0, 0, 0 }, value[7];
    int bad = -1;
    assert_non_null(fgoi_decode_quaternion(zero, value, &bad));
    assert_int_equal(bad, 3);
}

/* Rows stay within the arrays that lines are read into. */
/* Every row of the tables fits the arrays that hold its fields, and its factor takes what the row decodes. */
static void test_the_tables_fit(void **state)
{
    const fgoi_format *format;
    (void)state;
    for (int i = 1; (format = fgoi_format_row(i)); i++)
        for (const fgoi_tag *t = format->tags; t && t->name; t++) {
            const int edge = t->kind == FGOI_TAG_EDGE, vertex = t->kind == FGOI_TAG_VERTEX;
            fgo_manifold room;
            fgo_factor_class class_room;
            assert_true(t->ids <= FGOI_MAX_IDS && t->parameters <= FGOI_MAX_PARAMETERS && t->rows <= FGOI_MAX_ROWS);
            assert_true(t->numbers + fgoi_tag_information(t) <= FGOI_MAX_NUMBERS);
            assert_true((t->decode && t->encode) == (t->numbers > 0));
            if (vertex) assert_true(fgoi_tag_manifold(t->manifold[0], &room)->ambient == t->value);
            for (int k = 0; edge && k < 2; k++) {
                const fgo_factor_class *c = fgoi_tag_class(t, k, &class_room);
                const fgoi_tag *parameter = t->parameters ? fgoi_tag_of_parameter(t->parameter) : NULL;
                const int value = t->value + (parameter ? t->parameters * parameter->value : 0);
                assert_true(c->rows == t->rows && c->arity == t->ids && value <= FGOI_MAX_VALUE);
                /* g2o names a sensor for the prior on a position and does not use it */
                assert_int_equal(c->measurement_size, sizeof(double) * (size_t)(c == &fgo_position_se3 ? t->value : value));
                for (int v = 0; v < t->ids; v++) assert_string_equal(c->variable[v].manifold, t->manifold[v]);
                assert_true(!t->implies || (c->predict && t->ids == 2));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_rotations), cmocka_unit_test(test_angles_come_back),
        cmocka_unit_test(test_near_gimbal_lock), cmocka_unit_test(test_quaternions_are_normalized),
        cmocka_unit_test(test_the_tables_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_conformance.c -- every row of the registry keeps what it says; classes of users join it; planted faults are found. */
#include "io/format/format.h"
#include "registry/classes.h"
#include "support.h"
#include <pthread.h>

enum { SAMPLES = 40, DIMENSION = 5 };

/* The class of a row in a convention (0 g2o, 1 log, 2 ceres), in *room if it is made for a dimension; NULL: none. */
static const fgo_factor_class *class_of(const fgo_factor_registration *row, int convention, int n, fgo_factor_class *room)
{
    if (!row->of_dimension) return convention == 0 ? row->c : convention == 1 ? row->log : row->ceres;
    if (convention) return NULL;
    assert_ok(row->of_dimension(n, room));
    return room;
}

static void manifolds_of(const fgo_factor_class *c, fgo_manifold room[FGO_MAX_ARITY], const fgo_manifold *m[FGO_MAX_ARITY])
{
    for (int k = 0; k < c->arity; k++) {
        assert_ok(fgo_manifold_find(c->variable[k].manifold, &room[k]));
        m[k] = &room[k];
    }
}

static fgo_factor_report check(const fgo_factor_class *c)
{
    fgo_manifold room[FGO_MAX_ARITY];
    const fgo_manifold *m[FGO_MAX_ARITY] = { &fgo_manifold_se2 };
    fgo_factor_report r;
    manifolds_of(c, room, m);
    assert_ok(fgo_check_factor(c, m, REPEATED(SAMPLES), NULL, NULL, &r));
    return r;
}

static void test_every_row_conforms(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_registration *row;
    size_t rows = 0, classes = 0;
    for (; (row = fgo_factor_class_row(rows)); rows++)
        for (int convention = 0; convention < 3; convention++) {
            fgo_factor_class room;
            const fgo_factor_class *c = class_of(row, convention, DIMENSION, &room);
            if (!c) continue;
            const fgo_factor_report r = check(c);
            if (r.fault) print_error("%s: %s (sample %zu, variable %d, %g)\n", c->name, r.text, r.sample, r.variable, r.error);
            assert_int_equal(r.fault, FGO_FACTOR_FAULT_NONE);
            assert_true(c->gauge != FGO_GAUGE_UNKNOWN);
            assert_true(row->formula && row->formula[0]);
            classes++;
        }
    assert_true(rows >= 29 && classes >= 40);
}

/* The same element in two conventions: at a residual near zero a change of variables moves both alike. */
static void test_siblings_agree_to_first_order(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_registration *row;
    for (size_t i = 0; (row = fgo_factor_class_row(i)); i++)
        for (int convention = 1; convention < 3; convention++) {
            const fgo_factor_class *a = row->c, *b = convention == 1 ? row->log : row->ceres;
            if (!b) continue;
            fgo_manifold room[FGO_MAX_ARITY];
            const fgo_manifold *m[FGO_MAX_ARITY] = { &fgo_manifold_se2 };
            double x[2][7], z[21] = { 0 }, ea[6], eb[6], d[6];
            const double *at[2] = { x[0], x[1] };
            rng r = { 5 };
            manifolds_of(a, room, m);
            for (int f = 0; f < row->fields; f++) { /* poses all: identity, moved */
                double *to = z + row->field[f].offset / sizeof *z;
                const fgo_manifold *kind = m[0];
                for (int k = 0; k < kind->tangent; k++) d[k] = rng_uniform(&r, -1, 1);
                set_identity(kind, to);
                kind->retract(kind, to, d, to);
            }
            for (int k = 0; k < a->arity; k++) set_identity(m[k], x[k]);
            assert_int_equal(a->predict(a, z, at, a->arity - 1, x[a->arity - 1]), 0);
            for (int k = 0; k < m[0]->tangent; k++) d[k] = 1e-5 * rng_uniform(&r, -1, 1);
            m[0]->retract(m[0], x[a->arity - 1], d, x[a->arity - 1]);
            assert_int_equal(a->evaluate(a, 1, at, z, ea, NULL), 0);
            assert_int_equal(b->evaluate(b, 1, at, z, eb, NULL), 0);
            /* translations to first order up to the rotation of Ceres' frame, so by length; half angles are half of them */
            const int t = m[0]->traits->translations;
            double na = 0, nb = 0, ra = 0, rb = 0;
            for (int k = 0; k < t; k++) na += ea[k] * ea[k], nb += eb[k] * eb[k];
            for (int k = t; k < a->rows; k++) ra += ea[k] * ea[k], rb += eb[k] * eb[k];
            const double half = m[0]->traits->world == 3 ? 2.0 : 1.0;
            assert_true(fabs(sqrt(na) - sqrt(nb)) < 1e-9);
            assert_true(fabs(half * sqrt(ra) - sqrt(rb)) < 1e-9);
            assert_true(sqrt(rb) > 1e-7);
        }
}

static void test_rows_are_found(UNUSED_STATE)
{
    (void)state;
    fgo_factor_class prior;
    assert_ptr_equal(fgo_factor_class_find("between_se2_ceres")->c, &fgo_between_se2);
    assert_ptr_equal(fgo_factor_class_find("between_se3"), fgo_factor_class_row_of(&fgo_between_se3_log));
    assert_null(fgo_factor_class_find("between"));
    assert_null(fgo_factor_class_find(NULL));
    assert_null(fgo_factor_class_row_of(NULL));
    assert_ok(fgo_prior_rn(17, &prior));
    assert_string_equal(fgo_factor_class_row_of(&prior)->name, "prior_rn");
    /* case 51: a graph keeps copies, which are the same class */
    fgo_graph *g;
    const fgo_se2 z = fgo_se2_from_angle(0, 0, 0);
    const int64_t key = 1;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_se2(g, 1, 0, 0, 0));
    assert_ok(fgo_graph_add_factor(g, &fgo_prior_se2, &key, &z, fgo_noise_unit(), fgo_loss_none()));
    const fgo_factor_class *own = fgo_graph_factor_class(g, 0);
    assert_ptr_not_equal(own, &fgo_prior_se2);
    assert_true(fgo_factor_class_same(own, &fgo_prior_se2) && !fgo_factor_class_same(own, &fgo_prior_se2_log));
    assert_true(!fgo_factor_class_same(own, NULL) && !fgo_factor_class_same(NULL, own));
    assert_ptr_equal(fgo_factor_class_row_of(own)->c, &fgo_prior_se2);
    fgo_graph_free(g);
}

/* ---- files ---- */

/* Writes one factor of a class with random measurement as g2o and reads it back: the same class, measurement and chi2. */
static void round_trip(const fgo_factor_registration *row, const fgo_factor_class *c, rng *r)
{
    static const fgo_manifold *const kinds[] = { [FGO_FIELD_SO2] = &fgo_manifold_so2,
                                                 [FGO_FIELD_SE2] = &fgo_manifold_se2,
                                                 [FGO_FIELD_SO3] = &fgo_manifold_so3,
                                                 [FGO_FIELD_SE3] = &fgo_manifold_se3 };
    fgo_graph *g, *back;
    fgo_manifold m;
    double z[32] = { 0 }, d[6], chi2[2];
    int64_t keys[2];
    assert_ok(fgo_graph_create(&g));
    for (int k = 0; k < c->arity; k++) {
        double x[7];
        assert_ok(fgo_manifold_find(c->variable[k].manifold, &m));
        set_identity(&m, x);
        for (int i = 0; i < m.tangent; i++) d[i] = rng_uniform(r, -1, 1);
        m.retract(&m, x, d, x);
        assert_ok(fgo_graph_add_variable(g, keys[k] = k + 3, &m, x));
    }
    for (int i = 0; i < row->fields; i++) {
        const fgo_measurement_field *f = &row->field[i];
        double *to = z + f->offset / sizeof *z;
        if (kinds[f->kind]) {
            set_identity(kinds[f->kind], to);
            for (int k = 0; k < kinds[f->kind]->tangent; k++) d[k] = rng_uniform(r, -1, 1);
            kinds[f->kind]->retract(kinds[f->kind], to, d, to);
        } else {
            for (int k = 0; k < (f->count ? f->count : c->rows); k++) to[k] = rng_uniform(r, 1, 3);
        }
    }
    assert_ok(fgo_graph_add_factor(g, c, keys, z, fgo_noise_sigma(0.5), fgo_loss_none()));
    assert_ok(fgo_graph_write(g, "conformance.g2o", FGO_FORMAT_G2O));
    assert_ok(fgo_graph_read("conformance.g2o", NULL, &back));
    assert_true(fgo_factor_class_same(fgo_graph_factor_class(back, 0), c));
    const double *read = fgo_graph_factor_measurement(back, 0);
    for (size_t i = 0; i < c->measurement_size / sizeof *z; i++) assert_close(read[i], z[i], 1e-15);
    assert_ok(fgo_graph_cost(g, &chi2[0]));
    assert_ok(fgo_graph_cost(back, &chi2[1]));
    assert_close(chi2[1], chi2[0], 1e-12);
    fgo_graph_free(g);
    fgo_graph_free(back);
}

/* Each class that has a tag in g2o files, and no other, comes back. */
static void test_tags_bring_classes_back(UNUSED_STATE)
{
    (void)state;
    const fgo_factor_registration *row;
    int tags = 0;
    rng r = { 11 };
    for (size_t i = 0; (row = fgo_factor_class_row(i)); i++)
        for (int n = 1; n <= (row->of_dimension ? 3 : 1); n++) {
            fgo_factor_class room;
            const fgo_factor_class *c = class_of(row, 0, n, &room);
            if (!fgoi_tag_of_factor(&fgoi_format_g2o, c)) continue;
            round_trip(row, c, &r);
            tags++;
        }
    remove("conformance.g2o");
    assert_int_equal(tags, 17);
}

/* ---- a class of a user's ---- */

static int height_evaluate(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e,
                           double *J)
{
    (void)self;
    for (size_t f = 0; f < count; f++) {
        e[f] = x[f][2] - ((const double *)z)[f];
        if (J) J[3 * f] = J[3 * f + 1] = 0, J[3 * f + 2] = 1;
    }
    return 0;
}
static const fgo_factor_class height = { .abi = FGO_FACTOR_ABI,
                                         .arity = 1,
                                         .rows = 1,
                                         .partials = 3,
                                         .name = "test_height",
                                         .measurement_size = sizeof(double),
                                         .variable = { { "R3", 3 } },
                                         .evaluate = height_evaluate,
                                         .gauge = FGO_GAUGE_ABSOLUTE };
static const fgo_measurement_field height_field[] = { { "height", FGO_FIELD_LENGTH, 0, 1, "m", "world", 0 } };
static const fgo_factor_registration height_row = {
    .size = sizeof height_row, .name = "test_height", .c = &height, .field = height_field, .fields = 1, .formula = "l_z - z"
};

static void refuse(fgo_factor_registration row, fgo_status wanted, const char *text)
{
    assert_int_equal(fgo_register_factor_class(&row), wanted);
    assert_non_null(strstr(fgo_last_message(), text));
}

static void test_rows_that_are_refused(UNUSED_STATE)
{
    (void)state;
    fgo_factor_registration row = height_row;
    fgo_factor_class c = height;
    fgo_measurement_field two[2] = { height_field[0], height_field[0] };
    assert_int_equal(fgo_register_factor_class(NULL), FGO_ERROR_ARGUMENT);
    row.size = 0, refuse(row, FGO_ERROR_ARGUMENT, "size");
    row = height_row, row.c = NULL, refuse(row, FGO_ERROR_ARGUMENT, "class");
    row = height_row, row.name = "other", refuse(row, FGO_ERROR_ARGUMENT, "name");
    row = height_row, row.fields = 0, refuse(row, FGO_ERROR_ARGUMENT, "no fields");
    row = height_row, row.field = two, row.fields = 2, refuse(row, FGO_ERROR_ARGUMENT, "overlap");
    two[1].offset = 8, refuse(row, FGO_ERROR_ARGUMENT, "fit");
    two[0].kind = FGO_FIELD_SO2, row.fields = 1, refuse(row, FGO_ERROR_ARGUMENT, "kind");
    c.measurement_size = 16, row = height_row, row.c = &c, refuse(row, FGO_ERROR_ARGUMENT, "covers");
    c = height, c.abi = 0, refuse(row, FGO_ERROR_ARGUMENT, "none");
    c = height, c.name = "between_se2", row.name = "between_se2", refuse(row, FGO_ERROR_TYPE, "registered");
    row = height_row, row.log = &fgo_prior_se2, refuse(row, FGO_ERROR_ARGUMENT, "siblings");
}

static void *register_height(void *status)
{
    *(fgo_status *)status = fgo_register_factor_class(&height_row);
    return NULL;
}

static void test_users_join(UNUSED_STATE)
{
    (void)state;
    pthread_t thread[4];
    fgo_status status[4];
    size_t rows = 0;
    while (fgo_factor_class_row(rows)) rows++;
    assert_null(fgo_factor_class_find("test_height"));
    for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&thread[i], NULL, register_height, &status[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(status[i], FGO_OK);
    }
    assert_ptr_equal(fgo_factor_class_find("test_height"), &height_row);
    assert_ptr_equal(fgo_factor_class_row(rows), &height_row);
    assert_null(fgo_factor_class_row(rows + 1));
    assert_int_equal(check(&height).fault, FGO_FACTOR_FAULT_NONE);
}

/* ---- faults ---- */

static int bent(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J,
                int block)
{
    const int status = fgo_between_se2.evaluate(&fgo_between_se2, count, x, z, e, J);
    (void)self;
    for (size_t f = 0; J && f < count; f++) J[18 * f + (block ? 3 : 1)] += 1e-3;
    return status;
}
static int wrong_first(const fgo_factor_class *c, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    return bent(c, n, x, z, e, J, 0);
}
static int wrong_second(const fgo_factor_class *c, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    return bent(c, n, x, z, e, J, 1);
}
static int wrong_batch(const fgo_factor_class *c, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    (void)c;
    for (size_t f = 0; f < n; f++) /* the measurement of the first for all, and another residual without J */
        fgo_between_se2.evaluate(&fgo_between_se2, 1, x + 2 * f, z, e + 3 * f, J ? J + 18 * f : NULL);
    if (!J) e[0] += 1e-6;
    return 0;
}
static int never(const fgo_factor_class *c, size_t n, const double *const *x, const void *z, double *e, double *J)
{
    (void)c, (void)n, (void)x, (void)z, (void)e, (void)J;
    return 1;
}
static int wrong_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const int status = fgo_between_se2.predict(self, z, x, k, out);
    if (k == 0) out[1] += 1e-3;
    return status;
}
static int long_predict(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    const int status = fgo_between_se2.predict(self, z, x, k, out);
    out[2] *= 1.001, out[3] *= 1.001;
    return status;
}

static int writes_nothing(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)self, (void)count, (void)x, (void)z, (void)e, (void)J;
    return 0;
}

/* The first residual alone is none: those after it must not hide it. */
static int first_is_nan(const fgo_factor_class *self, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const int status = fgo_between_se2.evaluate(self, count, x, z, e, J);
    e[0] = NAN;
    return status;
}

static int predicts_nothing(const fgo_factor_class *self, const void *z, const double *const *x, int k, double *out)
{
    (void)self, (void)z, (void)x, (void)k, (void)out;
    return 0;
}

static fgo_factor_report planted(fgo_factor_class c)
{
    fgo_factor_report r;
    const fgo_manifold *m[2] = { &fgo_manifold_se2, &fgo_manifold_se2 };
    double x[2][4] = { { 1, 2, 0.6, 0.8 }, { 3, -1, 0.8, -0.6 } };
    const double *at[2] = { x[0], x[1] };
    const fgo_se2 z = fgo_se2_from_angle(1, 0.5, 0.3);
    assert_ok(fgo_check_factor(&c, m, 1, at, &z, &r));
    assert_true(!r.fault || (r.error > 0 && r.text[0]));
    return r;
}

static void test_planted_faults_are_found(UNUSED_STATE)
{
    (void)state;
    fgo_factor_class c = fgo_between_se2;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_NONE);
    c.evaluate = wrong_first;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_JACOBIAN);
    assert_int_equal(planted(c).variable, 0);
    c.evaluate = wrong_second;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_JACOBIAN);
    assert_int_equal(planted(c).variable, 1);
    c.evaluate = wrong_batch;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_BATCH);
    int (*const cannot[])(const fgo_factor_class *, size_t, const double *const *, const void *, double *,
                          double *) = { never, writes_nothing, first_is_nan };
    for (int i = 0; i < 3; i++) {
        c.evaluate = cannot[i];
        assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_EVALUATE);
    }
    c = fgo_between_se2, c.gauge = FGO_GAUGE_ABSOLUTE;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_GAUGE);
    c = fgo_between_se2, c.predict = wrong_predict;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_PREDICT);
    assert_int_equal(planted(c).variable, 0);
    c.predict = predicts_nothing;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_PREDICT);
    c.predict = long_predict;
    assert_int_equal(planted(c).fault, FGO_FACTOR_FAULT_PREDICT);
    c = height, c.gauge = FGO_GAUGE_RELATIVE; /* found by a translation */
    fgo_manifold r3;
    const fgo_manifold *m[1] = { &r3 };
    const double x[3] = { 1, 2, 3 }, *at[1] = { x };
    fgo_factor_report r = { .variable = 42 };
    assert_ok(fgo_manifold_rn(3, &r3));
    assert_ok(fgo_check_factor(&c, m, 1, at, &x[2], &r));
    assert_int_equal(r.fault, FGO_FACTOR_FAULT_GAUGE);
    assert_int_equal(r.variable, 2);
}

static void test_arguments_of_the_check(UNUSED_STATE)
{
    (void)state;
    fgo_factor_report r = { .variable = 42 };
    fgo_factor_class c = fgo_prior_se2;
    const fgo_manifold *m[1] = { &fgo_manifold_se2 }, *other[1] = { &fgo_manifold_se3 }, *none[1] = { NULL };
    const double x[4] = { 0, 0, 1, 0 }, *at[1] = { x };
    assert_int_equal(fgo_check_factor(NULL, m, 1, at, x, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_factor(&c, NULL, 1, at, x, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_factor(&c, m, 1, at, x, NULL), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_factor(&c, m, 1, at, NULL, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_factor(&c, none, 1, at, x, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_check_factor(&c, other, 1, at, x, &r), FGO_ERROR_TYPE);
    c.name = "nobody knows";
    assert_int_equal(fgo_check_factor(&c, m, 1, NULL, NULL, &r), FGO_ERROR_ARGUMENT);
    c.abi = 0;
    assert_int_equal(fgo_check_factor(&c, m, 1, at, x, &r), FGO_ERROR_ARGUMENT);
    assert_int_equal(r.variable, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_conforms),       cmocka_unit_test(test_siblings_agree_to_first_order),
        cmocka_unit_test(test_rows_are_found),           cmocka_unit_test(test_rows_that_are_refused),
        cmocka_unit_test(test_tags_bring_classes_back),  cmocka_unit_test(test_users_join),
        cmocka_unit_test(test_planted_faults_are_found), cmocka_unit_test(test_arguments_of_the_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

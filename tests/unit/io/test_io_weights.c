/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_weights.c -- matrices that weigh another residual, are covariances or roots, or stand in another order: chi2 by the
 * definitions of the residuals, written down here once more, is what the converted matrices give. */
#include "io_fixture.h"

enum { SPACE_ROWS = 6, PLANE_ROWS = 3 };
static const char *const words[] = { "as-used", "g2o", "log", "ceres", "euler" };

/* ---- residuals by definition; an edge from the origin, so that (t, R) is the second pose ---- */

typedef struct edge {
    double z[7], x[7], Omega[36]; /* measurement and pose as x y angle or x y z q, and the matrix in the file */
    int rows;
} edge;

static void matrix(const double q[4], double R[3][3])
{
    const double x = q[0], y = q[1], z = q[2], w = q[3];
    const double out[3][3] = { { 1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w) },
                               { 2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w) },
                               { 2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y) } };
    memcpy(R, out, sizeof out);
}

static void product(const double a[4], const double b[4], double out[4])
{
    const double q[4] = { a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
                          a[3] * b[1] + a[1] * b[3] + a[2] * b[0] - a[0] * b[2],
                          a[3] * b[2] + a[2] * b[3] + a[0] * b[1] - a[1] * b[0],
                          a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2] };
    const double sign = q[3] < 0 ? -1 : 1;
    for (int i = 0; i < 4; i++) out[i] = sign * q[i];
}

static void euler(const double q[4], double rpy[3])
{
    double R[3][3];
    matrix(q, R);
    rpy[0] = atan2(R[2][1], R[2][2]);
    rpy[1] = atan2(-R[2][0], hypot(R[2][1], R[2][2]));
    rpy[2] = atan2(R[1][0], R[0][0]);
}

/* t = V(phi)^-1 t, which is t - phi x t / 2 + (1 - |phi| / 2 cot(|phi| / 2)) / |phi|^2 phi x (phi x t). */
static void unbend(const double phi[3], double t[3])
{
    const double square = phi[0] * phi[0] + phi[1] * phi[1] + phi[2] * phi[2], angle = sqrt(square);
    const double k = (1 - angle / 2 / tan(angle / 2)) / square;
    const double a[3] = { phi[1] * t[2] - phi[2] * t[1], phi[2] * t[0] - phi[0] * t[2], phi[0] * t[1] - phi[1] * t[0] };
    const double b[3] = { phi[1] * a[2] - phi[2] * a[1], phi[2] * a[0] - phi[0] * a[2], phi[0] * a[1] - phi[1] * a[0] };
    for (int i = 0; i < 3; i++) t[i] += k * b[i] - a[i] / 2;
}

static void residual_space(const edge *d, int residual, double e[6])
{
    double R[3][3], t[3], delta[4];
    const double inverse[4] = { -d->z[3], -d->z[4], -d->z[5], d->z[6] };
    matrix(d->z + 3, R);
    for (int i = 0; i < 3; i++) t[i] = d->x[i] - d->z[i];
    product(inverse, d->x + 3, delta);
    memcpy(e, t, sizeof t);
    if (residual == FGO_WEIGHTS_G2O || residual == FGO_WEIGHTS_LOG)
        for (int i = 0; i < 3; i++) e[i] = R[0][i] * t[0] + R[1][i] * t[1] + R[2][i] * t[2];
    if (residual == FGO_WEIGHTS_EULER) {
        double a[3], b[3];
        euler(d->x + 3, a);
        euler(d->z + 3, b);
        for (int i = 0; i < 3; i++) e[3 + i] = remainder(a[i] - b[i], 2 * 3.14159265358979323846);
    } else if (residual == FGO_WEIGHTS_CERES) {
        const double back[4] = { -d->x[3], -d->x[4], -d->x[5], d->x[6] };
        product(d->z + 3, back, delta);
        for (int i = 0; i < 3; i++) e[3 + i] = 2 * delta[i];
    } else {
        const double sine = sqrt(delta[0] * delta[0] + delta[1] * delta[1] + delta[2] * delta[2]);
        const double scale = residual == FGO_WEIGHTS_LOG ? 2 * atan2(sine, delta[3]) / sine : 1;
        for (int i = 0; i < 3; i++) e[3 + i] = scale * delta[i];
        if (residual == FGO_WEIGHTS_LOG) unbend(e + 3, e);
    }
}

static void residual_plane(const edge *d, int residual, double e[3])
{
    const double c = cos(d->z[2]), s = sin(d->z[2]), x = d->x[0] - d->z[0], y = d->x[1] - d->z[1];
    const int seen_from_z = residual == FGO_WEIGHTS_G2O || residual == FGO_WEIGHTS_LOG;
    e[0] = seen_from_z ? c * x + s * y : x;
    e[1] = seen_from_z ? c * y - s * x : y;
    e[2] = remainder(d->x[2] - d->z[2], 2 * 3.14159265358979323846);
    if (residual == FGO_WEIGHTS_LOG) {
        const double phi[3] = { 0, 0, e[2] };
        double t[3] = { e[0], e[1], 0 };
        unbend(phi, t);
        memcpy(e, t, 2 * sizeof *e);
    }
}

static double chi2_by_definition(const edge *d, int residual)
{
    double e[6], sum = 0;
    if (d->rows == SPACE_ROWS)
        residual_space(d, residual, e);
    else
        residual_plane(d, residual, e);
    for (int i = 0; i < d->rows; i++)
        for (int j = 0; j < d->rows; j++) sum += e[i] * d->Omega[i * d->rows + j] * e[j];
    return sum;
}

/* An edge whose residual is of the given size. */
static edge random_edge(rng *r, int rows, double size)
{
    edge d = { .rows = rows };
    const fgo_manifold *m = rows == SPACE_ROWS ? &fgo_manifold_se3 : &fgo_manifold_se2;
    double step[6], value[7];
    random_value(r, m, d.z);
    for (int i = 0; i < rows; i++) step[i] = size * rng_normal(r);
    m->retract(m, d.z, step, d.x);
    if (rows == PLANE_ROWS) /* as angles */
        for (int k = 0; k < 2; k++) {
            double *x = k ? d.x : d.z;
            memcpy(value, x, sizeof value);
            x[2] = atan2(value[3], value[2]);
        }
    random_information(r, rows, 30, d.Omega);
    return d;
}

static char *edge_text(const edge *d, char *text, size_t room)
{
    const int numbers = d->rows == SPACE_ROWS ? 7 : 3;
    int n = snprintf(text, room,
                     numbers == 7 ? "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1" : "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1");
    for (int i = 0; i < numbers; i++) n += snprintf(text + n, room - (size_t)n, " %.17g", d->x[i]);
    n += snprintf(text + n, room - (size_t)n, "\nEDGE_%s 0 1", numbers == 7 ? "SE3:QUAT" : "SE2");
    for (int i = 0; i < numbers; i++) n += snprintf(text + n, room - (size_t)n, " %.17g", d->z[i]);
    for (int i = 0; i < d->rows; i++)
        for (int j = i; j < d->rows; j++) n += snprintf(text + n, room - (size_t)n, " %.17g", d->Omega[i * d->rows + j]);
    snprintf(text + n, room - (size_t)n, "\n");
    return text;
}

static fgo_graph *read_weighted(const char *text, const char *weights, int convention)
{
    fgo_read_options o = fgo_read_options_default();
    assert_ok(fgo_weights_parse(weights, &o.weights));
    o.convention = convention;
    return read_good_with(text, &o);
}

static double cost_of(fgo_graph *g)
{
    double cost;
    assert_ok(fgo_graph_cost(g, &cost));
    return cost;
}

/* How far the chi2 of a file, whose matrices weigh `residual`, read for `convention`, is from its definition,
 * relatively. */
static double worst(int rows, int residual, int convention, double size)
{
    rng r = { 300 + (uint64_t)residual };
    double most = 0;
    for (int n = 0; n < 50; n++) {
        char text[2048];
        const edge d = random_edge(&r, rows, size);
        fgo_graph *g = read_weighted(edge_text(&d, text, sizeof text), words[residual], convention);
        const double wanted = chi2_by_definition(&d, residual);
        most = fmax(most, fabs(cost_of(g) - wanted) / wanted);
        fgo_graph_free(g);
    }
    return most;
}

static void test_chi2_is_kept(UNUSED_STATE)
{
    (void)state;
    for (int rows = PLANE_ROWS; rows <= SPACE_ROWS; rows += 3)
        for (int residual = FGO_WEIGHTS_G2O; residual <= FGO_WEIGHTS_EULER; residual++)
            for (int convention = FGO_CONVENTION_G2O; convention <= FGO_CONVENTION_CERES; convention++) {
                const int euler_angles = rows == SPACE_ROWS && residual == FGO_WEIGHTS_EULER;
                const int exact = (convention == FGO_CONVENTION_LOG) == (residual == FGO_WEIGHTS_LOG) && !euler_angles;
                const double large = worst(rows, residual, convention, 0.1), small = worst(rows, residual, convention, 1e-4);
                print_message("%d rows, weights of %-5s for %-5s: %.1e at 0.1, %.1e at 1e-4\n", rows, words[residual],
                              fgo_convention_name((fgo_convention)convention), large, small);
                if (exact)
                    assert_true(large < 1e-12);
                else /* falls in proportion; the factor near 90 degrees of pitch is large */
                    assert_true(small < 0.05 && small < large / 20);
            }
}

/* From any words to any others and back: the same chi2, and the file of a program that takes those words for granted.
 */
static void test_there_and_back(UNUSED_STATE)
{
    static const char *const all[] = {
        "g2o", "log", "ceres", "euler", "covariance", "root", "log,covariance", "euler,root", "toro", "ceres,toro,covariance",
        "rows"
    };
    rng r = { 31 };
    (void)state;
    for (int rows = PLANE_ROWS; rows <= SPACE_ROWS; rows += 3)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            char text[2048];
            const edge d = random_edge(&r, rows, 0.1);
            fgo_weights w;
            char *path = scratch_path("out.g2o");
            fgo_graph *g = read_good(edge_text(&d, text, sizeof text)), *again = NULL;
            assert_ok(fgo_weights_parse(all[i], &w));
            assert_ok(fgo_graph_write_as(g, path, FGO_FORMAT_AUTO, &w));
            fgo_read_options o = fgo_read_options_default();
            o.weights = w;
            assert_ok(fgo_graph_read(path, &o, &again));
            assert_close(cost_of(again), cost_of(g), 1e-9);
            char *raw = slurp(path, NULL), *kept = written(again, FGO_FORMAT_AUTO); /* nothing is converted unasked */
            assert_string_equal(kept, raw);
            free(raw);
            free(kept);
            fgo_graph_free(again);
            fgo_graph_free(g);
            remove_scratch(path);
        }
}

#define V01 "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1 1 0 0 0 0 0 1\n"
#define P01 "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\n"

static void assert_converted(const char *text, const char *from, const char *to, const char *wanted)
{
    fgo_weights w;
    fgo_graph *g = read_weighted(text, from, FGO_CONVENTION_G2O);
    char *path = scratch_path("out");
    assert_ok(fgo_weights_parse(to, &w));
    assert_ok(fgo_graph_write_as(g, path, FGO_FORMAT_AUTO, &w));
    char *got = slurp(path, NULL);
    assert_string_equal(got, wanted);
    free(got);
    remove_scratch(path);
    fgo_graph_free(g);
}

/* By hand: a weight of 100 for a rotation vector is 400 for half of it. */
static void test_numbers(UNUSED_STATE)
{
    (void)state;
    assert_converted(V01 "EDGE_SE3:QUAT 0 1 1 0 0 0 0 0 1 1 0 0 0 0 7 1 0 0 0 0 1 0 0 0 100 0 0 100 0 100\n", "log", "g2o",
                     V01 "EDGE_SE3:QUAT 0 1 1 0 0 0 0 0 1 1 0 0 0 0 14 1 0 0 0 0 1 0 0 0 400 0 0 400 0 400\n");
    assert_converted(P01 "EDGE_SE2 0 1 1.0 0 0 0.25 0 0 0.5 0 0.125 # x\n", "covariance", "information",
                     P01 "EDGE_SE2 0 1 1 0 0 4 0 0 2 0 8 # x\n");
    assert_converted(P01 "EDGE_SE2 0 1 1 0 0 2 0 0 3 0 4\n", "root", "information", P01 "EDGE_SE2 0 1 1 0 0 4 0 0 9 0 16\n");
    assert_converted(P01 "EDGE_SE2 0 1 1 0 0 11 2 22 33 3 4\n", "toro", "tag", P01 "EDGE_SE2 0 1 1 0 0 11 2 3 22 4 33\n");
    assert_converted("VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 0 1 1 0 0 11 2 3 22 4 33\n", "rows", "tag",
                     "VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 0 1 1 0 0 11 2 22 33 3 4\n");
    /* no information: the identity of Euler angles is another matrix for g2o */
    assert_converted("VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 1 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0 0\n", "euler", "g2o",
                     "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 1 0 0 0 0 0\n"
                     "EDGE3 0 1 1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 4 0 0 4 0 4\n");
    /* points have one residual; a line of standard deviations says what it has */
    assert_converted("VERTEX2 0 0 0 0\nODOMETRY 0 1 1 0 0 1 0 0 2 0 3\nVERTEX2 1 1 0 0\nBR 0 9 0 2 0.1 0.5\n", "covariance,log",
                     "root,ceres",
                     "VERTEX2 0 0 0 0\nODOMETRY 0 1 1 0 0 1 0 0 2 0 3\nVERTEX2 1 1 0 0\nBR 0 9 0 2 0.1 0.5\nVERTEX_XY 9 2 0\n");
}

static void test_what_cannot_be(UNUSED_STATE)
{
    (void)state;
    fgo_graph *g = NULL;
    fgo_weights w = { 0, 0, 9 };
    fgo_read_options o = fgo_read_options_default();
    const char *singular = P01 "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 0\n";
    o.weights.form = FGO_WEIGHTS_COVARIANCE;
    assert_int_equal(fgo_graph_read_memory(singular, strlen(singular), "f", &o, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "f:3:20: the covariance matrix is not positive definite");
    o.weights.form = 7;
    assert_int_equal(fgo_graph_read_memory(singular, strlen(singular), "f", &o, &g), FGO_ERROR_ARGUMENT);
    g = read_good(singular);
    assert_int_equal(fgo_graph_write_as(g, "/nowhere", FGO_FORMAT_AUTO, &w), FGO_ERROR_ARGUMENT);
    assert_ok(fgo_weights_parse("covariance", &w));
    assert_int_equal(fgo_graph_write_as(g, "/nowhere", FGO_FORMAT_AUTO, &w), FGO_ERROR_UNSUPPORTED);
    assert_string_equal(fgo_last_message(), "factor 0: its information is singular: there is no covariance");
    fgo_graph_free(g);
    g = read_good("VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 1 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 1.5707963267948966 0\n");
    assert_ok(fgo_weights_parse("euler", &w));
    assert_int_equal(fgo_graph_write_as(g, "/nowhere", FGO_FORMAT_AUTO, &w), FGO_ERROR_UNSUPPORTED);
    assert_non_null(strstr(fgo_last_message(), "pitch is 90 degrees"));
    fgo_graph_free(g);
    assert_int_equal(fgo_weights_parse("log,half", &w), FGO_ERROR_ARGUMENT);
    assert_non_null(strstr(fgo_last_message(), "'half' says nothing about weights"));
    assert_int_equal(fgo_weights_parse("", &w), FGO_ERROR_ARGUMENT);
    assert_int_equal(fgo_weights_parse(NULL, &w), FGO_ERROR_ARGUMENT);
    assert_int_equal(w.residual, FGO_WEIGHTS_EULER); /* as it was */
}

/* chi2 of one graph in all conventions is that of the file read for each. */
static void test_chi2_in(UNUSED_STATE)
{
    rng r = { 32 };
    (void)state;
    for (int rows = PLANE_ROWS; rows <= SPACE_ROWS; rows += 3)
        for (int own = FGO_CONVENTION_G2O; own <= FGO_CONVENTION_CERES; own++) {
            char text[2048];
            const edge d = random_edge(&r, rows, 0.5);
            fgo_graph *g = read_weighted(edge_text(&d, text, sizeof text), "as-used", own);
            for (int c = FGO_CONVENTION_G2O; c <= FGO_CONVENTION_CERES; c++) {
                fgo_graph *other = read_weighted(text, "as-used", c);
                double chi2;
                assert_ok(fgo_graph_chi2_in(g, (fgo_convention)c, &chi2));
                assert_close(chi2, cost_of(other), 1e-13);
                if (c != FGO_CONVENTION_LOG)
                    assert_close(chi2, chi2_by_definition(&d, c == FGO_CONVENTION_CERES ? FGO_WEIGHTS_CERES : FGO_WEIGHTS_G2O),
                                 1e-12);
                fgo_graph_free(other);
            }
            fgo_graph_free(g);
        }
    fgo_read_options o = fgo_read_options_default();
    const char *prior = P01 "EDGE_PRIOR_SE2 0 0 0 0 1 0 0 1 0 1\n";
    double chi2 = -1;
    fgo_graph *g = read_good(prior);
    assert_int_equal(fgo_graph_chi2_in(g, FGO_CONVENTION_CERES, &chi2), FGO_ERROR_UNSUPPORTED);
    assert_int_equal(fgo_graph_chi2_in(g, (fgo_convention)3, &chi2), FGO_ERROR_ARGUMENT);
    assert_true(chi2 == -1);
    fgo_graph_free(g);
    o.convention = FGO_CONVENTION_CERES;
    assert_int_equal(fgo_graph_read_memory(prior, strlen(prior), "f", &o, &g), FGO_ERROR_PARSE);
    assert_string_equal(fgo_last_message(), "f:3:16: the ceres convention has no residual for EDGE_PRIOR_SE2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chi2_is_kept),   cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_what_cannot_be), cmocka_unit_test(test_chi2_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

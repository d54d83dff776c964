/* SPDX-License-Identifier: BSD-3-Clause */
/* world_write.c -- a world as g2o text.
 *
 * A measurement is the true relative pose times Exp(n), n normal with standard deviation `translation` on each axis in
 * the frame of the measurement and `rotation` on the angle or each component of the rotation vector. The information
 * matrix is the inverse covariance in g2o's units: 1/translation^2; 1/rotation^2 for SE(2); 4/rotation^2 for SE(3),
 * whose residual is q_xyz, half the rotation vector. So chi2 at the optimum is close to its number of degrees of
 * freedom. Nine significant digits: a nanometre on a step, far below any noise worth simulating. */
#include "world.h"
#include <stdlib.h>
#include <string.h>

/* Writes the n numbers of x; x + 0.0 turns -0.0 into 0.0. */
static void put_numbers(FILE *f, const double *x, int n)
{
    for (int k = 0; k < n; k++) fprintf(f, " %.9g", x[k] + 0.0);
}

static void put_vertex(FILE *f, const world *w, size_t i, const double *pose)
{
    fprintf(f, "%s %zu", w->stride == WORLD_PLANAR ? "VERTEX_SE2" : "VERTEX_SE3:QUAT", i);
    put_numbers(f, pose, w->stride);
    fputc('\n', f);
}

static void put_edge(FILE *f, const world *w, size_t i, size_t j, const double *z, const char *information)
{
    fprintf(f, "%s %zu %zu", w->stride == WORLD_PLANAR ? "EDGE_SE2" : "EDGE_SE3:QUAT", i, j);
    put_numbers(f, z, w->stride);
    fprintf(f, "%s\n", information);
}

/* Writes the upper triangle of the information matrix, which is the same for every edge, to `text`. */
static void format_information(const world *w, const world_noise *noise, char *text, size_t size)
{
    int n = w->stride == WORLD_PLANAR ? 3 : 6, translations = n == 3 ? 2 : 3;
    double t = 1.0 / (noise->translation * noise->translation), r = 1.0 / (noise->rotation * noise->rotation);
    if (n == 6) r *= 4.0;
    size_t used = 0;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n && used < size; j++)
            used += (size_t)snprintf(text + used, size - used, " %.9g", i != j ? 0.0 : i < translations ? t : r);
}

static const double *pose_at(const world *w, size_t i) { return w->truth + i * (size_t)w->stride; }

/* Computes z = truth_i^-1 truth_j, disturbed if r is not NULL. */
static void measure(const world *w, size_t i, size_t j, const world_noise *noise, random_state *r, double *z)
{
    double exact[WORLD_SPATIAL], n[6] = { 0 };
    pose_between(w->stride, pose_at(w, i), pose_at(w, j), exact);
    if (!r) {
        memcpy(z, exact, (size_t)w->stride * sizeof *z);
        return;
    }
    int tangent = w->stride == WORLD_PLANAR ? 3 : 6, translations = tangent == 3 ? 2 : 3;
    for (int k = 0; k < tangent; k++) n[k] = random_normal(r) * (k < translations ? noise->translation : noise->rotation);
    pose_perturb(w->stride, exact, n, z);
}

/* Draws two poses more than one step apart, i > j. */
static world_closure random_pair(random_state *r, size_t poses)
{
    for (;;) {
        size_t i = (size_t)random_below(r, poses), j = (size_t)random_below(r, poses);
        if (i > j + 1) return (world_closure){ i, j };
    }
}

static void write_closures(const world *w, const world_noise *noise, FILE *f, const char *information)
{
    random_state r, outlier;
    random_seed(&r, noise->seed, RANDOM_CLOSURE);
    random_seed(&outlier, noise->seed, RANDOM_OUTLIER);
    for (size_t k = 0; k < w->closures; k++) {
        world_closure c = w->closure[k];
        double z[WORLD_SPATIAL];
        measure(w, c.i, c.j, noise, &r, z);
        /* A wrong match: the measurement of a true closure is claimed for two other poses. */
        if (random_uniform(&outlier) < noise->outliers && w->poses > 2) c = random_pair(&outlier, w->poses);
        put_edge(f, w, c.i, c.j, z, information);
    }
}

static int write_noisy(const world *w, const world_noise *noise, FILE *f, const char *information)
{
    size_t stride = (size_t)w->stride;
    double *odometry = malloc(w->poses * stride * sizeof *odometry), estimate[WORLD_SPATIAL], next[WORLD_SPATIAL];
    if (!odometry) return -1;
    random_state r;
    random_seed(&r, noise->seed, RANDOM_ODOMETRY);
    for (size_t i = 0; i + 1 < w->poses; i++) measure(w, i, i + 1, noise, &r, odometry + i * stride);
    memcpy(estimate, w->truth, stride * sizeof *estimate);
    for (size_t i = 0; i < w->poses; i++) {
        put_vertex(f, w, i, estimate);
        if (i + 1 == w->poses) break;
        pose_compose(w->stride, estimate, odometry + i * stride, next);
        memcpy(estimate, next, stride * sizeof *next);
    }
    for (size_t i = 0; i + 1 < w->poses; i++) put_edge(f, w, i, i + 1, odometry + i * stride, information);
    free(odometry);
    write_closures(w, noise, f, information);
    return 0;
}

static void write_truth(const world *w, const world_noise *noise, FILE *f, const char *information)
{
    double z[WORLD_SPATIAL];
    for (size_t i = 0; i < w->poses; i++) put_vertex(f, w, i, pose_at(w, i));
    for (size_t i = 0; i + 1 < w->poses; i++) {
        measure(w, i, i + 1, noise, NULL, z);
        put_edge(f, w, i, i + 1, z, information);
    }
    for (size_t k = 0; k < w->closures; k++) {
        measure(w, w->closure[k].i, w->closure[k].j, noise, NULL, z);
        put_edge(f, w, w->closure[k].i, w->closure[k].j, z, information);
    }
}

int world_write(const world *w, const world_noise *noise, const char *comment, FILE *noisy, FILE *truth)
{
    char information[512];
    format_information(w, noise, information, sizeof information);
    fprintf(noisy, "# %s\n", comment);
    if (write_noisy(w, noise, noisy, information)) return -1;
    if (!truth) return 0;
    fprintf(truth, "# %s: true poses, measurements without noise or outliers\n", comment);
    write_truth(w, noise, truth, information);
    return 0;
}

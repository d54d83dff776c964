/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_api.c -- the bytes are a program of calls on one graph and one solver: build, change, hold, solve, evaluate,
 * with arguments that are often wrong. Whatever a call says, the graph stays consistent: a call that fails adds
 * nothing, and what is in the graph can be read back. */
#include "fuzz.h"
#include <fgopt/fgopt.h>
#include <math.h>

enum { KEYS = 12, MOST_CALLS = 120, MOST_VARIABLES = 40, MOST_FACTORS = 80 };

typedef struct machine {
    const uint8_t *p;
    size_t left;
    fgo_graph *g;
    fgo_solver *solver;
    fgo_factor_class own;
} machine;

/* ---- arguments out of the bytes; zeros when they are used up ---- */

static unsigned take(machine *m, unsigned below)
{
    if (!m->left) return 0;
    m->left--;
    return *m->p++ % below;
}

static double take_double(machine *m)
{
    static const double special[] = { 0.0,
                                      1.0,
                                      -1.0,
                                      0.5,
                                      2.0,
                                      3.141592653589793,
                                      -3.141592653589793,
                                      1e-300,
                                      1e300,
                                      1e-9,
                                      1e9,
                                      INFINITY,
                                      -INFINITY,
                                      NAN,
                                      5e-324,
                                      -0.0,
                                      1e-150,
                                      1e150,
                                      0.7071068,
                                      100.0 };
    enum { SPECIAL = sizeof special / sizeof *special };
    const unsigned kind = take(m, 64);
    double x = 0.0;
    if (kind < SPECIAL) return special[kind];
    if (kind < 60 || m->left < sizeof x) return ((double)take(m, 256) - 128.0) / 32.0;
    memcpy(&x, m->p, sizeof x);
    m->p += sizeof x;
    m->left -= sizeof x;
    return x;
}

static void take_doubles(machine *m, double *x, int n)
{
    for (int i = 0; i < n; i++) x[i] = take_double(m);
}

static int64_t take_key(machine *m)
{
    const unsigned k = take(m, KEYS + 2);
    return k < KEYS ? (int64_t)k : k == KEYS ? INT64_MIN : INT64_MAX;
}

static fgo_loss take_loss(machine *m)
{
    const fgo_loss loss = { fgo_loss_class_get(take(m, 8)), { take_double(m), take_double(m) } }; /* 7 is none */
    return loss;
}

static fgo_noise take_noise(machine *m, int rows, double *room)
{
    fgo_noise noise = { (fgo_noise_kind)take(m, 7), 1.0, room }; /* 6 is no kind */
    const unsigned shape = take(m, 3);
    noise.sigma = take_double(m);
    take_doubles(m, room, rows * rows);
    for (int i = 0; i < rows && shape; i++)
        for (int j = 0; j <= i; j++) {
            if (shape == 2 && j < i) room[i * rows + j] = 0.0;
            room[j * rows + i] = room[i * rows + j];
        }
    return noise;
}

/* ---- a class of the user's, which fails or is not finite where the measurement says so ---- */

static int own_evaluate(const fgo_factor_class *c, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    const double *mode = z;
    (void)c;
    for (size_t i = 0; i < count; i++) {
        if (mode[i] == 0.5) return 1;
        for (int r = 0; r < 2; r++) {
            const double d = x[i][0] - mode[i];
            e[2 * i + (size_t)r] = r ? d * d : d;
            if (J) J[2 * i + (size_t)r] = r ? 2.0 * d : 1.0;
        }
    }
    return 0;
}

static const fgo_factor_class *take_class(machine *m, fgo_factor_class *room)
{
    static const fgo_factor_class *const classes[] = {
        &fgo_prior_so2,          &fgo_prior_se2,       &fgo_prior_so3,         &fgo_prior_se3,        &fgo_prior_se3_log,
        &fgo_between_so2,        &fgo_between_se2,     &fgo_between_so3,       &fgo_between_se3,      &fgo_between_se2_log,
        &fgo_between_so3_log,    &fgo_between_se3_log, &fgo_landmark_se2,      &fgo_landmark_se3,     &fgo_landmark_se2_offset,
        &fgo_bearing_se2,        &fgo_range_se2,       &fgo_bearing_range_se2, &fgo_range_se3,        &fgo_position_se2,
        &fgo_position_se3,       &fgo_depth_se3,       &fgo_disparity_se3,     &fgo_prior_se3_offset, &fgo_between_se2_offset,
        &fgo_between_se3_offset,
    };
    enum { CLASSES = sizeof classes / sizeof *classes };
    const unsigned k = take(m, CLASSES + 3);
    if (k < CLASSES) return classes[k];
    if (k == CLASSES) return &m->own;
    const int n = (int)take(m, 4); /* 0 is refused */
    return (k == CLASSES + 1 ? fgo_prior_rn : fgo_between_rn)(n, room) ? NULL : room;
}

/* ---- calls ---- */

static void add_variable(machine *m)
{
    double x[7];
    const int64_t key = take_key(m);
    const size_t before = fgo_graph_variable_count(m->g);
    const unsigned kind = take(m, 6);
    fgo_status status;
    if (before >= MOST_VARIABLES) return;
    take_doubles(m, x, 7);
    switch (kind) {
    case 0: status = fgo_graph_add_so2(m->g, key, x[0]); break;
    case 1: status = fgo_graph_add_se2(m->g, key, x[0], x[1], x[2]); break;
    case 2: status = fgo_graph_add_so3(m->g, key, x); break;
    case 3: status = fgo_graph_add_se3(m->g, key, x, x + 3); break;
    default: status = fgo_graph_add_rn(m->g, key, (int)take(m, 5), x); break;
    }
    fuzz_require(fgo_graph_variable_count(m->g) == before + !status);
}

static void add_factor(machine *m)
{
    fgo_factor_class room;
    int64_t keys[FGO_MAX_ARITY];
    double z[24], matrix[36];
    const fgo_factor_class *c = take_class(m, &room);
    const size_t before = fgo_graph_factor_count(m->g);
    if (!c || before >= MOST_FACTORS) return;
    for (int i = 0; i < c->arity; i++) keys[i] = take_key(m);
    take_doubles(m, z, (int)(c->measurement_size / sizeof *z));
    const fgo_noise noise = take_noise(m, c->rows, matrix);
    const fgo_status status = fgo_graph_add_factor(m->g, c, keys, z, noise, take_loss(m));
    fuzz_require(fgo_graph_factor_count(m->g) == before + !status);
}

static void change_factor(machine *m)
{
    double z[24], matrix[36];
    fgo_loss loss;
    const size_t f = take(m, MOST_FACTORS);
    const fgo_factor_class *c = fgo_graph_factor_class(m->g, f);
    if (!c) {
        fuzz_require(fgo_graph_set_measurement(m->g, f, z) == FGO_ERROR_ARGUMENT);
        return;
    }
    take_doubles(m, z, (int)(c->measurement_size / sizeof *z));
    fgo_graph_set_measurement(m->g, f, z);
    fgo_graph_set_noise(m->g, f, take_noise(m, c->rows, matrix));
    fgo_graph_set_loss(m->g, f, take_loss(m));
    fuzz_require(fgo_graph_factor_loss(m->g, f, &loss) == FGO_OK);
    fuzz_require(loss.loss_class == &fgo_loss_class_none || loss.parameter[0] > 0.0);
    fuzz_require(fgo_graph_factor_information(m->g, f, matrix) == FGO_OK);
    for (int i = 0; i < c->rows * c->rows; i++) fuzz_require(isfinite(matrix[i]));
}

static void change_variable(machine *m)
{
    double x[7];
    const int64_t key = take_key(m);
    const unsigned kind = take(m, 5);
    take_doubles(m, x, 7);
    switch (kind) {
    case 0: fgo_graph_hold(m->g, key); break;
    case 1: fgo_graph_release(m->g, key); break;
    case 2: fgo_graph_hold_dof(m->g, key, (int)take(m, 8) - 1); break;
    case 3: fgo_graph_release_dof(m->g, key, (int)take(m, 8) - 1); break;
    default: fgo_graph_set_value(m->g, key, x); break;
    }
}

static void evaluate(machine *m)
{
    double cost, chi2, e[8], *gradient = calloc(fgo_graph_tangent_dimension(m->g) + 1, sizeof *gradient);
    fgo_jacobian_report report;
    fgo_factor_group group;
    fuzz_require(gradient);
    if (fgo_graph_cost(m->g, &cost) == FGO_OK) fuzz_require(isfinite(cost) && cost >= 0.0);
    fgo_graph_gradient(m->g, gradient);
    fgo_graph_check_jacobians(m->g, &report);
    const size_t f = take(m, MOST_FACTORS);
    if (fgo_graph_factor_class(m->g, f)) fgo_graph_residual(m->g, f, e);
    if (fgo_graph_chi2(m->g, f, &chi2) == FGO_OK) fuzz_require(chi2 >= 0.0);
    for (size_t i = 0; fgo_graph_group(m->g, i, &group) == FGO_OK; i++) {
        const size_t rows = group.count * (size_t)group.factor_class->rows;
        double *r = calloc(rows * (size_t)(1 + group.factor_class->partials), sizeof *r);
        fuzz_require(r);
        fgo_graph_evaluate_group(m->g, i, (fgo_weighting)take(m, 3), r, r + rows);
        free(r);
    }
    free(gradient);
}

static int stop_sometimes(const fgo_iteration *it, void *user) { return it->iteration > *(int *)user; }

static void check_values(const machine *m)
{
    size_t size;
    const double *x = fgo_graph_values(m->g, &size);
    for (size_t i = 0; i < size; i++) fuzz_require(isfinite(x[i]));
}

static void make_solver(machine *m)
{
    fgo_options o = fgo_options_default();
    o.method = (int)take(m, 3); /* 2 is none */
    o.linear_solver = (int)take(m, 6);
    o.max_iterations = (int)take(m, 8);
    o.diagonal_scaling = (int)take(m, 2);
    o.initial_lambda = take_double(m);
    o.threads = (int)take(m, 3);
    fgo_solver_free(m->solver);
    m->solver = NULL;
    if (fgo_solver_create(m->g, &o, &m->solver)) fuzz_require(!m->solver);
}

static void solve(machine *m)
{
    fgo_summary s;
    int stop = (int)take(m, 8);
    fgo_options o = fgo_options_default();
    o.callback = stop_sometimes;
    o.callback_user = &stop;
    if (m->solver && stop) {
        if (fgo_solver_solve(m->solver, &s) == FGO_OK && isfinite(s.cost_initial)) fuzz_require(s.cost_final <= s.cost_initial);
    } else {
        fgo_solve(m->g, &o, &s);
    }
    check_values(m);
}

static void copy_and_compare(machine *m)
{
    fgo_graph *copy;
    fgo_comparison c;
    double a, b;
    fuzz_require(fgo_graph_copy(m->g, &copy) == FGO_OK);
    const fgo_status status = fgo_graph_cost(m->g, &a);
    fuzz_require(fgo_graph_cost(copy, &b) == status);
    fuzz_require(status || memcmp(&a, &b, sizeof a) == 0);
    const double lengths[] = { take_double(m), take_double(m) };
    fgo_segment_errors segments[2];
    const fgo_compare_options o = { sizeof o,       (int)take(m, 4), (int)take(m, 4), (int)take(m, 3), take(m, 4),
                                    take_double(m), take_double(m),  lengths,         take(m, 3) };
    fgo_graph_compare(m->g, copy, &o, &c, segments);
    if (take(m, 2)) { /* the copy lives on; the solver was the other one's */
        fgo_solver_free(m->solver);
        m->solver = NULL;
        fgo_graph_free(m->g);
        m->g = copy;
    } else {
        fgo_graph_free(copy);
    }
}

static void initialize_or_examine(machine *m)
{
    fgo_init_report report;
    fgo_findings *f;
    const unsigned what = take(m, 8);
    if (what < 6) {
        fgo_initialize(m->g, (fgo_init)what, &report); /* 5 is none */
        check_values(m);
    } else if (fgo_graph_examine(m->g, what == 6 ? FGO_DOCTOR_STRUCTURE : FGO_DOCTOR_ALL, take_double(m), &f) == FGO_OK) {
        fgo_findings_free(f);
    }
}

static void add_arrays(machine *m)
{
    enum { COUNT = 3 };
    int64_t keys[2 * COUNT];
    double x[4 * COUNT], matrix[9];
    const size_t variables = fgo_graph_variable_count(m->g), factors = fgo_graph_factor_count(m->g);
    if (variables + COUNT > MOST_VARIABLES || factors + COUNT > MOST_FACTORS) return;
    for (int i = 0; i < 2 * COUNT; i++) keys[i] = take_key(m);
    take_doubles(m, x, 4 * COUNT);
    fgo_status status = fgo_graph_add_variables(m->g, &fgo_manifold_se2, COUNT, keys, x);
    fuzz_require(fgo_graph_variable_count(m->g) == variables + (status ? 0 : COUNT));
    const fgo_noise noise = take_noise(m, 3, matrix);
    status = fgo_graph_add_factors(m->g, &fgo_between_se2, COUNT, keys, x, noise, 0, take_loss(m));
    fuzz_require(fgo_graph_factor_count(m->g) == factors + (status ? 0 : COUNT));
}

static void write_out(machine *m) { fgo_graph_write(m->g, "/dev/null", (fgo_format)take(m, 4)); } /* 3 is none */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const calls[])(machine *) = { add_variable,          add_variable, add_factor,  add_factor, change_factor,
                                                change_variable,       evaluate,     make_solver, solve,      copy_and_compare,
                                                initialize_or_examine, add_arrays,   write_out };
    machine m = { .p = data, .left = size };
    m.own = (fgo_factor_class){ .abi = FGO_FACTOR_ABI,
                                .arity = 1,
                                .rows = 2,
                                .partials = 1,
                                .name = "own",
                                .measurement_size = sizeof(double),
                                .variable = { { NULL, 1 } },
                                .evaluate = own_evaluate };
    fuzz_require(fgo_graph_create(&m.g) == FGO_OK);
    for (int i = 0; i < MOST_CALLS && m.left; i++) calls[take(&m, sizeof calls / sizeof *calls)](&m);
    fgo_solver_free(m.solver);
    fgo_graph_free(m.g);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* scenarios.c -- graphs and calls that together pass through every allocation of the library. */
#include "scenarios.h"
#include "block/order.h"
#include "support.h"
#include <unistd.h>

/* ---- worlds ---- */

static void pose_graph(world *w, int variant)
{
    rng r = { 11 };
    (void)variant;
    w->g = exact_graph(&r, &fgo_manifold_se2, &fgo_between_se2, 12, 8, 0.05, NULL);
    assert_ok(fgo_graph_set_measurement(w->g, 3, &(fgo_se2){ 0.3, 0.2, 1.0, 0.0 }));
}

static void dense_pose_graph(world *w, int variant)
{
    rng r = { 12 };
    (void)variant;
    w->g = exact_graph(&r, &fgo_manifold_se3, &fgo_between_se3, 24, 90, 0.02, NULL);
}

static const char *const texts[] = {
    "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_XY 7 1 1\nOTHER 1\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 0 1 "
    "1.5 0 0 1 0 0 1 0 1\n"
    "EDGE_SE2_XY 0 7 1 1 1 0 1\nFIX 0\n",
    "VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 0 0 0 0 0 0\nVERTEX3 2 1 0 0 0 0 0\nEDGE3 0 2 1 0 0 0 0 0\nEDGE3 1 2 1 0 0 0 0 "
    "0\nEQUIV 0 1\n",
    "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\nEDGE_SE2 5 6 1 0 0 1 0 0 1 0 1\n",
    "VERTEX 0 0 0 0\nBR 0 7 0.78 1.4 0.1 0.2\nLANDMARK 0 9 1 1 1 2 3\n",
    "PARAMS_CAMERACALIB 1 0 0 0 0 0 0 1 500 400 320 240\nVERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_TRACKXYZ 5 1 2 4\n"
    "EDGE_PROJECT_DEPTH 0 5 1 320 240 4 1 0 0 1 0 1\n",
    "# time x y z q\n1305031102.175304 1 2 3 0 0 0.6 0.8\n1305031103 1 2 3 0 0 0 1\n",
    "tag,id,id2,time,x,y,theta,i11,i12,i13,i22,i23,i33\nVERTEX_SE2,0,,0.5,0,0,0,,,,,,\nVERTEX_SE2,1,,1.5,1,0,7,,,,,,\n"
    "EDGE_SE2,0,1,,1,0,0,4,0,1,9,0,16\n",
};
enum { TEXTS = sizeof texts / sizeof *texts, ENDINGS = 3 };
static const char *const endings[ENDINGS] = { "g2o", "g2o.gz", "graph.zst" };

static fgo_read_options all_options(void)
{
    fgo_read_options o = fgo_read_options_default();
    o.merge_equivalent = o.lenient = o.project_information = 1;
    return o;
}

static void text_graph(world *w, int variant)
{
    const char *text = texts[variant % TEXTS];
    const fgo_read_options o = all_options();
    assert_ok(fgo_graph_read_memory(text, strlen(text), "t", &o, &w->g));
    snprintf(w->path, sizeof w->path, "/dev/shm/fgopt-fault-%ld.%s", (long)getpid(), endings[variant / TEXTS % ENDINGS]);
}

static void file_graph(world *w, int variant)
{
    text_graph(w, variant);
    assert_ok(fgo_graph_write(w->g, w->path, FGO_FORMAT_AUTO));
}

void release_world(world *w)
{
    fgo_solver_free(w->solver);
    fgo_graph_free(w->g);
    fgo_graph_free(w->other);
    if (w->path[0]) unlink(w->path);
    *w = (world){ 0 };
}

/* ---- acts ---- */

static int identity_evaluate(const fgo_factor_class *c, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)c;
    for (size_t f = 0; f < count; f++) {
        e[f] = x[f][0] - ((const double *)z)[f];
        if (J) J[f] = 1.0;
    }
    return 0;
}

/* A class whose batches are larger than what lies on the stack. */
static const fgo_factor_class large_batches = { .abi = FGO_FACTOR_ABI,
                                                .arity = 1,
                                                .rows = 1,
                                                .partials = 1,
                                                .name = "large_batches",
                                                .measurement_size = sizeof(double),
                                                .variable = { { "R1", 1 } },
                                                .evaluate = identity_evaluate,
                                                .batch = 100 };

static void batch_graph(world *w, int variant)
{
    enum { N = 150 };
    int64_t keys[N];
    double x[N], z[N];
    fgo_manifold line;
    (void)variant;
    for (int i = 0; i < N; i++) keys[i] = i, x[i] = i, z[i] = 2.0 * i;
    assert_ok(fgo_manifold_rn(1, &line));
    assert_ok(fgo_graph_create(&w->g));
    assert_ok(fgo_graph_add_variables(w->g, &line, N, keys, x));
    assert_ok(fgo_graph_add_factors(w->g, &large_batches, N, keys, z, fgo_noise_unit(), 0, fgo_loss_none()));
}

/* Each step that fails for want of memory is made again, so a failure must leave a graph that takes it. */
static fgo_status first_failure;
static void step(fgo_status status)
{
    if (status && !first_failure) first_failure = status;
}
#define STEP(call)                                                                                                               \
    do {                                                                                                                         \
        fgo_status status_of_step = (call);                                                                                      \
        step(status_of_step);                                                                                                    \
        if (status_of_step == FGO_ERROR_MEMORY) assert_ok(call);                                                                 \
    } while (0)

static fgo_status build(world *w, int variant)
{
    enum { WIDE = 20 };
    double zeros[WIDE] = { 0 }, Omega[WIDE * WIDE] = { 0 }, x[3 * 4];
    fgo_factor_class wide;
    fgo_manifold own;
    (void)variant;
    first_failure = FGO_OK;
    Omega[0] = 4.0; /* semi-definite: by eigenvalues */
    assert_ok(fgo_prior_rn(WIDE, &wide));
    assert_ok(fgo_manifold_rn(2, &own));
    STEP(fgo_graph_create(&w->g));
    for (int i = 0; i < 10; i++) STEP(fgo_graph_add_se2(w->g, i, i, 0, 0));
    STEP(fgo_graph_add_se3(w->g, 20, (double[]){ 1, 2, 3 }, (double[]){ 0, 0, 0, 1 }));
    STEP(fgo_graph_add_rn(w->g, 30, WIDE, (double[WIDE]){ 1, 2, 3 }));
    for (int i = 0; i < 12; i++) x[i] = i;
    STEP(fgo_graph_add_variables(w->g, &own, 6, (int64_t[]){ 40, 41, 42, 43, 44, 45 }, x));
    STEP(fgo_graph_add_factor(w->g, &wide, (int64_t[]){ 30 }, zeros, fgo_noise_information(Omega), fgo_loss_none()));
    for (int i = 0; i < 9; i++)
        STEP(fgo_graph_add_factor(w->g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &(fgo_se2){ 1.1, 0, 1, 0 },
                                  fgo_noise_sigma(0.1), fgo_loss_huber(1.0)));
    STEP(fgo_graph_add_factors(w->g, &fgo_prior_se2, 2, (int64_t[]){ 1, 2 }, (fgo_se2[2]){ { 1, 0, 1, 0 }, { 1, 0, 1, 0 } },
                               fgo_noise_unit(), 0, fgo_loss_none()));
    STEP(fgo_graph_set_noise(w->g, 0, fgo_noise_projected(Omega)));
    STEP(fgo_graph_hold(w->g, 0));
    STEP(fgo_graph_set_all_losses(w->g, fgo_loss_cauchy(1.0)));
    STEP(fgo_graph_cost(w->g, &w->outcome));
    fgo_graph_free(w->g);
    w->g = NULL;
    return first_failure;
}

static fgo_status solve_with(world *w, int method, int linear, int threads)
{
    fgo_options o = fgo_options_default();
    fgo_summary s;
    fgo_graph *copy;
    fgo_status status = fgo_graph_copy(w->g, &copy);
    if (status) return status;
    o.method = method;
    o.linear_solver = linear;
    o.threads = threads;
    status = fgo_solve(copy, &o, &s);
    if (!status) w->outcome = s.cost_final;
    fgo_graph_free(copy);
    return status;
}

static fgo_status solve(world *w, int variant)
{
    return solve_with(w, variant % 2, FGO_LINEAR_CHOLMOD + variant / 2 % 4, variant / 8 ? 3 : 1);
}

static fgo_status solve_supernodal(world *w, int variant)
{
    (void)variant;
    return solve_with(w, FGO_METHOD_LM, FGO_LINEAR_CHOLMOD, 1);
}

static void grown_graph(world *w, int variant)
{
    fgo_options o = fgo_options_default();
    pose_graph(w, variant);
    o.linear_solver = FGO_LINEAR_CHOLMOD + variant;
    o.threads = 2;
    assert_ok(fgo_solver_create(w->g, &o, &w->solver));
    assert_ok(fgo_solver_solve(w->solver, NULL));
    assert_ok(fgo_graph_add_se2(w->g, 100, 5, 5, 0));
    assert_ok(fgo_graph_add_factor(w->g, &fgo_between_se2, (int64_t[]){ 3, 100 }, &(fgo_se2){ 1, 1, 1, 0 }, fgo_noise_unit(),
                                   fgo_loss_none()));
}

static fgo_status solve_again(world *w, int variant)
{
    fgo_summary s;
    (void)variant;
    const fgo_status status = fgo_solver_solve(w->solver, &s);
    if (!status) w->outcome = (double)s.variables;
    return status;
}

static fgo_status initialize(world *w, int variant)
{
    fgo_graph *copy;
    fgo_init_report report;
    fgo_status status = fgo_graph_copy(w->g, &copy);
    if (status) return status;
    status = fgo_initialize(copy, (fgo_init)variant, &report);
    if (!status) w->outcome = report.cost[report.chosen];
    fgo_graph_free(copy);
    return status;
}

static fgo_status evaluate(world *w, int variant)
{
    double gradient[200], cost = 0.0, J[150 * 3 * 6], r[150 * 3];
    fgo_jacobian_report report;
    fgo_status status;
    if (variant == 0)
        status = fgo_graph_cost(w->g, &cost);
    else if (variant == 1)
        status = fgo_graph_gradient(w->g, gradient);
    else if (variant == 2)
        status = fgo_graph_check_jacobians(w->g, &report);
    else if (variant == 3)
        status = fgo_graph_residual(w->g, 1, r);
    else if (variant == 4)
        status = fgo_graph_chi2(w->g, 1, &cost);
    else if (variant == 5)
        status = fgo_graph_evaluate_group(w->g, 0, FGO_WEIGHTING_LOSS, r, J);
    else
        return solve_with(w, FGO_METHOD_LM, FGO_LINEAR_BLOCK, variant - 5);
    if (!status) w->outcome = cost;
    return status;
}

static fgo_status copy(world *w, int variant)
{
    fgo_graph *made;
    (void)variant;
    fgo_status status = fgo_graph_copy(w->g, &made);
    if (status) return status;
    status = fgo_graph_cost(made, &w->outcome);
    fgo_graph_free(made);
    return status;
}

/* Variable 0 and what is on it, then the gaps in the numbers; what was done before a failure is not done again. */
static fgo_status remove_elements(world *w, int variant)
{
    fgo_values *values = NULL;
    (void)variant;
    fgo_status status = fgo_graph_find(w->g, 0, NULL) ? FGO_OK : fgo_graph_remove_variable(w->g, 0);
    if (!status) status = fgo_graph_compact(w->g);
    if (!status) status = fgo_values_create(w->g, &values);
    if (!status) status = fgo_graph_cost_at(w->g, values, &w->outcome);
    if (!status) w->outcome += (double)fgo_graph_factor_end(w->g);
    fgo_values_free(values);
    return status;
}

static fgo_status compare(world *w, int variant)
{
    fgo_comparison c;
    fgo_compare_options o = fgo_compare_options_default();
    o.alignment = variant;
    const fgo_status status = fgo_graph_compare(w->g, w->g, &o, &c, NULL);
    if (!status) w->outcome = (double)c.matched;
    return status;
}

static void sick_graph(world *w, int variant)
{
    static const char sick[] = "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_SE2 2 2 0 0\nVERTEX_SE2 3 2 0 0\n"
                               "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\nEDGE_SE2 0 0 1 0 0 1 0 0 1 0 1\n"
                               "EDGE_SE2 1 9 1 0 0 1 2 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 2 0 1 0 1\nEDGE_SE2 1 2 9 0 0 4 0 0 4 0 4\n";
    const fgo_read_options o = all_options();
    (void)variant;
    assert_ok(fgo_graph_read_memory(sick, strlen(sick), "sick", &o, &w->g));
}

static fgo_status examine(world *w, int variant)
{
    fgo_findings *f;
    const fgo_status status = fgo_graph_examine(w->g, variant + 1, 0.01, &f);
    if (status) return status;
    w->outcome = (double)fgo_findings_count(f);
    fgo_findings_free(f);
    return FGO_OK;
}

static fgo_status read_text(world *w, int variant)
{
    const fgo_read_options o = all_options();
    fgo_graph *g;
    const fgo_status status = fgo_graph_read_memory(texts[variant], strlen(texts[variant]), "t", &o, &g);
    if (status) return status;
    w->outcome = (double)fgo_graph_factor_count(g);
    fgo_graph_free(g);
    return FGO_OK;
}

static fgo_status read_file(world *w, int variant)
{
    const fgo_read_options o = all_options();
    fgo_graph *g;
    (void)variant;
    const fgo_status status = fgo_graph_read(w->path, &o, &g);
    if (status) return status;
    w->outcome = (double)fgo_graph_factor_count(g);
    fgo_graph_free(g);
    return FGO_OK;
}

/* In the format of the file, or in the other, which some of the graphs cannot be written in. */
static fgo_status write_file(world *w, int variant)
{
    const fgo_status status = fgo_graph_write(w->g, w->path, variant / (TEXTS * ENDINGS) ? FGO_FORMAT_G2O : FGO_FORMAT_AUTO);
    return status == FGO_ERROR_UNSUPPORTED ? FGO_OK : status;
}

static fgo_status covariance(world *w, int variant)
{
    double Sigma[36];
    fgo_covariance *c;
    fgo_status status = fgo_covariance_create(w->g, 1 + variant % 2, &c);
    if (status) return status;
    if (variant < 2)
        status = fgo_covariance_marginal(c, 5, Sigma);
    else if (variant < 4)
        status = fgo_covariance_joint(c, (int64_t[]){ 2, 9 }, 2, Sigma);
    else
        status = fgo_covariance_update(c);
    if (!status && variant < 4) w->outcome = Sigma[0];
    fgo_covariance_free(c);
    return status;
}

static fgo_status redundancy(world *w, int variant)
{
    double r[200];
    const fgo_status status = fgo_graph_redundancy(w->g, 1 + variant, r);
    if (!status) w->outcome = r[3];
    return status;
}

static void solver_of(world *w, int variant)
{
    pose_graph(w, variant);
    assert_ok(fgo_solver_create(w->g, NULL, &w->solver));
}

static fgo_status look_inside(world *w, int variant)
{
    fgo_sparsity *s;
    if (variant) {
        fgo_summary summary;
        fgo_status status = fgo_solver_order_last(w->solver, (int64_t[]){ 3, 7 }, 2);
        if (!status) status = fgo_solver_solve(w->solver, &summary);
        if (!status) w->outcome = (double)summary.variables;
        return status;
    }
    const fgo_status status = fgo_solver_sparsity(w->solver, &s);
    if (status) return status;
    fgo_sparsity_free(s);
    return FGO_OK;
}

/* METIS by itself: only large graphs come to it. */
static fgo_status order(world *w, int variant)
{
    enum { SIDE = 24, N = SIDE * SIDE };
    static int dim[N], row[3 * N], result[N];
    static size_t offset[N + 1], start[N + 1];
    (void)variant;
    for (int j = 0, k = 0; j < N; j++) {
        dim[j] = 1;
        offset[j + 1] = (size_t)j + 1;
        row[k++] = j;
        if ((j + 1) % SIDE) row[k++] = j + 1;
        if (j + SIDE < N) row[k++] = j + SIDE;
        start[j + 1] = (size_t)k;
    }
    const fgoi_pattern p = { .n = N, .dim = dim, .offset = offset, .start = start, .row = row };
    const fgoi_order_result outcome = fgoi_block_order_metis(&p, result);
    if (outcome == FGOI_ORDER_MEMORY) return FGO_ERROR_MEMORY;
    w->outcome = result[0] + 1000.0 * result[N - 1];
    return FGO_OK;
}

static void nothing(world *w, int variant) { (void)w, (void)variant; }

static fgo_status parse(world *w, int variant)
{
    fgo_options o = fgo_options_default();
    fgo_loss loss;
    (void)w;
    return variant ? fgo_loss_parse("huber:1.5", &loss) : fgo_option_set(&o, "cost-tolerance", "1e-9");
}

const scenario scenarios[] = {
    { "building", nothing, build, 1, 1 },
    { "solving", pose_graph, solve, 16, 1 },
    { "solving, supernodal", dense_pose_graph, solve_supernodal, 1, 1 },
    { "solving after growth", grown_graph, solve_again, 4, 1 },
    { "initializing", pose_graph, initialize, 5, 1 },
    { "evaluating", pose_graph, evaluate, 6, 1 },
    { "evaluating, large batches", batch_graph, evaluate, 9, 1 },
    { "copying", file_graph, copy, TEXTS, 1 },
    { "removing", file_graph, remove_elements, TEXTS, 1 },
    { "comparing", pose_graph, compare, 3, 1 },
    { "examining", sick_graph, examine, 3, 1 },
    { "reading", nothing, read_text, TEXTS, 1 },
    { "reading files", file_graph, read_file, TEXTS *ENDINGS, 1 },
    { "writing files", text_graph, write_file, 2 * TEXTS *ENDINGS, 1 },
    { "covariances", pose_graph, covariance, 6, 1 },
    { "redundancies", pose_graph, redundancy, 2, 1 },
    { "orders and sparsity", solver_of, look_inside, 2, 1 },
    { "ordering by METIS", nothing, order, 1, 1 },
    { "parsing", nothing, parse, 2, 1 },
    { 0 },
};

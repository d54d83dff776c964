/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.c -- fgo_solver: one analysis and one allocation, then any number of solves. */
#include "solver.h"
#include "analysis/analysis.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "graph/graph_private.h"
#include "linear/registry.h"
#include "minimize.h"
#include "options.h"
#include "sparsity.h"
#include "strategies.h"
#include <stdio.h>
#include <string.h>

struct fgo_solver {
    fgoi_problem problem;
    fgo_graph *g; /* the graph whose values fgo_solver_solve changes; NULL: the caller passes values */
    fgo_options options;
    fgoi_analysis *analysis; /* or NULL: the next solve analyses */
    fgoi_system system;
    fgoi_linear *linear;
    fgoi_threads *threads;
    const fgo_strategy_class *strategy;
    void *strategy_state;
    double *x, *x_try, *x_best, *b, *diagonal, *step, *strategy_vectors;
    int64_t *gauge_key;
    int64_t *last_key, *order_key; /* variables to be eliminated last; the free ones in the order of elimination */
    size_t last_count;
    int anew; /* 1: the last analysis does not fit: last_key has changed, or the gauge rule now holds others */
    double time_analyze_s;
    const fgoi_minimizer *running; /* during a solve */
};

static void release_analysis(fgo_solver *s)
{
    double **array[] = { &s->x, &s->x_try, &s->x_best, &s->b, &s->diagonal, &s->step, &s->strategy_vectors };
    for (size_t i = 0; i < sizeof array / sizeof *array; i++) {
        fgoi_free(*array[i]);
        *array[i] = NULL;
    }
    fgoi_free(s->gauge_key);
    fgoi_free(s->order_key);
    s->gauge_key = s->order_key = NULL;
    fgoi_system_free(&s->system);
    fgoi_analysis_release(s->analysis);
    s->analysis = NULL;
}

static fgo_status allocate_states(fgo_solver *s)
{
    const fgoi_gauge_result *gauge = &s->analysis->structure.gauge;
    const size_t ambient = s->problem.g->x_size, n = s->system.pattern.offset[s->system.pattern.n];
    s->x = fgoi_alloc(ambient, sizeof *s->x);
    s->x_try = fgoi_alloc(ambient, sizeof *s->x_try);
    s->x_best = fgoi_alloc(ambient, sizeof *s->x_best);
    s->b = fgoi_alloc(n, sizeof *s->b);
    s->diagonal = fgoi_alloc(n, sizeof *s->diagonal);
    s->step = fgoi_alloc(n, sizeof *s->step);
    s->strategy_vectors = fgoi_alloc(n, (size_t)s->strategy->vectors * sizeof *s->strategy_vectors);
    s->gauge_key = fgoi_alloc(gauge->count, sizeof *s->gauge_key);
    if (!s->x || !s->x_try || !s->x_best || !s->b || !s->diagonal || !s->step || !s->strategy_vectors || !s->gauge_key)
        return fgoi_fail_memory();
    for (size_t i = 0; i < gauge->count; i++) s->gauge_key[i] = s->problem.g->variable[gauge->variable[i]].key;
    return FGO_OK;
}

/* Fills in the options of a linear solver that iterates, and the rows of J for one that wants them. */
static fgo_status fill_request(fgo_solver *s)
{
    const fgo_options *o = &s->options;
    fgo_linear_request *request = &s->linear->request;
    request->tolerance = o->cgls_tolerance;
    request->max_iterations = o->cgls_iterations;
    request->preconditioner = o->cgls_preconditioner;
    if (!fgoi_linear_can(s->linear, FGO_LINEAR_WANTS_ROWS)) return FGO_OK;
    request->jacobian = &s->system.rows;
    return fgoi_system_view_rows(&s->system);
}

/* Marks the columns of the keys that are to be eliminated last in *flags, which the caller frees. */
static fgo_status mark_eliminate_last(fgo_solver *s, unsigned char **flags)
{
    *flags = NULL;
    if (!s->last_count) return FGO_OK;
    if (!(*flags = fgoi_alloc((size_t)s->system.pattern.n, 1))) return fgoi_fail_memory();
    for (size_t i = 0; i < s->last_count; i++) {
        const uint32_t v = fgoi_keymap_find(&s->problem.g->keys, s->last_key[i]);
        if (v != FGOI_NO_VALUE && s->system.column[v] >= 0) (*flags)[s->system.column[v]] = 1;
    }
    s->linear->request.eliminate_last = *flags;
    return FGO_OK;
}

static fgo_status start_threads(fgo_solver *s)
{
    if (!s->threads && fgoi_threads_start(s->options.threads, s->analysis->structure.J_size, &s->threads))
        return fgoi_fail(FGO_ERROR_MEMORY, "%d threads cannot be had", s->options.threads);
    s->linear->request.threads = s->threads;
    return FGO_OK;
}

/* Has the linear solver analyse the pattern, with the shared elimination order if the solver accepts one. */
static fgo_status analyse_linear(fgo_solver *s)
{
    const struct fgoi_symbolic *symbolic = NULL;
    unsigned char *last = NULL;
    fgo_status status = mark_eliminate_last(s, &last);
    if (!status && !last && fgoi_linear_can(s->linear, FGO_LINEAR_ORDERS_LAST))
        status = fgoi_analysis_order(s->analysis, &symbolic);
    s->linear->request.symbolic = symbolic;
    if (!status) status = fgoi_linear_analyze(s->linear, &s->system.pattern, s->system.slot);
    fgoi_free(last);
    return status;
}

static fgo_status analyse(fgo_solver *s)
{
    const double since = fgoi_now_s();
    release_analysis(s);
    fgo_status status = fgoi_analysis_of(s->problem.g, &s->analysis);
    if (!status) status = fgoi_analysis_system(s->analysis, &s->problem, NULL, &s->system);
    if (!status) status = start_threads(s);
    if (!status) status = fill_request(s);
    if (!status) status = analyse_linear(s);
    if (!status) status = allocate_states(s);
    if (status) {
        release_analysis(s);
        return status;
    }
    s->anew = 0;
    s->time_analyze_s = fgoi_now_s() - since;
    return FGO_OK;
}

static int must_analyse(const fgo_solver *s)
{
    return !s->analysis || s->anew || s->analysis->revision != s->problem.g->revision;
}

/* Notices if the gauge rule holds other degrees of freedom than in the last analysis, as it can when values, measurements or noise
 * have changed. */
static fgo_status look_at_gauge(fgo_solver *s)
{
    int valid = 0;
    if (must_analyse(s)) return FGO_OK;
    const fgo_status status = fgoi_analysis_validate(s->analysis, s->problem.g, &valid);
    if (!status && !valid) s->anew = 1;
    return status;
}

fgo_status fgoi_solver_create(const fgoi_problem *problem, const fgo_options *options, fgo_solver **out)
{
    fgo_options o;
    fgo_status status = fgoi_options_read(options, &o);
    if (status) return status;
    const fgo_linear_solver_class *c = o.linear_solver_class;
    int number = c ? FGO_LINEAR_OWN : o.linear_solver ? o.linear_solver : fgoi_linear_with(FGO_LINEAR_IS_EXACT);
    if (!c && !(c = fgoi_linear_find(number))) return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no linear solver %d", number);
    fgo_solver *s = fgoi_alloc(1, sizeof *s);
    if (!s) return fgoi_fail_memory();
    s->problem = *problem;
    s->options = o;
    s->strategy = fgoi_strategy_find(&o);
    s->options.linear_solver = number;
    status = fgoi_strategy_check(s->strategy);
    if (!status && !(s->strategy_state = fgoi_alloc(1, s->strategy->state_size))) status = fgoi_fail_memory();
    if (!status) status = fgoi_linear_create(c, &s->linear);
    if (!status) status = analyse(s);
    if (status) {
        fgo_solver_free(s);
        return status;
    }
    *out = s;
    return FGO_OK;
}

fgo_status fgo_solver_create(fgo_graph *g, const fgo_options *options, fgo_solver **out)
{
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    const fgo_status status = fgoi_solver_create(&(fgoi_problem){ .g = g }, options, out);
    if (!status) (*out)->g = g;
    return status;
}

void fgo_solver_free(fgo_solver *s)
{
    if (!s) return;
    release_analysis(s);
    fgoi_linear_free(s->linear);
    fgoi_threads_free(s->threads);
    fgoi_free(s->last_key);
    fgoi_free(s->strategy_state);
    fgoi_free(s);
}

const char *fgo_solver_linear_solver_name(const fgo_solver *s) { return s ? s->linear->c.name : NULL; }

const unsigned char *fgo_solver_held(const fgo_solver *s) { return s && s->analysis ? s->analysis->structure.gauge.held : NULL; }

size_t fgo_solver_gauge_keys(const fgo_solver *s, const int64_t **keys)
{
    if (!s) return 0;
    if (keys) *keys = s->gauge_key;
    return s->analysis ? s->analysis->structure.gauge.count : 0;
}

fgo_status fgo_solver_order_last(fgo_solver *s, const int64_t *keys, size_t count)
{
    FGOI_REQUIRE(s);
    FGOI_REQUIRE_ARRAY(keys, count);
    if (!fgoi_linear_can(s->linear, FGO_LINEAR_ORDERS_LAST))
        return fgoi_fail(FGO_ERROR_UNSUPPORTED, "the linear solver %s cannot eliminate given variables last", s->linear->c.name);
    for (size_t i = 0; i < count; i++) {
        const fgo_status status = fgo_graph_find(s->problem.g, keys[i], NULL);
        if (status) return status;
    }
    int64_t *copy = fgoi_alloc(count, sizeof *copy);
    if (!copy) return fgoi_fail_memory();
    if (count) memcpy(copy, keys, count * sizeof *copy);
    fgoi_free(s->last_key);
    s->last_key = copy;
    s->last_count = count;
    s->anew = 1;
    return FGO_OK;
}

/* Returns the block column of each row of H; NULL when out of memory. */
static int *columns_of_rows(const fgoi_pattern *p)
{
    int *column = fgoi_alloc(p->offset[p->n], sizeof *column);
    for (int j = 0; column && j < p->n; j++)
        for (size_t i = p->offset[j]; i < p->offset[j + 1]; i++) column[i] = j;
    return column;
}

/* Checks that the reported order has every row once, and the rows of a block together: the order of a user's linear solver may
 * be wrong. */
static fgo_status check_order(const fgo_solver *s)
{
    const fgoi_pattern *p = &s->system.pattern;
    const int *row = s->linear->report.elimination;
    const size_t n = p->offset[p->n];
    int *column = columns_of_rows(p), right = 1; /* -1: the row has come */
    if (!column) return fgoi_fail_memory();
    for (size_t i = 0; i < n && right;) {
        const int j = row[i] >= 0 && (size_t)row[i] < n ? column[row[i]] : -1;
        right = j >= 0;
        for (int d = 0; right && d < p->dim[j]; d++, i++) {
            right = row[i] >= 0 && (size_t)row[i] < n && column[row[i]] == j;
            if (right) column[row[i]] = -1;
        }
    }
    fgoi_free(column);
    return right ? FGO_OK
                 : fgoi_fail(FGO_ERROR_UNSUPPORTED, "the order of elimination that the linear solver %s tells is none",
                             s->linear->c.name);
}

/* Analyses the graph if necessary, so that the report has an order of elimination. */
static fgo_status find_order(fgo_solver *s)
{
    fgo_status status = look_at_gauge(s);
    if (!status && must_analyse(s)) status = analyse(s);
    if (status) return status;
    if (s->linear->report.elimination) return check_order(s);
    return fgoi_fail(FGO_ERROR_UNSUPPORTED, "the linear solver %s does not tell its order of elimination", s->linear->c.name);
}

fgo_status fgo_solver_elimination_order(fgo_solver *s, const int64_t **keys, size_t *count)
{
    FGOI_REQUIRE(s);
    FGOI_REQUIRE(keys);
    FGOI_REQUIRE(count);
    const fgo_status status = find_order(s);
    if (status) return status;
    const fgoi_pattern *p = &s->system.pattern;
    if (!s->order_key) {
        int *column = columns_of_rows(p);
        if (!column || !(s->order_key = fgoi_alloc((size_t)p->n, sizeof *s->order_key))) {
            fgoi_free(column);
            return fgoi_fail_memory();
        }
        for (size_t i = 0, k = 0; k < (size_t)p->n; i += (size_t)p->dim[column[s->linear->report.elimination[i]]], k++)
            s->order_key[k] = s->problem.g->variable[s->system.variable[column[s->linear->report.elimination[i]]]].key;
        fgoi_free(column);
    }
    *keys = s->order_key;
    *count = (size_t)p->n;
    return FGO_OK;
}

const double *fgo_solver_estimate(const fgo_solver *s, size_t *size)
{
    if (!s) return NULL;
    if (size) *size = s->problem.g->x_size;
    return s->running ? s->running->x : NULL;
}

fgo_status fgo_solver_sparsity(fgo_solver *s, fgo_sparsity **out)
{
    FGOI_REQUIRE(s);
    FGOI_REQUIRE(out);
    const fgo_status status = find_order(s);
    if (status) return status;
    fgo_sparsity *p = fgoi_sparsity_create(&s->system.pattern, s->linear->report.elimination);
    if (!p) return fgoi_fail_memory();
    for (size_t k = 0; k < p->n; k++) p->key[k] = s->problem.g->variable[s->system.variable[p->key[k]]].key;
    *out = p;
    return FGO_OK;
}

static void describe_problem(const fgo_solver *s, fgo_summary *summary)
{
    const fgoi_gauge_result *gauge = &s->analysis->structure.gauge;
    summary->variables = s->problem.g->variable_count;
    summary->factors = fgo_graph_factor_count(s->problem.g);
    summary->tangent_dimension = s->system.pattern.offset[s->system.pattern.n];
    summary->components = gauge->components;
    summary->gauge_held = gauge->free;
    if (gauge->count) summary->gauge_key = s->gauge_key[0];
    summary->linear_solver = s->options.linear_solver;
    summary->threads = fgoi_threads_count(s->threads);
    summary->nonzeros_L = s->linear->report.nonzeros_L;
    summary->flops = s->linear->report.flops;
    snprintf(summary->factorization, sizeof summary->factorization, "%s", s->linear->report.factorization);
}

/* Adds to the message how many steps were cut short: where there are any, convergence may only mean that the steps were short. */
static void describe_iterative(const fgo_solver *s, fgo_summary *summary)
{
    const fgo_linear_report *report = &s->linear->report;
    const size_t used = strlen(summary->message);
    if (fgoi_linear_can(s->linear, FGO_LINEAR_IS_EXACT)) return;
    summary->linear_iterations = report->iterations;
    snprintf(summary->message + used, sizeof summary->message - used, "; %zu CG iterations, %zu of %d steps cut short",
             report->iterations, report->unfinished_solves, summary->iterations);
}

fgo_status fgoi_solver_solve(fgo_solver *s, double *x, fgo_summary *out)
{
    const size_t size = s->problem.g->x_size * sizeof *x;
    fgo_summary summary = { 0 };
    const double since = fgoi_now_s();
    if (must_analyse(s)) {
        fgo_status status = analyse(s);
        if (status) return status;
        summary.time_analyze_s = s->time_analyze_s;
    }
    describe_problem(s, &summary);
    fgoi_minimizer m = { .system = &s->system,
                         .linear = s->linear,
                         .threads = s->threads,
                         .options = &s->options,
                         .strategy = s->strategy,
                         .state = s->strategy_state,
                         .vectors = s->strategy_vectors,
                         .x = s->x,
                         .x_try = s->x_try,
                         .x_best = s->x_best,
                         .b = s->b,
                         .diagonal = s->diagonal,
                         .step = s->step,
                         .summary = &summary };
    if (size) memcpy(m.x, x, size);
    s->linear->report.iterations = s->linear->report.unfinished_solves = 0;
    s->running = &m;
    fgoi_minimize(&m);
    s->running = NULL;
    describe_iterative(s, &summary);
    if (!m.out_of_memory && size) memcpy(x, m.x, size);
    s->x = m.x, s->x_try = m.x_try, s->x_best = m.x_best; /* the loop exchanges them */
    if (m.out_of_memory) return fgoi_fail_memory();
    summary.time_total_s = fgoi_now_s() - since;
    *out = summary;
    return FGO_OK;
}

fgo_status fgo_solver_solve_sized(fgo_solver *s, fgo_summary *summary, size_t summary_size)
{
    fgo_summary own;
    FGOI_REQUIRE(s);
    FGOI_REQUIRE_SIZE(summary_size);
    fgo_status status = look_at_gauge(s);
    if (!status) status = fgoi_solver_solve(s, s->g->x, &own);
    if (!status) fgoi_sized_write(summary, summary_size, &own, sizeof own);
    return status;
}

double fgoi_solver_time_analyze(const fgo_solver *s) { return s->time_analyze_s; }

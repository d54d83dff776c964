/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_solve.c -- small graph files, initialized and solved by every method and linear solver, and examined. Levenberg-
 * Marquardt never ends above its start, all solutions are finite, and the doctor leaves the graph as it was. */
#include "fuzz.h"
#include <fgopt/fgopt.h>
#include <math.h>

enum { MOST_VARIABLES = 24, MOST_FACTORS = 48 }; /* for speed */

static fgo_graph *copy_of(const fgo_graph *g)
{
    fgo_graph *copy;
    fuzz_require(fgo_graph_copy(g, &copy) == FGO_OK);
    return copy;
}

static void solve(const fgo_graph *g, int method, int linear)
{
    fgo_options o = fgo_options_default();
    fgo_summary s;
    size_t size;
    fgo_graph *copy = copy_of(g);
    o.method = method;
    o.linear_solver = linear;
    o.max_iterations = 6;
    const fgo_status status = fgo_solve(copy, &o, &s);
    fuzz_require(status == FGO_OK || fgo_last_message()[0]);
    if (!status) {
        const double *x = fgo_graph_values(copy, &size);
        for (size_t i = 0; i < size; i++) fuzz_require(isfinite(x[i]));
        fuzz_require(s.termination != FGO_TERMINATION_NONE && s.message[0]);
        if (isfinite(s.cost_initial)) fuzz_require(s.cost_final <= s.cost_initial);
    }
    fgo_graph_free(copy);
}

static void initialize(const fgo_graph *g, fgo_init init)
{
    fgo_init_report report;
    fgo_graph *copy = copy_of(g);
    if (!fgo_initialize(copy, init, &report)) fuzz_require(report.chosen < FGO_INIT_AUTO && fgo_init_name(report.chosen));
    fgo_graph_free(copy);
}

static void examine(fgo_graph *g)
{
    fgo_findings *f;
    size_t size;
    double *before = NULL;
    const double *x = fgo_graph_values(g, &size);
    before = malloc(size * sizeof *before + 1);
    fuzz_require(before);
    memcpy(before, x, size * sizeof *before);
    if (!fgo_graph_examine(g, FGO_DOCTOR_ALL, 0.01, &f)) {
        for (size_t i = 0; i < fgo_findings_count(f); i++) {
            const fgo_finding *finding = fgo_findings_get(f, i);
            fuzz_require(fgo_finding_name(finding->kind) && memchr(finding->evidence, 0, sizeof finding->evidence));
        }
        fgo_findings_free(f);
    }
    fuzz_require(memcmp(before, fgo_graph_values(g, &size), size * sizeof *before) == 0);
    free(before);
}

static void compare(fgo_graph *g)
{
    fgo_comparison c;
    fgo_segment_errors s[2];
    fgo_compare_options o = fgo_compare_options_default();
    o.alignment = FGO_ALIGN_SIM;
    o.lengths = (double[]){ 1, 100 };
    o.length_count = 2;
    fgo_graph_compare(g, g, &o, &c, s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fgo_graph *g;
    fgo_read_options o = fgo_read_options_default();
    o.lenient = o.project_information = 1;
    if (size > 4096 || fgo_graph_read_memory((const char *)data, size, "input", &o, &g)) return 0;
    if (fgo_graph_variable_count(g) <= MOST_VARIABLES && fgo_graph_factor_count(g) <= MOST_FACTORS) {
        for (int linear = FGO_LINEAR_CHOLMOD; fgo_linear_solver_name((fgo_linear_solver)linear); linear++)
            for (int method = FGO_METHOD_LM; fgo_method_name((fgo_method)method); method++) solve(g, method, linear);
        for (int init = FGO_INIT_ODOMETRY; init <= FGO_INIT_AUTO; init++) initialize(g, (fgo_init)init);
        examine(g);
        compare(g);
    }
    fgo_graph_free(g);
    return 0;
}

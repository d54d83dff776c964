/* SPDX-License-Identifier: BSD-3-Clause */
/* info.c -- the command that tells what is in a file and what its factorization will take. */
#include "commands.h"
#include "coordinates.h"
#include "shell/json.h"
#include "topology.h"
#include <float.h>
#include <math.h>
#include <string.h>

typedef struct info_target {
    cli_reading reading;
    const char *json;
} info_target;

/* Programs and their residuals (factors.h). GTSAM has the logarithm in space, but (t, angle) in the plane. */
enum { PEERS = 3 };
static const struct {
    const char *name, *note;
    fgo_convention plane, space;
} peers[PEERS] = {
    { "g2o", "", FGO_CONVENTION_G2O, FGO_CONVENTION_G2O },
    { "GTSAM", " (its error is half of it)", FGO_CONVENTION_G2O, FGO_CONVENTION_LOG },
    { "Ceres", " (its cost is half of it)", FGO_CONVENTION_CERES, FGO_CONVENTION_CERES },
};

typedef struct info_facts {
    const char *file;
    fgo_file_report report;
    topology topology;
    double low[3], high[3]; /* of the translations; low > high: no variable has one */
    int axes;               /* 2 or 3 */
    double chi2;            /* at the values in the file; NAN if it cannot be evaluated */
    double chi2_in[PEERS];  /* what others make of the same numbers */
    fgo_summary summary;    /* of a solve without iterations */
    int analyzed;
} info_facts;

static const cli_option options[] = {
    CLI_FORMAT_OPTION(info_target),
    CLI_RESIDUAL_OPTION(info_target),
    CLI_WEIGHTS_OPTION(info_target),
    CLI_INFORMATION_OPTION(info_target),
    CLI_EQUIVALENT_OPTION(info_target),
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(info_target, json),
      "write it as one JSON object here; with \"-\" instead of the text" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt info M3500.g2o", "what is in the file", "fgopt info M3500.g2o --json -", "for programs", NULL,
};

static void find_box(fgo_graph *g, info_facts *facts)
{
    for (int k = 0; k < 3; k++) {
        facts->low[k] = DBL_MAX;
        facts->high[k] = -DBL_MAX;
    }
    for (size_t i = 0; i < fgo_graph_variable_count(g); i++) {
        const fgo_manifold *m = fgo_graph_variable_manifold(g, i);
        double x[3], q[4];
        const int placed = fgo_manifold_place(m, fgo_graph_variable_value(g, i), x, q) & FGO_PLACE_POSITION;
        const int axes = placed ? m->traits->world : 0;
        for (int k = 0; k < axes; k++) {
            facts->low[k] = fmin(facts->low[k], x[k]);
            facts->high[k] = fmax(facts->high[k], x[k]);
        }
        if (axes > facts->axes) facts->axes = axes;
    }
}

/* Fills the facts that need a solver by a solve without iterations, which analyses and evaluates but leaves the values alone. A
 * factorization that does not fit into memory is a fact about the file, not an error. */
static cli_exit analyze(fgo_graph *g, info_facts *facts)
{
    fgo_options o = fgo_options_default();
    o.max_iterations = 0;
    o.init = FGO_INIT_KEEP;
    facts->analyzed = fgo_graph_factor_count(g) > 0 && !fgo_solve(g, &o, &facts->summary);
    fgo_status status = fgo_graph_cost(g, &facts->chi2);
    if (status) facts->chi2 = (double)NAN;
    for (int i = 0; i < PEERS && status != FGO_ERROR_MEMORY; i++) {
        status = fgo_graph_chi2_in(g, facts->axes == 2 ? peers[i].plane : peers[i].space, &facts->chi2_in[i]);
        if (status) facts->chi2_in[i] = (double)NAN;
    }
    return status == FGO_ERROR_MEMORY ? cli_fail_status(status, CLI_FAILURE) : CLI_OK;
}

/* Returns the bytes of the numbers of L alone; a simplicial factor has as many indices in addition, a supernodal one few. */
static double factor_bytes(const fgo_summary *s) { return 8.0 * (double)s->nonzeros_L; }

static void print_file(const info_facts *facts, fgo_graph *g)
{
    const fgo_file_report *r = &facts->report;
    const char *tag;
    size_t count;
    printf("%s: %s, %zu bytes, %zu lines\n", facts->file, r->format_name, r->bytes, r->lines);
    for (size_t i = 0; (tag = fgo_graph_file_tag(g, i, &count)) != NULL; i++)
        printf("%-14s %s %zu\n", i ? "" : "tags", tag, count);
    if (r->fixed) printf("%-14s %zu\n", "fixed", r->fixed);
    if (r->edges_only) printf("%-14s from the edges, the file has none\n", "estimates");
}

static void print_topology(const topology *t)
{
    char variables[256];
    topology_describe_variables(t, variables, sizeof variables);
    printf("%-14s %s\n", "variables", variables);
    for (size_t i = 0; i < TOPOLOGY_KINDS && t->variables[i].count; i++) {
        char text[256] = "";
        if (t->variables[i].manifold) coordinates_describe(t->variables[i].manifold, text, sizeof text);
        if (text[0]) printf("%-14s %s: %s\n", "", t->variables[i].name, text);
    }
    for (size_t i = 0; i < TOPOLOGY_KINDS && t->factors[i].count; i++)
        printf("%-14s %s %zu\n", i ? "" : "factors", t->factors[i].name, t->factors[i].count);
    printf("%-14s %zu\n", "components", t->components);
    printf("%-14s %zu edges between ids that are not neighbours; %zu independent loops\n", "loop closures", t->not_consecutive,
           t->beyond_tree);
    printf("%-14s min %zu, median %zu, max %zu\n", "degrees", t->degree_min, t->degree_median, t->degree_max);
    printf("%-14s", "");
    for (int i = 0; i < 8; i++)
        if (t->histogram[i]) printf(" %s: %zu ", topology_histogram_label[i], t->histogram[i]);
    printf("\n");
}

static void print_cost(const info_facts *facts, int convention)
{
    const fgo_summary *s = &facts->summary;
    for (int k = 0; k < facts->axes; k++)
        printf("%-14s %c %.6g .. %.6g m\n", k ? "" : "box", "xyz"[k], facts -> low[k], facts -> high[k]);
    printf("%-14s %.9g (%s residual)\n", "chi2", facts->chi2, fgo_convention_name((fgo_convention)convention));
    for (int i = 0; i < PEERS; i++)
        if (isfinite(facts->chi2_in[i]))
            printf("%-14s %.9g%s\n", peers[i].name, facts->chi2_in[i], peers[i].note);
        else
            printf("%-14s has no residual for some of the edges\n", peers[i].name);
    if (!facts->analyzed) {
        printf("%-14s cannot be analysed: %s\n", "factorization", fgo_last_message());
        return;
    }
    printf("%-14s %s, %zu unknowns, %zu nonzeros (%.3g MB), %.3g Mflop\n", "factorization", s->factorization,
           s->tangent_dimension, s->nonzeros_L, 1e-6 * factor_bytes(s), 1e-6 * s->flops);
}

static void write_kinds(cli_json *j, const char *key, const topology_kind kinds[TOPOLOGY_KINDS])
{
    cli_json_begin(j, key, '{');
    for (size_t i = 0; i < TOPOLOGY_KINDS && kinds[i].count; i++) cli_json_count(j, kinds[i].name, kinds[i].count);
    cli_json_end(j, '}');
}

static void write_manifolds(cli_json *j, const topology_kind kinds[TOPOLOGY_KINDS])
{
    cli_json_begin(j, "manifolds", '{');
    for (size_t i = 0; i < TOPOLOGY_KINDS && kinds[i].count; i++)
        if (kinds[i].manifold) coordinates_write(j, kinds[i].manifold);
    cli_json_end(j, '}');
}

static void write_tags(cli_json *j, fgo_graph *g)
{
    const char *tag;
    size_t count;
    cli_json_begin(j, "tags", '{');
    for (size_t i = 0; (tag = fgo_graph_file_tag(g, i, &count)) != NULL; i++) cli_json_count(j, tag, count);
    cli_json_end(j, '}');
}

static void write_degrees(cli_json *j, const topology *t)
{
    cli_json_begin(j, "degrees", '{');
    cli_json_count(j, "min", t->degree_min);
    cli_json_count(j, "median", t->degree_median);
    cli_json_count(j, "max", t->degree_max);
    cli_json_begin(j, "histogram", '{');
    for (int i = 0; i < 8; i++) cli_json_count(j, topology_histogram_label[i], t->histogram[i]);
    cli_json_end(j, '}');
    cli_json_end(j, '}');
}

static void write_corner(cli_json *j, const char *key, const double *x, int axes)
{
    cli_json_begin(j, key, '[');
    for (int k = 0; k < axes; k++) cli_json_number(j, NULL, x[k]);
    cli_json_end(j, ']');
}

static cli_exit write_json(const info_facts *facts, fgo_graph *g, const info_target *t)
{
    cli_json j;
    cli_exit code = cli_json_open(&j, t->json, facts->file);
    if (code) return code;
    cli_json_string(&j, "format", facts->report.format_name);
    cli_json_count(&j, "bytes", facts->report.bytes);
    cli_json_count(&j, "lines", facts->report.lines);
    write_tags(&j, g);
    cli_json_bool(&j, "edges_only", facts->report.edges_only);
    cli_json_count(&j, "fixed", facts->report.fixed);
    write_kinds(&j, "variables", facts->topology.variables);
    write_manifolds(&j, facts->topology.variables);
    write_kinds(&j, "factors", facts->topology.factors);
    cli_json_count(&j, "edges", facts->topology.edges);
    cli_json_count(&j, "components", facts->topology.components);
    cli_json_count(&j, "not_consecutive", facts->topology.not_consecutive);
    cli_json_count(&j, "independent_loops", facts->topology.beyond_tree);
    write_degrees(&j, &facts->topology);
    write_corner(&j, "box_low", facts->low, facts->axes);
    write_corner(&j, "box_high", facts->high, facts->axes);
    cli_json_string(&j, "residual", fgo_convention_name((fgo_convention)t->reading.residual));
    cli_json_number(&j, "chi2", facts->chi2);
    cli_json_begin(&j, "chi2_in", '{');
    for (int i = 0; i < PEERS; i++) cli_json_number(&j, peers[i].name, facts->chi2_in[i]);
    cli_json_end(&j, '}');
    if (facts->analyzed) {
        cli_json_begin(&j, "factorization", '{');
        cli_json_string(&j, "kind", facts->summary.factorization);
        cli_json_count(&j, "tangent_dim", facts->summary.tangent_dimension);
        cli_json_count(&j, "nonzeros", facts->summary.nonzeros_L);
        cli_json_number(&j, "bytes", factor_bytes(&facts->summary));
        cli_json_number(&j, "flops", facts->summary.flops);
        cli_json_end(&j, '}');
    }
    return cli_json_close(&j);
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const info_target *t = target;
    info_facts facts = { .file = cli_file_name(arguments->operand[0]) };
    fgo_graph *g = NULL;
    cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (!code) code = topology_of(g, &facts.topology);
    if (!code) {
        fgo_graph_file_report(g, &facts.report);
        find_box(g, &facts);
        code = analyze(g, &facts);
    }
    if (!code && !(t->json && cli_is_standard(t->json))) {
        print_file(&facts, g);
        print_topology(&facts.topology);
        print_cost(&facts, t->reading.residual);
    }
    if (!code && t->json) code = write_json(&facts, g, t);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_info = {
    .name = "info",
    .synopsis = "FILE [--json FILE]",
    .summary = "tell what is in a file, and what its factorization will take",
    .description =
        "Prints the tags in a pose graph, its variables and what their numbers and degrees of freedom are, factors, connected "
        "components, degrees, loop closures, "
        "bounding box, chi2 at the values in the file, also as g2o, GTSAM and Ceres' pose graph examples define it, "
        "and the memory and arithmetic of one factorization.\n\n"
        "Loop closures are counted in two ways: edges between ids that differ by more than one, and independent loops, "
        "which are the edges beyond a spanning forest.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(info_target),
    .run = run,
};

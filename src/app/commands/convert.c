/* SPDX-License-Identifier: BSD-3-Clause */
/* convert.c -- the command that rewrites a graph in another format. */
#include "commands.h"
#include <string.h>

typedef struct convert_target {
    int to;
    const char *weights; /* or NULL */
    cli_reading reading;
} convert_target;

static const cli_option options[] = {
    { "to", 't', cli_formats, "auto", cli_format_words, cli_set_choice, offsetof(convert_target, to), cli_format_to_write },
    CLI_FORMAT_OPTION(convert_target),
    CLI_WEIGHTS_OPTION(convert_target),
    { "to-weights", 0, "WORDS", NULL, NULL, cli_set_string, offsetof(convert_target, weights),
      "what the matrices shall be in OUT, in the same words; without it they stay what they are" },
    CLI_INFORMATION_OPTION(convert_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt convert w100.graph w100.g2o",
    "from TORO to g2o",
    "fgopt convert best.g2o best.tum",
    "the poses alone, as a trajectory with time stamps",
    "fgopt convert sphere2500.g2o sphere2500.csv",
    "as a table, with all its elements, for spreadsheets and data frames",
    "fgopt convert gtsam.g2o g2o.g2o --weights log --to-weights g2o",
    "matrices that weigh rotation vectors, as GTSAM takes them, so that g2o weighs the same",
    "fgopt convert odometry.g2o right.g2o --weights covariance --to-weights information",
    "a file that has covariances where information belongs",
    "fgopt convert - - --to toro < manhattan.g2o > manhattan.graph",
    "as a filter",
    NULL,
};

/* Warns of what `out` leaves out of graph g. A trajectory has poses and nothing else; whoever asks for one wants the rest left
 * out, but is told what it was. */
static void say_what_is_left_out(const fgo_graph *g, const char *out, int format)
{
    size_t poses = 0, n = fgo_graph_variable_count(g), factors = fgo_graph_factor_count(g);
    int timed = 0;
    const unsigned holds = fgo_format_of((fgo_format)format)->holds;
    if (holds & FGO_HOLDS_FACTORS) return;
    for (size_t i = 0; i < n; i++) {
        const fgo_manifold_traits *traits = fgo_graph_variable_manifold(g, i)->traits;
        if (!traits || traits->kind != FGO_MANIFOLD_POSE) continue;
        timed |= fgo_graph_variable_time(g, i) == fgo_graph_variable_time(g, i); /* not NaN */
        poses++;
    }
    const char *name = cli_file_name(out);
    if (n > poses || factors)
        fprintf(stderr, "%s: warning: %zu edge%s and %zu point%s are left out: the format has poses only\n", name, factors,
                cli_plural(factors), n - poses, cli_plural(n - poses));
    if (holds & FGO_HOLDS_TIMES && !timed)
        fprintf(stderr, "%s: warning: no pose has a time stamp; their ids stand in place of it\n", name);
}

static int format_by_ending(const char *path)
{
    const fgo_format format = fgo_format_of_path(path);
    return format ? (int)format : FGO_FORMAT_G2O;
}

/* Returns the format to write. A file that is written in the format it was read from keeps all its lines, even those that the
 * format itself cannot express. */
static fgo_format format_to_write(const fgo_graph *g, int asked, int format)
{
    fgo_file_report report;
    return !asked && !fgo_graph_file_report(g, &report) && report.format == format ? FGO_FORMAT_AUTO : (fgo_format)format;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const convert_target *t = target;
    const char *out = arguments->operand[1];
    const int format = t->to ? t->to : format_by_ending(out);
    fgo_weights weights;
    fgo_graph *g = NULL;
    if (t->weights && fgo_weights_parse(t->weights, &weights))
        return cli_usage(&cli_convert, "--to-weights: %s", fgo_last_message());
    cli_exit code = cli_read_graph(arguments->operand[0], &t->reading, &g);
    if (code) return code;
    fgo_status status = fgo_graph_write_as(g, out, format_to_write(g, t->to, format), t->weights ? &weights : NULL);
    /* If the other format cannot express the graph, the input is at fault. */
    if (status)
        code = cli_fail_status(status, status == FGO_ERROR_UNSUPPORTED ? CLI_INPUT : CLI_FAILURE);
    else
        say_what_is_left_out(g, out, format);
    fgo_graph_free(g);
    return code;
}

const cli_command cli_convert = {
    .name = "convert",
    .synopsis = "IN OUT [--to FORMAT]",
    .summary = "rewrite a pose graph in another format",
    .description =
        "Reads a graph and writes it in another format, or the same. Nothing is written if something in it cannot be "
        "expressed there; but TUM and KITTI files are trajectories, and edges and points are left out of them.\n\n"
        "TUM is time x y z qx qy qz qw, KITTI the 12 numbers of [R t] by rows, a pose a line; poses of the plane get z "
        "= 0. "
        "CSV has a header: id, time (seconds), x, y and theta or z, qx, qy, qz, qw for poses; and for graphs tag, such "
        "as "
        "EDGE_SE2, id2, and i11, i12, ... i66, the upper triangle of the information matrix. In g2o and TORO files the "
        "time of a pose is a comment after it, \"# time T\".\n\n"
        "A matrix means something only with the residual that it weighs. In space g2o has half the rotation vector "
        "(q_xyz), "
        "log the whole one, ceres twice q_xyz and everything seen from the first pose, euler the differences of x, y, "
        "z, "
        "roll, pitch, yaw. With --weights and --to-weights matrices are converted so that chi2 stays the same: exactly "
        "between "
        "g2o and ceres, and with euler in the plane, else to first order. root is the upper triangular R with R' R = "
        "information.",
    .examples = examples,
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .target_size = sizeof(convert_target),
    .run = run,
};

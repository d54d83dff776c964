/* SPDX-License-Identifier: BSD-3-Clause */
/* compare.c -- the command that measures how far an estimate is from a reference. */
#include "commands.h"
#include "shell/json.h"
#include <string.h>

typedef struct compare_target {
    const char *json;
    int align, match, pairs;
    int64_t delta;
    double offset_s, tolerance_s;
    cli_list segments;
    cli_reading reading;
} compare_target;

static const char *const alignments[] = { "none", "se", "sim", NULL }; /* as fgo_alignment */
static const char *const matchings[] = { "auto", "id", "time", NULL }; /* as fgo_matching */
static const char *const pairings[] = { "all", "consecutive", NULL };  /* as fgo_pairs */

/* Sets the lengths of segments: the lengths of KITTI's odometry benchmark if the text is its name, else a list of numbers. */
static int set_segments(const cli_option *option, const char *text, void *field, char *why)
{
    return cli_set_list(option, strcmp(text, "kitti") ? text : "100,200,300,400,500,600,700,800", field, why);
}

static const cli_option options[] = {
    { "align", 0, "none|se|sim", "se", alignments, cli_set_choice, offsetof(compare_target, align),
      "move the estimate onto the reference first: not, by a rigid motion, or by one with a scale" },
    { "match", 0, "auto|id|time", "auto", matchings, cli_set_choice, offsetof(compare_target, match),
      "which poses belong together: those with the same id, or with the nearest time stamp; auto: by time if all have "
      "one" },
    { "offset", 0, "S", "0", NULL, cli_set_number, offsetof(compare_target, offset_s),
      "seconds to add to the time stamps of the estimate" },
    { "max-difference", 0, "S", "0.01", NULL, cli_set_number, offsetof(compare_target, tolerance_s),
      "time stamps that are farther apart do not match" },
    { "delta", 0, "N", "1", NULL, cli_set_count, offsetof(compare_target, delta),
      "relative errors of steps over N poses, in the order of ids or times" },
    { "segments", 0, "M,M,...|kitti", NULL, NULL, set_segments, offsetof(compare_target, segments),
      "also the errors of segments that are so many metres long on the reference; kitti: 100,200,...,800" },
    { "pairs", 0, "all|consecutive", "all", pairings, cli_set_choice, offsetof(compare_target, pairs),
      "relative errors and segments from every pose, or one after the other" },
    { "format", 0, cli_formats, "auto", cli_format_words, cli_set_choice, offsetof(compare_target, reading.format),
      "the format of both; auto: by what stands in each" },
    { "json", 0, "FILE", NULL, NULL, cli_set_string, offsetof(compare_target, json),
      "write the figures here, as one JSON object; with \"-\" instead of the text" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt compare best.g2o truth.g2o",
    "absolute and relative pose errors, poses matched by id",
    "fgopt compare odometry.tum groundtruth.tum --match time --max-difference 0.02 --align sim",
    "by time stamp, with a scale as for one camera",
    "fgopt compare estimate.kitti poses.kitti --align none --segments kitti --json errors.json",
    "drift over 100 to 800 m",
    NULL,
};

/* ---- text ---- */

static const double DEGREES = 57.295779513082321;

static void print_row(FILE *f, const char *name, const char *unit, const fgo_error_statistics *s)
{
    fprintf(f, "%-16s %-4s %12.6g %12.6g %12.6g %12.6g %12.6g %12.6g\n", name, unit, s->rmse, s->mean, s->median, s->std, s->max,
            s->min);
}

static void print_segments(FILE *f, const compare_target *t, const fgo_segment_errors *row)
{
    if (!t->segments.count) return;
    fprintf(f, "%-16s %12s %12s %12s %12s\n", "segments", "count", "mean %", "rmse m", "mean deg/m");
    for (size_t i = 0; i < t->segments.count; i++, row++) {
        fprintf(f, "%14g m %12zu", row->length, row->translation.count);
        if (row->translation.count)
            fprintf(f, " %12.6g %12.6g %12.6g", 100 * row->translation.mean / row->length, row->translation.rmse,
                    DEGREES * row->rotation.mean / row->length);
        fputc('\n', f);
    }
}

static void print(FILE *f, const compare_target *t, const fgo_comparison *c, const fgo_segment_errors *segments)
{
    fprintf(f, "%zu poses matched by %s over %.6g m, alignment: %s", c->matched, matchings[c->matching], c->path_length,
            alignments[t->align]);
    if (t->align == FGO_ALIGN_SIM) fprintf(f, " (scale %.9g)", c->scale);
    fprintf(f, "\n%-21s %12s %12s %12s %12s %12s %12s\n", "", "rmse", "mean", "median", "std", "max", "min");
    print_row(f, "ATE translation", "m", &c->ate_translation);
    print_row(f, "ATE rotation", "rad", &c->ate_rotation);
    print_row(f, "RPE translation", "m", &c->rpe_translation);
    print_row(f, "RPE rotation", "rad", &c->rpe_rotation);
    print_segments(f, t, segments);
}

/* ---- JSON ---- */

static void write_row(cli_json *j, const char *name, const fgo_error_statistics *s)
{
    cli_json_begin(j, name, '{');
    cli_json_count(j, "count", s->count);
    cli_json_number(j, "rmse", s->rmse);
    cli_json_number(j, "mean", s->mean);
    cli_json_number(j, "median", s->median);
    cli_json_number(j, "std", s->std);
    cli_json_number(j, "max", s->max);
    cli_json_number(j, "min", s->min);
    cli_json_end(j, '}');
}

static cli_exit write_json(const compare_target *t, const fgo_comparison *c, const fgo_segment_errors *segments)
{
    cli_json j;
    cli_exit code = cli_json_open(&j, t->json, NULL);
    if (code) return code;
    cli_json_count(&j, "matched", c->matched);
    cli_json_string(&j, "match", matchings[c->matching]);
    cli_json_string(&j, "align", alignments[t->align]);
    cli_json_string(&j, "pairs", pairings[t->pairs]);
    cli_json_integer(&j, "delta", t->delta);
    cli_json_number(&j, "scale", c->scale);
    cli_json_number(&j, "path_length", c->path_length);
    write_row(&j, "ate_translation", &c->ate_translation);
    write_row(&j, "ate_rotation", &c->ate_rotation);
    write_row(&j, "rpe_translation", &c->rpe_translation);
    write_row(&j, "rpe_rotation", &c->rpe_rotation);
    cli_json_begin(&j, "segments", '[');
    for (size_t i = 0; i < t->segments.count; i++) {
        cli_json_begin(&j, NULL, '{');
        cli_json_number(&j, "length", segments[i].length);
        write_row(&j, "translation", &segments[i].translation);
        write_row(&j, "rotation", &segments[i].rotation);
        cli_json_end(&j, '}');
    }
    cli_json_end(&j, ']');
    return cli_json_close(&j);
}

/* ---- the command ---- */

static cli_exit check_usage(const compare_target *t)
{
    for (size_t i = 0; i < t->segments.count; i++)
        if (!(t->segments.number[i] > 0)) return cli_usage(&cli_compare, "--segments: a length must be more than 0");
    return t->tolerance_s >= 0 ? CLI_OK : cli_usage(&cli_compare, "--max-difference must not be negative");
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const compare_target *t = target;
    fgo_graph *estimate = NULL, *reference = NULL;
    fgo_comparison c;
    fgo_segment_errors segments[CLI_LIST_SIZE];
    fgo_compare_options o = fgo_compare_options_default();
    o.alignment = t->align;
    o.matching = t->match;
    o.pairs = t->pairs;
    o.delta = (size_t)t->delta;
    o.time_offset = t->offset_s;
    o.time_tolerance = t->tolerance_s;
    o.lengths = t->segments.number;
    o.length_count = t->segments.count;
    cli_exit code = check_usage(t);
    if (!code) code = cli_read_leniently(arguments->operand[0], &t->reading, &estimate);
    if (!code) code = cli_read_leniently(arguments->operand[1], &t->reading, &reference);
    if (!code) {
        fgo_status status = fgo_graph_compare(estimate, reference, &o, &c, segments);
        if (status) code = cli_fail_status(status, CLI_INPUT);
    }
    if (!code && t->json) code = write_json(t, &c, segments);
    if (!code && !(t->json && cli_is_standard(t->json))) print(stdout, t, &c, segments);
    fgo_graph_free(estimate);
    fgo_graph_free(reference);
    return code;
}

const cli_command cli_compare = {
    .name = "compare",
    .synopsis = "ESTIMATE REFERENCE [--align none|se|sim] [--match auto|id|time]",
    .summary = "absolute and relative pose errors against a reference",
    .description = "Compares the poses of two graphs or trajectories. ATE is the error of each pose after alignment, "
                   "RPE that of each step "
                   "of --delta poses (J. Sturm et al., IROS 2012); rotations are angles in radians. --segments adds "
                   "the errors over "
                   "lengths of the reference, as a percentage and in degrees per metre like KITTI (A. Geiger et al., "
                   "CVPR 2012), each "
                   "segment ending at the pose whose way is closest to the length, if within a tenth of it.\n\n"
                   "By time, each pose of the shorter trajectory gets the nearest of the longer one. The figures are "
                   "those of evo_ape "
                   "and evo_rpe --all_pairs --pairs_from_reference; --pairs consecutive is evo's default.",
    .examples = examples,
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .target_size = sizeof(compare_target),
    .run = run,
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* generate.c -- the command that writes synthetic pose graphs. */
#include "commands.h"
#include "shell/output_file.h"
#include "worlds/world.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATE_MAX_POSES = 100000000 };

typedef struct generate_target {
    int64_t poses;
    uint64_t seed;
    double noise[2]; /* translation, rotation */
    double closures, outliers;
    const char *truth, *output;
} generate_target;

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(generate_target, output), "the g2o file to write" },
    { "poses", 'n', "N", "2500", NULL, cli_set_count, offsetof(generate_target, poses), "number of poses" },
    { "seed", 's', "S", "1", NULL, cli_set_seed, offsetof(generate_target, seed),
      "the same seed gives the same bytes, on every machine" },
    { "noise", 0, "T,R", "0.05,0.01", NULL, cli_set_sigmas, offsetof(generate_target, noise),
      "standard deviations of each measurement: metres on each axis, radians about each axis" },
    { "closures", 0, "P", "1", NULL, cli_set_fraction, offsetof(generate_target, closures),
      "probability that a possible loop closure is made" },
    { "outliers", 0, "P", "0", NULL, cli_set_fraction, offsetof(generate_target, outliers),
      "fraction of the loop closures that connect two random poses instead" },
    { "truth", 0, "FILE", NULL, NULL, cli_set_string, offsetof(generate_target, truth),
      "write the true poses with measurements free of noise and outliers here" },
    { 0 },
};

static const char *const examples[] = {
    "fgopt generate manhattan -o world.g2o",
    "2500 poses in a city with streets every 4 m",
    "fgopt generate sphere --poses 10000 --noise 0.1,0.02 --truth true.g2o -o sphere.g2o",
    "a noisier sphere, and the truth to compare with",
    "fgopt generate manhattan --outliers 0.1 | fgopt optimize - --loss cauchy -o best.g2o",
    "every tenth loop closure is wrong",
    NULL,
};

static cli_exit write_files(const world *w, const world_noise *noise, const char *comment, const generate_target *t)
{
    cli_output out, truth = { NULL, NULL, NULL };
    cli_exit code = cli_output_open(&out, t->output);
    if (code) return code;
    if (t->truth) code = cli_output_open(&truth, t->truth);
    if (!code && world_write(w, noise, comment, out.file, truth.file)) code = cli_fail(CLI_FAILURE, "out of memory");
    if (!code) code = cli_output_close(&out);
    if (!code && t->truth) code = cli_output_close(&truth);
    cli_output_discard(&out);
    cli_output_discard(&truth);
    return code;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const generate_target *t = target;
    size_t place = 0;
    while (world_names[place] && strcmp(world_names[place], arguments->operand[0]) != 0) place++;
    const world_kind *kind = &world_kinds[place];
    if (!world_names[place]) {
        const char *near = cli_closest(arguments->operand[0], world_names);
        return cli_usage(&cli_generate, "there is no world '%s'%s%s%s", arguments->operand[0], near ? "; did you mean '" : "",
                         near ? near : "", near ? "'?" : "");
    }
    if (t->poses > GENERATE_MAX_POSES) return cli_usage(&cli_generate, "--poses: at most %d", GENERATE_MAX_POSES);
    world w = { .stride = kind->stride, .poses = (size_t)t->poses, .closure_probability = t->closures };
    random_seed(&w.walk, t->seed, RANDOM_WALK);
    random_seed(&w.choice, t->seed, RANDOM_CHOICE);
    w.truth = calloc(w.poses, (size_t)kind->stride * sizeof *w.truth);
    world_noise noise = { t->noise[0], t->noise[1], t->outliers, t->seed };
    char comment[256];
    snprintf(comment, sizeof comment,
             "fgopt generate %s --poses %zu --seed %" PRIu64 " --noise %.9g,%.9g --closures %.9g --outliers %.9g",
             world_names[place], w.poses, t->seed, noise.translation, noise.rotation, t->closures, noise.outliers);
    cli_exit code = CLI_OK;
    if (!w.truth || kind->build(&w)) code = cli_fail(CLI_FAILURE, "out of memory for %zu poses", w.poses);
    if (!code) code = write_files(&w, &noise, comment, t);
    free(w.truth);
    free(w.closure);
    return code;
}

const cli_command cli_generate = {
    .name = "generate",
    .synopsis = "manhattan|grid3d|sphere|torus|ring [-o OUT] [options]",
    .summary = "write a synthetic pose graph",
    .description = "Writes a standard synthetic pose graph in the g2o format: odometry and loop closures with normal "
                   "noise, and as "
                   "first estimate the poses that the odometry alone gives. Consecutive poses are about 1 m apart.\n\n"
                   "manhattan (SE(2)): streets every 4 m in a square city, right-angle turns; each pose closes a loop "
                   "with an earlier one "
                   "at the same or a neighbouring place. grid3d (SE(3)): a cube lattice driven row by row, closures "
                   "with the lattice "
                   "neighbours. sphere (SE(3)): a spiral from pole to pole, closures with the turn before. torus "
                   "(SE(3)): wound around a "
                   "tube, closures with the turn before. ring (SE(2)): once around a circle, one closure.\n\n"
                   "The information is the inverse covariance in g2o's units: 1/T^2 for translations, 1/R^2 for the "
                   "angle of SE(2), "
                   "4/R^2 for the rotations of SE(3), whose residual is half the rotation vector. So chi2 at the "
                   "optimum is close to "
                   "the number of measured minus the number of free dimensions.",
    .examples = examples,
    .options = options,
    .operand_words = world_names,
    .min_operands = 1,
    .max_operands = 1,
    .target_size = sizeof(generate_target),
    .run = run,
};

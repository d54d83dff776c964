/* SPDX-License-Identifier: BSD-3-Clause */
/* plot.c -- the command that draws graphs. */
#include "output.h"
#include "scene.h"

typedef struct plot_target {
    const char *output;
    cli_reading reading;
    scene_view view;
} plot_target;

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(plot_target, output), "the SVG file to write" },
    { "azimuth", 0, "DEGREES", "-30", NULL, cli_set_number, offsetof(plot_target, view.azimuth),
      "for 3-D graphs: how far the eye turns about the z axis, from -y towards x" },
    { "elevation", 0, "DEGREES", "25", NULL, cli_set_number, offsetof(plot_target, view.elevation),
      "for 3-D graphs: how far the eye is above the horizon; 90 looks straight down" },
    CLI_RESIDUAL_OPTION(plot_target),
    CLI_INFORMATION_OPTION(plot_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt plot world.g2o -o world.svg",
    "one graph",
    "fgopt plot world.g2o best.g2o -o both.svg",
    "before and after, side by side at one scale",
    "fgopt plot garage.g2o --azimuth 40 --elevation 15 -o garage.svg",
    "another view of a 3-D graph",
    NULL,
};

static cli_exit load(const char *path, const plot_target *t, scene *out)
{
    fgo_graph *g = NULL;
    cli_exit code = cli_read_graph(path, &t->reading, &g);
    if (!code) code = scene_create(g, cli_file_name(path), &t->view, out);
    fgo_graph_free(g);
    return code;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    const plot_target *t = target;
    scene scenes[CLI_MAX_OPERANDS] = { { 0 } };
    cli_output out;
    cli_exit code = CLI_OK;
    int count = (int)arguments->operands;
    for (int i = 0; i < count && !code; i++) code = load(arguments->operand[i], t, &scenes[i]);
    if (!code) code = cli_output_open(&out, t->output);
    if (!code) {
        svg_write(out.file, scenes, count);
        code = cli_output_close(&out);
    }
    for (int i = 0; i < count; i++) scene_free(&scenes[i]);
    return code;
}

const cli_command cli_plot = {
    .name = "plot",
    .synopsis = "FILE [AFTER] [-o OUT.svg]",
    .summary = "draw a graph, or two side by side, as SVG",
    .description =
        "Draws the poses of a graph as lines along its edges: odometry (edges between ids that follow each other) and "
        "loop closures in different colours, landmarks as dots. With two files they stand side by side, at one scale "
        "unless one is more than four times as large as the other. 3-D graphs are seen in orthographic projection; "
        "what is far away is paler.",
    .examples = examples,
    .options = options,
    .min_operands = 1,
    .max_operands = 2,
    .target_size = sizeof(plot_target),
    .run = run,
};

/* SPDX-License-Identifier: BSD-3-Clause */
/* plot.c -- the command that draws graphs, what optimization does to them, and what it costs. */
#include "commands.h"
#include "page/page.h"
#include <inttypes.h>
#include <string.h>

typedef struct plot_target {
    const char *output;
    int to, theme, color; /* as their words */
    int optimize, sparsity;
    double scale;
    fgo_loss loss;
    cli_reading reading;
    scene_view view;
    fgo_options solver;
} plot_target;

static const char *const formats[] = { "svg", "png", "html", "auto", NULL }; /* as picture_format */
static const char *const themes[] = { "auto", "light", "dark", NULL };
static const char *const colors[] = { "kind", "residual", NULL };
enum { FORMAT_AUTO = 3, THEME_AUTO = 0, THEME_DARK = 2 };

static const cli_option options[] = {
    { "output", 'o', "OUT", "-", NULL, cli_set_string, offsetof(plot_target, output),
      "the picture to write: .svg, .png, or .html, a page of one file in which graphs turn, tell of what the mouse "
      "points "
      "at, and play their optimization" },
    { "to", 't', "svg|png|html", "auto", formats, cli_set_choice, offsetof(plot_target, to),
      "the format to write; auto: by the ending of OUT, else svg" },
    { "optimize", 0, NULL, NULL, NULL, cli_set_flag, offsetof(plot_target, optimize),
      "optimize FILE and draw it before and after; as HTML, with every iteration to play" },
    { "sparsity", 0, NULL, NULL, NULL, cli_set_flag, offsetof(plot_target, sparsity),
      "draw where the normal matrix H and its Cholesky factor L have blocks, in the order of elimination" },
    { "color", 0, "kind|residual", "kind", colors, cli_set_choice, offsetof(plot_target, color),
      "colour edges by what they are, or by their chi2" },
    { "theme", 0, "auto|light|dark", "auto", themes, cli_set_choice, offsetof(plot_target, theme),
      "paper; auto: light, and in HTML what the reader prefers" },
    { "scale", 0, "X", "2", NULL, cli_set_number, offsetof(plot_target, scale),
      "of a PNG: its pixels for each pixel of the SVG, 0.25 to 8" },
    { "azimuth", 0, "DEGREES", "-30", NULL, cli_set_number, offsetof(plot_target, view.azimuth),
      "for 3-D graphs: how far the eye turns about the z axis, from -y towards x" },
    { "elevation", 0, "DEGREES", "25", NULL, cli_set_number, offsetof(plot_target, view.elevation),
      "for 3-D graphs: how far the eye is above the horizon; 90 looks straight down" },
    CLI_LOSS_OPTION(plot_target, loss),
    CLI_RESIDUAL_OPTION(plot_target),
    CLI_INFORMATION_OPTION(plot_target),
    CLI_EQUIVALENT_OPTION(plot_target),
    { 0 },
};

static const char *const examples[] = {
    "fgopt plot world.g2o --optimize -o world.html",
    "a page to open in a browser: turn, zoom, point at poses and edges, play the iterations",
    "fgopt plot world.g2o best.g2o -o both.svg",
    "before and after, side by side at one scale",
    "fgopt plot garage.g2o --azimuth 40 --elevation 15 --theme dark -o garage.png",
    "another view of a 3-D graph",
    "fgopt plot best.g2o --color residual -o suspects.html",
    "edges by their chi2: bad loop closures stand out",
    "fgopt plot world.g2o --sparsity -o sparsity.png",
    "where H and L have blocks",
    "fgopt optimize world.g2o --json lm.json && fgopt plot lm.json -o convergence.svg",
    "how an optimization went, from its report; two reports are compared",
    NULL,
};

/* ---- what is asked for ---- */

static int ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path), k = strlen(ending);
    return n > k && !strcmp(path + n - k, ending);
}

static int is_report(const char *path) { return ends_with(path, ".json"); }

static cli_exit choose_format(plot_target *t)
{
    const char *dot = strrchr(picture_base_name(t->output), '.');
    if (t->to != FORMAT_AUTO) return CLI_OK;
    t->to = PICTURE_SVG;
    if (!dot || cli_is_standard(t->output)) return CLI_OK;
    for (int i = 0; i < FORMAT_AUTO; i++) {
        if (strcmp(dot + 1, formats[i]) != 0) continue;
        t->to = i;
        return CLI_OK;
    }
    return cli_usage(&cli_plot, "%s: pictures end in .svg, .png or .html; --to chooses for other names", t->output);
}

static cli_exit check_request(const cli_arguments *a, plot_target *t)
{
    int reports = 0;
    for (size_t i = 0; i < a->operands; i++) reports += is_report(a->operand[i]);
    if (reports && reports < (int)a->operands)
        return cli_usage(&cli_plot, "a graph and a report of an optimization do not go into one picture");
    if (t->optimize && t->sparsity) return cli_usage(&cli_plot, "--optimize and --sparsity are two pictures");
    if (a->operands > 1 && (t->optimize || t->sparsity))
        return cli_usage(&cli_plot, "--%s takes one FILE", t->optimize ? "optimize" : "sparsity");
    if (reports && (t->optimize || t->sparsity))
        return cli_usage(&cli_plot, "%s is a report; --%s takes a graph", a->operand[0], t->optimize ? "optimize" : "sparsity");
    if (!(t->scale >= 0.25 && t->scale <= 8.0)) return cli_usage(&cli_plot, "--scale: not between 0.25 and 8");
    return choose_format(t);
}

static picture_sheet sheet_of(const plot_target *t, FILE *f, const char *title)
{
    return (picture_sheet){ f, (picture_format)t->to, t->theme == THEME_DARK, t->scale, title };
}

/* ---- the pictures ---- */

static cli_exit read_graph(const char *path, const plot_target *t, fgo_graph **out)
{
    cli_exit code = cli_read_graph(path, &t->reading, out);
    if (code || !fgo_graph_set_all_losses(*out, t->loss)) return code;
    fgo_graph_free(*out);
    return cli_fail(CLI_FAILURE, "%s", fgo_last_message());
}

static cli_exit draw_reports(const cli_arguments *a, const plot_target *t, FILE *f)
{
    record r[CLI_MAX_OPERANDS] = { { 0 } };
    picture_sheet sheet = sheet_of(t, f, "Convergence");
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < a->operands && !code; i++) code = record_read(a->operand[i], &r[i]);
    if (!code) code = picture_convergence(&sheet, &r[0], a->operands > 1 ? &r[1] : NULL);
    for (size_t i = 0; i < a->operands; i++) record_free(&r[i]);
    return code;
}

static cli_exit draw_sparsity(const char *path, fgo_graph *g, const plot_target *t, FILE *f)
{
    fgo_solver *solver = NULL;
    fgo_sparsity *s = NULL;
    fgo_status status = fgo_solver_create(g, &t->solver, &solver);
    if (!status) status = fgo_solver_sparsity(solver, &s);
    cli_exit code = CLI_OK;
    if (status)
        code = cli_fail_status(status, status == FGO_ERROR_UNSUPPORTED ? CLI_USAGE : CLI_UNSOLVABLE);
    else if (s->n == 0)
        code = cli_fail(CLI_INPUT, "%s: no variable is free, so there is no matrix to draw", path);
    picture_sheet sheet = sheet_of(t, f, picture_base_name(path));
    if (!code) code = picture_sparsity(&sheet, s, path, fgo_solver_linear_solver_name(solver));
    fgo_sparsity_free(s);
    fgo_solver_free(solver);
    return code;
}

/* Copies the values of `after` to g; `after` must have all variables of g. */
static cli_exit move_to(fgo_graph *g, fgo_graph *after, const char *after_path)
{
    for (size_t i = 0; i < fgo_graph_variable_count(g); i++) {
        int64_t key = fgo_graph_variable_key(g, i);
        size_t j;
        const char *manifold = fgo_graph_variable_manifold(g, i)->name;
        if (fgo_graph_find(after, key, &j) || strcmp(manifold, fgo_graph_variable_manifold(after, j)->name) != 0)
            return cli_fail(CLI_INPUT,
                            "%s has no %s variable %" PRId64 "; a page shows one graph at two estimates, an SVG or PNG any two",
                            after_path, manifold, key);
        if (fgo_graph_set_value(g, key, fgo_graph_variable_value(after, j)))
            return cli_fail(CLI_FAILURE, "%s", fgo_last_message());
    }
    return CLI_OK;
}

static cli_exit draw_page(const char *path, fgo_graph *g, fgo_graph *after, const char *after_path, const plot_target *t, FILE *f)
{
    replay r;
    page_options o = { .title = picture_base_name(path),
                       .view = t->view,
                       .robust = t->loss.loss_class != &fgo_loss_class_none,
                       .theme = t->theme == THEME_AUTO ? NULL : themes[t->theme] };
    cli_exit code = replay_create(g, path, &r), ended = CLI_OK;
    if (code) return code;
    if (t->optimize) {
        code = replay_optimize(&r, g, &t->solver);
        if (code == CLI_STOPPED) ended = code, code = CLI_OK;
    } else {
        code = replay_add(&r, g, after ? "before" : "", -1);
        if (!code && after) code = move_to(g, after, after_path);
        if (!code && after) code = replay_add(&r, g, "after", -1);
    }
    if (!code) code = page_write(f, &r, &o);
    replay_free(&r);
    return code ? code : ended;
}

/* Draws one panel for FILE, or a second one beside it for AFTER or for what optimization makes of FILE. */
static cli_exit draw_panels(const char *path, fgo_graph *g, fgo_graph *after, const char *after_path, const plot_target *t,
                            FILE *f)
{
    scene scenes[2] = { { 0 } };
    replay r = { 0 };
    cli_exit code = scene_create(g, path, &t->view, &scenes[0]), ended = CLI_OK;
    int count = after || t->optimize ? 2 : 1;
    char title[2][300];
    if (!code && t->optimize) {
        code = replay_create(g, path, &r);
        if (!code) code = replay_optimize(&r, g, &t->solver);
        if (code == CLI_STOPPED) ended = code, code = CLI_OK;
        after = g;
        snprintf(title[0], sizeof title[0], "%s, before", picture_base_name(path));
        snprintf(title[1], sizeof title[1], "%s, after", picture_base_name(path));
        scenes[0].title = title[0];
    }
    if (!code && after) code = scene_create(after, t->optimize ? path : after_path, &t->view, &scenes[1]);
    if (t->optimize) scenes[1].title = title[1];
    if (!code && after) code = scene_shade(&scenes[0], scenes[1].decade);
    picture_sheet sheet = sheet_of(t, f, picture_base_name(path));
    if (!code) code = picture_graphs(&sheet, scenes, count);
    replay_free(&r);
    scene_free(&scenes[0]);
    scene_free(&scenes[1]);
    return code ? code : ended;
}

static cli_exit draw_graphs(const cli_arguments *a, const plot_target *t, FILE *f)
{
    const char *path = cli_file_name(a->operand[0]), *after_path = a->operands > 1 ? cli_file_name(a->operand[1]) : NULL;
    fgo_graph *g = NULL, *after = NULL;
    cli_exit code = read_graph(a->operand[0], t, &g);
    if (!code && after_path) code = read_graph(a->operand[1], t, &after);
    if (!code)
        code = t->sparsity             ? draw_sparsity(path, g, t, f)
               : t->to == PICTURE_HTML ? draw_page(path, g, after, after_path, t, f)
                                       : draw_panels(path, g, after, after_path, t, f);
    fgo_graph_free(g);
    fgo_graph_free(after);
    return code;
}

static cli_exit run(const cli_arguments *arguments, void *target)
{
    plot_target *t = target;
    cli_output out;
    t->view.residuals = t->color == 1;
    cli_exit code = check_request(arguments, t);
    if (!code) code = cli_output_open(&out, t->output);
    if (code) return code;
    code = is_report(arguments->operand[0]) ? draw_reports(arguments, t, out.file) : draw_graphs(arguments, t, out.file);
    if (code == CLI_OK || code == CLI_STOPPED) {
        cli_exit closed = cli_output_close(&out);
        return closed ? closed : code;
    }
    cli_output_discard(&out);
    return code;
}

const cli_command cli_plot = {
    .name = "plot",
    .synopsis = "FILE [AFTER] [-o OUT.svg|OUT.png|OUT.html]",
    .summary = "draw graphs, optimizations and matrices, as SVG, PNG or an interactive page",
    .description =
        "Draws the poses of a graph as lines along its edges: odometry (edges between ids that follow each other) and "
        "loop closures in different colours, landmarks as dots. With two files they stand side by side, at one scale "
        "unless one is more than four times as large as the other. 3-D graphs are seen in orthographic projection; "
        "what is far away is paler.\n\n"
        "An .html is one file that loads nothing: graphs turn, zoom and tell ids, poses and residuals under the mouse; "
        "it plays the iterations of --optimize, or goes from FILE to AFTER; ? lists its keys. What follows # in its "
        "address sets the view: "
        "#frame=3&color=residual&azimuth=40&elevation=15&zoom=2&id=17&theme=dark&bare=1&play=1.\n\n"
        "A FILE that ends in .json is a report of fgopt optimize --json: its convergence is drawn. The options of the "
        "optimizer matter with --optimize, --linear-solver with --sparsity too.",
    .examples = examples,
    .options = options,
    .has_solver = 1,
    .solver_offset = offsetof(plot_target, solver),
    .min_operands = 1,
    .max_operands = 2,
    .target_size = sizeof(plot_target),
    .run = run,
};

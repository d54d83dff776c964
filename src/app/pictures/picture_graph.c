/* SPDX-License-Identifier: BSD-3-Clause */
/* picture_graph.c -- draws scenes: one set of lines for each layer and shade of edge. */
#include "picture.h"
#include <math.h>
#include <string.h>

/* Pixels. */
enum { PANEL = 640, MARGIN = 28, TITLE = 84, FOOT = 62, DRAWING = PANEL - 2 * MARGIN };

static const char *const kind_name[SCENE_KINDS] = { "loop closures", "landmarks", "odometry" };

typedef struct panel {
    const scene *scene;
    const picture_theme *theme;
    canvas *canvas;
    double left, scale, u0, v0; /* pixel = (left + scale (u - u0), scale (v0 - v)) */
} panel;

static double px(const panel *p, double u) { return p->left + p->scale * (u - p->u0); }
static double py(const panel *p, double v) { return p->scale * (p->v0 - v); }

static void put_text(const panel *p, double x, double y, double size, canvas_anchor anchor, const char *text)
{
    canvas_text(p->canvas, x, y, (canvas_font){ .size = size, .color = p->theme->dim, .anchor = anchor }, text);
}

/* Returns the colour of a layer: the farther the layer, the more its colour fades into the paper. */
static unsigned faded(const panel *p, unsigned color, int layer)
{
    double far = p->scene->residuals ? 0.6 : 0.25; /* colours that stand for numbers must stay legible */
    double near = p->scene->spatial ? far + (1.0 - far) * (layer + 1.0) / SCENE_LAYERS : 1.0;
    unsigned out = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double paper = p->theme->paper >> shift & 255, full = color >> shift & 255;
        out |= (unsigned)lround(paper + near * (full - paper)) << shift;
    }
    return out;
}

/* Returns the width of the line of edge e, thin enough that a large graph does not become a blot. */
static double line_width(const scene *s, const scene_edge *e)
{
    double width = 32.0 / sqrt((double)s->edges + 60.0) + 0.35;
    if (width > 2.2) width = 2.2;
    return s->residuals || e->kind == SCENE_ODOMETRY ? width : 0.7 * width;
}

static void put_edges(const panel *p)
{
    const scene *s = p->scene;
    for (size_t first = 0, end; first < s->edges; first = end) {
        const scene_edge *e = &s->edge[first];
        unsigned color = s->residuals ? p->theme->level[e->shade] : p->theme->kind[e->kind];
        double opacity = s->residuals || e->kind == SCENE_ODOMETRY ? 1.0 : 0.75;
        canvas_begin_lines(p->canvas, (canvas_stroke){ faded(p, color, e->layer), line_width(s, e), opacity });
        for (end = first; end < s->edges && s->edge[end].layer == e->layer && s->edge[end].shade == e->shade; end++) {
            const scene_point *a = &s->point[s->edge[end].a], *b = &s->point[s->edge[end].b];
            canvas_line(p->canvas, px(p, a->u), py(p, a->v), px(p, b->u), py(p, b->v));
        }
        canvas_end_lines(p->canvas);
    }
}

/* Draws a prior as a ring, which leaves the point inside visible. */
static void put_prior(const panel *p, double x, double y, double radius)
{
    canvas_circle(p->canvas, x, y, radius, p->theme->paper, (canvas_stroke){ p->theme->ink, 1.2, 1.0 });
}

static void put_points(const panel *p)
{
    const scene *s = p->scene;
    const canvas_stroke none = { 0, 0.0, 1.0 };
    for (size_t i = 0; i < s->points; i++)
        if (s->prior[i])
            put_prior(p, px(p, s->point[i].u), py(p, s->point[i].v),
                      s->poses && i == s->start ? 8.0
                      : s->priors > 300         ? 2.5
                                                : 4.5); /* around its disc */
    for (size_t i = 0; i < s->points; i++) {
        if (!s->landmark[i] && s->points > 300) continue;
        canvas_circle(p->canvas, px(p, s->point[i].u), py(p, s->point[i].v), s->points > 300 ? 1.2 : 2.2,
                      p->theme->kind[s->landmark[i] ? SCENE_LANDMARK : SCENE_ODOMETRY], none);
    }
    if (s->poses)
        canvas_circle(p->canvas, px(p, s->point[s->start].u), py(p, s->point[s->start].v), 5.0, p->theme->start,
                      (canvas_stroke){ p->theme->paper, 1.5, 1.0 });
}

static void put_title(const panel *p)
{
    const scene *s = p->scene;
    char text[256];
    int n = snprintf(text, sizeof text, "%zu pose%s, ", s->poses, cli_plural(s->poses));
    if (s->points > s->poses)
        n += snprintf(text + n, sizeof text - (size_t)n, "%zu landmark%s, ", s->points - s->poses,
                      cli_plural(s->points - s->poses));
    n += snprintf(text + n, sizeof text - (size_t)n, "%zu edge%s", s->edges, cli_plural(s->edges));
    if (s->priors) n += snprintf(text + n, sizeof text - (size_t)n, ", %zu prior%s", s->priors, cli_plural(s->priors));
    if (isfinite(s->chi2)) snprintf(text + n, sizeof text - (size_t)n, ", χ² = %.7g", s->chi2);
    canvas_text(p->canvas, p->left, MARGIN + 6.0, (canvas_font){ .size = 19.0, .color = p->theme->ink, .bold = 1 },
                s->title ? s->title : picture_base_name(s->file));
    put_text(p, p->left, MARGIN + 28.0, 14.0, CANVAS_START, text);
}

static void put_scale_bar(const panel *p, double y)
{
    double length = picture_nice(0.25 * DRAWING / p->scale), width = length * p->scale;
    double right = p->left + DRAWING, left = right - width;
    char text[32];
    snprintf(text, sizeof text, "%g m", length);
    canvas_begin_lines(p->canvas, (canvas_stroke){ p->theme->dim, 1.2, 1.0 });
    canvas_line(p->canvas, left, y - 6.0, left, y);
    canvas_line(p->canvas, left, y, right, y);
    canvas_line(p->canvas, right, y, right, y - 6.0);
    canvas_end_lines(p->canvas);
    put_text(p, left + 0.5 * width, y - 9.0, 13.0, CANVAS_MIDDLE, text);
}

/* Draws the directions of x, y and z in the corner above the drawing. */
static void put_axes(const panel *p)
{
    const scene *s = p->scene;
    double x = p->left + DRAWING - 36.0, y0 = MARGIN + 26.0;
    for (int k = 0; k < (s->spatial ? 3 : 2); k++) {
        double dx = 26.0 * s->axis[k].u, dy = -26.0 * s->axis[k].v;
        if (hypot(dx, dy) < 4.0) continue; /* the axis points at the eye */
        canvas_begin_lines(p->canvas, (canvas_stroke){ p->theme->dim, 1.2, 1.0 });
        canvas_line(p->canvas, x, y0, x + dx, y0 + dy);
        canvas_end_lines(p->canvas);
        put_text(p, x + 1.35 * dx, y0 + 1.35 * dy + 4.0, 12.0, CANVAS_MIDDLE, (char[]){ "xyz"[k], 0 });
    }
}

/* Draws a bar of the levels of chi2 with its decades at height y. Returns where the bar ends. */
static double put_levels(const panel *p, double y)
{
    enum { STEP = 16 };
    double x = p->left, width = STEP * SCENE_LEVELS, from = p->scene->decade[0], to = p->scene->decade[1];
    char text[48];
    for (int i = 0; i < SCENE_LEVELS; i++) {
        canvas_begin_cells(p->canvas, p->theme->level[i]);
        canvas_cell(p->canvas, x + STEP * i, y - 12.0, STEP, 9.0);
        canvas_end_cells(p->canvas);
    }
    int every = to - from > 5.0 ? 2 : 1;
    for (double d = from; d <= to; d += every) {
        picture_power(text, sizeof text, (int)lround(d));
        put_text(p, x + width * (d - from) / (to - from), y + 9.0, 11.0, CANVAS_MIDDLE, text);
    }
    put_text(p, x + width + 12.0, y - 4.0, 13.0, CANVAS_START, "χ² of an edge");
    return x + width + 12.0 + picture_text_width("χ² of an edge", 13.0) + 20.0;
}

static void put_legend(const panel *p, double y)
{
    double x = p->left;
    char text[64];
    if (p->scene->residuals) x = put_levels(p, y);
    for (int kind = SCENE_KINDS - 1; kind >= 0 && !p->scene->residuals; kind--) {
        if (!p->scene->drawn[kind]) continue;
        canvas_begin_lines(p->canvas, (canvas_stroke){ p->theme->kind[kind], 2.5, 1.0 });
        canvas_line(p->canvas, x, y - 5.0, x + 22.0, y - 5.0);
        canvas_end_lines(p->canvas);
        snprintf(text, sizeof text, "%s (%zu)", kind_name[kind], p->scene->drawn[kind]);
        put_text(p, x + 28.0, y, 13.0, CANVAS_START, text);
        x += 28.0 + picture_text_width(text, 13.0) + 18.0;
    }
    if (p->scene->priors) { /* above the others, which may fill their line up to the scale bar */
        const double above = y - 22.0;
        put_prior(p, p->left + 11.0, above - 5.0, 4.5);
        snprintf(text, sizeof text, "priors (%zu)", p->scene->priors);
        put_text(p, p->left + 28.0, above, 13.0, CANVAS_START, text);
    }
    if (!p->scene->poses) return;
    canvas_circle(p->canvas, x + 5.0, y - 5.0, 5.0, p->theme->start, (canvas_stroke){ 0, 0.0, 1.0 });
    put_text(p, x + 15.0, y, 13.0, CANVAS_START, "start");
}

static double extent(const scene *s)
{
    double u = s->high[0] - s->low[0], v = s->high[1] - s->low[1];
    return fmax(fmax(u, v), 1e-9);
}

/* Returns the extent for one scale of all panels, so that they can be compared; 0 if the smaller drawing would shrink below a
 * quarter. */
static double common_extent(const scene *scenes, int count)
{
    double largest = 0.0, smallest = HUGE_VAL;
    for (int i = 0; i < count; i++) {
        largest = fmax(largest, extent(&scenes[i]));
        smallest = fmin(smallest, extent(&scenes[i]));
    }
    return largest <= 4.0 * smallest ? largest : 0.0;
}

/* Returns the height of the drawing: the height of the tallest panel at its scale. */
static double drawing_height(const scene *scenes, int count, double common)
{
    double height = 0.35 * DRAWING;
    for (int i = 0; i < count; i++) {
        double scale = DRAWING / (common > 0.0 ? common : extent(&scenes[i]));
        height = fmax(height, scale * (scenes[i].high[1] - scenes[i].low[1]));
    }
    return height;
}

static void put_panel(panel *p, double common, double height, double total)
{
    const scene *s = p->scene;
    p->scale = DRAWING / (common > 0.0 ? common : extent(s));
    p->u0 = 0.5 * (s->low[0] + s->high[0]) - 0.5 * DRAWING / p->scale;
    p->v0 = 0.5 * (s->low[1] + s->high[1]) + (0.5 * height + TITLE) / p->scale;
    put_title(p);
    canvas_begin_group(p->canvas);
    put_edges(p);
    put_points(p);
    canvas_end_group(p->canvas);
    put_legend(p, total - 22.0);
    put_axes(p);
    put_scale_bar(p, total - 18.0);
}

cli_exit picture_graphs(const picture_sheet *sheet, const scene *scenes, int count)
{
    double common = common_extent(scenes, count), height = drawing_height(scenes, count, common);
    double total = TITLE + height + FOOT;
    picture_theme theme;
    canvas *c;
    picture_theme_of(sheet->dark, &theme);
    cli_exit code = picture_open(sheet, count * PANEL, total, &c);
    if (code) return code;
    for (int i = 0; i < count; i++)
        put_panel(&(panel){ .scene = &scenes[i], .theme = &theme, .canvas = c, .left = i * PANEL + MARGIN }, common, height,
                  total);
    return picture_close(sheet, c);
}

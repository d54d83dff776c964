/* SPDX-License-Identifier: BSD-3-Clause */
/* picture_convergence.c -- the cost and the gradient of one or two runs over their iterations. */
#include "chart.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pixels. */
enum { PANEL = 600, LEFT = 92, RIGHT = 28, TITLE = 96, HEIGHT = 320, FOOT = 92 };

/* The numbers of a run by kind, side by side. */
typedef struct series {
    double *iteration, *cost, *gradient, *step;
    int *solid;
    size_t count;
} series;

/* Returns the numbers of r; none if r is NULL, and no arrays if memory ran out. */
static series series_of(const record *r)
{
    const size_t n = r ? r->count : 0;
    double *number = calloc(4 * n + 1, sizeof *number);
    int *solid = calloc(n + 1, sizeof *solid);
    if (!number || !solid) {
        free(number);
        free(solid);
        return (series){ 0 };
    }
    series s = { number, number + n, number + 2 * n, number + 3 * n, solid, n };
    for (size_t i = 0; i < n; i++) {
        s.iteration[i] = r->row[i].iteration;
        s.cost[i] = r->row[i].cost;
        s.gradient[i] = r->row[i].gradient;
        s.step[i] = r->row[i].step;
        s.solid[i] = r->row[i].accepted;
    }
    return s;
}

static void series_free(const series *s)
{
    free(s->iteration);
    free(s->solid);
}

/* Returns one axis that fits the numbers of both arrays, a and b. */
static chart_axis axis_of_both(const double *a, size_t na, const double *b, size_t nb, const char *label)
{
    double *all = calloc(na + nb + 1, sizeof *all);
    if (!all) return chart_axis_for(a, na, label);
    memcpy(all, a, na * sizeof *all);
    if (nb) memcpy(all + na, b, nb * sizeof *all);
    chart_axis axis = chart_axis_for(all, na + nb, label);
    free(all);
    return axis;
}

static double last_iteration(const series *s, int count)
{
    double last = 1.0;
    for (int i = 0; i < count; i++) last = fmax(last, s[i].iteration[s[i].count - 1]);
    return last;
}

/* Writes which run a colour stands for: "sphere.g2o, lm from chordal". */
static void describe(const record *r, char *text, size_t size)
{
    const char *name = r->graph[0] ? picture_base_name(r->graph) : picture_base_name(r->path);
    const record_row *last = &r->row[r->count - 1];
    snprintf(text, size, "%s%s%s%s%s: cost %.6g after %d iteration%s", name, r->method[0] ? ", " : "", r->method,
             r->init[0] ? " from " : "", r->init, last->cost, last->iteration, cli_plural((size_t)last->iteration));
}

static void put_titles(canvas *c, const picture_theme *theme, const record *const *r, int count, const unsigned *color)
{
    char text[300];
    canvas_text(c, 28.0, 34.0, (canvas_font){ .size = 19.0, .color = theme->ink, .bold = 1 }, "Convergence");
    for (int i = 0; i < count; i++) {
        double x = 28.0 + i * PANEL;
        describe(r[i], text, sizeof text);
        if (count > 1) {
            canvas_begin_lines(c, (canvas_stroke){ color[i], 2.5, 1.0 });
            canvas_line(c, x, 53.0, x + 22.0, 53.0);
            canvas_end_lines(c);
        }
        canvas_text(c, x + (count > 1 ? 28.0 : 0.0), 58.0, (canvas_font){ .size = 14.0, .color = theme->dim }, text);
        if (count == 1 && r[i]->termination[0])
            canvas_text(c, 2.0 * PANEL - 28.0, 58.0, (canvas_font){ .size = 14.0, .color = theme->dim, .anchor = CANVAS_END },
                        r[i]->termination);
    }
}

/* Draws the legend below the charts: what dots and colours mean. */
static void put_legend(canvas *c, const picture_theme *theme, int count, int rejected, const unsigned *color, double y)
{
    const char *const word[2] = { "largest entry of the gradient", "length of the step" };
    canvas_font font = { .size = 13.0, .color = theme->dim };
    double x = PANEL + LEFT;
    for (int i = 0; i < 2 && count == 1; i++) {
        canvas_begin_lines(c, (canvas_stroke){ color[i], 2.5, 1.0 });
        canvas_line(c, x, y - 5.0, x + 22.0, y - 5.0);
        canvas_end_lines(c);
        canvas_text(c, x + 28.0, y, font, word[i]);
        x += 28.0 + picture_text_width(word[i], 13.0) + 14.0;
    }
    if (!rejected) return;
    canvas_circle(c, LEFT + 5.0, y - 5.0, 3.6, theme->paper, (canvas_stroke){ theme->dim, 1.6, 1.0 });
    canvas_text(c, LEFT + 15.0, y, font, "step rejected");
}

static void put_charts(canvas *c, const picture_theme *theme, const series *s, int count, const unsigned *color)
{
    const series *b = &s[count - 1];
    size_t more = count > 1 ? b->count : 0;
    chart left = { c,
                   theme,
                   LEFT,
                   TITLE,
                   PANEL - LEFT - RIGHT,
                   HEIGHT,
                   { -0.02 * last_iteration(s, count), 1.02 * last_iteration(s, count), 0, "iteration" },
                   axis_of_both(s->cost, s->count, b->cost, more, "cost") };
    chart right = left;
    right.left += PANEL;
    right.y = count > 1 ? axis_of_both(s->gradient, s->count, b->gradient, more, "largest entry of the gradient")
                        : axis_of_both(s->gradient, s->count, s->step, s->count, "gradient and step");
    chart_frame(&left);
    chart_frame(&right);
    for (int i = count - 1; i >= 0; i--) {
        chart_curve(&left, s[i].iteration, s[i].cost, s[i].solid, s[i].count, color[i]);
        chart_curve(&right, s[i].iteration, s[i].gradient, s[i].solid, s[i].count, color[i]);
    }
    if (count == 1) chart_curve(&right, s->iteration, s->step, s->solid, s->count, color[1]);
}

cli_exit picture_convergence(const picture_sheet *sheet, const record *first, const record *second)
{
    const record *const r[2] = { first, second };
    const int count = second ? 2 : 1;
    const series s[2] = { series_of(first), series_of(second) };
    picture_theme theme;
    canvas *c;
    int rejected = 0;
    picture_theme_of(sheet->dark, &theme);
    const unsigned color[2] = { theme.kind[SCENE_ODOMETRY], theme.kind[SCENE_CLOSURE] };
    for (int i = 0; i < count; i++)
        for (size_t k = 0; k < r[i]->count; k++) rejected |= !r[i]->row[k].accepted;
    cli_exit code = !s[0].solid || !s[1].solid ? cli_fail(CLI_FAILURE, "out of memory")
                                               : picture_open(sheet, 2.0 * PANEL, TITLE + HEIGHT + FOOT, &c);
    if (!code) {
        put_titles(c, &theme, r, count, color);
        put_charts(c, &theme, s, count, color);
        put_legend(c, &theme, count, rejected, color, TITLE + HEIGHT + FOOT - 20.0);
        code = picture_close(sheet, c);
    }
    series_free(&s[0]);
    series_free(&s[1]);
    return code;
}

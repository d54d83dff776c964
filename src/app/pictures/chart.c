/* SPDX-License-Identifier: BSD-3-Clause */
/* chart.c -- frames, ticks and curves. */
#include "chart.h"
#include <math.h>

chart_axis chart_axis_for(const double *values, size_t count, const char *label)
{
    double low = HUGE_VAL, high = -HUGE_VAL, least = HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) continue;
        low = fmin(low, values[i]), high = fmax(high, values[i]);
        if (values[i] > 0.0) least = fmin(least, values[i]);
    }
    if (!(low <= high)) return (chart_axis){ 0.0, 1.0, 0, label };
    if (low >= 0.0 && high > 10.0 * least) return (chart_axis){ floor(log10(least) + 1e-9), ceil(log10(high) - 1e-9), 1, label };
    double step = picture_nice(fmax(high - low, fmax(1e-9 * fabs(high), 1e-300)));
    return (chart_axis){ floor(low / step) * step, (floor(high / step) + 1.0) * step, 0, label };
}

static double along(const chart_axis *axis, double value)
{
    double at = axis->logarithmic ? value > 0.0 ? log10(value) : (double)NAN : value;
    return (at - axis->low) / (axis->high - axis->low);
}

double chart_x(const chart *c, double x) { return c->left + c->width * along(&c->x, x); }
double chart_y(const chart *c, double y) { return c->top + c->height * (1.0 - along(&c->y, y)); }

/* Returns the distance between ticks, such that the axis has about `most` of them. */
static double tick_step(const chart_axis *axis, int most)
{
    double span = axis->high - axis->low, step = picture_nice(span / most);
    while (span / step > most) step = picture_nice(2.5 * step);
    return axis->logarithmic ? fmax(1.0, ceil(span / most)) : step;
}

static void put_ticks(const chart *c, const chart_axis *axis, int upright)
{
    double step = tick_step(axis, upright ? 8 : 10);
    if (!upright) step = fmax(1.0, step); /* iterations */
    canvas_font font = { .size = 12.0, .color = c->theme->dim, .anchor = upright ? CANVAS_END : CANVAS_MIDDLE };
    for (double at = ceil(axis->low / step - 1e-9) * step; at <= axis->high + 1e-9 * step; at += step) {
        double t = (at - axis->low) / (axis->high - axis->low);
        double x = c->left + c->width * t, y = c->top + c->height * (1.0 - t);
        char text[48];
        if (axis->logarithmic)
            picture_power(text, sizeof text, (int)lround(at));
        else
            snprintf(text, sizeof text, "%.7g", fabs(at) < 1e-9 * step ? 0.0 : at);
        canvas_begin_lines(c->canvas, (canvas_stroke){ c->theme->grid, 1.0, 1.0 });
        if (upright)
            canvas_line(c->canvas, c->left, y, c->left + c->width, y);
        else
            canvas_line(c->canvas, x, c->top, x, c->top + c->height);
        canvas_end_lines(c->canvas);
        if (upright)
            canvas_text(c->canvas, c->left - 8.0, y + 4.0, font, text);
        else
            canvas_text(c->canvas, x, c->top + c->height + 18.0, font, text);
    }
}

void chart_frame(const chart *c)
{
    double right = c->left + c->width, bottom = c->top + c->height;
    canvas_font font = { .size = 13.0, .color = c->theme->dim, .anchor = CANVAS_MIDDLE };
    put_ticks(c, &c->x, 0);
    put_ticks(c, &c->y, 1);
    canvas_begin_lines(c->canvas, (canvas_stroke){ c->theme->dim, 1.2, 1.0 });
    canvas_line(c->canvas, c->left, c->top, c->left, bottom);
    canvas_line(c->canvas, c->left, bottom, right, bottom);
    canvas_end_lines(c->canvas);
    canvas_text(c->canvas, c->left + 0.5 * c->width, bottom + 40.0, font, c->x.label);
    font.upward = 1;
    canvas_text(c->canvas, c->left - 62.0, c->top + 0.5 * c->height, font, c->y.label);
}

void chart_curve(const chart *c, const double *x, const double *y, const int *solid, size_t count, unsigned color)
{
    double ax = (double)NAN, ay = (double)NAN;
    canvas_begin_lines(c->canvas, (canvas_stroke){ color, 2.0, 1.0 });
    for (size_t i = 0; i < count; i++) {
        double bx = chart_x(c, x[i]), by = chart_y(c, y[i]);
        if (!isfinite(by)) continue;
        if (isfinite(ay)) canvas_line(c->canvas, ax, ay, bx, by);
        ax = bx, ay = by;
    }
    canvas_end_lines(c->canvas);
    for (size_t i = 0; i < count; i++) {
        double bx = chart_x(c, x[i]), by = chart_y(c, y[i]);
        if (!isfinite(by)) continue;
        canvas_circle(c->canvas, bx, by, solid[i] ? 3.2 : 3.6, solid[i] ? color : c->theme->paper,
                      (canvas_stroke){ color, solid[i] ? 0.0 : 1.6, 1.0 });
    }
}

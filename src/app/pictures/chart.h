/* SPDX-License-Identifier: BSD-3-Clause */
/* chart.h -- a frame with two axes, and curves in it. */
#ifndef CLI_CHART_H
#define CLI_CHART_H
#include "picture.h"

typedef struct chart_axis {
    double low, high; /* of a logarithmic axis: decades */
    int logarithmic;
    const char *label;
} chart_axis;

typedef struct chart {
    canvas *canvas;
    const picture_theme *theme;
    double left, top, width, height; /* of the frame */
    chart_axis x, y;
} chart;

/* Returns an axis for the finite numbers among `values`: logarithmic if these are positive and span more than a decade, else
 * linear with a margin. */
chart_axis chart_axis_for(const double *values, size_t count, const char *label);

void chart_frame(const chart *c);
/* Draws a curve through `count` points (x[i], y[i]) with a dot for each, hollow where solid[i] is 0. Points that the axes cannot
 * show are left out. */
void chart_curve(const chart *c, const double *x, const double *y, const int *solid, size_t count, unsigned color);
/* Return the position of a coordinate in pixels; NAN if the axes cannot show it. */
double chart_x(const chart *c, double x);
double chart_y(const chart *c, double y);
#endif

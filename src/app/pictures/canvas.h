/* SPDX-License-Identifier: BSD-3-Clause */
/* canvas.h -- where pictures are drawn: SVG text, or pixels that become a PNG.
 *
 * Lengths are CSS pixels from the upper left corner; colours are 0xrrggbb. */
#ifndef CLI_CANVAS_H
#define CLI_CANVAS_H
#include "shell/output_file.h"

typedef struct canvas_stroke {
    unsigned color;
    double width, opacity;
} canvas_stroke;

typedef enum canvas_anchor { CANVAS_START = 0, CANVAS_MIDDLE, CANVAS_END } canvas_anchor;

typedef struct canvas_font {
    double size;
    unsigned color;
    canvas_anchor anchor;
    int bold;
    int upward; /* 1: read from below, along the ordinate */
} canvas_font;

typedef struct canvas canvas;

/* Starts an SVG picture of width x height with a background colour in the open file f. */
cli_exit canvas_open_svg(FILE *f, double width, double height, unsigned background, canvas **out);
/* Starts a PNG picture in the open file f, with `scale` pixels per pixel of the canvas. CLI_USAGE: this build writes no PNG. */
cli_exit canvas_open_png(FILE *f, double width, double height, double scale, unsigned background, canvas **out);
/* Ends a picture: writes what is left to write and frees the canvas. Prints its error. */
cli_exit canvas_close(canvas *c);

/* Begin and end the group of the drawing proper, to which frames, titles and legends do not belong. */
void canvas_begin_group(canvas *c);
void canvas_end_group(canvas *c);

/* Draw lines of one stroke; a line that starts where the previous line ended continues it. */
void canvas_begin_lines(canvas *c, canvas_stroke stroke);
void canvas_line(canvas *c, double ax, double ay, double bx, double by);
void canvas_end_lines(canvas *c);

/* Fill many rectangles with one colour. */
void canvas_begin_cells(canvas *c, unsigned color);
void canvas_cell(canvas *c, double x, double y, double width, double height);
void canvas_end_cells(canvas *c);

/* Draws a filled circle, without an outline if the width of the stroke is 0. */
void canvas_circle(canvas *c, double x, double y, double radius, unsigned fill, canvas_stroke stroke);
void canvas_text(canvas *c, double x, double y, canvas_font font, const char *text);

/* Writes text to f, with those characters escaped that XML and HTML require to be escaped. */
void canvas_put_escaped(FILE *f, const char *text);

/* The functions of a kind of canvas. */
typedef struct canvas_class {
    void (*group)(canvas *c, int begin);
    void (*begin_lines)(canvas *c, canvas_stroke stroke);
    void (*line)(canvas *c, double ax, double ay, double bx, double by);
    void (*end_lines)(canvas *c);
    void (*begin_cells)(canvas *c, unsigned color);
    void (*cell)(canvas *c, double x, double y, double width, double height);
    void (*end_cells)(canvas *c);
    void (*circle)(canvas *c, double x, double y, double radius, unsigned fill, canvas_stroke stroke);
    void (*text)(canvas *c, double x, double y, canvas_font font, const char *text);
    cli_exit (*close)(canvas *c); /* frees */
} canvas_class;
struct canvas {
    const canvas_class *c;
    FILE *file;
};
#endif

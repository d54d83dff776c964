/* SPDX-License-Identifier: BSD-3-Clause */
/* canvas_svg.c -- SVG 1.1. Lines of one stroke are one path in relative tenths of a pixel, so that large graphs stay
 * small files: about ten bytes a line. */
#include "canvas.h"
#include <math.h>
#include <stdlib.h>

typedef struct svg {
    canvas base;
    long pen[2]; /* tenths of a pixel, where the last line ended */
    int down;    /* the pen has been put down in this path */
    size_t drawn;
} svg;

/* Writes a number of tenths of a pixel in pixels, as SVG wants it, without useless zeros. */
static void put_tenths(FILE *f, long tenths)
{
    long whole = labs(tenths) / 10, rest = labs(tenths) % 10;
    if (tenths < 0) fputc('-', f);
    if (whole || !rest) fprintf(f, "%ld", whole);
    if (rest) fprintf(f, ".%ld", rest);
}

/* Writes "x y" in tenths of a pixel, with a space only where one is needed. */
static void put_pair(FILE *f, long x, long y)
{
    put_tenths(f, x);
    if (y >= 0) fputc(' ', f);
    put_tenths(f, y);
}

static void group(canvas *c, int begin) { fputs(begin ? "<g>\n" : "</g>\n", c->file); }

static void begin_lines(canvas *c, canvas_stroke stroke)
{
    svg *s = (svg *)c;
    s->down = 0;
    s->drawn = 0;
    fprintf(c->file, "<path stroke=\"#%06x\" stroke-width=\"%.2f\"", stroke.color, stroke.width);
    if (stroke.opacity < 1.0) fprintf(c->file, " stroke-opacity=\"%.2g\"", stroke.opacity);
    fputs(" d=\"", c->file);
}

static void line(canvas *c, double ax, double ay, double bx, double by)
{
    svg *s = (svg *)c;
    long a[2] = { lround(10.0 * ax), lround(10.0 * ay) }, b[2] = { lround(10.0 * bx), lround(10.0 * by) };
    if (!s->down || a[0] != s->pen[0] || a[1] != s->pen[1]) {
        fputc('M', c->file);
        put_pair(c->file, a[0], a[1]);
        fputc('l', c->file);
    } else if (b[0] >= a[0]) {
        fputc(' ', c->file);
    }
    put_pair(c->file, b[0] - a[0], b[1] - a[1]);
    s->pen[0] = b[0], s->pen[1] = b[1];
    s->down = 1;
    if (++s->drawn % 8 == 0) fputc('\n', c->file); /* editors dislike lines of megabytes */
}

static void end_shape(canvas *c) { fputs("\"/>\n", c->file); }

static void begin_cells(canvas *c, unsigned color)
{
    ((svg *)c)->drawn = 0;
    fprintf(c->file, "<path fill=\"#%06x\" shape-rendering=\"crispEdges\" d=\"", color);
}

static void cell(canvas *c, double x, double y, double width, double height)
{
    fprintf(c->file, "M%.6g %.6gh%.6gv%.6gh-%.6gz", x, y, width, height, width);
    if (++((svg *)c)->drawn % 4 == 0) fputc('\n', c->file);
}

static void circle(canvas *c, double x, double y, double radius, unsigned fill, canvas_stroke stroke)
{
    fprintf(c->file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%06x\"", x, y, radius, fill);
    if (stroke.width > 0.0) fprintf(c->file, " stroke=\"#%06x\" stroke-width=\"%.1f\"", stroke.color, stroke.width);
    fputs("/>\n", c->file);
}

static void text(canvas *c, double x, double y, canvas_font font, const char *words)
{
    static const char *const anchor[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    fprintf(c->file, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%g\"%s%s fill=\"#%06x\"", x, y, font.size, anchor[font.anchor],
            font.bold ? " font-weight=\"600\"" : "", font.color);
    if (font.upward) fprintf(c->file, " transform=\"rotate(-90 %.1f %.1f)\"", x, y);
    fputc('>', c->file);
    canvas_put_escaped(c->file, words);
    fputs("</text>\n", c->file);
}

static cli_exit finish(canvas *c)
{
    fputs("</svg>\n", c->file);
    free(c);
    return CLI_OK; /* the output finds write errors */
}

static const canvas_class svg_class = { group, begin_lines, line, end_shape, begin_cells, cell, end_shape, circle, text, finish };

cli_exit canvas_open_svg(FILE *f, double width, double height, unsigned background, canvas **out)
{
    svg *s = calloc(1, sizeof *s);
    if (!s) return cli_fail(CLI_FAILURE, "out of memory");
    s->base = (canvas){ &svg_class, f };
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
            "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"none\" stroke-linecap=\"round\" "
            "stroke-linejoin=\"round\">\n<rect width=\"%.0f\" height=\"%.0f\" fill=\"#%06x\"/>\n",
            width, height, width, height, width, height, background);
    *out = (canvas *)s;
    return CLI_OK;
}

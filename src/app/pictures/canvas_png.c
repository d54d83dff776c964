/* SPDX-License-Identifier: BSD-3-Clause */
/* canvas_png.c -- pixels, drawn with anti-aliasing by cairo, which also writes the PNG. */
#include "canvas.h"
#ifdef FGOPT_CAIRO
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdlib.h>

typedef struct png {
    canvas base;
    cairo_t *cr;
    double pen[2];
    int drawn;
} png;

static void set_color(cairo_t *cr, unsigned rgb, double opacity)
{
    cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);
}

static void group(canvas *c, int begin) { (void)c, (void)begin; }

static void begin_lines(canvas *c, canvas_stroke stroke)
{
    png *p = (png *)c;
    cairo_new_path(p->cr);
    cairo_set_line_width(p->cr, stroke.width);
    set_color(p->cr, stroke.color, stroke.opacity);
    p->drawn = 0;
}

/* Draws a line from a to b. A long path is stroked piece by piece, because cairo joins the outlines of all lines of a path, which
 * takes time that grows with the number of their crossings. */
static void line(canvas *c, double ax, double ay, double bx, double by)
{
    enum { PIECE = 16 };
    png *p = (png *)c;
    if (p->drawn == PIECE) {
        cairo_stroke(p->cr);
        p->drawn = 0;
    }
    if (!p->drawn || ax != p->pen[0] || ay != p->pen[1]) cairo_move_to(p->cr, ax, ay);
    cairo_line_to(p->cr, bx, by);
    p->pen[0] = bx, p->pen[1] = by;
    p->drawn++;
}

static void end_lines(canvas *c) { cairo_stroke(((png *)c)->cr); }

static void begin_cells(canvas *c, unsigned color)
{
    png *p = (png *)c;
    set_color(p->cr, color, 1.0);
    cairo_set_antialias(p->cr, CAIRO_ANTIALIAS_NONE); /* cells that touch show no seams */
}

static void cell(canvas *c, double x, double y, double width, double height)
{
    png *p = (png *)c;
    cairo_rectangle(p->cr, x, y, width, height);
    cairo_fill(p->cr);
}

static void end_cells(canvas *c) { cairo_set_antialias(((png *)c)->cr, CAIRO_ANTIALIAS_DEFAULT); }

static void circle(canvas *c, double x, double y, double radius, unsigned fill, canvas_stroke stroke)
{
    png *p = (png *)c;
    cairo_new_path(p->cr);
    cairo_arc(p->cr, x, y, radius, 0.0, 2.0 * 3.14159265358979323846);
    set_color(p->cr, fill, 1.0);
    cairo_fill_preserve(p->cr);
    if (stroke.width > 0.0) {
        set_color(p->cr, stroke.color, stroke.opacity);
        cairo_set_line_width(p->cr, stroke.width);
        cairo_stroke(p->cr);
    }
    cairo_new_path(p->cr);
}

static void text(canvas *c, double x, double y, canvas_font font, const char *words)
{
    cairo_t *cr = ((png *)c)->cr;
    cairo_text_extents_t size;
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, 0.93 * font.size); /* cairo's default face, DejaVu, is wider than the Helvetica of the SVG */
    cairo_text_extents(cr, words, &size);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    if (font.upward) cairo_rotate(cr, -0.5 * 3.14159265358979323846);
    cairo_move_to(cr, -0.5 * (int)font.anchor * size.x_advance, 0.0);
    set_color(cr, font.color, 1.0);
    cairo_show_text(cr, words);
    cairo_restore(cr);
    cairo_new_path(cr);
}

static cairo_status_t put_bytes(void *file, const unsigned char *data, unsigned length)
{
    return fwrite(data, 1, length, file) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cli_exit finish(canvas *c)
{
    png *p = (png *)c;
    cairo_status_t status = cairo_status(p->cr);
    if (!status) status = cairo_surface_write_to_png_stream(cairo_get_target(p->cr), put_bytes, c->file);
    cairo_destroy(p->cr);
    cairo_debug_reset_static_data(); /* cairo keeps fonts, and fontconfig patterns: both would be taken for leaks */
    FcFini();
    free(p);
    if (!status || status == CAIRO_STATUS_WRITE_ERROR) return CLI_OK; /* the output says what could not be written */
    return cli_fail(CLI_FAILURE, "cannot draw the PNG: %s", cairo_status_to_string(status));
}

static const canvas_class png_class = { group, begin_lines, line, end_lines, begin_cells, cell, end_cells, circle, text, finish };

cli_exit canvas_open_png(FILE *f, double width, double height, double scale, unsigned background, canvas **out)
{
    png *p = calloc(1, sizeof *p);
    if (!p) return cli_fail(CLI_FAILURE, "out of memory");
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(scale * width), (int)lround(scale * height));
    p->base = (canvas){ &png_class, f };
    p->cr = cairo_create(surface);
    cairo_surface_destroy(surface); /* the context holds it */
    cairo_scale(p->cr, scale, scale);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
    set_color(p->cr, background, 1.0);
    cairo_paint(p->cr);
    *out = &p->base;
    return CLI_OK;
}
#else
cli_exit canvas_open_png(FILE *f, double width, double height, double scale, unsigned background, canvas **out)
{
    (void)f, (void)width, (void)height, (void)scale, (void)background, (void)out;
    return cli_fail(CLI_USAGE, "this fgopt was built without cairo and writes no PNG; write an SVG instead");
}
#endif

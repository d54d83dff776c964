/* SPDX-License-Identifier: BSD-3-Clause */
/* canvas.c -- passes each call on to the class of the canvas. */
#include "canvas.h"

void canvas_begin_group(canvas *c) { c->c->group(c, 1); }
void canvas_end_group(canvas *c) { c->c->group(c, 0); }
void canvas_begin_lines(canvas *c, canvas_stroke stroke) { c->c->begin_lines(c, stroke); }
void canvas_line(canvas *c, double ax, double ay, double bx, double by) { c->c->line(c, ax, ay, bx, by); }
void canvas_end_lines(canvas *c) { c->c->end_lines(c); }
void canvas_begin_cells(canvas *c, unsigned color) { c->c->begin_cells(c, color); }
void canvas_cell(canvas *c, double x, double y, double width, double height) { c->c->cell(c, x, y, width, height); }
void canvas_end_cells(canvas *c) { c->c->end_cells(c); }
cli_exit canvas_close(canvas *c) { return c->c->close(c); }

void canvas_circle(canvas *c, double x, double y, double radius, unsigned fill, canvas_stroke stroke)
{
    c->c->circle(c, x, y, radius, fill, stroke);
}

void canvas_text(canvas *c, double x, double y, canvas_font font, const char *text) { c->c->text(c, x, y, font, text); }

void canvas_put_escaped(FILE *f, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '<')
            fputs("&lt;", f);
        else if (*c == '&')
            fputs("&amp;", f);
        else if (*c >= 0x20)
            fputc(*c, f);
    }
}

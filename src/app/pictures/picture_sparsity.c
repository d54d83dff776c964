/* SPDX-License-Identifier: BSD-3-Clause */
/* picture_sparsity.c -- spy pictures of H and L. Up to SPOTS block columns each block is a square of its own; beyond,
 * squares stand for many, the fuller the darker. */
#include "picture.h"
#include <math.h>
#include <stdlib.h>

/* Pixels. */
enum { PANEL = 640, MARGIN = 28, TITLE = 96, FOOT = 44, DRAWING = PANEL - 2 * MARGIN, SPOTS = DRAWING / 2, SHADES = 5 };

/* Blocks of a lower triangle in each of spots * spots squares. */
typedef struct spots {
    size_t n, spots;
    unsigned *count;
    unsigned most;
} spots;

static int count_spots(spots *s, const size_t *start, const int *row, int symmetric)
{
    s->count = calloc(s->spots * s->spots + 1, sizeof *s->count);
    if (!s->count) return -1;
    for (size_t k = 0; k < s->n; k++)
        for (size_t e = start[k]; e < start[k + 1]; e++) {
            size_t i = (size_t)row[e] * s->spots / s->n, j = k * s->spots / s->n;
            unsigned now = ++s->count[i * s->spots + j];
            if (symmetric && (size_t)row[e] != k) now = ++s->count[j * s->spots + i];
            if (now > s->most) s->most = now;
        }
    return 0;
}

/* Returns the shade of a square: 0 if it is empty, else 1 .. SHADES. Fullness is on a logarithmic scale, on which a single block
 * is seen clearly. */
static int shade(const spots *s, size_t i, size_t j)
{
    unsigned count = s->count[i * s->spots + j];
    if (!count) return 0;
    if (s->most <= 2) return SHADES;
    return 1 + (int)((SHADES - 1) * log((double)count) / log((double)s->most) + 0.5);
}

static unsigned mixed(const picture_theme *theme, int shade)
{
    double t = 0.45 + 0.55 * (shade - 1.0) / (SHADES - 1.0);
    unsigned color = theme->kind[SCENE_ODOMETRY], out = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double paper = theme->paper >> shift & 255, full = color >> shift & 255;
        out |= (unsigned)lround(paper + t * (full - paper)) << shift;
    }
    return out;
}

/* Draws all squares. Squares of one shade that lie side by side become one rectangle. */
static void put_spots(canvas *c, const picture_theme *theme, const spots *s, double left, double top)
{
    double size = DRAWING / (double)s->spots;
    for (int level = 1; level <= SHADES; level++) {
        canvas_begin_cells(c, mixed(theme, level));
        for (size_t i = 0; i < s->spots; i++)
            for (size_t j = 0, end; j < s->spots; j = end) {
                for (end = j; end < s->spots && shade(s, i, end) == level;) end++;
                if (end > j) canvas_cell(c, left + size * (double)j, top + size * (double)i, size * (double)(end - j), size);
                if (end == j) end++;
            }
        canvas_end_cells(c);
    }
}

static void put_frame(canvas *c, const picture_theme *theme, double left, double top)
{
    canvas_begin_lines(c, (canvas_stroke){ theme->dim, 1.0, 1.0 });
    canvas_line(c, left, top, left + DRAWING, top);
    canvas_line(c, left + DRAWING, top, left + DRAWING, top + DRAWING);
    canvas_line(c, left + DRAWING, top + DRAWING, left, top + DRAWING);
    canvas_line(c, left, top + DRAWING, left, top);
    canvas_end_lines(c);
}

static void put_panel(canvas *c, const picture_theme *theme, const spots *s, int panel, const char *title, const char *detail)
{
    double left = panel * PANEL + MARGIN;
    char text[96];
    canvas_text(c, left, MARGIN + 6.0, (canvas_font){ .size = 19.0, .color = theme->ink, .bold = 1 }, title);
    canvas_text(c, left, MARGIN + 28.0, (canvas_font){ .size = 14.0, .color = theme->dim }, detail);
    canvas_begin_group(c);
    put_spots(c, theme, s, left, TITLE - 16.0);
    canvas_end_group(c);
    put_frame(c, theme, left, TITLE - 16.0);
    double y = TITLE - 16.0 + DRAWING + 20.0;
    canvas_text(c, left, y, (canvas_font){ .size = 12.0, .color = theme->dim }, "eliminated first");
    canvas_text(c, left + DRAWING, y, (canvas_font){ .size = 12.0, .color = theme->dim, .anchor = CANVAS_END }, "last");
    if (s->spots == s->n) return;
    snprintf(text, sizeof text, "a dot: %.3g × %.3g blocks, the fuller the stronger", (double)s->n / (double)s->spots,
             (double)s->n / (double)s->spots);
    canvas_text(c, left + 0.5 * DRAWING, y, (canvas_font){ .size = 12.0, .color = theme->dim, .anchor = CANVAS_MIDDLE }, text);
}

/* Returns how many numbers the lower triangle has, of which diagonal blocks count only their lower half. */
static double scalars(const fgo_sparsity *s, const size_t *start, const int *row)
{
    double sum = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        sum += 0.5 * s->dim[k] * (s->dim[k] + 1.0);
        for (size_t e = start[k] + 1; e < start[k + 1]; e++) sum += (double)s->dim[k] * s->dim[row[e]];
    }
    return sum;
}

cli_exit picture_sparsity(const picture_sheet *sheet, const fgo_sparsity *s, const char *file, const char *solver)
{
    size_t size = s->n < SPOTS ? s->n : SPOTS;
    spots H = { .n = s->n, .spots = size }, L = H;
    picture_theme theme;
    canvas *c;
    char title[300], detail[160];
    picture_theme_of(sheet->dark, &theme);
    cli_exit code = CLI_OK;
    if (count_spots(&H, s->H_start, s->H_row, 1) || count_spots(&L, s->L_start, s->L_row, 0))
        code = cli_fail(CLI_FAILURE, "out of memory");
    if (!code) code = picture_open(sheet, 2.0 * PANEL, TITLE - 16.0 + DRAWING + FOOT, &c);
    if (!code) {
        double in_H = scalars(s, s->H_start, s->H_row), in_L = scalars(s, s->L_start, s->L_row);
        snprintf(title, sizeof title, "H of %s", picture_base_name(file));
        snprintf(detail, sizeof detail, "%zu block columns; %zu blocks on and below the diagonal, %.0f numbers", s->n,
                 s->H_start[s->n], in_H);
        put_panel(c, &theme, &H, 0, title, detail);
        snprintf(detail, sizeof detail, "elimination as by --linear-solver %s; %zu blocks, %.0f numbers, %.2f times H's", solver,
                 s->L_start[s->n], in_L, in_L / in_H);
        put_panel(c, &theme, &L, 1, "L, H = L Lᵀ", detail);
        code = picture_close(sheet, c);
    }
    free(H.count);
    free(L.count);
    return code;
}

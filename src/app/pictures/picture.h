/* SPDX-License-Identifier: BSD-3-Clause */
/* picture.h -- the still pictures of fgopt plot, and what they share: sheets, colours, scales. */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H
#include "canvas.h"
#include "record.h"
#include "scene.h"
#include <fgopt/sparsity.h>

typedef enum picture_format { PICTURE_SVG = 0, PICTURE_PNG, PICTURE_HTML } picture_format;

typedef struct picture_theme {
    unsigned paper, ink, dim, grid, start;
    unsigned kind[SCENE_KINDS];   /* told apart by people who are colour blind too: blue, orange, green of unlike lightness */
    unsigned level[SCENE_LEVELS]; /* of residuals, from small to large: the larger, the farther from the paper */
} picture_theme;
void picture_theme_of(int dark, picture_theme *out);

/* Returns the colour of t in [0, 1]: from blue to yellow with even lightness (OKLab, B. Ottosson 2020), on light paper from pale
 * yellow to dark blue. */
unsigned picture_ramp(double t, int dark);

/* Where a picture goes, and how it looks. The HTML format is a page that holds the SVG. */
typedef struct picture_sheet {
    FILE *file;
    picture_format format;
    int dark;     /* 1: light lines on dark paper */
    double scale; /* of a PNG: its pixels for each of the picture's */
    const char *title;
} picture_sheet;

/* Draw one picture each, and print their errors. */
cli_exit picture_graphs(const picture_sheet *sheet, const scene *scenes, int count);                 /* panels side by side */
cli_exit picture_convergence(const picture_sheet *sheet, const record *first, const record *second); /* or NULL */
cli_exit picture_sparsity(const picture_sheet *sheet, const fgo_sparsity *s, const char *file, const char *solver);

/* ---- what these functions share ---- */
cli_exit picture_open(const picture_sheet *sheet, double width, double height, canvas **out);
cli_exit picture_close(const picture_sheet *sheet, canvas *c);
/* Returns the largest of 1, 2 or 5 times a power of ten that is at most `most`. */
double picture_nice(double most);
/* Writes the power of ten with exponent `power` as text: "10⁻⁶"; between 0.001 and 1000 in full. */
void picture_power(char *text, size_t size, int power);
/* Returns the last part of a path. */
const char *picture_base_name(const char *path);
/* Returns the approximate width of text in the fonts of the canvas. */
double picture_text_width(const char *text, double size);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* picture.c -- sheets, colours and scales of the still pictures. */
#include "picture.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- colours ---- */

static unsigned srgb(double linear)
{
    double c = fmin(fmax(linear, 0.0), 1.0);
    c = c <= 0.0031308 ? 12.92 * c : 1.055 * pow(c, 1.0 / 2.4) - 0.055;
    return (unsigned)lround(255.0 * c);
}

/* Converts an OKLab colour to 0xrrggbb: B. Ottosson, "A perceptual color space for image processing", 2020. */
static unsigned from_oklab(double L, double a, double b)
{
    double l = L + 0.3963377774 * a + 0.2158037573 * b, m = L - 0.1055613458 * a - 0.0638541728 * b,
           s = L - 0.0894841775 * a - 1.2914855480 * b;
    l = l * l * l, m = m * m * m, s = s * s * s;
    return srgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16 |
           srgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8 |
           srgb(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
}

/* Lightness carries the value, because every eye sees it; the hue goes from blue to yellow, the axis that the common forms of
 * colour blindness keep. */
unsigned picture_ramp(double t, int dark)
{
    static const double knot[4][3] = {
        { 0.28, 0.05, -0.15 }, { 0.50, -0.04, -0.10 }, { 0.72, -0.11, 0.03 }, { 0.94, -0.05, 0.17 }
    };
    t = fmin(fmax(t, 0.0), 1.0);
    double s = 3.0 * (dark ? 0.22 + 0.78 * t : 0.90 * (1.0 - t)), color[3];
    int k = s >= 3.0 ? 2 : (int)s;
    for (int i = 0; i < 3; i++) color[i] = knot[k][i] + (s - k) * (knot[k + 1][i] - knot[k][i]);
    return from_oklab(color[0], color[1], color[2]);
}

void picture_theme_of(int dark, picture_theme *out)
{
    static const picture_theme light = { .paper = 0xfcfcfa,
                                         .ink = 0x1c2430,
                                         .dim = 0x566170,
                                         .grid = 0xe2e5e8,
                                         .start = 0x17936f,
                                         .kind = { 0xe26f2b, 0x429454, 0x1b4982 } };
    static const picture_theme night = { .paper = 0x12161c,
                                         .ink = 0xeef2f6,
                                         .dim = 0x9aa7b4,
                                         .grid = 0x2a323c,
                                         .start = 0x3ddc97,
                                         .kind = { 0xf0883e, 0xc5e384, 0x6cb6ff } };
    *out = dark ? night : light;
    for (int i = 0; i < SCENE_LEVELS; i++) out->level[i] = picture_ramp(i / (SCENE_LEVELS - 1.0), dark);
}

/* ---- sheets ---- */

static void put_page_head(const picture_sheet *sheet, unsigned paper)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>", sheet->file);
    canvas_put_escaped(sheet->file, sheet->title);
    fprintf(sheet->file,
            "</title><meta name=\"viewport\" content=\"width=device-width\">"
            "<style>body{margin:0;background:#%06x}svg{display:block;margin:0 auto;width:auto;height:auto;"
            "max-width:100vw;max-height:100vh}</style></head><body>\n",
            paper);
}

cli_exit picture_open(const picture_sheet *sheet, double width, double height, canvas **out)
{
    picture_theme theme;
    picture_theme_of(sheet->dark, &theme);
    if (sheet->format == PICTURE_PNG) return canvas_open_png(sheet->file, width, height, sheet->scale, theme.paper, out);
    if (sheet->format == PICTURE_HTML) put_page_head(sheet, theme.paper);
    return canvas_open_svg(sheet->file, width, height, theme.paper, out);
}

cli_exit picture_close(const picture_sheet *sheet, canvas *c)
{
    cli_exit code = canvas_close(c);
    if (sheet->format == PICTURE_HTML) fputs("</body></html>\n", sheet->file);
    return code;
}

/* ---- scales ---- */

double picture_nice(double most)
{
    double power = pow(10.0, floor(log10(most)));
    return power * 5.0 <= most ? 5.0 * power : power * 2.0 <= most ? 2.0 * power : power;
}

void picture_power(char *text, size_t size, int power)
{
    static const char *const digit[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    char plain[16];
    if (abs(power) <= 3) {
        snprintf(text, size, "%g", pow(10.0, power));
        return;
    }
    int n = snprintf(text, size, "10%s", power < 0 ? "⁻" : "");
    snprintf(plain, sizeof plain, "%d", power < 0 ? -power : power);
    for (const char *p = plain; *p; p++) n += snprintf(text + n, size - (size_t)n, "%s", digit[*p - '0']);
}

const char *picture_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

double picture_text_width(const char *text, double size)
{
    size_t letters = 0;
    for (; *text; text++) letters += (*text & 0xc0) != 0x80; /* UTF-8 */
    return 0.56 * size * (double)letters;
}

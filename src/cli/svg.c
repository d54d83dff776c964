/* SPDX-License-Identifier: BSD-3-Clause */
/* svg.c -- draws scenes as SVG 1.1: one path for each layer and kind of edge, so that large graphs stay small files. */
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pixels. */
enum { PANEL = 640, MARGIN = 28, TITLE = 84, FOOT = 62, DRAWING = PANEL - 2 * MARGIN };

static const char *const kind_name[SCENE_KINDS] = { "loop closures", "landmarks", "odometry" };
static const int kind_color[SCENE_KINDS][3] = { { 226, 111, 43 }, { 66, 148, 84 }, { 27, 73, 130 } };

typedef struct panel {
    const scene *scene;
    double left, scale, u0, v0; /* pixel = (left + scale (u - u0), scale (v0 - v)) */
} panel;

static double px(const panel *p, double u) { return p->left + p->scale * (u - p->u0); }
static double py(const panel *p, double v) { return p->scale * (p->v0 - v); }

static void put_text(FILE *f, const char *text)
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

/* A point in tenths of a pixel, as SVG wants it, without useless zeros. */
static void put_tenths(FILE *f, long tenths)
{
    long whole = labs(tenths) / 10, rest = labs(tenths) % 10;
    if (tenths < 0) fputc('-', f);
    if (whole || !rest) fprintf(f, "%ld", whole);
    if (rest) fprintf(f, ".%ld", rest);
}

/* "x y" with a space only where needed. */
static void put_pair(FILE *f, long x, long y)
{
    put_tenths(f, x);
    if (y >= 0) fputc(' ', f);
    put_tenths(f, y);
}

/* The edges first .. end-1, all of one kind and layer, as one path in relative tenths of a pixel; lines that go on
 * where the last one ended share their point. */
static void put_path(FILE *f, const panel *p, size_t first, size_t end)
{
    const scene *s = p->scene;
    size_t pen = (size_t)-1;
    for (size_t k = first; k < end; k++) {
        const scene_edge *e = &s->edge[k];
        long ax = lround(10.0 * px(p, s->point[e->a].u)), ay = lround(10.0 * py(p, s->point[e->a].v));
        long bx = lround(10.0 * px(p, s->point[e->b].u)), by = lround(10.0 * py(p, s->point[e->b].v));
        if (e->a != pen) {
            fputc('M', f);
            put_pair(f, ax, ay);
            fputc('l', f);
        } else if (bx >= ax) {
            fputc(' ', f);
        }
        put_pair(f, bx - ax, by - ay);
        pen = e->b;
        if ((k - first) % 8 == 7) fputc('\n', f); /* editors dislike lines of megabytes */
    }
}

/* Far layers fade into the paper. */
static void layer_color(const scene *s, scene_kind kind, int layer, char text[16])
{
    double near = s->spatial ? 0.25 + 0.75 * (layer + 1.0) / SCENE_LAYERS : 1.0;
    int c[3];
    for (int k = 0; k < 3; k++) c[k] = (int)lround(255.0 + near * (kind_color[kind][k] - 255.0));
    snprintf(text, 16, "#%02x%02x%02x", (unsigned)c[0], (unsigned)c[1], (unsigned)c[2]);
}

/* Thin enough that a large graph does not become a blot. */
static double line_width(const scene *s, scene_kind kind)
{
    double width = 32.0 / sqrt((double)s->edges + 60.0) + 0.35;
    if (width > 2.2) width = 2.2;
    return kind == SCENE_ODOMETRY ? width : 0.7 * width;
}

static void put_edges(FILE *f, const panel *p)
{
    const scene *s = p->scene;
    for (size_t first = 0, end; first < s->edges; first = end) {
        const scene_edge *e = &s->edge[first];
        char color[16];
        for (end = first; end < s->edges && s->edge[end].layer == e->layer && s->edge[end].kind == e->kind;) end++;
        layer_color(s, e->kind, e->layer, color);
        fprintf(f, "<path stroke=\"%s\" stroke-width=\"%.2f\"%s d=\"", color, line_width(s, e->kind),
                e->kind == SCENE_ODOMETRY ? "" : " stroke-opacity=\".75\"");
        put_path(f, p, first, end);
        fputs("\"/>\n", f);
    }
}

static void put_points(FILE *f, const panel *p)
{
    const scene *s = p->scene;
    for (size_t i = 0; i < s->points; i++) {
        if (!s->landmark[i] && s->points > 300) continue;
        const int *c = kind_color[s->landmark[i] ? SCENE_LANDMARK : SCENE_ODOMETRY];
        fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%02x%02x%02x\"/>\n", px(p, s->point[i].u),
                py(p, s->point[i].v), s->points > 300 ? 1.2 : 2.2, (unsigned)c[0], (unsigned)c[1], (unsigned)c[2]);
    }
    if (s->poses)
        fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#17936f\" stroke=\"#fff\" stroke-width=\"1.5\"/>\n",
                px(p, s->point[s->start].u), py(p, s->point[s->start].v));
}

static void put_title(FILE *f, const panel *p)
{
    const scene *s = p->scene;
    const char *slash = strrchr(s->file, '/');
    fprintf(f, "<text x=\"%.0f\" y=\"%d\" font-size=\"19\" font-weight=\"600\" fill=\"#1c2430\">", p->left, MARGIN + 6);
    put_text(f, slash ? slash + 1 : s->file);
    fprintf(f, "</text>\n<text x=\"%.0f\" y=\"%d\" font-size=\"14\" fill=\"#566170\">%zu pose%s, ", p->left,
            MARGIN + 28, s->poses, cli_plural(s->poses));
    if (s->points > s->poses) fprintf(f, "%zu landmark%s, ", s->points - s->poses, cli_plural(s->points - s->poses));
    fprintf(f, "%zu edge%s", s->edges, cli_plural(s->edges));
    if (isfinite(s->chi2)) fprintf(f, ", χ² = %.7g", s->chi2);
    fputs("</text>\n", f);
}

/* A length of 1, 2 or 5 times a power of ten that takes at most `most` pixels. */
static double nice_length(double scale, double most)
{
    double power = pow(10.0, floor(log10(most / scale)));
    return power * scale * 5.0 <= most ? 5.0 * power : power * scale * 2.0 <= most ? 2.0 * power : power;
}

static void put_scale_bar(FILE *f, const panel *p, double y)
{
    double length = nice_length(p->scale, 0.25 * DRAWING), width = length * p->scale;
    double right = p->left + DRAWING, left = right - width;
    fprintf(f, "<path stroke=\"#566170\" stroke-width=\"1.2\" d=\"M%.1f %.1fv6h%.1fv-6\"/>\n", left, y - 6.0, width);
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"13\" fill=\"#566170\">%g m</text>\n",
            left + 0.5 * width, y - 9.0, length);
}

/* The directions of x, y and z, in the corner above the drawing. */
static void put_axes(FILE *f, const panel *p)
{
    const scene *s = p->scene;
    double x = p->left + DRAWING - 36.0, y0 = MARGIN + 26.0;
    for (int k = 0; k < (s->spatial ? 3 : 2); k++) {
        double dx = 26.0 * s->axis[k].u, dy = -26.0 * s->axis[k].v;
        if (hypot(dx, dy) < 4.0) continue; /* it points at the eye */
        fprintf(f, "<path stroke=\"#566170\" stroke-width=\"1.2\" d=\"M%.1f %.1fl%.1f %.1f\"/>\n", x, y0, dx, dy);
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"12\" fill=\"#566170\">%c</text>\n",
                x + 1.35 * dx, y0 + 1.35 * dy + 4.0, "xyz"[k]);
    }
}

static void put_legend(FILE *f, const panel *p, double y)
{
    double x = p->left;
    for (int kind = SCENE_KINDS - 1; kind >= 0; kind--) {
        const int *c = kind_color[kind];
        if (!p->scene->drawn[kind]) continue;
        fprintf(f, "<path stroke=\"#%02x%02x%02x\" stroke-width=\"2.5\" d=\"M%.1f %.1fh22\"/>\n", (unsigned)c[0],
                (unsigned)c[1], (unsigned)c[2], x, y - 5.0);
        fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" fill=\"#566170\">%s (%zu)</text>\n", x + 28.0, y,
                kind_name[kind], p->scene->drawn[kind]);
        x += 28.0 + 7.2 * (double)(strlen(kind_name[kind]) + 8) + 10.0;
    }
    fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#17936f\"/>\n", x + 5.0, y - 5.0);
    fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" fill=\"#566170\">start</text>\n", x + 15.0, y);
}

static double extent(const scene *s)
{
    double u = s->high[0] - s->low[0], v = s->high[1] - s->low[1];
    return fmax(fmax(u, v), 1e-9);
}

/* One scale for all panels, so that they can be compared, unless the smaller drawing would shrink below a quarter. */
static double common_extent(const scene *scenes, int count)
{
    double largest = 0.0, smallest = HUGE_VAL;
    for (int i = 0; i < count; i++) {
        largest = fmax(largest, extent(&scenes[i]));
        smallest = fmin(smallest, extent(&scenes[i]));
    }
    return largest <= 4.0 * smallest ? largest : 0.0;
}

/* Height of the drawing: that of the tallest panel at its scale. */
static double drawing_height(const scene *scenes, int count, double common)
{
    double height = 0.35 * DRAWING;
    for (int i = 0; i < count; i++) {
        double scale = DRAWING / (common > 0.0 ? common : extent(&scenes[i]));
        height = fmax(height, scale * (scenes[i].high[1] - scenes[i].low[1]));
    }
    return height;
}

void svg_write(FILE *f, const scene *scenes, int count)
{
    double common = common_extent(scenes, count), height = drawing_height(scenes, count, common);
    double total = TITLE + height + FOOT;
    int width = count * PANEL;
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" "
            "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"none\" stroke-linecap=\"round\" "
            "stroke-linejoin=\"round\">\n<rect width=\"%d\" height=\"%.0f\" fill=\"#fcfcfa\"/>\n",
            width, total, width, total, width, total);
    for (int i = 0; i < count; i++) {
        const scene *s = &scenes[i];
        panel p = { .scene = s, .left = i * PANEL + MARGIN, .scale = DRAWING / (common > 0.0 ? common : extent(s)) };
        p.u0 = 0.5 * (s->low[0] + s->high[0]) - 0.5 * DRAWING / p.scale;
        p.v0 = 0.5 * (s->low[1] + s->high[1]) + (0.5 * height + TITLE) / p.scale;
        put_title(f, &p);
        fputs("<g>\n", f);
        put_edges(f, &p);
        put_points(f, &p);
        fputs("</g>\n", f);
        put_legend(f, &p, total - 22.0);
        put_axes(f, &p);
        put_scale_bar(f, &p, total - 18.0);
    }
    fputs("</svg>\n", f);
}

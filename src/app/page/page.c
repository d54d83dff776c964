/* SPDX-License-Identifier: BSD-3-Clause */
/* page.c -- the data of the page: small things as JSON, arrays little-endian in base64. The page takes about 4/3 (28 bytes a
 * point, 10 an edge, and for each estimate 10 or 20 a point and 2 an edge). */
#include "page.h"
#include "shell/json.h"
#include "web.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- arrays ---- */

typedef struct encoder {
    FILE *file;
    unsigned char waiting[3];
    int count;
    char line[4096];
    size_t used;
} encoder;

static void put_triple(encoder *e)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    enum { PADDING = 64 };
    const unsigned char *w = e->waiting;
    char *out = e->line + e->used;
    out[0] = digit[w[0] >> 2];
    out[1] = digit[(w[0] & 3) << 4 | w[1] >> 4];
    out[2] = digit[e->count > 1 ? (w[1] & 15) << 2 | w[2] >> 6 : PADDING];
    out[3] = digit[e->count > 2 ? w[2] & 63 : PADDING];
    e->count = 0;
    e->used += 4;
    if (e->used < sizeof e->line) return;
    fwrite(e->line, 1, e->used, e->file);
    e->used = 0;
}

/* Appends the `size` low bytes of x, the lowest first. */
static void put(encoder *e, uint64_t x, int size)
{
    for (int i = 0; i < size; i++, x >>= 8) {
        e->waiting[e->count++] = (unsigned char)(x & 255);
        if (e->count == 3) put_triple(e);
    }
}

static void put_float(encoder *e, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    put(e, bits, 4);
}

static void begin_array(encoder *e, FILE *f, const char *id)
{
    e->file = f;
    e->count = 0;
    e->used = 0;
    fprintf(f, "<script type=\"application/octet-stream\" id=\"data-%s\">", id);
}

static void end_array(encoder *e)
{
    if (e->count) {
        memset(e->waiting + e->count, 0, 3 - (size_t)e->count);
        put_triple(e);
    }
    fwrite(e->line, 1, e->used, e->file);
    fputs("</script>\n", e->file);
}

static int has_wide_keys(const replay *r)
{
    for (size_t i = 0; i < r->points; i++)
        if (r->key[i] < INT32_MIN || r->key[i] > INT32_MAX) return 1;
    return 0;
}

static void put_structure(FILE *f, const replay *r, encoder *e)
{
    int size = has_wide_keys(r) ? 8 : 4;
    begin_array(e, f, "keys");
    for (size_t i = 0; i < r->points; i++) put(e, (uint64_t)r->key[i], size);
    end_array(e);
    begin_array(e, f, "landmarks");
    for (size_t i = 0; i < r->points; i++) put(e, (uint64_t)(r->landmark[i] | r->prior[i] << 1), 1);
    end_array(e);
    begin_array(e, f, "ends");
    for (size_t k = 0; k < r->edges; k++) put(e, r->edge[k].a, 4), put(e, r->edge[k].b, 4);
    end_array(e);
    begin_array(e, f, "kinds");
    for (size_t k = 0; k < r->edges; k++) put(e, r->edge[k].kind, 1);
    end_array(e);
    begin_array(e, f, "classes");
    for (size_t k = 0; k < r->edges; k++) put(e, r->edge[k].class, 1);
    end_array(e);
}

static void put_frame(FILE *f, const replay *r, size_t number, encoder *e)
{
    const replay_frame *frame = &r->frame[number];
    char id[32];
    snprintf(id, sizeof id, "frame%zu", number);
    begin_array(e, f, id);
    for (size_t i = 0; i < r->points * (size_t)r->dims; i++) put_float(e, frame->place[i]);
    for (size_t i = 0; i < r->points * (size_t)r->turns; i++) put(e, (uint16_t)frame->turn[i], 2);
    for (size_t k = 0; k < r->edges; k++) put(e, frame->chi2[k], 2);
    end_array(e);
}

/* ---- the JSON ---- */

static void put_theme(cli_json *j, const char *name, int dark)
{
    enum { RAMP = 64 }; /* as the shader has it */
    picture_theme t;
    char color[8];
    picture_theme_of(dark, &t);
    const struct {
        const char *name;
        unsigned color;
    } part[] = { { "paper", t.paper }, { "ink", t.ink }, { "dim", t.dim }, { "grid", t.grid }, { "start", t.start } };
    cli_json_begin(j, name, '{');
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        snprintf(color, sizeof color, "#%06x", part[i].color);
        cli_json_string(j, part[i].name, color);
    }
    cli_json_begin(j, "kind", '[');
    for (int k = 0; k < SCENE_KINDS; k++) {
        snprintf(color, sizeof color, "#%06x", t.kind[k]);
        cli_json_string(j, NULL, color);
    }
    cli_json_end(j, ']');
    cli_json_begin(j, "ramp", '[');
    for (int i = 0; i < RAMP; i++) {
        snprintf(color, sizeof color, "#%06x", picture_ramp(i / (RAMP - 1.0), dark));
        cli_json_string(j, NULL, color);
    }
    cli_json_end(j, ']');
    cli_json_end(j, '}');
}

static void put_frames(cli_json *j, const replay *r)
{
    cli_json_begin(j, "frames", '[');
    for (size_t i = 0; i < r->frames; i++) {
        cli_json_begin(j, NULL, '{');
        cli_json_string(j, "label", r->frame[i].label);
        cli_json_integer(j, "iteration", r->frame[i].iteration);
        cli_json_number(j, "cost", r->frame[i].cost);
        cli_json_end(j, '}');
    }
    cli_json_end(j, ']');
    cli_json_begin(j, "iterations", '['); /* number, cost, accepted */
    for (size_t i = 0; i < r->iterations; i++) {
        cli_json_begin(j, NULL, '[');
        cli_json_integer(j, NULL, r->iteration[i].iteration);
        cli_json_number(j, NULL, r->iteration[i].cost);
        cli_json_integer(j, NULL, r->iteration[i].accepted);
        cli_json_end(j, ']');
    }
    cli_json_end(j, ']');
}

static void put_classes(cli_json *j, const replay *r)
{
    cli_json_begin(j, "classes", '[');
    for (int i = 0; i < r->class_count; i++) {
        cli_json_begin(j, NULL, '{');
        cli_json_string(j, "name", r->classes[i]->name);
        cli_json_integer(j, "rows", r->classes[i]->rows);
        cli_json_end(j, '}');
    }
    cli_json_end(j, ']');
}

/* Finds the decades of chi2 in the last frame. */
static cli_exit find_decades(const replay *r, double decade[2])
{
    const replay_frame *last = &r->frame[r->frames - 1];
    double *chi2 = malloc((r->edges + 1) * sizeof *chi2);
    size_t count = 0;
    if (!chi2) return cli_fail(CLI_FAILURE, "out of memory");
    for (size_t k = 0; k < r->edges; k++)
        if (last->chi2[k] != REPLAY_NO_CHI2)
            chi2[count++] = last->chi2[k] ? exp2(REPLAY_LOWEST_OCTAVE + (last->chi2[k] - 1) * REPLAY_CHI2_STEP) : 0.0;
    scene_decades(chi2, count, decade);
    free(chi2);
    return CLI_OK;
}

static cli_exit put_meta(FILE *f, const replay *r, const page_options *o)
{
    double decade[2];
    cli_exit code = find_decades(r, decade);
    if (code) return code;
    cli_json j = { .file = f };
    fputs("<script type=\"application/json\" id=\"data-meta\">", f);
    cli_json_begin(&j, NULL, '{');
    cli_json_string(&j, "made_by", "fgopt");
    cli_json_string(&j, "version", fgo_version());
    cli_json_count(&j, "points", r->points);
    cli_json_count(&j, "edges", r->edges);
    cli_json_bool(&j, "spatial", r->spatial);
    cli_json_integer(&j, "dims", r->dims);
    cli_json_integer(&j, "turns", r->turns);
    cli_json_bool(&j, "wide_keys", has_wide_keys(r));
    cli_json_begin(&j, "origin", '[');
    for (int k = 0; k < 3; k++) cli_json_number(&j, NULL, r->origin[k]);
    cli_json_end(&j, ']');
    cli_json_number(&j, "azimuth", o->view.azimuth);
    cli_json_number(&j, "elevation", o->view.elevation);
    cli_json_bool(&j, "residual", o->view.residuals);
    if (o->theme) cli_json_string(&j, "theme", o->theme);
    cli_json_string(&j, "cost", o->robust ? "cost" : "χ²"); /* what it is called */
    cli_json_string(&j, "outcome", r->outcome);
    cli_json_begin(&j, "decades", '[');
    for (int k = 0; k < 2; k++) cli_json_number(&j, NULL, decade[k]);
    cli_json_end(&j, ']');
    cli_json_begin(&j, "chi2", '{');
    cli_json_integer(&j, "lowest", REPLAY_LOWEST_OCTAVE);
    cli_json_number(&j, "step", REPLAY_CHI2_STEP);
    cli_json_end(&j, '}');
    put_classes(&j, r);
    put_frames(&j, r);
    cli_json_begin(&j, "themes", '{');
    put_theme(&j, "light", 0);
    put_theme(&j, "dark", 1);
    cli_json_end(&j, '}');
    cli_json_end(&j, '}');
    fputs("</script>\n", f);
    return cli_json_check(&j);
}

cli_exit page_write(FILE *f, const replay *r, const page_options *options)
{
    encoder *e = malloc(sizeof *e);
    if (!e) return cli_fail(CLI_FAILURE, "out of memory");
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>", f);
    canvas_put_escaped(f, options->title);
    fputs("</title>\n", f);
    fwrite(web_before, 1, web_before_size, f);
    cli_exit code = put_meta(f, r, options);
    put_structure(f, r, e);
    for (size_t i = 0; i < r->frames; i++) put_frame(f, r, i, e);
    fwrite(web_after, 1, web_after_size, f);
    free(e);
    return code;
}

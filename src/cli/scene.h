/* SPDX-License-Identifier: BSD-3-Clause */
/* scene.h -- a graph as a picture: points and lines in a plane, with a depth if the graph is spatial.
 *
 * The picture's u points right, v up, both in metres; depth points to the eye. A planar graph is seen from above. */
#ifndef CLI_SCENE_H
#define CLI_SCENE_H
#include "cli.h"

typedef enum scene_kind { SCENE_CLOSURE = 0, SCENE_LANDMARK, SCENE_ODOMETRY, SCENE_KINDS } scene_kind;

/* Orthographic: azimuth turns the eye about z from -y, elevation raises it from the horizon; degrees. */
typedef struct scene_view {
    double azimuth, elevation;
} scene_view;

typedef struct scene_point {
    double u, v, depth;
} scene_point;

typedef struct scene_edge {
    size_t a, b; /* points, in the order of their ids */
    scene_kind kind;
    int layer; /* 0: the farthest */
} scene_edge;

enum { SCENE_LAYERS = 8 };

typedef struct scene {
    const char *file;
    int spatial;
    scene_point *point;
    unsigned char *landmark; /* per point */
    size_t points, poses;
    size_t start;     /* the pose with the smallest id */
    scene_edge *edge; /* by layer, then kind, then file order */
    size_t edges, drawn[SCENE_KINDS];
    double low[2], high[2]; /* box of u, v */
    scene_point axis[3];    /* where the unit vectors x, y, z go */
    double chi2;            /* NAN: cannot be evaluated */
} scene;

/* Prints its error. */
cli_exit scene_create(fgo_graph *g, const char *file, const scene_view *view, scene *out);
void scene_free(scene *s);

/* One panel for each scene, side by side. */
void svg_write(FILE *f, const scene *scenes, int count);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* scene.h -- a graph as a picture: points and lines in a plane, with a depth if the graph is spatial.
 *
 * The picture's u points right, v up, both in metres; depth points to the eye. A planar graph is seen from above. */
#ifndef CLI_SCENE_H
#define CLI_SCENE_H
#include "shell/cli.h"

typedef enum scene_kind { SCENE_CLOSURE = 0, SCENE_LANDMARK, SCENE_ODOMETRY, SCENE_KINDS } scene_kind;

/* An orthographic view: azimuth turns the eye about z from -y, elevation raises the eye from the horizon; degrees. */
typedef struct scene_view {
    double azimuth, elevation;
    int residuals; /* colour edges by chi2, else by kind */
} scene_view;

typedef struct scene_point {
    double u, v, depth;
} scene_point;

typedef struct scene_edge {
    size_t a, b; /* points, in the order of their ids */
    scene_kind kind;
    int layer;   /* 0: the farthest */
    int shade;   /* what its colour says: its kind, or the level of its chi2 */
    double chi2; /* without its loss; NAN: cannot be evaluated */
} scene_edge;

enum { SCENE_LAYERS = 8, SCENE_LEVELS = 12 };

typedef struct scene {
    const char *title; /* NULL: the name of the file */
    const char *file;
    int spatial, residuals;
    scene_point *point;
    unsigned char *landmark;      /* per point */
    unsigned char *prior;         /* per point: 1, a factor of its own says something of it */
    size_t points, poses, priors; /* priors: those factors */
    size_t start;                 /* the pose with the smallest id */
    scene_edge *edge;             /* by layer, then shade, then file order */
    size_t edges, drawn[SCENE_KINDS];
    double low[2], high[2]; /* box of u, v */
    scene_point axis[3];    /* where the unit vectors x, y, z go */
    double chi2;            /* NAN: cannot be evaluated */
    double decade[2];       /* powers of ten that the levels of chi2 go from and to */
} scene;

/* Finds the coordinates x of a variable that has a position; *landmark becomes 1 if it is a point. Returns 0 if it has none. */
int scene_place(fgo_graph *g, size_t variable, const double *value, double x[3], int *landmark);
/* Returns the dimension of a variable's world, 0 if it has none. */
int scene_world(fgo_graph *g, size_t variable);
/* Finds the variable of a prior, or of any other factor on one variable. Returns 0 if the factor is on several variables. */
int scene_prior(fgo_graph *g, size_t factor, size_t *variable);
/* Returns the kind of an edge by the keys of its two ends, neither of which is a point. */
scene_kind scene_kind_of(int64_t a, int64_t b);
/* Finds the decades that the levels of chi2 cover, at least two, for `count` numbers, which are sorted: from the smallest
 * twentieth to the largest. */
void scene_decades(double *chi2, size_t count, double decade[2]);

/* Projects graph g as `view` says into *out. Prints its error. */
cli_exit scene_create(fgo_graph *g, const char *file, const scene_view *view, scene *out);
/* Colours the edges of scene s by the decades of another picture, beside which it stands. */
cli_exit scene_shade(scene *s, const double decade[2]);
void scene_free(scene *s);
#endif

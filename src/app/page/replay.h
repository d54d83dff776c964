/* SPDX-License-Identifier: BSD-3-Clause */
/* replay.h -- a graph and the estimates of an optimization, packed as the page plays them. */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H
#include "pictures/scene.h"

/* chi2 of an edge in 16 bits: 0 for zero, REPLAY_NO_CHI2 if it cannot be evaluated, else 1 + (log2 chi2 - lowest) /
 * step, rounded: to 0.07 percent, over 128 octaves. */
enum { REPLAY_NO_CHI2 = 65535, REPLAY_LOWEST_OCTAVE = -64, REPLAY_OCTAVES = 128 };
#define REPLAY_CHI2_STEP ((double)REPLAY_OCTAVES / (REPLAY_NO_CHI2 - 2))

/* One estimate. */
typedef struct replay_frame {
    char label[64];
    int iteration;  /* -1: not one of the optimizer's */
    double cost;    /* NAN: cannot be evaluated */
    float *place;   /* points * dims, relative to the origin, m */
    int16_t *turn;  /* points * turns: in the plane the angle, 32767 for pi; in space the quaternion x, y, z, w, 32767
                       for 1 */
    uint16_t *chi2; /* edges */
} replay_frame;

typedef struct replay_edge {
    uint32_t a, b; /* points, in the order of the factor */
    uint32_t factor;
    unsigned char kind;  /* scene_kind */
    unsigned char class; /* in classes */
} replay_edge;

enum { REPLAY_CLASSES = 64 };

typedef struct replay {
    const char *file;
    int spatial, dims, turns; /* numbers of a place and of a turn: 2 and 1, or 3 and 4 */
    double origin[3];
    size_t points;
    uint32_t *variable; /* of each point */
    int64_t *key;
    unsigned char *landmark, *prior; /* 1: it is one; it has one */
    size_t edges;
    replay_edge *edge; /* by kind, as they are painted, then by factor */
    const fgo_factor_class *classes[REPLAY_CLASSES];
    int class_count;
    replay_frame *frame;
    size_t frames, most_frames; /* as many as make a page of bearable size */
    int stride;                 /* of the iterations that are kept */
    fgo_iteration *iteration;   /* of the optimizer: all */
    size_t iterations, capacity;
    char outcome[96]; /* how it ended, or "" */
} replay;

/* Collects the points and edges of graph g in *out. Prints its error, as the functions below do. */
cli_exit replay_create(fgo_graph *g, const char *file, replay *out);
void replay_free(replay *r);

/* Appends a frame with the values of g, which is the graph of replay_create or a copy of it. */
cli_exit replay_add(replay *r, fgo_graph *g, const char *label, int iteration);

/* Optimizes g. The values before, the first estimate and the accepted iterations become frames of r. Returns the code that says
 * how the optimization ended; with CLI_STOPPED there is an estimate to show. */
cli_exit replay_optimize(replay *r, fgo_graph *g, const fgo_options *options);
#endif

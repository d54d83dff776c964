/* SPDX-License-Identifier: BSD-3-Clause */
/* world.c -- where the robot drives and which poses see each other again. */
#include "world.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

int world_close(world *w, size_t i, size_t j)
{
    if (w->closure_probability < 1.0 && random_uniform(&w->choice) >= w->closure_probability) return 0;
    if (w->closures == w->closure_capacity) {
        size_t capacity = w->closure_capacity + w->closure_capacity / 2 + 1024;
        world_closure *grown = realloc(w->closure, capacity * sizeof *grown);
        if (!grown) return -1;
        w->closure = grown;
        w->closure_capacity = capacity;
    }
    w->closure[w->closures++] = (world_closure){ i, j };
    return 0;
}

/* ---- Manhattan: streets every BLOCK metres in a square city, after E. Olson, ICRA 2006 (M3500) ---- */

enum { BLOCK = 4, NOT_A_LOOP = 10 }; /* a pose closes loops only with poses more than NOT_A_LOOP steps before */

static const int step_x[4] = { 1, 0, -1, 0 }, step_y[4] = { 0, 1, 0, -1 };

/* Chooses the heading after a crossing: straight on with probability 1/2, left or right with 1/4 each, but never out of the city.
 * */
static int turn_at_crossing(random_state *r, int64_t x, int64_t y, int64_t side, int heading)
{
    for (;;) {
        uint64_t draw = random_below(r, 4);
        int next = (heading + (draw == 0 ? 1 : draw == 1 ? 3 : 0)) % 4;
        int64_t nx = x + (int64_t)BLOCK * step_x[next], ny = y + (int64_t)BLOCK * step_y[next];
        if (nx >= 0 && nx <= side && ny >= 0 && ny <= side) return next;
    }
}

/* Returns the latest pose in cell (x, y) that is more than NOT_A_LOOP steps before pose i. */
static int64_t earlier_visit(const cells *c, int64_t x, int64_t y, size_t i)
{
    int64_t j = cells_latest(c, x, y, 0);
    while (j != CELL_NONE && (size_t)j + NOT_A_LOOP >= i) j = c->before[j];
    return j;
}

static int close_manhattan(world *w, const cells *c, int64_t x, int64_t y, size_t i)
{
    int64_t j = earlier_visit(c, x, y, i);
    for (int k = 0; k < 4 && j == CELL_NONE; k++) j = earlier_visit(c, x + step_x[k], y + step_y[k], i);
    return j == CELL_NONE ? 0 : world_close(w, i, (size_t)j);
}

int world_manhattan(world *w)
{
    /* 2 side^2 / BLOCK metres of streets: each is driven about once, as in M3500. */
    int64_t blocks = (int64_t)sqrt((double)w->poses / (2.0 * BLOCK)), side = BLOCK * (blocks < 2 ? 2 : blocks);
    int64_t x = side / BLOCK / 2 * BLOCK, y = x;
    int heading = 0, failed = 0;
    cells visited;
    if (cells_create(&visited, w->poses)) return -1;
    for (size_t i = 0; i < w->poses && !failed; i++) {
        if (i > 0) {
            x += step_x[heading];
            y += step_y[heading];
            if (x % BLOCK == 0 && y % BLOCK == 0) heading = turn_at_crossing(&w->walk, x, y, side, heading);
        }
        double *pose = w->truth + i * WORLD_PLANAR;
        pose[0] = (double)x;
        pose[1] = (double)y;
        pose[2] = heading == 3 ? -0.5 * pi : heading * 0.5 * pi;
        failed = close_manhattan(w, &visited, x, y, i);
        cells_add(&visited, x, y, 0, i);
    }
    cells_free(&visited);
    return failed;
}

/* ---- ring: once around a circle, one closure ---- */

int world_ring(world *w)
{
    double n = (double)w->poses, radius = n / (2.0 * pi);
    for (size_t i = 0; i < w->poses; i++) {
        double angle = 2.0 * pi * (double)i / n, s, c;
        portable_sincos(angle, &s, &c);
        double *pose = w->truth + i * WORLD_PLANAR;
        pose[0] = radius * s;
        pose[1] = radius * (1.0 - c);
        pose[2] = angle <= pi ? angle : angle - 2.0 * pi;
    }
    return w->poses > 2 ? world_close(w, w->poses - 1, 0) : 0;
}

/* ---- grid3d: a lattice of 1 m driven row by row; closures with the lattice neighbours driven before ---- */

/* Computes cell i of the cube in driving order: every other row and every other layer is driven backwards. */
static void lattice_cell(size_t i, size_t side, int64_t cell[3])
{
    size_t layer = i / (side * side), in_layer = i % (side * side);
    if (layer % 2) in_layer = side * side - 1 - in_layer;
    size_t row = in_layer / side, column = in_layer % side;
    cell[0] = (int64_t)(row % 2 ? side - 1 - column : column);
    cell[1] = (int64_t)row;
    cell[2] = (int64_t)layer;
}

/* Computes the rotation of a robot that looks where it goes: +-x and +-y by yaw, +z by pitch. */
static void look_along(const int64_t from[3], const int64_t to[3], double q[4])
{
    int64_t dx = to[0] - from[0], dy = to[1] - from[1];
    if (to[2] != from[2])
        quaternion_axis(1, -0.5 * pi, q);
    else
        quaternion_axis(2, dx > 0 ? 0.0 : dx < 0 ? pi : dy > 0 ? 0.5 * pi : -0.5 * pi, q);
}

static int close_lattice(world *w, const cells *c, const int64_t cell[3], size_t i)
{
    static const int neighbour[6][3] = { { -1, 0, 0 }, { 1, 0, 0 }, { 0, -1, 0 }, { 0, 1, 0 }, { 0, 0, -1 }, { 0, 0, 1 } };
    for (int k = 0; k < 6; k++) {
        int64_t j = cells_latest(c, cell[0] + neighbour[k][0], cell[1] + neighbour[k][1], cell[2] + neighbour[k][2]);
        if (j != CELL_NONE && (size_t)j + 1 < i && world_close(w, i, (size_t)j)) return -1;
    }
    return 0;
}

int world_grid3d(world *w)
{
    size_t side = 1;
    while (side * side * side < w->poses) side++;
    cells visited;
    if (cells_create(&visited, w->poses)) return -1;
    int failed = 0;
    for (size_t i = 0; i < w->poses && !failed; i++) {
        int64_t cell[3], next[3];
        lattice_cell(i, side, cell);
        double *pose = w->truth + i * WORLD_SPATIAL;
        for (int k = 0; k < 3; k++) pose[k] = (double)cell[k];
        if (i + 1 < w->poses || i == 0) {
            lattice_cell(i + 1, side, next);
            look_along(cell, next, pose + 3);
        } else {
            memcpy(pose + 3, pose + 3 - WORLD_SPATIAL, 4 * sizeof *pose); /* the last looks as the one before it */
        }
        failed = close_lattice(w, &visited, cell, i);
        cells_add(&visited, cell[0], cell[1], cell[2], i);
    }
    cells_free(&visited);
    return failed;
}

/* ---- sphere: a spiral from pole to pole, closures with the turn before (as sphere2500) ---- */

int world_sphere(world *w)
{
    size_t turn = (size_t)(sqrt((double)w->poses) + 0.5); /* poses a turn, and turns */
    if (turn < 3) turn = 3;
    double radius = (double)turn / (2.0 * pi); /* steps of 1 m at the equator */
    for (size_t i = 0; i < w->poses; i++) {
        double longitude = 2.0 * pi * (double)(i % turn) / (double)turn;
        double colatitude = pi * ((double)i + 0.5) / (double)w->poses, s, c, sl, cl, yaw[4], tilt[4];
        portable_sincos(colatitude, &s, &c);
        portable_sincos(longitude, &sl, &cl);
        double *pose = w->truth + i * WORLD_SPATIAL;
        pose[0] = radius * s * cl;
        pose[1] = radius * s * sl;
        pose[2] = -radius * c;
        /* x east, z outward: Rz(longitude + 90 degrees) Rx(pi - colatitude) */
        quaternion_axis(2, longitude + 0.5 * pi, yaw);
        quaternion_axis(0, pi - colatitude, tilt);
        quaternion_multiply(yaw, tilt, pose + 3);
        if (i >= turn && world_close(w, i, i - turn)) return -1;
    }
    return 0;
}

/* ---- torus: wound around the tube, closures with the turn before; the last turn closes with the first ---- */

int world_torus(world *w)
{
    size_t turn = (size_t)(sqrt(0.5 * (double)w->poses) + 0.5);
    if (turn < 3) turn = 3;
    size_t turns = w->poses / turn < 1 ? 1 : w->poses / turn;
    double tube = (double)turn / (2.0 * pi), ring = (double)(turns < turn ? 2 * turn : turns) / (2.0 * pi);
    for (size_t i = 0; i < w->poses; i++) {
        double theta = 2.0 * pi * (double)(i % turn) / (double)turn;
        double phi = 2.0 * pi * (double)i / (double)(turns * turn), st, ct, sp, cp, a[4], b[4], ab[4], flip[4];
        portable_sincos(theta, &st, &ct);
        portable_sincos(phi, &sp, &cp);
        double *pose = w->truth + i * WORLD_SPATIAL, reach = ring + tube * ct;
        pose[0] = reach * cp;
        pose[1] = reach * sp;
        pose[2] = tube * st;
        /* x along the winding, z outward: Rz(phi) Ry(-(90 degrees + theta)) Rx(180 degrees) */
        quaternion_axis(2, phi, a);
        quaternion_axis(1, -(0.5 * pi + theta), b);
        quaternion_axis(0, pi, flip);
        quaternion_multiply(a, b, ab);
        quaternion_multiply(ab, flip, pose + 3);
        if (i >= turn && world_close(w, i, i - turn)) return -1;
        size_t first = (turns - 1) * turn; /* of the last whole turn */
        if (turns > 2 && i >= first && i < turns * turn && world_close(w, i, i - first)) return -1;
    }
    return 0;
}

const char *const world_names[] = { "manhattan", "grid3d", "sphere", "torus", "ring", NULL };
const world_kind world_kinds[] = {
    { WORLD_PLANAR, world_manhattan }, { WORLD_SPATIAL, world_grid3d }, { WORLD_SPATIAL, world_sphere },
    { WORLD_SPATIAL, world_torus },    { WORLD_PLANAR, world_ring },
};

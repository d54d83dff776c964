/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel.h -- the arithmetic on one front. portable.c, avx2.c and avx512.c compile one source for several instruction sets. */
#ifndef FGOI_BLOCK_KERNEL_H
#define FGOI_BLOCK_KERNEL_H
#include "base/cpu.h"
#include "front.h"
#include <stdatomic.h>

/* The factorization of one front. Its strips are taken in groups of `tile`, beginning at strip 0. Groups are eliminated
 * in order, or at once if `ready` is not NULL: then each waits for the pivot strips before it. A group is updated when
 * all up to it are eliminated. */
typedef struct fgoi_front_job {
    const fgoi_front *front;
    double *F, *L;                 /* of this front */
    const double *L_update;        /* L of the update rows */
    const double *pivot_threshold; /* w: a pivot at or below its number means not positive definite */
    double *parent;                /* where the update goes: the parent's front, or U; NULL for a root */
    int parent_rows;
    const uint32_t *column; /* of each update row there */
    const uint32_t *segment_start;
    const fgoi_segment *segment;
    int stores;              /* the update is stored, not added */
    atomic_int *strips_done; /* pivot strips eliminated so far */
} fgoi_front_job;

typedef struct fgoi_block_kernels {
    fgoi_cpu level;
    int S, tile;
    /* Columns `columns` of F: clears them, for a leaf only the pivots, else what the first child will not store; */
    void (*clear)(const fgoi_layout *l, int front, double *F, fgoi_range columns);
    /* adds a child's update U, or stores it; */
    void (*extend)(const fgoi_layout *l, int child, const double *U, double *F, fgoi_range columns);
    /* adds H to pivots. least: gets 1e-14 of H's diagonal. */
    void (*add_H)(const fgoi_layout *l, int front, const double *values, double *F, double *pivot_threshold, fgoi_range columns);
    /* L of the rows of strips first .. first + tile - 1. Returns -1, or the pivot where it is not positive definite. */
    int (*eliminate)(const fgoi_front_job *job, int first);
    /* Their share of the update F22 - L21 L21', to the parent. */
    void (*update)(const fgoi_front_job *job, int first);
    /* y <- L^-1 y and x <- L'^-1 x of one front; y is in elimination order, t is room for strips * S numbers. */
    void (*forward)(const fgoi_layout *l, int front, const double *L, double *y, double *t);
    void (*backward)(const fgoi_layout *l, int front, const double *L, double *x, double *t);
    /* Of the inverse, whose fronts are squares: a front's update rows and columns from `from`, the parent's; */
    void (*gather)(const fgoi_front_job *job, const double *from, size_t from_ld, double *to, size_t ld);
    /* with these in F, columns ld apart, all of F, and its pivot columns to Z, where they lie as L's do in L. Y: strips
     * * S * S numbers. */
    void (*invert)(const fgoi_front_job *job, size_t ld, double *Y, double *Z);
} fgoi_block_kernels;

extern const fgoi_block_kernels fgoi_block_kernels_portable;
#ifdef FGOI_X86_LEVELS
extern const fgoi_block_kernels fgoi_block_kernels_avx2, fgoi_block_kernels_avx512;
#endif
const fgoi_block_kernels *fgoi_block_kernels_for(fgoi_cpu level);
#endif

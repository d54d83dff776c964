/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel.h -- the arithmetic on one front. portable.c, avx2.c and avx512.c compile one source for several instruction sets. */
#ifndef FGOI_BLOCK_KERNEL_H
#define FGOI_BLOCK_KERNEL_H
#include "base/cpu.h"
#include "front.h"
#include <stdatomic.h>

/* The operands of one front's factorization. Its strips are taken in groups of `tile`, beginning at strip 0. Groups are
 * eliminated in order; or at the same time if strips_done is not NULL, and then each waits for the pivot strips before it. A
 * group can be updated once it and all groups before it are eliminated. */
typedef struct fgoi_front_job {
    const fgoi_front *front;
    double *F, *L;                 /* of this front */
    const double *L_update;        /* L of the update rows */
    const double *pivot_threshold; /* w numbers: a pivot at or below its threshold means that H is not positive definite */
    double *parent;                /* where the update goes: the parent's F, or U; NULL for a root */
    int parent_rows;
    const uint32_t *column; /* of each update row there */
    const uint32_t *segment_start;
    const fgoi_segment *segment;
    int stores;              /* the update is stored, not added */
    atomic_int *strips_done; /* number of pivot strips eliminated so far */
} fgoi_front_job;

typedef struct fgoi_block_kernels {
    fgoi_cpu level;
    int S, tile;
    /* Clears the given columns of F: of a leaf the pivots, of other fronts what the first child does not store. */
    void (*clear)(const fgoi_layout *l, int front, double *F, fgoi_range columns);
    /* Adds the update U of a child to the given columns of its parent's F, or stores it. */
    void (*extend)(const fgoi_layout *l, int child, const double *U, double *F, fgoi_range columns);
    /* Adds H to the pivots among the given columns, and sets their pivot_threshold to 1e-14 of H's diagonal. */
    void (*add_H)(const fgoi_layout *l, int front, const double *values, double *F, double *pivot_threshold, fgoi_range columns);
    /* Computes L in strips first .. first + tile - 1. Returns -1, or the first pivot that fails its threshold. */
    int (*eliminate)(const fgoi_front_job *job, int first);
    /* Computes these strips' part of the update F22 - L21 L21' and sends it to the parent. */
    void (*update)(const fgoi_front_job *job, int first);
    /* Apply one front's part of y <- L^-1 y and of x <- L'^-1 x. y and x are in elimination order; t is scratch, strips * S
     * numbers. */
    void (*forward)(const fgoi_layout *l, int front, const double *L, double *y, double *t);
    void (*backward)(const fgoi_layout *l, int front, const double *L, double *x, double *t);
    /* For the inverse, whose fronts are squares: copies the front's update rows and columns from the parent's front. */
    void (*gather)(const fgoi_front_job *job, const double *from, size_t from_ld, double *to, size_t ld);
    /* Given these in F, whose columns are ld apart, computes the rest of F, and copies its pivot columns to Z, stored as L's
     * are in L. Y is scratch, strips * S * S numbers. */
    void (*invert)(const fgoi_front_job *job, size_t ld, double *Y, double *Z);
} fgoi_block_kernels;

extern const fgoi_block_kernels fgoi_block_kernels_portable;
#ifdef FGOI_X86_LEVELS
extern const fgoi_block_kernels fgoi_block_kernels_avx2, fgoi_block_kernels_avx512;
#endif

/* Returns the kernels for an instruction set; the portable ones if the build has no others. */
const fgoi_block_kernels *fgoi_block_kernels_for(fgoi_cpu level);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* cholesky.h -- the block solver's object, shared by its analysis and solve (cholesky.c), its factorization
 * (factorize.c) and the selected inverse (inverse.c). */
#ifndef FGOI_BLOCK_CHOLESKY_H
#define FGOI_BLOCK_CHOLESKY_H
#include "base/huge_alloc.h"
#include "block/kernel/kernel.h"
#include "matrix/linear.h"
#include "schedule.h"

/* Of one stage: the next task to take, and how many are done. */
typedef struct fgoi_progress {
    atomic_int next, done;
} fgoi_progress;

typedef struct fgoi_block_solver {
    fgoi_linear base;
    const fgoi_block_kernels *kernels;
    fgoi_layout layout;
    int workers;                /* threads that factorize; 1: no schedule */
    double min_threaded_cycles; /* of modelled work, from which on threads are used */
    fgoi_schedule schedule;
    fgoi_progress *progress; /* of each stage */
    atomic_int failed;       /* the first scalar, in elimination order, where H is not positive definite; INT_MAX */
    atomic_int strips_done;  /* pivot strips eliminated of the front that all work on */
    int n, *natural;         /* natural row of each scalar in elimination order */
    double *L, *arena, *y;
    double *t; /* of each worker, t_stride apart */
    size_t t_stride;
    int forward_done;        /* y is L^-1 b of the solve that comes next */
    double *pivot_threshold; /* of each worker, least_stride apart; the first is also that of fronts that all work on */
    size_t pivot_threshold_stride;
    fgoi_huge_block memory; /* of all of these and the values */
} fgoi_block_solver;

fgoi_outcome fgoi_block_factorize(fgoi_linear *ls, const double *b);

/* What the kernels are told of front f. least: room for its pivots' thresholds. */
fgoi_front_job fgoi_block_front_job(const fgoi_block_solver *s, int f, double *pivot_threshold);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* cholesky.h -- the block solver's object, shared by its analysis and solve (cholesky.c), its factorization
 * (factorize.c) and the selected inverse (inverse.c). */
#ifndef FGOI_BLOCK_CHOLESKY_H
#define FGOI_BLOCK_CHOLESKY_H
#include "base/huge_alloc.h"
#include "base/threads.h"
#include "block/kernel/kernel.h"
#include "matrix/pattern.h"
#include "schedule.h"

/* Of one stage: the next task to take, and how many are done. */
typedef struct fgoi_progress {
    atomic_int next, done;
} fgoi_progress;

typedef struct fgoi_block_solver {
    fgoi_threads *threads; /* of the request, as values of the report */
    double *values;        /* H */
    const fgoi_block_kernels *kernels;
    fgoi_layout layout;
    int workers;                /* threads that factorize; 1: no schedule */
    double min_threaded_cycles; /* modelled cost from which on threads are used */
    fgoi_schedule schedule;
    fgoi_progress *progress; /* of each stage */
    atomic_int failed;       /* first scalar, in elimination order, where H is not positive definite; INT_MAX: none */
    atomic_int strips_done;  /* of the front that all threads work on: pivot strips eliminated */
    int n, *natural;         /* number of scalars, and the row of H of each scalar in elimination order */
    double *L, *arena, *y;   /* y: the right-hand side and the solution, in elimination order */
    double *t;               /* scratch of forward and backward: t_stride numbers for each worker */
    size_t t_stride;
    int forward_done;        /* y is L^-1 b of the next solve */
    double *pivot_threshold; /* pivot_threshold_stride numbers for each worker; top fronts use the first worker's */
    size_t pivot_threshold_stride;
    fgoi_huge_block memory;       /* of L, arena, y, t, pivot_threshold and values */
    struct fgoi_inverse *inverse; /* NULL before the first invert */
    double *many;                 /* scratch of solve_many, NULL before the first */
    size_t many_stride;           /* of its vectors */
    fgoi_huge_block many_memory;
    atomic_size_t next_columns; /* right-hand sides to be taken, of solve_many */
} fgoi_block_solver;

fgo_outcome fgoi_block_factorize(void *self, const double *b, fgo_linear_report *report);

/* The optional operations of the interface, see fgopt/linear_solver.h. */
fgo_outcome fgoi_block_solve_many(void *self, double *B, size_t count, size_t ld, fgo_linear_report *report);
fgo_outcome fgoi_block_invert(void *self);
void fgoi_block_inverse_block(void *self, size_t row, int m, size_t col, int n, double *out, size_t ld);

/* Returns the kernels' operands for front f. pivot_threshold: room for the thresholds of its pivots. */
fgoi_front_job fgoi_block_front_job(const fgoi_block_solver *s, int f, double *pivot_threshold);
#endif

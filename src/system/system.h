/* SPDX-License-Identifier: BSD-3-Clause */
/* system.h -- the normal system  H delta = -b  of a problem, H = J' J and b = J' r (half the gradient of the cost).
 *
 * Each client has a system of its own, on a structure that clients share. A system is made once and evaluated many times, in two
 * phases,
 * each free of races and searches:
 *   1. runs of factors of one class write their whitened residuals r and Jacobians J side by side;
 *   2. each block of H is summed from its terms J_a' J_b in registers, in a fixed order, and stored once, where the linear solver
 *      wants it. So no block is ever zeroed or added to in memory, and the result is the same for any number of threads. */
#ifndef FGOI_SYSTEM_H
#define FGOI_SYSTEM_H
#include "base/huge_alloc.h"
#include "base/threads.h"
#include "matrix/jacobian.h"
#include "structure.h"

/* Memory for the Jacobians and residuals of one structure. J is NULL if there is none. */
typedef struct fgoi_room {
    double *J;
    fgoi_huge_block block;
} fgoi_room;

typedef struct fgoi_system {
    const fgoi_problem *problem;     /* borrowed, as is the structure */
    const fgoi_structure *structure; /* of the problem's graph */
    fgoi_pattern pattern;            /* the structure's; a restricted system has dimensions of its own in it */
    int restricted;
    const uint32_t *variable; /* the structure's: graph variable of each block column */
    const int32_t *column;    /* the structure's: block column of each graph variable, -1 if the variable is held whole */
    double *run_cost;         /* sum rho of each run; not finite if the run could not be evaluated */
    double *J, *r;
    double *r_trial;        /* where a pass without derivatives writes residuals; NULL: to r. With it r stays consistent with J */
    fgoi_room room;         /* of J and r */
    const fgoi_masks *held; /* the structure's, or own */
    fgoi_masks own;
    fgoi_slot *slot;    /* of each block; filled by the linear solver's analysis */
    fgoi_jacobian rows; /* empty unless fgoi_system_view_rows made it */
    int diagonal_only;  /* 1: gather only the diagonal blocks of H */
} fgoi_system;

/* Allocates a system. `problem` and `structure` must outlive it. `dim` is NULL, or says for each variable how many of its first
 * columns in J take part; the caller then writes J, names what is held by fgoi_system_mask, and gathers. `room` is NULL, or
 * memory that another system on the same structure has left: the new system takes it over if there is any. On failure *s is all
 * zero. */
fgo_status fgoi_system_create(const fgoi_problem *problem, const fgoi_structure *structure, const int *dim, fgoi_room *room,
                              fgoi_system *s);
void fgoi_system_free(fgoi_system *s);

/* Returns the memory of J and r, which the system no longer owns: all that may be done with the system afterwards is to free
 * it. */
fgoi_room fgoi_system_leave_room(fgoi_system *s);
void fgoi_room_free(fgoi_room *room);

/* Sets which scalars are held: held[i] is 1 for a scalar i, in natural order, whose row and column of H shall be those of the
 * unit matrix, and whose b shall be zero. */
fgo_status fgoi_system_mask(fgoi_system *s, const unsigned char *held);

/* Computes H = J' J into `values` and b = J' r from the present J and r. */
void fgoi_system_gather(fgoi_system *s, fgoi_threads *t, double *values, double *b);

/* Makes s->rows, for a linear solver that wants J. Afterwards only the diagonal blocks of H are gathered, and r stays that of
 * the last linearization. After a failure the caller frees the system. */
fgo_status fgoi_system_view_rows(fgoi_system *s);

/* Returns the cost, sum rho, at the ambient state x; not finite if some factor cannot be evaluated. Writes the residuals to
 * s->r_trial if the system has it, else to s->r. */
double fgoi_system_cost(fgoi_system *s, fgoi_threads *t, const double *x);

/* Returns the cost as fgoi_system_cost does; computes H into `values` (through s->slot) and b, pattern.offset[n] numbers in
 * natural order. Both stay as they are if the cost is not finite. */
double fgoi_system_linearize(fgoi_system *s, fgoi_threads *t, const double *x, double *values, double *b);

/* Returns the index in `values` of entry (d, d) of diagonal block j of H. */
static inline size_t fgoi_system_diagonal(const fgoi_system *s, int j, int d)
{
    const fgoi_slot *slot = &s->slot[s->pattern.start[j]];
    return slot->offset + (size_t)d * ((size_t)slot->ld + 1);
}

/* Computes x_new = retract(x, delta) for the free variables; the held values are in x_new already. */
void fgoi_system_retract(const fgoi_system *s, const double *x, const double *delta, double *x_new);

/* Returns the squared Euclidean norm of the ambient values of the free variables. */
double fgoi_system_norm2(const fgoi_system *s, const double *x);
#endif

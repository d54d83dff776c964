/* SPDX-License-Identifier: BSD-3-Clause */
/* system.h -- the normal system  H delta = -b  of a problem, H = J' J and b = J' r (half the gradient of the cost).
 *
 * One per client, on a structure that clients share; made once per structure, evaluated many times. Evaluation has two phases,
 * each free of races and searches:
 *   1. runs of factors of one class write their whitened residuals r and Jacobians J side by side;
 *   2. each block of H gathers its terms J_a' J_b from there in registers, in a fixed order, and is stored once, at the
 * place the linear solver chose. So no block is ever zeroed or added to in memory, and any number of threads gives one
 * result. */
#ifndef FGOI_SYSTEM_H
#define FGOI_SYSTEM_H
#include "base/huge_alloc.h"
#include "base/threads.h"
#include "matrix/jacobian.h"
#include "structure.h"

/* Memory for the Jacobians and residuals of one structure; none if J is NULL. */
typedef struct fgoi_room {
    double *J;
    fgoi_huge_block block;
} fgoi_room;

typedef struct fgoi_system {
    const fgoi_problem *problem;     /* borrowed, as is the next */
    const fgoi_structure *structure; /* of the problem's graph */
    fgoi_pattern pattern;            /* the structure's; of a restricted system with dimensions of its own */
    int restricted;
    const uint32_t *variable; /* the structure's: graph variable of each block column, */
    const int32_t *column;    /* and block column of each graph variable, -1 if it is held */
    double *run_cost;         /* sum rho of each run; not finite if it could not be evaluated */
    double *J, *r;
    double *r_trial;        /* where a value-only pass writes: NULL for r, else its own memory, so that r stays with J */
    fgoi_room room;         /* of J and r */
    const fgoi_masks *held; /* the structure's, or own */
    fgoi_masks own;
    fgoi_slot *slot;    /* of each block; filled by the linear solver's analysis */
    fgoi_jacobian rows; /* empty without fgoi_system_view_rows */
    int diagonal_only;  /* gather no other blocks of H */
} fgoi_system;

/* Makes the memory of a system. Problem and structure must outlive it. dim: NULL, or how many of the first columns of each
 * variable in J take part; then the caller writes J, tells what is held by fgoi_system_mask, and gathers. room: NULL, or what
 * another system on the same structure has left, which becomes this one's if there is any. On failure *s is all zero. */
fgo_status fgoi_system_create(const fgoi_problem *problem, const fgoi_structure *structure, const int *dim, fgoi_room *room,
                              fgoi_system *s);
void fgoi_system_free(fgoi_system *s);

/* Takes the room out of a system that is then only to be freed. */
fgoi_room fgoi_system_leave_room(fgoi_system *s);
void fgoi_room_free(fgoi_room *room);

/* held: of each scalar in natural order, 1 if its row and column of H shall be the unit matrix's, and its b zero. */
fgo_status fgoi_system_mask(fgoi_system *s, const unsigned char *held);

/* H = J' J into values and b = J' r from the J and r that are there. */
void fgoi_system_gather(fgoi_system *s, fgoi_threads *t, double *values, double *b);

/* Makes s->rows, for a linear solver that wants J: from now on H's diagonal blocks only are gathered, and r stays as of the
 * last linearization. On failure the system is to be freed. */
fgo_status fgoi_system_view_rows(fgoi_system *s);

/* sum rho at the ambient state x; not finite if some factor cannot be evaluated. Writes s->r, or s->r_trial if that is
 * there. */
double fgoi_system_cost(fgoi_system *s, fgoi_threads *t, const double *x);

/* The same, and H into values (through s->slot) and b, pattern.offset[n] numbers in natural order. */
double fgoi_system_linearize(fgoi_system *s, fgoi_threads *t, const double *x, double *values, double *b);

/* The index in values of entry (d, d) of H's diagonal block j. */
static inline size_t fgoi_system_diagonal(const fgoi_system *s, int j, int d)
{
    const fgoi_slot *slot = &s->slot[s->pattern.start[j]];
    return slot->offset + (size_t)d * ((size_t)slot->ld + 1);
}

/* x_new = retract(x, delta) for the free variables; x_new has x's held values already. */
void fgoi_system_retract(const fgoi_system *s, const double *x, const double *delta, double *x_new);

/* Squared Euclidean norm of the ambient values of the free variables. */
double fgoi_system_norm2(const fgoi_system *s, const double *x);
#endif

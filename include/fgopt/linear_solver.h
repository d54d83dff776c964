/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_solver.h -- the interface of linear solvers, for programs that bring their own.
 *
 * An optimizer linearizes the graph and solves H dx = -b again and again, where H = J' J is a symmetric matrix of small dense
 * blocks and b = J' r. A linear solver knows that matrix and never a factor. It is a table of functions, fgo_linear_solver_class,
 * and an object that they share. Its life:
 *
 *   create      makes an empty object.
 *   analyze     reads a request (which blocks exist, what is wanted), chooses its ordering and its storage, says for every block
 *               where the entries are to be written (fgo_block_slot), allocates all memory that it will need, and reports.
 *   factorize   factorizes H, which the caller has written to report->values. Must neither change these values nor allocate.
 *   solve       turns b into H^-1 b; any number of times after a factorization.
 *   free        frees the object.
 *
 * Vectors are in the natural order of the request's pattern. Results must not depend on the number of threads, to the last bit.
 * options.linear_solver_class makes fgo_solve use a solver; fgo_check_linear_solver tests it. One thread at a time uses an
 * object, any number of threads a class. Clients ask solvers for capabilities, never for a name. docs/extend/linear-solver.md has
 * an example. */
#ifndef FGOPT_LINEAR_SOLVER_H
#define FGOPT_LINEAR_SOLVER_H
#include <fgopt/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The blocks of the lower triangle of H by block columns. Block column j is dim[j] wide, begins at entry offset[j] of a vector
 * and has the block rows row[start[j]] .. row[start[j + 1] - 1], ascending, the diagonal block first. For reading only. */
typedef struct fgo_block_pattern {
    int n;          /* block columns */
    int *dim;       /* n */
    size_t *offset; /* n + 1; offset[n] is the size of H */
    size_t *start;  /* n + 1; start[n] is the number of blocks */
    int *row;       /* start[n] */
} fgo_block_pattern;

/* Where a linear solver wants one block: entry (i, j) of the block at values[offset + j * ld + i], or with i and j exchanged if
 * transposed. Diagonal blocks are written whole. */
typedef struct fgo_block_slot {
    size_t offset;
    int32_t ld;
    int32_t transposed;
} fgo_block_slot;

/* Threads that sleep between calls. NULL stands for the caller alone, in every function. */
typedef struct fgo_threads fgo_threads;
/* Returns how many threads work at once, the caller included. */
FGO_API int fgo_threads_count(FGO_OPTIONAL const fgo_threads *threads);
/* Calls work(context, part) for part = 0 .. parts - 1, each once, in any order and by any thread; returns when all are done. */
FGO_API void fgo_threads_run(FGO_OPTIONAL fgo_threads *threads, size_t parts, void (*work)(void *context, size_t part),
                             FGO_OPTIONAL void *context);

/* J and r by rows, for solvers that multiply by J instead of factorizing J' J. A vector over the columns has columns + padding
 * entries, because columns of held variables point to the padding, which must be zero in a vector that J multiplies. */
typedef struct fgo_jacobian fgo_jacobian;
typedef struct fgo_jacobian_size {
    size_t rows, columns, padding;
} fgo_jacobian_size;
/* Returns the dimensions of J. */
FGO_API fgo_jacobian_size fgo_jacobian_dimensions(const fgo_jacobian *J);
/* Returns r of the last linearization, one number for each row. */
FGO_API const double *fgo_jacobian_residual(const fgo_jacobian *J);
/* Computes q = J p. Returns |q|^2. p: columns + padding numbers, q: rows. */
FGO_API double fgo_jacobian_multiply(const fgo_jacobian *J, const double *p, double *q);
/* Computes d -= alpha q, then s = J' d, in one pass over J. d and q have one number per row, s has columns + padding numbers, of
 * which the padding has no meaning. */
FGO_API void fgo_jacobian_subtract(const fgo_jacobian *J, double alpha, const double *q, double *d, double *s);

/* What a class can do beyond solving with one right-hand side. A class has the bits of its traits, and those of its optional
 * operations that are not NULL: see fgo_linear_solver_capabilities. */
typedef enum fgo_linear_capability {
    FGO_LINEAR_IS_EXACT = 1,           /* solves to rounding; without it, to request->tolerance */
    FGO_LINEAR_WANTS_ROWS = 2,         /* receives request->jacobian, only diagonal blocks in values, and damping separately */
    FGO_LINEAR_FINDS_RANK = 4,         /* reports a matrix that is singular up to rounding as not positive definite, too */
    FGO_LINEAR_TELLS_ORDER = 8,        /* report->elimination is set */
    FGO_LINEAR_ORDERS_LAST = 16,       /* obeys request->eliminate_last */
    FGO_LINEAR_ELIMINATES_GROUPS = 32, /* obeys request->eliminate_first; reserved for Schur complements, no built-in has it */
    FGO_LINEAR_SOLVES_MANY = 64,       /* solve_many */
    FGO_LINEAR_INVERTS = 128,          /* invert and inverse_block */
    FGO_LINEAR_UPDATES = 256           /* update */
} fgo_linear_capability;

typedef enum fgo_preconditioner {
    FGO_PRECONDITIONER_NONE = 0,
    FGO_PRECONDITIONER_BLOCK_JACOBI /* the inverse of each variable's diagonal block of H, damped */
} fgo_preconditioner;

/* The request that the library passes to analyze. It is valid until the next analysis or free, except members that say
 * otherwise. */
typedef struct fgo_linear_request {
    size_t size; /* sizeof(fgo_linear_request) of the library: later members may follow */
    const fgo_block_pattern *pattern;
    fgo_threads *threads;                /* may be NULL */
    const unsigned char *eliminate_last; /* NULL, or 1 for each block column to be eliminated after all others; in analyze only */
    const int *eliminate_first;          /* NULL, or the group of each block column, -1: none. Groups are eliminated in ascending
                                          * order before all else, each one without fill between its columns; in analyze only */
    const fgo_jacobian *jacobian;        /* NULL without FGO_LINEAR_WANTS_ROWS; else the J and r from which H and b come */
    double tolerance;                    /* for solvers that are not exact: bound on |b - H x| / |b| */
    int max_iterations;                  /* for solvers that are not exact, per solve; 0: until the tolerance is reached */
    int preconditioner;                  /* for solvers that are not exact: fgo_preconditioner */
    const void *symbolic;                /* for the built-in solvers; in analyze only */
} fgo_linear_request;

/* What a solver reports. The library clears it before analyze, and sets failed_at to SIZE_MAX before each factorization. */
typedef struct fgo_linear_report {
    size_t size;               /* sizeof(fgo_linear_report) of the library */
    double *values;            /* H, as the slots say. Entries that no slot covers belong to the solver */
    double *damping;           /* NULL, or with WANTS_ROWS the number that is added to each diagonal entry of J' J */
    const char *factorization; /* constant text of at most 23 characters: "supernodal", "block, METIS" */
    size_t nonzeros_L;
    double flops;             /* of one factorization */
    size_t bytes;             /* memory that the solver holds for numbers: H, L and vectors */
    const int *elimination;   /* NULL, or the row of H that is eliminated i-th; the rows of a block follow each other */
    size_t failed_at;         /* after NOT_POSITIVE_DEFINITE: the row of H where the factorization failed, SIZE_MAX if unknown */
    size_t iterations;        /* to which solvers that iterate add their iterations */
    size_t unfinished_solves; /* to which they add the solves that ended above the tolerance */
} fgo_linear_report;

/* How a factorization or a solve ended. */
typedef enum fgo_outcome {
    FGO_OUTCOME_SOLVED = 0,
    FGO_OUTCOME_NOT_POSITIVE_DEFINITE, /* an ordinary event: the optimizer damps more */
    FGO_OUTCOME_OUT_OF_MEMORY
} fgo_outcome;

/* A kind of linear solver. `self` is the object that create made. The first block of functions is required; in the second, NULL
 * is allowed. */
typedef struct fgo_linear_solver_class {
    size_t size;      /* sizeof(fgo_linear_solver_class) */
    const char *name; /* one word */
    unsigned traits;  /* fgo_linear_capability bits that no operation implies */
    fgo_status (*create)(void **self);
    /* Fills slot[k] for each block k of the pattern, and the report. May be called again with another request. */
    fgo_status (*analyze)(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report);
    /* Factorizes H. b: NULL, or the right-hand side of the next solve, which the solver may begin while L is in the cache. Values
     * that are NaN are reported as not positive definite, or make the solution NaN. */
    fgo_outcome (*factorize)(void *self, const double *b, fgo_linear_report *report);
    /* Turns b into H^-1 b. With FGO_LINEAR_WANTS_ROWS b is -J' r, r the residual in request->jacobian. */
    fgo_outcome (*solve)(void *self, double *b, fgo_linear_report *report);
    void (*free)(void *self); /* NULL is fine */

    /* Turns each column B + k * ld, k < count, into H^-1 times that column, to rounding as solve does; ld is at least the size of
     * H. May allocate. */
    fgo_outcome (*solve_many)(void *self, double *B, size_t count, size_t ld, fgo_linear_report *report);
    /* Prepares inverse_block; called once after a factorization. May allocate. */
    fgo_outcome (*invert)(void *self);
    /* Copies rows row .. row + m - 1 and columns col .. col + n - 1 of H^-1 to out[i * ld + j]. Each of the two ranges lies
     * within one block. */
    void (*inverse_block)(void *self, size_t row, int m, size_t col, int n, double *out, size_t ld);
    /* Reserved: factorizes anew where only the values of block columns j with changed[j] != 0 have changed. */
    fgo_outcome (*update)(void *self, const unsigned char *changed, fgo_linear_report *report);
} fgo_linear_solver_class;

/* Returns the fgo_linear_capability bits of a class: its traits, and those that its operations imply. 0 for NULL. */
FGO_API unsigned fgo_linear_solver_capabilities(const fgo_linear_solver_class *c);

/* ---- is a linear solver right? ---- */

typedef enum fgo_linear_fault {
    FGO_LINEAR_FAULT_NONE = 0,
    FGO_LINEAR_FAULT_CLASS,        /* a needed function or the name is NULL, or the size is too small */
    FGO_LINEAR_FAULT_STATUS,       /* create, analyze, or a solve of a well-conditioned system failed */
    FGO_LINEAR_FAULT_REPORT,       /* values NULL, no factorization's name, or an elimination that is no permutation */
    FGO_LINEAR_FAULT_SLOTS,        /* two entries have the same place */
    FGO_LINEAR_FAULT_VALUES,       /* factorize or solve changed H */
    FGO_LINEAR_FAULT_SOLUTION,     /* x is too far from that of a Cholesky factorization in long double */
    FGO_LINEAR_FAULT_ACCEPTED,     /* a matrix that is not positive definite, or singular, was reported as solved */
    FGO_LINEAR_FAULT_ROW,          /* failed_at is not the row that makes H not positive definite */
    FGO_LINEAR_FAULT_NOT_FINITE,   /* an H with NaN was reported as solved, with finite numbers */
    FGO_LINEAR_FAULT_NOT_REPEATED, /* the same numbers give other bits the second time */
    FGO_LINEAR_FAULT_THREADS,      /* other bits with other threads */
    FGO_LINEAR_FAULT_ORDER,        /* eliminate_last or eliminate_first was not obeyed */
    FGO_LINEAR_FAULT_MANY,         /* solve_many gives other solutions than solve */
    FGO_LINEAR_FAULT_INVERSE,      /* a block of the inverse is too far from the inverse in long double */
    FGO_LINEAR_FAULT_UPDATE        /* update gives other solutions than factorize */
} fgo_linear_fault;

typedef struct fgo_linear_check {
    fgo_linear_fault fault; /* the first that was found */
    char message[160];      /* one line about the fault, "" without one */
    size_t problems;        /* number of matrices */
    double error;           /* largest |x - x'| / (|x'| condition) of an exact solver, relative to the unit roundoff; of others
                             * that of the residual, relative to the tolerance */
} fgo_linear_check;

/* Tests a linear solver on random block matrices of many shapes: 1 x 1, blocks of 1 to 9, from diagonal to full; against a
 * Cholesky factorization in long double, with several right-hand sides, with matrices that are indefinite, singular and not
 * finite, with one to four threads, and with all its optional operations. Takes less than a second for a solver that is not slow.
 * FGO_OK says that the test could be made, out->fault what was found.
 *
 * Example: fgo_linear_check check;
 *          if (!fgo_check_linear_solver(&my_class, &check) && check.fault) puts(check.message); */
FGO_API fgo_status fgo_check_linear_solver_sized(const fgo_linear_solver_class *c, fgo_linear_check *out, size_t out_size);
static inline fgo_status fgo_check_linear_solver(const fgo_linear_solver_class *c, fgo_linear_check *out)
{
    return fgo_check_linear_solver_sized(c, out, sizeof *out);
}

#ifdef __cplusplus
}
#endif
#endif

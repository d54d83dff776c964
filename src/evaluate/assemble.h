/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.h -- the kernels of linearization that are compiled once per instruction set and chosen at run time. They serve
 * the block sizes of pose graphs; system.c and evaluate.c compute all others in plain C. */
#ifndef FGOI_ASSEMBLE_H
#define FGOI_ASSEMBLE_H
#include "base/cpu.h"
#include <stddef.h>
#include <stdint.h>

/* The contribution of one factor to one block: the offsets J of its Jacobian, row-major and `ld` wide, and r of its residual; a
 * and b are the first columns of the two variables. */
typedef struct fgoi_term {
    uint32_t J, r;
    uint16_t rows, ld, a, b;
} fgoi_term;

/* Numbers that kernels may read beyond the end of the Jacobians, which are padded by this. */
enum { FGOI_JACOBIAN_PADDING = 8 };

enum { FGOI_GATHERED = 6 }; /* the largest block with a kernel */

/* Sums J_p' J_q over terms: an n x n block with entry (i, j) at out[i * ld + j]. p is column a of a term and q column b; with
 * swap, p is b and q is a. b, if not NULL, receives n numbers, the sum of J_q' r. */
typedef void fgoi_gather(const fgoi_term *term, const fgoi_term *end, const double *J, const double *r, int swap, double *out,
                         size_t ld, double *b);

/* Computes J = W J in place for `count` factors; W: upper triangles, packed by rows. */
typedef void fgoi_whiten(size_t count, const double *W, double *J);

typedef struct fgoi_assemble_kernels {
    fgoi_cpu level;
    fgoi_gather *gather[FGOI_GATHERED + 1]; /* by n; NULL where the general code does it */
    fgoi_whiten *whiten_3x6, *whiten_6x12;  /* between factors of SE(2), SE(3) */
} fgoi_assemble_kernels;

/* Returns the kernels of fgoi_cpu_level(). */
const fgoi_assemble_kernels *fgoi_assemble(void);
#endif

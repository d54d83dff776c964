/* SPDX-License-Identifier: BSD-3-Clause */
/* assemble.h -- the kernels of linearization that are compiled once per instruction set and chosen at run time. They serve
 * the sizes that pose graphs are made of; system.c and evaluate.c do all others in plain C. */
#ifndef FGOI_ASSEMBLE_H
#define FGOI_ASSEMBLE_H
#include "base/cpu.h"
#include <stddef.h>
#include <stdint.h>

/* The share of one factor in one block. J + J is its Jacobian, row-major, `ld` wide; a and b its first columns. */
typedef struct fgoi_term {
    uint32_t J, r;
    uint16_t rows, ld, a, b;
} fgoi_term;

/* Numbers that kernels may read beyond the end of the Jacobians, which are padded by this. */
enum { FGOI_JACOBIAN_PADDING = 8 };

enum { FGOI_GATHERED = 6 }; /* the largest block with a kernel */

/* The sum over terms of J_p' J_q, an n x n block with entry (i, j) at out[i * ld + j]. p is column a of a term and q column
 * b, or the other way round if swap. b, if not NULL: n numbers, the sum of J_q' r. */
typedef void fgoi_gather(const fgoi_term *term, const fgoi_term *end, const double *J, const double *r, int swap, double *out,
                         size_t ld, double *b);

/* J = W J in place for `count` factors; W upper triangles, packed by rows. */
typedef void fgoi_whiten(size_t count, const double *W, double *J);

typedef struct fgoi_assemble_kernels {
    fgoi_cpu level;
    fgoi_gather *gather[FGOI_GATHERED + 1]; /* by n; NULL where the general code does it */
    fgoi_whiten *whiten_3x6, *whiten_6x12;  /* between factors of SE(2), SE(3) */
} fgoi_assemble_kernels;

/* Those of fgoi_cpu_level(). */
const fgoi_assemble_kernels *fgoi_assemble(void);
#endif

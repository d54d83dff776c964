/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.h -- how many bytes the whole program, libraries included, holds at most between two moments. */
#ifndef FGOPT_BENCH_MEMORY_H
#define FGOPT_BENCH_MEMORY_H
#include <stddef.h>

/* From now on the most is counted from what is held at this moment. */
void memory_begin(void);

/* Whether mmap is refused, so that a library that can do without asks malloc for the same: what is asked for then counts, not
 * the pages that it takes. */
void memory_refuse_maps(int refused);

/* Between two phases of the work: what malloc gave and took back before is not added to what is mapped and touched
 * after. */
void memory_phase(void);

/* The most bytes held since, more than at that moment. Mapped memory counts as far as it was touched. */
size_t memory_most(void);
#endif

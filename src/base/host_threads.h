/* SPDX-License-Identifier: BSD-3-Clause */
/* host_threads.h -- OpenMP and BLAS with one thread for a while, and the host's settings back afterwards.
 *
 * Debian's CHOLMOD 3 runs the assembly of each small supernode in an OpenMP team of 4, and OpenBLAS adds its own
 * threads: together three to six times the time of the factorization itself (SuiteSparse issues 1, 34, 140). */
#ifndef FGOI_HOST_THREADS_H
#define FGOI_HOST_THREADS_H

typedef struct fgoi_host_threads {
    int omp_levels;
} fgoi_host_threads;

/* Sets OpenMP and BLAS to one thread, and returns the settings to be restored. Calls may nest and come from several threads at
 * once: the OpenMP setting belongs to the calling thread. The OpenBLAS setting belongs to the process, so its callers are
 * counted, and the setting comes back when the last caller is done. */
fgoi_host_threads fgoi_host_threads_quiet(void);
void fgoi_host_threads_restore(fgoi_host_threads before);
#endif

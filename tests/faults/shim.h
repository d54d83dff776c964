/* SPDX-License-Identifier: BSD-3-Clause */
/* shim.h -- the C library's allocations and file operations, of this program and of every library in it, counted, and
 * one of them made to fail. Linked into a test program, whose definitions come before the C library's (glibc). Not with
 * sanitizers or under valgrind, which bring their own. */
#ifndef FGOPT_TESTS_FAULTS_SHIM_H
#define FGOPT_TESTS_FAULTS_SHIM_H

typedef enum fault_kind {
    FAULT_NONE,
    FAULT_MEMORY,   /* an allocation returns NULL */
    FAULT_FILE,     /* an operation on a file fails with `error` */
    FAULT_SHORT,    /* a read or write moves half of what was asked for */
    FAULT_INTERRUPT /* SIGINT arrives at an allocation or an operation on a file */
} fault_kind;

/* From now on operations of the kind are counted, and that of number `at`, from 0, fails; -1: none does. */
void fault_arm(fault_kind kind, long at, int error);
/* Ends that; how many operations there were. */
long fault_disarm(void);
/* Blocks that are allocated and not freed. */
long fault_live_blocks(void);
#endif

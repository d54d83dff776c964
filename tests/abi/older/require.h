/* SPDX-License-Identifier: BSD-3-Clause */
/* require.h -- what the programs of this folder share: a check that says where it failed, and structs between guards. */
#ifndef REQUIRE_H
#define REQUIRE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(CONDITION)                                                                                                       \
    do {                                                                                                                         \
        if (!(CONDITION)) {                                                                                                      \
            fprintf(stderr, "%s:%d: not so: %s; last message: %s\n", __FILE__, __LINE__, #CONDITION, fgo_last_message());        \
            exit(1);                                                                                                             \
        }                                                                                                                        \
    } while (0)

enum { GUARD = 512, PATTERN = 0xa5 };

/* A struct of a type, with bytes after it that nobody may write. */
#define GUARDED(TYPE, NAME)                                                                                                      \
    struct {                                                                                                                     \
        TYPE is;                                                                                                                 \
        unsigned char guard[GUARD];                                                                                              \
    } NAME;                                                                                                                      \
    memset(&(NAME), PATTERN, sizeof(NAME))

static inline int is_untouched(const unsigned char *guard)
{
    for (int i = 0; i < GUARD; i++)
        if (guard[i] != PATTERN) return 0;
    return 1;
}

/* A loop of three poses whose measurements do not close, far from its optimum. */
static const char text[] =
    "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 0.5 0.5 1\nVERTEX_SE2 2 3 1 -1\n"
    "EDGE_SE2 0 1 1 0 0.1 1 0 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\nEDGE_SE2 0 2 2.2 0.3 0.1 1 0 0 1 0 1\n";
#endif

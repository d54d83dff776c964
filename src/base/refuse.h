/* SPDX-License-Identifier: BSD-3-Clause */
/* refuse.h -- how exported functions refuse arguments, by the rule of fgopt/status.h. */
#ifndef FGOI_REFUSE_H
#define FGOI_REFUSE_H
#include "error.h"
#include "sized.h"
#include <stddef.h>

/* Returns FGO_ERROR_ARGUMENT from the calling function, with a message that names it and the pointer, if the pointer is NULL. */
#define FGOI_REQUIRE(pointer)                                                                                                    \
    do {                                                                                                                         \
        if (!(pointer)) return fgoi_refuse_null(__func__, #pointer), FGO_ERROR_ARGUMENT;                                         \
    } while (0)

/* Returns FGO_ERROR_ARGUMENT in the same manner if the array `pointer` of `count` elements is NULL, unless it has no elements, or
 * if no array can have `count` elements. */
#define FGOI_REQUIRE_ARRAY(pointer, count)                                                                                       \
    do {                                                                                                                         \
        if (fgoi_refuses_array(__func__, #pointer, (pointer), (size_t)(count))) return FGO_ERROR_ARGUMENT;                       \
    } while (0)

/* Returns FGO_ERROR_ARGUMENT in the same manner if an enumerator or a number is not in first .. last. */
#define FGOI_REQUIRE_RANGE(number, first, last)                                                                                  \
    do {                                                                                                                         \
        if (fgoi_refuses_range(__func__, #number, (int)(number), (first), (last))) return FGO_ERROR_ARGUMENT;                    \
    } while (0)

/* Returns FGO_ERROR_ARGUMENT in the same manner for an impossible size of a caller's struct that the function fills in
 * (base/sized.h). */
#define FGOI_REQUIRE_SIZE(size)                                                                                                  \
    do {                                                                                                                         \
        if ((size) > FGOI_LARGEST_STRUCT) return fgoi_refuse_size(__func__, #size, (size)), FGO_ERROR_ARGUMENT;                  \
    } while (0)

/* Leaves the message that an argument is NULL. A function's name is written without the _sized at its end. */
void fgoi_refuse_null(const char *function, const char *argument);

/* Leaves the message that an argument is no size of a struct. */
void fgoi_refuse_size(const char *function, const char *argument, size_t size);

/* Returns whether an array of `count` elements cannot be, and then leaves the message that this argument is refused. */
int fgoi_refuses_array(const char *function, const char *argument, const void *pointer, size_t count);

/* Returns whether a number is outside of first .. last, and then leaves the message that this argument is refused. */
int fgoi_refuses_range(const char *function, const char *argument, int number, int first, int last);
#endif

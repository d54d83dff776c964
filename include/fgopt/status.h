/* SPDX-License-Identifier: BSD-3-Clause */
/* status.h -- error codes and their text, and the rule for arguments that functions refuse.
 *
 * Every function that can fail returns an fgo_status: 0 is success, negative values are errors. Results come through the
 * last out-parameters. How an optimization ended is not an error: see fgo_termination.
 *
 * One rule holds for the arguments of all exported functions. Refused are
 *   - NULL for a pointer, unless its parameter is marked FGO_OPTIONAL. Arrays without elements may be NULL: those whose count is 0,
 *     measurements of 0 bytes. Functions that free an object do nothing with NULL;
 *   - a number that is out of range: of a variable, factor, group or degree of freedom that does not exist, a dimension, a count that
 *     no machine can hold, an enumerator or a bit that is not defined; and NaN;
 *   - a number of threads other than 0, which is automatic (fgo_options.threads), and 1 .. FGO_MAX_THREADS;
 *   - a key that no variable of the graph has.
 * A function that returns an fgo_status answers a key with FGO_ERROR_KEY and all else with FGO_ERROR_ARGUMENT, and
 * fgo_last_message() says what was refused; for NULL it names the function and the argument. A function that returns something else
 * answers with the neutral value, 0, NULL or NaN, unless its comment names another, or does nothing if it returns nothing. It
 * leaves the last message as it is. Whatever is refused changes neither results nor arguments. */
#ifndef FGOPT_STATUS_H
#define FGOPT_STATUS_H
#include <fgopt/export.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { FGO_MAX_THREADS = 256 };

typedef enum fgo_status {
    FGO_OK = 0,
    FGO_ERROR_ARGUMENT = -1,    /* a null pointer, a number out of range or not finite */
    FGO_ERROR_MEMORY = -2,      /* an allocation failed */
    FGO_ERROR_KEY = -3,         /* no variable has this key, or two would */
    FGO_ERROR_TYPE = -4,        /* a variable's manifold is not the one its factor wants */
    FGO_ERROR_INFORMATION = -5, /* an information matrix is not symmetric positive semi-definite */
    FGO_ERROR_IO = -6,          /* a file cannot be opened, read or written */
    FGO_ERROR_PARSE = -7,       /* a file's content is wrong; the text has file:line:column */
    FGO_ERROR_TOO_LARGE = -8,   /* a size exceeds what the solver or the machine can address */
    FGO_ERROR_UNSUPPORTED = -9, /* this build or this file format cannot express it */
    FGO_ERROR_EVALUATE = -10,   /* a factor's evaluate function reported failure, or its result is not finite */
    FGO_ERROR_SINGULAR = -11    /* the factors do not determine all variables */
} fgo_status;

/* Returns a short constant English text for a status, "unknown status" for other numbers; never NULL. */
FGO_API const char *fgo_status_text(fgo_status status);

/* Returns the message of the last failed call in this thread: one line, no newline at its end, "" if none failed yet. The
 * message stays valid until the next failing call in this thread. Objects keep no message, so reading an object changes nothing
 * and several threads may do it at once. */
FGO_API const char *fgo_last_message(void);

#ifdef __cplusplus
}
#endif
#endif

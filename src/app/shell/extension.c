/* SPDX-License-Identifier: BSD-3-Clause */
/* extension.c -- manifolds and factor classes that somebody has written in C, from a shared library: it finds the functions of
 * libfgopt in the program, which exports them. */
#include "cli.h"
#include <dlfcn.h>
#include <string.h>

typedef fgo_status entry(void);

/* Returns how many manifolds, factor classes and formats are known. */
static size_t count_known(void)
{
    size_t manifolds = 0, classes = 0, formats = 0;
    while (fgo_manifold_get(manifolds)) manifolds++;
    while (fgo_factor_class_row(classes)) classes++;
    while (fgo_format_of((fgo_format)(formats + 1))) formats++;
    return manifolds + classes + formats;
}

/* Returns the function of the library at `path` that registers its classes, or NULL with the reason in `why`. The library stays
 * loaded, because the registered classes point into it. */
static entry *find_entry(const char *path, char why[CLI_WHY_SIZE])
{
    char in_folder[4096]; /* a name without a folder would be looked for where the system has its libraries */
    snprintf(in_folder, sizeof in_folder, "%s%s", strchr(path, '/') ? "" : "./", path);
    void *library = dlopen(in_folder, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        snprintf(why, CLI_WHY_SIZE, "%s", dlerror());
        return NULL;
    }
    const union {
        void *symbol;
        entry *function;
    } found = { dlsym(library, "fgopt_extension") }; /* POSIX has both alike, C has no conversion */
    if (!found.symbol) snprintf(why, CLI_WHY_SIZE, "%s has no function fgopt_extension, which registers what is in it", path);
    dlclose(library);
    return found.function;
}

int cli_set_extension(const cli_option *option, const char *text, void *field, char *why)
{
    (void)option, (void)field;
    const size_t before = count_known();
    entry *function = find_entry(text, why);
    if (!function) return -1;
    if (function())
        snprintf(why, CLI_WHY_SIZE, "%s", fgo_last_message());
    else if (count_known() == before)
        snprintf(why, CLI_WHY_SIZE, "%s registers nothing that is not known", text);
    else
        return 0;
    return -1;
}

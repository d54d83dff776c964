/* SPDX-License-Identifier: BSD-3-Clause */
/* manifolds.c -- the table of built-in manifolds: one row each. */
#include "base/refuse.h"
#include "rn_name.h"
#include "traits.h"
#include <fgopt/manifold.h>
#include <string.h>

static const fgo_manifold *const all[] = { &fgo_manifold_so2, &fgo_manifold_se2, &fgo_manifold_so3, &fgo_manifold_se3 };
enum { COUNT = sizeof all / sizeof *all };

const fgo_manifold *const *fgo_manifolds(size_t *count)
{
    if (count) *count = COUNT;
    return all;
}

/* n of "Rn" without leading zeros; 0 if the name is another. */
static int dimension_of(const char *name)
{
    int n = 0;
    if (name[0] != 'R') return 0;
    for (const char *p = name + 1; *p >= '0' && *p <= '9' && n <= FGO_MAX_DIMENSION; p++) n = 10 * n + (*p - '0');
    return n >= 1 && n <= FGO_MAX_DIMENSION && !strcmp(fgoi_rn_name(n), name) ? n : 0;
}

int fgoi_builtin_manifold(const char *name, fgo_manifold *out)
{
    const int n = dimension_of(name);
    for (int i = 0; i < COUNT; i++)
        if (!strcmp(all[i]->name, name)) {
            *out = *all[i];
            return 1;
        }
    return n && !fgo_manifold_rn(n, out);
}

fgo_status fgo_manifold_find(const char *name, fgo_manifold *out)
{
    FGOI_REQUIRE(name);
    FGOI_REQUIRE(out);
    if (fgoi_builtin_manifold(name, out)) return FGO_OK;
    return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no built-in manifold %.30s", name);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* manifolds.c -- the table of built-in manifolds, one row each, and after it what users register. Readers need no lock: a
 * manifold is there before the count that says so. */
#include "base/refuse.h"
#include "rn_name.h"
#include "traits.h"
#include <fgopt/manifold.h>
#include <stdatomic.h>
#include <string.h>

static const fgo_manifold *const all[] = { &fgo_manifold_so2, &fgo_manifold_se2, &fgo_manifold_so3, &fgo_manifold_se3 };
enum { COUNT = sizeof all / sizeof *all };

static const fgo_manifold *registered[FGOI_MOST_MANIFOLDS];
static atomic_size_t registered_count;

const fgo_manifold *fgo_manifold_get(size_t i)
{
    if (i < COUNT) return all[i];
    return i - COUNT < atomic_load_explicit(&registered_count, memory_order_acquire) ? registered[i - COUNT] : NULL;
}

int fgoi_manifold_append(const fgo_manifold *m)
{
    const size_t n = atomic_load_explicit(&registered_count, memory_order_relaxed);
    if (n == FGOI_MOST_MANIFOLDS) return -1;
    registered[n] = m;
    atomic_store_explicit(&registered_count, n + 1, memory_order_release);
    return 0;
}

const fgo_manifold *fgoi_registered_manifold(const char *name)
{
    const fgo_manifold *m;
    for (size_t i = COUNT; (m = fgo_manifold_get(i)); i++)
        if (!strcmp(m->name, name)) return m;
    return NULL;
}

/* Returns the n of a name "Rn" without leading zeros; 0 if the name is another. */
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
    const fgo_manifold *m = fgoi_registered_manifold(name);
    if (!m) return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no manifold %.30s, neither built in nor registered", name);
    *out = *m;
    return FGO_OK;
}

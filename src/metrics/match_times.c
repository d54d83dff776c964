/* SPDX-License-Identifier: BSD-3-Clause */
/* match_times.c -- pairs the time stamps of two trajectories in one pass along both, after sorting. */
#include "base/error.h"
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sort.h"
#include <fgopt/compare.h>
#include <math.h>
#include <stdlib.h>

typedef struct stamp {
    double time;
    size_t index;
} stamp;

static int by_time(const void *a, const void *b)
{
    const stamp *x = a, *y = b;
    return x->time != y->time ? fgoi_compare_double(x->time, y->time) : fgoi_compare_size(x->index, y->index);
}

/* Returns the n stamps plus `offset`, sorted; NULL when out of memory. *valid becomes 0 if a stamp is not finite. */
static stamp *sorted(const double *time, size_t n, double offset, int *valid)
{
    stamp *s = fgoi_alloc(n, sizeof *s);
    for (size_t i = 0; s && i < n; i++) {
        s[i] = (stamp){ time[i] + offset, i };
        if (!isfinite(s[i].time)) *valid = 0;
    }
    if (s && n && *valid) qsort(s, n, sizeof *s, by_time);
    return s;
}

/* Pairs the stamps of the shorter list. Both lists ascend, so the position in the longer list of the last stamp not after t never
 * decreases; the stamp nearest to t is that one or the next. */
static size_t match(const stamp *shorter, size_t n, const stamp *longer, size_t m, double tolerance, size_t *of_shorter,
                    size_t *of_longer)
{
    size_t count = 0;
    for (size_t i = 0, at = 0; i < n && m; i++) {
        const double t = shorter[i].time;
        while (at + 1 < m && longer[at + 1].time <= t) at++;
        const size_t next = at + 1 < m ? at + 1 : at;
        const size_t nearest = fabs(longer[next].time - t) < fabs(longer[at].time - t) ? next : at;
        if (!(fabs(longer[nearest].time - t) <= tolerance)) continue;
        of_shorter[count] = shorter[i].index;
        of_longer[count++] = longer[nearest].index;
    }
    return count;
}

fgo_status fgo_match_times(const double *a, size_t n, const double *b, size_t m, double offset, double tolerance, size_t *i,
                           size_t *j, size_t *count)
{
    int valid = isfinite(offset) && tolerance >= 0;
    FGOI_REQUIRE_ARRAY(a, n);
    FGOI_REQUIRE_ARRAY(b, m);
    FGOI_REQUIRE_ARRAY(i, n && m);
    FGOI_REQUIRE_ARRAY(j, n && m);
    FGOI_REQUIRE(count);
    if (!valid) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_match_times: an offset or tolerance is no time");
    stamp *x = sorted(a, n, offset, &valid), *y = sorted(b, m, 0.0, &valid);
    fgo_status status = x && y ? FGO_OK : fgoi_fail_memory();
    if (!status && !valid) status = fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_match_times: a time stamp is not finite");
    if (!status) *count = n <= m ? match(x, n, y, m, tolerance, i, j) : match(y, m, x, n, tolerance, j, i);
    fgoi_free(x);
    fgoi_free(y);
    return status;
}

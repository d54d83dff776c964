/* SPDX-License-Identifier: BSD-3-Clause */
/* trajectory.c -- poses without tags and ids: the order of the lines stands for the ids. */
#include "base/memory.h"
#include "base/sort.h"
#include "manifold/traits.h"
#include "writer.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct pose {
    double time; /* NaN if no pose has a time */
    int64_t key;
    uint32_t variable;
} pose;

static int compare_poses(const void *a, const void *b)
{
    const pose *x = a, *y = b;
    if (x->time != y->time && !isnan(x->time)) return fgoi_compare_double(x->time, y->time);
    return fgoi_compare_int64(x->key, y->key);
}

static fgo_status collect(fgoi_writer *w, pose *p, size_t *count)
{
    const fgo_graph *g = w->g;
    size_t n = 0, timed = 0, without = 0;
    for (uint32_t v = 0; v < g->variable_count; v++) {
        if (!fgoi_is_pose(g->variable[v].manifold)) continue;
        p[n] = (pose){ fgo_graph_variable_time(g, v), g->variable[v].key, v };
        if (isnan(p[n].time))
            without = n;
        else
            timed++;
        n++;
    }
    *count = n;
    if (!n) return fgoi_fail(FGO_ERROR_UNSUPPORTED, "there are no poses, and %s format has nothing else", w->format->c.name);
    if (timed && timed < n)
        return fgoi_fail(FGO_ERROR_UNSUPPORTED,
                         "pose %" PRId64 " has no time stamp, but others have: in %s format all or none must", p[without].key,
                         w->format->c.name);
    return FGO_OK;
}

fgo_status fgoi_put_trajectory(fgoi_writer *w)
{
    const fgoi_tag *tag = w->format->tags;
    size_t n = 0;
    pose *p = fgoi_alloc(w->g->variable_count, sizeof *p);
    fgo_status status = p ? collect(w, p, &n) : fgoi_fail_memory();
    if (!status) qsort(p, n, sizeof *p, compare_poses);
    for (size_t i = 0; i < n && !status; i++) {
        fgoi_fields f = { .id = { p[i].key }, .time = p[i].time };
        const fgoi_variable *v = &w->g->variable[p[i].variable];
        double x[7] = { 0, 0, 0, 0, 0, 0, 1 };
        fgo_manifold_place(v->manifold, w->g->x + v->x, x, x + 3); /* poses of the plane lie at z = 0 */
        fgoi_tag_encode(tag, x, f.number);
        fgoi_put_element(w, tag, &f, FGOI_NO_LINE);
        fgoi_put_end(w, &f, FGOI_NO_LINE, 0);
    }
    fgoi_free(p);
    return status;
}

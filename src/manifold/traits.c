/* SPDX-License-Identifier: BSD-3-Clause */
/* traits.c -- reads the traits of manifolds, and refuses those that contradict themselves. */
#include "traits.h"
#include "base/error.h"
#include "motions.h"
#include <fgopt/pose.h>
#include <string.h>

int fgoi_turned_world(const fgo_manifold *m)
{
    const fgo_manifold_kind kind = fgoi_kind_of(m);
    return kind == FGO_MANIFOLD_POSE || kind == FGO_MANIFOLD_ROTATION || kind == FGO_MANIFOLD_DIRECTION ? m->traits->world : 0;
}

int fgoi_stored_rotation(const fgo_manifold *m)
{
    const fgo_manifold_kind kind = fgoi_kind_of(m);
    if ((kind != FGO_MANIFOLD_POSE && kind != FGO_MANIFOLD_ROTATION) || m->traits->rotation < 0) return 0;
    return m->traits->world;
}

int fgo_manifold_translations(const fgo_manifold *m)
{
    const fgo_manifold_kind kind = m ? fgoi_kind_of(m) : FGO_MANIFOLD_UNKNOWN;
    if (kind == FGO_MANIFOLD_POINT || kind == FGO_MANIFOLD_VECTOR) return m->tangent;
    return m ? fgoi_translations_of(m) : 0;
}

int fgoi_position_of(const fgo_manifold *m, const double *x, double p[3])
{
    const fgo_manifold_traits *t = m->traits;
    double q[4];
    if (t && t->place) return t->place(m, x, p, q) & FGO_PLACE_POSITION;
    if ((fgoi_kind_of(m) != FGO_MANIFOLD_POSE && fgoi_kind_of(m) != FGO_MANIFOLD_POINT) || t->position < 0) return 0;
    for (int k = 0; k < 3; k++) p[k] = k < t->world ? x[t->position + k] : 0.0;
    return FGO_PLACE_POSITION;
}

void fgoi_identity_of(const fgo_manifold *m, double *x)
{
    const double *identity = m->traits ? m->traits->identity : NULL;
    for (int i = 0; i < m->ambient; i++) x[i] = identity ? identity[i] : 0.0;
}

int fgo_manifold_place(const fgo_manifold *m, const double *x, double position[3], double quaternion[4])
{
    const fgo_manifold_traits *t = m ? m->traits : NULL;
    if (!t || !x || !position || !quaternion) return 0;
    if (t->place) return t->place(m, x, position, quaternion);
    const int has = fgoi_position_of(m, x, position), world = fgoi_stored_rotation(m);
    if (!world) return has;
    const double *r = x + t->rotation;
    if (world == 3) {
        memcpy(quaternion, r, 4 * sizeof *r);
    } else {
        const fgo_so3 turn = fgo_so3_from_so2((fgo_so2){ r[0], r[1] });
        memcpy(quaternion, turn.q, sizeof turn.q);
    }
    return has | FGO_PLACE_ORIENTATION;
}

/* ---- what a graph accepts ---- */

static int same_traits(const fgo_manifold_traits *a, const fgo_manifold_traits *b)
{
    if (a == b) return 1;
    return a && b && a->size == b->size && !memcmp(a, b, a->size < sizeof *a ? a->size : sizeof *a);
}

int fgoi_same_manifold(const fgo_manifold *a, const fgo_manifold *b)
{
    return a->ambient == b->ambient && a->tangent == b->tangent && a->retract == b->retract && a->local == b->local &&
           a->normalize == b->normalize && a->user == b->user && !strncmp(a->name, b->name, FGO_NAME_SIZE - 1) &&
           same_traits(a->traits, b->traits);
}

fgo_status fgoi_check_manifold_fields(const fgo_manifold *m)
{
    if (m->ambient < 1 || m->ambient > FGO_MAX_DIMENSION || m->tangent < 1 || m->tangent > FGO_MAX_DIMENSION)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "manifold %.*s: dimensions %d, %d are not in 1 .. %d", FGO_NAME_SIZE, m->name,
                         m->ambient, m->tangent, FGO_MAX_DIMENSION);
    if (!m->retract || !m->local || !m->name[0])
        return fgoi_fail(FGO_ERROR_ARGUMENT, "a manifold needs a name, retract and local");
    return FGO_OK;
}

static const char *contradiction(const fgo_manifold *m, const fgo_manifold_traits *t)
{
    const int moves = t->kind != FGO_MANIFOLD_VECTOR && t->kind != FGO_MANIFOLD_UNKNOWN, w = t->world, t0 = t->translations;
    if (t->kind < FGO_MANIFOLD_UNKNOWN || t->kind > FGO_MANIFOLD_VECTOR) return "no such kind";
    if (!moves) return w ? "vectors have no world" : NULL;
    if (w != 2 && w != 3) return "the world is neither 2, the plane, nor 3, space";
    if (!t->move) return "how motions move it is missing";
    if (m->tangent > FGO_MAX_MOVED) return "more than 32 degrees of freedom that motions move";
    if (t->prevents >> fgoi_motions(w)) return "it prevents motions that its world has not";
    const int placed = t->kind == FGO_MANIFOLD_POSE || t->kind == FGO_MANIFOLD_POINT;
    if (placed && t->position > m->ambient - w) return "its position does not fit into a value";
    if (!fgoi_stored_rotation(m)) return t0 < 0 || t0 > m->tangent ? "more translations than degrees of freedom" : NULL;
    if (t->rotation > m->ambient - (w == 2 ? 2 : 4)) return "its rotation does not fit into a value";
    if (t->kind == FGO_MANIFOLD_POSE && t0 != w) return "a pose has as many translations as its world has dimensions";
    return fgoi_translations_of(m) + (w == 2 ? 1 : 3) > m->tangent ? "its rotation does not fit into the tangent" : NULL;
}

fgo_status fgoi_check_traits(const fgo_manifold *m)
{
    fgo_manifold own;
    char name[FGO_NAME_SIZE];
    memcpy(name, m->name, sizeof name);
    name[FGO_NAME_SIZE - 1] = '\0';
    const char *wrong = NULL;
    if (m->traits) wrong = m->traits->size < sizeof *m->traits ? "their size is not set" : contradiction(m, m->traits);
    if (wrong) return fgoi_fail(FGO_ERROR_ARGUMENT, "manifold %s: its traits are not in order: %s", name, wrong);
    if (fgoi_builtin_manifold(name, &own) && !fgoi_same_manifold(m, &own))
        return fgoi_fail(FGO_ERROR_TYPE, "manifold %s (%d numbers, tangent dimension %d) has the name of a built-in one (%d, %d)",
                         name, m->ambient, m->tangent, own.ambient, own.tangent);
    return FGO_OK;
}

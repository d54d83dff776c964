/* SPDX-License-Identifier: BSD-3-Clause */
/* check_manifold.c -- checks whether a manifold is one and whether its traits are true. Its functions are called at given values
 * and at random ones around them: retract and local are compared with each other, normalize must keep values, and rigid motions
 * must be a group action whose derivative is `move` and which moves positions and orientations along. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "manifold/motions.h"
#include "manifold/traits.h"
#include <fgopt/check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 12, MOTIONS = FGOI_MOST_MOTIONS };
static const double CANARY = -7.25e77;

typedef struct trial {
    const fgo_manifold *m;
    fgo_manifold_report *out;
    uint64_t random;
    double *x, *y, *z, *d, *e; /* three values with a canary after each, two tangents */
    double *memory;
} trial;

/* Returns a random number, uniform in [-1, 1): splitmix64 (S. Vigna, public domain). */
static double number(trial *t)
{
    uint64_t z = (t->random += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1.0;
}

static void random_tangent(trial *t, int n, double size, double *d)
{
    for (int i = 0; i < n; i++) d[i] = size * number(t);
}

/* Records a fault if the error exceeds the tolerance or is NaN. Returns 1 if so. */
static int fault(trial *t, fgo_manifold_fault kind, int index, double error, double tolerance, const char *what)
{
    if (error <= tolerance) return 0;
    *t->out = (fgo_manifold_report){ .fault = kind, .index = index, .error = isnan(error) ? (double)INFINITY : error };
    snprintf(t->out->text, sizeof t->out->text, "%s", what);
    return 1;
}

static double largest(const double *x, int n)
{
    double most = 0.0;
    for (int i = 0; i < n && !isnan(most); i++) most = isnan(x[i]) ? (double)NAN : fmax(most, fabs(x[i]));
    return most;
}

static double distance(const double *a, const double *b, int n)
{
    double most = 0.0;
    for (int i = 0; i < n && !isnan(most); i++) {
        const double d = fabs(a[i] - b[i]);
        if (!(d <= most)) most = d;
    }
    return most;
}

/* Returns how far y is from x along the manifold: one value may be stored in two ways, as q and -q are. */
static double apart(trial *t, const double *x, const double *y)
{
    t->m->local(t->m, x, y, t->e);
    return largest(t->e, t->m->tangent);
}

/* ---- the manifold ---- */

static int check_normalize(trial *t, const double *x)
{
    const int n = t->m->ambient;
    if (!t->m->normalize) return 0;
    memcpy(t->y, x, (size_t)n * sizeof *x);
    if (t->m->normalize(t->m, t->y))
        return fault(t, FGO_MANIFOLD_FAULT_NORMALIZE, 0, INFINITY, 0, "normalize refuses a value of the manifold");
    if (fault(t, FGO_MANIFOLD_FAULT_NORMALIZE, 0, distance(x, t->y, n), 1e-9 * (1 + largest(x, n)),
              "normalize changes a value of the manifold"))
        return 1;
    memcpy(t->z, t->y, (size_t)n * sizeof *x);
    if (t->m->normalize(t->m, t->z))
        return fault(t, FGO_MANIFOLD_FAULT_NORMALIZE, 0, INFINITY, 0, "normalize refuses what it made");
    return fault(t, FGO_MANIFOLD_FAULT_NORMALIZE, 0, distance(t->y, t->z, n), 1e-15 * (1 + largest(x, n)),
                 "normalize twice is not normalize once");
}

/* Computes t->y = retract(x, d). Checks that retract writes nothing beyond the value, and that its output may be its input. */
static int retract(trial *t, const double *x, const double *d)
{
    const int n = t->m->ambient;
    t->y[n] = CANARY;
    t->m->retract(t->m, x, d, t->y);
    if (t->y[n] != CANARY) return fault(t, FGO_MANIFOLD_FAULT_SIZE, n, INFINITY, 0, "retract writes more numbers than `ambient`");
    memcpy(t->z, x, (size_t)n * sizeof *x);
    t->m->retract(t->m, t->z, d, t->z);
    return fault(t, FGO_MANIFOLD_FAULT_SIZE, 0, distance(t->y, t->z, n), 0, "retract with out = x gives another value");
}

static int check_inverse(trial *t, const double *x, double size)
{
    const int n = t->m->tangent;
    const double scale = 1 + largest(x, t->m->ambient);
    random_tangent(t, n, size, t->d);
    if (retract(t, x, t->d)) return 1;
    t->e[n] = CANARY;
    t->m->local(t->m, x, t->y, t->e);
    if (t->e[n] != CANARY) return fault(t, FGO_MANIFOLD_FAULT_SIZE, n, INFINITY, 0, "local writes more numbers than `tangent`");
    for (int i = 0; i < n; i++)
        if (fault(t, FGO_MANIFOLD_FAULT_INVERSE, i, fabs(t->e[i] - t->d[i]), 1e-10 * scale, "local does not undo retract"))
            return 1;
    t->m->local(t->m, t->y, x, t->d); /* and from there back */
    t->m->retract(t->m, t->y, t->d, t->z);
    return fault(t, FGO_MANIFOLD_FAULT_INVERSE, 0, apart(t, x, t->z), 1e-10 * scale, "retract does not undo local");
}

/* Checks that retract has no kink at zero, which would show as one-sided differences that disagree. */
static int check_smooth(trial *t, const double *x)
{
    const double h = 1e-5, scale = 1 + largest(x, t->m->ambient);
    for (int i = 0; i < t->m->tangent; i++) {
        memset(t->d, 0, (size_t)t->m->tangent * sizeof *t->d);
        double kink = 0, speed = 0;
        t->d[i] = h;
        t->m->retract(t->m, x, t->d, t->y);
        t->d[i] = -h;
        t->m->retract(t->m, x, t->d, t->z);
        for (int k = 0; k < t->m->ambient; k++) {
            kink = fmax(kink, fabs(t->y[k] + t->z[k] - 2 * x[k]) / h);
            speed = fmax(speed, fabs(t->y[k] - t->z[k]) / (2 * h));
        }
        if (fault(t, FGO_MANIFOLD_FAULT_SMOOTH, i, kink, 1e-3 * scale, "retract has a kink at zero") ||
            fault(t, FGO_MANIFOLD_FAULT_SMOOTH, i, speed > 1e-6 ? 0 : 1, 0, "a degree of freedom moves nothing"))
            return 1;
    }
    return 0;
}

static int check_value(trial *t, const double *x)
{
    const int n = t->m->ambient;
    memset(t->d, 0, (size_t)t->m->tangent * sizeof *t->d);
    if (check_normalize(t, x) || retract(t, x, t->d)) return 1;
    if (fault(t, FGO_MANIFOLD_FAULT_ZERO, 0, distance(x, t->y, n), 1e-14 * (1 + largest(x, n)),
              "retract by zero is not the identity"))
        return 1;
    static const double sizes[] = { 1e-9, 1e-4, 0.1, 0.5 };
    for (int i = 0; i < 4; i++)
        if (check_inverse(t, x, sizes[i])) return 1;
    return check_smooth(t, x);
}

/* ---- its traits ---- */

static const fgo_manifold *group_of(int world) { return world == 2 ? &fgo_manifold_se2 : &fgo_manifold_se3; }

/* Computes T = Exp of a random combination of the motions that the manifold does not prevent. */
static void random_motion(trial *t, double size, double *T)
{
    const fgo_manifold *G = group_of(t->m->traits->world);
    double d[MOTIONS];
    random_tangent(t, G->tangent, size, d);
    for (int k = 0; k < G->tangent; k++)
        if (t->m->traits->prevents >> k & 1) d[k] = 0.0;
    fgoi_identity_of(G, T);
    G->retract(G, T, d, T);
}

static int check_action(trial *t, const double *x)
{
    const fgo_manifold_traits *r = t->m->traits;
    const fgo_manifold *G = group_of(r->world);
    const double scale = 1 + largest(x, t->m->ambient);
    double S[7], T[7], ST[7], d[MOTIONS];
    fgoi_identity_of(G, T);
    r->act(t->m, T, x, t->y);
    if (fault(t, FGO_MANIFOLD_FAULT_ACT, 0, apart(t, x, t->y), 1e-12 * scale, "the identity motion moves values")) return 1;
    random_motion(t, 1.0, S);
    random_motion(t, 1.0, T);
    fgoi_identity_of(G, ST);
    G->local(G, ST, T, d);
    G->retract(G, S, d, ST);
    r->act(t->m, T, x, t->y);
    r->act(t->m, S, t->y, t->y);
    r->act(t->m, ST, x, t->z);
    return fault(t, FGO_MANIFOLD_FAULT_ACT, 0, apart(t, t->y, t->z), 1e-10 * scale,
                 "act is no group action: S (T x) is not (S T) x");
}

/* Checks that `place` returns a place: known flags, finite coordinates, an orientation of unit length. */
static int check_drawn(trial *t, const double *x)
{
    double p[3] = { NAN, NAN, NAN }, q[4] = { NAN, NAN, NAN, NAN };
    const int has = fgo_manifold_place(t->m, x, p, q);
    const double norm = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    return fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, has & ~(FGO_PLACE_POSITION | FGO_PLACE_ORIENTATION) ? 1 : 0, 0,
                 "place returns more than FGO_PLACE_ flags") ||
           (has & FGO_PLACE_POSITION &&
            fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, isfinite(largest(p, 3)) ? 0 : 1, 0, "its position is not finite")) ||
           (has & FGO_PLACE_ORIENTATION &&
            fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, fabs(norm - 1), 1e-9, "its orientation is no unit quaternion"));
}

/* Checks that `act` moves the position and the orientation of a value as the motion itself moves positions and orientations. */
static int check_place(trial *t, const double *x)
{
    const fgo_manifold_traits *r = t->m->traits;
    const int world = r->world;
    double T[7], p[3] = { 0 }, q[4] = { 0, 0, 0, 1 }, moved[3] = { 0 }, turned[4] = { 0, 0, 0, 1 },
                 T3[7] = { 0, 0, 0, 0, 0, 0, 1 };
    random_motion(t, 1.0, T);
    r->act(t->m, T, x, t->y);
    const int has = fgo_manifold_place(t->m, x, p, q);
    if (has != fgo_manifold_place(t->m, t->y, moved, turned))
        return fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, INFINITY, 0, "what place says changes");
    fgo_manifold_place(group_of(world), T, T3, T3 + 3);
    fgo_manifold point;
    fgo_manifold_rn(3, &point);
    point.traits->act(&point, T3, p, p);
    fgo_manifold_so3.traits->act(&fgo_manifold_so3, T3, q, q);
    double turn[3];
    fgo_manifold_so3.local(&fgo_manifold_so3, q, turned, turn);
    const double scale = 1 + largest(x, t->m->ambient);
    return (has & FGO_PLACE_POSITION && fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, distance(p, moved, 3), 1e-10 * scale,
                                              "its position does not move as act does")) ||
           (has & FGO_PLACE_ORIENTATION &&
            fault(t, FGO_MANIFOLD_FAULT_PLACE, 0, largest(turn, 3), 1e-10, "its orientation does not turn as act does"));
}

/* Computes e = (local(x, T(h) x) - local(x, T(-h) x)) / 2 h for motion k about the origin. */
static void difference(trial *t, const double *x, int k, double h, double *e)
{
    const fgo_manifold *G = group_of(t->m->traits->world);
    double T[7], d[MOTIONS] = { 0 };
    for (int side = 0; side < 2; side++) {
        d[k] = side ? -h : h;
        fgoi_identity_of(G, T);
        G->retract(G, T, d, T);
        t->m->traits->act(t->m, T, x, t->y);
        t->m->local(t->m, x, t->y, t->d);
        for (int i = 0; i < t->m->tangent; i++) e[i] = side ? (e[i] - t->d[i]) / (2 * h) : t->d[i];
    }
}

/* Checks that `move` is the derivative of `act`, and that about another centre it differs by a translation. */
static int check_move(trial *t, const double *x)
{
    const fgo_manifold_traits *r = t->m->traits;
    const int n = t->m->tangent, world = r->world;
    const double scale = 1 + largest(x, t->m->ambient), origin[3] = { 0 };
    double coarse[FGO_MAX_MOVED] = { 0 }, fine[FGO_MAX_MOVED] = { 0 }, move[FGO_MAX_MOVED], shift[FGO_MAX_MOVED], v[3];
    for (int k = 0; k < fgoi_motions(world); k++) {
        if (r->prevents >> k & 1) continue;
        for (int i = 0; i < n; i++) move[i] = shift[i] = NAN; /* which stays where a function does not write */
        r->move(t->m, origin, x, k, move);
        if (r->act) {
            difference(t, x, k, 1e-2, coarse);
            difference(t, x, k, 5e-3, fine);
            for (int i = 0; i < n; i++)
                if (fault(t, FGO_MANIFOLD_FAULT_MOVE, i, fabs((4 * fine[i] - coarse[i]) / 3 - move[i]), 1e-6 * scale,
                          "move is not the derivative of act"))
                    return 1;
        }
        const double centre[3] = { number(t), number(t), world == 3 ? number(t) : 0 };
        fgoi_velocity(world, centre, origin, k, v); /* of the origin, which rests in a rotation about the origin */
        r->move(t->m, centre, x, k, shift);
        for (int j = 0; k >= world && j < world; j++) {
            double step[FGO_MAX_MOVED];
            r->move(t->m, origin, x, j, step);
            for (int i = 0; i < n; i++) shift[i] -= v[j] * step[i];
        }
        if (fault(t, FGO_MANIFOLD_FAULT_MOVE, k, distance(move, shift, n), 1e-10 * scale, "move does not turn about `centre`"))
            return 1;
    }
    return 0;
}

static int check_traits_at(trial *t, const double *x)
{
    const fgo_manifold_traits *r = t->m->traits;
    if (!r || !r->move) return 0;
    if (check_drawn(t, x)) return 1;
    if (r->act && (check_action(t, x) || check_place(t, x))) return 1;
    return check_move(t, x);
}

/* ---- all of it ---- */

static fgo_status allocate(trial *t)
{
    const size_t a = (size_t)t->m->ambient + 1, n = (size_t)t->m->tangent + 1;
    t->memory = fgoi_alloc(3 * a + 2 * n, sizeof *t->memory);
    if (!t->memory) return fgoi_fail_memory();
    t->x = t->memory, t->y = t->x + a, t->z = t->y + a, t->d = t->z + a, t->e = t->d + n;
    return FGO_OK;
}

fgo_status fgo_check_manifold_sized(const fgo_manifold *m, const double *values, size_t count, fgo_manifold_report *out,
                                    size_t out_size)
{
    FGOI_REQUIRE(m);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    FGOI_REQUIRE_ARRAY(values, count);
    fgo_status status = fgoi_check_manifold_fields(m);
    if (!status) status = fgoi_check_traits(m);
    if (status) return status;
    fgo_manifold_report report = { .fault = FGO_MANIFOLD_FAULT_NONE };
    trial t = { .m = m, .out = &report, .random = 1 };
    if ((status = allocate(&t))) return status;
    int found = 0;
    for (size_t i = 0; i < (count ? count : 1) && !found; i++) {
        if (count)
            memcpy(t.x, values + i * (size_t)m->ambient, (size_t)m->ambient * sizeof *values);
        else
            fgoi_identity_of(m, t.x);
        for (int round = 0; round < ROUNDS && !found; round++) {
            found = check_value(&t, t.x) || check_traits_at(&t, t.x);
            random_tangent(&t, m->tangent, 1.0, t.d);
            m->retract(m, t.x, t.d, t.x);
        }
    }
    fgoi_free(t.memory);
    fgoi_sized_write(out, out_size, &report, sizeof report);
    return FGO_OK;
}

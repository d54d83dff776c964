/* SPDX-License-Identifier: BSD-3-Clause */
/* random.c -- xoshiro256** (D. Blackman, S. Vigna 2018) seeded by splitmix64; normal numbers by G. Marsaglia's polar
 * method. */
#include "random.h"
#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void random_seed(random_state *r, uint64_t seed, uint64_t stream)
{
    uint64_t state = stream, mixed = seed ^ splitmix(&state);
    for (int i = 0; i < 4; i++) r->s[i] = splitmix(&mixed);
    r->spare = 0.0;
    r->has_spare = 0;
}

static uint64_t rotate_left(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

uint64_t random_bits(random_state *r)
{
    uint64_t *s = r->s, result = rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t random_below(random_state *r, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, x; /* numbers from limit on would favour small remainders */
    do x = random_bits(r);
    while (x >= limit);
    return x % n;
}

double random_uniform(random_state *r) { return (double)(random_bits(r) >> 11) * 0x1p-53; }

double random_normal(random_state *r)
{
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    double u, v, s;
    do {
        u = 2.0 * random_uniform(r) - 1.0;
        v = 2.0 * random_uniform(r) - 1.0;
        s = u * u + v * v;
    } while (s >= 1.0 || s == 0.0);
    double scale = sqrt(-2.0 * portable_log(s) / s);
    r->spare = v * scale;
    r->has_spare = 1;
    return u * scale;
}

void portable_sincos(double x, double *sine, double *cosine)
{
    /* x = k pi/2 + y with |y| <= pi/4; pi/2 in three parts, the first two with 33 bits so that k times them is exact.
     */
    double k = floor(x * 0.63661977236758138 + 0.5);
    double y = ((x - k * 1.57079632673412561417e+00) - k * 6.07710050630396597660e-11) - k * 2.02226624879595063154e-21;
    double z = y * y, s = 0.0, c = 0.0;
    for (int n = 10; n >= 1; n--) { /* Taylor series; the first omitted term is below 1e-22 */
        s = (1.0 + s) * (-z / ((2.0 * n) * (2.0 * n + 1.0)));
        c = (1.0 + c) * (-z / ((2.0 * n - 1.0) * (2.0 * n)));
    }
    s = y + y * s;
    c = 1.0 + c;
    int quadrant = (int)(k - 4.0 * floor(k / 4.0));
    *sine = quadrant == 0 ? s : quadrant == 1 ? c : quadrant == 2 ? -s : -c;
    *cosine = quadrant == 0 ? c : quadrant == 1 ? -s : quadrant == 2 ? -c : s;
}

double portable_log(double x)
{
    int e;
    double m = frexp(x, &e); /* exact */
    if (m < 0.70710678118654752) {
        m *= 2.0;
        e--;
    }
    /* log m = 2 atanh(s), s = (m - 1)/(m + 1), |s| <= 0.172: the first omitted term is below 1e-19. */
    double s = (m - 1.0) / (m + 1.0), z = s * s, sum = 0.0;
    for (int n = 23; n >= 3; n -= 2) sum = z * (1.0 / n + sum);
    return e * 0.69314718055994531 + 2.0 * (s + s * sum);
}

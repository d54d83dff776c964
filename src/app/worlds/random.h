/* SPDX-License-Identifier: BSD-3-Clause */
/* random.h -- random numbers and elementary functions that give the same bits on every machine.
 *
 * The C library's sin, cos and log differ in the last bit between versions and CPUs; these use only + - * / and sqrt,
 * which IEEE 754 defines exactly (the build forbids contraction into fused multiply-adds). */
#ifndef CLI_RANDOM_H
#define CLI_RANDOM_H
#include <stdint.h>

enum {
    RANDOM_WALK = 1,
    RANDOM_CHOICE,
    RANDOM_ODOMETRY,
    RANDOM_CLOSURE,
    RANDOM_OUTLIER,
    RANDOM_PAIR, /* of corrupt */
    RANDOM_FALSE_LOOP,
    RANDOM_WEIGHT,
    RANDOM_MEASUREMENT,
    RANDOM_ESTIMATE
}; /* independent streams of one seed */

typedef struct random_state {
    uint64_t s[4];
    double spare; /* second normal number of a pair */
    int has_spare;
} random_state;

void random_seed(random_state *r, uint64_t seed, uint64_t stream);
uint64_t random_bits(random_state *r);
uint64_t random_below(random_state *r, uint64_t n); /* 0 .. n - 1, n >= 1 */
double random_uniform(random_state *r);             /* [0, 1) */
double random_normal(random_state *r);              /* mean 0, variance 1 */

void portable_sincos(double x, double *sine, double *cosine); /* |x| < 1e5; error below 1e-15 */
double portable_log(double x);                                /* x > 0 and normal; relative error below 1e-15 */
#endif

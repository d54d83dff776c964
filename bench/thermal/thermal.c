/* SPDX-License-Identifier: BSD-3-Clause */
/* thermal.c -- heat flows from a tank through the water of a tube into a concrete slab; how far is the slab from the
 * temperature that was measured, and how does that change with each of the 20 parameters? The benchmark case of
 * PassiveLogic's differentiable Swift (README.md has sources), here as a residual in dual numbers. physics.py is the
 * same for the peers.
 *
 *     thermal [--trials N]     prints one JSON object: value, gradient, seconds without and with the gradient
 *
 * The symbols, with units; all temperatures in degrees Celsius:
 *   tube   spacing m, diameter m, wall m, resistivity (K m / W)
 *   slab   temperature (not used: `start` takes its place), area m^2, heat capacity J / (kg K), density kg / m^3,
 * thickness m water  power W (not used: computed first), temperature, flow m^3 / s, density kg / m^3, heat capacity J /
 * (kg K) tank   temperature, volume m^3, heat capacity J / (kg K), density kg / m^3, mass kg (not used: from volume and
 * density) start  temperature of the slab */
#define _POSIX_C_SOURCE 200809L
#define FGO_PARTIALS    (FGO_R4 + FGO_R5 + FGO_R5 + FGO_R5 + FGO_R1)
#include <fgopt/residual.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 20, PARAMETERS = 20, BLOCKS = 5, TRIALS = 2000, BATCH = 100 };

typedef struct measured {
    double temperature;
} measured;

static const double step_s = 0.1, geometry = 10.0, pi = 3.14159265358979323846;

/* e = |T_slab after 20 steps - measured|. Each step: the tank heats the water, the water heats the slab.
 * C: heat capacities in J / K, each divided into the time step; UA: conductance of the tube's wall in W / K. */
FGO_RESIDUAL5(thermal, 1, measured, r4, tube, r5, slab, r5, water, r5, tank, r1, start)
{
    real surface = r_mul(r_mul(r_div(slab.x[1], tube.x[0]), pi), tube.x[1]);
    real UA = r_div(surface, r_mul(r_mul(tube.x[3], tube.x[2]), geometry));
    real flow_C = r_mul(r_mul(water.x[2], water.x[3]), water.x[4]); /* W / K */
    real per_water = r_div(1.0, flow_C);                            /* s over C of the water that passes in s */
    real per_tank = r_div(step_s, r_mul(r_mul(tank.x[1], tank.x[3]), tank.x[2]));
    real per_slab = r_div(step_s, r_mul(r_mul(r_mul(slab.x[1], slab.x[4]), slab.x[3]), slab.x[2]));
    real T_tank = tank.x[0], T_water = water.x[1], T_slab = start.x;
    for (int i = 0; i < STEPS; i++) {
        real power = r_mul(r_sub(T_tank, T_water), flow_C);
        T_tank = r_add(T_tank, r_mul(power, per_tank)); /* the original's sign: the tank gains what the water gains */
        T_water = r_add(T_water, r_mul(power, per_water));
        power = r_mul(r_sub(T_slab, T_water), UA);
        T_water = r_add(T_water, r_mul(power, per_water));
        T_slab = r_sub(T_slab, r_mul(power, per_slab));
    }
    r[0] = r_abs(r_sub(T_slab, z->temperature));
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double parameter[PARAMETERS] = {
    0.50292, 0.019,     0.001588, 2.43,   21.1111111, 100.0,     0.2,    2242.58, 0.101,  0.0,
    60.0,    0.0006309, 1000.0,   4180.0, 70.0,       0.0757082, 4180.0, 1000.0,  75.708, 33.3
};
static const double *const block[BLOCKS] = { parameter, parameter + 4, parameter + 9, parameter + 14, parameter + 19 };
static const measured target = { 27.344767 };

static double evaluate(double *gradient)
{
    double e;
    fgo_thermal.evaluate(&fgo_thermal, 1, block, &target, &e, gradient);
    return e;
}

/* Seconds for one evaluation: median over trials, each of a batch, as one is shorter than the clock resolves well. */
static double time_s(int trials, double *gradient)
{
    double *t = malloc((size_t)trials * sizeof *t), median;
    if (!t) exit(1);
    for (int i = 0; i < trials; i++) {
        const double start = now_s();
        for (int k = 0; k < BATCH; k++) {
            evaluate(gradient);
            __asm__ volatile("" : : "r"(parameter) : "memory"); /* the next one is not the same to the compiler */
        }
        t[i] = (now_s() - start) / BATCH;
    }
    for (int i = 1; i < trials; i++) /* sort by insertion */
        for (int j = i; j > 0 && t[j] < t[j - 1]; j--) {
            const double swap = t[j];
            t[j] = t[j - 1], t[j - 1] = swap;
        }
    median = t[trials / 2];
    free(t);
    return median;
}

/* Largest difference between the gradient and central differences in p de/dp, relative to its size. The floor of 1e-3
 * is where rounding of the differences, 1e-15 * 10 / 1e-5, would otherwise be taken for an error. */
static double check(const double *gradient)
{
    double worst = 0.0;
    for (int i = 0; i < PARAMETERS; i++) {
        const double at = parameter[i], unit = at != 0.0 ? fabs(at) : 1.0, h = 1e-5 * unit;
        parameter[i] = at + h;
        const double above = evaluate(NULL);
        parameter[i] = at - h;
        const double difference = (above - evaluate(NULL)) / (2.0 * h);
        parameter[i] = at;
        worst = fmax(worst, unit * fabs(difference - gradient[i]) / (unit * fabs(difference) + 1e-3));
    }
    return worst;
}

int main(int argc, char **argv)
{
    const int trials = argc == 3 && !strcmp(argv[1], "--trials") ? atoi(argv[2]) : TRIALS;
    if ((argc != 1 && argc != 3) || trials < 1) return fprintf(stderr, "usage: thermal [--trials N]\n"), 2;
    double gradient[PARAMETERS];
    const double value = evaluate(gradient);
    const double worst = check(gradient);
    printf("{\"tool\": \"fgopt\", \"version\": \"%d doubles in a vector\", \"value\": %.17g, \"gradient\": [", FGO_SIMD, value);
    for (int i = 0; i < PARAMETERS; i++) printf("%s%.17g", i ? ", " : "", gradient[i]);
    printf("], \"difference_from_finite_differences\": %.3g, ", worst);
    const double forward = time_s(trials, NULL), with = time_s(trials, gradient);
    printf("\"forward_s\": %.9g, \"gradient_s\": %.9g}\n", forward, with);
    return worst < 1e-6 ? 0 : 1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* wheel_slip.c -- an own factor and a solve: a robot drives around an oval with odometry, and measures its distance to two
 * radio beacons of unknown place, in units that are wrong by an unknown factor (called slip). Three poses are surveyed. Poses,
 * beacons and the factor are estimated together.
 *
 *     cc wheel_slip.c $(pkg-config --cflags --libs fgopt) -lm */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2 + FGO_R1)
#include <fgopt/fgopt.h>
#include <fgopt/residual.h>
#include <stdio.h>

typedef struct slip_range_measurement {
    double range;
} slip_range_measurement; /* metres */

/* Distance from a pose to a beacon, scaled by an unknown factor. */
FGO_RESIDUAL3(slip_range, 1, slip_range_measurement, se2, pose, r2, beacon, r1, slip)
{
    r[0] = r_sub(r_mul(slip.x, v2_norm(v2_sub(beacon, pose.t))), z->range);
}

enum { POSES = 40, BEACON_KEY = 9001, SLIP_KEY = 9100 };
static const double beacons[2][2] = { { 3.0, 4.0 }, { -6.0, 1.0 } }, true_slip = 1.07;

/* Small errors in (-size, size), the same in every run. */
static double noise(double size)
{
    static unsigned state = 1;
    state = state * 1664525u + 1013904223u;
    return size * ((double)state / 2147483648.0 - 1.0);
}

static fgo_se2 true_pose(int i) /* once around an oval, facing along it */
{
    const double angle = 6.283185307179586 * i / POSES;
    return fgo_se2_from_angle(8.0 * cos(angle), 5.0 * sin(angle), atan2(5.0 * cos(angle), -8.0 * sin(angle)));
}

/* Consecutive poses as odometry sees them. */
static fgo_se2 odometry(fgo_se2 a, fgo_se2 b)
{
    const double turn = atan2(a.c * b.s - a.s * b.c, a.c * b.c + a.s * b.s) + noise(0.01);
    return fgo_se2_from_angle(a.c * (b.x - a.x) + a.s * (b.y - a.y) + noise(0.02),
                              a.c * (b.y - a.y) - a.s * (b.x - a.x) + noise(0.02), turn);
}

static fgo_status build(fgo_graph *g)
{
    const double pose_sigma[3] = { 0.02, 0.02, 0.01 };
    fgo_status st = fgo_graph_add_rn(g, SLIP_KEY, 1, (double[]){ 1.0 });
    for (int k = 0; k < 2 && !st; k++) /* first guesses, metres off */
        st = fgo_graph_add_rn(g, BEACON_KEY + k, 2, (double[]){ beacons[k][0] + 1.5, beacons[k][1] - 1.0 });
    for (int i = 0; i < POSES && !st; i++) {
        const fgo_se2 p = true_pose(i);
        st = fgo_graph_add_se2(g, i, p.x + noise(0.3), p.y + noise(0.3), atan2(p.s, p.c) + noise(0.1));
        if (!st && i % 16 == 0)
            st = fgo_graph_add_factor(g, &fgo_prior_se2, (int64_t[]){ i }, &p, fgo_noise_sigmas(pose_sigma), fgo_loss_none());
        if (!st && i > 0) {
            const fgo_se2 z = odometry(true_pose(i - 1), p);
            st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i - 1, i }, &z, fgo_noise_sigmas(pose_sigma),
                                      fgo_loss_none());
        }
        for (int k = 0; k < 2 && !st; k++) {
            const double range = true_slip * hypot(beacons[k][0] - p.x, beacons[k][1] - p.y) + noise(0.05);
            st = fgo_graph_add_factor(g, &fgo_slip_range, (int64_t[]){ i, BEACON_KEY + k, SLIP_KEY },
                                      &(slip_range_measurement){ range }, fgo_noise_sigma(0.05), fgo_loss_huber(1.345));
        }
    }
    return st;
}

/* Compares the estimate with the truth that the measurements were made from: 0 if it is close. */
static int judge(fgo_graph *g)
{
    double slip, beacon[2], worst = 0.0;
    if (fgo_graph_get_value(g, SLIP_KEY, &slip)) return 1;
    printf("slip %.4f (true %.4f)\n", slip, true_slip);
    for (int k = 0; k < 2; k++) {
        if (fgo_graph_get_value(g, BEACON_KEY + k, beacon)) return 1;
        printf("beacon (%.3f, %.3f), true (%.3f, %.3f)\n", beacon[0], beacon[1], beacons[k][0], beacons[k][1]);
        worst = fmax(worst, hypot(beacon[0] - beacons[k][0], beacon[1] - beacons[k][1]));
    }
    return !(worst < 0.1 && fabs(slip - true_slip) < 0.01);
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_jacobian_report report;
    fgo_summary s;
    int failed = 1;
    fgo_status st = fgo_graph_create(&g);
    if (!st) st = build(g);
    if (!st) st = fgo_graph_check_jacobians(g, &report); /* worth doing once for every new factor */
    if (!st) {
        fgo_options o = fgo_options_default();
        o.method = FGO_METHOD_LM;
        st = fgo_solve(g, &o, &s); /* st: could it run; s.termination: how it ended */
    }
    if (st) {
        fprintf(stderr, "%s\n", fgo_last_message());
    } else {
        printf("worst Jacobian entry is off by %.1e\n", report.error);
        printf("%s after %d iterations: %.6g -> %.6g\n", fgo_termination_text(s.termination), s.iterations, s.cost_initial,
               s.cost_final);
        failed = judge(g) || report.error > 1e-6;
    }
    fgo_graph_free(g);
    return failed;
}

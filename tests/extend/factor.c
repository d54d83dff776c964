/* SPDX-License-Identifier: BSD-3-Clause */
/* factor.c -- a factor of one's own: the distance between two robots that hear each other's radio. Its residual is written once; its
 * Jacobian comes from dual numbers. A row in the registry gives its measurement a meaning and its lines in g2o files a tag. */
#define FGO_PARTIALS (FGO_SE2 + FGO_SE2) /* the sum of the tangent dimensions of its variables */
#include <fgopt/fgopt.h>
#include <fgopt/residual.h>
#include <stdio.h>
#include <string.h>

/* ---- the extension ---- */

typedef struct robot_range_measurement {
    double range; /* metres */
} robot_range_measurement;

/* Moving all robots together changes nothing: fgopt need not find that out from the Jacobian. */
#undef FGO_CLASS_FIELDS
#define FGO_CLASS_FIELDS .gauge = FGO_GAUGE_RELATIVE,
FGO_RESIDUAL2(robot_range, 1, robot_range_measurement, se2, a, se2, b) /* defines fgo_robot_range */
{
    r[0] = r_sub(v2_norm(v2_sub(b.t, a.t)), z->range);
}

static const fgo_measurement_field fields[] = {
    { .name = "range",
      .kind = FGO_FIELD_LENGTH,
      .offset = offsetof(robot_range_measurement, range),
      .count = 1,
      .unit = "m",
      .frame = "" },
};
static const fgo_factor_registration row = { .size = sizeof row,
                                             .name = "robot_range",
                                             .c = &fgo_robot_range,
                                             .field = fields,
                                             .fields = 1,
                                             .formula = "|b - a| - range",
                                             .tag = "EDGE_ROBOT_RANGE" };

/* ---- its check ---- */

/* Tries the class at eight random samples: the fields of the row say how random measurements are made. */
static fgo_status check(int *right)
{
    const fgo_manifold *const m[] = { &fgo_manifold_se2, &fgo_manifold_se2 };
    fgo_factor_report report;
    const fgo_status status = fgo_check_factor(&fgo_robot_range, m, 8, NULL, NULL, &report);
    if (status) return status;
    if (report.fault) fprintf(stderr, "%s\n", report.text);
    *right = !report.fault;
    return FGO_OK;
}

/* ---- its use ---- */

/* Three sides of a square by odometry; the fourth is the distance from 3 to 0. Robot 3 begins in a wrong place. */
static const char *const file = "VERTEX_SE2 0 0 0 0\n"
                                "VERTEX_SE2 1 1 0 1.5707963267948966\n"
                                "VERTEX_SE2 2 1 1 3.1415926535897931\n"
                                "VERTEX_SE2 3 0.5 1.5 -1.2\n"
                                "FIX 0\n"
                                "EDGE_SE2 0 1 1 0 1.5707963267948966 100 0 0 100 0 100\n"
                                "EDGE_SE2 1 2 1 0 1.5707963267948966 100 0 0 100 0 100\n"
                                "EDGE_SE2 2 3 1.3 0 1.5707963267948966 1 0 0 100 0 100\n"
                                "EDGE_ROBOT_RANGE 0 3 1 10000\n";

/* Reads the file, in which one odometry measurement is 0.3 m too long and known to be bad, and solves it. */
static fgo_status solve(fgo_graph **g)
{
    fgo_summary s;
    fgo_status status = fgo_graph_read_memory(file, strlen(file), "square.g2o", NULL, g);
    if (!status) status = fgo_solve(*g, NULL, &s);
    if (!status) printf("cost %.6f -> %.6f\n", s.cost_initial, s.cost_final);
    return status;
}

int main(void)
{
    fgo_graph *g = NULL, *again = NULL;
    double a[4], b[4];
    int right = 0;
    fgo_status status = fgo_register_factor_class(&row); /* before reading: unknown tags are kept, not understood */
    if (!status) status = check(&right);
    if (!status) status = solve(&g);
    if (!status) status = fgo_graph_write(g, "extend_factor.g2o", FGO_FORMAT_G2O);
    if (!status) status = fgo_graph_read("extend_factor.g2o", NULL, &again);
    if (!status) status = fgo_graph_get_value(again, 0, a);
    if (!status) status = fgo_graph_get_value(again, 3, b);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
    } else {
        const double distance = hypot(b[0] - a[0], b[1] - a[1]);
        printf("robot 3 is %.4f m from robot 0\n", distance);
        right &= fabs(distance - 1.0) < 1e-3 && fgo_graph_factor_count(again) == 4; /* without the range 1.04 m */
    }
    remove("extend_factor.g2o");
    fgo_graph_free(again);
    fgo_graph_free(g);
    return !(status == FGO_OK && right);
}

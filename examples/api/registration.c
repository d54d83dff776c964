/* SPDX-License-Identifier: BSD-3-Clause */
/* registration.c -- a row that describes a measurement of two parts: a range, which is measured, and where the antenna is on the robot,
 * which is known. With the row, fgo_check_factor can make measurements of its own. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include <fgopt/check.h>
#include <fgopt/manifold.h>
#include <fgopt/registration.h>
#include <fgopt/registry.h>
#include <fgopt/residual.h>
#include <stdio.h>

typedef struct antenna_range {
    double range;    /* metres */
    fgo_se2 antenna; /* in the frame of the robot */
} antenna_range;

FGO_RESIDUAL2(antenna_range, 1, antenna_range, se2, a, r2, l)
{
    r[0] = r_sub(v2_norm(v2_sub(l, se2_compose(a, z->antenna).t)), z->range);
}

static const fgo_measurement_field fields[] = {
    { .name = "range", .kind = FGO_FIELD_LENGTH, .offset = offsetof(antenna_range, range), .count = 1, .unit = "m", .frame = "" },
    { .name = "antenna",
      .kind = FGO_FIELD_SE2,
      .offset = offsetof(antenna_range, antenna),
      .count = 4,
      .unit = "m, rad",
      .frame = "a",
      .calibration = 1 },
};
static const fgo_factor_registration row = { .size = sizeof row,
                                             .name = "antenna_range",
                                             .c = &fgo_antenna_range,
                                             .field = fields,
                                             .fields = 2,
                                             .formula = "|l - t of (a o)| - range" };

int main(void)
{
    fgo_manifold plane;
    const fgo_manifold *const m[] = { &fgo_manifold_se2, &plane };
    fgo_factor_report report;
    if (fgo_manifold_rn(2, &plane) || fgo_register_factor_class(&row)) return 1;
    if (fgo_check_factor(&fgo_antenna_range, m, 10, NULL, NULL, &report)) return 1;
    for (int i = 0; i < row.fields; i++)
        printf("%s [%s]%s\n", fields[i].name, fields[i].unit, fields[i].calibration ? ", known" : "");
    printf("%s\n", report.fault ? report.text : "its Jacobian is the derivative of its residual");
    return report.fault != FGO_FACTOR_FAULT_NONE;
}

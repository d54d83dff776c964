/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- a factor class of your own joins the registry: files may then have its tag, and reports name its fields. */
#define FGO_PARTIALS (FGO_SE2 + FGO_R2)
#include <fgopt/graph.h>
#include <fgopt/io.h>
#include <fgopt/registry.h>
#include <fgopt/residual.h>
#include <stdio.h>
#include <string.h>

typedef struct log_range {
    double log_range;
} log_range;

/* log |l - t| - z: a range whose error is proportional to the range. */
FGO_RESIDUAL2(log_range, 1, log_range, se2, pose, r2, mark) { r[0] = r_sub(r_log(v2_norm(v2_sub(mark, pose.t))), z->log_range); }

static const fgo_measurement_field fields[] = {
    { .name = "log_range", .kind = FGO_FIELD_NUMBER, .count = 1, .unit = "log m", .frame = "" }
};
static const fgo_factor_registration row = { .size = sizeof row,
                                             .name = "log_range",
                                             .c = &fgo_log_range,
                                             .field = fields,
                                             .fields = 1,
                                             .formula = "log |l - t| - z",
                                             .tag = "EDGE_LOG_RANGE" };

int main(void)
{
    const char *text = "VERTEX_SE2 0 0 0 0\nVERTEX_XY 1 3 4\nEDGE_LOG_RANGE 0 1 1.6 100\n";
    fgo_graph *g = NULL;
    double e;
    if (fgo_register_factor_class(&row)) return 1;
    if (fgo_graph_read_memory(text, strlen(text), "ranges.g2o", NULL, &g) || fgo_graph_residual(g, 0, &e)) return 1;
    for (size_t i = 0; fgo_factor_class_row(i); i++)
        if (!strcmp(fgo_factor_class_row(i)->name, "log_range"))
            printf("row %zu: %s, residual %.5f\n", i, fgo_factor_class_row(i)->formula, e);
    fgo_graph_free(g);
    return fabs(e - (log(5.0) - 1.6)) > 1e-12;
}

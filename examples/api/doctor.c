/* SPDX-License-Identifier: BSD-3-Clause */
/* doctor.c -- asks what is wrong with a graph: here a part that nothing connects to the rest. */
#include <fgopt/doctor.h>
#include <fgopt/factors.h>
#include <stdio.h>

int main(void)
{
    fgo_graph *g = NULL;
    fgo_findings *found = NULL;
    int seen = 0;
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 4 && !st; i++) st = fgo_graph_add_se2(g, i, (double)i, 0, 0);
    for (int64_t i = 0; i < 4 && !st; i += 2)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, i + 1 }, &(fgo_se2){ 1, 0, 1, 0 }, fgo_noise_sigma(0.1),
                                  fgo_loss_none());
    if (!st) st = fgo_graph_examine(g, FGO_DOCTOR_STRUCTURE, 0.01, &found);
    if (st) return fprintf(stderr, "%s\n", fgo_last_message()), 1;
    for (size_t i = 0; i < fgo_findings_count(found); i++) {
        const fgo_finding *f = fgo_findings_get(found, i);
        printf("%s: %s [%s]\n", fgo_severity_name(f->severity), f->evidence, fgo_finding_name(f->kind));
        seen |= f->kind == FGO_FINDING_FREE_COMPONENT;
    }
    fgo_findings_free(found);
    fgo_graph_free(g);
    return seen ? 0 : 1;
}

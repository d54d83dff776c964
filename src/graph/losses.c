/* SPDX-License-Identifier: BSD-3-Clause */
/* losses.c -- the losses of a graph's factors. Most graphs have none: a group has an array of losses only from the first loss
 * on that is not "none", which saves 24 bytes per factor. */
#include "base/memory.h"
#include "base/refuse.h"
#include "factor/loss.h"
#include "graph_private.h"

const fgo_loss fgoi_no_loss = { &fgo_loss_class_none, { 0.0, 0.0 } };

int fgoi_group_reserve_loss(fgoi_group *group, const fgo_loss *loss)
{
    if (group->loss || loss->loss_class == &fgo_loss_class_none) return 0;
    if (fgoi_grow(&group->loss, &group->loss_capacity, group->number_capacity, sizeof *group->loss)) return -1;
    for (size_t f = 0; f < group->count; f++) group->loss[f] = fgoi_no_loss;
    return 0;
}

fgo_status fgo_graph_factor_loss(const fgo_graph *g, size_t factor, fgo_loss *out)
{
    size_t f;
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(out);
    const fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    *out = *fgoi_group_loss(group, f);
    return FGO_OK;
}

fgo_status fgo_graph_set_loss(fgo_graph *g, size_t factor, fgo_loss loss)
{
    size_t f;
    FGOI_REQUIRE(g);
    fgoi_group *group = fgoi_graph_locate(g, factor, &f);
    if (!group) return fgoi_no_factor(g, factor);
    fgo_status status = fgoi_loss_check(&loss);
    if (status) return status;
    if (fgoi_group_reserve_loss(group, &loss)) return fgoi_fail_memory();
    if (group->loss) group->loss[f] = loss;
    return FGO_OK;
}

fgo_status fgo_graph_set_all_losses(fgo_graph *g, fgo_loss loss)
{
    FGOI_REQUIRE(g);
    fgo_status status = fgoi_loss_check(&loss);
    if (status) return status;
    for (size_t i = 0; i < g->group_count; i++) /* all memory first: a failure changes no loss */
        if (fgoi_group_reserve_loss(&g->group[i], &loss)) return fgoi_fail_memory();
    for (size_t i = 0; i < g->group_count; i++)
        for (size_t f = 0; g->group[i].loss && f < g->group[i].count; f++) g->group[i].loss[f] = loss;
    return FGO_OK;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* create.c -- the memory of a normal system, and the degrees of freedom that are held in it. */
#include "base/memory.h"
#include "system.h"
#include <string.h>

void fgoi_room_free(fgoi_room *room)
{
    fgoi_huge_free(&room->block);
    room->J = NULL;
}

fgoi_room fgoi_system_leave_room(fgoi_system *s)
{
    const fgoi_room room = s->room;
    s->room = (fgoi_room){ 0 };
    s->J = s->r = NULL;
    return room;
}

/* Gives the system memory for J and r: *left if that has any, else new memory. Returns 0, or -1 when out of memory. */
static int make_room(fgoi_system *s, fgoi_room *left)
{
    const size_t J_size = s->structure->J_size + FGOI_JACOBIAN_PADDING;
    if (left && left->J) {
        s->room = *left;
        *left = (fgoi_room){ 0 };
    } else {
        s->room.J = fgoi_huge_alloc(&s->room.block, (J_size + s->structure->r_size) * sizeof *s->J);
    }
    if (!s->room.J) return -1;
    s->J = s->room.J;
    s->r = s->J + J_size;
    return 0;
}

void fgoi_system_free(fgoi_system *s)
{
    if (s->restricted) {
        fgoi_free(s->pattern.dim);
        fgoi_free(s->pattern.offset);
    }
    fgoi_free(s->run_cost);
    fgoi_room_free(&s->room);
    fgoi_free(s->r_trial);
    fgoi_jacobian_free(&s->rows);
    fgoi_free(s->own.mask);
    fgoi_free(s->slot);
    memset(s, 0, sizeof *s);
}

/* Gives the system a pattern of its own with the dimensions dim[j] in place of the structure's. Returns 0, or -1 when out of
 * memory. */
static int restrict_pattern(fgoi_system *s, const int *dim)
{
    fgoi_pattern *p = &s->pattern;
    const size_t n = (size_t)p->n;
    s->restricted = 1;
    p->dim = fgoi_alloc(n, sizeof *p->dim);
    p->offset = fgoi_alloc(n + 1, sizeof *p->offset);
    if (!p->dim || !p->offset) return -1;
    for (size_t j = 0; j < n; j++) {
        p->dim[j] = dim[j];
        p->offset[j + 1] = p->offset[j] + (size_t)dim[j];
    }
    return 0;
}

fgo_status fgoi_system_create(const fgoi_problem *problem, const fgoi_structure *structure, const int *dim, fgoi_room *room,
                              fgoi_system *s)
{
    *s = (fgoi_system){ .problem = problem,
                        .structure = structure,
                        .pattern = structure->pattern,
                        .variable = structure->variable,
                        .column = structure->column,
                        .held = &structure->held };
    int failed = dim && restrict_pattern(s, dim);
    if (!failed) {
        s->run_cost = fgoi_alloc(structure->runs, sizeof *s->run_cost);
        s->slot = fgoi_alloc(s->pattern.start[s->pattern.n], sizeof *s->slot);
        failed = !s->run_cost || !s->slot || make_room(s, room);
    }
    if (!failed) return FGO_OK;
    fgoi_system_free(s);
    return fgoi_fail_memory();
}

fgo_status fgoi_system_mask(fgoi_system *s, const unsigned char *held)
{
    s->held = &s->own;
    return fgoi_mask_list(&s->pattern, held, &s->own);
}

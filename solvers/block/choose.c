/* SPDX-License-Identifier: BSD-3-Clause */
/* choose.c -- the symbolic analysis by the elimination order whose factorization has the least modelled cost. */
#include "base/memory.h"
#include "block/kernel/kernel.h"
#include "order.h"
#include "symbolic.h"
#include <stdatomic.h>

/* METIS takes about 12000 cycles per block column, and saves a fifth to a third of the factorization where it saves anything
 * (torus3D 0.79 of AMD's cycles, a sphere of 20000 poses 0.70, a grid of 8000 0.63). Below some 10000 cycles per column AMD is
 * as good or better (sphere2500 1.06, cubicle 1.01). With five factorizations in a solve METIS pays from this cost on. */
static const double METIS_CYCLES_PER_COLUMN = 12000.0;
enum {
    METIS_MIN_COLUMNS = 500
}; /* smaller graphs are solved before METIS has started; and METIS crashes on a graph without vertices */

int fgoi_symbolic_lanes(void) { return fgoi_block_kernels_for(fgoi_cpu_level())->level == FGOI_CPU_AVX512 ? 8 : 4; }

double fgoi_symbolic_cycles(const fgoi_symbolic *s)
{
    double cycles = 0.0;
    for (int f = 0; f < s->fronts; f++) cycles += s->cycles[f];
    return cycles;
}

/* Replaces *best by the analysis with METIS's order if that is cheaper. */
static int try_metis(fgoi_symbolic *best, const fgoi_pattern *p, int *order)
{
    fgoi_symbolic other = { 0 };
    if (fgoi_block_order_metis(p, order)) return 0; /* AMD's order stands */
    const int failed = fgoi_symbolic_analyze(&other, p, order, NULL, fgoi_symbolic_lanes());
    if (!failed && fgoi_symbolic_cycles(&other) < fgoi_symbolic_cycles(best)) {
        const fgoi_symbolic t = *best;
        *best = other;
        other = t;
        best->ordering = "METIS";
    }
    fgoi_symbolic_free(&other);
    return failed;
}

static fgo_status status_of(fgoi_order_result result, int failed)
{
    if (result == FGOI_ORDER_TOO_LARGE)
        return fgoi_fail(FGO_ERROR_TOO_LARGE, "the factorization is too large for the block solver");
    return failed ? fgoi_fail_memory() : FGO_OK;
}

static atomic_size_t chosen;

size_t fgoi_symbolic_count(void) { return atomic_load(&chosen); }

fgo_status fgoi_symbolic_choose(fgoi_symbolic *s, const fgoi_pattern *p)
{
    int *order = fgoi_alloc((size_t)p->n, sizeof *order);
    const fgoi_order_result result = order ? fgoi_block_order_amd(p, order) : FGOI_ORDER_MEMORY;
    int failed = result != FGOI_ORDERED || fgoi_symbolic_analyze(s, p, order, NULL, fgoi_symbolic_lanes());
    atomic_fetch_add(&chosen, 1);
    if (!failed) {
        s->ordering = "AMD";
        if (p->n >= METIS_MIN_COLUMNS && fgoi_symbolic_cycles(s) >= METIS_CYCLES_PER_COLUMN * p->n)
            failed = try_metis(s, p, order);
    }
    fgoi_free(order);
    return status_of(result, failed);
}

fgo_status fgoi_symbolic_constrained(fgoi_symbolic *s, const fgoi_pattern *p, const unsigned char *eliminate_last)
{
    int *order = fgoi_alloc((size_t)p->n, sizeof *order);
    const fgoi_order_result result = order ? fgoi_block_order_constrained(p, eliminate_last, order) : FGOI_ORDER_MEMORY;
    const int failed = result != FGOI_ORDERED || fgoi_symbolic_analyze(s, p, order, eliminate_last, fgoi_symbolic_lanes());
    s->ordering = "CAMD";
    fgoi_free(order);
    return status_of(result, failed);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_canary.c -- no target but the runner's own test: behind three bytes that coverage leads to, the library reads
 * past the end of a block. A run that does not find this finds nothing. */
#include "fuzz.h"
#include <fgopt/fgopt.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3 || data[0] != 'F' || data[1] != 'I' || data[2] != 'X') return 0;
    int64_t *key = malloc(sizeof *key);
    fgo_graph *g;
    fuzz_require(key && fgo_graph_create(&g) == FGO_OK);
    *key = 0;
    fgo_graph_add_se2(g, 0, 0.0, 0.0, 0.0);
    fgo_graph_add_factor(g, &fgo_between_se2, key, &(fgo_se2){ 0, 0, 1, 0 }, fgo_noise_unit(),
                         fgo_loss_none()); /* takes two keys */
    fgo_graph_free(g);
    free(key);
    return 0;
}

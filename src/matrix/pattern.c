/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern.c -- frees a block pattern. */
#include "pattern.h"
#include "base/memory.h"
#include <string.h>

void fgoi_pattern_free(fgoi_pattern *p)
{
    fgoi_free(p->dim);
    fgoi_free(p->offset);
    fgoi_free(p->start);
    fgoi_free(p->row);
}

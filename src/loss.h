/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.h -- which losses a graph takes. */
#ifndef FGOI_LOSS_H
#define FGOI_LOSS_H
#include <fgopt/factor.h>

/* 1 if the width is one that factor.h allows, or unused. */
int fgoi_loss_has_width(fgo_loss loss);
#endif

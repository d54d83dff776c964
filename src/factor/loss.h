/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.h -- which widths losses take. */
#ifndef FGOI_LOSS_H
#define FGOI_LOSS_H

/* 1 if factor.h allows the width. */
int fgoi_loss_takes_width(double width);
#endif

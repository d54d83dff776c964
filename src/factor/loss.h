/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.h -- what the library asks of a loss besides fgopt/loss.h. */
#ifndef FGOI_LOSS_H
#define FGOI_LOSS_H
#include <fgopt/loss.h>

/* Checks that the loss has a class and that its parameters are allowed; FGO_ERROR_ARGUMENT with a message if not. */
fgo_status fgoi_loss_check(const fgo_loss *loss);
#endif

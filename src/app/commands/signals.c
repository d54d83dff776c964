/* SPDX-License-Identifier: BSD-3-Clause */
/* signals.c -- the first SIGINT or SIGTERM is a request; the second meets the default action. */
#include "optimize.h"
#include <signal.h>

static volatile sig_atomic_t came;

static void remember(int number)
{
    (void)number;
    came = 1;
}

void interrupt_catch(void)
{
    struct sigaction action = { .sa_handler = remember, .sa_flags = (int)SA_RESETHAND | SA_RESTART };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int interrupt_came(void) { return came; }

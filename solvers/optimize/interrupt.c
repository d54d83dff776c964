/* SPDX-License-Identifier: BSD-3-Clause */
/* interrupt.c -- a handler of SIGINT that sets a flag, and passes the second signal on to the handler that was installed
 * before. */
#define _XOPEN_SOURCE 700 /* sigaction, SA_ONSTACK */
#include <fgopt/interrupt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic(int *) target; /* the flag, or NULL: no handler is installed */
static struct sigaction before;

/* Does what a SIGINT did before. The default action, which ends the process, is restored and applies to the signal when this
 * handler returns. */
static void pass_on(int number, siginfo_t *info, void *context)
{
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL)
        before.sa_handler(number);
    else {
        sigaction(SIGINT, &before, NULL);
        raise(SIGINT);
    }
}

static void on_interrupt(int number, siginfo_t *info, void *context)
{
    int *flag = atomic_load(&target);
    if (!flag || __atomic_exchange_n(flag, 1, __ATOMIC_RELAXED)) pass_on(number, info, context);
}

int *fgo_on_interrupt(int *flag)
{
    int *last = atomic_exchange(&target, flag);
    if (flag && !last) {
        struct sigaction action = { .sa_sigaction = on_interrupt, .sa_flags = SA_SIGINFO | SA_RESTART | (int)SA_ONSTACK };
        sigemptyset(&action.sa_mask);
        sigaction(SIGINT, &action, &before);
        if (!(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_IGN) sigaction(SIGINT, &before, NULL);
    } else if (!flag && last)
        sigaction(SIGINT, &before, NULL);
    return last;
}

int fgo_stop_if_set(const fgo_iteration *it, void *flag)
{
    (void)it;
    return flag ? __atomic_load_n((const int *)flag, __ATOMIC_RELAXED) : 0;
}

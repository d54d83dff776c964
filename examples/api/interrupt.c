/* SPDX-License-Identifier: BSD-3-Clause */
/* interrupt.c -- Ctrl-C ends a solve after the current iteration, with the best estimate so far; here raise() presses it. */
#include <fgopt/factors.h>
#include <fgopt/interrupt.h>
#include <fgopt/solver.h>
#include <signal.h>
#include <stdio.h>

static int stop;

static int press_then_ask(const fgo_iteration *it, void *user)
{
    if (it->iteration == 1) raise(SIGINT);
    return fgo_stop_if_set(it, user);
}

int main(void)
{
    fgo_graph *g = NULL;
    fgo_summary s;
    fgo_options o = fgo_options_default();
    o.callback = press_then_ask;
    o.callback_user = &stop;
    fgo_status st = fgo_graph_create(&g);
    for (int64_t i = 0; i < 5 && !st; i++) st = fgo_graph_add_se2(g, i, 0, 0.5 * (double)(i * i), (double)i);
    for (int64_t i = 0; i < 5 && !st; i++)
        st = fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i, (i + 1) % 5 }, &(fgo_se2){ 1, 0, 0.6, 0.8 },
                                  fgo_noise_sigma(0.1), fgo_loss_none());
    int *outer = fgo_on_interrupt(&stop);
    if (!st) st = fgo_solve(g, &o, &s);
    fgo_on_interrupt(outer); /* Ctrl-C does again what it did before */
    printf("%s\n", st ? fgo_last_message() : fgo_termination_text(s.termination));
    fgo_graph_free(g);
    return !st && s.termination == FGO_TERMINATION_STOPPED_CALLBACK ? 0 : 1;
}

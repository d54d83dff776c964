/* SPDX-License-Identifier: BSD-3-Clause */
/* test_interrupt.c -- a solve that is ended from outside, and SIGINT: afterwards it does what it did before. */
#define _POSIX_C_SOURCE 200809L /* sigaction, fork */
#include "support.h"
#include <fgopt/interrupt.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int plain_calls, info_calls;

static void plain(int number)
{
    assert_int_equal(number, SIGINT);
    plain_calls++;
}

static void with_info(int number, siginfo_t *info, void *context)
{
    (void)context;
    assert_true(info->si_signo == number && info->si_pid == getpid());
    info_calls++;
}

static struct sigaction now(void)
{
    struct sigaction action;
    assert_int_equal(sigaction(SIGINT, NULL, &action), 0);
    return action;
}

static void test_first_and_second_signal(UNUSED_STATE)
{
    (void)state;
    int stop = 0;
    struct sigaction mine = { .sa_handler = plain, .sa_flags = SA_NODEFER };
    sigemptyset(&mine.sa_mask);
    sigaction(SIGINT, &mine, NULL);
    assert_null(fgo_on_interrupt(&stop));
    raise(SIGINT);
    assert_true(stop == 1 && plain_calls == 0);
    raise(SIGINT);
    assert_true(stop == 1 && plain_calls == 1);
    assert_ptr_equal(fgo_on_interrupt(NULL), &stop);
    assert_true(now().sa_handler == plain && (now().sa_flags & SA_NODEFER));
    raise(SIGINT);
    assert_int_equal(plain_calls, 2);

    mine = (struct sigaction){ .sa_sigaction = with_info, .sa_flags = SA_SIGINFO };
    sigaction(SIGINT, &mine, NULL);
    stop = 0;
    fgo_on_interrupt(&stop);
    for (int i = 0; i < 3; i++) raise(SIGINT);
    fgo_on_interrupt(NULL);
    assert_true(stop == 1 && info_calls == 2 && now().sa_sigaction == with_info);
    signal(SIGINT, SIG_DFL);
}

static void test_nested(UNUSED_STATE)
{
    (void)state;
    int outer = 0, inner = 0;
    fgo_on_interrupt(&outer);
    assert_ptr_equal(fgo_on_interrupt(&inner), &outer);
    raise(SIGINT);
    assert_true(inner == 1 && outer == 0);
    assert_ptr_equal(fgo_on_interrupt(&outer), &inner);
    raise(SIGINT);
    assert_int_equal(outer, 1);
    assert_ptr_equal(fgo_on_interrupt(NULL), &outer);
    assert_null(fgo_on_interrupt(NULL));
    assert_true(now().sa_handler == SIG_DFL);
}

static void test_ignored_stays_ignored(UNUSED_STATE)
{
    (void)state;
    int stop = 0;
    signal(SIGINT, SIG_IGN);
    fgo_on_interrupt(&stop);
    raise(SIGINT);
    fgo_on_interrupt(NULL);
    assert_true(stop == 0 && now().sa_handler == SIG_IGN);
    signal(SIGINT, SIG_DFL);
}

static void test_default_action_ends_the_process(UNUSED_STATE)
{
    (void)state;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        int stop = 0, first;
        fgo_on_interrupt(&stop);
        raise(SIGINT);
        first = stop;
        if (first) raise(SIGINT);
        _exit(first ? 3 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

/* x^2 - 2: Gauss-Newton, which is Newton's rule for the root, halves x in each iteration from 100 on. */
static int square(const fgo_factor_class *class, size_t count, const double *const *x, const void *z, double *e, double *J)
{
    (void)class;
    (void)z;
    for (size_t k = 0; k < count; k++) {
        e[k] = *x[k] * *x[k] - 2;
        if (J) J[k] = 2 * *x[k];
    }
    return 0;
}

static void test_a_solve_stops(UNUSED_STATE)
{
    (void)state;
    const int64_t key = 7;
    const fgo_factor_class class = { .abi = FGO_FACTOR_ABI,
                                     .arity = 1,
                                     .rows = 1,
                                     .partials = 1,
                                     .name = "square",
                                     .variable = { { "R1", 1 } },
                                     .evaluate = square };
    fgo_graph *g;
    assert_ok(fgo_graph_create(&g));
    assert_ok(fgo_graph_add_rn(g, key, 1, (double[]){ 100 }));
    assert_ok(fgo_graph_add_factor(g, &class, &key, NULL, fgo_noise_sigma(1), fgo_loss_none()));
    fgo_options o = fgo_options_default();
    fgo_summary summary;
    int stop = 0, *const outer = fgo_on_interrupt(&stop);
    o.method = FGO_METHOD_GN;
    o.callback = fgo_stop_if_set;
    o.callback_user = &stop;
    raise(SIGINT);
    assert_ok(fgo_solve(g, &o, &summary));
    fgo_on_interrupt(outer);
    assert_true(summary.termination == FGO_TERMINATION_STOPPED_CALLBACK && summary.iterations == 0);
    stop = 0;
    assert_ok(fgo_solve(g, &o, &summary));
    assert_true(fgo_termination_class(summary.termination) == 1 && summary.iterations > 3 && summary.cost_final < 1e-20);
    fgo_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_first_and_second_signal), cmocka_unit_test(test_nested),
                                        cmocka_unit_test(test_ignored_stays_ignored),
                                        cmocka_unit_test(test_default_action_ends_the_process),
                                        cmocka_unit_test(test_a_solve_stops) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

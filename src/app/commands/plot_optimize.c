/* SPDX-License-Identifier: BSD-3-Clause */
/* plot_optimize.c -- an optimization whose iterations are shown. */
#include "check.h"
#include "page/replay.h"
#include <math.h>
#include <stdlib.h>

typedef struct watcher {
    replay *r;
    fgo_solver *solver;
    fgo_graph *shown; /* a copy of the graph that takes the values of each iteration */
    cli_exit code;
} watcher;

static int remember(replay *r, const fgo_iteration *it)
{
    if (r->iterations == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 128;
        fgo_iteration *grown = realloc(r->iteration, capacity * sizeof *grown);
        if (!grown) return -1;
        r->iteration = grown;
        r->capacity = capacity;
    }
    r->iteration[r->iterations++] = *it;
    return 0;
}

static int watch(const fgo_iteration *it, void *user)
{
    watcher *w = user;
    replay *r = w->r;
    char label[64];
    if (remember(r, it)) {
        w->code = cli_fail(CLI_FAILURE, "out of memory");
        return 1;
    }
    if (it->iteration == 0 || !it->accepted || it->iteration % r->stride) return 0; /* iteration 0 is there already */
    snprintf(label, sizeof label, "iteration %d", it->iteration);
    if (fgo_graph_set_values(w->shown, fgo_solver_estimate(w->solver, NULL)))
        w->code = cli_fail(CLI_FAILURE, "%s", fgo_last_message());
    else
        w->code = replay_add(r, w->shown, label, it->iteration);
    return w->code != CLI_OK;
}

/* Returns the exit code that says how the optimization ended. */
static cli_exit judge(replay *r, fgo_graph *g, const fgo_summary *s)
{
    int class = fgo_termination_class(s->termination);
    snprintf(r->outcome, sizeof r->outcome, "%s", fgo_termination_text(s->termination));
    if (class >= 0) return class == 1 ? CLI_OK : CLI_STOPPED;
    cli_fail(CLI_UNSOLVABLE, "%s: cannot be solved: %s", r->file, s->message);
    if (s->termination == FGO_TERMINATION_FAILED_SINGULAR) check_explain(r->file, g);
    return CLI_UNSOLVABLE;
}

/* Adds the final estimate as a frame. It is the last accepted one, which is there already unless frames were thinned or the cost
 * of a Gauss-Newton run rose again. */
static cli_exit add_last(replay *r, fgo_graph *g, const fgo_summary *s)
{
    const replay_frame *last = &r->frame[r->frames - 1];
    if (s->accepted == 0 || fabs(last->cost - s->cost_final) <= 1e-9 * fabs(s->cost_final)) return CLI_OK;
    return replay_add(r, g, "the result", s->iterations);
}

static cli_exit solve(replay *r, fgo_graph *g, const fgo_options *options)
{
    watcher w = { .r = r };
    fgo_options o = *options;
    fgo_summary summary;
    o.callback = watch;
    o.callback_user = &w;
    fgo_status status = fgo_graph_copy(g, &w.shown);
    if (!status) status = fgo_solver_create(g, &o, &w.solver);
    if (!status) status = fgo_solver_solve(w.solver, &summary);
    if (status)
        w.code = cli_fail_status(status, CLI_UNSOLVABLE);
    else if (!w.code) {
        cli_exit ended = judge(r, g, &summary);
        w.code = ended == CLI_OK || ended == CLI_STOPPED ? add_last(r, g, &summary) : ended;
        if (!w.code) w.code = ended;
    }
    fgo_solver_free(w.solver);
    fgo_graph_free(w.shown);
    return w.code;
}

cli_exit replay_optimize(replay *r, fgo_graph *g, const fgo_options *options)
{
    fgo_init_report report;
    char label[64];
    cli_exit code = replay_add(r, g, "as in the file", -1);
    if (code) return code;
    fgo_status status = fgo_initialize_with(g, (fgo_init)options->init, options->threads, &report);
    if (status) return cli_fail_status(status, CLI_UNSOLVABLE);
    if (report.chosen != FGO_INIT_KEEP) {
        snprintf(label, sizeof label, "first estimate: %s", fgo_init_name(report.chosen));
        code = replay_add(r, g, label, 0);
    } else {
        r->frame[0].iteration = 0;
    }
    return code ? code : solve(r, g, options);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* options.c -- the one table of options, and what is derived from it: defaults, validation, setting from text. */
#include "options.h"
#include "base/c_locale.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "base/threads.h"
#include "linear/registry.h"
#include "strategies.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const init_names[] = { "file", "odometry", "spanning-tree", "chordal", "auto", NULL };
#define METHOD_NAME(NAME, HELP) #NAME,
#define METHOD_HELP(NAME, HELP) ", " #NAME " (" HELP ")"
static const char *const method_names[] = { FGOI_STRATEGIES(METHOD_NAME) NULL };
#define NAME_OF(NAME, PREFERENCE, HELP) #NAME,
#define HELP_OF(NAME, PREFERENCE, HELP) ", " #NAME " (" HELP ")"
static const char *const linear_solver_names[] = { "auto", FGOI_LINEAR_SOLVERS(NAME_OF) NULL };
static const char *const preconditioner_names[] = { "none", "block-jacobi", NULL };

#define ROW(NAME, TYPE, FIELD, DEFAULT, MINIMUM, MAXIMUM, CHOICES, HELP, GROUP)                                                  \
    {                                                                                                                            \
        NAME, TYPE, offsetof(fgo_options, FIELD), DEFAULT, MINIMUM, MAXIMUM, CHOICES, HELP, GROUP                                \
    }
#define CHOICE(GROUP, NAME, FIELD, CHOICES, DEFAULT, HELP)                                                                       \
    ROW(NAME, FGO_OPTION_CHOICE, FIELD, DEFAULT, 0, (int)(sizeof(CHOICES) / sizeof *(CHOICES)) - 2, CHOICES, HELP, GROUP)
#define NUMBER(GROUP, NAME, TYPE, FIELD, DEFAULT, MINIMUM, MAXIMUM, HELP)                                                        \
    ROW(NAME, TYPE, FIELD, DEFAULT, MINIMUM, MAXIMUM, NULL, HELP, GROUP)

#define INIT    "first estimate"
#define METHOD  "method"
#define STOP    "stop tests"
#define DAMPING "damping"
#define LINEAR  "linear solver"
#define THREADS "threads"

static const fgo_option table[] = {
    CHOICE(INIT, "init", init, init_names, FGO_INIT_AUTO,
           "first estimate: as in the file, along the edges by neighbouring ids or by least uncertainty, by chordal relaxation, "
           "or whichever of these has the least cost; in a file without poses, 'file' means odometry"),
    CHOICE(METHOD, "method", method, method_names, FGO_METHOD_LM, &(FGOI_STRATEGIES(METHOD_HELP))[2]),
    CHOICE(LINEAR, "linear-solver", linear_solver, linear_solver_names, FGO_LINEAR_AUTO,
           "auto (the fastest)" FGOI_LINEAR_SOLVERS(HELP_OF)),
    NUMBER(STOP, "max-iterations", FGO_OPTION_INT, max_iterations, 100, 0, 1e9,
           "stop after this many steps, rejected ones included"),
    NUMBER(THREADS, "threads", FGO_OPTION_INT, threads, 0, 0, FGO_MAX_THREADS,
           "threads; 0: up to 4 of the processors where the work pays for them. Results do not depend on it"),
    NUMBER(STOP, "cost-tolerance", FGO_OPTION_DOUBLE, cost_tolerance, 1e-9, 0, 1,
           "stop when further steps would change the cost by less than this part"),
    NUMBER(STOP, "step-tolerance", FGO_OPTION_DOUBLE, step_tolerance, 1e-12, 0, 1,
           "stop when a step is this small against the values"),
    NUMBER(STOP, "gradient-tolerance", FGO_OPTION_DOUBLE, gradient_tolerance, 1e-12, 0, INFINITY,
           "stop when every gradient entry is below this"),
    NUMBER(STOP, "time-limit", FGO_OPTION_DOUBLE, time_limit_s, INFINITY, 0, INFINITY, "stop after this many seconds"),
    NUMBER(DAMPING, "initial-lambda", FGO_OPTION_DOUBLE, initial_lambda, 0, 0, 1e16,
           "first damping of lm, relative to the diagonal; 0: none until a step fails"),
    NUMBER(DAMPING, "diagonal-scaling", FGO_OPTION_BOOL, diagonal_scaling, 1, 0, 1,
           "lm damps in proportion to each diagonal entry"),
    NUMBER(LINEAR, "cgls-iterations", FGO_OPTION_INT, cgls_iterations, 0, 0, 1e9,
           "most iterations of cgls in one step; 0: until its tolerance, or 20 per degree of freedom"),
    NUMBER(LINEAR, "cgls-tolerance", FGO_OPTION_DOUBLE, cgls_tolerance, 1e-6, 0, 1,
           "a cgls step is exact enough when it reduced the model's gradient to this part"),
    CHOICE(LINEAR, "cgls-preconditioner", cgls_preconditioner, preconditioner_names, FGO_PRECONDITIONER_BLOCK_JACOBI,
           "none or block-jacobi (the diagonal block of each variable)"),
};
enum { OPTIONS = sizeof table / sizeof table[0] };

const fgo_option *fgo_option_table(size_t *count)
{
    if (count) *count = OPTIONS;
    return table;
}

void fgo_options_layout(size_t *size, size_t *callback, size_t *callback_user)
{
    if (size) *size = sizeof(fgo_options);
    if (callback) *callback = offsetof(fgo_options, callback);
    if (callback_user) *callback_user = offsetof(fgo_options, callback_user);
}

static void store(fgo_options *o, const fgo_option *row, double value)
{
    char *at = (char *)o + row->offset;
    const int whole = row->type == FGO_OPTION_DOUBLE ? 0 : (int)value;
    if (row->type == FGO_OPTION_DOUBLE)
        memcpy(at, &value, sizeof value);
    else
        memcpy(at, &whole, sizeof whole);
}

static double load(const fgo_options *o, const fgo_option *row)
{
    const char *at = (const char *)o + row->offset;
    double value;
    int whole;
    if (row->type == FGO_OPTION_DOUBLE) {
        memcpy(&value, at, sizeof value);
        return value;
    }
    memcpy(&whole, at, sizeof whole);
    return whole;
}

/* Returns the size of an option in fgo_options, in bytes. */
static size_t width(const fgo_option *row) { return row->type == FGO_OPTION_DOUBLE ? sizeof(double) : sizeof(int); }

/* The struct must not end in padding: an older program would leave there, uninitialized, the first option of a later version. */
_Static_assert(sizeof(fgo_options) == offsetof(fgo_options, linear_solver_class) + sizeof(void *), "fgo_options ends in padding");

static fgo_options defaults(void)
{
    fgo_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    for (int i = 0; i < OPTIONS; i++) store(&o, &table[i], table[i].default_value);
    return o;
}

void fgo_options_init(fgo_options *o, size_t size)
{
    const fgo_options own = defaults();
    fgoi_sized_init(o, size, &own, sizeof own);
}

/* Writes what an option allows, for messages: "one of a, b" or "1 .. 256". */
static void describe(const fgo_option *row, char *text, size_t size)
{
    if (!row->choices) {
        if (row->maximum < INFINITY)
            snprintf(text, size, "%g .. %g", row->minimum, row->maximum);
        else
            snprintf(text, size, "at least %g", row->minimum);
        return;
    }
    size_t used = (size_t)snprintf(text, size, "one of");
    for (int i = 0; i <= (int)row->maximum && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s %s", i ? "," : "", row->choices[i]);
}

fgo_status fgoi_options_read(const fgo_options *options, fgo_options *out)
{
    char allowed[128];
    fgo_options o = defaults();
    const fgo_status status = fgoi_sized_read("fgo_options", options, &o, sizeof o);
    if (status) return status;
    for (int i = 0; i < OPTIONS; i++) {
        const double value = load(&o, &table[i]);
        if (value >= table[i].minimum && value <= table[i].maximum) continue;
        describe(&table[i], allowed, sizeof allowed);
        return fgoi_fail(FGO_ERROR_ARGUMENT, "option %s is %g; allowed: %s", table[i].name, value, allowed);
    }
    if (o.records && o.record_capacity < 0) return fgoi_fail(FGO_ERROR_ARGUMENT, "record_capacity is negative");
    if (o.records && !o.record_size)
        return fgoi_fail(FGO_ERROR_ARGUMENT, "record_size is 0; it is the size of the caller's fgo_iteration");
    *out = o;
    return FGO_OK;
}

/* Returns the number that a text means for this option; NaN if it means none. */
static double value_of(const fgo_option *row, const char *text)
{
    char *end;
    if (row->type == FGO_OPTION_CHOICE) {
        for (int i = 0; i <= (int)row->maximum; i++)
            if (!strcmp(text, row->choices[i])) return i;
        return NAN;
    }
    if (row->type == FGO_OPTION_BOOL) {
        if (!strcmp(text, "true") || !strcmp(text, "on") || !strcmp(text, "yes")) return 1;
        if (!strcmp(text, "false") || !strcmp(text, "off") || !strcmp(text, "no")) return 0;
    }
    if (!*text || strchr(" \t\n", *text)) return NAN;
    if (row->type != FGO_OPTION_DOUBLE) {
        errno = 0;
        const long whole = strtol(text, &end, 10);
        return *end || errno || whole < INT_MIN || whole > INT_MAX ? NAN : (double)whole;
    }
    fgoi_c_locale locale; /* for a decimal point, whatever the locale of the host program */
    if (fgoi_c_locale_enter(&locale)) return NAN;
    const double number = strtod(text, &end);
    fgoi_c_locale_leave(&locale);
    return *end ? NAN : number;
}

fgo_status fgo_option_set(fgo_options *o, const char *name, const char *text)
{
    char allowed[128];
    FGOI_REQUIRE(o);
    FGOI_REQUIRE(name);
    FGOI_REQUIRE(text);
    for (int i = 0; i < OPTIONS; i++) {
        if (strcmp(name, table[i].name) != 0) continue;
        if (table[i].offset + width(&table[i]) > o->size)
            return fgoi_fail(FGO_ERROR_UNSUPPORTED, "option %s: the fgo_options of this program, %zu bytes, does not have it",
                             name, o->size);
        const double value = value_of(&table[i], text);
        if (value >= table[i].minimum && value <= table[i].maximum) {
            store(o, &table[i], value);
            return FGO_OK;
        }
        describe(&table[i], allowed, sizeof allowed);
        return fgoi_fail(FGO_ERROR_ARGUMENT, "option %s: '%.60s' is not allowed; %s", name, text, allowed);
    }
    return fgoi_fail(FGO_ERROR_ARGUMENT, "there is no option '%.60s'", name);
}

const char *fgo_init_name(fgo_init init)
{
    return (unsigned)init < sizeof init_names / sizeof *init_names - 1 ? init_names[init] : NULL;
}

const char *fgo_method_name(fgo_method method)
{
    return (unsigned)method < sizeof method_names / sizeof *method_names - 1 ? method_names[method] : NULL;
}

const char *fgo_linear_solver_name(fgo_linear_solver solver)
{
    return (unsigned)solver < sizeof linear_solver_names / sizeof *linear_solver_names - 1 ? linear_solver_names[solver] : NULL;
}

const char *fgo_termination_text(fgo_termination termination)
{
    switch (termination) {
    case FGO_TERMINATION_NONE: return "not solved";
    case FGO_TERMINATION_CONVERGED_COST: return "converged (cost)";
    case FGO_TERMINATION_CONVERGED_STEP: return "converged (step)";
    case FGO_TERMINATION_CONVERGED_GRADIENT: return "converged (gradient)";
    case FGO_TERMINATION_STOPPED_ITERATIONS: return "stopped (iteration limit)";
    case FGO_TERMINATION_STOPPED_TIME: return "stopped (time limit)";
    case FGO_TERMINATION_STOPPED_CALLBACK: return "stopped (on request)";
    case FGO_TERMINATION_FAILED_SINGULAR: return "failed (singular)";
    case FGO_TERMINATION_FAILED_COST: return "failed (cost not finite)";
    case FGO_TERMINATION_FAILED_DIVERGED: return "failed (diverged)";
    }
    return "unknown";
}

int fgo_termination_class(fgo_termination termination)
{
    if (termination >= FGO_TERMINATION_FAILED_SINGULAR && termination <= FGO_TERMINATION_FAILED_DIVERGED) return -1;
    return termination >= FGO_TERMINATION_CONVERGED_COST && termination <= FGO_TERMINATION_CONVERGED_GRADIENT;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* refusals.c -- calls every exported function with every argument that the rule of status.h refuses, and judges the answers.
 *
 * The calls are generated from the public headers (tests/tools/refusals.py). They run one after the other in a child; when one
 * ends the child, this is its fault, and another child goes on with the next. A few functions break the rule on purpose
 * (planted.h): unless exactly their faults are found, the test fails, for then it is blind. */
#include "refusals.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAULT_SIZE = 240, PATTERN = 0xa5, MOST_CALLS = 8192 };
#ifdef FGOPT_INSTRUMENTED
enum { SECONDS = 300 }; /* of one call */
#else
enum { SECONDS = 20 };
#endif

/* What parent and child share. */
typedef struct board {
    size_t next; /* the call that is made or comes next */
    int in_call;
    char fault[MOST_CALLS][FAULT_SIZE]; /* "": none */
} board;

/* ---- valid arguments ---- */

static const char text[] = "VERTEX_SE2 1 0 0 0\nVERTEX_SE2 2 1 0 0\nVERTEX_SE2 3 2 0.1 0\n"
                           "EDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\nEDGE_SE2 2 3 1 0 0 1 0 0 1 0 1\n"
                           "EDGE_SE2 1 3 2 0.2 0 1 0 0 1 0 1\nEDGE_SE2 1 3 2 0.2 0 1 0 0 1 0 1\n";

char refused_file[64] = "/tmp/refusals-XXXXXX";

static void make_file(void)
{
    const int file = mkstemp(refused_file);
    if (file < 0 || write(file, text, sizeof text - 1) != (ssize_t)sizeof text - 1 || close(file)) {
        fprintf(stderr, "refusals: cannot write %s\n", refused_file);
        exit(3);
    }
}

static void must(fgo_status status, const char *what)
{
    if (!status) return;
    fprintf(stderr, "refusals: the fixture cannot be made: %s: %s\n", what, fgo_last_message());
    exit(3);
}

static void make(fixture *f)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 2; i < NUMBERS; i += 4) f->numbers[i] = 1.0;
    f->options = fgo_options_default();
    f->options.threads = 1;
    f->read_options = fgo_read_options_default();
    f->compare_options = fgo_compare_options_default();
    must(fgo_graph_read_memory(text, sizeof text - 1, "refusals.g2o", NULL, &f->graph), "graph");
    must(fgo_values_create(f->graph, &f->values), "values");
    must(fgo_graph_examine(f->graph, FGO_DOCTOR_STRUCTURE, 0.01, &f->findings), "findings");
    must(fgo_solver_create(f->graph, &f->options, &f->solver), "solver");
    must(fgo_solver_solve(f->solver, NULL), "solve");
    must(fgo_covariance_create(f->graph, 1, &f->covariance), "covariance");
    must(fgo_solver_sparsity(f->solver, &f->sparsity), "sparsity");
    must(fgo_prior_rn(2, &f->rn), "class");
}

static void drop(fixture *f)
{
    fgo_sparsity_free(f->sparsity);
    fgo_covariance_free(f->covariance);
    fgo_solver_free(f->solver);
    fgo_findings_free(f->findings);
    fgo_values_free(f->values);
    fgo_graph_free(f->graph);
}

/* ---- what exists only while fgopt calls: the call is made from inside ---- */

static struct {
    const refused_call *call;
    fixture *f;
    int made;
} on_stage;

static void make_call(void)
{
    if (on_stage.call && !on_stage.made++) on_stage.call->call(on_stage.f);
}

static void start(void *state, fgo_linearization *p, const fgo_options *options, double *vectors)
{
    (void)state, (void)options, (void)vectors;
    on_stage.f->linearization = p;
    make_call();
}
static fgo_outcome no_step(void *state, fgo_linearization *p, double *dx, fgo_step *out)
{
    (void)state, (void)p, (void)dx, (void)out;
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}
static int accepts_none(const void *state, const fgo_trial *t) { return (void)state, (void)t, 0; }
static void accept(void *state, fgo_linearization *p, const fgo_trial *t) { (void)state, (void)p, (void)t; }
static int give_up(void *state, fgo_linearization *p, fgo_rejection reason) { return (void)state, (void)p, (void)reason, -1; }
static const fgo_strategy_class strategy = { .size = sizeof strategy,
                                             .name = "refusals",
                                             .gives_up = "",
                                             .start = start,
                                             .step = no_step,
                                             .accepts = accepts_none,
                                             .accept = accept,
                                             .reject = give_up };

static fgo_status create(void **self)
{
    static int none;
    *self = &none;
    return FGO_OK;
}
static fgo_status analyze(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report)
{
    (void)self, (void)slot, (void)report;
    if (on_stage.f) {
        on_stage.f->jacobian = request->jacobian;
        on_stage.f->threads = request->threads;
    }
    make_call();
    return FGO_ERROR_UNSUPPORTED;
}
static fgo_outcome factorize(void *self, const double *b, fgo_linear_report *report)
{
    (void)self, (void)b, (void)report;
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}
static fgo_outcome solve(void *self, double *b, fgo_linear_report *report)
{
    (void)self, (void)b, (void)report;
    return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
}
static void free_nothing(void *self) { (void)self; }
const fgo_linear_solver_class refused_linear_solver = { .size = sizeof refused_linear_solver,
                                                        .name = "refusals",
                                                        .traits = FGO_LINEAR_WANTS_ROWS,
                                                        .create = create,
                                                        .analyze = analyze,
                                                        .factorize = factorize,
                                                        .solve = solve,
                                                        .free = free_nothing };

void refused_part(void *context, size_t part) { (void)context, (void)part; }

static fgo_status write_format(const fgo_format_class *c, const fgo_graph *g, fgo_output *out)
{
    (void)c, (void)g;
    if (on_stage.f) on_stage.f->output = out;
    make_call();
    return FGO_OK;
}
const fgo_format_class refused_format = { .size = sizeof refused_format, .name = "refusals", .write = write_format };
const fgo_format_text refused_text = { text, text + sizeof text - 1, "refusals" };

/* Makes a call where its objects are. */
static void call_on_stage(const refused_call *c, fixture *f)
{
    fgo_options o = fgo_options_default();
    if (c->stage == STAGE_NONE) {
        c->call(f);
        return;
    }
    on_stage.call = c;
    on_stage.f = f;
    on_stage.made = 0;
    o.threads = 2;
    if (c->stage == STAGE_STRATEGY) o.strategy = &strategy;
    if (c->stage == STAGE_LINEAR_SOLVER) o.linear_solver_class = &refused_linear_solver;
    if (c->stage == STAGE_FORMAT)
        fgo_graph_write_in(f->graph, "/dev/null", &refused_format);
    else
        fgo_solve(f->graph, &o, NULL);
    if (!on_stage.made) {
        fprintf(stderr, "refusals: %s was not called\n", c->function);
        exit(4);
    }
    on_stage.call = NULL;
    on_stage.f = NULL;
}

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < count; i++) h = (h ^ b[i]) * 0x100000001b3ULL; /* FNV-1a */
    return h;
}

/* A number that changes with everything that a refused call must leave alone. */
static uint64_t signature(fixture *f)
{
    size_t size = 0;
    const double *x = fgo_graph_values(f->graph, &size);
    uint64_t h = hash_bytes(0xcbf29ce484222325ULL, x, size * sizeof *x);
    h = hash_bytes(h, fgo_graph_held(f->graph), fgo_graph_tangent_dimension(f->graph));
    for (size_t i = 0; i < fgo_graph_factor_end(f->graph); i++) {
        double chi2 = 0;
        fgo_loss loss = { 0 };
        fgo_graph_chi2(f->graph, i, &chi2);
        fgo_graph_factor_loss(f->graph, i, &loss);
        h = hash_bytes(h, &chi2, sizeof chi2);
        h = hash_bytes(h, &loss, sizeof loss);
    }
    const double *v = fgo_values_data(f->values, &size);
    h = hash_bytes(h, v, size * sizeof *v);
    h = hash_bytes(h, &f->options, sizeof f->options);
    h = hash_bytes(h, &f->weights, sizeof f->weights);
    return hash_bytes(h, f->numbers, sizeof f->numbers);
}

/* ---- judging ---- */

/* Does the message say of the function that this argument is NULL? */
static int names(const char *message, const refused_call *c)
{
    char wanted[160];
    snprintf(wanted, sizeof wanted, "%s: %s is NULL", c->speaks, c->argument);
    return !strcmp(message, wanted);
}

static int untouched(const fixture *f)
{
    for (int k = 0; k < RESULTS; k++)
        for (int i = 0; i < RESULT_SIZE; i++)
            if (f->result[k][i] != PATTERN) return 0;
    return 1;
}

/* Writes what is wrong with an answer, "" if nothing is. */
static void judge(const refused_call *c, const fixture *f, int same, char *fault)
{
    const char *message = fgo_last_message();
    const int refuses = c->expect == EXPECT_ARGUMENT || c->expect == EXPECT_KEY || c->expect == EXPECT_ERROR;
    *fault = '\0';
    if (c->expect == EXPECT_ANY || c->expect == EXPECT_NEUTRAL) return;
    if (c->expect == EXPECT_OK) {
        if (c->returns_status && f->status)
            snprintf(fault, FAULT_SIZE, "refuses valid arguments: %s: %s", fgo_status_text(f->status), message);
        else if (!c->returns_status && f->neutral)
            snprintf(fault, FAULT_SIZE, "returns the neutral value for valid arguments");
        return;
    }
    if (!c->returns_status) {
        if (!f->neutral) snprintf(fault, FAULT_SIZE, "does not return the neutral value");
    } else if ((c->expect == EXPECT_ARGUMENT && f->status != FGO_ERROR_ARGUMENT) ||
               (c->expect == EXPECT_KEY && f->status != FGO_ERROR_KEY) || (c->expect == EXPECT_ERROR && f->status == FGO_OK)) {
        snprintf(fault, FAULT_SIZE, "returns \"%s\"", fgo_status_text(f->status));
    } else if (c->is_null && !names(message, c)) {
        snprintf(fault, FAULT_SIZE, "the message does not name function and argument: %s", message);
    }
    if (!*fault && refuses && !untouched(f)) snprintf(fault, FAULT_SIZE, "changes a result, though it refuses");
    if (!*fault && refuses && !same) snprintf(fault, FAULT_SIZE, "changes an argument, though it refuses");
}

/* ---- calling ---- */

/* Makes the calls from b->next on. */
static void make_calls(board *b)
{
    static fixture f;
    int fresh = 0;
    uint64_t before = 0;
    for (; b->next < refused_call_count; b->next++) {
        const refused_call *c = &refused_calls[b->next];
        if (!fresh) {
            make(&f);
            before = signature(&f);
        }
        memset(f.result, PATTERN, sizeof f.result);
        f.status = FGO_OK;
        alarm(SECONDS);
        b->in_call = 1;
        call_on_stage(c, &f);
        b->in_call = 0;
        alarm(0);
        const int refused = c->returns_status ? f.status != FGO_OK : c->argument && f.neutral;
        judge(c, &f, !refused || signature(&f) == before, b->fault[b->next]);
        fresh = refused && !b->fault[b->next][0];
        if (c->release && (!c->returns_status || !f.status)) c->release(&f);
        if (!fresh) drop(&f);
    }
    if (fresh) drop(&f);
}

/* Makes all calls, in as many children as it takes. Returns 0, or -1 where that cannot be done. */
static int make_all_calls(board *b)
{
    while (b->next < refused_call_count) {
        fflush(NULL);
        const pid_t child = fork();
        int how = 0;
        if (child < 0) return -1;
        if (child == 0) {
            make_calls(b);
            exit(0); /* where a leak check looks */
        }
        if (waitpid(child, &how, 0) != child) return -1;
        if (WIFEXITED(how) && WEXITSTATUS(how) == 0) continue;
        if (b->next >= refused_call_count || !b->in_call) {
            fprintf(stderr, "refusals: a child ended (status 0x%x) outside of a call, near %s\n", how,
                    b->next < refused_call_count ? refused_calls[b->next].function : "the end");
            return -1;
        }
        if (WIFSIGNALED(how))
            snprintf(b->fault[b->next], FAULT_SIZE, WTERMSIG(how) == SIGALRM ? "does not end" : "crashes: %s",
                     strsignal(WTERMSIG(how)));
        else
            snprintf(b->fault[b->next], FAULT_SIZE, "ends the process with %d", WEXITSTATUS(how));
        b->in_call = 0;
        b->next++;
    }
    return 0;
}

/* ---- the planted faults ---- */

static const char *const planted[] = { "crash(g = NULL)", "beyond(index",      "touch(g = NULL)",          "anonymous(g = NULL)",
                                       "change(index",    "garbage(g = NULL)", "refuses(valid arguments)", "key(key" };
enum { PLANTED = sizeof planted / sizeof *planted };

/* Reports one call's fault; notes which planted one it is. Returns 1 if it is none of these. */
static int report(const refused_call *c, const char *fault, int *found)
{
    char what[160];
    if (c->argument)
        snprintf(what, sizeof what, "%s(%s = %s)", c->function, c->argument, c->value);
    else
        snprintf(what, sizeof what, "%s(valid arguments)", c->function);
    if (strncmp(what, "fgo_planted_", 12) == 0)
        for (int i = 0; i < PLANTED; i++)
            if (strncmp(what + 12, planted[i], strlen(planted[i])) == 0) return found[i] = 1, 0;
    printf("%s: %s\n", what, fault);
    return 1;
}

int main(void)
{
    int found[PLANTED] = { 0 };
    size_t faults = 0;
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    make_file();
    if (b == MAP_FAILED || refused_call_count > MOST_CALLS || make_all_calls(b)) {
        fprintf(stderr, "refusals: cannot make the calls\n");
        unlink(refused_file);
        return 3;
    }
    unlink(refused_file);
    for (size_t i = 0; i < refused_call_count; i++)
        if (b->fault[i][0]) faults += (size_t)report(&refused_calls[i], b->fault[i], found);
    for (int i = 0; i < PLANTED; i++)
        if (!found[i]) {
            printf("planted fault not found: %s\n", planted[i]);
            faults++;
        }
    munmap(b, sizeof *b);
    printf("%zu functions, %zu calls, %zu faults\n", refused_function_count, refused_call_count, faults);
    return faults != 0;
}

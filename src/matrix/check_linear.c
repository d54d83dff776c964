/* SPDX-License-Identifier: BSD-3-Clause */
/* check_linear.c -- fgo_check_linear_solver: what every linear solver must do, tried on random problems. */
#include "base/memory.h"
#include "base/refuse.h"
#include "base/sized.h"
#include "check_problem.h"
#include "linear.h"
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 4, COLUMNS = 7 };
static const double TOLERANCE = 1e-9; /* asked of solvers that iterate */

typedef struct check {
    const fgo_linear_solver_class *c;
    fgo_linear_check *out;
    fgoi_check_problem *q;
    fgoi_linear *ls;
    fgoi_slot *slot;
    size_t *place; /* in values, of each entry that is written: entries of them */
    double *kept;  /* these values */
    size_t entries;
    double *x, *first; /* (n + 2) * COLUMNS numbers, n numbers */
} check;

/* Records a fault, of which there is one at most. Returns -1, so that callers can pass it on. */
__attribute__((format(printf, 3, 4))) static int fault(check *k, fgo_linear_fault what, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    k->out->fault = what;
    vsnprintf(k->out->message, sizeof k->out->message, format, arguments);
    va_end(arguments);
    return -1;
}

static int can(const check *k, unsigned capabilities) { return fgoi_linear_can(k->ls, capabilities); }

/* ---- H where the solver wants it ---- */

/* Lists where in `values` each entry of the blocks goes that the solver wants; with `write` also writes the entries there.
 * Returns how many there are. */
static size_t visit(check *k, int write)
{
    const fgoi_pattern *p = &k->q->pattern;
    double *values = k->ls->report.values;
    size_t count = 0;
    for (int j = 0; j < p->n; j++)
        for (size_t e = p->start[j]; e < p->start[j + 1]; e++)
            for (int b = 0; b < p->dim[j] && (e == p->start[j] || !can(k, FGO_LINEAR_WANTS_ROWS)); b++)
                for (int a = 0; a < p->dim[p->row[e]]; a++, count++) {
                    const fgoi_slot *s = &k->slot[e];
                    const size_t down = (size_t)(s->transposed ? b : a), right = (size_t)(s->transposed ? a : b);
                    k->place[count] = s->offset + right * (size_t)s->ld + down;
                    if (!write) continue;
                    k->kept[count] = k->q->H[(p->offset[p->row[e]] + (size_t)a) * k->q->n + p->offset[j] + (size_t)b];
                    values[k->place[count]] = k->kept[count];
                }
    return count;
}

static int compare_places(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Writes H, and damping of zero. */
static void fill(check *k)
{
    k->entries = visit(k, 1);
    if (k->ls->report.damping) memset(k->ls->report.damping, 0, k->q->n * sizeof(double));
}

static int is_unchanged(const check *k)
{
    for (size_t i = 0; i < k->entries; i++) {
        uint64_t now, before; /* bits: -0.0 is not 0.0 here, and NaN is itself */
        memcpy(&now, &k->ls->report.values[k->place[i]], sizeof now);
        memcpy(&before, &k->kept[i], sizeof before);
        if (now != before) return 0;
    }
    return 1;
}

/* ---- analysis ---- */

static int check_elimination(check *k)
{
    const int *elimination = k->ls->report.elimination;
    const size_t n = k->q->n;
    if (!can(k, FGO_LINEAR_TELLS_ORDER)) return 0;
    memset(k->first, 0, n * sizeof *k->first); /* how often each row occurs */
    for (size_t i = 0; elimination && i < n; i++)
        if (elimination[i] < 0 || (size_t)elimination[i] >= n || k->first[elimination[i]]++ > 0)
            return fault(k, FGO_LINEAR_FAULT_REPORT, "%s: report->elimination is no permutation", k->c->name);
    return elimination ? 0 : fault(k, FGO_LINEAR_FAULT_REPORT, "%s: report->elimination is NULL", k->c->name);
}

/* Analyses the problem as the request asks; checks the report and the slots. */
static int analyze(check *k)
{
    fgo_linear_request *request = &k->ls->request;
    request->tolerance = TOLERANCE;
    request->preconditioner = FGO_PRECONDITIONER_BLOCK_JACOBI;
    request->jacobian = can(k, FGO_LINEAR_WANTS_ROWS) ? &k->q->jacobian : NULL;
    const fgo_status status = fgoi_linear_analyze(k->ls, &k->q->pattern, k->slot);
    const fgo_linear_report *report = &k->ls->report;
    const int blank = status == FGO_ERROR_UNSUPPORTED && (!report->values || !report->factorization);
    if (status)
        return fault(k, blank ? FGO_LINEAR_FAULT_REPORT : FGO_LINEAR_FAULT_STATUS, "%s: analyze failed: %.100s", k->c->name,
                     fgo_last_message());
    if (strlen(report->factorization) > 23)
        return fault(k, FGO_LINEAR_FAULT_REPORT, "%s: report->factorization is longer than 23 characters", k->c->name);
    k->entries = visit(k, 0);
    qsort(k->place, k->entries, sizeof *k->place, compare_places);
    for (size_t i = 1; i < k->entries; i++)
        if (k->place[i] == k->place[i - 1])
            return fault(k, FGO_LINEAR_FAULT_SLOTS, "%s: two entries of H are to be written to values[%zu]", k->c->name,
                         k->place[i]);
    return check_elimination(k);
}

/* ---- solutions ---- */

/* Checks x against H^-1 b; `b` NULL: that of the problem. `what` is the fault if x is wrong, `of` names x in the message. */
static int check_solution(check *k, const double *b, const double *x, fgo_linear_fault what, const char *of)
{
    const fgoi_check_problem *q = k->q;
    double error = 0.0, size = 0.0;
    if (!b) b = q->b;
    const int exact = can(k, FGO_LINEAR_IS_EXACT);
    for (size_t i = 0; i < q->n; i++) {
        long double sum = 0.0L;
        for (size_t j = 0; j < q->n; j++) sum += exact ? q->Z[i * q->n + j] * b[j] : (long double)q->H[i * q->n + j] * x[j];
        error += (double)((sum - (exact ? x[i] : b[i])) * (sum - (exact ? x[i] : b[i])));
        size += (double)(exact ? sum * sum : (long double)b[i] * b[i]);
    }
    const double unit = exact ? 0.5 * DBL_EPSILON * q->condition : TOLERANCE;
    const double found = size > 0.0 ? sqrt(error / size) / unit : sqrt(error);
    if (found > k->out->error) k->out->error = found;
    if (found <= (exact ? 8.0 + (double)q->n : 4.0)) return 0;
    return fault(k, what, "%s: %s is off by %.2g units of %s (%zu rows)", k->c->name, of, found,
                 exact ? "rounding times the condition" : "the tolerance", q->n);
}

/* Factorizes and solves for the problem's b, into k->x. With show_b, b is passed to the factorization too. */
static int solve(check *k, int show_b)
{
    memcpy(k->x, k->q->b, k->q->n * sizeof *k->x);
    fill(k);
    if (fgoi_linear_factorize(k->ls, show_b ? k->x : NULL))
        return fault(k, FGO_LINEAR_FAULT_STATUS, "%s: a matrix of condition %.0f could not be factorized", k->c->name,
                     k->q->condition);
    if (!is_unchanged(k)) return fault(k, FGO_LINEAR_FAULT_VALUES, "%s: factorize changed H", k->c->name);
    if (fgoi_linear_solve(k->ls, k->x))
        return fault(k, FGO_LINEAR_FAULT_STATUS, "%s: solve failed after a factorization", k->c->name);
    if (!is_unchanged(k)) return fault(k, FGO_LINEAR_FAULT_VALUES, "%s: solve changed H", k->c->name);
    return check_solution(k, NULL, k->x, FGO_LINEAR_FAULT_SOLUTION, "a solution");
}

static int check_repeated(check *k)
{
    for (int show_b = 0; show_b < 2; show_b++) {
        if (solve(k, show_b)) return -1;
        memcpy(k->first, k->x, k->q->n * sizeof *k->x);
        if (solve(k, show_b)) return -1;
        if (memcmp(k->first, k->x, k->q->n * sizeof *k->x) != 0)
            return fault(k, FGO_LINEAR_FAULT_NOT_REPEATED, "%s: the same numbers gave other bits the second time", k->c->name);
    }
    return 0;
}

static int check_many(check *k)
{
    const size_t n = k->q->n, ld = n + 2;
    if (!can(k, FGO_LINEAR_SOLVES_MANY) || !n) return 0;
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t i = 0; i < ld; i++) k->x[c * ld + i] = k->q->b[i % n] * (double)(1 + c);
    if (fgoi_linear_solve_many(k->ls, k->x, COLUMNS, ld))
        return fault(k, FGO_LINEAR_FAULT_MANY, "%s: solve_many failed", k->c->name);
    for (size_t c = 0; c < COLUMNS; c++) {
        for (size_t i = 0; i < n; i++) k->first[i] = k->q->b[i] * (double)(1 + c);
        if (check_solution(k, k->first, k->x + c * ld, FGO_LINEAR_FAULT_MANY, "a column of solve_many")) return -1;
        for (size_t i = n; i < ld; i++)
            if (k->x[c * ld + i] != k->q->b[i % n] * (double)(1 + c))
                return fault(k, FGO_LINEAR_FAULT_MANY, "%s: solve_many wrote between its columns", k->c->name);
    }
    return 0;
}

static int check_inverse(check *k)
{
    const fgoi_check_problem *q = k->q;
    const fgoi_pattern *p = &q->pattern;
    double out[9 * 9];
    if (!can(k, FGO_LINEAR_INVERTS)) return 0;
    if (k->ls->c.invert(k->ls->self)) return fault(k, FGO_LINEAR_FAULT_INVERSE, "%s: invert failed", k->c->name);
    for (int i = 0; i < p->n; i++)
        for (int j = 0; j < p->n; j++) {
            long double error = 0.0L, size = 0.0L;
            k->ls->c.inverse_block(k->ls->self, p->offset[i], p->dim[i], p->offset[j], p->dim[j], out, 9);
            for (int a = 0; a < p->dim[i]; a++)
                for (int b = 0; b < p->dim[j]; b++) {
                    const long double Z = q->Z[(p->offset[i] + (size_t)a) * q->n + p->offset[j] + (size_t)b];
                    error = fmaxl(error, fabsl(Z - out[a * 9 + b]));
                    size = fmaxl(size, fabsl(q->Z[(p->offset[i] + (size_t)a) * (q->n + 1)]));
                }
            if (!(error <= (8.0 + (double)q->n) * DBL_EPSILON * q->condition * size))
                return fault(k, FGO_LINEAR_FAULT_INVERSE, "%s: block (%d, %d) of the inverse is off by %.2Lg of %.2Lg",
                             k->c->name, i, j, error, size);
        }
    return 0;
}

/* ---- what cannot be solved ---- */

/* Factorizes H, which is not positive definite, and checks that this is reported at the later eliminated of the rows a and b. */
static int must_fail(check *k, size_t a, size_t b, const char *what)
{
    const int *elimination = k->ls->report.elimination;
    fill(k);
    const fgo_outcome outcome = fgoi_linear_factorize(k->ls, NULL);
    const size_t at = k->ls->report.failed_at;
    if (outcome != FGO_OUTCOME_NOT_POSITIVE_DEFINITE)
        return fault(k, FGO_LINEAR_FAULT_ACCEPTED, "%s: %s was not reported", k->c->name, what);
    for (size_t i = 0; a != b && elimination && i < k->q->n; i++) { /* the later of the two comes last */
        if ((size_t)elimination[i] == a || (size_t)elimination[i] == b) {
            const size_t later = (size_t)elimination[i] == a ? b : a;
            a = b = later;
        }
    }
    if (at == SIZE_MAX || at == a || at == b) return 0;
    return fault(k, FGO_LINEAR_FAULT_ROW, "%s: %s was reported at row %zu, not %zu", k->c->name, what, at, a);
}

/* Checks that H with a bad row i is refused at i: the matrix of all other rows is positive definite, so the failure appears at i
 * in any order of elimination. */
static int check_indefinite(check *k)
{
    fgoi_check_problem *q = k->q;
    const size_t n = q->n, i = (size_t)fgoi_check_below(q, (int)n);
    q->H[i * (n + 1)] = -1.0;
    if (must_fail(k, i, i, "a negative diagonal entry")) return -1;
    for (size_t j = 0; j < n; j++) q->H[i * n + j] = q->H[j * n + i] = 0.0;
    if (must_fail(k, i, i, "a row of zeros")) return -1;
    fgoi_check_problem_multiply(q);
    return solve(k, 0); /* the solver recovers */
}

/* Checks that an H with two equal columns, which is singular up to the rounding of its elimination, is refused. */
static int check_rank(check *k)
{
    fgoi_check_problem *q = k->q;
    const fgoi_pattern *p = &q->pattern;
    int j = 0;
    while (j < p->n && p->dim[j] < 2) j++;
    if (j == p->n || !can(k, FGO_LINEAR_FINDS_RANK)) return 0;
    const size_t a = p->offset[j], b = a + 1;
    for (size_t i = 0; i < q->n; i++) q->H[b * q->n + i] = q->H[a * q->n + i];
    for (size_t i = 0; i < q->n; i++) q->H[i * q->n + b] = q->H[i * q->n + a];
    if (must_fail(k, a, b, "a matrix that is singular up to rounding")) return -1;
    fgoi_check_problem_multiply(q);
    return 0;
}

/* Puts NaN on the diagonal, then beside it. The factorization may fail or the solution may be NaN, but NaN must not be lost. */
static int check_not_finite(check *k)
{
    fgoi_check_problem *q = k->q;
    const size_t n = q->n;
    for (size_t beside = 0; beside < 2; beside++) {
        const size_t j = beside < n ? beside : 0;
        q->H[j] = q->H[j * n] = NAN;
        if (k->q->pattern.dim[0] <= (int)j) break; /* not within a block */
        fill(k);
        memcpy(k->x, q->b, n * sizeof *k->x);
        int lost = !fgoi_linear_factorize(k->ls, NULL) && !fgoi_linear_solve(k->ls, k->x);
        for (size_t i = 0; i < n; i++) lost = lost && isfinite(k->x[i]);
        if (lost) return fault(k, FGO_LINEAR_FAULT_NOT_FINITE, "%s: NaN in H left no trace", k->c->name);
        fgoi_check_problem_multiply(q);
    }
    fgoi_check_problem_multiply(q);
    return solve(k, 1);
}

/* ---- orders and updates ---- */

/* Checks that columns come in the order of their ranks. */
static int check_ranks(check *k, const int *rank, const char *what)
{
    const fgoi_pattern *p = &k->q->pattern;
    int before = -1;
    for (size_t i = 0; can(k, FGO_LINEAR_TELLS_ORDER) && i < k->q->n; i++) {
        int j = 0;
        while (p->offset[j + 1] <= (size_t)k->ls->report.elimination[i]) j++;
        if (rank[j] < before) return fault(k, FGO_LINEAR_FAULT_ORDER, "%s: %s was not heeded", k->c->name, what);
        before = rank[j];
    }
    return 0;
}

static int check_orders(check *k)
{
    const int blocks = k->q->pattern.n;
    unsigned char *last = fgoi_alloc((size_t)blocks, 1);
    int *group = fgoi_alloc((size_t)blocks, sizeof *group), *rank = fgoi_alloc((size_t)blocks, sizeof *rank), code = 0;
    if (!last || !group || !rank) {
        fault(k, FGO_LINEAR_FAULT_STATUS, "out of memory");
        code = -1;
    }
    for (int j = 0; !code && j < blocks; j++) rank[j] = last[j] = (unsigned char)(fgoi_check_uniform(k->q) < 0.3);
    if (!code && can(k, FGO_LINEAR_ORDERS_LAST)) {
        k->ls->request.eliminate_last = last;
        code = analyze(k) || check_ranks(k, rank, "eliminate_last") || solve(k, 0) ? -1 : 0;
    }
    for (int j = 0; !code && j < blocks; j++) group[j] = j ? -1 : 0, rank[j] = j > 0;
    if (!code && can(k, FGO_LINEAR_ELIMINATES_GROUPS)) {
        k->ls->request.eliminate_first = group;
        code = analyze(k) || check_ranks(k, rank, "eliminate_first") || solve(k, 0) ? -1 : 0;
    }
    fgoi_free(last);
    fgoi_free(group);
    fgoi_free(rank);
    return code;
}

/* Changes a diagonal block and checks the solution after `update`. */
static int check_update(check *k)
{
    fgoi_check_problem *q = k->q;
    if (!can(k, FGO_LINEAR_UPDATES)) return 0;
    unsigned char *changed = fgoi_alloc((size_t)q->pattern.n, 1);
    if (!changed) return fault(k, FGO_LINEAR_FAULT_STATUS, "out of memory");
    changed[q->pattern.n - 1] = 1;
    for (size_t i = q->pattern.offset[q->pattern.n - 1]; i < q->n; i++) q->H[i * (q->n + 1)] *= 2.0;
    fill(k);
    fgoi_check_problem_invert(q);
    memcpy(k->x, q->b, q->n * sizeof *k->x);
    int code = k->ls->c.update(k->ls->self, changed, &k->ls->report) || fgoi_linear_solve(k->ls, k->x)
                   ? fault(k, FGO_LINEAR_FAULT_UPDATE, "%s: update failed", k->c->name)
                   : check_solution(k, NULL, k->x, FGO_LINEAR_FAULT_UPDATE, "a solution after update");
    fgoi_check_problem_multiply(q);
    fgoi_check_problem_invert(q);
    fgoi_free(changed);
    return code;
}

/* ---- all of it ---- */

static int check_threads(check *k)
{
    double *alone = k->x + k->q->n; /* solve writes before this, analyze to k->first */
    int code = solve(k, 0);
    memcpy(alone, k->x, k->q->n * sizeof *alone);
    for (int t = 2; !code && t <= MAX_THREADS; t++) {
        if (!(k->ls->request.threads = fgoi_threads_create(t))) break; /* the system grants no threads */
        code = analyze(k) || solve(k, 0) ? -1 : 0;
        if (!code && memcmp(alone, k->x, k->q->n * sizeof *alone) != 0)
            code = fault(k, FGO_LINEAR_FAULT_THREADS, "%s: %d threads give other bits than one", k->c->name, t);
        if (!code) code = check_many(k) || (t == 2 && check_inverse(k)) ? -1 : 0;
        fgoi_threads_free(k->ls->request.threads);
        k->ls->request.threads = NULL;
        if (!code) code = analyze(k) || solve(k, 0) ? -1 : 0;
        memcpy(alone, k->x, k->q->n * sizeof *alone);
    }
    return code;
}

static int check_all(check *k, int with_threads)
{
    if (analyze(k) || check_repeated(k) || check_many(k) || check_inverse(k)) return -1;
    if (can(k, FGO_LINEAR_IS_EXACT) && (check_indefinite(k) || check_rank(k) || check_not_finite(k))) return -1;
    if (check_update(k)) return -1;
    if (with_threads && check_threads(k)) return -1;
    return check_orders(k);
}

static int allocate(check *k)
{
    const size_t n = k->q->n;
    k->slot = fgoi_alloc(k->q->pattern.start[k->q->pattern.n], sizeof *k->slot);
    k->place = fgoi_alloc(n, n * sizeof *k->place);
    k->kept = fgoi_alloc(n, n * sizeof *k->kept);
    k->x = fgoi_alloc(n + 2, COLUMNS * sizeof *k->x);
    k->first = fgoi_alloc(n, sizeof *k->first);
    return k->slot && k->place && k->kept && k->x && k->first ? 0 : -1;
}

static void release(check *k)
{
    void *array[] = { k->slot, k->place, k->kept, k->x, k->first };
    for (size_t i = 0; i < sizeof array / sizeof *array; i++) fgoi_free(array[i]);
}

fgo_status fgo_check_linear_solver_sized(const fgo_linear_solver_class *c, fgo_linear_check *out, size_t out_size)
{
    static const struct {
        int blocks, largest;
        double density;
    } shape[] = { { 1, 1, 0.0 }, { 1, 9, 0.0 },  { 2, 1, 1.0 },  { 2, 6, 1.0 },   { 3, 3, 0.0 },  { 5, 9, 0.5 },
                  { 8, 1, 0.3 }, { 12, 3, 0.3 }, { 20, 6, 0.1 }, { 30, 2, 0.05 }, { 10, 7, 1.0 }, { 24, 9, 0.6 } };
    enum { SHAPES = sizeof shape / sizeof *shape, LAST = SHAPES - 1 /* with threads */ };
    fgo_linear_check result = { .fault = FGO_LINEAR_FAULT_NONE };
    fgo_status status = FGO_OK;
    FGOI_REQUIRE(c);
    FGOI_REQUIRE(out);
    FGOI_REQUIRE_SIZE(out_size);
    for (int i = 0; i < 3 * LAST + 1 && !status && !result.fault; i++) {
        const int s = i < 3 * LAST ? i % LAST : LAST;
        fgoi_check_problem q;
        check k = { .c = c, .out = &result, .q = &q };
        status = fgoi_check_problem_make(&q, (uint64_t)i + 1, shape[s].blocks, shape[s].largest, shape[s].density);
        if (!status && allocate(&k)) status = fgoi_fail_memory();
        if (!status && fgoi_linear_create(c, &k.ls))
            fault(&k, FGO_LINEAR_FAULT_CLASS, "%.150s", fgo_last_message());
        else if (!status)
            check_all(&k, s == LAST);
        fgoi_linear_free(k.ls);
        release(&k);
        fgoi_check_problem_free(&q);
        result.problems++;
    }
    if (!status) fgoi_sized_write(out, out_size, &result, sizeof result);
    return status;
}

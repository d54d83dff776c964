/* SPDX-License-Identifier: BSD-3-Clause */
/* linear_solver.c -- a linear solver of one's own: Cholesky in an envelope (A. George, J. Liu, "Computer Solution of Large Sparse
 * Positive Definite Systems", 1981, chapter 4). Each row of H is stored from its first block to its diagonal, where all fill stays. */
#include <fgopt/fgopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the extension ---- */

/* Row i has the columns first[i] .. i; entry (i, j) is at at[i] + j - first[i]. Rows of a block have one first column and one width. */
typedef struct envelope {
    size_t n, entries, *first, *at;
    double *H, *L;
} envelope;

static void clear(envelope *s)
{
    free(s->first), free(s->at), free(s->H), free(s->L);
    *s = (envelope){ 0 };
}

static void envelope_free(void *self)
{
    if (self) clear(self);
    free(self);
}

static fgo_status envelope_create(void **self)
{
    *self = calloc(1, sizeof(envelope));
    return *self ? FGO_OK : FGO_ERROR_MEMORY;
}

/* Lays out the rows, and says for each block of the pattern where its entries are to be written: by rows, so transposed. */
static fgo_status envelope_analyze(void *self, const fgo_linear_request *request, fgo_block_slot *slot, fgo_linear_report *report)
{
    envelope *s = self;
    const fgo_block_pattern *p = request->pattern;
    const size_t n = p->offset[p->n];
    clear(s);
    s->first = malloc((n + 1) * sizeof *s->first);
    s->at = malloc((n + 1) * sizeof *s->at);
    if (!s->first || !s->at) return FGO_ERROR_MEMORY;
    s->n = n;
    for (int j = p->n; j-- > 0;) /* the leftmost block of a row comes last */
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++)
            for (size_t i = p->offset[p->row[k]]; i < p->offset[p->row[k] + 1]; i++) s->first[i] = p->offset[j];
    for (int r = 0; r < p->n; r++)
        for (size_t i = p->offset[r]; i < p->offset[r + 1]; i++) {
            s->at[i] = s->entries;
            s->entries += p->offset[r + 1] - s->first[i];
            for (size_t j = s->first[i]; j <= i; j++) report->flops += 2.0 * (double)(j - s->first[i]) + 2.0;
        }
    s->H = calloc(s->entries + 1, sizeof *s->H); /* what no block covers stays zero */
    s->L = calloc(s->entries + 1, sizeof *s->L);
    if (!s->H || !s->L) return FGO_ERROR_MEMORY;
    for (int j = 0; j < p->n; j++)
        for (size_t k = p->start[j]; k < p->start[j + 1]; k++) {
            const size_t i = p->offset[p->row[k]], width = p->offset[p->row[k] + 1] - s->first[i];
            slot[k] = (fgo_block_slot){ .offset = s->at[i] + p->offset[j] - s->first[i], .ld = (int32_t)width, .transposed = 1 };
        }
    report->values = s->H;
    report->factorization = "envelope";
    report->nonzeros_L = s->entries;
    report->bytes = 2 * s->entries * sizeof *s->L;
    return FGO_OK;
}

/* L by rows. A pivot that rounding could have made is none: the threshold also finds singular matrices. */
static fgo_outcome envelope_factorize(void *self, const double *b, fgo_linear_report *report)
{
    envelope *s = self;
    (void)b;
    for (size_t i = 0; i < s->n; i++) {
        double *Li = s->L + s->at[i];
        const double *Hi = s->H + s->at[i];
        for (size_t j = s->first[i]; j <= i; j++) {
            const double *Lj = s->L + s->at[j];
            const size_t begin = s->first[i] > s->first[j] ? s->first[i] : s->first[j];
            double sum = Hi[j - s->first[i]];
            for (size_t k = begin; k < j; k++) sum -= Li[k - s->first[i]] * Lj[k - s->first[j]];
            if (j < i) {
                Li[j - s->first[i]] = sum / Lj[j - s->first[j]];
            } else if (sum > 1e-14 * Hi[i - s->first[i]]) {
                Li[i - s->first[i]] = sqrt(sum);
            } else { /* NaN comes here, too */
                report->failed_at = i;
                return FGO_OUTCOME_NOT_POSITIVE_DEFINITE;
            }
        }
    }
    return FGO_OUTCOME_SOLVED;
}

static fgo_outcome envelope_solve(void *self, double *b, fgo_linear_report *report)
{
    const envelope *s = self;
    (void)report;
    for (size_t i = 0; i < s->n; i++) {
        const double *Li = s->L + s->at[i];
        for (size_t k = s->first[i]; k < i; k++) b[i] -= Li[k - s->first[i]] * b[k];
        b[i] /= Li[i - s->first[i]];
    }
    for (size_t i = s->n; i-- > 0;) {
        const double *Li = s->L + s->at[i];
        b[i] /= Li[i - s->first[i]];
        for (size_t k = s->first[i]; k < i; k++) b[k] -= Li[k - s->first[i]] * b[i];
    }
    return FGO_OUTCOME_SOLVED;
}

static const fgo_linear_solver_class envelope_class = { .size = sizeof envelope_class,
                                                        .name = "envelope",
                                                        .traits = FGO_LINEAR_IS_EXACT | FGO_LINEAR_FINDS_RANK,
                                                        .create = envelope_create,
                                                        .analyze = envelope_analyze,
                                                        .factorize = envelope_factorize,
                                                        .solve = envelope_solve,
                                                        .free = envelope_free };

/* ---- its check and its use ---- */

enum { POSES = 200 };

/* A robot drives ten times around a polygon and recognizes each pose of the round before. The first guess is off. */
static fgo_status build(fgo_graph *g)
{
    const fgo_se2 step = fgo_se2_from_angle(1.0, 0.0, 6.283185307179586 / 20.0), same = fgo_se2_from_angle(0.0, 0.0, 0.0);
    fgo_se2 x = same;
    fgo_status status = FGO_OK;
    for (int i = 0; i < POSES && !status; i++, x = fgo_se2_compose(x, step)) {
        status = fgo_graph_add_se2(g, i, x.x + 0.3 * sin(i), x.y + 0.3 * cos(3.0 * i), fgo_se2_angle(x) + 0.1 * sin(7.0 * i));
        if (!status && i >= 1)
            status =
                fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i - 1, i }, &step, fgo_noise_sigma(0.1), fgo_loss_none());
        if (!status && i >= 20)
            status =
                fgo_graph_add_factor(g, &fgo_between_se2, (int64_t[]){ i - 20, i }, &same, fgo_noise_sigma(0.1), fgo_loss_none());
    }
    return status;
}

static fgo_status solve(const fgo_linear_solver_class *c, fgo_summary *s)
{
    fgo_graph *g = NULL;
    fgo_options o = fgo_options_default();
    o.linear_solver_class = c;
    o.init = FGO_INIT_KEEP; /* from the poor values of the graph, so that there are steps to solve for */
    fgo_status status = fgo_graph_create(&g);
    if (!status) status = build(g);
    if (!status) status = fgo_solve(g, &o, s);
    fgo_graph_free(g);
    return status;
}

int main(void)
{
    fgo_linear_check check;
    fgo_summary own, built_in;
    fgo_status status = fgo_check_linear_solver(&envelope_class, &check);
    if (!status) status = solve(&envelope_class, &own);
    if (!status) status = solve(NULL, &built_in);
    if (status) {
        fprintf(stderr, "%s\n", fgo_last_message());
        return 1;
    }
    printf("%zu problems, error %.2g; %s, %s: cost %.6g -> %.3g in %d iterations, %s: %d\n", check.problems, check.error,
           check.fault ? check.message : "right", own.factorization, own.cost_initial, own.cost_final, own.iterations,
           built_in.factorization, built_in.iterations);
    return !(check.fault == FGO_LINEAR_FAULT_NONE && own.linear_solver == FGO_LINEAR_OWN &&
             own.iterations == built_in.iterations && own.cost_initial > 1.0 && own.cost_final < 1e-9);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* loss.c -- the table of built-in losses, and losses as text. */
#include "loss.h"
#include "base/c_locale.h"
#include "base/error.h"
#include "base/refuse.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A new loss is a file that defines `const fgo_loss_class fgo_loss_class_NAME`, and a row here. Losses that C shall know by that
 * name are declared in fgopt/loss.h, too. */
#define LOSSES(ROW)                                                                                                              \
    ROW(none)                                                                                                                    \
    ROW(huber)                                                                                                                   \
    ROW(cauchy)                                                                                                                  \
    ROW(geman_mcclure)                                                                                                           \
    ROW(tukey)                                                                                                                   \
    ROW(welsch)                                                                                                                  \
    ROW(barron)

#define DECLARE(NAME) extern const fgo_loss_class fgo_loss_class_##NAME;
LOSSES(DECLARE)
#define ROW(NAME) &fgo_loss_class_##NAME,
static const fgo_loss_class *const table[] = { LOSSES(ROW) };
enum { COUNT = sizeof table / sizeof *table };

const fgo_loss_class *fgo_loss_class_get(size_t i) { return i < COUNT ? table[i] : NULL; }

static const fgo_loss_class *find(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strlen(table[i]->name) == length && strncmp(table[i]->name, name, length) == 0) return table[i];
    return NULL;
}

const fgo_loss_class *fgo_loss_class_find(const char *name) { return name ? find(name, strlen(name)) : NULL; }

void fgo_loss_evaluate(fgo_loss loss, double s, double *rho, double *rho_prime)
{
    if (!loss.loss_class || !rho || !rho_prime) return;
    loss.loss_class->evaluate(loss.loss_class, loss.parameter, s, rho, rho_prime);
}

fgo_status fgoi_loss_check(const fgo_loss *loss)
{
    const fgo_loss_class *c = loss->loss_class;
    if (!c) return fgoi_fail(FGO_ERROR_ARGUMENT, "a loss has no class; fgo_loss_none() is that of least squares");
    if (c->abi != FGO_LOSS_ABI || c->parameters < 0 || c->parameters > FGO_LOSS_PARAMETERS || !c->name || !*c->name ||
        !c->evaluate)
        return fgoi_fail(FGO_ERROR_ARGUMENT,
                         "not a loss class: its abi is %d and should be %d, it has %d of at most %d parameters", c->abi,
                         FGO_LOSS_ABI, c->parameters, FGO_LOSS_PARAMETERS);
    for (int i = 0; i < c->parameters; i++) {
        const fgo_loss_parameter *p = &c->parameter[i];
        if (!(loss->parameter[i] >= p->minimum && loss->parameter[i] <= p->maximum))
            return fgoi_fail(FGO_ERROR_ARGUMENT, "loss %s: the %s is %g; it must be a number from %g to %g", c->name,
                             p->name ? p->name : "parameter", loss->parameter[i], p->minimum, p->maximum);
    }
    return FGO_OK;
}

/* ---- text; in the C locale, whatever the host's ---- */

/* Replaces the parameters of the loss by the numbers of a list "P1,P2". Returns 0, or -1 if the text is no such list. */
static int read_numbers(const char *text, fgo_loss *loss)
{
    for (int i = 0; i < loss->loss_class->parameters; i++) {
        char *end;
        if (!*text || isspace((unsigned char)*text)) return -1;
        loss->parameter[i] = strtod(text, &end);
        if (end == text) return -1;
        if (!*end) return 0;
        if (*end != ',') return -1;
        text = end + 1;
    }
    return -1;
}

/* Writes the names of the losses that can be read, "none, huber, ...", to `text`, for messages. */
static void list(char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < COUNT && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", table[i]->name);
}

fgo_status fgo_loss_parse(const char *text, fgo_loss *out)
{
    char names[200];
    FGOI_REQUIRE(text);
    FGOI_REQUIRE(out);
    const size_t length = strcspn(text, ":");
    fgo_loss loss = { find(text, length), { 0 } };
    if (!loss.loss_class) {
        list(names, sizeof names);
        return fgoi_fail(FGO_ERROR_ARGUMENT, "unknown loss '%.60s'; one of %s, with optional :PARAMETER,PARAMETER", text, names);
    }
    for (int i = 0; i < loss.loss_class->parameters; i++) loss.parameter[i] = loss.loss_class->parameter[i].default_value;
    if (text[length]) {
        fgoi_c_locale locale;
        if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory();
        const int wrong = read_numbers(text + length + 1, &loss);
        fgoi_c_locale_leave(&locale);
        if (wrong)
            return fgoi_fail(FGO_ERROR_ARGUMENT, "loss '%.60s': %s takes %d number%s after a colon, with commas between them",
                             text, loss.loss_class->name, loss.loss_class->parameters,
                             loss.loss_class->parameters == 1 ? "" : "s");
    }
    const fgo_status status = fgoi_loss_check(&loss);
    if (!status) *out = loss;
    return status;
}

/* Writes x after the character `before`, with 6 digits if they read back the same number, else with 17. Returns the length. */
static int write_number(char *text, size_t size, char before, double x)
{
    const int n = snprintf(text, size, "%c%g", before, x);
    return n < (int)size && strtod(text + 1, NULL) == x ? n : snprintf(text, size, "%c%.17g", before, x);
}

fgo_status fgo_loss_format(fgo_loss loss, char *text, size_t size)
{
    char own[256];
    fgoi_c_locale locale;
    FGOI_REQUIRE(text);
    const fgo_status status = fgoi_loss_check(&loss);
    if (status) return status;
    if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory();
    size_t used = (size_t)snprintf(own, sizeof own, "%.99s", loss.loss_class->name);
    for (int i = 0; i < loss.loss_class->parameters; i++)
        used += (size_t)write_number(own + used, sizeof own - used, i ? ',' : ':', loss.parameter[i]);
    fgoi_c_locale_leave(&locale);
    if (used >= size) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_loss_format: %zu bytes are needed, %zu given", used + 1, size);
    memcpy(text, own, used + 1);
    return FGO_OK;
}

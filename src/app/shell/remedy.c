/* SPDX-License-Identifier: BSD-3-Clause */
/* remedy.c -- what can be done about an error or a finding, in the program's words: its options. */
#include "remedy.h"
#include <stdio.h>
#include <string.h>

static const char *const words_of_order[] = { "tag", "rows", "toro" };
static const char *const words_of_form[] = { "information", "covariance", "root" };
static const char *const words_of_residual[] = { "as-used", "g2o", "log", "ceres", "euler" };
#define WORD(WORDS, VALUE) ((size_t)(VALUE) < sizeof(WORDS) / sizeof *(WORDS) ? (WORDS)[VALUE] : "?")

int cli_remedy_option(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE])
{
    text[0] = '\0';
    switch (remedy->kind) {
    case FGO_REMEDY_PROJECT: snprintf(text, CLI_REMEDY_SIZE, "--information project"); break;
    case FGO_REMEDY_READ_ORDER: snprintf(text, CLI_REMEDY_SIZE, "--weights %s", WORD(words_of_order, remedy->value)); break;
    case FGO_REMEDY_READ_FORM: snprintf(text, CLI_REMEDY_SIZE, "--weights %s", WORD(words_of_form, remedy->value)); break;
    case FGO_REMEDY_READ_RESIDUAL: snprintf(text, CLI_REMEDY_SIZE, "--weights %s", WORD(words_of_residual, remedy->value)); break;
    default: break;
    }
    return text[0] != '\0';
}

/* Returns the sentence for a remedy, with a %s in the place of its option if it has one. */
static const char *words(const fgo_remedy *remedy)
{
    switch (remedy->kind) {
    case FGO_REMEDY_NONE: return "look at it";
    case FGO_REMEDY_CONNECT: return "connect it by an edge, add a prior or FIX one of its vertices; else its smallest id is held";
    case FGO_REMEDY_MEASURE: return "add an edge or a prior that measures it, fix the vertex, or remove it";
    case FGO_REMEDY_TIE: return "add an edge that ties them to the rest in these directions, a prior, or fix one of them";
    case FGO_REMEDY_ADD_VARIABLE: return "add the vertex or remove the edge";
    case FGO_REMEDY_CORRECT_KEYS: return "correct one of its ids or remove it";
    case FGO_REMEDY_PROJECT: return "correct it, or read the file with %s";
    case FGO_REMEDY_RESCALE: return "check its units, and give what is not known a small weight of the size of the rest";
    case FGO_REMEDY_READ_ORDER:
        return remedy->value == FGO_WEIGHTS_ROWS
                   ? "read it with %s, rename the edges EDGE_SE2, or reorder it to 11 12 22 33 13 23"
                   : "read it with %s, rename the edges EDGE2, or reorder it to 11 12 13 22 23 33";
    case FGO_REMEDY_READ_FORM:
        return remedy->value == FGO_WEIGHTS_ROOT
                   ? "if so, read it with %s; as they are, chi2 and the widths of losses mean nothing"
                   : "if so, read it with %s";
    case FGO_REMEDY_READ_RESIDUAL:
        return remedy->value == FGO_WEIGHTS_LOG ? "if so, read it with %s, or --residual log"
                                                : "if so, read it with %s, or --residual g2o";
    case FGO_REMEDY_KEEP_ONE: return "keep one of them unless they are independent measurements";
    case FGO_REMEDY_LOOK_AT_BOTH: return "look at both measurements; one is wrong";
    case FGO_REMEDY_EXCHANGE: return "exchange its ids, or invert its measurement";
    case FGO_REMEDY_ROBUST_LOSS: return "probably a wrong match: remove it, or optimize with a robust --loss";
    case FGO_REMEDY_INITIALIZE: return "use another initial estimate (--init), or correct the vertex";
    case FGO_REMEDY_CORRECT_TEXT: return "correct what stands there";
    case FGO_REMEDY_CORRECT_MATRIX: return "correct the information matrix";
    case FGO_REMEDY_RENAME: return "give it another id";
    }
    return "look at it";
}

const char *cli_remedy_text(const fgo_remedy *remedy, char text[CLI_REMEDY_SIZE])
{
    char option[CLI_REMEDY_SIZE];
    const char *with = words(remedy), *place = strstr(with, "%s");
    cli_remedy_option(remedy, option);
    if (place)
        snprintf(text, CLI_REMEDY_SIZE, "%.*s%.80s%s", (int)(place - with), with, option, place + 2);
    else
        snprintf(text, CLI_REMEDY_SIZE, "%s", with);
    return text;
}

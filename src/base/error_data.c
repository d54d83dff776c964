/* SPDX-License-Identifier: BSD-3-Clause */
/* error_data.c -- the names of remedies, statistics and causes. */
#include <fgopt/error.h>

enum { COUNT_OF_REMEDIES = FGO_REMEDY_RENAME + 1, COUNT_OF_STATISTICS = FGO_STATISTIC_CHI2_RATIO + 1 };
enum { COUNT_OF_CAUSES = FGO_CAUSE_UNDETERMINED + 1 };

const char *fgo_remedy_name(fgo_remedy_kind kind)
{
    static const char *const names[COUNT_OF_REMEDIES] = {
        "none",          "connect",      "measure",        "tie",        "add-variable",
        "correct-keys",  "project",      "rescale",        "read-order", "read-form",
        "read-residual", "keep-one",     "look-at-both",   "exchange",   "robust-loss",
        "initialize",    "correct-text", "correct-matrix", "rename",
    };
    return (int)kind >= 0 && (int)kind < COUNT_OF_REMEDIES ? names[kind] : (const char *)0;
}

const char *fgo_statistic_name(fgo_statistic statistic)
{
    static const char *const names[COUNT_OF_STATISTICS] = {
        "none", "variables", "directions", "eigenvalue", "condition", "fraction", "chi2", "chi2-per-row", "chi2-ratio",
    };
    return (int)statistic >= 0 && (int)statistic < COUNT_OF_STATISTICS ? names[statistic] : (const char *)0;
}

const char *fgo_cause_name(fgo_cause cause)
{
    static const char *const names[COUNT_OF_CAUSES] = {
        "other", "syntax", "unknown-key", "duplicate-key", "self-loop", "manifold", "indefinite", "asymmetric", "undetermined",
    };
    return (int)cause >= 0 && (int)cause < COUNT_OF_CAUSES ? names[cause] : (const char *)0;
}

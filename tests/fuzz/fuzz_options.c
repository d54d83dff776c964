/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_options.c -- lines "NAME=VALUE" as options and losses: what is refused changes nothing, what is taken is
 * allowed. */
#include "base/error.h"
#include "fuzz.h"
#include "optimize/options.h"
#include <fgopt/fgopt.h>

static void set_option(fgo_options *o, const char *name, const char *value)
{
    const fgo_options before = *o;
    const fgo_status status = fgo_option_set(o, name, value);
    fuzz_require(status == FGO_OK || status == FGO_ERROR_ARGUMENT);
    if (status) fuzz_require(memcmp(&before, o, sizeof before) == 0);
    fgo_options taken;
    fuzz_require(fgoi_options_read(o, &taken) == FGO_OK);
}

static void parse_loss(const char *text)
{
    fgo_loss loss;
    double rho, slope;
    if (fgo_loss_parse(text, &loss)) return;
    char own[64];
    fgo_loss again;
    fuzz_require(fgo_loss_class_find(loss.loss_class->name) == loss.loss_class);
    fuzz_require(fgo_loss_format(loss, own, sizeof own) == FGO_OK && fgo_loss_parse(own, &again) == FGO_OK);
    fuzz_require(memcmp(&loss, &again, sizeof loss) == 0);
    fgo_loss_evaluate(loss, 2.0, &rho, &slope);
    fuzz_require(rho >= 0.0 && slope >= 0.0 && slope <= 1.0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fgo_options o = fgo_options_default();
    char *text = fuzz_text(data, size), *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strchr(line, '=');
        parse_loss(line);
        if (!value) continue;
        *value++ = '\0';
        set_option(&o, line, value);
        parse_loss(value);
    }
    free(text);
    return 0;
}

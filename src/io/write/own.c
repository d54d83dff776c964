/* SPDX-License-Identifier: BSD-3-Clause */
/* own.c -- writes formats that have a writer of their own, and the output that such a writer puts its text into. */
#include "base/c_locale.h"
#include "base/error.h"
#include "base/refuse.h"
#include "io/text/compression.h"
#include "io/text/number.h"
#include "writer.h"
#include <string.h>

struct fgo_output {
    fgoi_text text;
};

void fgo_output_bytes(fgo_output *out, const void *bytes, size_t count)
{
    if (out && bytes && count && count <= PTRDIFF_MAX) fgoi_text_bytes(&out->text, bytes, count);
}

void fgo_output_text(fgo_output *out, const char *text)
{
    if (out && text) fgoi_text_string(&out->text, text);
}

void fgo_output_integer(fgo_output *out, int64_t x)
{
    if (out) fgoi_text_int64(&out->text, x);
}

void fgo_output_number(fgo_output *out, double x)
{
    if (out) fgoi_text_double(&out->text, x);
}

fgo_status fgoi_put_own(const fgo_graph *g, const fgo_format_class *c, fgoi_text *text)
{
    if (!c->write) return fgoi_fail(FGO_ERROR_UNSUPPORTED, "format %.40s can only be read", c->name);
    fgo_output out = { .text = *text };
    const size_t failures = fgoi_failures();
    const fgo_status status = c->write(c, g, &out);
    *text = out.text;
    if (!status) return text->failed ? fgoi_fail_memory() : FGO_OK;
    if (fgoi_failures() > failures) return status;
    return fgoi_fail(status, "the writer of format %.40s failed: %s", c->name, fgo_status_text(status));
}

fgo_status fgo_graph_write_in(const fgo_graph *g, const char *path, const fgo_format_class *c)
{
    fgoi_c_locale locale;
    fgoi_text text = { .size = 0 };
    FGOI_REQUIRE(g);
    FGOI_REQUIRE(path);
    FGOI_REQUIRE(c);
    if (!c->name) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_write_in: a format without a name");
    if (c->size < sizeof *c) return fgoi_fail(FGO_ERROR_ARGUMENT, "fgo_graph_write_in: format %.40s without its size", c->name);
    if (fgoi_c_locale_enter(&locale)) return fgoi_fail_memory();
    fgo_status status = fgoi_put_own(g, c, &text);
    if (!status) status = fgoi_compress(path, &text);
    if (!status) status = fgoi_write_file(path, &text);
    fgoi_text_free(&text);
    fgoi_c_locale_leave(&locale);
    return status;
}

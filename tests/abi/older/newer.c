/* SPDX-License-Identifier: BSD-3-Clause */
/* newer.c -- a program that was compiled against larger structs, as a later fgopt might have them, on the library of today: accepted
 * as long as it sets nothing that the library does not know, and what the library cannot fill is zero. */
#include "require.h"
#include <fgopt/fgopt.h>

typedef struct {
    fgo_options known;
    double tomorrow;
    const char *the_day_after;
} newer_options;
typedef struct {
    fgo_summary known;
    double tomorrow[9];
} newer_summary;
typedef struct {
    fgo_iteration known;
    double tomorrow;
} newer_iteration;
typedef struct {
    fgo_read_options known;
    int tomorrow[2];
} newer_read_options;
typedef struct {
    fgo_compare_options known;
    double tomorrow;
} newer_compare_options;

static void options_are_refused(fgo_graph *g, newer_options o)
{
    fgo_summary s;
    const size_t wrong[] = { 0, sizeof(size_t), 5000, (size_t)-1 };
    o.tomorrow = 1e-300;
    REQUIRE(fgo_solve(g, &o.known, &s) == FGO_ERROR_UNSUPPORTED && strstr(fgo_last_message(), "fgo_options"));
    o.tomorrow = 0.0;
    o.the_day_after = "rain";
    REQUIRE(fgo_solve(g, &o.known, &s) == FGO_ERROR_UNSUPPORTED);
    o.the_day_after = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        o.known.size = wrong[i];
        REQUIRE(fgo_solve(g, &o.known, &s) == FGO_ERROR_ARGUMENT && strstr(fgo_last_message(), "fgo_options_default()"));
    }
}

static void solve(fgo_graph *g)
{
    enum { MOST = 20 };
    GUARDED(newer_options, o);
    GUARDED(newer_summary, s);
    newer_iteration record[MOST];
    memset(record, PATTERN, sizeof record);
    fgo_options_init(&o.is.known, sizeof o.is);
    REQUIRE(is_untouched(o.guard) && o.is.known.size == sizeof o.is && o.is.tomorrow == 0.0 && !o.is.the_day_after);
    REQUIRE(fgo_option_set(&o.is.known, "cgls-tolerance", "0.1") == FGO_OK && o.is.known.cgls_tolerance == 0.1);
    options_are_refused(g, o.is);
    o.is.known.records = &record->known;
    o.is.known.record_capacity = MOST;
    REQUIRE(fgo_solve(g, &o.is.known, NULL) == FGO_ERROR_ARGUMENT && strstr(fgo_last_message(), "record_size"));
    o.is.known.record_size = sizeof *record;
    REQUIRE(fgo_solve_sized(g, &o.is.known, &s.is.known, sizeof s.is) == FGO_OK);
    REQUIRE(is_untouched(s.guard) && s.is.known.cost_final > 0 && s.is.known.records == s.is.known.iterations + 1);
    for (int i = 0; i < 9; i++) REQUIRE(s.is.tomorrow[i] == 0.0);
    for (int i = 0; i < s.is.known.records; i++) REQUIRE(record[i].known.iteration == i && record[i].tomorrow == 0.0);
}

int main(void)
{
    newer_read_options read;
    newer_compare_options compare;
    fgo_comparison c;
    fgo_graph *g = NULL;
    fgo_read_options_init(&read.known, sizeof read);
    read.tomorrow[1] = 1;
    REQUIRE(fgo_graph_read_memory(text, sizeof text - 1, "text", &read.known, &g) == FGO_ERROR_UNSUPPORTED && !g);
    read.tomorrow[1] = 0;
    REQUIRE(fgo_graph_read_memory(text, sizeof text - 1, "text", &read.known, &g) == FGO_OK);
    fgo_compare_options_init(&compare.known, sizeof compare);
    REQUIRE(fgo_graph_compare(g, g, &compare.known, &c, NULL) == FGO_OK && c.matched == 3);
    compare.tomorrow = 1.0;
    REQUIRE(fgo_graph_compare(g, g, &compare.known, &c, NULL) == FGO_ERROR_UNSUPPORTED);
    solve(g);
    fgo_graph_free(g);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* older.c -- a program that was compiled against smaller structs (fgopt_older.h), on the library of today: it takes the options that
 * the program does not know at their defaults, and writes nothing behind the program's structs. */
#include "fgopt_older.h"
#include "require.h"

static int calls;
static int count_calls(const fgo_iteration *it, void *user)
{
    calls += it->iteration >= 0 && user == &calls;
    return 0;
}

static void solve(fgo_graph *g)
{
    enum { MOST = 20 };
    GUARDED(fgo_options, o);
    GUARDED(fgo_summary, s);
    GUARDED(fgo_init_report, init);
    fgo_iteration record[MOST];
    memset(record, PATTERN, sizeof record);
    o.is = fgo_options_default();
    REQUIRE(is_untouched(o.guard) && o.is.size == sizeof o.is && o.is.max_iterations == 100);
    REQUIRE(fgo_option_set(&o.is, "max-iterations", "15") == FGO_OK && o.is.max_iterations == 15);
    REQUIRE(fgo_option_set(&o.is, "cgls-tolerance", "0.1") == FGO_ERROR_UNSUPPORTED && is_untouched(o.guard));
    o.is.callback = count_calls;
    o.is.callback_user = &calls;
    o.is.records = record;
    o.is.record_capacity = MOST;
    REQUIRE(fgo_initialize_with_sized(g, 1, 0, &init.is, sizeof init.is) == FGO_OK);
    REQUIRE(is_untouched(init.guard) && init.is.chosen == 1 && init.is.reached == 2);
    REQUIRE(fgo_solve(g, &o.is, &s.is) == FGO_OK);
    REQUIRE(is_untouched(o.guard) && is_untouched(s.guard));
    REQUIRE(s.is.termination >= 1 && s.is.termination <= 3 && s.is.iterations > 0 && s.is.iterations < 15);
    REQUIRE(s.is.cost_final > 0 && s.is.cost_final < s.is.cost_initial && calls == s.is.iterations + 1);
    for (int i = 0; i <= s.is.iterations; i++) REQUIRE(record[i].iteration == i && record[i].cost <= s.is.cost_initial);
    REQUIRE(record[s.is.iterations + 1].iteration != s.is.iterations + 1);
}

static void report(fgo_graph *g)
{
    const double length[] = { 1.0, 1.5 };
    GUARDED(fgo_file_report, file);
    GUARDED(fgo_jacobian_report, jacobian);
    GUARDED(fgo_factor_group, group);
    GUARDED(fgo_comparison, comparison);
    GUARDED(fgo_compare_options, o);
    struct {
        fgo_segment_errors is[2];
        unsigned char guard[GUARD];
    } segments;
    memset(&segments, PATTERN, sizeof segments);
    fgo_compare_options_init(&o.is, sizeof o.is);
    REQUIRE(is_untouched(o.guard) && o.is.size == sizeof o.is && o.is.time_tolerance == 0.01);
    o.is.lengths = length;
    o.is.length_count = 2;
    REQUIRE(fgo_graph_file_report_sized(g, &file.is, sizeof file.is) == FGO_OK);
    REQUIRE(is_untouched(file.guard) && file.is.lines == 6 && file.is.bytes == sizeof text - 1);
    REQUIRE(fgo_graph_check_jacobians_sized(g, &jacobian.is, sizeof jacobian.is) == FGO_OK);
    REQUIRE(is_untouched(jacobian.guard) && jacobian.is.error < 1e-7);
    REQUIRE(fgo_graph_group_sized(g, 0, &group.is, sizeof group.is) == FGO_OK);
    REQUIRE(is_untouched(group.guard) && group.is.count == 3 && group.is.factor_class->rows == 3);
    REQUIRE(fgo_graph_compare_sized(g, g, &o.is, &comparison.is, sizeof comparison.is, segments.is, sizeof *segments.is) ==
            FGO_OK);
    REQUIRE(is_untouched(comparison.guard) && comparison.is.matched == 3 && is_untouched(segments.guard));
    REQUIRE(segments.is[0].length == 1.0 && segments.is[1].length == 1.5 && segments.is[1].translation.max < 1e-9);
}

int main(void)
{
    GUARDED(fgo_read_options, o);
    fgo_graph *g = NULL;
    fgo_read_options_init(&o.is, sizeof o.is);
    REQUIRE(is_untouched(o.guard) && o.is.size == sizeof o.is && !o.is.format && !o.is.convention);
    o.is.convention = 1;
    REQUIRE(fgo_graph_read_memory(text, sizeof text - 1, "text", &o.is, &g) == FGO_OK);
    solve(g);
    report(g);
    fgo_graph_free(g);
    return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_datasets.c -- the standard data sets in the folder FGOPT_DATASETS: their size and their chi2 as in its MANIFEST.tsv,
 * and that writing gives back every byte. */
#include "io_fixture.h"

typedef struct dataset {
    char file[64];
    unsigned long poses, edges;
    double chi2, tolerance; /* NAN: none is given; half a unit of the last digit that is given */
    char path[512];
} dataset;

enum { MAX_DATASETS = 64 };
static dataset sets[MAX_DATASETS];
static size_t set_count;

/* Half a unit in the last digit of a decimal number without exponent, and room for the sum's rounding. */
static double last_digit(const char *number)
{
    const char *point = strchr(number, '.');
    double unit = point ? pow(10.0, -(double)strlen(point + 1)) : 1.0;
    return 0.5 * unit + 1e-9 * fabs(strtod(number, NULL));
}

static void read_manifest(const char *folder)
{
    char path[512], line[1024], file[64], kind[16], chi2[64];
    unsigned long poses, edges;
    snprintf(path, sizeof path, "%s/MANIFEST.tsv", folder);
    FILE *manifest = fopen(path, "r");
    if (!manifest) fail_msg("%s cannot be opened", path);
    while (fgets(line, sizeof line, manifest) && set_count < MAX_DATASETS) {
        if (sscanf(line, "%63[^\t]\t%*[^\t]\t%15[^\t]\t%lu\t%lu\t%63[^\t]", file, kind, &poses, &edges, chi2) != 5) continue;
        if (!strstr(file, ".g2o") && !strstr(file, ".graph")) continue;
        dataset *d = &sets[set_count++];
        snprintf(d->file, sizeof d->file, "%s", file);
        snprintf(d->path, sizeof d->path, "%s/%s", folder, file);
        d->poses = poses;
        d->edges = edges;
        d->chi2 = strspn(chi2, "0123456789.") == strlen(chi2) ? strtod(chi2, NULL) : NAN;
        d->tolerance = last_digit(chi2);
    }
    fclose(manifest);
}

static int setup(void **state)
{
    const char *folder = getenv("FGOPT_DATASETS");
    (void)state;
    if (folder) read_manifest(folder);
    return 0;
}

static void need_datasets(void)
{
    if (set_count > 0) return;
    print_message("FGOPT_DATASETS, the folder of the standard data sets, is not set\n");
    skip();
}

static int is_cubicle(const dataset *d) { return strcmp(d->file, "cubicle.g2o") == 0; }

static fgo_graph *open_dataset(const dataset *d)
{
    fgo_read_options o = fgo_read_options_default();
    fgo_graph *g = NULL;
    o.project_information = is_cubicle(d); /* the one whose matrices need it */
    if (fgo_graph_read(d->path, &o, &g)) fail_msg("%s", fgo_last_message());
    return g;
}

static void test_sizes(void **state)
{
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        fgo_graph *g = open_dataset(&sets[i]);
        fgo_file_report report;
        assert_int_equal(fgo_graph_file_report(g, &report), FGO_OK);
        const int toro = strstr(sets[i].file, ".graph") != NULL;
        assert_int_equal(report.format, toro ? FGO_FORMAT_TORO : FGO_FORMAT_G2O);
        assert_int_equal(fgo_graph_variable_count(g), sets[i].poses + report.implied);
        assert_int_equal(fgo_graph_factor_count(g), report.edges);
        assert_int_equal(report.edges, sets[i].edges);
        assert_int_equal(report.unknown, 0);
        assert_int_equal(report.projected, is_cubicle(&sets[i]) ? 5021 : 0);
        fgo_graph_free(g);
    }
}

static void test_chi2(void **state)
{
    int compared = 0;
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        if (isnan(sets[i].chi2) || is_cubicle(&sets[i])) continue;
        fgo_graph *g = open_dataset(&sets[i]);
        double cost;
        assert_int_equal(fgo_graph_cost(g, &cost), FGO_OK);
        if (!(fabs(cost - sets[i].chi2) <= sets[i].tolerance))
            fail_msg("%s: chi2 is %.12g, not %.12g", sets[i].file, cost, sets[i].chi2);
        compared++;
        fgo_graph_free(g);
    }
    assert_true(compared >= 10);
}

static void test_cubicle_is_refused_with_its_line(void **state)
{
    fgo_graph *g = NULL;
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        if (!is_cubicle(&sets[i])) continue;
        assert_int_equal(fgo_graph_read(sets[i].path, NULL, &g), FGO_ERROR_PARSE);
        assert_non_null(strstr(fgo_last_message(), "/cubicle.g2o:5753:64: "));
        assert_non_null(strstr(fgo_last_message(), "not positive semi-definite (eigenvalue -1.57e+05)"));
        return;
    }
    fail_msg("there is no cubicle.g2o");
}

static void test_every_byte_comes_back(void **state)
{
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        fgo_graph *g = open_dataset(&sets[i]);
        fgo_file_report report;
        size_t size;
        char *before = slurp(sets[i].path, &size), *after = written(g, FGO_FORMAT_AUTO), *tail = after;
        fgo_graph_file_report(g, &report);
        if (report.edges_only) tail = after + strlen(after) - size; /* behind the vertices */
        if (report.implied) after[size] = '\0';                     /* before the points that have no lines */
        if (strcmp(before, tail) != 0) fail_msg("%s: what is written differs", sets[i].file);
        if (!report.edges_only) assert_int_equal(strlen(after), size);
        free(before);
        free(after);
        fgo_graph_free(g);
    }
}

/* Converted to the other format and back, the problem is the same. */
static void test_conversion_keeps_chi2(void **state)
{
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        fgo_read_options o = fgo_read_options_default();
        fgo_graph *g = open_dataset(&sets[i]), *converted = NULL;
        fgo_file_report report;
        double cost, cost_converted;
        fgo_graph_file_report(g, &report);
        char *path = scratch_path("converted");
        const fgo_format other = report.format == FGO_FORMAT_G2O ? FGO_FORMAT_TORO : FGO_FORMAT_G2O;
        if (report.implied) { /* g2o has no bearings with a range */
            assert_int_equal(fgo_graph_write(g, path, other), FGO_ERROR_UNSUPPORTED);
            spill(path, "");
            remove_scratch(path);
            fgo_graph_free(g);
            continue;
        }
        assert_int_equal(fgo_graph_write(g, path, other), FGO_OK);
        o.project_information = is_cubicle(&sets[i]);
        assert_int_equal(fgo_graph_read(path, &o, &converted), FGO_OK);
        assert_int_equal(fgo_graph_cost(g, &cost), FGO_OK);
        assert_int_equal(fgo_graph_cost(converted, &cost_converted), FGO_OK);
        if (!(fabs(cost - cost_converted) <= 1e-9 * cost))
            fail_msg("%s: chi2 %.12g became %.12g", sets[i].file, cost, cost_converted);
        remove_scratch(path);
        fgo_graph_free(converted);
        fgo_graph_free(g);
    }
}

/* To a table and back into its own format the file is the same problem to the last bit, with every known line. */
static void test_tables_lose_nothing(void **state)
{
    (void)state;
    need_datasets();
    for (size_t i = 0; i < set_count; i++) {
        fgo_read_options o = fgo_read_options_default();
        fgo_graph *g = open_dataset(&sets[i]), *table = NULL;
        fgo_file_report report, after;
        double cost, cost_table;
        char *path = scratch_path("table.csv");
        o.project_information = is_cubicle(&sets[i]);
        fgo_graph_file_report(g, &report);
        assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_CSV), FGO_OK);
        assert_int_equal(fgo_graph_read(path, &o, &table), FGO_OK);
        fgo_graph_file_report(table, &after);
        assert_int_equal(fgo_graph_variable_count(table), fgo_graph_variable_count(g));
        assert_int_equal(after.edges, report.edges);
        assert_int_equal(after.equivalences, report.equivalences);
        assert_int_equal(after.without_information, report.without_information);
        assert_int_equal(fgo_graph_cost(g, &cost), FGO_OK);
        assert_int_equal(fgo_graph_cost(table, &cost_table), FGO_OK);
        /* positions of what had no line are sums along the edges: they have the digits of a double, no more */
        if (!(fabs(cost - cost_table) <= (report.edges_only || report.implied ? 1e-12 : 0) * cost))
            fail_msg("%s: chi2 %.17g became %.17g", sets[i].file, cost, cost_table);
        remove_scratch(path);
        fgo_graph_free(table);
        fgo_graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_chi2),
        cmocka_unit_test(test_cubicle_is_refused_with_its_line),
        cmocka_unit_test(test_every_byte_comes_back),
        cmocka_unit_test(test_conversion_keeps_chi2),
        cmocka_unit_test(test_tables_lose_nothing),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* read.c -- read FILE: how fast fgopt reads a pose graph, and the memory that it takes. One JSON line:
 *     seconds          from the call of fgo_graph_read to its return: the file, its text and the graph
 *     cpu_s            the same as time of this one core
 *     bytes, edges     of the file
 *     peak_bytes       peak resident memory, less that before; of Linux, 0 elsewhere */
#include <fgopt/fgopt.h>
#include <stdio.h>
#include <time.h>

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of this program: getrusage remembers the one that it was started from. */
static double peak_bytes(void)
{
    char line[128];
    double kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
    if (file) fclose(file);
    return 1024.0 * kilobytes;
}

int main(int argc, char **argv)
{
    fgo_graph *g = NULL;
    fgo_file_report report;
    if (argc != 2) {
        fputs("usage: read FILE\n", stderr);
        return 2;
    }
    const double before = peak_bytes(), wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    if (fgo_graph_read(argv[1], NULL, &g)) {
        fprintf(stderr, "read: %s\n", fgo_last_message());
        return 1;
    }
    const double seconds = now(CLOCK_MONOTONIC) - wall, cpu_s = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    fgo_graph_file_report(g, &report);
    printf("{\"seconds\": %.6f, \"cpu_s\": %.6f, \"bytes\": %zu, \"edges\": %zu, \"peak_bytes\": %.0f}\n", seconds, cpu_s,
           report.bytes, report.edges, peak_bytes() - before);
    fgo_graph_free(g);
    return 0;
}

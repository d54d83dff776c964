/* SPDX-License-Identifier: BSD-3-Clause */
/* program.c -- the commands of fgopt, each run in a child process with one operation going wrong: every allocation,
 * every operation on a file, every byte at which a disk may be full, SIGINT at every moment. The program never crashes;
 * it says what is wrong and exits with a code that is no success, or its output is what it is without the fault. Files
 * that were there are as before or replaced by a whole new one, and nothing else stays behind. */
#define _GNU_SOURCE
#include "shim.h"
#include "support.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int fgopt_main(int argc, char **argv);

enum { DISK_FULL = FAULT_INTERRUPT + 1, KINDS, WORDS = 8 };
static const char *const kind_names[KINDS] = { [FAULT_MEMORY] = "allocations",
                                               [FAULT_FILE] = "file operations",
                                               [FAULT_SHORT] = "short reads, writes",
                                               [FAULT_INTERRUPT] = "SIGINT",
                                               [DISK_FULL] = "disk full" };

typedef struct command {
    const char *word[WORDS + 1];
    const char *output; /* the file it writes; NULL: standard output alone */
    int code;           /* of a run without a fault */
} command;

static const command commands[] = {
    { { "fgopt", "in.g2o", "-o", "in.g2o", "--max-iterations", "4", "--cost-tolerance=1e-3" }, "in.g2o", 0 },
    { { "fgopt", "optimize", "in.g2o", "-o", "out.g2o.gz", "--linear-solver=cholmod", "--loss=huber" }, "out.g2o.gz", 0 },
    { { "fgopt", "optimize", "in.g2o", "--json", "out.json", "--fix=1", "--init=chordal", "-q" }, NULL, 0 },
    { { "fgopt", "info", "in.g2o" }, NULL, 0 },
    { { "fgopt", "check", "in.g2o", "--json", "out.json" }, "out.json", 6 },
    { { "fgopt", "convert", "in.g2o", "out.graph", "--to", "toro" }, "out.graph", 0 },
    { { "fgopt", "plot", "in.g2o", "-o", "out.svg" }, "out.svg", 0 },
    { { "fgopt", "report", "in.g2o", "-o", "out.csv" }, "out.csv", 0 },
    { { "fgopt", "compare", "in.g2o", "in.g2o" }, NULL, 0 },
    { { "fgopt", "generate", "ring", "--poses", "20", "-o", "out.g2o" }, "out.g2o", 0 },
    { { "fgopt", "corrupt", "in.g2o", "-o", "out.g2o", "--loops", "1", "--estimate-noise=0.1,0.1" }, "out.g2o", 0 },
    { { "fgopt", "convert", "in.g2o", "out.csv" }, "out.csv", 0 },
    { { "fgopt", "convert", "in.g2o", "out.tum" }, "out.tum", 0 },
    { { "fgopt", "plot", "in.g2o", "-o", "out.svg", "--optimize" },
      "out.svg",
      0 }, /* fontconfig draws a PNG in another font when memory is out */
    { { "fgopt", "plot", "in.g2o", "-o", "out.svg", "--sparsity" }, "out.svg", 0 },
    { { "fgopt", "plot", "in.json", "-o", "out.svg" }, "out.svg", 0 },
    { { "fgopt", "help", "--man" }, NULL, 0 },
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char input[] = "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1.1 0 1.5\nVERTEX_SE2 2 1 1.2 3.1\nVERTEX_SE2 3 0 1 -1.5\nFIX 0\n"
                            "EDGE_SE2 0 1 1 0 1.57 10 0 0 10 0 40\nEDGE_SE2 1 2 1 0 1.57 10 0 0 10 0 40\n"
                            "EDGE_SE2 2 3 1 0 1.57 10 0 0 10 0 40\nEDGE_SE2 3 0 1 0.2 1.57 10 0 0 10 0 40\n"
                            "EDGE_SE2 1 3 1.4 0.1 2.3 10 0 0 10 0 40\nEDGE_SE2 1 3 9.4 0.1 2.3 10 0 0 10 0 40\n";
static const char report[] = "{\"file\": \"in\\u00e9.g2o\", \"iterations\": [{\"iteration\": 0, \"cost\": 12.5}, "
                             "{\"iteration\": 1, \"cost\": 1e-3, \"accepted\": true, \"time_s\": {\"since_start\": 0.5}}]}\n";
static const char old[] = "what was there before\n";

static char folder[64];
static volatile long *operations; /* of the last child */
static long interrupted_leftovers;

/* ---- files ---- */

static char *content(const char *name, size_t *size)
{
    char path[128];
    static char buffer[1 << 16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    *size = 0;
    if (!f) return NULL;
    *size = fread(buffer, 1, sizeof buffer, f);
    fclose(f);
    return buffer;
}

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* How many files there are; all are removed if asked for. */
static int files(int remove_them)
{
    int n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[512];
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (remove_them) unlink(path);
        n++;
    }
    closedir(d);
    return n;
}

static int holds(const char *name, const char *text)
{
    size_t size;
    const char *is = content(name, &size);
    return is && size == strlen(text) && memcmp(is, text, size) == 0;
}

/* ---- a run ---- */

static void child(const command *c, int kind, long n, int error)
{
    char *words[WORDS + 1];
    int count = 0;
    while (c->word[count]) count++;
    for (int i = 0; i <= count; i++) words[i] = c->word[i] ? strdup(c->word[i]) : NULL;
    if (chdir(folder) || !freopen("stdout", "w", stdout) || !freopen("stderr", "w", stderr)) _exit(99);
    setvbuf(stderr, NULL, _IONBF, 0); /* as it is by itself */
    alarm(60);
    if (kind == DISK_FULL) {
        const struct rlimit limit = { (rlim_t)n, (rlim_t)n };
        signal(SIGXFSZ, SIG_IGN); /* then a write fails with EFBIG, as with ENOSPC */
        setrlimit(RLIMIT_FSIZE, &limit);
    } else {
        fault_arm((fault_kind)kind, n, error);
    }
    const int code = fgopt_main(count, words);
    *operations = fault_disarm();
    _exit(code);
}

static int run(const command *c, int kind, long n, int error)
{
    int status;
    files(1);
    put("in.g2o", input);
    put("in.json", report);
    if (c->output && strcmp(c->output, "in.g2o")) put(c->output, old);
    *operations = -1;
    fflush(stdout);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) child(c, kind, n, error);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* What a run without a fault leaves, to compare with. */
typedef struct reference {
    char output[1 << 16], out[1 << 16];
    size_t output_size, out_size;
} reference;

static void keep(const char *name, char *to, size_t *size)
{
    const char *is = name ? content(name, size) : NULL;
    if (!is) *size = 0;
    if (*size) memcpy(to, is, *size);
}

static int same(const char *name, const char *expected, size_t expected_size)
{
    size_t size;
    const char *is = content(name, &size);
    return is && size == expected_size && memcmp(is, expected, size) == 0;
}

static const char *before_of(const command *c) { return strcmp(c->output, "in.g2o") ? old : input; }

/* ---- what must hold ---- */

static void complain(const command *c, int kind, long n, int status, const char *what)
{
    size_t size;
    const char *said = content("stderr", &size);
    fail_msg("fgopt %s %s, %s %ld: %s (status %x); it said: %.*s", c->word[1], c->word[2] ? c->word[2] : "", kind_names[kind], n,
             what, (unsigned)status, (int)size, said ? said : "");
}

/* An estimate from fewer iterations than without the interruption: as many lines, and it can be read. */
static int is_whole_graph(const char *name)
{
    char path[128];
    fgo_graph *g = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int whole = fgo_graph_read(path, NULL, &g) == FGO_OK && fgo_graph_factor_count(g) == 6;
    fgo_graph_free(g);
    return whole;
}

static void check_output(const command *c, int kind, long n, int status, const reference *r, int success)
{
    if (!c->output) return;
    const int fresh = same(c->output, r->output, r->output_size), as_before = holds(c->output, before_of(c));
    if (success && !fresh) complain(c, kind, n, status, "success, but not the right output");
    if (kind == FAULT_INTERRUPT && !fresh && !as_before && is_whole_graph(c->output)) return;
    if (!fresh && !as_before) complain(c, kind, n, status, "the output is neither as before nor new");
}

static void check(const command *c, int kind, long n, int status, const reference *r)
{
    const int killed = WIFSIGNALED(status), code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    const int success = code == c->code;
    size_t size;
    if (killed && !(kind == FAULT_INTERRUPT && WTERMSIG(status) == SIGINT)) complain(c, kind, n, status, "killed");
    if (!killed && !success && code != 1 && code != 3 && !(kind == FAULT_INTERRUPT && code == 130))
        complain(c, kind, n, status, "not one of the exit codes for this");
    if (kind == FAULT_SHORT && !success) complain(c, kind, n, status, "a short transfer is no error");
    content("stderr", &size);
    if (!killed && !success && code != 130 && kind != DISK_FULL && !size)
        complain(c, kind, n, status, "it did not say what is wrong");
    const char *printed = content("stdout", &size);
    /* info says that the factorization does not fit into memory, and the rest */
    const int honest = kind == FAULT_MEMORY && printed && memmem(printed, size, "out of memory", 13);
    if (success && !honest && kind != FAULT_INTERRUPT && strcmp(c->word[1], "optimize") && strcmp(c->word[1], "in.g2o") &&
        !same("stdout", r->out, r->out_size)) /* optimize prints how long it took */
        complain(c, kind, n, status, "success, but it printed something else");
    check_output(c, kind, n, status, r, success && kind != FAULT_INTERRUPT);
    if (!(c->output && !strcmp(c->output, "in.g2o")) && !holds("in.g2o", input))
        complain(c, kind, n, status, "the input changed");
    const int expected = 4 + (c->output && strcmp(c->output, "in.g2o"));
    const int more = files(0) - expected;
    if (killed)
        interrupted_leftovers += more > 0;
    else if (more > (!c->output && c->word[3] && !strcmp(c->word[3], "--json")))
        complain(c, kind, n, status, "a temporary file stays behind");
}

static long sweep(const command *c, int kind, int error, const reference *r)
{
    long faults = 0;
    const long step = kind == DISK_FULL ? 7 : 1;
    for (long n = 0;; n += step) {
        const int status = run(c, kind, n, error);
        check(c, kind, n, status, r);
        const int reached =
            kind == DISK_FULL ? !(WIFEXITED(status) && WEXITSTATUS(status) == c->code) : WIFSIGNALED(status) || *operations > n;
        if (!reached) return faults;
        faults++;
    }
}

static void test_commands(UNUSED_STATE)
{
    (void)state;
    long total[KINDS] = { 0 }, all = 0;
    static reference r;
    for (int i = 0; i < COMMANDS; i++) {
        const command *c = &commands[i];
        const int status = run(c, FAULT_MEMORY, -1, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != c->code) complain(c, FAULT_MEMORY, -1, status, "no fault at all");
        keep(c->output, r.output, &r.output_size);
        keep("stdout", r.out, &r.out_size);
        total[FAULT_MEMORY] += sweep(c, FAULT_MEMORY, 0, &r);
        total[FAULT_FILE] += sweep(c, FAULT_FILE, ENOSPC, &r);
        total[FAULT_FILE] += sweep(c, FAULT_FILE, EIO, &r);
        total[FAULT_FILE] += sweep(c, FAULT_FILE, EACCES, &r);
        total[FAULT_SHORT] += sweep(c, FAULT_SHORT, 0, &r);
        total[FAULT_INTERRUPT] += sweep(c, FAULT_INTERRUPT, 0, &r);
        total[DISK_FULL] += sweep(c, DISK_FULL, 0, &r);
    }
    for (int kind = FAULT_MEMORY; kind < KINDS; kind++) {
        printf("program, %-20s %6ld faults injected and survived\n", kind_names[kind], total[kind]);
        assert_true(total[kind] > 10);
        all += total[kind];
    }
    printf("program: %ld faults injected and survived; %ld times a temporary file stayed behind when SIGINT killed it\n", all,
           interrupted_leftovers);
}

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/dev/shm/fgopt-program-XXXXXX");
    operations = mmap(NULL, sizeof *operations, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return operations == MAP_FAILED || !mkdtemp(folder);
}

static int teardown(void **state)
{
    (void)state;
    files(1);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_commands) };
    return cmocka_run_group_tests(tests, setup, teardown);
}

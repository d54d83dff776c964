/* SPDX-License-Identifier: BSD-3-Clause */
/* test_io_output.c -- where text is written to: a file whole or not at all, links, devices, pipes. */
#include "io_fixture.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char text[] = "VERTEX_SE2 0 0 0 0\n";

static void assert_content(const char *path)
{
    char *content = slurp(path, NULL);
    assert_string_equal(content, text);
    free(content);
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode;
}

/* remove_scratch fails if a temporary file was left behind */
static void test_a_new_file_obeys_the_umask(void **state)
{
    mode_t before = umask(027);
    char *path = scratch_path("new.g2o");
    fgo_graph *g = read_good(text);
    (void)state;
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
    umask(before);
    assert_int_equal(mode_of(path) & 0777, 0640);
    assert_content(path);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_replacing_keeps_permissions(void **state)
{
    char *path = scratch_path("old.g2o");
    fgo_graph *g = read_good(text);
    (void)state;
    spill(path, "something longer than what is written now, much longer");
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
    assert_int_equal(mode_of(path) & 0777, 0604);
    assert_content(path);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_the_file_read_can_be_replaced(void **state)
{
    char *path = scratch_path("same.g2o");
    fgo_graph *g = NULL;
    (void)state;
    spill(path, text);
    assert_int_equal(fgo_graph_read(path, NULL, &g), FGO_OK);
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
    assert_content(path);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_a_link_stays_a_link(void **state)
{
    char *path = scratch_path("target.g2o"), link[600];
    fgo_graph *g = read_good(text);
    (void)state;
    snprintf(link, sizeof link, "%s.link", path);
    assert_int_equal(symlink("target.g2o", link), 0);
    assert_int_equal(fgo_graph_write(g, link, FGO_FORMAT_AUTO), FGO_OK); /* to nowhere: the target is made */
    assert_content(path);
    spill(path, "old");
    assert_int_equal(fgo_graph_write(g, link, FGO_FORMAT_AUTO), FGO_OK);
    assert_true(S_ISLNK(mode_of(link)));
    assert_true(S_ISREG(mode_of(path)));
    assert_content(path);
    unlink(link);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_devices_and_pipes_are_written_directly(void **state)
{
    fgo_graph *g = read_good(text);
    char *path = scratch_path("pipe"), buffer[64];
    (void)state;
    assert_int_equal(fgo_graph_write(g, "/dev/null", FGO_FORMAT_AUTO), FGO_OK);
    assert_true(S_ISCHR(mode_of("/dev/null")));
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR); /* both ends, so that nobody waits */
    assert_true(fd >= 0);
    assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_OK);
    assert_int_equal(read(fd, buffer, sizeof buffer), sizeof text - 1);
    assert_memory_equal(buffer, text, sizeof text - 1);
    close(fd);
    assert_true(S_ISFIFO(mode_of(path)));
    fgo_graph_free(g);
    remove_scratch(path);
}

/* Calls write with stdout in another file. */
static fgo_status write_to_stdout(fgo_graph *g, const char *path)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(saved >= 0 && fd >= 0);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    fgo_status status = fgo_graph_write(g, "-", FGO_FORMAT_AUTO);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    clearerr(stdout);
    return status;
}

static void test_standard_output(void **state)
{
    fgo_graph *g = read_good(text);
    char *path = scratch_path("stdout");
    (void)state;
    assert_int_equal(write_to_stdout(g, path), FGO_OK);
    assert_content(path);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_a_full_device(void **state)
{
    fgo_graph *g = read_good(text);
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        print_message("there is no /dev/full\n");
        fgo_graph_free(g);
        skip();
    }
    assert_int_equal(fgo_graph_write(g, "/dev/full", FGO_FORMAT_AUTO), FGO_ERROR_IO);
    assert_string_equal(fgo_last_message(), "/dev/full: cannot be written: No space left on device");
    int status = -1; /* stdout in a process of its own: stdio keeps what it could not write */
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const fgo_status result = write_to_stdout(g, "/dev/full");
        fgo_graph_free(g); /* valgrind looks for leaks here too */
        _exit(result == FGO_ERROR_IO ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fgo_graph_free(g);
}

/* The write fails halfway: the old file stays, and no temporary one. */
static void test_a_file_that_cannot_grow(void **state)
{
    fgo_graph *g = read_good(text);
    char *path = scratch_path("kept.g2o");
    struct rlimit before, tiny;
    (void)state;
    spill(path, "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tiny = before;
    tiny.rlim_cur = 8;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    fgo_status status = fgo_graph_write(g, path, FGO_FORMAT_AUTO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, FGO_ERROR_IO);
    assert_non_null(strstr(fgo_last_message(), "kept.g2o: cannot be written: File too large"));
    char *content = slurp(path, NULL);
    assert_string_equal(content, "old");
    free(content);
    fgo_graph_free(g);
    remove_scratch(path);
}

static void test_places_that_cannot_be_written(void **state)
{
    fgo_graph *g = read_good(text);
    char *path = scratch_path("file"), below[600];
    (void)state;
    assert_int_equal(fgo_graph_write(g, "/nonexistent/x.g2o", FGO_FORMAT_AUTO), FGO_ERROR_IO);
    assert_non_null(strstr(fgo_last_message(), "/nonexistent/x.g2o: no temporary file can be made beside it: No such file"));
    assert_int_equal(fgo_graph_write(g, "/tmp", FGO_FORMAT_AUTO), FGO_ERROR_IO);
    assert_string_equal(fgo_last_message(), "/tmp: cannot be written: Is a directory");
    spill(path, "old");
    snprintf(below, sizeof below, "%s/x.g2o", path);
    assert_int_equal(fgo_graph_write(g, below, FGO_FORMAT_AUTO), FGO_ERROR_IO);
    assert_non_null(strstr(fgo_last_message(), "Not a directory"));
    if (geteuid() != 0) { /* root may write anywhere */
        assert_int_equal(chmod(path, 0400), 0);
        assert_int_equal(fgo_graph_write(g, path, FGO_FORMAT_AUTO), FGO_ERROR_IO);
        assert_non_null(strstr(fgo_last_message(), "Permission denied"));
    }
    fgo_graph_free(g);
    remove_scratch(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_file_obeys_the_umask),
        cmocka_unit_test(test_replacing_keeps_permissions),
        cmocka_unit_test(test_the_file_read_can_be_replaced),
        cmocka_unit_test(test_a_link_stays_a_link),
        cmocka_unit_test(test_devices_and_pipes_are_written_directly),
        cmocka_unit_test(test_standard_output),
        cmocka_unit_test(test_a_full_device),
        cmocka_unit_test(test_a_file_that_cannot_grow),
        cmocka_unit_test(test_places_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

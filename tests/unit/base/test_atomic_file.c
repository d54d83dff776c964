/* SPDX-License-Identifier: BSD-3-Clause */
/* test_atomic_file.c -- any bytes, in a new file, in place of an old one and behind a link; a file that is open keeps what it
 * had. Permissions, devices and full disks: test_io_output.c. */
#include "base/atomic_file.h"
#include "io_fixture.h"
#include <sys/stat.h>
#include <unistd.h>

static const char bytes[] = "one\0two\n\xff";
enum { SIZE = sizeof bytes - 1 };

static void assert_holds(const char *path, const char *wanted, size_t wanted_size)
{
    size_t size;
    char *content = slurp(path, &size);
    assert_int_equal(size, wanted_size);
    assert_memory_equal(content, wanted, size);
    free(content);
}

static void test_new_and_old_files(UNUSED_STATE)
{
    (void)state;
    char *path = scratch_path("bytes");
    assert_ok(fgoi_atomic_file_write(path, bytes, SIZE));
    assert_holds(path, bytes, SIZE);
    assert_ok(fgoi_atomic_file_write(path, bytes, 2));
    assert_holds(path, bytes, 2);
    assert_ok(fgoi_atomic_file_write(path, NULL, 0));
    assert_holds(path, "", 0);
    remove_scratch(path);
}

static void test_a_reader_keeps_the_old_file(UNUSED_STATE)
{
    (void)state;
    char *path = scratch_path("bytes"), got[8] = "";
    assert_ok(fgoi_atomic_file_write(path, "old", 3));
    FILE *reader = fopen(path, "r");
    assert_non_null(reader);
    assert_ok(fgoi_atomic_file_write(path, bytes, SIZE));
    assert_int_equal(fread(got, 1, sizeof got, reader), 3);
    assert_string_equal(got, "old");
    assert_int_equal(fclose(reader), 0);
    assert_holds(path, bytes, SIZE);
    remove_scratch(path);
}

static void test_a_directory_is_no_file(UNUSED_STATE)
{
    (void)state;
    char *path = scratch_path("folder");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(fgoi_atomic_file_write(path, bytes, SIZE), FGO_ERROR_IO);
    assert_non_null(strstr(fgo_last_message(), "folder: cannot be written: "));
    assert_int_equal(rmdir(path), 0);
    spill(path, "");
    remove_scratch(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_new_and_old_files),
                                        cmocka_unit_test(test_a_reader_keeps_the_old_file),
                                        cmocka_unit_test(test_a_directory_is_no_file) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

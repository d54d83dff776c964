/* SPDX-License-Identifier: BSD-3-Clause */
/* replay.c -- FOLDER...: gives every file of the folders to the fuzz target it is linked with, so that what a fuzzer
 * once found is tested in every build, with any compiler. Fails if there is no file at all. */
#include "fuzz.h"
#include <dirent.h>

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    fuzz_require(file);
    static uint8_t buffer[1 << 20];
    const size_t size = fread(buffer, 1, sizeof buffer, file);
    fuzz_require(!ferror(file) && size < sizeof buffer);
    fclose(file);
    uint8_t *data = malloc(size ? size : 1); /* of its own, so that reading past it is seen */
    fuzz_require(data);
    memcpy(data, buffer, size);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static int replay_folder(const char *folder)
{
    char path[4096];
    int files = 0;
    DIR *d = opendir(folder);
    if (!d) return 0;
    for (struct dirent *entry; (entry = readdir(d)); files += entry->d_name[0] != '.') {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        replay(path);
    }
    closedir(d);
    return files;
}

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; i++) files += replay_folder(argv[i]);
    fprintf(stderr, "%d inputs\n", files);
    return files == 0;
}

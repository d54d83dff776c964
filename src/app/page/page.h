/* SPDX-License-Identifier: BSD-3-Clause */
/* page.h -- writes the interactive page of a graph: one HTML file that loads nothing. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H
#include "pictures/picture.h"
#include "replay.h"

typedef struct page_options {
    const char *title;
    scene_view view;
    int robust;        /* 1: costs are not sums of chi2, for a loss is in them */
    const char *theme; /* "light", "dark"; NULL: what the reader prefers */
} page_options;

cli_exit page_write(FILE *f, const replay *r, const page_options *options);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* web.h -- the interactive page, from its style to its script, with the data missing between. The sources lie in web/. */
#ifndef CLI_WEB_H
#define CLI_WEB_H
#include <stddef.h>

extern const unsigned char web_before[], web_after[];
extern const size_t web_before_size, web_after_size;
#endif

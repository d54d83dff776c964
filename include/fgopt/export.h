/* SPDX-License-Identifier: BSD-3-Clause */
/* export.h -- marks the symbols that libfgopt shows; everything else is hidden (-fvisibility=hidden). */
#ifndef FGOPT_EXPORT_H
#define FGOPT_EXPORT_H
#if defined __GNUC__
#define FGO_API __attribute__((visibility("default")))
#else
#define FGO_API
#endif
#endif

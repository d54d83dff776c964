/* SPDX-License-Identifier: BSD-3-Clause */
/* export.h -- marks the symbols that libfgopt shows; everything else is hidden (-fvisibility=hidden), and with
 * FGO_OPTIONAL the pointers that may be NULL (status.h).
 *
 * Structs can grow without a new binary interface: later versions add members at the end and change none of the others.
 * Structs that the caller fills (fgo_options, fgo_read_options, fgo_compare_options) begin with their size, which their
 * _default() sets: fgo_options o = fgo_options_default(). A library that is newer than the caller gives members that the caller's
 * struct lacks their default values. An older library accepts the struct if every member that it does not know is zero; otherwise
 * the call fails with FGO_ERROR_UNSUPPORTED.
 * Structs that the library fills (fgo_summary and all reports) need no care in C and C++: the functions that fill them
 * are inline and pass sizeof to the exported function of the same name that ends in _sized, which writes no more than this size,
 * and zeros beyond what it knows. Other languages call the _sized functions with the size of their struct.
 * fgo_noise, fgo_loss, fgo_weights, fgo_error_statistics, fgo_option, fgo_finding_variable and the structs of values do not grow:
 * they are passed by value, are members of others, or lie side by side. Structs that only the library makes may grow as well. */
#ifndef FGOPT_EXPORT_H
#define FGOPT_EXPORT_H
#if defined __GNUC__
#define FGO_API __attribute__((visibility("default")))
#else
#define FGO_API
#endif
#define FGO_OPTIONAL
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* export.h -- marks the symbols that libfgopt shows; everything else is hidden (-fvisibility=hidden), and with
 * FGO_OPTIONAL the pointers that may be NULL (status.h).
 *
 * Structs can grow without a new binary interface; later versions add fields at the end and change none that are there.
 * Structs that the caller fills (fgo_options, fgo_read_options, fgo_compare_options) begin with their size, which their
 * _default() sets: fgo_options o = fgo_options_default(). A library that is newer than the caller takes what the caller's struct
 * does not have at its default value. One that is older accepts the struct if everything it does not know is zero, else the call
 * fails with FGO_ERROR_UNSUPPORTED.
 * Structs that the library fills (fgo_summary and all reports) need nothing from C and C++: the functions that fill them are
 * inline and pass sizeof to the exported function of the same name with _sized at its end, which writes no more than that, and
 * zeros where it knows less. Other languages call the _sized functions with the size of the struct they have.
 * fgo_noise, fgo_loss, fgo_weights, fgo_error_statistics, fgo_option, fgo_finding_variable and the structs of values do not grow:
 * they are passed by value, lie inside others or side by side. Structs that only the library makes may grow, too. */
#ifndef FGOPT_EXPORT_H
#define FGOPT_EXPORT_H
#if defined __GNUC__
#define FGO_API __attribute__((visibility("default")))
#else
#define FGO_API
#endif
#define FGO_OPTIONAL
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* row.h -- the row of a built-in factor class, which stands in the file of the class. The build makes the table of the rows from
 * the declarations of factors.h, in their order (cmake/factor_rows.cmake).
 *
 *     FGOI_ROW(landmark_se2, (FGOI_WHOLE("point", LENGTH, fgo_point2, "m", "a")), .formula = "a^-1 l - z");
 */
#ifndef FGOI_FACTOR_ROW_H
#define FGOI_FACTOR_ROW_H
#include <fgopt/registration.h>

#define FGOI_DOUBLES(TYPE) ((int)(sizeof(TYPE) / sizeof(double)))
/* Makes the fields of a measurement that is one field. */
#define FGOI_WHOLE(NAME, KIND, TYPE, UNIT, FRAME)                                                                                \
    {                                                                                                                            \
        NAME, FGO_FIELD_##KIND, 0, FGOI_DOUBLES(TYPE), UNIT, FRAME, 0                                                            \
    }
/* Make the field for a member of a measurement that is a struct: one that is measured, one that is known. */
#define FGOI_MEMBER(KIND, TYPE, NAME, UNIT, FRAME) FGOI_MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, 0)
#define FGOI_KNOWN(KIND, TYPE, NAME, UNIT, FRAME)  FGOI_MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, 1)
#define FGOI_MEMBER_AS(KIND, TYPE, NAME, UNIT, FRAME, CALIBRATION)                                                               \
    {                                                                                                                            \
#NAME, FGO_FIELD_##KIND, offsetof(TYPE, NAME), FGOI_DOUBLES(((TYPE *)0)->NAME), UNIT, FRAME, CALIBRATION                 \
    }

#ifdef FGOI_FACTOR_AVX2 /* the file is compiled a second time for its evaluate function alone (levels.h) */
#define FGOI_ROW(NAME, FIELDS, ...) extern const fgo_factor_registration fgoi_row_##NAME
#else
/* Makes the row of fgo_NAME with its fields in parentheses; other members follow, .formula at least. */
#define FGOI_ROW(NAME, FIELDS, ...)    FGOI_ROW_AS(NAME, FIELDS, .c = &fgo_##NAME, __VA_ARGS__)
/* Makes the row of a function that makes the class for R^n. */
#define FGOI_ROW_RN(NAME, FIELDS, ...) FGOI_ROW_AS(NAME, FIELDS, .of_dimension = fgo_##NAME, __VA_ARGS__)
#define FGOI_ROW_AS(NAME, FIELDS, ...)                                                                                           \
    static const fgo_measurement_field NAME##_fields[] = { FGOI_INSIDE FIELDS };                                                 \
    extern const fgo_factor_registration fgoi_row_##NAME;                                                                        \
    const fgo_factor_registration fgoi_row_##NAME = { .size = sizeof(fgo_factor_registration),                                   \
                                                      .name = #NAME,                                                             \
                                                      .field = NAME##_fields,                                                    \
                                                      .fields = (int)(sizeof NAME##_fields / sizeof *NAME##_fields),             \
                                                      __VA_ARGS__ }
#define FGOI_INSIDE(...) __VA_ARGS__
#endif
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* rn_name.c -- a constant table of the names. */
#include "rn_name.h"
#include <fgopt/manifold.h>

/* All names, made by the preprocessor: 24 kB of constants, in exchange for no state and no limit below the interface's. ONE(p) is
 * the names that have one more digit than p, TWO(p) two more, THREE(p) three. */
#define NAME(n)    { "R" #n },
#define ONE(p)     NAME(p##0) NAME(p##1) NAME(p##2) NAME(p##3) NAME(p##4) NAME(p##5) NAME(p##6) NAME(p##7) NAME(p##8) NAME(p##9)
#define TWO(p)     ONE(p##0) ONE(p##1) ONE(p##2) ONE(p##3) ONE(p##4) ONE(p##5) ONE(p##6) ONE(p##7) ONE(p##8) ONE(p##9)
#define THREE(p)   TWO(p##0) TWO(p##1) TWO(p##2) TWO(p##3) TWO(p##4) TWO(p##5) TWO(p##6) TWO(p##7) TWO(p##8) TWO(p##9)
#define LEADING(M) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9)

typedef struct rn_name {
    char text[6];
} rn_name;

/* clang-format off */
static const rn_name names[] = {
    { "" }, LEADING(NAME) LEADING(ONE) LEADING(TWO) THREE(1) THREE(2) THREE(3)
    ONE(400) ONE(401) ONE(402) ONE(403) ONE(404) ONE(405) ONE(406) ONE(407) ONE(408) NAME(4090) NAME(4091) NAME(4092) NAME(4093) NAME(4094) NAME(4095) NAME(4096)
};
/* clang-format on */

const char *fgoi_rn_name(int n) { return names[n].text; }

_Static_assert(sizeof names == (FGO_MAX_DIMENSION + 1) * sizeof names[0], "one name for each dimension");

/* SPDX-License-Identifier: BSD-3-Clause */
/* nist.c -- the suite of nonlinear regressions of NIST's Statistical Reference Datasets (StRD): which model each file has, and what
 * a file says: data, two starts, certified parameters, standard deviations and residual sum of squares.
 *
 * https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml */
#include "problem.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const fgo_factor_class fgo_nist_misra1a, fgo_nist_misra1b, fgo_nist_misra1c, fgo_nist_misra1d, fgo_nist_danwood,
    fgo_nist_bennett5, fgo_nist_chwirut, fgo_nist_eckerle4, fgo_nist_mgh10, fgo_nist_nelson, fgo_nist_rat42, fgo_nist_mgh09,
    fgo_nist_rat43, fgo_nist_roszman1, fgo_nist_kirby2, fgo_nist_mgh17, fgo_nist_lanczos, fgo_nist_cubics, fgo_nist_gauss,
    fgo_nist_enso;

static const struct {
    const char *name;
    const fgo_factor_class *residual;
} table[] = {
    /* lower, average and higher level of difficulty, as NIST has them */
    { "Misra1a", &fgo_nist_misra1a },   { "Chwirut2", &fgo_nist_chwirut },  { "Chwirut1", &fgo_nist_chwirut },
    { "Lanczos3", &fgo_nist_lanczos },  { "Gauss1", &fgo_nist_gauss },      { "Gauss2", &fgo_nist_gauss },
    { "DanWood", &fgo_nist_danwood },   { "Misra1b", &fgo_nist_misra1b },

    { "Kirby2", &fgo_nist_kirby2 },     { "Hahn1", &fgo_nist_cubics },      { "MGH17", &fgo_nist_mgh17 },
    { "Lanczos1", &fgo_nist_lanczos },  { "Lanczos2", &fgo_nist_lanczos },  { "Gauss3", &fgo_nist_gauss },
    { "Misra1c", &fgo_nist_misra1c },   { "Misra1d", &fgo_nist_misra1d },   { "Nelson", &fgo_nist_nelson },
    { "Roszman1", &fgo_nist_roszman1 }, { "ENSO", &fgo_nist_enso },

    { "MGH09", &fgo_nist_mgh09 },       { "Thurber", &fgo_nist_cubics },    { "BoxBOD", &fgo_nist_misra1a },
    { "Rat42", &fgo_nist_rat42 },       { "MGH10", &fgo_nist_mgh10 },       { "Eckerle4", &fgo_nist_eckerle4 },
    { "Rat43", &fgo_nist_rat43 },       { "Bennett5", &fgo_nist_bennett5 },
};

int nist_count(void) { return (int)(sizeof table / sizeof *table); }
const char *nist_name(int i) { return table[i].name; }

/* Reads a number at *text and half a unit of its last digit (2.3894212918E+02: 5e-9). Returns 0 if there is none. */
static int number(const char **text, double *value, double *last_digit)
{
    char *end;
    const char *digit = *text;
    int point = 0, decimals = 0;
    *value = strtod(*text, &end);
    if (end == *text) return 0;
    for (; digit < end && toupper((unsigned char)*digit) != 'E'; digit++) {
        decimals += point && isdigit((unsigned char)*digit);
        point |= *digit == '.';
    }
    *last_digit = 0.5 * pow(10.0, (digit < end ? atof(digit + 1) : 0.0) - decimals);
    *text = end;
    return 1;
}

/* Reads "b2 = start start certified deviation", the parameter that comes next. Returns 0 if the line is no such line. */
static int read_parameter(const char *line, problem *p)
{
    int number_of_parameter, length = 0;
    double unused;
    if (sscanf(line, " b%d = %n", &number_of_parameter, &length) != 1 || length == 0) return 0;
    if (number_of_parameter != p->n + 1 || p->n == PROBLEM_PARAMETERS) return 0;
    line += length;
    const int k = p->n;
    if (!number(&line, &p->start[0][k], &unused) || !number(&line, &p->start[1][k], &unused)) return 0;
    if (!number(&line, &p->minimizer[k], &p->last_digit[k]) || !number(&line, &p->deviation[k], &unused)) return 0;
    p->n++;
    return 1;
}

/* Reads the lines of a file. Returns the number of observations that the file announces, -1 if there is none. */
static int read_lines(FILE *file, problem *p)
{
    static const char sum[] = "Residual Sum of Squares:", count[] = "Number of Observations:";
    char line[256], response[8];
    int announced = -1, data = 0;
    while (fgets(line, sizeof line, file)) {
        const char *text = line + sizeof sum - 1;
        if (data && p->observations < PROBLEM_OBSERVATIONS) {
            observation *z = &p->data[p->observations];
            p->observations += sscanf(line, "%lf %lf %lf", &z->y, &z->x, &z->second) >= 2;
        } else if (strncmp(line, sum, sizeof sum - 1) == 0) {
            number(&text, &p->best, &p->best_error);
        } else if (strncmp(line, count, sizeof count - 1) == 0) {
            announced = atoi(line + sizeof count - 1);
        } else if (sscanf(line, "Data: %7s", response) == 1 && strcmp(response, "y") == 0) {
            data = 1;
        } else {
            read_parameter(line, p);
        }
    }
    return announced;
}

int nist_read(const char *folder, int i, problem *out)
{
    char path[512];
    *out = (problem){ .residual = table[i].residual, .starts = 2, .unique = 1 };
    snprintf(out->name, sizeof out->name, "%s", table[i].name);
    snprintf(path, sizeof path, "%s/%s.dat", folder, table[i].name);
    FILE *file = fopen(path, "r");
    if (!file) return 1;
    const int announced = read_lines(file, out);
    fclose(file);
    return out->observations == announced && out->n == out->residual->partials && out->best > 0.0 ? 0 : -1;
}

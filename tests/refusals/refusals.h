/* SPDX-License-Identifier: BSD-3-Clause */
/* refusals.h -- what the generated calls of refused arguments (tests/tools/refusals.py) share with the program that makes them. */
#ifndef FGOPT_TESTS_REFUSALS_H
#define FGOPT_TESTS_REFUSALS_H
#include <fgopt/fgopt.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { RESULTS = 8, RESULT_SIZE = 8192, NUMBERS = 512 };

/* The objects and numbers that valid arguments are made of: three poses in the plane, keys 1, 2, 3, read from a file. */
typedef struct fixture {
    fgo_graph *graph;
    fgo_values *values;
    fgo_solver *solver;
    fgo_covariance *covariance;
    fgo_findings *findings;
    fgo_sparsity *sparsity;
    fgo_linearization *linearization; /* these only while fgopt calls a strategy, a linear solver or a format */
    fgo_threads *threads;
    const fgo_jacobian *jacobian;
    fgo_output *output;
    fgo_options options;
    fgo_read_options read_options;
    fgo_compare_options compare_options;
    fgo_weights weights;
    fgo_factor_class rn;
    double numbers[NUMBERS]; /* 0 0 1 0 again and again: poses of the plane at the origin */
    _Alignas(64) unsigned char result[RESULTS][RESULT_SIZE];
    /* What the last call returned. */
    fgo_status status;
    int neutral; /* of functions that return no status: 1 if it was the neutral value */
} fixture;

typedef enum expectation {
    EXPECT_OK,       /* valid arguments: FGO_OK, or a value that is not neutral */
    EXPECT_NEUTRAL,  /* valid arguments for which the neutral value is right */
    EXPECT_ARGUMENT, /* FGO_ERROR_ARGUMENT, or the neutral value */
    EXPECT_KEY,      /* FGO_ERROR_KEY */
    EXPECT_ERROR,    /* any error */
    EXPECT_ANY       /* an answer */
} expectation;

/* By what fgopt calls the test, which then makes the call. */
typedef enum stage { STAGE_NONE, STAGE_STRATEGY, STAGE_LINEAR_SOLVER, STAGE_FORMAT } stage;

typedef struct refused_call {
    const char *function, *speaks, *argument, *value; /* speaks: whom its messages name; argument NULL: all are valid */
    expectation expect;
    int is_null;        /* the value is NULL: the message names function and argument */
    int returns_status; /* 0: judged by `neutral` */
    stage stage;
    void (*call)(fixture *f);
    void (*release)(fixture *f); /* frees what it made; NULL: nothing */
} refused_call;

extern const fgo_format_text refused_text;
extern const fgo_format_class refused_format;
extern const fgo_linear_solver_class refused_linear_solver;
void refused_part(void *context, size_t part);
extern char refused_file[64]; /* the path of a file that can be read */

extern const refused_call refused_calls[];
extern const size_t refused_call_count, refused_function_count;
#endif

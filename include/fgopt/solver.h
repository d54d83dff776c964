/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.h -- minimizes the cost of a graph.
 *
 *     fgo_summary summary;
 *     fgo_status status = fgo_solve(g, NULL, &summary);
 *     puts(status ? fgo_last_message() : summary.message);
 *
 * fgo_solve is the one call for most users: it finds a first estimate, too. A program that solves again and again keeps an
 * fgo_solver, whose creation makes every allocation and the symbolic analysis. After values, measurements, noise or losses of the
 * graph have changed it solves again without either. After structural changes (variables, factors or holds) the next solve
 * analyses the graph anew, and so it does if the gauge rule now holds other degrees of freedom, as when a prior gets its first
 * weight; to find that out, a solve of a graph with other than relative factors takes memory for a moment.
 *
 * Gauge rule: rigid motions of a connected component that nothing prevents (no held degree of freedom, no factor that changes
 * under them) would leave the solution undetermined. As many degrees of freedom are therefore held during the solve, of the
 * variable with the smallest key (among those of the largest tangent dimension if dimensions differ): all of a pose where nothing
 * holds the component, its heading where there is one position prior, nothing where there is a prior on a whole pose. If these do
 * not suffice, or no factor constrains them, degrees of freedom of other variables are held too. The summary says how many
 * components nothing held, fgo_solver_held says what is held. */
#ifndef FGOPT_SOLVER_H
#define FGOPT_SOLVER_H
#include <fgopt/graph.h>
#include <fgopt/linear_solver.h>
#include <fgopt/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Strategies of steps: fgo_options.method. */
typedef enum fgo_method {
    FGO_METHOD_LM = 0, /* Levenberg-Marquardt; the cost never rises. Damping after H. B. Nielsen, "Damping parameter in
                        * Marquardt's method", 1999, which with the trust region radius 1 / lambda is also Ceres' rule */
    FGO_METHOD_GN,     /* Gauss-Newton with full steps; returns the best estimate it saw */
    FGO_METHOD_AUTO    /* full steps while they get anywhere, though the cost may rise for some of them; where they do not,
                        * Levenberg-Marquardt from the best estimate, and full steps again after a while and before the end */
} fgo_method;

/* Built-in linear solvers: fgo_options.linear_solver. */
typedef enum fgo_linear_solver {
    FGO_LINEAR_OWN = -1, /* in a summary: options.linear_solver_class */
    FGO_LINEAR_AUTO = 0, /* the fastest for the graph: BLOCK, which bench/ measures as faster than CHOLMOD at every size */
    FGO_LINEAR_CHOLMOD,  /* sparse Cholesky of scalars, SuiteSparse's */
    FGO_LINEAR_DENSE,    /* LAPACK Cholesky, for small graphs and as an oracle */
    FGO_LINEAR_BLOCK,    /* sparse Cholesky by blocks, made for factor graphs */
    FGO_LINEAR_CGLS      /* conjugate gradients on the least-squares problem, without H (A. Bjorck 1996): memory in proportion
                          * to the factors, steps as exact as the options cgls_... ask for */
} fgo_linear_solver;

/* How a solve ended. */
typedef enum fgo_termination {
    FGO_TERMINATION_NONE = 0,           /* not solved yet */
    FGO_TERMINATION_CONVERGED_COST,     /* the expected relative change of the cost fell below cost_tolerance */
    FGO_TERMINATION_CONVERGED_STEP,     /* the step became small relative to the values: step_tolerance */
    FGO_TERMINATION_CONVERGED_GRADIENT, /* the largest gradient entry fell below gradient_tolerance */
    FGO_TERMINATION_STOPPED_ITERATIONS, /* max_iterations reached */
    FGO_TERMINATION_STOPPED_TIME,       /* time_limit_s reached */
    FGO_TERMINATION_STOPPED_CALLBACK,   /* the callback asked to stop */
    FGO_TERMINATION_FAILED_SINGULAR,    /* the normal system is not positive definite (for LM: at any damping) */
    FGO_TERMINATION_FAILED_COST,        /* the cost of the initial values cannot be evaluated or is not finite */
    FGO_TERMINATION_FAILED_DIVERGED     /* Gauss-Newton left the region where the cost is finite, or LM found no lower cost */
} fgo_termination;

/* Methods of finding a first estimate. */
typedef enum fgo_init {
    FGO_INIT_KEEP = 0,      /* keep the current values */
    FGO_INIT_ODOMETRY,      /* propagate values along the factors that can predict one variable from the others
                             * (fgo_factor_class.predict): from the held variables and those with a prior, else from the
                             * smallest key of each component; factors between neighbouring keys first, then the fewest steps */
    FGO_INIT_SPANNING_TREE, /* propagate along the paths of least uncertainty: variances (traces of covariances) add up */
    FGO_INIT_CHORDAL,       /* rotations by chordal relaxation, then positions with the rotations known, each a sparse linear
                             * problem (D. Martinec, T. Pajdla 2007; L. Carlone et al., ICRA 2015). For poses; other variables
                             * follow as far as their factors with poses determine them */
    FGO_INIT_AUTO           /* the current values if noise alone explains their cost; else the estimate of lowest cost among the
                             * current values, the spanning tree (odometry where a factor has a loss, because outliers mislead
                             * shortest paths) and the chordal relaxation */
} fgo_init;

enum { FGO_INIT_CAPACITY = 16 }; /* room for the methods of later versions */

/* What was done for a first estimate. */
typedef struct fgo_init_report {
    fgo_init chosen;                /* never AUTO */
    size_t reached;                 /* variables that got a new value */
    double cost[FGO_INIT_CAPACITY]; /* F of each candidate, by fgo_init; NaN for methods that were not tried or failed */
    double time_s;
    char reason[160]; /* one line: why this method was chosen */
} fgo_init_report;

/* One line of the report: iteration 0 is the initial estimate. Rejected attempts are iterations too. */
typedef struct fgo_iteration {
    int iteration;
    int accepted;         /* 1 if the step was accepted; 1 for iteration 0 */
    double cost;          /* F at the current estimate, after the step if it was accepted */
    double cost_change;   /* cost after the attempted step minus cost before; not finite if the cost could not be evaluated */
    double gain_ratio;    /* actual over predicted reduction */
    double gradient_norm; /* largest |entry| of dF/ddelta at the estimate before the step */
    double step_norm;     /* Euclidean norm of the step in the tangent space */
    double lambda;        /* damping used for the step */
    double time_linearize_s, time_factorize_s, time_solve_s, time_evaluate_s; /* of this iteration */
    double time_s;                                                            /* since the start of the solve */
} fgo_iteration;

/* A function that is called after each iteration `it` with `user` = options.callback_user. The graph keeps its values until the
 * solve ends. Returning nonzero stops the solve. */
typedef int (*fgo_iteration_callback)(const fgo_iteration *it, void *user);

/* The options of a solve: a plain struct that belongs to the caller. Names, groups, bounds and help of the numeric options are in
 * one table, fgo_option_table. Options of later versions are added at the end, whatever their group. */
typedef struct fgo_options {
    size_t size; /* of this struct, as fgo_options_default sets it: see export.h */
    /* observation */
    fgo_iteration_callback callback; /* or NULL */
    void *callback_user;
    fgo_iteration *records; /* caller's array that receives the iterations, or NULL */
    size_t record_size;     /* from one record to the next: sizeof(fgo_iteration), as fgo_options_default sets it */
    int record_capacity;    /* length of records; later iterations are not recorded */
    /* method */
    int method; /* fgo_method */
    /* stop tests */
    int max_iterations; /* attempts, rejected ones included */
    /* threads */
    int threads;               /* 1 .. 256, or 0: up to 4 of the processors, where the work pays for them. Results do not depend
                                * on it, to the last bit. The same wherever this interface takes threads */
    int init;                  /* fgo_init: how fgo_solve finds its first estimate; no other function uses it */
    double cost_tolerance;     /* stop when the expected change of the cost <= this * cost */
    double step_tolerance;     /* stop when |step| <= this * (|x| + this) */
    double gradient_tolerance; /* stop when the largest gradient entry <= this */
    double time_limit_s;       /* seconds */
    /* damping */
    double initial_lambda; /* LM, relative to the diagonal of H (without diagonal_scaling: to its largest entry) */
    int diagonal_scaling;  /* LM damps lambda * diag(H) instead of lambda * I */
    /* linear solver */
    int linear_solver;       /* fgo_linear_solver */
    int cgls_iterations;     /* limit for one step; 0: until cgls_tolerance, but at most 20 per degree of freedom */
    int cgls_preconditioner; /* fgo_preconditioner */
    double cgls_tolerance;   /* a step is exact enough when |gradient of the damped model| <= this * that at its start */
    /* extensions of the caller */
    const fgo_strategy_class *strategy;                 /* NULL, or used instead of method (strategy.h) */
    const fgo_linear_solver_class *linear_solver_class; /* NULL, or used instead of linear_solver (linear_solver.h) */
} fgo_options;

/* Sets the first `size` bytes of *o to the default options. C and C++ call fgo_options_default instead. */
FGO_API void fgo_options_init(fgo_options *o, size_t size);
/* Returns the default options. */
static inline fgo_options fgo_options_default(void)
{
    fgo_options o;
    fgo_options_init(&o, sizeof o);
    o.record_size = sizeof(fgo_iteration);
    return o;
}

/* The one table of options, from which validation, the program's flags, Python's keywords and the documentation come. */
typedef enum fgo_option_type { FGO_OPTION_INT, FGO_OPTION_DOUBLE, FGO_OPTION_BOOL, FGO_OPTION_CHOICE } fgo_option_type;
typedef struct fgo_option {
    const char *name;     /* "max-iterations": the CLI's --max-iterations, Python's max_iterations */
    fgo_option_type type; /* BOOL and CHOICE are stored as int */
    size_t offset;        /* in fgo_options */
    double default_value;
    double minimum, maximum;    /* allowed, inclusive; for a CHOICE: 0 .. number of choices - 1 */
    const char *const *choices; /* for a CHOICE, with a NULL after the last; else NULL */
    const char *help;           /* one line */
    const char *group;          /* "first estimate", "method", "stop tests", "damping", "linear solver", "threads" */
} fgo_option;
/* Returns the table and its length in *count. */
FGO_API const fgo_option *fgo_option_table(FGO_OPTIONAL size_t *count);
/* Returns what bindings need beside the table: sizeof(fgo_options) in the library in *size, and the offsets of the members
 * callback and callback_user in *callback and *callback_user. */
FGO_API void fgo_options_layout(FGO_OPTIONAL size_t *size, FGO_OPTIONAL size_t *callback, FGO_OPTIONAL size_t *callback_user);
/* Sets the option called `name` in *o from text. FGO_ERROR_ARGUMENT, with a message that names the option and the allowed values,
 * if the name or the text is wrong; FGO_ERROR_UNSUPPORTED if *o is too small for the option. */
FGO_API fgo_status fgo_option_set(fgo_options *o, const char *name, const char *text);

/* The result of a solve. */
typedef struct fgo_summary {
    fgo_termination termination;
    int iterations;                  /* attempts, rejected ones included */
    int accepted;                    /* accepted steps */
    double cost_initial, cost_final; /* F before the first and after the last iteration */
    double gradient_norm;            /* largest |entry| of dF/ddelta at the last linearization */
    size_t variables, factors;
    size_t tangent_dimension; /* degrees of freedom that were optimized */
    size_t components;        /* connected components */
    size_t gauge_held;        /* components whose gauge nothing held */
    int64_t gauge_key;        /* the first of the keys that the gauge rule holds there, if gauge_held > 0 */
    int records;              /* entries written to options.records */
    int linear_solver;        /* fgo_linear_solver that was used, never AUTO; OWN for the caller's */
    int threads;              /* how many worked */
    size_t nonzeros_L;        /* in the Cholesky factor */
    double flops;             /* of one factorization */
    char factorization[24];   /* "simplicial", "supernodal", "dense", "block", "cgls", "cgls, block-jacobi" */
    size_t linear_iterations; /* of cgls, in all steps; `message` also says how many steps were cut short */
    char message[256];        /* one line: why the solve ended */
    double time_analyze_s, time_linearize_s, time_factorize_s, time_solve_s, time_evaluate_s, time_total_s;
    fgo_init_report init; /* the first estimate of fgo_solve, whose time is not in the other times; zero after fgo_solver_solve */
} fgo_summary;

/* Finds a first estimate as options->init says, then minimizes the cost. The current values of g become the best estimate that
 * was found, also when the optimization stopped early or failed. The status says whether the solve could run at all,
 * summary->termination how it ended. `options` NULL: defaults. `summary` may be NULL; summary_size is its size in bytes as the
 * caller was compiled. After an error the values are as before: FGO_ERROR_MEMORY, FGO_ERROR_TOO_LARGE, FGO_ERROR_ARGUMENT or
 * FGO_ERROR_UNSUPPORTED for options. */
FGO_API fgo_status fgo_solve_sized(fgo_graph *g, FGO_OPTIONAL const fgo_options *options, FGO_OPTIONAL fgo_summary *summary,
                                   size_t summary_size);
/* Solves as fgo_solve_sized does, for C and C++, which know the size of the summary. */
static inline fgo_status fgo_solve(fgo_graph *g, FGO_OPTIONAL const fgo_options *options, FGO_OPTIONAL fgo_summary *summary)
{
    return fgo_solve_sized(g, options, summary, sizeof *summary);
}

typedef struct fgo_solver fgo_solver;
/* Makes a solver for g, which the solver borrows: the graph must outlive it. `options` (NULL: defaults) are copied; their
 * pointers must stay valid. Every solve starts at the current values of g, whatever options->init says; for a first estimate call
 * fgo_initialize (initialize.h). The caller frees *out with fgo_solver_free. */
FGO_API fgo_status fgo_solver_create(fgo_graph *g, FGO_OPTIONAL const fgo_options *options, fgo_solver **out);
/* Minimizes the cost from the current values of the graph on, which become the best estimate that was found; status and summary
 * as for fgo_solve_sized. */
FGO_API fgo_status fgo_solver_solve_sized(fgo_solver *s, FGO_OPTIONAL fgo_summary *summary, size_t summary_size);
/* Solves as fgo_solver_solve_sized does, for C and C++, which know the size of the summary. */
static inline fgo_status fgo_solver_solve(fgo_solver *s, FGO_OPTIONAL fgo_summary *summary)
{
    return fgo_solver_solve_sized(s, summary, sizeof *summary);
}
/* Frees a solver; NULL is fine. */
FGO_API void fgo_solver_free(fgo_solver *s);
/* Returns the name of the linear solver in use: the one that `auto` stands for, or the name of options.linear_solver_class. */
FGO_API const char *fgo_solver_linear_solver_name(const fgo_solver *s);
/* Returns, during a callback, the estimate after the iteration that was passed to the callback: *size numbers, laid out as
 * fgo_graph_values and valid until the callback returns. NULL outside of a solve. */
FGO_API const double *fgo_solver_estimate(const fgo_solver *s, FGO_OPTIONAL size_t *size);
/* Returns how many variables the gauge rule held, whole or in part, in the last analysis, and their keys in *keys, which stays
 * valid until the next solve. */
FGO_API size_t fgo_solver_gauge_keys(const fgo_solver *s, FGO_OPTIONAL const int64_t **keys);
/* Returns fgo_graph_tangent_dimension bytes, 1 for each degree of freedom that was held in the last analysis, by the caller or by
 * the gauge rule. Valid until the next solve. */
FGO_API const unsigned char *fgo_solver_held(const fgo_solver *s);

/* Constrains the elimination order: from the next solve on, the variables of these keys are eliminated after all others, in the
 * best order that is found under this constraint (CAMD, SuiteSparse). New factors among the last variables then change only the
 * end of the Cholesky factor, as incremental smoothing needs, whose new measurements involve the newest poses. The solution is
 * the same except for rounding; the stronger the constraint, the more entries the Cholesky factor has. The keys are copied; held
 * variables among them are not eliminated. count 0 lifts the constraint. FGO_ERROR_KEY if a key is unknown; FGO_ERROR_UNSUPPORTED
 * with a linear solver that lacks the capability FGO_LINEAR_ORDERS_LAST. */
FGO_API fgo_status fgo_solver_order_last(fgo_solver *s, const int64_t *keys, size_t count);
/* Finds the keys of the *count free variables in the order of their elimination; *keys stays valid until the next solve. Analyses
 * the graph if necessary. FGO_ERROR_UNSUPPORTED with a linear solver that lacks FGO_LINEAR_TELLS_ORDER. */
FGO_API fgo_status fgo_solver_elimination_order(fgo_solver *s, const int64_t **keys, size_t *count);

/* Return the name of a method or solver, as options have it: "file" (FGO_INIT_KEEP), "odometry", "spanning-tree", "chordal",
 * "auto"; "lm", "gn"; "auto", "cholmod", ... NULL for a number that is not in the enumeration. */
FGO_API const char *fgo_init_name(fgo_init init);
FGO_API const char *fgo_method_name(fgo_method method);
FGO_API const char *fgo_linear_solver_name(fgo_linear_solver solver);
/* Returns a text for a termination, never NULL: "converged (cost)", ...; "unknown" for a number of no termination. */
FGO_API const char *fgo_termination_text(fgo_termination termination);
/* Returns 1 for FGO_TERMINATION_CONVERGED_, -1 for _FAILED_ values, 0 for all others. */
FGO_API int fgo_termination_class(fgo_termination termination);

#ifdef __cplusplus
}
#endif
#endif

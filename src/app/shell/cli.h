/* SPDX-License-Identifier: BSD-3-Clause */
/* cli.h -- what the parts of the fgopt program share: its commands, their options, its exit codes.
 *
 * Every command has one table of options. It drives the parser (arguments.c), --help (help.c), the man page (manual.c)
 * and the bash completion (completion.c). The options of the solver are not in it: they come from fgo_option_table. */
#ifndef CLI_H
#define CLI_H
#include <fgopt/fgopt.h>
#include <stdio.h>

typedef enum cli_exit {
    CLI_OK = 0,           /* converged, or done */
    CLI_FAILURE = 1,      /* anything that has no code of its own: out of memory, output that cannot be written */
    CLI_USAGE = 2,        /* the command line is wrong */
    CLI_INPUT = 3,        /* the input is wrong */
    CLI_UNSOLVABLE = 4,   /* the problem cannot be solved */
    CLI_STOPPED = 5,      /* stopped before convergence; the estimate is written */
    CLI_FINDINGS = 6,     /* check found something */
    CLI_INTERRUPTED = 130 /* by SIGINT or SIGTERM; the best estimate is written */
} cli_exit;

/* The exit codes and what they mean, a row with code -1 at the end. */
typedef struct cli_exit_meaning {
    int code;
    const char *meaning;
} cli_exit_meaning;
extern const cli_exit_meaning cli_exit_meanings[];

enum { CLI_OUT_OF_MEMORY = -2, CLI_WHY_SIZE = 256, CLI_MAX_OPTIONS = 48, CLI_MAX_OPERANDS = 2 };

/* One option of a command. */
typedef struct cli_option cli_option;
struct cli_option {
    const char *name;           /* long name, without its dashes */
    char letter;                /* short name, or 0 */
    const char *argument;       /* what help calls its argument; NULL: a flag */
    const char *default_value;  /* the default as text, set before parsing; NULL: none */
    const char *const *choices; /* the words it takes, NULL at the end; or NULL */
    /* Reads text into the field; nonzero with `why` filled if it cannot: CLI_OUT_OF_MEMORY, or the text is wrong. */
    int (*set)(const cli_option *option, const char *text, void *field, char why[CLI_WHY_SIZE]);
    size_t offset; /* of the field in the command's target */
    const char *help;
};

/* A command line, parsed. Operands point into argv. */
typedef struct cli_arguments {
    const char *operand[CLI_MAX_OPERANDS];
    size_t operands;
} cli_arguments;

typedef struct cli_command {
    const char *name;
    const char *synopsis;             /* the operands and the options most people need */
    const char *summary;              /* one line */
    const char *description;          /* paragraphs, separated by an empty line */
    const char *const *examples;      /* command line, explanation, command line, ..., NULL */
    const cli_option *options;        /* a row without a name ends it */
    int has_solver;                   /* 1: takes the options of fgo_option_table too ... */
    size_t solver_offset;             /* ... into the fgo_options at this place of the target */
    const char *const *operand_words; /* the words its operand takes, NULL at the end; NULL: file names */
    size_t min_operands, max_operands;
    size_t target_size;
    cli_exit (*run)(const cli_arguments *arguments, void *target);
} cli_command;

/* All commands, NULL at the end. */
extern const cli_command *const *cli_commands;
const cli_command *cli_find_command(const char *name);
/* Returns the command that a word probably stands for, or NULL. */
const char *cli_closest_command(const char *word);

/* What a command takes, complete: its own rows, the solver's, --extension if it takes files, and --help. */
typedef struct cli_options {
    cli_option row[CLI_MAX_OPTIONS];
    size_t count;
    char text[CLI_MAX_OPTIONS][2][64]; /* of the solver's rows: argument, default */
} cli_options;
void cli_collect_options(const cli_command *command, cli_options *out);

/* A 64-bit list that --fix fills. */
typedef struct cli_keys {
    int64_t *key;
    size_t count, capacity;
} cli_keys;

/* A list of numbers. */
enum { CLI_LIST_SIZE = 64 };
typedef struct cli_list {
    double number[CLI_LIST_SIZE];
    size_t count;
} cli_list;

/* Values for cli_option.set. */
int cli_set_string(const cli_option *option, const char *text, void *field, char *why);   /* const char * */
int cli_set_count(const cli_option *option, const char *text, void *field, char *why);    /* int64_t >= 1 */
int cli_set_seed(const cli_option *option, const char *text, void *field, char *why);     /* uint64_t */
int cli_set_number(const cli_option *option, const char *text, void *field, char *why);   /* double, finite */
int cli_set_fraction(const cli_option *option, const char *text, void *field, char *why); /* double in [0, 1] */
int cli_set_sigmas(const cli_option *option, const char *text, void *field, char *why);   /* double[2], "T,R", > 0 */
int cli_set_noise(const cli_option *option, const char *text, void *field, char *why);    /* double[2], "T,R", >= 0 */
int cli_set_list(const cli_option *option, const char *text, void *field, char *why);     /* cli_list, "A,B,C", finite */
int cli_set_choice(const cli_option *option, const char *text, void *field, char *why);   /* int, place in choices */
int cli_set_flag(const cli_option *option, const char *text, void *field, char *why);     /* int 1 */
int cli_set_keys(const cli_option *option, const char *text, void *field, char *why);     /* cli_keys, appended */
int cli_set_weights(const cli_option *option, const char *text, void *field, char *why);  /* fgo_weights */
int cli_set_loss(const cli_option *option, const char *text, void *field, char *why);     /* fgo_loss */
/* Loads a shared library with manifolds and factor classes; the field is left alone. */
int cli_set_extension(const cli_option *option, const char *text, void *field, char *why);
/* Writes the help of an option to `text` as help and manual print it; for an option that takes a loss with the list of losses. */
void cli_describe_option(const cli_option *option, char *text, size_t size);

/* Runs a command on the words after its name. */
cli_exit cli_run(const cli_command *command, int argc, char **argv);

/* Prints "fgopt: ..." and where to find help to stderr; returns CLI_USAGE. command may be NULL. */
cli_exit cli_usage(const cli_command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints "fgopt: ..." to stderr; returns the given code. */
cli_exit cli_fail(cli_exit code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints the message of a failed library call; returns its exit code: CLI_FAILURE if memory ran out, else `otherwise`. */
cli_exit cli_fail_status(fgo_status status, cli_exit otherwise);
#ifdef FGOI_ANALYZER /* see src/base/error.h */
#define cli_fail(code, ...) (cli_fail(code, __VA_ARGS__), (code))
#endif

/* Returns the word of `words` (NULL at the end) that is closest to text, or NULL if none is close. */
const char *cli_closest(const char *text, const char *const *words);

void cli_print_help(FILE *f);
void cli_print_command_help(FILE *f, const cli_command *command);
void cli_print_manual(FILE *f);
void cli_print_completion(FILE *f);

/* How a command reads its graphs. The rows for its table follow; `reading` is the field of the command's target. */
typedef struct cli_reading {
    int residual;    /* fgo_convention */
    int information; /* 1: project */
    int equivalent;  /* 1: merge */
    int format;      /* fgo_format */
    fgo_weights weights;
} cli_reading;
/* The formats of the library, which cli_collect_formats fills in: their names in the order of fgo_format, NULL at the end; these
 * names with bars between them; the help of an option that takes a format to write, which tells the endings of files. */
enum { CLI_MAX_FORMATS = 32 };
extern const char *cli_format_words[CLI_MAX_FORMATS + 1];
extern char cli_formats[256], cli_format_to_write[512];
void cli_collect_formats(void);
extern const char *const cli_residual_words[], *const cli_information_words[], *const cli_equivalent_words[];
#define CLI_WEIGHTS_OPTION(TARGET)                                                                                               \
    {                                                                                                                            \
        "weights", 0, "WORDS", "as-used", NULL, cli_set_weights, offsetof(TARGET, reading.weights),                              \
            "what the matrices in the file are, with commas: the residual they weigh (g2o, log, ceres, euler), "                 \
            "information, covariance or root, and for poses of the plane rows or toro, their order"                              \
    }
#define CLI_FORMAT_OPTION(TARGET)                                                                                                \
    {                                                                                                                            \
        "format", 0, cli_formats, "auto", cli_format_words, cli_set_choice, offsetof(TARGET, reading.format),                    \
            "the format of the input; auto: by what stands in it"                                                                \
    }
#define CLI_RESIDUAL_OPTION(TARGET)                                                                                              \
    {                                                                                                                            \
        "residual", 0, "g2o|log|ceres", "g2o", cli_residual_words, cli_set_choice, offsetof(TARGET, reading.residual),           \
            "residual of an edge: (t, q_xyz) as g2o, the logarithm as GTSAM, or that of Ceres' examples; the same "              \
            "file is a different problem in each"                                                                                \
    }
#define CLI_INFORMATION_OPTION(TARGET)                                                                                           \
    {                                                                                                                            \
        "information", 0, "reject|project", "reject", cli_information_words, cli_set_choice,                                     \
            offsetof(TARGET, reading.information),                                                                               \
            "what to do with an indefinite information matrix: refuse the file, or take the nearest semi-definite one"           \
    }

#define CLI_EQUIVALENT_OPTION(TARGET)                                                                                            \
    {                                                                                                                            \
        "equivalent", 0, "keep|merge", "keep", cli_equivalent_words, cli_set_choice, offsetof(TARGET, reading.equivalent),       \
            "what to do with vertices that EQUIV lines of TORO join: keep them apart, or make one variable of them"              \
    }

/* Rows of the commands that optimize. */
#define CLI_LOSS_ARGUMENT "NAME[:NUMBERS]" /* help and manual list the library's losses after the text */
#define CLI_LOSS_OPTION(TARGET, FIELD)                                                                                           \
    {                                                                                                                            \
        "loss", 0, CLI_LOSS_ARGUMENT, "none", NULL, cli_set_loss, offsetof(TARGET, FIELD),                                       \
            "robust loss of every edge, widths in standard deviations"                                                           \
    }

/* Reads the graph at `path` as `reading` says; prints errors and warnings to stderr. */
cli_exit cli_read_graph(const char *path, const cli_reading *reading, fgo_graph **out);
/* Reads a graph as far as possible, without warnings: for commands that examine faults or keep them. */
cli_exit cli_read_leniently(const char *path, const cli_reading *reading, fgo_graph **out);

/* Returns "stdin" for "-", else the path. */
const char *cli_file_name(const char *path);
/* Returns 1 if the path is "-", else 0. */
int cli_is_standard(const char *path);
/* Returns 1 if paths a and b name one regular file, or would once it exists; 0 if either is "-". */
int cli_same_file(const char *a, const char *b);
/* Returns CLI_USAGE, after printing why, if a file that an option with the argument FILE writes is the output or an operand. */
cli_exit cli_check_beside(const cli_command *command, const cli_arguments *arguments, const void *target);
double cli_now_s(void); /* of a clock that only moves forward */
/* Returns the ending of a counted noun: "1 edge", "2 edges". */
const char *cli_plural(size_t count);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* graph_private.h -- how a graph lies in memory, for the modules below it (pattern, linearize, solvers, io).
 *
 * State is one flat array x with an offset per variable. Factors are stored by class: each fgoi_group holds the
 * variables, measurements, whitening and losses of all factors of one class in contiguous arrays, so that linearization
 * is one loop per class. Variables and factors are numbered in the order they were added. The number of a factor is a handle: it
 * stays the factor's when others are removed (remove.c), and is not given again before fgo_graph_compact. The number of a variable
 * is a position, which moves up when one before it is removed; the handle of a variable is its key. */
#ifndef FGOI_GRAPH_PRIVATE_H
#define FGOI_GRAPH_PRIVATE_H
#include "base/error.h"
#include "base/keymap.h"
#include "base/small_matrix.h"
#include "cache.h"
#include <fgopt/graph.h>
#include <fgopt/values.h>
#include <stdint.h>

typedef struct fgoi_group {
    fgo_factor_class c; /* copy; c.name is owned */
    size_t count;
    uint32_t *variable;       /* count * arity variable numbers */
    unsigned char *z;         /* count measurements */
    double *W;                /* count upper triangles, packed by rows (fgoi_packed numbers): W' W = Omega */
    fgo_loss *loss;           /* NULL: no factor has one */
    uint32_t *number;         /* the factor's number in the graph */
    unsigned char *projected; /* 1 if its information was projected */
    size_t variable_capacity, z_capacity, W_capacity, loss_capacity, number_capacity, projected_capacity;
} fgoi_group;

/* The measurement of the group's factor f; NULL where the class has none. */
static inline unsigned char *fgoi_measurement(const fgoi_group *group, size_t f)
{
    return group->c.measurement_size ? group->z + f * group->c.measurement_size : NULL;
}

extern const fgo_loss fgoi_no_loss;

/* Returns the loss of the group's factor f. */
static inline const fgo_loss *fgoi_group_loss(const fgoi_group *group, size_t f)
{
    return group->loss ? group->loss + f : &fgoi_no_loss;
}

/* Makes the array of losses if `loss` needs one and the group has none. Returns 0, or -1 when out of memory. */
int fgoi_group_reserve_loss(fgoi_group *group, const fgo_loss *loss);

/* Where factor f is stored. */
typedef struct fgoi_factor_location {
    uint32_t group; /* FGOI_REMOVED: nowhere any more */
    uint32_t index;
} fgoi_factor_location;

#define FGOI_REMOVED UINT32_MAX

/* A map from the numbers that variables or factors had when the file was read to the present ones, FGOI_NO_VALUE for what has
 * been removed; NULL: the numbers are the same. */
typedef struct fgoi_renumbering {
    uint32_t *to;
    size_t count;
} fgoi_renumbering;

static inline uint32_t fgoi_renumbered(const fgoi_renumbering *r, uint32_t number)
{
    return r->to && number < r->count ? r->to[number] : number;
}

typedef struct fgoi_variable {
    int64_t key;
    const fgo_manifold *manifold; /* owned by the graph, stable */
    size_t x;                     /* offset in x */
    size_t tangent;               /* offset in tangent vectors */
} fgoi_variable;

struct fgoi_document; /* the file a graph was read from; src/io owns its content */

struct fgo_graph {
    fgoi_variable *variable;
    size_t variable_count, variable_capacity;
    fgoi_keymap keys; /* key -> variable number */
    double *x;        /* all values, ambient */
    size_t x_size, x_capacity;
    unsigned char *held; /* per tangent dimension: 1 held */
    size_t tangent_size, held_capacity;
    double *time; /* of the first time_count variables, NaN: none; the others have none */
    size_t time_count, time_capacity;
    fgo_manifold **manifold; /* the distinct ones */
    size_t manifold_count, manifold_capacity;
    fgoi_group *group;
    size_t group_count, group_capacity;
    fgoi_factor_location *location; /* of each factor */
    size_t factor_count;            /* numbers that have been given, those of removed factors included */
    size_t removed_count, location_capacity;
    uint32_t *variable_line, *factor_line; /* where in the file the first so many came from, counted from 1; 0: from nowhere */
    size_t variable_line_count, variable_line_capacity, factor_line_count, factor_line_capacity;
    fgoi_renumbering file_variable, file_factor; /* of the numbers in the document */
    size_t projected;                            /* factors whose information was projected */
    uint64_t revision;                           /* changes whenever variables, factors or holds do */
    fgoi_cache *cache;                           /* what an analysis of some revision found, for the next one who needs it */
    struct fgoi_document *document;              /* or NULL */
    void (*document_free)(struct fgoi_document *);
    struct fgoi_document *(*document_share)(struct fgoi_document *); /* the same document for one more graph */
};

/* ---- adding many, for readers of files: what is the same for all is asked for once ---- */

/* Makes room for variables with so many numbers. 0, or -1 when out of memory. */
int fgoi_graph_reserve_variables(fgo_graph *g, size_t count, size_t numbers, size_t tangent);
/* The number of the group of a class, made when it is the first of its kind, with room for `count` factors in all. */
fgo_status fgoi_graph_group(fgo_graph *g, const fgo_factor_class *c, size_t count, uint32_t *group);
/* Adds a factor without a loss to a group. noise NULL: that of the factor before it in the group. z: not NULL. */
fgo_status fgoi_graph_append_factor(fgo_graph *g, uint32_t group, const int64_t *keys, const void *z, const fgo_noise *noise);

/* Copies x, checked and brought onto the manifold, to `to`, which has room for its numbers and holds nothing
 * of use after a failure. `key` is for the message. */
fgo_status fgoi_graph_import_value(int64_t key, const fgo_manifold *m, const double *x, double *to);
/* Notes the line, counted from 1, that the variable or factor added last was read from. 0, or -1 when out of memory. */
int fgoi_graph_note_variable_line(fgo_graph *g, size_t line);
int fgoi_graph_note_factor_line(fgo_graph *g, size_t line);

/* The numbers of v (values.h). */
const double *fgoi_values_numbers(const fgo_values *v);

/* Returns the group of a factor and writes its index there; NULL if there is no factor of this number. */
fgoi_group *fgoi_graph_locate(const fgo_graph *g, size_t factor, size_t *index);
/* Reports that a number is no factor's, or not any more. */
fgo_status fgoi_no_factor(const fgo_graph *g, size_t factor);

/* Returns whether number `factor` is that of a factor which is there. */
static inline int fgoi_has_factor(const fgo_graph *g, size_t factor)
{
    return factor < g->factor_count && g->location[factor].group != FGOI_REMOVED;
}

#endif

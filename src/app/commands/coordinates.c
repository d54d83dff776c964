/* SPDX-License-Identifier: BSD-3-Clause */
/* coordinates.c -- names and units of the numbers of a variable and of its degrees of freedom. */
#include "coordinates.h"
#include <string.h>

static const char *unit_of(const char *const *unit, int i) { return unit && unit[i] ? unit[i] : ""; }

/* Appends `count` names to the text after its `used` bytes, each unit after the last of the names that share it. */
static size_t list(char *text, size_t used, size_t size, int count, const char *const *name, const char *const *unit)
{
    for (int i = 0; i < count && used < size; i++) {
        const char *own = unit_of(unit, i);
        const int ends = i + 1 == count || strcmp(own, unit_of(unit, i + 1)) != 0;
        const int measured = ends && own[0];
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s%s", name[i], measured ? " (" : "", measured ? own : "",
                                 measured ? ")" : "",
                                 i + 1 == count ? ""
                                 : ends         ? ", "
                                                : " ");
    }
    return used;
}

void coordinates_describe(const fgo_manifold *m, char *text, size_t size)
{
    const fgo_manifold_traits *t = m->traits;
    size_t used = 0;
    text[0] = '\0';
    if (t && t->number) used = list(text, used, size, m->ambient, t->number, t->number_unit);
    if (!t || !t->dof || used >= size) return;
    used += (size_t)snprintf(text + used, size - used, "%smoves by ", used ? "; " : "");
    list(text, used, size, m->tangent, t->dof, t->dof_unit);
}

static void write_words(cli_json *json, const char *key, int count, const char *const *word)
{
    cli_json_begin(json, key, '[');
    for (int i = 0; i < count && word; i++) cli_json_string(json, NULL, word[i]);
    cli_json_end(json, ']');
}

void coordinates_write(cli_json *json, const fgo_manifold *m)
{
    const fgo_manifold_traits none = { 0 }, *t = m->traits ? m->traits : &none;
    cli_json_begin(json, m->name, '{');
    cli_json_count(json, "ambient", (size_t)m->ambient);
    cli_json_count(json, "tangent", (size_t)m->tangent);
    write_words(json, "numbers", m->ambient, t->number);
    write_words(json, "number_units", m->ambient, t->number_unit);
    write_words(json, "dofs", m->tangent, t->dof);
    write_words(json, "dof_units", m->tangent, t->dof_unit);
    cli_json_end(json, '}');
}

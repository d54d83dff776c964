# SPDX-License-Identifier: BSD-3-Clause
"""The extensions of tests/extend as built-in ones: which files of the tree each kind adds and edits, as docs/extend says."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def extension(kind, *renamed):
    """The part of tests/extend/KIND.c before its check, with the static class under the name that the tree wants."""
    text = re.split(r"/\* ---- its (?:check|use)", (ROOT / f"tests/extend/{kind}.c").read_text())[0]
    for old, new in renamed:
        assert old in text, (kind, old)
        text = text.replace(old, new)
    return text


ROW_OF_FACTOR = """FGOI_ROW(robot_range, (FGOI_MEMBER(LENGTH, fgo_range_measurement, range, "m", "")), .formula = "|b - a| - range",
         .tag = "EDGE_ROBOT_RANGE");"""
FORMAT_INCLUDES = '#include "format.h"\n#include <fgopt/factors.h>\n#include <fgopt/graph.h>\n#include <fgopt/pose.h>'


def factor():
    text = extension("factor")
    text = re.sub(r"typedef struct robot_range_measurement.*?robot_range_measurement;\n\n", "", text, flags=re.S)
    text = text.split("static const fgo_measurement_field")[0].replace("robot_range_measurement", "fgo_range_measurement")
    return text.replace("#include <fgopt/fgopt.h>", '#include "row.h"\n#include <fgopt/factors.h>') + ROW_OF_FACTOR + "\n"


def files():
    """What each kind adds: the path in the tree and the text, by kind."""
    return {
        "factor": ("factors/points/robot_range.c", factor()),
        "manifold": ("src/manifold/level.c",
                     extension("manifold", ("static const fgo_manifold level_pose", "const fgo_manifold fgo_manifold_level"))),
        "loss": ("src/factor/loss_fair.c",
                 extension("loss", ("static const fgo_loss_class fair_class", "const fgo_loss_class fgo_loss_class_fair"))),
        "linear-solver": ("solvers/linear/envelope.c",
                          extension("linear_solver", ("static const fgo_linear_solver_class envelope_class",
                                                      "const fgo_linear_solver_class fgoi_linear_envelope"),
                                    ("sizeof envelope_class", "sizeof(fgo_linear_solver_class)"))),
        "strategy": ("solvers/optimize/dogleg.c",
                     extension("strategy", ("static const fgo_strategy_class dogleg_class",
                                            "const fgo_strategy_class fgoi_strategy_dogleg"),
                               ("sizeof dogleg_class", "sizeof(fgo_strategy_class)"))),
        "format": ("src/io/format/odolog.c",
                   extension("format", ("static const fgo_format_class log_format = { .size = sizeof log_format",
                                        "const fgoi_format fgoi_format_odolog = { .c = { .size = sizeof(fgo_format_class)"),
                             (".user = sigma };", ".user = sigma }, .layout = FGOI_LAYOUT_OWN };"),
                             ("#include <fgopt/fgopt.h>", FORMAT_INCLUDES))),
        "command": ("src/app/commands/count.c", (ROOT / "tests/extend/built_in/count.c").read_text()),
    }


# The lines of the tree that are edited, by kind: the path, how the line begins after which the new one stands, the new one. Rows of
# linear solvers, strategies and formats stand at the end: their places are public numbers.
ROWS = {
    "factor": [("include/fgopt/factors.h", "FGO_API extern const fgo_factor_class fgo_range_se2,",
                "FGO_API extern const fgo_factor_class fgo_robot_range;")],
    "manifold": [("src/manifold/manifolds.c", "static const fgo_manifold *const all[] = {", "    &fgo_manifold_level,"),
                 ("include/fgopt/manifold.h", "FGO_API extern const fgo_manifold fgo_manifold_so2,",
                  "FGO_API extern const fgo_manifold fgo_manifold_level;")],
    "loss": [("src/factor/loss.c", "    ROW(barron)", "    ROW(fair)")],
    "linear-solver": [("solvers/linear/registry.h", "    ROW(cgls,", '    ROW(envelope, 0, "rows up to the diagonal")')],
    "strategy": [("solvers/optimize/strategies.h", "    ROW(auto,", '    ROW(dogleg, "Powell\'s dogleg")')],
    "format": [("src/io/format/format.h", "    ROW(csv)", "    ROW(odolog)")],
    "command": [("src/app/commands/commands.h", "    ROW(corrupt)", "    ROW(count)")],
}


def add_all(tree):
    """Adds one of each kind to a copy of the tree."""
    for path, text in files().values():
        assert not (tree / path).exists()
        (tree / path).write_text(text)
    for path, begin, row in (edit for edits in ROWS.values() for edit in edits):
        lines = (tree / path).read_text().split("\n")
        at = [i for i, line in enumerate(lines) if line.startswith(begin)]
        assert len(at) == 1, (path, begin)
        if lines[at[0]].endswith("};"):  # a table of one line
            lines[at[0]] = lines[at[0]].replace("{ ", "{ " + row.strip() + " ", 1)
        else:
            macro = row.startswith("    ROW(")
            lines[at[0]] += " \\" if macro else ""
            lines.insert(at[0] + 1, row)
        (tree / path).write_text("\n".join(lines))

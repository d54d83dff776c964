# SPDX-License-Identifier: BSD-3-Clause
"""Plots of the measurements, each as PNG and SVG.    plot.py RESULT.json    draws them again beside the file."""
import json
import pathlib
import sys

import poses
import report

COLOUR = {"fgopt": "#c0392b", "Ceres": "#2e6da4", "GTSAM": "#3a9d5d", "g2o": "#8e6bbf", "SymForce": "#c98a1b"}
LABELLED = "#444444"


def save(figure, stem, name):
    out = []
    for ending in ("png", "svg"):
        path = stem.parent / f"{stem.name}-{name}.{ending}"
        figure.savefig(path, dpi=150, bbox_inches="tight", metadata={"Date": None} if ending == "svg" else None)
        out.append(path)
    return out


def fastest(entry, tool, settings):
    """Median seconds of the tool's fastest setting, and whether it reached the optimum; None if nothing ended near it."""
    reached, near = [], []
    for label in entry["runs"]:
        if settings[label]["tool"] != tool or "error" in entry["runs"][label][0]:
            continue
        if tool == "fgopt" and label != "fgopt default":
            continue
        found = poses.times(entry, label, settings, poses.TOLERANCES[0])
        if found:
            reached.append(poses.spread(found.values()))
        elif (report.end_excess(entry, label, settings) or 1.0) < poses.NEAR:
            near.append(poses.spread(poses.own_end(entry, label).values()))
    if reached:
        return min(reached), True
    return (min(near), False) if near else None


def time_to_optimum(plt, result, stem):
    """A group of bars for each data set: the fastest setting of each tool; hatched: ended above the optimum."""
    settings = result["poses"]["settings"]
    sets = {k: v for k, v in result["poses"]["datasets"].items() if "error" not in v}
    tools = [t for t in COLOUR if any(settings[label]["tool"] == t for v in sets.values() for label in v["runs"])]
    figure, axes = plt.subplots(figsize=(1.6 + 1.25 * len(sets), 4.2))
    width = 0.85 / len(tools)
    for i, tool in enumerate(tools):
        axes.bar([0], [0], color=COLOUR[tool], label=tool)
        for j, entry in enumerate(sets.values()):
            found = fastest(entry, tool, settings)
            at = j + (i - 0.5 * (len(tools) - 1)) * width
            if found is None:
                axes.annotate("x", (at, 0.0), xytext=(0, 3), textcoords="offset points", ha="center",
                              color=COLOUR[tool], xycoords=axes.get_xaxis_transform())
                continue
            (middle, low, high), good = found
            axes.bar(at, middle, 0.92 * width, color=COLOUR[tool], alpha=1.0 if good else 0.35,
                     hatch=None if good else "///", yerr=[[middle - low], [high - middle]],
                     error_kw={"lw": 0.8, "ecolor": LABELLED})
    axes.set_yscale("log")
    axes.set_xticks(range(len(sets)), list(sets))
    axes.set_ylabel("seconds to within 1e-6 of the optimum")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(ncols=len(tools), frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    axes.set_title("Each tool's fastest setting. Hatched: ended above its optimum; x: not near it", fontsize=9, y=-0.17, color=LABELLED)
    return save(figure, stem, "time")


def convergence(plt, result, stem):
    """Distance to the optimum over time, one panel for each data set: the fastest setting of each tool."""
    settings = result["poses"]["settings"]
    sets = {k: v for k, v in result["poses"]["datasets"].items() if "error" not in v}
    columns = min(3, len(sets))
    rows = -(-len(sets) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(4.2 * columns, 3.0 * rows), squeeze=False)
    for axes in panels.flat[len(sets):]:
        axes.set_visible(False)
    for axes, (name, entry) in zip(panels.flat, sets.items()):
        for tool in COLOUR:
            labels = [label for label, runs in entry["runs"].items()
                      if settings[label]["tool"] == tool and "error" not in runs[0]]

            def order(label):
                found = poses.times(entry, label, settings, poses.TOLERANCES[0])
                excess = report.end_excess(entry, label, settings)
                return (0, min(found.values())) if found else (1, float("inf") if excess is None else excess)

            labels = ["fgopt default"] if tool == "fgopt" and "fgopt default" in labels else sorted(labels, key=order)[:1]
            for label in labels:
                optimum = entry["optimum"][settings[label]["residual"]]
                run = entry["runs"][label][-1]
                if optimum and run.get("trajectory"):
                    points = [(t, max(c / optimum - 1.0, 1e-9)) for t, c in run["trajectory"] if t > 0.0]
                    axes.plot(*zip(*points), marker=".", ms=4, lw=1.3, color=COLOUR[tool], label=tool)
        axes.axhline(poses.TOLERANCES[0], color=LABELLED, lw=0.6, ls=":")
        axes.set(xscale="log", yscale="log", title=name)
        axes.set_ylim(bottom=5e-10)
        axes.spines[["top", "right"]].set_visible(False)
    panels.flat[0].legend(frameon=False, fontsize=8)
    figure.supxlabel("seconds since the graph was loaded")
    figure.supylabel("chi2 / optimum - 1")
    figure.tight_layout()
    return save(figure, stem, "convergence")


def scaling(plt, result, stem):
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    for kind, marker in (("manhattan", "o"), ("sphere", "s")):
        points = [(int(n), r) for n, r in result["scaling"].get(kind, {}).items() if "error" not in r]
        n = [p[0] for p in points]
        left.plot(n, [1e6 * r["iteration_s"] / r["edges"] for _, r in points], marker=marker, label=kind)
        right.plot(n, [r["peak_memory_bytes"] / r["edges"] for _, r in points], marker=marker, label=kind)
    left.set(xscale="log", yscale="log", xlabel="poses", ylabel="us per iteration and edge")
    right.set(xscale="log", yscale="log", xlabel="poses", ylabel="bytes of memory per edge")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    left.legend(frameon=False)
    figure.tight_layout()
    return save(figure, stem, "scaling")


def draw(result, stem):
    """Paths of what was drawn; without matplotlib nothing."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not there: no plots", file=sys.stderr)
        return []
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "fgopt", "font.size": 9})
    import matplotlib.pyplot as plt
    out = []
    if any("error" not in v for v in result.get("poses", {}).get("datasets", {}).values()):
        out += time_to_optimum(plt, result, stem) + convergence(plt, result, stem)
    if "scaling" in result:
        out += scaling(plt, result, stem)
    return out


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    print(*draw(json.loads(path.read_text()), path.with_suffix("")), sep="\n")

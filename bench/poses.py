# SPDX-License-Identifier: BSD-3-Clause
"""The comparison on pose graphs: every tool and setting on every data set, in rounds (README.md)."""
import math
import pathlib
import statistics
import tempfile

import tools

# Lowest chi2 known, g2o residual; tests/cli/test_cli_datasets.py shows that fgopt reaches them; sphere2500's and
# parking-garage's differ from what the g2o program prints. MIT's was found by fgopt.
OPTIMUM = {
    "intel": 45.004696, "M3500": 137.912951, "city10000": 511.985164, "sphere2500": 727.149667248,
    "parking-garage": 1.238690579754, "torus3D": 14574.746449, "MIT": 41.163268835, "smallGrid3D": 458.153784, "CSAIL": 40.555129,
}
HEADLINE = ["intel", "M3500", "city10000", "sphere2500", "parking-garage", "torus3D"]  # the geometric mean is over these
QUICK = ["intel", "M3500", "sphere2500"]
TOLERANCES = (1e-6, 1e-3)
# After the first round these are repeated: of each tool the KEPT fastest settings, unless it is FAR times slower than the
# fastest peer, or ended more than NEAR above its optimum.
KEPT, FAR, NEAR = 2, 10.0, 1e-2


def optimum_log(file, folder, timeout_s):
    """Lowest chi2 of the Log residual that fgopt finds, from its best first estimates and from the g2o optimum."""
    g2o = folder / "g2o-optimum.g2o"
    tools.run(tools.Setting("fgopt", "g2o optimum", (), ()), file, timeout_s, g2o)
    exact = ("--residual", "log", "--cost-tolerance", "1e-14", "--max-iterations", "300")
    found = []
    for source, init in [(file, "auto"), (file, "chordal"), (g2o, "file")]:
        if source.exists():
            result = tools.run(tools.Setting("fgopt", "log", (*exact, "--init", init), ()), source, timeout_s)
            if result.get("chi2_final"):
                found.append(result["chi2_final"])
    return min(found, default=None)


def keep(settings, runs, optimum):
    """Settings worth repeating: fgopt's own that reached the optimum, of each peer the fastest that did, else the lowest."""
    def rank(s):
        result = runs[s.label][0]
        t = tools.time_to(result, optimum[s.residual], TOLERANCES[0]) if optimum[s.residual] else None
        return (0, t) if t is not None else (1, result.get("chi2_final") or math.inf)

    kept = [s for s in settings if s.tool == "fgopt" and (s.name == "default" or rank(s)[0] == 0)]
    peers = sorted((s for s in settings if s.tool != "fgopt" and "error" not in runs[s.label][0]), key=rank)
    for tool in dict.fromkeys(s.tool for s in peers):
        best = [s for s in peers if s.tool == tool][:KEPT]
        missed, value = rank(best[0])
        limit = (1.0 + NEAR) * (optimum[best[0].residual] or 0.0) if missed else FAR * rank(peers[0])[1]
        if value <= limit:
            kept += best
    return kept


def lower_optimum(optimum, settings, runs):
    """Lowers what is known to what was found, in the g2o residual as computed from the written file."""
    first = [(s.residual, runs[s.label][0]) for s in settings]
    logs = [r.get("chi2_final") for residual, r in first if residual == "log"]
    optimum["log"] = min([x for x in [optimum["log"], *logs] if x], default=None)
    found = min([r["chi2_of_file"] for residual, r in first if residual == "g2o" and r.get("chi2_of_file")], default=None)
    if found and (optimum["g2o"] is None or found < optimum["g2o"] * (1.0 - TOLERANCES[0])):
        optimum["known_before"], optimum["g2o"] = optimum["g2o"], found


def measure_one(name, file, settings, repeat, timeout_s, say):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        optimum = {"g2o": OPTIMUM.get(name), "log": optimum_log(file, folder, timeout_s)}
        runs = {s.label: [] for s in settings}
        active = settings
        for turn in range(repeat):
            # A different tool begins each round, so that a disturbance that lasts does not hit the same one every time.
            shift = turn % len(active)
            for setting in active[shift:] + active[:shift]:
                written = folder / "out.g2o" if turn == 0 else None
                result = tools.run(setting, file, timeout_s, written)
                if written and written.exists():
                    result["chi2_of_file"] = tools.chi2_of(written)
                    written.unlink()
                result["round"] = turn
                runs[setting.label].append(result)
                say(f"{name:15s} round {turn} {setting.label:45s} " +
                    (result["error"] if "error" in result else f"{result['total_s']:9.4f} s  chi2 {result['chi2_final']}"))
            if turn == 0:
                lower_optimum(optimum, settings, runs)
                active = keep(settings, runs, optimum)
    return {"optimum": optimum, "runs": runs}


def measure(folder, names, chosen, repeat, timeout_s, say):
    """{"missing": {tool: why}, "datasets": {name: {missing, optimum, runs: {label: [run, ...]}}}}"""
    out = {"missing": {}, "datasets": {}, "settings": {s.label: dict(tool=s.tool, name=s.name, options=list(s.options),
           environment=dict(s.environment), residual=s.residual) for s in tools.SETTINGS}}
    for tool in tools.TOOLS:
        why = tools.missing(tool) if tool in chosen else "not asked for"
        if why:
            out["missing"][tool] = why
            say(f"{tool}: {why}")
    settings = [s for s in tools.SETTINGS if s.tool not in out["missing"]]
    for name in names:
        file = folder / f"{name}.g2o"
        if not file.exists():
            out["datasets"][name] = {"error": f"{file.name} is not there"}
            say(f"{name}: not there")
            continue
        out["datasets"][name] = {"missing": out["missing"], **measure_one(name, file, settings, repeat, timeout_s, say)}
    return out


# ---- statistics of what was measured ----


def times(entry, label, settings, tolerance):
    """Seconds to within the tolerance, {round: seconds}, of the runs that got there."""
    optimum = entry["optimum"][settings[label]["residual"]]
    found = {}
    for result in entry["runs"].get(label, []):
        t = tools.time_to(result, optimum, tolerance) if optimum else None
        if t is not None:
            found[result["round"]] = t
    return found


def own_end(entry, label):
    """Seconds to within 1e-6 of where the tool itself ended, {round: seconds}: for tools that stop above the optimum."""
    found = {}
    for result in entry["runs"].get(label, []):
        if result.get("chi2_final"):
            t = tools.time_to(result, result["chi2_final"], TOLERANCES[0])
            if t is not None:
                found[result["round"]] = t
    return found


def spread(values):
    values = list(values)
    return (statistics.median(values), min(values), max(values)) if values else None


def ratio(peer, ours):
    """Median of peer / ours over the rounds in which both ran."""
    common = [peer[k] / ours[k] for k in peer if ours.get(k)]
    return statistics.median(common) if common else None

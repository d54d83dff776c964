# SPDX-License-Identifier: BSD-3-Clause
"""The Python package: a graph from arrays, what optimize() adds to the C calls, and a range factor written in Python against
the same in C and in GTSAM. The measurements are workload.py's, in processes of their own."""
import json
import os
import pathlib
import statistics
import subprocess
import sys

import tools

HERE = pathlib.Path(__file__).resolve().parent
EDGES, FEW_EDGES, SETS = 1000000, 20000, ["intel", "M3500", "sphere2500"]
REFERENCE, COMPILED, NUMPY, CUSTOM = ("fgopt, C, built in", "fgopt, Python, compiled", "fgopt, Python, NumPy",
                                      "GTSAM, Python, CustomFactor")


def environment():
    return {**os.environ, "PYTHONPATH": str(tools.ROOT / "python"), "FGOPT_LIBRARY": str(tools.BUILD / "fgopt/libfgopt.so"),
            "FGOPT_CACHE": str(tools.BUILD / "residuals"), **tools.ONE_THREAD}


def run(timeout_s, *words):
    python = tools.BUILD / "venv/bin/python"
    command = [python if python.exists() else sys.executable, HERE / "workload.py", *words]
    try:
        done = subprocess.run([str(w) for w in command], capture_output=True, text=True, timeout=timeout_s, env=environment())
    except subprocess.TimeoutExpired:
        return {"error": f"still running after {timeout_s:g} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]}
    return json.loads(done.stdout)


def ratio(times, above, below):
    """Median over the rounds of above / below, each of one round; None if one of them was not measured."""
    if above not in times or below not in times:
        return None
    return statistics.median(a / b for a, b in zip(times[above], times[below]))


def failures(result):
    """Why the comparison is none, if it is none."""
    out = [f"{name}: {part['error']}" for name, part in result.items() if "error" in part]
    for name, difference in result["range"].get("disagreement", {}).items():
        if not difference <= 1e-9:
            out.append(f"{name}: cost or gradient differ from the built-in factor's by {difference:.2g}")
    return out


def measure(folder, repeat, quick, timeout_s, say):
    """{"build", "overhead DATA SET", "range", "failed": [why, ...]}"""
    runs = [run(timeout_s, "build", FEW_EDGES if quick else EDGES) for _ in range(repeat)]
    good = [r for r in runs if "error" not in r]
    result = {"build": {**good[0], "build_s": statistics.median(r["build_s"] for r in good), "runs": runs} if good else runs[0]}
    for name in SETS:
        result[f"overhead {name}"] = run(timeout_s, "overhead", folder / f"{name}.g2o", 2 if quick else 30)
    result["range"] = run(timeout_s, "range", 5 * repeat)
    for name, part in result.items():
        shown = {k: v for k, v in part.items() if k not in ("runs", "times")}
        say(f"python {name}: " + part.get("error", json.dumps(shown)))
    result["failed"] = failures(result)
    return result

# SPDX-License-Identifier: BSD-3-Clause
"""fgopt optimize, from file to file, on generated graphs of growing size: time and memory for each edge."""
import json
import os
import pathlib
import subprocess
import tempfile

import tools

CLI = tools.BUILD / "fgopt/fgopt"
QUICK, STANDARD, LARGE = [1000, 10000], [1000, 3162, 10000, 31623, 100000], [316228, 1000000]
# 3-D graphs fill in: the factor of a sphere of 1e6 poses needs some 40 GB, so they end earlier.
MOST = {"manhattan": 1000000, "sphere": 100000}


def optimize(kind, poses, folder, time_limit_s):
    source, target, record = folder / "in.g2o", folder / "out.g2o", folder / "out.json"
    generate = [CLI, "generate", kind, "--poses", str(poses), "--seed", "1", "-o", source]
    done = subprocess.run([str(x) for x in generate], capture_output=True, text=True)
    if done.returncode:
        return {"error": done.stderr.strip()[:200]}
    # A shell between, because the peak memory of a program begins at that of the process it was forked from.
    command = ["sh", "-c", '"$@"; exit $?', "sh", CLI, "optimize", source, "-o", target, "--json", record, "--quiet",
               "--time-limit", time_limit_s]
    try:
        done = subprocess.run([str(x) for x in command], capture_output=True, text=True, timeout=3 * time_limit_s)
    except subprocess.TimeoutExpired:
        return {"error": f"still running after {3 * time_limit_s:g} s"}  # the shell's child ends by its own time limit
    if not record.exists():
        return {"error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]}
    result = json.loads(record.read_text())
    iterations = max(len(result["iterations"]) - 1, 1)
    time_s = result["time_s"]
    return {"file_bytes": os.path.getsize(source), "variables": result["variables"], "edges": result["factors"],
            "chi2_initial": result["chi2_initial"], "chi2_final": result["chi2_final"], "termination": result["termination"],
            "init": result["init"], "iterations": iterations, "time_s": time_s, "peak_memory_bytes": result["peak_memory_bytes"],
            "iteration_s": sum(time_s[k] for k in ("linearize", "factorize", "solve", "evaluate")) / iterations}


def measure(sizes, time_limit_s, say):
    """{kind: {poses, as in JSON a string: result}}"""
    out = {}
    for kind, most in MOST.items():
        out[kind] = {}
        for poses in sizes:
            if poses > most:
                out[kind][str(poses)] = {"error": "not run: the factor does not fit the memory"}
                continue
            with tempfile.TemporaryDirectory(dir=tools.BUILD) as folder:
                result = out[kind][str(poses)] = optimize(kind, poses, pathlib.Path(folder), time_limit_s)
            say(f"scaling {kind} {poses}: " + (result["error"] if "error" in result else
                f"{result['time_s']['total']:.3f} s, {1e6 * result['iteration_s'] / result['edges']:.2f} us an iteration and edge, "
                f"{result['peak_memory_bytes'] / result['variables']:.0f} bytes a pose, {result['termination']}"))
    return out

# SPDX-License-Identifier: BSD-3-Clause
"""The thermal simulation in fgopt's dual numbers and in every framework that is there. All must give the same value and
gradient to 1e-6, and fgopt's own gradient must agree with differences; else the result says that it failed."""
import json
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build/bench"
SYSTEM = pathlib.Path("/usr/bin/python3")  # PyTorch for CPUs alone is Debian's; PyPI's brings gigabytes of CUDA
MACHINE_LEARNING = BUILD / "venv-ml/bin/python"

PROGRAMS = {"fgopt": [BUILD / "bin/thermal"], "fgopt, AVX2": [BUILD / "bin/thermal-avx2"],
            "fgopt, AVX-512": [BUILD / "bin/thermal-avx512"]}
for framework, python in {"pytorch": SYSTEM, "tensorflow": MACHINE_LEARNING, "jax": MACHINE_LEARNING}.items():
    for mode in ("eager", "compiled"):
        PROGRAMS[f"{framework}, {mode}"] = [python, HERE / "peers.py", framework, mode]


def run(command, timeout_s):
    if not command[0].exists():
        return {"error": f"{command[0].name} is not there"}
    try:
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return {"error": f"still running after {timeout_s:g} s"}
    line = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if line is None:
        return {"error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]}
    return {**json.loads(line), "exit_code": done.returncode}


def disagreement(a, b):
    """Largest difference of value and gradient, each relative to the larger of the two and 1e-9."""
    pairs = [(a["value"], b["value"]), *zip(a["gradient"], b["gradient"])]
    return max(abs(x - y) / max(abs(x), abs(y), 1e-9) for x, y in pairs)


def measure(repeat, timeout_s, say):
    """{"failed": [why, ...], "programs": {name: {runs, forward_s, gradient_s, disagreement}}}, interleaved in rounds."""
    runs = {name: [] for name in PROGRAMS}
    for _ in range(repeat):
        for name, command in PROGRAMS.items():
            if runs[name] and "error" in runs[name][0]:
                continue
            runs[name].append(run(command, timeout_s))
            last = runs[name][-1]
            say(f"thermal {name:22s} " + (last["error"] if "error" in last else
                f"forward {1e6 * last['forward_s']:10.3f} us  gradient {1e6 * last['gradient_s']:12.3f} us"))
    out = {"failed": [], "programs": {}}
    reference = runs["fgopt"][0]
    if "error" in reference:
        out["failed"].append(f"fgopt: {reference['error']}")
    for name, results in runs.items():
        if "error" in results[0]:
            out["programs"][name] = {"error": results[0]["error"], "runs": results}
            continue
        entry = {"runs": results, "version": results[0]["version"],
                 "forward_s": statistics.median(r["forward_s"] for r in results),
                 "gradient_s": statistics.median(r["gradient_s"] for r in results)}
        if any(r["exit_code"] for r in results):
            out["failed"].append(f"{name}: its gradient differs from finite differences")
        if "error" not in reference:
            entry["disagreement"] = max(disagreement(reference, r) for r in results)
            if not entry["disagreement"] <= 1e-6:
                out["failed"].append(f"{name}: differs from fgopt by {entry['disagreement']:.2g}")
        out["programs"][name] = entry
    return out

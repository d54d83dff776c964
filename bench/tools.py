# SPDX-License-Identifier: BSD-3-Clause
"""The optimizers that are compared, their settings, and one run of one of them in a process of its own."""
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/bench"
PEERS = ROOT / "bench/peers"

# CHOLMOD's OpenMP regions ask for four threads whatever the machine has, and OpenBLAS adds its own: on the small blocks of
# pose graphs that made a factorization several times slower. A tool's own threads (Ceres': C++ threads) are not limited.
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclasses.dataclass(frozen=True)
class Setting:
    tool: str
    name: str
    options: tuple
    environment: tuple = tuple(ONE_THREAD.items())
    residual: str = "g2o"    # what its chi2 means: g2o or log
    patience: float = 1.0    # times --timeout

    @property
    def label(self):
        return f"{self.tool} {self.name}"


def _ceres(name, backend, strategy, *more):
    return Setting("Ceres", name, ("--backend", backend, "--strategy", strategy, *more))


def _gtsam(name, *options):
    # GTSAM's threads (TBB) are its own default and help it.
    return Setting("GTSAM", name, options, (("OPENBLAS_NUM_THREADS", "1"),), residual="log")


SETTINGS = [
    Setting("fgopt", "default", (), ()),
    Setting("fgopt", "2 threads", ("--threads", "2"), ()),
    Setting("fgopt", "Gauss-Newton", ("--method", "gn"), ()),
    Setting("fgopt", "Gauss-Newton from the file", ("--method", "gn", "--init", "file"), ()),
    Setting("fgopt", "Log residual", ("--residual", "log"), (), residual="log"),
    _ceres("SuiteSparse LM", "suitesparse", "lm"),
    _ceres("SuiteSparse LM, wide region", "suitesparse", "lm", "--radius", "1e16"),
    _ceres("SuiteSparse LM, wide region, 2 threads", "suitesparse", "lm", "--radius", "1e16", "--threads", "2"),
    _ceres("SuiteSparse dogleg", "suitesparse", "dogleg"),
    _ceres("SuiteSparse LM, 2 threads", "suitesparse", "lm", "--threads", "2"),
    _ceres("Eigen LM", "eigen", "lm"),
    _ceres("Eigen LM, wide region", "eigen", "lm", "--radius", "1e16"),
    _ceres("Eigen dogleg", "eigen", "dogleg"),
    _ceres("Eigen LM, 2 threads", "eigen", "lm", "--threads", "2"),
    _gtsam("Gauss-Newton", "--method", "gn"),
    _gtsam("Gauss-Newton, METIS", "--method", "gn", "--ordering", "METIS"),
    _gtsam("Gauss-Newton, chordal", "--method", "gn", "--init", "chordal"),
    _gtsam("LM (Ceres' defaults)", "--method", "lm-ceres"),
    _gtsam("LM (Ceres' defaults), chordal", "--method", "lm-ceres", "--init", "chordal"),
    Setting("g2o", "Gauss-Newton, Eigen", ("--method", "gn", "--solver", "Eigen")),
    Setting("g2o", "LM, Eigen", ("--method", "lm", "--solver", "Eigen")),
    Setting("g2o", "dogleg, Eigen", ("--method", "dogleg", "--solver", "Eigen")),
    Setting("SymForce", "LM from small lambda", (), patience=8.0),  # its linearization is Python here
]
TOOLS = list(dict.fromkeys(s.tool for s in SETTINGS))

PROGRAM = {
    "fgopt": [BUILD / "bin/fgopt_bench"],
    "Ceres": [BUILD / "bin/ceres_bench"],
    "GTSAM": [BUILD / "venv/bin/python", PEERS / "gtsam_bench.py"],
    "g2o": [BUILD / "venv/bin/python", PEERS / "g2o_bench.py"],
    "SymForce": [BUILD / "venv/bin/python", PEERS / "symforce_bench.py"],
}
MODULE = {"GTSAM": "gtsam", "g2o": "g2opy", "SymForce": "symforce"}


def missing(tool):
    """Why a tool cannot run, or None."""
    for part in PROGRAM[tool]:
        if not part.exists():
            return f"{part.name} was not built"
    if tool in MODULE:
        done = subprocess.run([PROGRAM[tool][0], "-c", f"import {MODULE[tool]}"], capture_output=True, text=True)
        if done.returncode:
            return f"the Python module {MODULE[tool]} is not there: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    return None


def run(setting, file, timeout_s, write=None):
    """One run: what the program printed, or {"error": why there is nothing}."""
    command = [*map(str, PROGRAM[setting.tool]), str(file), *setting.options]
    if write:
        command += ["--write", str(write)]
    timeout_s *= setting.patience
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s,
                              env={**os.environ, **dict(setting.environment)})
    except subprocess.TimeoutExpired:
        return {"error": f"still running after {timeout_s:g} s", "wall_s": timeout_s}
    except OSError as error:
        return {"error": str(error), "wall_s": 0.0}
    wall_s = time.perf_counter() - start
    line = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if line is None:
        return {"error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200], "wall_s": wall_s}
    result = json.loads(line)
    result["wall_s"] = wall_s
    if setting.tool == "SymForce":
        _symforce_split(result, done.stdout)
    return result


def _symforce_split(result, text):
    """SymForce prints its own table of times when the process ends."""
    def total_s(*names):
        return sum(float(m.group(1)) for name in names
                   for m in re.finditer(rf"{re.escape(name)}\s*:\s*\d+\s*\|\s*([\d.e+-]+)", text))
    result["linearize_s"] = total_s("Relinearize::NonFirst()", "Relinearize::First()")
    result["factorize_s"] = total_s("LM<sym::Optimize>: SparseFactorize", "LM<sym::Optimize>: SparseSolve")
    result["analyze_s"] = total_s("LM<sym::Optimize>: AnalyzePattern")
    result["rest_s"] = result["total_s"] - result["linearize_s"] - result["factorize_s"] - result["analyze_s"]


def time_to(result, optimum, tolerance):
    """Seconds from the loaded graph until chi2 was within the tolerance of the optimum, or None."""
    for seconds, chi2 in result.get("trajectory", []):
        if chi2 <= optimum * (1.0 + tolerance):
            return seconds
    return None


def chi2_of(file, residual="g2o"):
    """chi2 by the independent program of the tests, which needs only numpy."""
    done = subprocess.run([sys.executable, ROOT / "tests/oracles/chi2.py", str(file), "--residual", residual],
                          capture_output=True, text=True)
    return float(done.stdout) if done.returncode == 0 else None

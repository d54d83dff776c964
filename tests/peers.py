#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""peers [COUNT]   Does fgopt end as low as Ceres, g2o and GTSAM? COUNT random worlds of `fgopt generate` (default 60), with and
without outliers, each optimized by Levenberg-Marquardt from the same estimate by all four; the poses that each wrote are
judged by tests/oracles/chi2.py, which shares no code with any of them. GTSAM's residual is the logarithm, and it is compared with
fgopt's `--residual log`. Needs build/release; builds the peers' programs of bench/peers and installs gtsam and g2opy from
PyPI under build/peers. Prints where they differ, and how often fgopt ended within 1e-6 of each peer, lower, or higher: from a
poor estimate they may fall into different minima where there are outliers, so higher is a failure only in worlds without."""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "build/peers"
FGOPT = ROOT / "build/release/fgopt"
VENV = PLACE / "venv/bin/python"
CERES = PLACE / "ceres_bench"
KINDS = ["manhattan", "sphere", "torus", "grid3d", "ring"]
SAME = 1e-6


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode not in (0, 5):
        sys.exit(f"peers: {' '.join(map(str, command))}\n{done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout


def install():
    PLACE.mkdir(parents=True, exist_ok=True)
    if not CERES.exists():
        run("g++", "-O1", "-DNDEBUG", "-std=c++17", "-I/usr/include/eigen3", ROOT / "bench/peers/ceres_bench.cc", "-lceres",
            "-lglog", "-o", CERES)
    if not VENV.exists():
        run(sys.executable, "-m", "venv", PLACE / "venv")
    run(VENV, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "numpy", "gtsam", "g2opy")


def chi2_of(file, residual):
    return float(run(VENV, ROOT / "tests/oracles/chi2.py", file, "--residual", residual))


def world(number, folder):
    """A world that depends on its number alone: kind, size, noise and outliers."""
    kind, poses = KINDS[number % len(KINDS)], [60, 150, 400, 1000][number // len(KINDS) % 4]
    noise, outliers = [("0.05,0.01"), ("0.1,0.02"), ("0.02,0.005")][number % 3], 0.05 if number % 4 == 3 else 0.0
    path = folder / "world.g2o"
    run(FGOPT, "generate", kind, "--poses", poses, "--seed", 1000 + number, "--noise", noise, "--outliers", outliers, "-o", path)
    # GTSAM's reader of planar files finds no edge behind a comment
    path.write_text("".join(line + "\n" for line in path.read_text().splitlines() if not line.startswith("#")))
    return path, kind, poses, outliers


def optimized_by(peer, edges, *command):
    """Runs a peer, which must have read all edges: of an empty problem any estimate is the optimum."""
    read = json.loads(run(*command).splitlines()[-1])["edges"]
    if read != edges:
        sys.exit(f"peers: {peer} has read {read} of {edges} edges")


def ends(path, folder):
    """chi2 of fgopt and of each peer, in the peer's residual."""
    out = {name: folder / f"{name}.g2o" for name in ("fgopt", "fgopt-log", "Ceres", "g2o", "GTSAM")}
    for residual, name in (("g2o", "fgopt"), ("log", "fgopt-log")):
        run(FGOPT, "optimize", path, "--quiet", "--init", "file", "--residual", residual, "-o", out[name])
    edges = path.read_text().count("EDGE")
    optimized_by("Ceres", edges, CERES, path, "--write", out["Ceres"])
    optimized_by("g2o", edges, VENV, ROOT / "bench/peers/g2o_bench.py", path, "--method", "lm", "--write", out["g2o"])
    optimized_by("GTSAM", edges, VENV, ROOT / "bench/peers/gtsam_bench.py", path, "--method", "lm-ceres", "--write", out["GTSAM"])
    ours = {residual: chi2_of(out[name], residual) for residual, name in (("g2o", "fgopt"), ("log", "fgopt-log"))}
    return {peer: (ours[residual], chi2_of(out[peer], residual))
            for peer, residual in (("Ceres", "g2o"), ("g2o", "g2o"), ("GTSAM", "log"))}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    install()
    tally, wrong = collections.defaultdict(collections.Counter), 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for number in range(count):
            path, kind, poses, outliers = world(number, folder)
            for peer, (ours, theirs) in ends(path, folder).items():
                word = "higher" if ours > theirs * (1 + SAME) else "lower" if ours < theirs * (1 - SAME) else "same"
                tally[peer][word] += 1
                wrong += word == "higher" and outliers == 0
                if word != "same":
                    print(f"world {number} ({kind}, {poses} poses, outliers {outliers}): fgopt {ours!r}, {peer} {theirs!r}",
                          flush=True)
    for peer, words in tally.items():
        print(f"fgopt against {peer:6s} on {count} worlds: same optimum {words['same']}, lower {words['lower']}, "
              f"higher {words['higher']}")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())

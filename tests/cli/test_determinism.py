# SPDX-License-Identifier: BSD-3-Clause
"""The same file, byte by byte, from every run of the program: with any number of threads, of OpenMP's and of BLAS's, in any
order of its libraries, in any locale; and at each CPU level the same from run to run."""
import os
import re
import subprocess

import pytest
from cli_support import CLI, SMALL, fgopt, needs_cli

pytestmark = needs_cli
SOLVERS = ["block", "cholmod", "dense", "cgls"]


runs = 0


@pytest.fixture(scope="module", autouse=True)
def count_runs():
    yield
    print(f"\ndeterminism: {runs} runs of the program, byte by byte alike")


def optimized(folder, name, solver, *words, **environment):
    global runs
    runs += 1
    out = folder / "out.g2o"
    fgopt("optimize", SMALL / f"{name}.g2o", "-o", out, "--linear-solver", solver, "-q", *words,
          env={**os.environ, **environment})
    return out.read_bytes()


@pytest.fixture(scope="module")
def libraries():
    lines = subprocess.run(["ldd", CLI], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"=> (/\S*lib(?:cholmod|openblas|lapacke|gomp|metis|amd|zstd|m)\S*\.so\S*)", lines)
    if not found:
        pytest.skip("no library of those in the program: a sanitizer's build")
    return found


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", ["manhattan", "sphere"])
def test_settings_of_the_host(tmp_path, name, solver):
    expected = optimized(tmp_path, name, solver)
    for words in (["--threads", "2"], ["--threads", "8"]):
        assert optimized(tmp_path, name, solver, *words) == expected
    for environment in ({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                        {"OMP_NUM_THREADS": "8", "OPENBLAS_NUM_THREADS": "8"},
                        {"OMP_DYNAMIC": "true", "OMP_MAX_ACTIVE_LEVELS": "3", "OMP_NESTED": "true"},
                        {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}):
        assert optimized(tmp_path, name, solver, **environment) == expected, environment


@pytest.mark.parametrize("solver", SOLVERS)
def test_load_order(tmp_path, libraries, solver):
    if "asan" in CLI or "tsan" in CLI:
        pytest.skip("a sanitizer's library must come first")
    expected = optimized(tmp_path, "sphere", solver)
    for k in range(len(libraries)):
        for order in (libraries[k:] + libraries[:k], list(reversed(libraries[k:] + libraries[:k]))):
            assert optimized(tmp_path, "sphere", solver, LD_PRELOAD=":".join(order)) == expected, order
    assert optimized(tmp_path, "sphere", solver, LD_BIND_NOW="1") == expected


@pytest.mark.parametrize("level", ["portable", "avx2", "avx512"])
def test_cpu_levels(tmp_path, level):
    first = optimized(tmp_path, "sphere", "block", FGOPT_CPU=level)
    for threads in ("1", "3", "8"):
        assert optimized(tmp_path, "sphere", "block", "--threads", threads, FGOPT_CPU=level) == first

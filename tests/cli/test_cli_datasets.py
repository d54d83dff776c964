# SPDX-License-Identifier: BSD-3-Clause
"""fgopt reaches the best known optimum of the standard data sets; chi2 of what it wrote is recomputed without it.

BEST: lowest chi2 known for the g2o residual. Two of them are not the figures that the g2o program prints, 1.238684 for
parking-garage and 727.149472 for sphere2500, which are 5e-6 and 3e-7 lower: quaternions in these files have six digits, and
with the poses' rotation matrices left off orthogonality by that rounding, as g2o reads them, the same least-squares problem
has its minimum at 1.2386838 and 727.14925. On proper rotations the minimum is the one here, from every start and by every
method that was tried. ABOVE_LOG: chi2 of the Log residual where GTSAM stops, whose approximate Jacobians leave it above the
minimum."""
import json
import os
import pathlib

import chi2
import pytest
from cli_support import fgopt, needs_cli

pytestmark = [needs_cli, pytest.mark.skipif("FGOPT_DATASETS" not in os.environ,
                                            reason="FGOPT_DATASETS, the folder of the standard data sets, is not set")]
DATASETS = pathlib.Path(os.environ.get("FGOPT_DATASETS", "."))
BEST = {
    "intel.g2o": 45.004696,
    "MIT.g2o": 41.163269,
    "M3500.g2o": 137.912951,
    "CSAIL.g2o": 40.555129,
    "city10000.g2o": 511.985164,
    "sphere2500.g2o": 727.149667,
    "parking-garage.g2o": 1.23869058,
    "torus3D.g2o": 14574.746449,
    "smallGrid3D.g2o": 458.153784,
    "tinyGrid3D.g2o": 6.727882,
    "w100.graph": 1.137825,
    "sphere_smallnoise.graph": 36.625586,
}
FROM_FILE = set(BEST) - {"MIT.g2o", "torus3D.g2o", "sphere_smallnoise.graph"}  # these need a better start than the file's
ABOVE_LOG = {"sphere2500.g2o": 1351.48496, "parking-garage.g2o": 1.268385}


def optimize(name, out, *words):
    """(what fgopt reports, path of what it wrote)"""
    path = out / ("out" + pathlib.Path(name).suffix)
    done = fgopt("optimize", DATASETS / name, "-q", "-o", path, "--json", "-", *words)
    return json.loads(done.stdout), path


def check_optimum(name, out, *words):
    report, path = optimize(name, out, *words)
    found = chi2.chi2(path)
    assert found == pytest.approx(report["chi2_final"], rel=1e-9)
    assert found <= BEST[name] * (1 + 1e-6)
    assert found > BEST[name] * (1 - 1e-5), "better than known: correct the figure"


@pytest.mark.parametrize("name", BEST)
def test_best_known_optimum_by_default(name, tmp_path):
    check_optimum(name, tmp_path)


@pytest.mark.parametrize("preconditioner", [pytest.param("none", marks=pytest.mark.long), "block-jacobi"])
def test_best_known_optimum_by_conjugate_gradients(preconditioner, tmp_path):
    check_optimum("intel.g2o", tmp_path, "--linear-solver", "cgls", "--cgls-preconditioner", preconditioner)


@pytest.mark.parametrize("name", sorted(FROM_FILE))
@pytest.mark.parametrize("method", ["lm", "gn"])
def test_best_known_optimum_from_the_files_estimate(name, method, tmp_path):
    check_optimum(name, tmp_path, "--init", "file", "--method", method)


@pytest.mark.parametrize("name", ABOVE_LOG)
def test_log_residual_ends_no_higher_than_known(name, tmp_path):
    report, path = optimize(name, tmp_path, "--residual", "log")
    assert chi2.chi2(path, "log") == pytest.approx(report["chi2_final"], rel=1e-9)
    assert report["chi2_final"] <= ABOVE_LOG[name]


def test_edges_only_start_along_the_edges(tmp_path):
    """CSAIL has no poses: its first estimate is along its edges, and full steps lead down from there."""
    report, path = optimize("CSAIL.g2o", tmp_path, "--method", "gn", "--init", "file")
    assert report["init"] == "odometry"
    assert report["chi2_initial"] == pytest.approx(2218642.09, rel=1e-8)

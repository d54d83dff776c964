# SPDX-License-Identifier: BSD-3-Clause
"""fgopt reaches the best known optimum of the standard data sets; chi2 of what it wrote is recomputed without it.

BEST: lowest chi2 known for the g2o residual. For parking-garage g2o itself prints 1.238684, 5e-6 lower: the quaternions in
the file have six digits, and g2o makes matrices of them that are no rotations by 1e-6 and never become ones; with them our
optimum too has 1.238684. On rotations proper the minimum is 1.2386906 from every start and by every method. ABOVE_LOG: chi2 of the Log residual where GTSAM stops, whose approximate
Jacobians leave it above the minimum."""
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
    "M3500.g2o": 137.912951,
    "CSAIL.g2o": 40.555129,
    "city10000.g2o": 511.985164,
    "sphere2500.g2o": 727.149472,
    "parking-garage.g2o": 1.23869058,
    "smallGrid3D.g2o": 458.153784,
    "tinyGrid3D.g2o": 6.727882,
    "w100.graph": 1.137825,
}
OPTIONS = {"city10000.g2o": ["--method", "gn"]}
ABOVE_LOG = {"sphere2500.g2o": 1351.48496, "parking-garage.g2o": 1.268385}


def optimize(name, out, *words):
    """(what fgopt reports, path of what it wrote)"""
    path = out / ("out" + pathlib.Path(name).suffix)
    done = fgopt("optimize", DATASETS / name, "-q", "-o", path, "--json", "-", *words)
    return json.loads(done.stdout), path


@pytest.mark.parametrize("name", BEST)
def test_best_known_optimum(name, tmp_path):
    report, path = optimize(name, tmp_path, *OPTIONS.get(name, []))
    found = chi2.chi2(path)
    assert found == pytest.approx(report["chi2_final"], rel=1e-9)
    assert found <= BEST[name] * (1 + 1e-6)
    assert report["chi2_final"] > BEST[name] * (1 - 1e-5), "better than known: correct the figure"


@pytest.mark.parametrize("name", ABOVE_LOG)
def test_log_residual_ends_no_higher_than_known(name, tmp_path):
    report, path = optimize(name, tmp_path, "--residual", "log")
    assert chi2.chi2(path, "log") == pytest.approx(report["chi2_final"], rel=1e-9)
    assert report["chi2_final"] <= ABOVE_LOG[name]


def test_gauss_newton_reaches_it_from_the_odometry(tmp_path):
    """CSAIL has no poses: its first estimate is along its edges, and full steps lead down from there."""
    report, path = optimize("CSAIL.g2o", tmp_path, "--method", "gn")
    assert report["init"] == "odometry"
    assert chi2.chi2(path) <= BEST["CSAIL.g2o"] * (1 + 1e-6)

# SPDX-License-Identifier: BSD-3-Clause
"""The standard data sets come out at their best known optimum, judged by chi2.py from the file that was written."""
import os
import pathlib
import subprocess

import pytest

import chi2

CLI = os.environ.get("FGOPT_CLI")
DATASETS = os.environ.get("FGOPT_DATASETS")
pytestmark = pytest.mark.skipif(not DATASETS, reason="FGOPT_DATASETS is not set: the standard data sets are not there")

# The optimum of parking-garage and sphere2500 with unit quaternions, where the g2o program's own figures are 5e-6 and 3e-7
# lower: it reads the vertices' quaternions as they stand, which are rounded to six digits, and keeps the rotation matrices of
# such a pose slightly out of orthogonality ever after. With that defect imitated the same optimizer ends at 1.2386838 and
# 727.14925; without it no start, however perturbed, ends lower than here.
UNIT_QUATERNIONS = {"parking-garage": 1.238690579754, "sphere2500": 727.149667248}

G2O = {
    "intel.g2o": 45.004696, "M3500.g2o": 137.912951, "city10000.g2o": 511.985164, "sphere2500.g2o": UNIT_QUATERNIONS["sphere2500"],
    "parking-garage.g2o": UNIT_QUATERNIONS["parking-garage"], "smallGrid3D.g2o": 458.153784, "tinyGrid3D.g2o": 6.727882,
    "w100.graph": 1.137825, "CSAIL.g2o": 40.555129,
}
LOG = {"sphere2500.g2o": 1351.48496, "parking-garage.g2o": 1.268385}


def optimize(name, out, *options):
    run = subprocess.run([CLI, "optimize", str(pathlib.Path(DATASETS) / name), "-o", str(out), "--quiet", *options],
                         capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr + run.stdout
    return out


@pytest.mark.parametrize("name", G2O)
@pytest.mark.parametrize("method", ["lm", "gn"])
def test_best_g2o(name, method, tmp_path):
    out = optimize(name, tmp_path / ("out" + pathlib.Path(name).suffix), "--method", method)
    assert chi2.chi2(str(out)) <= G2O[name] * (1 + 1e-6)


@pytest.mark.parametrize("name", LOG)
def test_best_log(name, tmp_path):
    out = optimize(name, tmp_path / "out.g2o", "--residual", "log")
    assert chi2.chi2(str(out), "log") <= LOG[name]


def test_the_file_says_what_the_program_says(tmp_path):
    """chi2_final of --json is the chi2 of the written file to the last digits."""
    import json
    out, record = tmp_path / "out.g2o", tmp_path / "out.json"
    optimize("intel.g2o", out, "--json", str(record))
    assert json.loads(record.read_text())["chi2_final"] == pytest.approx(chi2.chi2(str(out)), rel=1e-12)

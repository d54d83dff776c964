# SPDX-License-Identifier: BSD-3-Clause
"""chi2.py, the independent judge, is judged by hand-computed cases and the data sets' known figures; then fgopt by it."""
import json
import math
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import chi2

PI = math.pi
IDENTITY6 = "1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1"


def manifest():
    """{file: its figure of chi2 as text}"""
    folder = os.environ.get("FGOPT_DATASETS")
    if not folder:
        return {}
    rows = [line.split("\t") for line in (pathlib.Path(folder) / "MANIFEST.tsv").read_text().splitlines()
            if not line.startswith("#")]
    return {row[0]: row[rows[0].index("chi2_file")] for row in rows[1:] if row[0].endswith((".g2o", ".graph"))}


def dataset(name):
    return pathlib.Path(os.environ["FGOPT_DATASETS"]) / name


needs_datasets = pytest.mark.skipif("FGOPT_DATASETS" not in os.environ,
                                    reason="FGOPT_DATASETS, the folder of the standard data sets, is not set")
needs_cli = pytest.mark.skipif("FGOPT_CLI" not in os.environ, reason="FGOPT_CLI, the fgopt program, is not set")

# ---- the judge ----

# name: (text, chi2 in the g2o convention, in the Log convention)
CASES = {
    # delta = (0, 1, 90 degrees), e' Omega e = 2 + 2 * 0.5 * theta + 3 theta^2; V^-1 t = (pi/4, pi/4)
    "plane": ("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 2 1.5707963267948966\n# comment\n"
              "EDGE_SE2 0 1 1 1 0 1 0 0 2 0.5 3\n",
              2 + PI / 2 + 3 * PI**2 / 4, 3 * PI**2 / 16 + 2 * 0.5 * PI / 4 * PI / 2 + 3 * PI**2 / 4),
    # the first pose looks left; what is ahead of it by 3 lies at y = 3
    "plane, turned": ("VERTEX_SE2 5 10 0 1.5707963267948966\nVERTEX_SE2 -6 10 3 1.5707963267948966\n"
                      "EDGE_SE2 5 -6 2 0 0 7 0 0 1 0 1\n", 7.0, 7.0),
    "plane, wrapped": ("VERTEX_SE2 0 0 0 3\nVERTEX_SE2 1 0 0 -3\nEDGE_SE2 0 1 0 0 0 1 0 0 1 0 1\n",
                       (2 * PI - 6)**2, (2 * PI - 6)**2),
    # 90 degrees about z, t = (0, 1, 2): q_z = sin 45 degrees; Log has theta = pi/2, V^-1 t = (pi/4, pi/4, 2)
    "space": ("VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1 0 1 2 0 0 -3 -3\n"
              f"EDGE_SE3:QUAT 0 1 0 0 0 0 0 0 1 {IDENTITY6}\n", 5 + 0.5, PI**2 / 8 + 4 + PI**2 / 4),
    # a measurement half around x: the pose's y axis is seen from behind
    "space, measured": ("VERTEX_SE3:QUAT 0 0 0 0 0 0 0 1\nVERTEX_SE3:QUAT 1 0 5 0 1 0 0 0\n"
                        "EDGE_SE3:QUAT 0 1 0 4 0 1 0 0 0 1 2 0 0 0 0 3 0 0 0 0 1 0 0 0 1 0 0 1 0 1\n", 3.0, 3.0),
    # information in the order 11 12 22 33 13 23, e = (1, 2, 3): 11 + 2 * 2 * 12 + ...
    "TORO plane": ("VERTEX2 0 0 0 0\nVERTEX2 1 1 2 3\nEDGE2 0 1 0 0 0 11 12 22 33 13 23\n",
                   11 + 4 * 22 + 9 * 33 + 2 * (2 * 12 + 3 * 13 + 6 * 23), None),
    # yaw 90 degrees first, then pitch 90 degrees: x ends downward. No information: identity
    "TORO space": ("VERTEX3 0 0 0 0 0 1.5707963267948966 1.5707963267948966\nVERTEX3 1 0 0 -7 0 1.5707963267948966 "
                   "1.5707963267948966\nEDGE3 0 1 5 0 0 0 0 0\n", 4.0, 4.0),
}


@pytest.mark.parametrize("name", CASES)
def test_judge_on_hand_computed_cases(name, tmp_path):
    text, g2o, log = CASES[name]
    path = tmp_path / "case"
    path.write_text(text)
    assert chi2.chi2(path) == pytest.approx(g2o, rel=1e-12, abs=1e-15)
    if log is not None:
        assert chi2.chi2(path, "log") == pytest.approx(log, rel=1e-12, abs=1e-15)


def test_judge_takes_euler_angles_in_the_order_of_toro():
    roll, pitch, yaw = 0.1, 0.2, 0.3
    c, s = math.cos, math.sin
    rx = np.array([[1, 0, 0], [0, c(roll), -s(roll)], [0, s(roll), c(roll)]])
    ry = np.array([[c(pitch), 0, s(pitch)], [0, 1, 0], [-s(pitch), 0, c(pitch)]])
    rz = np.array([[c(yaw), -s(yaw), 0], [s(yaw), c(yaw), 0], [0, 0, 1]])
    q = chi2.quaternion_from_euler(np.array([[roll, pitch, yaw]]))
    columns = chi2.rotate(np.repeat(q, 3, axis=0), np.eye(3))
    assert np.allclose(columns.T, rz @ ry @ rx, rtol=0, atol=1e-15)


def test_judge_has_a_smooth_log():
    """The series near zero and the quotient meet, and tiny angles keep their digits."""
    for theta in (0.9999e-4, 1.0001e-4):
        half = theta / 2
        exact = 1 - theta**2 / 12 - theta**4 / 720
        assert abs(chi2.half_cotangent(np.array([theta]))[0] - exact) < 1e-15
        assert abs(half / math.tan(half) - exact) < 1e-15
    origin = np.array([[0.0, 0, 0, 0, 0, 0, 1]])
    for theta in (1e-12, 1e-6, 0.9999e-4, 1.0001e-4):  # V^-1 t = t - w x t / 2 + ..., w = (theta, 0, 0), t = (0, 1, 0)
        turned = np.array([[0.0, 1, 0, math.sin(theta / 2), 0, 0, math.cos(theta / 2)]])
        e = chi2.spatial_residual(origin, origin, turned, True)[0]
        assert np.allclose(e, [0, 1 - theta**2 / 12, -theta / 2, theta, 0, 0], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("text", ["VERTEX_SE2 0 0 0\n", "EDGE_SE2 0 1 1 0 0 1 0 0\n", "VERTEX_SE3:QUAT 0 0 0 0 0 0 0 0\n",
                                  "VERTEX_SE2 0 0 zero 0\n"])
def test_judge_refuses_what_it_cannot_read(text, tmp_path):
    (tmp_path / "bad").write_text(text)
    with pytest.raises(ValueError):
        chi2.chi2(tmp_path / "bad")


def test_judge_as_a_program(tmp_path):
    (tmp_path / "case").write_text(CASES["plane"][0])
    done = subprocess.run([sys.executable, chi2.__file__, tmp_path / "case", "--residual", "log"], capture_output=True,
                          text=True, check=True)
    assert float(done.stdout) == pytest.approx(CASES["plane"][2], rel=1e-15)


@needs_datasets
@pytest.mark.parametrize("name", [name for name, figure in manifest().items() if figure[0].isdigit()])
def test_judge_on_data_sets(name):
    figure = manifest()[name]
    digits = len(figure.partition(".")[2])
    assert chi2.chi2(dataset(name)) == pytest.approx(float(figure), rel=1e-9, abs=0.5 * 10.0**-digits)


# ---- fgopt ----


def fgopt_chi2(path, convention, tmp_path):
    report = tmp_path / "report.json"
    done = subprocess.run([os.environ["FGOPT_CLI"], "optimize", path, "--init", "file", "--max-iterations", "0", "--residual", convention,
                           "--quiet", "--json", report], capture_output=True, text=True)
    assert done.returncode in (0, 5), done.stderr
    return json.loads(report.read_text())["chi2_initial"]


@needs_cli
@needs_datasets
@pytest.mark.parametrize("convention", ["g2o", "log"])
# cubicle is refused, CSAIL has no poses, and example.graph has bearings and ranges, which the judge does not know
@pytest.mark.parametrize("name", [name for name, figure in manifest().items()
                                  if name not in ("cubicle.g2o", "CSAIL.g2o", "example.graph")])
def test_fgopt_and_judge_agree(name, convention, tmp_path):
    expected = chi2.chi2(dataset(name), convention)
    assert fgopt_chi2(dataset(name), convention, tmp_path) == pytest.approx(expected, rel=1e-9)


@needs_cli
@needs_datasets
def test_what_fgopt_writes_has_the_chi2_it_reports(tmp_path):
    """An edges-only file gets its vertices, so that the judge can read what comes out."""
    for name in ("CSAIL.g2o", "tinyGrid3D.g2o", "w100.graph"):
        out, report = tmp_path / name, tmp_path / "report.json"
        subprocess.run([os.environ["FGOPT_CLI"], "optimize", dataset(name), "-o", out, "--json", report, "--quiet"],
                       capture_output=True, check=True)
        assert chi2.chi2(out) == pytest.approx(json.loads(report.read_text())["chi2_final"], rel=1e-9)


@needs_cli
@needs_datasets
def test_cubicle_is_refused_with_its_line(tmp_path):
    done = subprocess.run([os.environ["FGOPT_CLI"], "optimize", dataset("cubicle.g2o"), "-o", tmp_path / "out"],
                          capture_output=True, text=True)
    assert done.returncode == 3 and "cubicle.g2o:5753:64: " in done.stderr
    assert not (tmp_path / "out").exists()


@needs_cli
@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_the_locale_changes_nothing(locale, tmp_path):
    path, out = tmp_path / "in.g2o", tmp_path / "out.g2o"
    path.write_text("VERTEX_SE2 0 0.5 0.25 0.125\nVERTEX_SE2 1 1.2345678901234567891 0 0\n"
                    "EDGE_SE2 0 1 1.5 0.5 0 1 0 0 1 0 1\n")
    subprocess.run([os.environ["FGOPT_CLI"], "optimize", path, "-o", out, "--quiet"], capture_output=True, check=True,
                   env={**os.environ, "LC_ALL": locale})
    first, second = out.read_text().splitlines()[:2]
    assert first == "VERTEX_SE2 0 0.5 0.25 0.125" and "," not in second
    assert chi2.chi2(out) < 1e-20

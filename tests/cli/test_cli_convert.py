# SPDX-License-Identifier: BSD-3-Clause
"""fgopt convert: trajectories and tables, judged by Python's own arithmetic and csv module."""
import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import time

import chi2
import numpy as np
import pytest
from cli_support import CLI, SMALL, fgopt, needs_cli, values

pytestmark = needs_cli


def matrix(q):
    x, y, z, w = np.asarray(q) / np.linalg.norm(q)
    return np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                     [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                     [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]])


def numbers(path):
    return np.loadtxt(path, ndmin=2)


def test_poses_in_space(tmp_path):
    said = fgopt("convert", SMALL / "sphere.g2o", tmp_path / "s.tum").stderr
    assert "edges and 0 points are left out: the format has poses only" in said
    assert "no pose has a time stamp; their ids stand in place of it" in said
    fgopt("convert", SMALL / "sphere.g2o", tmp_path / "s.kitti")
    tum, kitti, poses = numbers(tmp_path / "s.tum"), numbers(tmp_path / "s.kitti"), values(SMALL / "sphere.g2o")
    assert len(tum) == len(kitti) == len(poses)
    for row, flat, (key, pose) in zip(tum, kitti, sorted(poses.items())):
        assert row[0] == key
        assert row[1:4] == pytest.approx(pose[:3], abs=0)
        assert matrix(row[4:]) == pytest.approx(matrix(pose[3:]), abs=1e-15)
        rigid = flat.reshape(3, 4)
        assert rigid[:, 3] == pytest.approx(pose[:3], abs=0)
        assert rigid[:, :3] == pytest.approx(matrix(pose[3:]), abs=1e-15)


def test_poses_of_the_plane(tmp_path):
    fgopt("convert", SMALL / "manhattan.g2o", tmp_path / "m.tum")
    for row, (key, (x, y, theta)) in zip(numbers(tmp_path / "m.tum"), sorted(values(SMALL / "manhattan.g2o").items())):
        assert row == pytest.approx([key, x, y, 0, 0, 0, np.sin(theta / 2), np.cos(theta / 2)], abs=1e-15) or \
            row == pytest.approx([key, x, y, 0, 0, 0, -np.sin(theta / 2), -np.cos(theta / 2)], abs=1e-15)


def test_kitti_there_and_back(tmp_path):
    fgopt("convert", SMALL / "sphere.g2o", tmp_path / "s.kitti")
    fgopt("convert", tmp_path / "s.kitti", tmp_path / "back.g2o")
    for before, after in zip(sorted(values(SMALL / "sphere.g2o").items()), sorted(values(tmp_path / "back.g2o").items())):
        assert after[1][:3] == pytest.approx(before[1][:3], abs=0)
        assert matrix(after[1][3:]) == pytest.approx(matrix(before[1][3:]), abs=1e-15)


def test_a_table_is_what_a_csv_reader_expects(tmp_path):
    fgopt("convert", SMALL / "manhattan.g2o", tmp_path / "m.csv")
    with open(tmp_path / "m.csv", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    lines = [line.split() for line in (SMALL / "manhattan.g2o").read_text().splitlines() if line and line[0] != "#"]
    assert len(rows) == len(lines)
    assert None not in rows[0] and all(None not in row.values() for row in rows)  # rectangular
    edge = next(row for row in rows if row["tag"] == "EDGE_SE2")
    words = next(words for words in lines if words[0] == "EDGE_SE2")
    columns = ("id", "id2", "x", "y", "theta", "i11", "i12", "i13", "i22", "i23", "i33")
    assert [float(edge[c]) for c in columns] == [float(word) for word in words[1:]]


@pytest.mark.parametrize("name", ["manhattan.g2o", "sphere.g2o"])
def test_a_table_there_and_back_has_every_token(name, tmp_path):
    fgopt("convert", SMALL / name, tmp_path / "t.csv.gz")
    fgopt("convert", tmp_path / "t.csv.gz", tmp_path / "back.g2o")
    def tokens(path):
        return [[float(w) if i else w for i, w in enumerate(line.split())]
                for line in path.read_text().splitlines() if line and line[0] != "#"]
    assert tokens(tmp_path / "back.g2o") == tokens(SMALL / name)


def test_a_table_is_optimized_like_the_file(tmp_path):
    fgopt("convert", SMALL / "manhattan.g2o", tmp_path / "m.csv")
    fgopt("optimize", tmp_path / "m.csv", "-o", tmp_path / "best.csv")
    fgopt("optimize", SMALL / "manhattan.g2o", "-o", tmp_path / "best.g2o")
    fgopt("convert", tmp_path / "best.csv", tmp_path / "again.g2o")
    assert values(tmp_path / "again.g2o") == values(tmp_path / "best.g2o")


def test_the_optimum_as_a_trajectory(tmp_path):
    fgopt("optimize", SMALL / "sphere.g2o", "-o", tmp_path / "best.tum")
    assert numbers(tmp_path / "best.tum").shape == (64, 8)


def test_the_format_can_be_told(tmp_path):
    (tmp_path / "t.txt").write_text("1 2 3 4 0 0 0 1\n")
    fgopt("info", tmp_path / "t.txt", "--format", "tum")
    done = fgopt("convert", tmp_path / "t.txt", tmp_path / "out.g2o", "--format", "kitti", code=3)
    assert f"{tmp_path}/t.txt:1:16: the line ends early: KITTI takes 12 numbers" in done.stderr
    assert not (tmp_path / "out.g2o").exists()


def test_to_the_standard_output():
    assert fgopt("convert", SMALL / "sphere.g2o", "-", "--to", "csv").stdout.startswith("tag,id,id2,x,y,z,qx,qy,qz,qw,i11,")


# ---- what matrices weigh ----

def test_weights_there_and_back(tmp_path):
    """chi2 of g2o is that of the same file as Ceres takes it, once its matrices are converted."""
    fgopt("convert", SMALL / "sphere.g2o", tmp_path / "ceres.g2o", "--to-weights", "ceres,covariance")
    facts = json.loads(fgopt("info", tmp_path / "ceres.g2o", "--weights", "covariance", "--json", "-").stdout)
    assert facts["chi2_in"]["Ceres"] == pytest.approx(chi2.chi2(SMALL / "sphere.g2o"), rel=1e-9)
    fgopt("convert", tmp_path / "ceres.g2o", tmp_path / "g2o.g2o", "--weights", "ceres,covariance", "--to-weights", "g2o")
    assert chi2.chi2(tmp_path / "g2o.g2o") == pytest.approx(chi2.chi2(SMALL / "sphere.g2o"), rel=1e-9)


def test_weights_change_the_optimum_of_gtsam_files_to_that_of_gtsam(tmp_path):
    """Numbers for rotation vectors, taken as such: near the optimum, where residuals are small, chi2 is that of Log."""
    fgopt("optimize", SMALL / "sphere.g2o", "--residual", "log", "-o", tmp_path / "best.g2o")
    wanted = json.loads(fgopt("info", tmp_path / "best.g2o", "--residual", "log", "--json", "-").stdout)["chi2"]
    got = json.loads(fgopt("info", tmp_path / "best.g2o", "--weights", "log", "--json", "-").stdout)["chi2"]
    plain = json.loads(fgopt("info", tmp_path / "best.g2o", "--json", "-").stdout)["chi2"]
    assert got == pytest.approx(wanted, rel=0.02)
    assert plain != pytest.approx(wanted, rel=0.1)


def test_words_that_say_nothing(tmp_path):
    done = fgopt("convert", SMALL / "sphere.g2o", tmp_path / "out.g2o", "--to-weights", "gtsam", code=2)
    assert "--to-weights: 'gtsam' says nothing about weights" in done.stderr
    assert "--weights: 'half' says nothing" in fgopt("info", SMALL / "sphere.g2o", "--weights", "log,half", code=2).stderr


# ---- what happens to the file in the end ----

def test_a_kill_leaves_the_old_file_or_the_new(tmp_path):
    """OUT names IN, and the program dies at any moment, without a chance to clean up."""
    path, new = tmp_path / "w.g2o", tmp_path / "new.csv"
    fgopt("generate", "manhattan", "--poses", 20000, "--seed", 1, "-o", path)
    fgopt("convert", path, new)
    start = time.monotonic()
    fgopt("convert", path, tmp_path / "again.csv")
    whole = time.monotonic() - start
    before, after = path.read_bytes(), new.read_bytes()
    seen = set()
    for i in range(12):
        path.write_bytes(before)
        process = subprocess.Popen([CLI, "convert", str(path), str(path), "--to", "csv"])
        time.sleep(whole * (i + 0.5) / 10)
        process.kill()
        process.wait()
        seen.add(path.read_bytes())
    assert seen <= {before, after}


def test_a_full_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "w.g2o"
    shutil.copy(SMALL / "sphere.g2o", path)
    before = path.read_bytes()
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    done = fgopt("convert", path, path, "--to", "csv", code=1, preexec_fn=limit)
    assert "cannot be written: File too large" in done.stderr
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["w.g2o"]


def test_a_file_that_goes_where_its_own_format_goes_keeps_every_line(tmp_path):
    """Also with landmarks that only bearings and ranges name, for whose positions the format has no line."""
    text = ("VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 0 1 1 0 0 1 0 1 1 0 0\nBR 0 7 0.500 2.0 0.1 0.1\nBR 1 7 0.9 1.5 0.1 0.1\n")
    (tmp_path / "a.graph").write_text(text)
    fgopt("convert", tmp_path / "a.graph", tmp_path / "b.graph")
    lines = (tmp_path / "b.graph").read_text().splitlines()
    assert lines[:5] == text.splitlines() and [line.split()[:2] for line in lines[5:]] == [["VERTEX_XY", "7"]]
    fgopt("convert", tmp_path / "a.graph", tmp_path / "c.graph", "--to", "toro", code=3)  # all of it as TORO: that cannot be

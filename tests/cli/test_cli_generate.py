# SPDX-License-Identifier: BSD-3-Clause
"""fgopt generate: worlds that are reproducible, connected as they should be, and as noisy as they say."""
import json
import os
import subprocess

import chi2
import numpy as np
import pytest
from cli_support import CLI, SMALL, fgopt, needs_cli, values

pytestmark = needs_cli
WORLDS = ["manhattan", "grid3d", "sphere", "torus", "ring"]
SPATIAL = {"grid3d", "sphere", "torus"}


def edges(path):
    lines = (line.split() for line in path.read_text().splitlines())
    return [(int(w[1]), int(w[2]), tuple(w[3:])) for w in lines if w[0].startswith("EDGE")]


def test_small_graphs_are_made_again_byte_by_byte(tmp_path):
    subprocess.run([SMALL / "generate", tmp_path], check=True, env={**os.environ, "FGOPT_CLI": CLI})
    kept = sorted(p.name for p in SMALL.glob("*.g2o"))
    assert kept == sorted(p.name for p in tmp_path.iterdir())
    for name in kept:
        assert (SMALL / name).read_bytes() == (tmp_path / name).read_bytes(), name
        assert (SMALL / name).stat().st_size < 30_000


@pytest.mark.parametrize("world", WORLDS)
def test_same_seed_same_bytes_and_another_seed_others(world):
    first = fgopt("generate", world, "-n", 200, "--seed", 7).stdout
    assert first == fgopt("generate", world, "-n", 200, "--seed", 7).stdout
    assert first != fgopt("generate", world, "-n", 200, "--seed", 8).stdout


@pytest.mark.parametrize("world", WORLDS)
def test_optimum_is_at_the_noise_level(world, tmp_path):
    """chi2 at the optimum is chi-squared distributed with (measured - free) degrees of freedom."""
    path, out = tmp_path / "w.g2o", tmp_path / "out.g2o"
    fgopt("generate", world, "-n", 900, "--seed", 3, "--noise", "0.04,0.008", "-o", path)
    report = json.loads(fgopt(path, "-q", "-o", out, "--json", "-").stdout)
    d = 6 if world in SPATIAL else 3
    dof = d * report["factors"] - report["tangent_dim"]
    assert report["tangent_dim"] == d * 899
    assert abs(chi2.chi2(out) - dof) < 5.0 * np.sqrt(2.0 * dof)


@pytest.mark.parametrize("world", WORLDS)
def test_truth_is_free_of_noise(world, tmp_path):
    path, truth = tmp_path / "w.g2o", tmp_path / "truth.g2o"
    fgopt("generate", world, "-n", 500, "--truth", truth, "-o", path)
    assert chi2.chi2(truth) < 1e-6
    assert [e[:2] for e in edges(path)] == [e[:2] for e in edges(truth)]
    steps = np.diff(np.array(list(values(truth).values()))[:, : 3 if world in SPATIAL else 2], axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    assert 0.9 < np.median(lengths) < 1.1 or world in {"sphere", "torus"} and 0.5 < np.median(lengths) < 1.5
    merged = tmp_path / "merged.g2o"  # the noisy measurements at the true poses: one square of a normal number each
    merged.write_text("".join(line for line in truth.read_text().splitlines(True) if line.startswith("VERTEX"))
                      + "".join(line for line in path.read_text().splitlines(True) if line.startswith("EDGE")))
    count = len(edges(path)) * (6 if world in SPATIAL else 3)
    assert abs(chi2.chi2(merged) - count) < 5.0 * np.sqrt(2.0 * count)


def test_initial_estimate_is_the_integrated_odometry(tmp_path):
    path = tmp_path / "w.g2o"
    for world in WORLDS:
        fgopt("generate", world, "-n", 300, "-o", path)
        chain = [line for line in path.read_text().splitlines(True)
                 if not line.startswith("EDGE") or int(line.split()[2]) == int(line.split()[1]) + 1]
        path.write_text("".join(chain))
        assert chi2.chi2(path) < 1e-6


@pytest.mark.parametrize("world, poses, closures", [
    ("ring", 50, 1), ("sphere", 400, 380), ("torus", 450, 450), ("grid3d", 64, 144 - 63),
])
def test_closures_of_regular_worlds(world, poses, closures, tmp_path):
    path = tmp_path / "w.g2o"
    fgopt("generate", world, "-n", poses, "-o", path)
    pairs = [e[:2] for e in edges(path)]
    assert pairs[: poses - 1] == [(i, i + 1) for i in range(poses - 1)]
    assert len(pairs) - (poses - 1) == closures
    assert len({frozenset(p) for p in pairs}) == len(pairs)


def test_manhattan_is_a_city(tmp_path):
    path, truth = tmp_path / "w.g2o", tmp_path / "truth.g2o"
    fgopt("generate", "manhattan", "-n", 3500, "--truth", truth, "-o", path)
    x = np.array(list(values(truth).values()))
    assert np.array_equal(x[:, :2], np.round(x[:, :2]))
    assert np.all((x[:, 0] % 4 == 0) | (x[:, 1] % 4 == 0)), "off the streets"
    quarter_turns = np.diff(x[:, 2]) / (np.pi / 2)
    assert np.allclose(quarter_turns, np.round(quarter_turns), atol=1e-8)
    closures = [(i, j) for i, j, _ in edges(path) if j != i + 1]
    assert 0.3 * 3500 < len(closures) < 0.9 * 3500
    apart = np.array([np.abs(x[i, :2] - x[j, :2]).sum() for i, j in closures])
    assert np.all(apart <= 1) and all(i - j > 10 for i, j in closures)


def test_closure_probability_and_outliers(tmp_path):
    path, truth = tmp_path / "w.g2o", tmp_path / "truth.g2o"
    fgopt("generate", "sphere", "-n", 2500, "--closures", 0.4, "--outliers", 0.2, "--truth", truth, "-o", path)
    closures = [(i, j) for i, j, _ in edges(path) if j != i + 1]
    assert abs(len(closures) - 0.4 * 2450) < 5 * np.sqrt(2450 * 0.4 * 0.6)
    wrong = sum(i - j != 50 for i, j in closures)
    assert abs(wrong - 0.2 * len(closures)) < 5 * np.sqrt(0.16 * len(closures))
    assert all(i - j == 50 for i, j, _ in edges(truth) if j != i + 1)
    fgopt("generate", "sphere", "-n", 2500, "--closures", 0, "-o", path)
    assert len(edges(path)) == 2499


def test_information_is_in_the_units_of_the_residual(tmp_path):
    path = tmp_path / "w.g2o"
    fgopt("generate", "ring", "-n", 5, "--noise", "0.1,0.05", "-o", path)
    assert [float(x) for x in edges(path)[0][2][3:]] == pytest.approx([100, 0, 0, 100, 0, 400])
    fgopt("generate", "sphere", "-n", 5, "--noise", "0.1,0.05", "-o", path)
    upper = np.zeros((6, 6))
    upper[np.triu_indices(6)] = [float(x) for x in edges(path)[0][2][7:]]
    assert np.allclose(upper, np.diag([100, 100, 100, 1600, 1600, 1600]))


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("poses", [1, 2, 3, 4, 10])
def test_tiny_worlds(world, poses, tmp_path):
    path = tmp_path / "w.g2o"
    fgopt("generate", world, "-n", poses, "--outliers", 1, "--truth", tmp_path / "t.g2o", "-o", path)
    assert len(values(path)) == poses
    assert fgopt("info", path).stdout.startswith(str(path))


def test_the_provenance_is_in_the_file():
    first = fgopt("generate", "ring", "-n", 5, "--seed", 9).stdout.splitlines()[0]
    assert first == "# fgopt generate ring --poses 5 --seed 9 --noise 0.05,0.01 --closures 1 --outliers 0"
    assert fgopt(*first.split()[2:]).stdout.splitlines()[0] == first

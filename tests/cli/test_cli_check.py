# SPDX-License-Identifier: BSD-3-Clause
"""fgopt check: a good graph has no findings, and each way to break it on purpose has the one that it should, at its line."""
import json

import numpy as np
import pytest
from cli_support import fgopt, needs_cli
from test_files import dataset, needs_datasets

pytestmark = needs_cli


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    """Lines of a graph in the plane with its optimum, its information being that of the noise."""
    return optimized(tmp_path_factory.mktemp("plane"), "manhattan")


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return optimized(tmp_path_factory.mktemp("space"), "sphere")


def optimized(folder, kind):
    fgopt("generate", kind, "-n", 400, "--seed", 5, "-o", folder / "raw.g2o")
    fgopt("optimize", folder / "raw.g2o", "-o", folder / "best.g2o", "-q")
    return (folder / "best.g2o").read_text().splitlines()


def findings(tmp_path, lines, *words, code=6):
    path = tmp_path / "sick.g2o"
    path.write_text("\n".join(lines) + "\n")
    fgopt("check", path, "--json", tmp_path / "findings.json", *words, code=code)
    rows = json.loads((tmp_path / "findings.json").read_text())["findings"]
    for row in rows:  # each says how bad, where, what speaks for it, and what to do
        assert row["severity"] in ("warning", "error") and len(row["evidence"]) > 20 and len(row["advice"]) > 20
    return rows


def kinds(rows):
    return sorted({row["kind"] for row in rows})


def number_of(lines, start):
    """The number of the first line that starts so, from 1."""
    return next(i for i, line in enumerate(lines, 1) if line.startswith(start))


def upper(size):
    return np.triu_indices(size)


def map_information(lines, change):
    """Every edge with change(Omega) for its information."""
    out = []
    for line in lines:
        word = line.split()
        rows = {"EDGE_SE2": 3, "EDGE_SE3:QUAT": 6}.get(word[0])
        if rows:
            n = rows * (rows + 1) // 2
            Omega = np.zeros((rows, rows))
            Omega[upper(rows)] = Omega.T[upper(rows)] = [float(x) for x in word[-n:]]
            word[-n:] = [repr(float(x)) for x in change(Omega)[upper(rows)]]
        out.append(" ".join(word))
    return out


def test_good_graphs_have_none(plane, space, tmp_path):
    assert findings(tmp_path, plane, code=0) == []
    assert findings(tmp_path, space, code=0) == []


def test_free_component(plane, tmp_path):
    lines = plane + ["VERTEX_SE2 9000 0 0 0", "VERTEX_SE2 9001 1 0 0", "EDGE_SE2 9000 9001 1 0 0 9 0 0 9 0 9"]
    rows = findings(tmp_path, lines)
    assert kinds(rows) == ["free-component"]
    assert [row["line"] for row in rows] == [number_of(plane, "VERTEX_SE2 0 "), len(plane) + 1] and "9000" in rows[1]["evidence"]


def test_unconstrained(plane, tmp_path):
    lines = plane + ["VERTEX_XY 9000 5 5", "EDGE_BEARING_SE2_XY 0 9000 0.5 100", "VERTEX_XY 9001 7 7",
                     "EDGE_SE2_XY 0 9001 1 1 1 0 0"]
    rows = [row for row in findings(tmp_path, lines, "--quick") if row["kind"] == "unconstrained"]
    assert [row["line"] for row in rows] == [len(plane) + 1, len(plane) + 3]
    assert rows[0]["evidence"].startswith("1 of 2 degrees of freedom of vertex 9000")


FREE = "0 0 0 0 0 9"  # information of an edge in the plane that measures the angle alone


def joint(rows):
    return [row for row in rows if row["kind"] == "joint"]


def dofs(row):
    return {one["id"]: one["dofs"] for one in row["variables"]}


def test_variables_of_an_unconstrained_direction(plane, tmp_path):
    lines = plane + ["VERTEX_XY 9001 7 7", "EDGE_SE2_XY 0 9001 1 1 1 0 0"]
    rows = [row for row in findings(tmp_path, lines, "--quick") if row["kind"] == "unconstrained"]
    assert [dofs(row) for row in rows] == [{9001: [1]}] and rows[0]["evidence"].endswith(": y")


def test_joint_two_parts_joined_by_a_rotation(plane, tmp_path):
    """Three poses hang at the graph by an edge without weight on its translation: they can be shifted together."""
    step = "1 0 0 9 0 0 9 0 9"
    lines = plane + [f"VERTEX_SE2 {i} {i} 0 0" for i in (9002, 9000, 9001)] + \
        [f"EDGE_SE2 0 9000 1 0 0 {FREE}", f"EDGE_SE2 9000 9001 {step}", f"EDGE_SE2 9001 9002 {step}"]
    rows = joint(findings(tmp_path, lines, "--quick"))
    assert [row["line"] for row in rows] == [len(plane) + 2] and rows[0]["severity"] == "error"
    assert rows[0]["statistic"] == 2 and dofs(rows[0]) == {9000: [0, 1], 9001: [0, 1], 9002: [0, 1]}
    assert rows[0]["evidence"] == ("3 variables can move together in 2 ways that no edge measures: x, y of 9000; x, y of 9001; "
                                   "x, y of 9002")
    # tied to the rest by one more edge, or fixed, nothing is left
    assert not joint(findings(tmp_path, lines + [f"EDGE_SE2 3 9002 {step}"], "--quick"))
    assert not joint(findings(tmp_path, lines + ["FIX 0 9001"], "--quick"))


def test_joint_in_space(space, tmp_path):
    """A pair of poses that hangs at the graph by its position alone turns about the joint, in 3 ways."""
    full = "9 0 0 0 0 0 9 0 0 0 0 9 0 0 0 9 0 0 9 0 9"
    position = "9 0 0 0 0 0 9 0 0 0 0 9 0 0 0 0 0 0 0 0 0"
    lines = space + ["VERTEX_SE3:QUAT 9000 1 0 0 0 0 0 1", "VERTEX_SE3:QUAT 9001 2 0 0 0 0 0 1",
                     f"EDGE_SE3:QUAT 0 9000 1 0 0 0 0 0 1 {position}", f"EDGE_SE3:QUAT 9000 9001 1 0 0 0 0 0 1 {full}"]
    rows = joint(findings(tmp_path, lines, "--quick"))
    assert [row["line"] for row in rows] == [len(space) + 1] and rows[0]["statistic"] == 3
    # 9001 is one metre from the joint along x: turns about y and z move it along z and y
    assert dofs(rows[0]) == {9000: [3, 4, 5], 9001: [1, 2, 3, 4, 5]}


def test_joint_two_separate_parts(plane, tmp_path):
    step = "1 0 0 9 0 0 9 0 9"
    lines = list(plane)
    for at, i in ((10, 9000), (200, 9100)):
        lines += [f"VERTEX_SE2 {i} 0 0 0", f"VERTEX_SE2 {i + 1} 1 0 0", f"EDGE_SE2 {at} {i} 1 0 0 {FREE}", f"EDGE_SE2 {i} {i + 1} {step}"]
    rows = joint(findings(tmp_path, lines, "--quick"))
    assert [sorted(dofs(row)) for row in rows] == [[9000, 9001], [9100, 9101]]
    assert [row["statistic"] for row in rows] == [2, 2]


def test_joint_more_directions_than_are_sought(plane, tmp_path):
    """Of 60 directions 48 are found: every part is named, and its directions are known to be no fewer."""
    step = "1 0 0 9 0 0 9 0 9"
    lines = list(plane)
    for i in range(9000, 9060, 2):
        lines += [f"VERTEX_SE2 {i} 0 0 0", f"VERTEX_SE2 {i + 1} 1 0 0", f"EDGE_SE2 {(i - 9000) * 5} {i} 1 0 0 {FREE}",
                  f"EDGE_SE2 {i} {i + 1} {step}"]
    rows = joint(findings(tmp_path, lines, "--quick"))
    assert [sorted(dofs(row)) for row in rows] == [[i, i + 1] for i in range(9000, 9060, 2)]
    assert all(row["statistic"] in (1, 2) and "in at least" in row["evidence"] for row in rows)


def test_a_free_gauge_is_no_finding(plane, tmp_path):
    """The graph turns about one known position, and the gauge rule holds the turn, as it holds a graph without any."""
    assert findings(tmp_path, plane + ["EDGE_PRIOR_SE2_XY 100 0 0 4 0 4"], "--quick", code=0) == []
    assert findings(tmp_path, plane + ["EDGE_PRIOR_SE2_XY 100 0 0 4 0 4", "EDGE_PRIOR_SE2_XY 300 9 9 4 0 4"], "--quick", code=0) == []


def test_joint_bearings_have_no_scale(tmp_path):
    """Known headings, landmarks seen by bearings from three poses each: all but the pose that is held can be scaled."""
    lines = [f"VERTEX_SE2 {i} {i} {i * i} 0" for i in range(4)] + [f"VERTEX_XY {10 + k} {3 * k} 9" for k in range(5)]
    lines += [f"EDGE_SE2 {i} {i + 1} 1 0 0 {FREE}" for i in range(3)]
    lines += [f"EDGE_BEARING_SE2_XY {i} {10 + k} {np.arctan2(9 - i * i, 3 * k - i)} 100" for i in range(4) for k in range(5)]
    rows = findings(tmp_path, lines, "--quick")
    assert [row["statistic"] for row in joint(rows)] == [1]
    assert set(dofs(joint(rows)[0])) == {1, 2, 3, 10, 11, 12, 13, 14}
    lines.append("EDGE_SE2 0 1 1 1 0 9 0 0 9 0 9")  # one length
    assert not joint(findings(tmp_path, lines, "--quick"))


def test_long_open_chains_are_weak_but_not_singular(tmp_path):
    """Eigenvalues of 1e-14 of H's diagonal: felt, and beside them two directions that are not."""
    fgopt("generate", "ring", "-n", 6000, "--closures", 0, "-o", tmp_path / "chain.g2o")
    chain = (tmp_path / "chain.g2o").read_text().splitlines()
    assert findings(tmp_path, chain, "--quick", code=0) == []
    chain += ["VERTEX_SE2 9000 0 0 0", "VERTEX_SE2 9001 1 0 0", f"EDGE_SE2 3000 9000 1 0 0 {FREE}",
              "EDGE_SE2 9000 9001 1 0 0 9 0 0 9 0 9"]
    rows = joint(findings(tmp_path, chain, "--quick"))
    assert [dofs(row) for row in rows] == [{9000: [0, 1], 9001: [0, 1]}]


def test_optimize_names_a_joint_culprit(plane, tmp_path):
    path = tmp_path / "singular.g2o"
    path.write_text("\n".join(plane + ["VERTEX_SE2 9000 1 0 0", "VERTEX_SE2 9001 2 0 0", f"EDGE_SE2 0 9000 1 0 0 {FREE}",
                                       "EDGE_SE2 9000 9001 1 0 0 9 0 0 9 0 9"]) + "\n")
    done = fgopt("optimize", path, "--method", "gn", code=4)
    assert f"singular.g2o:{len(plane) + 1}: error: 2 variables can move together" in done.stderr


def test_optimize_names_the_culprit_of_a_singular_problem(plane, tmp_path):
    path = tmp_path / "singular.g2o"
    path.write_text("\n".join(plane + ["VERTEX_XY 9000 5 5", "EDGE_BEARING_SE2_XY 0 9000 0.5 100"]) + "\n")
    done = fgopt("optimize", path, "--method", "gn", code=4)
    assert f"singular.g2o:{len(plane) + 1}: error: 1 of 2 degrees of freedom of vertex 9000" in done.stderr


def test_dangling_and_self_loop(plane, tmp_path):
    lines = plane + ["EDGE_SE2 0 9000 1 0 0 9 0 0 9 0 9", "EDGE_SE2 3 3 1 0 0 9 0 0 9 0 9"]
    rows = findings(tmp_path, lines)
    assert [(row["kind"], row["line"]) for row in rows] == [("dangling", len(lines) - 1), ("self-loop", len(lines))]


def test_indefinite(plane, tmp_path):
    lines = list(plane)
    at = number_of(lines, "EDGE_SE2 10 11 ")
    lines[at - 1] = " ".join(lines[at - 1].split()[:6] + ["1", "2", "0", "1", "0", "1"])
    rows = findings(tmp_path, lines)
    assert [(row["kind"], row["line"]) for row in rows] == [("indefinite", at)]
    assert rows[0]["statistic"] == pytest.approx(-1) and "eigenvalue -1" in rows[0]["evidence"]


def test_badly_scaled(plane, tmp_path):
    lines = list(plane)
    at = number_of(lines, "EDGE_SE2 10 11 ")
    lines[at - 1] = " ".join(lines[at - 1].split()[:6] + ["1e-6", "0", "0", "100", "0", "1e6"])
    rows = findings(tmp_path, lines)
    assert [(row["kind"], row["line"]) for row in rows] == [("badly-scaled", at)]
    assert rows[0]["statistic"] == pytest.approx(1e12)


def toro_order(Omega):
    out = np.zeros((3, 3))
    out[upper(3)] = [Omega[0, 0], Omega[0, 1], Omega[1, 1], Omega[2, 2], Omega[0, 2], Omega[1, 2]]
    return out


def test_order(plane, tmp_path):
    lines = map_information(plane, toro_order)
    rows = findings(tmp_path, lines)
    assert rows[0]["kind"] == "order" and rows[0]["line"] == number_of(lines, "EDGE_SE2")
    assert "indefinite" not in kinds(rows) and "order of TORO" in rows[0]["evidence"] and "--weights toro" in rows[0]["advice"]
    assert findings(tmp_path, lines, "--weights", "toro", code=0) == []
    # and the other way: g2o's order in EDGE2 lines
    lines = [line.replace("EDGE_SE2", "EDGE2").replace("VERTEX_SE2", "VERTEX2") for line in plane]
    rows = findings(tmp_path, lines)
    assert rows[0]["kind"] == "order" and "order of g2o" in rows[0]["evidence"]


def test_covariance(plane, tmp_path):
    rows = findings(tmp_path, map_information(plane, np.linalg.inv))
    assert findings(tmp_path, map_information(plane, np.linalg.inv), "--weights", "covariance", code=0) == []
    assert kinds(rows) == ["covariance"] and rows[0]["line"] == number_of(plane, "EDGE_SE2")


def test_square_root(plane, tmp_path):
    assert findings(tmp_path, map_information(plane, lambda Omega: np.linalg.cholesky(Omega).T), "--weights", "root", code=0) == []
    rows = findings(tmp_path, map_information(plane, lambda Omega: np.linalg.cholesky(Omega).T))
    assert kinds(rows) == ["square-root"] and rows[0]["line"] == number_of(plane, "EDGE_SE2")


def test_half_angle(space, tmp_path):
    def as_rotation_vector(Omega):
        scale = np.diag([1, 1, 1, 0.5, 0.5, 0.5])
        return scale @ Omega @ scale
    rows = findings(tmp_path, map_information(space, as_rotation_vector))
    assert kinds(rows) == ["half-angle"] and "--residual log" in rows[0]["advice"]
    assert rows[0]["statistic"] == pytest.approx(0.25, rel=0.2)
    assert findings(tmp_path, map_information(space, as_rotation_vector), "--weights", "log", code=0) == []
    assert findings(tmp_path, map_information(space, as_rotation_vector), "--residual", "log", code=0) == []
    rows = findings(tmp_path, space, "--residual", "log")
    assert kinds(rows) == ["half-angle"] and "--residual g2o" in rows[0]["advice"]


def test_duplicate(plane, tmp_path):
    at = number_of(plane, "EDGE_SE2 10 11 ")
    rows = findings(tmp_path, plane + [plane[at - 1]])
    assert [(row["kind"], row["line"]) for row in rows] == [("duplicate", len(plane) + 1)]
    assert f"after line {at}, with the same measurement" in rows[0]["evidence"]


def test_contradiction(plane, tmp_path):
    at = number_of(plane, "EDGE_SE2 10 11 ")
    word = plane[at - 1].split()
    word[3] = repr(float(word[3]) + 3)
    rows = findings(tmp_path, plane + [" ".join(word)])
    assert {"contradiction", "duplicate"} <= set(kinds(rows)) <= {"contradiction", "duplicate", "improbable"}
    row = next(row for row in rows if row["kind"] == "contradiction")
    assert row["line"] == len(plane) + 1 and f"contradicts line {at}" in row["evidence"]


def test_measurements_in_both_directions_are_no_duplicates(plane, tmp_path):
    """a -> b and its inverse b -> a."""
    word = plane[number_of(plane, "EDGE_SE2 10 11 ") - 1].split()
    x, y, t = map(float, word[3:6])
    inverse = [-np.cos(t) * x - np.sin(t) * y, np.sin(t) * x - np.cos(t) * y, -t]
    line = " ".join(["EDGE_SE2 11 10", *map(repr, map(float, inverse)), *word[6:]])
    assert findings(tmp_path, plane + [line], code=0) == []


def test_wrong_way(plane, tmp_path):
    lines = list(plane)
    at = number_of(lines, "EDGE_SE2 10 11 ")
    lines[at - 1] = lines[at - 1].replace("EDGE_SE2 10 11 ", "EDGE_SE2 11 10 ")
    rows = findings(tmp_path, lines)
    assert [(row["kind"], row["line"]) for row in rows] == [("wrong-way", at)]


def test_improbable_ranked(plane, tmp_path):
    lines = plane + ["EDGE_SE2 3 200 9 0 1 50 0 0 50 0 100", "EDGE_SE2 7 300 60 5 1 50 0 0 50 0 100"]
    rows = [row for row in findings(tmp_path, lines) if row["kind"] == "improbable"]
    assert {row["line"] for row in rows} == {len(plane) + 1, len(plane) + 2}
    assert rows[0]["statistic"] > rows[1]["statistic"]


def test_far_pose(plane, tmp_path):
    lines = list(plane)
    at = number_of(lines, "VERTEX_SE2 50 ")
    word = lines[at - 1].split()
    word[2] = repr(float(word[2]) + 20)
    lines[at - 1] = " ".join(word)
    rows = findings(tmp_path, lines)
    assert [(row["kind"], row["line"]) for row in rows] == [("far-pose", at)]


def test_text_is_short_unless_all_is_wanted(plane, tmp_path):
    path = tmp_path / "many.g2o"
    edge = plane[number_of(plane, "EDGE_SE2 10 11 ") - 1]
    path.write_text("\n".join(plane + [edge] * 15) + "\n")
    text = fgopt("check", path, "--quick", code=6).stdout.splitlines()
    assert len(text) == 11 and text[-1].endswith("5 of 15 findings [duplicate] not shown")
    assert text[0].startswith(f"{path}:{len(plane) + 1}: warning: another between_se2 edge between 10 and 11, after line ")
    assert len(fgopt("check", path, "--quick", "--all", code=6).stdout.splitlines()) == 15


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "bad.g2o").write_text("VERTEX_SE2 0 0 zero 0\n")
    assert "bad.g2o:1:16: " in fgopt("check", tmp_path / "bad.g2o", code=3).stderr
    fgopt("check", tmp_path / "bad.g2o", "--significance", "0", code=2)


@needs_datasets
@pytest.mark.parametrize("name", ["intel.g2o", pytest.param("sphere2500.g2o", marks=pytest.mark.long),
                                  pytest.param("torus3D.g2o", marks=pytest.mark.long)])
def test_good_data_sets(name):
    assert "nothing found" in fgopt("check", dataset(name)).stdout


@needs_datasets
def test_sick_data_sets(tmp_path):
    out = tmp_path / "findings.json"
    fgopt("check", dataset("M3500.g2o"), "--json", out, code=6)
    assert kinds(json.loads(out.read_text())["findings"]) == ["square-root"]
    fgopt("check", dataset("cubicle.g2o"), "--quick", "--json", out, code=6)
    rows = json.loads(out.read_text())["findings"]
    assert sum(row["kind"] == "indefinite" for row in rows) == 5021
    assert sum(row["kind"] == "duplicate" for row in rows) == 4296
    lines = dataset("cubicle.g2o").read_text().splitlines()
    pairs = set()
    repeated = []
    for number, line in enumerate(lines, 1):
        word = line.split()
        if word and word[0].startswith("EDGE"):
            if (word[1], word[2]) in pairs:
                repeated.append(number)
            pairs.add((word[1], word[2]))
    assert [row["line"] for row in rows if row["kind"] == "duplicate"] == repeated
    number, Omega = [], []
    for i, line in enumerate(lines, 1):
        if line.startswith("EDGE"):
            full = np.zeros((6, 6))
            full[upper(6)] = [float(x) for x in line.split()[-21:]]
            number.append(i)
            Omega.append(full + np.triu(full, 1).T)
    least = np.linalg.eigvalsh(np.array(Omega))[:, 0]
    assert [row["line"] for row in rows if row["kind"] == "indefinite"] == [i for i, x in zip(number, least) if x < -1e-9]
    found = [row["statistic"] for row in rows if row["kind"] == "indefinite"]
    assert found == pytest.approx([x for x in least if x < -1e-9], rel=6e-3)  # the three digits of the sentence


@needs_datasets
def test_cubicle_is_solved_once_projected(tmp_path):
    done = fgopt("optimize", dataset("cubicle.g2o"), "--information", "project", "--json", tmp_path / "run.json", "-q")
    run = json.loads((tmp_path / "run.json").read_text())
    assert "5021 information matrices are indefinite; projected" in done.stderr
    assert run["termination"].startswith("converged") and run["chi2_final"] < 1e-3 * run["chi2_initial"]


@needs_datasets
def test_what_was_suspected_is_clean_when_read_so():
    """M3500's matrices as roots: the suspicion is gone."""
    assert "nothing found" in fgopt("check", dataset("M3500.g2o"), "--weights", "root").stdout

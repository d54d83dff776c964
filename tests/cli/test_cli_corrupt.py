# SPDX-License-Identifier: BSD-3-Clause
"""fgopt corrupt: what it adds is where it says, nothing else changes, and what should survive it does."""
import json

import numpy as np
import pytest
from cli_support import SMALL, fgopt, needs_cli, values

pytestmark = needs_cli


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A graph in the plane at its optimum, whose information is that of its noise."""
    return optimized(tmp_path_factory.mktemp("plane"), "manhattan")


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return optimized(tmp_path_factory.mktemp("space"), "sphere")


def optimized(folder, kind):
    fgopt("generate", kind, "-n", 400, "--seed", 5, "-o", folder / "raw.g2o")
    fgopt("optimize", folder / "raw.g2o", "-o", folder / "best.g2o", "-q")
    return folder / "best.g2o"


def corrupt(path, folder, *words, out="out.g2o"):
    """Lines of the file that was written, and what was said of it."""
    fgopt("corrupt", path, *words, "-o", folder / out, "--json", folder / "added.json")
    return (folder / out).read_text().splitlines(), json.loads((folder / "added.json").read_text())


def edges(lines):
    rows = (line.split() for line in lines)
    return {tuple(sorted((int(w[1]), int(w[2])))) for w in rows if w and w[0].startswith("EDGE")}


def pose(word, flat):
    """4 x 4 of the numbers of a pose, by scaled quaternions."""
    T = np.eye(4)
    x = [float(w) for w in word]
    if flat:
        c, s = np.cos(x[2]), np.sin(x[2])
        T[:2, :2], T[:2, 3] = [[c, -s], [s, c]], x[:2]
        return T
    v, w = np.array(x[3:6]), x[6]
    K = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    T[:3, :3] = np.eye(3) + (2 * w * K + 2 * K @ K) / (v @ v + w * w)
    T[:3, 3] = x[:3]
    return T


@pytest.mark.parametrize("kind", ["random", "local", "grouped", "local-grouped"])
@pytest.mark.parametrize("which", ["world", "space"])
def test_loops_are_the_last_lines(kind, which, request, tmp_path):
    path = request.getfixturevalue(which)
    before = path.read_text().splitlines()
    lines, said = corrupt(path, tmp_path, "--loops", 40, "--kind", kind, "--seed", 3, "--group", 8, "--reach", 15)
    assert lines[:len(before)] == before and len(lines) == len(before) + 40
    assert [row["line"] for row in said["loops"]] == list(range(len(before) + 1, len(lines) + 1))
    for row in said["loops"]:
        assert lines[row["line"] - 1].split()[1:3] == [str(row["id1"]), str(row["id2"])]
    new = {(row["id1"], row["id2"]) for row in said["loops"]}
    assert len(new) == 40 and not new & edges(before)
    apart = [row["id2"] - row["id1"] for row in said["loops"]]
    assert min(apart) >= 2
    assert (max(apart) <= 15) == kind.startswith("local")
    groups = {}
    for row in said["loops"]:
        groups.setdefault(row["group"], []).append(row)
    assert (max(map(len, groups.values())) == 8) == ("grouped" in kind)
    for group in groups.values():
        assert len({row["id2"] - row["id1"] for row in group}) == 1
        assert np.ptp([row["id1"] for row in group]) < 8


@pytest.mark.parametrize("which", ["world", "space"])
def test_a_consistent_group_agrees_along_the_estimates(which, request, tmp_path):
    path = request.getfixturevalue(which)
    lines, said = corrupt(path, tmp_path, "--loops", 20, "--kind", "grouped", "--group", 5, "--consistent")
    flat, x = which == "world", values(path)
    n = 3 if flat else 7
    first = {}
    for row in said["loops"]:
        z = pose(lines[row["line"] - 1].split()[3:3 + n], flat)
        where = pose(x[row["id1"]], flat) @ z @ np.linalg.inv(pose(x[row["id2"]], flat))  # the claimed motion of the second part
        assert np.allclose(where, first.setdefault(row["group"], where), atol=1e-9)
    assert len(first) == 4


def test_the_same_seed_gives_the_same_file(world, tmp_path):
    words = ["--loops", "10%", "--measurement-noise", "0.1,0.02", "--estimate-noise", "0.3,0.1"]
    a, said = corrupt(world, tmp_path, *words, "--seed", 11)
    b, _ = corrupt(world, tmp_path, *words, "--seed", 11)
    c, _ = corrupt(world, tmp_path, *words, "--seed", 12)
    assert a == b and a != c
    closures = sum(abs(i - j) > 1 for i, j in edges(world.read_text().splitlines()))
    assert len(said["loops"]) == round(closures / 10)


def test_loops_without_noise_carry_the_information_asked_for(world, space, tmp_path):
    lines, _ = corrupt(world, tmp_path, "--loops", 1, "--loop-sigma", "0.1,0.02")
    assert [float(x) for x in lines[-1].split()[-6:]] == pytest.approx([100, 0, 0, 100, 0, 2500])
    lines, _ = corrupt(space, tmp_path, "--loops", 1, "--loop-sigma", "0.1,0.02")
    assert np.array(lines[-1].split()[-21:], float)[[0, 6, 11, 15, 18, 20]] == pytest.approx([100] * 3 + [10000] * 3)


def test_check_finds_the_wrong_loops(world, tmp_path):
    """At a significance of 0.001 over the file: every one of the random loops, which are wrong by metres, and no other edge."""
    _, said = corrupt(world, tmp_path, "--loops", 15, "--seed", 2)
    fgopt("check", tmp_path / "out.g2o", "--json", tmp_path / "found.json", code=6)
    rows = json.loads((tmp_path / "found.json").read_text())["findings"]
    assert {row["kind"] for row in rows} == {"improbable"}
    assert {row["line"] for row in rows} == {row["line"] for row in said["loops"]}


def test_a_robust_loss_survives_what_least_squares_does_not(world, tmp_path):
    corrupt(world, tmp_path, "--loops", 15, "--seed", 2)
    error = {}
    for loss in ("none", "cauchy"):
        fgopt("optimize", tmp_path / "out.g2o", "-o", tmp_path / "best.g2o", "-q", "--loss", loss)
        found = json.loads(fgopt("compare", tmp_path / "best.g2o", world, "--json", "-").stdout)
        error[loss] = found["ate_translation"]["rmse"]
    assert error["cauchy"] < 0.05 < 0.5 < error["none"]


def test_measurement_noise(world, tmp_path):
    before = world.read_text().splitlines()
    after, said = corrupt(world, tmp_path, "--measurement-noise", "0.2,0.03")
    old, new = ([line.split() for line in lines if line.startswith("EDGE")] for lines in (before, after))
    assert [row[:3] + row[6:] for row in old] == [row[:3] + row[6:] for row in new]
    assert said["measurements_changed"] == len(old) and said["estimates_changed"] == 0
    assert [line for line in before if line[0] == "V"] == [line for line in after if line[0] == "V"]
    n = [np.linalg.inv(pose(a[3:6], True)) @ pose(b[3:6], True) for a, b in zip(old, new)]
    # a normal sample of m numbers has its deviation to 1 / sqrt(2 m), and here they are hundreds: four of those
    width = 4 / np.sqrt(2 * len(n))
    assert np.std([T[0, 3] for T in n]) == pytest.approx(0.2, rel=width)
    assert np.std([T[1, 3] for T in n]) == pytest.approx(0.2, rel=width)
    assert np.std([np.arctan2(T[1, 0], T[0, 0]) for T in n]) == pytest.approx(0.03, rel=width)


def test_estimate_noise_spares_what_is_held(space, tmp_path):
    path = tmp_path / "held.g2o"
    path.write_text(space.read_text() + "FIX 7\n")
    before = values(path)
    lines, said = corrupt(path, tmp_path, "--estimate-noise", "0.5,0.1")
    after = values(tmp_path / "out.g2o")
    assert after[7] == before[7] and said["estimates_kept"] == 1 and said["estimates_changed"] == len(before) - 1
    n = [np.linalg.inv(pose(before[k], False)) @ pose(after[k], False) for k in before if k != 7]
    assert np.std([T[:3, 3] for T in n]) == pytest.approx(0.5, rel=4 / np.sqrt(6 * len(n)))
    half = [np.array([T[2, 1] - T[1, 2], T[0, 2] - T[2, 0], T[1, 0] - T[0, 1]]) / 2 for T in n]  # sine of the angle
    assert np.std(half) == pytest.approx(0.1, rel=4 / np.sqrt(6 * len(n)) + 0.01)
    assert [line for line in lines if line.startswith("EDGE")] == \
        [line for line in path.read_text().splitlines() if line.startswith("EDGE")]


def test_noise_on_one_part_only(world, tmp_path):
    lines, _ = corrupt(world, tmp_path, "--estimate-noise", "0,0.1")
    x, y = values(world), values(tmp_path / "out.g2o")
    assert all(x[k][:2] == pytest.approx(y[k][:2], abs=1e-12) for k in x) and any(x[k][2] != y[k][2] for k in x)


def test_everything_else_is_kept(tmp_path):
    """Comments, unknown tags, spelling of numbers, indefinite information, dangling edges; a last line without an ending."""
    text = ("# a comment\nVERTEX_SE2 0 0.0 -0 0e0 # first\nVERTEX_SE2 1 1.00 0 0\r\nWHAT 1 2\n\nVERTEX_SE2 2 2 0 0\n"
            "VERTEX_SE2 3 3 0 0\nEDGE_SE2 0 1 1.0 0 0 1 2 0 1 0 1\nEDGE_SE2 1 2 1 0 0 1 0 0 1 0 1\nEDGE_SE2 2 77 1 0 0 1 0 0 1 0 1\n"
            "EDGE_SE2 2 3 1 0 0 1 0 0 1 0 1")
    (tmp_path / "in.g2o").write_bytes(text.encode())
    fgopt("corrupt", tmp_path / "in.g2o", "--loops", 2, "-o", tmp_path / "out.g2o", "--json", tmp_path / "added.json")
    out = (tmp_path / "out.g2o").read_bytes().decode()
    assert out.startswith(text + "\n") and out.count("\n") == text.count("\n") + 3
    assert [row["line"] for row in json.loads((tmp_path / "added.json").read_text())["loops"]] == [12, 13]


def test_files_without_vertex_lines(tmp_path):
    """Of a file of edges the vertices are written first; of points that edges imply, behind the file."""
    step = "1 0 0 9 0 0 9 0 9"
    (tmp_path / "edges.g2o").write_text("".join(f"EDGE_SE2 {i} {i + 1} {step}\n" for i in range(9)))
    lines, said = corrupt(tmp_path / "edges.g2o", tmp_path, "--loops", 3)
    assert [lines[row["line"] - 1].split()[1:3] for row in said["loops"]] == \
        [[str(row["id1"]), str(row["id2"])] for row in said["loops"]]
    (tmp_path / "points.graph").write_text("".join(f"VERTEX2 {i} {i} 0 0\n" for i in range(5)) +
                                           "".join(f"EDGE2 {i} {i + 1} 1 0 0 9 0 9 9 0 0\n" for i in range(4)) +
                                           "BR 0 100 0.5 3 0.1 0.1\nBR 1 100 0.7 2 0.1 0.1\n")
    lines, said = corrupt(tmp_path / "points.graph", tmp_path, "--loops", 3, "--measurement-noise", "0.1,0.1", out="out.graph")
    assert said["measurements_changed"] == 6
    assert [lines[row["line"] - 1].split()[:3] for row in said["loops"]] == \
        [["EDGE2", str(row["id1"]), str(row["id2"])] for row in said["loops"]]


@pytest.mark.parametrize("path", sorted(SMALL.glob("*.g2o")), ids=lambda path: path.name)
def test_small_files_take_noise(path, tmp_path):
    """Whatever is in them: what was changed or kept adds up to all there is."""
    lines, said = corrupt(path, tmp_path, "--measurement-noise", "0.1,0.1", "--estimate-noise", "0.1,0.1")
    assert len(lines) >= len(path.read_text().splitlines())
    fgopt("info", tmp_path / "out.g2o", "--json", tmp_path / "info.json", "--information", "project")
    info = json.loads((tmp_path / "info.json").read_text())
    assert said["measurements_changed"] + said["measurements_kept"] == sum(info["factors"].values())
    assert said["estimates_changed"] + said["estimates_kept"] == sum(info["variables"].values())


def test_every_kind_of_edge_takes_noise(tmp_path):
    """All but the two in pixels: the measurement changes, ids, parameters and information do not."""
    three, six = "1 0 0 1 0 1", "1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1"
    pose = "1 2 3 0 0 0 1"
    noisy = [f"EDGE_SE2 0 1 1 2 0.3 {three}", "EDGE_SE2_XY 0 2 1 2 1 0 1", "EDGE_BEARING_SE2_XY 0 2 0.4 1",
             f"EDGE_PRIOR_SE2 0 1 2 0.3 {three}", "EDGE_PRIOR_SE2_XY 0 1 2 1 0 1", "EDGE_PRIOR_XY 2 1 2 1 0 1",
             "EDGE_POINTXY 2 3 1 2 1 0 1", f"EDGE_SE2_OFFSET 0 1 0 0 1 2 0.3 {three}", "EDGE_SE2_POINTXY_OFFSET 0 2 0 1 2 1 0 1",
             f"EDGE_SE3:QUAT 10 11 {pose} {six}", f"EDGE_POINTXYZ 12 13 1 2 3 {three}", f"EDGE_SE3_PRIOR 10 1 {pose} {six}",
             f"EDGE_SE3_XYZ_PRIOR 10 1 1 2 3 {three}", f"EDGE_SE3_OFFSET 10 11 1 1 {pose} {six}",
             f"EDGE_SE3_TRACKXYZ 10 12 1 1 2 3 {three}", "BR 0 2 0.4 5 0.1 0.1", "LANDMARK 0 2 1 2 1 0 1"]
    pixels = [f"EDGE_PROJECT_DEPTH 10 12 2 100 200 3 {three}", f"EDGE_PROJECT_DISPARITY 10 12 2 100 200 0.3 {three}"]
    head = ["VERTEX_SE2 0 0 0 0", "VERTEX_SE2 1 1 0 0", "VERTEX_XY 2 1 2", "VERTEX_XY 3 2 2", f"VERTEX_SE3:QUAT 10 {pose}",
            "VERTEX_SE3:QUAT 11 0 0 0 0 0 0 1", "VERTEX_TRACKXYZ 12 1 2 9", "VERTEX_TRACKXYZ 13 2 2 9", "PARAMS_SE2OFFSET 0 0.1 0.2 0.3",
            "PARAMS_SE3OFFSET 1 0.1 0.2 0.3 0 0 0 1", "PARAMS_CAMERACALIB 2 0 0 0 0 0 0 1 500 500 320 240"]
    path = tmp_path / "all.g2o"
    path.write_text("\n".join(head + noisy + pixels) + "\n")
    lines, said = corrupt(path, tmp_path, "--measurement-noise", "0.1,0.1")
    assert lines[:len(head)] == head and lines[-2:] == pixels
    assert said["measurements_changed"] == len(noisy) and said["measurements_kept"] == 2
    for old, new in zip(noisy, lines[len(head):]):
        a, b = old.split(), new.split()
        changed = [i for i in range(len(a)) if a[i] != b[i]]
        assert len(a) == len(b) and changed and min(changed) >= 2, new
        tail = {"BR": 2, "EDGE_BEARING_SE2_XY": 1}.get(a[0], 21 if " ".join(a[-21:]) == six else 6 if " ".join(a[-6:]) == three else 3)
        assert max(changed) == len(a) - tail - 1, new  # up to the last number of the measurement


def test_formats(world, tmp_path):
    """CSV stays CSV; a trajectory takes noise but no loops; another format is another command."""
    fgopt("convert", world, tmp_path / "in.csv")
    lines, said = corrupt(tmp_path / "in.csv", tmp_path, "--loops", 4, out="out.csv")
    before = (tmp_path / "in.csv").read_text().splitlines()
    assert lines[:len(before)] == before and len(lines) == len(before) + 4
    for row in said["loops"]:
        assert lines[row["line"] - 1].split(",")[:3] == ["EDGE_SE2", str(row["id1"]), str(row["id2"])]
    fgopt("convert", world, tmp_path / "in.tum")
    lines, said = corrupt(tmp_path / "in.tum", tmp_path, "--estimate-noise", "0.1,0.1", out="out.tum")
    assert len(lines) == said["estimates_changed"] == 400
    assert "is a trajectory" in fgopt("corrupt", tmp_path / "in.tum", "--loops", 1, "-o", tmp_path / "x.tum", code=3).stderr
    assert "convert it first" in fgopt("corrupt", world, "--loops", 1, "-o", tmp_path / "x.csv", code=3).stderr
    assert not list(tmp_path.glob("x.*"))


def test_as_a_filter(world, tmp_path):
    done = fgopt("corrupt", "-", "--loops", 1, stdin=world.open(), capture_output=True)
    assert done.stdout.startswith(world.read_text()) and "1 wrong loop closure (random), line " in done.stderr


@pytest.mark.parametrize("words, code, text", [
    ([], 2, "say what"),
    (["--loops", "ten"], 2, "neither a whole number nor a percentage"),
    (["--loops", "1.5"], 2, "neither a whole number nor a percentage"),
    (["--loops", "inf"], 2, "neither a whole number nor a percentage"),
    (["--loops", "nan"], 2, "neither a whole number nor a percentage"),
    (["--loops", "1e300%"], 2, "neither a whole number nor a percentage"),
    (["--loops", "1", "--kind", "locl"], 2, "'locl' is not one of random"),
    (["--loops", "1", "--kind", "local", "--reach", "1"], 2, "at least 2"),
    (["--estimate-noise", "0.1"], 2, "two numbers"),
    (["--loops", "1000000", "--kind", "local", "--reach", "3"], 3, "wrong loops that are neither there nor true"),
    (["--loops", "1", "--json", "-"], 2, "cannot both be standard output"),
])
def test_what_is_refused(world, tmp_path, words, code, text):
    place = [] if words[-2:] == ["--json", "-"] else ["-o", tmp_path / "out.g2o"]
    assert text in fgopt("corrupt", world, *words, *place, code=code).stderr
    assert not (tmp_path / "out.g2o").exists()


def test_graphs_that_give_nothing_to_copy(tmp_path):
    path = tmp_path / "landmarks.g2o"
    path.write_text("".join(f"VERTEX_SE2 {i} {i} 0 0\n" for i in range(4)) + "VERTEX_XY 9 1 1\n" +
                    "".join(f"EDGE_SE2_XY {i} 9 {1 - i} 1 1 0 1\n" for i in range(4)))
    assert "give --loop-sigma" in fgopt("corrupt", path, "--loops", 1, "-o", tmp_path / "out.g2o", code=3).stderr
    assert "no loop closures" in fgopt("corrupt", path, "--loops", "50%", "-o", tmp_path / "out.g2o", code=3).stderr
    lines, said = corrupt(path, tmp_path, "--loops", 1, "--loop-sigma", "1,1")
    assert lines[-1].startswith("EDGE_SE2 ") and len(said["loops"]) == 1

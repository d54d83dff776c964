# SPDX-License-Identifier: BSD-3-Clause
"""fgopt info, convert and plot."""
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree

import chi2
import pytest
from cli_support import SMALL, fgopt, needs_cli

pytestmark = needs_cli
SVG = "{http://www.w3.org/2000/svg}"


# ---- info ----

TWO_PARTS = """VERTEX_SE2 0 0 0 0
VERTEX_SE2 1 1 0 0
VERTEX_SE2 2 2 -5 0
VERTEX_SE2 10 7 9 0
VERTEX_SE2 12 0 0 0
FIX 0
EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1
EDGE_SE2 1 2 1 0 0 1 0 0 1 0 1
EDGE_SE2 0 2 2 0 0 1 0 0 1 0 1
EDGE_SE2 10 12 1 0 0 1 0 0 1 0 1
LASER 4 5 6
"""


def test_info_counts(tmp_path):
    path = tmp_path / "g.g2o"
    path.write_text(TWO_PARTS)
    facts = json.loads(fgopt("info", path, "--json", "-").stdout)
    assert facts["tags"] == {"VERTEX_SE2": 5, "FIX": 1, "EDGE_SE2": 4, "LASER": 1}
    assert facts["variables"] == {"SE2": 5} and list(facts["factors"].values()) == [4]
    assert (facts["edges"], facts["components"], facts["fixed"]) == (4, 2, 1)
    assert (facts["not_consecutive"], facts["independent_loops"]) == (2, 1)
    assert (facts["degrees"]["min"], facts["degrees"]["median"], facts["degrees"]["max"]) == (1, 2, 2)
    assert facts["degrees"]["histogram"]["2"] == 3
    assert (facts["box_low"], facts["box_high"]) == ([0, -5], [7, 9])
    assert facts["chi2"] == pytest.approx(chi2.chi2(path))
    assert facts["factorization"]["tangent_dim"] == 9
    text = fgopt("info", path).stdout
    for line in ("components     2", "loop closures  2 edges between ids that are not neighbours; 1 independent loops",
                 "fixed          1", "variables      5 SE(2) poses"):
        assert line in text


def test_info_predicts_the_factorization():
    facts = json.loads(fgopt("info", SMALL / "sphere.g2o", "--json", "-").stdout)["factorization"]
    n = facts["tangent_dim"]
    assert n == 6 * 63
    assert n < facts["nonzeros"] <= n * (n + 1) // 2
    assert facts["flops"] > facts["nonzeros"]


def test_info_prints_what_others_make_of_the_file():
    facts = json.loads(fgopt("info", SMALL / "sphere.g2o", "--json", "-").stdout)["chi2_in"]
    assert facts["g2o"] == pytest.approx(chi2.chi2(SMALL / "sphere.g2o"), rel=1e-12)
    assert facts["GTSAM"] == pytest.approx(chi2.chi2(SMALL / "sphere.g2o", "log"), rel=1e-12)
    plane = json.loads(fgopt("info", SMALL / "manhattan.g2o", "--json", "-").stdout)["chi2_in"]
    assert plane["GTSAM"] == plane["g2o"] == pytest.approx(chi2.chi2(SMALL / "manhattan.g2o"), rel=1e-12)
    ceres = json.loads(fgopt("info", SMALL / "sphere.g2o", "--residual", "ceres", "--json", "-").stdout)
    assert ceres["chi2"] == pytest.approx(facts["Ceres"], rel=1e-12)


def test_info_of_a_prior_that_ceres_has_not(tmp_path):
    (tmp_path / "p.g2o").write_text(TWO_PARTS + "EDGE_PRIOR_SE2 0 0 0 0 1 0 0 1 0 1\n")
    assert "Ceres          has no residual for some of the edges" in fgopt("info", tmp_path / "p.g2o").stdout
    assert json.loads(fgopt("info", tmp_path / "p.g2o", "--json", "-").stdout)["chi2_in"]["Ceres"] is None


def test_info_to_a_file_prints_too(tmp_path):
    done = fgopt("info", SMALL / "ring.g2o", "--json", tmp_path / "i.json")
    assert "100 SE(2) poses" in done.stdout
    assert json.loads((tmp_path / "i.json").read_text())["components"] == 1


def test_info_of_bad_input(tmp_path):
    (tmp_path / "empty.g2o").write_text("")
    assert fgopt("info", tmp_path / "empty.g2o", code=3).stdout == ""


# ---- convert ----


def test_convert_there_and_back_is_the_same_problem(tmp_path):
    for name in ("manhattan", "sphere"):
        source, toro, back = SMALL / f"{name}.g2o", tmp_path / "a.graph", tmp_path / "b.g2o"
        fgopt("convert", source, toro)
        fgopt("convert", toro, back)
        assert "VERTEX2 0" in toro.read_text() or "VERTEX3 0" in toro.read_text()
        assert len(back.read_text().split("EDGE")) == len(source.read_text().split("EDGE"))
        for path in (toro, back):
            found = json.loads(fgopt("info", path, "--json", "-").stdout)["chi2"]
            expected = json.loads(fgopt("info", source, "--json", "-").stdout)["chi2"]
            assert found == pytest.approx(expected, rel=1e-6), path


def test_convert_format_by_ending_or_option(tmp_path):
    ring = SMALL / "ring.g2o"
    fgopt("convert", ring, tmp_path / "x.toro")
    assert "EDGE2 " in (tmp_path / "x.toro").read_text()
    assert "EDGE2 " in fgopt("convert", ring, "-", "--to", "toro").stdout
    assert "EDGE_SE2 " in fgopt("convert", "-", "-", "--to=g2o", input=ring.read_text()).stdout
    fgopt("convert", tmp_path / "missing", tmp_path / "y.g2o", code=3)
    fgopt("convert", ring, tmp_path / "no" / "y.g2o", code=1)
    assert not (tmp_path / "y.g2o").exists()


# ---- plot ----


def drawing(*words):
    return xml.etree.ElementTree.fromstring(fgopt("plot", *words).stdout)


def texts(root):
    return ["".join(t.itertext()) for t in root.iter(SVG + "text")]


def count_lines(root):
    """Straight pieces in the paths of the graphs, which are in groups: pairs of relative coordinates less one a move."""
    total = 0
    for path in (p for group in root.iter(SVG + "g") for p in group.iter(SVG + "path")):
        for run in path.get("d").split("M")[1:]:
            start, lines = run.split("l")
            assert len(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", start)) == 2
            total += len(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", lines)) // 2
    return total


@pytest.mark.parametrize("name", ["manhattan", "sphere", "ring", "grid3d"])
def test_plot_draws_every_edge(name):
    source = SMALL / f"{name}.g2o"
    root = drawing(source)
    edge_count = sum(line.startswith("EDGE") for line in source.read_text().splitlines())
    assert count_lines(root) == edge_count
    assert texts(root)[0] == f"{name}.g2o"
    assert f"{edge_count} edges, χ² = " in texts(root)[1]
    assert "odometry" in " ".join(texts(root)) and "start" in texts(root)
    assert any(re.fullmatch(r"[125]0* m|0\.0*[125] m", t) for t in texts(root)), "a scale bar"


def test_plot_before_and_after_at_one_scale(tmp_path):
    fgopt(SMALL / "sphere.g2o", "-q", "-o", tmp_path / "after.g2o")
    root = drawing(SMALL / "sphere.g2o", tmp_path / "after.g2o")
    assert [t for t in texts(root) if t.endswith(".g2o")] == ["sphere.g2o", "after.g2o"]
    bars = [t for t in texts(root) if t.endswith(" m")]
    assert len(bars) == 2 and bars[0] == bars[1]
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (left, top, width) == (0, 0, 1280) and height > 200
    assert count_lines(root) == 2 * 119


def test_plot_view_changes_the_picture_of_3d_graphs_only():
    for name, same in (("sphere", False), ("ring", True)):
        pictures = {fgopt("plot", SMALL / f"{name}.g2o", "--azimuth", a, "--elevation=40").stdout for a in (0, 77)}
        assert (len(pictures) == 1) == same


def test_plot_of_odd_graphs(tmp_path):
    (tmp_path / "one<&>.g2o").write_text("VERTEX_SE2 3 1 1 0\n")
    root = drawing(tmp_path / "one<&>.g2o")
    assert texts(root)[0] == "one<&>.g2o"
    assert "1 pose, 0 edges" in texts(root)[1]
    fgopt("plot", tmp_path / "missing.g2o", code=3)
    fgopt("plot", SMALL / "ring.g2o", "-o", tmp_path / "no" / "x.svg", code=1)
    assert [p.name for p in tmp_path.iterdir()] == ["one<&>.g2o"]


def test_plot_stays_small(tmp_path):
    """A line costs about ten bytes."""
    path, picture = tmp_path / "w.g2o", tmp_path / "w.svg"
    fgopt("generate", "manhattan", "-n", 40000, "-o", path)
    fgopt("plot", path, "-o", picture)
    lines = sum(line.startswith("EDGE") for line in path.read_text().splitlines())
    assert lines > 50000
    assert picture.stat().st_size < 25 * lines


def test_plot_is_drawn_by_a_renderer(tmp_path):
    if not shutil.which("rsvg-convert"):
        pytest.skip("rsvg-convert is not installed")
    fgopt("plot", SMALL / "sphere.g2o", SMALL / "ring.g2o", "-o", tmp_path / "p.svg")
    subprocess.run(["rsvg-convert", "-o", tmp_path / "p.png", tmp_path / "p.svg"], check=True)
    assert (tmp_path / "p.png").stat().st_size > 10_000

# SPDX-License-Identifier: BSD-3-Clause
"""fgopt info and convert."""
import json
import re

import chi2
import pytest
from cli_support import SMALL, fgopt, needs_cli

pytestmark = needs_cli


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
                 "fixed          1", "variables      5 SE(2) poses", "SE2: x y (m), cos sin; moves by x y (m), angle (rad)"):
        assert line in text
    assert facts["manifolds"] == {"SE2": {
        "ambient": 4, "tangent": 3, "numbers": ["x", "y", "cos", "sin"], "number_units": ["m", "m", "", ""],
        "dofs": ["x", "y", "angle"], "dof_units": ["m", "m", "rad"]}}


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

# SPDX-License-Identifier: BSD-3-Clause
"""fgopt report: its figures against the independent chi2 and closed forms."""
import csv
import io
import math

import chi2
import pytest
from cli_support import SMALL, fgopt, needs_cli

pytestmark = needs_cli


def report(path, *words):
    return list(csv.DictReader(io.StringIO(fgopt("report", path, *words).stdout)))


@pytest.mark.parametrize("name", ["manhattan", "sphere"])
def test_chi2_of_each_edge(name):
    path = SMALL / f"{name}.g2o"
    wanted = [s for terms in chi2.chi2_terms(path).values() for s in terms]
    rows = report(path)
    assert [float(row["chi2"]) for row in rows] == pytest.approx(wanted, rel=1e-8, abs=1e-10)
    assert [int(row["factor"]) for row in rows] == list(range(len(wanted)))
    edges = [line.split() for line in path.read_text().splitlines() if line.startswith("EDGE")]
    assert [[row["id1"], row["id2"]] for row in rows] == [edge[1:3] for edge in edges]


def test_probabilities_and_weights(tmp_path):
    path = tmp_path / "g.g2o"
    path.write_text("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_XY 2 3 4\nVERTEX_SE3:QUAT 9 0 0 0 0 0 0 1\n"
                    "PARAMS_SE3OFFSET 0 0 0 0 0 0 0 1\n"
                    "EDGE_SE2 0 1 0 2 0 1 0 0 1 0 1\nEDGE_PRIOR_XY 2 0 4 1 0 1\nEDGE_BEARING_SE2_XY 0 2 0 1\n"
                    "EDGE_SE3_PRIOR 9 0 2 0 1 0 0 0 1 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1\n")
    rows = report(path, "--loss", "cauchy:2")
    for row, s, p in ((rows[0], 5, math.erfc(math.sqrt(2.5)) + math.sqrt(10 / math.pi) * math.exp(-2.5)),
                      (rows[1], 9, math.exp(-4.5)),
                      (rows[2], math.atan2(4, 3)**2, math.erfc(math.atan2(4, 3) / math.sqrt(2))),
                      (rows[3], 5, math.exp(-2.5) * (1 + 2.5 + 2.5**2 / 2))):
        assert float(row["chi2"]) == pytest.approx(s, rel=1e-14)
        assert float(row["norm"]) == pytest.approx(math.sqrt(s), rel=1e-14)
        assert float(row["p"]) == pytest.approx(p, rel=1e-13)
        assert float(row["weight"]) == pytest.approx(1 / (1 + s / 4), rel=1e-14)
    assert [row["id2"] for row in rows] == ["1", "", "2", ""]
    assert [float(rows[0][f"e{i}"]) for i in (1, 2, 3)] == [1, -2, 0] and rows[0]["e4"] == ""


def test_redundancy(tmp_path):
    """It adds up to rows minus unknowns; an edge that alone leads to a pose has none, and one done twice is checked by its twin."""
    path = SMALL / "sphere.g2o"
    rows = report(path)
    poses = sum(line.startswith("VERTEX") for line in path.read_text().splitlines())
    assert sum(float(row["redundancy"]) for row in rows) == pytest.approx(6 * len(rows) - 6 * (poses - 1), rel=1e-9)
    edge = "1 0 0 9 0 0 9 0 9"
    (tmp_path / "g.g2o").write_text(f"VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_SE2 2 2 0 0\n"
                                    f"EDGE_SE2 0 1 {edge}\nEDGE_SE2 0 1 {edge}\nEDGE_SE2 1 2 {edge}\n")
    assert [float(row["redundancy"]) for row in report(tmp_path / "g.g2o")] == pytest.approx([1.5, 1.5, 0], abs=1e-12)
    # with a loss: residuals 0 and 3 with sigma 1/3, weights 1 and 1/2
    (tmp_path / "h.g2o").write_text(f"VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 {edge}\n"
                                    "EDGE_SE2 0 1 2 0 0 9 0 0 9 0 9\n")
    rows = report(tmp_path / "h.g2o", "--loss", "cauchy:3")
    assert [float(row["weight"]) for row in rows] == pytest.approx([1, 0.5])
    assert [float(row["redundancy"]) for row in rows] == pytest.approx([3 - 3 / 1.5, 3 - 1.5 / 1.5])
    assert {row["redundancy"] for row in report(path, "--quick")} == {""}


def test_redundancy_of_a_singular_graph(tmp_path):
    path = tmp_path / "g.g2o"
    path.write_text("VERTEX_SE2 0 0 0 0\nVERTEX_XY 1 1 0\nEDGE_BEARING_SE2_XY 0 1 0 1\n")
    done = fgopt("report", path)
    assert "redundancy is left out" in done.stderr and next(csv.DictReader(io.StringIO(done.stdout)))["redundancy"] == ""


def test_output_and_failure(tmp_path):
    fgopt("report", SMALL / "ring.g2o", "-o", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text().startswith("factor,class,id1,id2,rows,chi2,norm,p,weight,redundancy,e1,")
    fgopt("report", tmp_path / "missing.g2o", code=3)

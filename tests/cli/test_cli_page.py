# SPDX-License-Identifier: BSD-3-Clause
"""fgopt plot -o page.html: the data in the page, its size, and the colours. What a browser makes of it: test_page_browser.py."""
import html
import json
import re

import numpy as np
import page_oracle as oracle
import pytest
from cli_support import SMALL, fgopt, needs_cli, values

pytestmark = needs_cli


def page_of(tmp_path, *words):
    path = tmp_path / "page.html"
    fgopt("plot", *words, "-o", path)
    return oracle.Page(path)


@pytest.mark.parametrize("name", ["manhattan", "sphere", "ring"])
def test_a_page_holds_the_graph(tmp_path, name):
    page, graph = page_of(tmp_path, SMALL / f"{name}.g2o"), oracle.Graph(SMALL / f"{name}.g2o")
    assert page.keys.tolist() == list(graph.place) and not page.landmarks.any()
    wanted = sorted((kind, k, i, j) for k, (i, j, kind) in enumerate(graph.edges))  # by kind, then as in the file
    found = [(kind, page.keys[a], page.keys[b]) for kind, (a, b) in zip(page.kinds, page.ends)]
    assert found == [(kind, i, j) for kind, _, i, j in wanted]
    place, turn, _ = page.frames[0]
    dims = 3 if graph.spatial else 2
    assert np.allclose(place, [x[:dims] for x in graph.place.values()], atol=1e-5)
    if graph.spatial:
        q = np.array([p[3:] / np.linalg.norm(p[3:]) for p in graph.pose.values()])
        assert np.abs(np.abs(np.sum(q * turn / 32767, axis=1)) - 1).max() < 1e-4
    else:
        angle = np.array([p[2] for p in graph.pose.values()])
        assert np.abs(np.angle(np.exp(1j * (turn[:, 0] / 32767 * np.pi - angle)))).max() < 1e-4
    assert [f["label"] for f in page.meta["frames"]] == [""] and page.meta["iterations"] == []


def test_chi2_of_the_edges(tmp_path):
    page, chi2 = page_of(tmp_path, SMALL / "manhattan.g2o"), oracle.edge_chi2(SMALL / "manhattan.g2o")
    graph = oracle.Graph(SMALL / "manhattan.g2o")
    by_kind = [k for kind in range(3) for k, e in enumerate(graph.edges) if e[2] == kind]
    assert np.allclose(page.chi2(0), chi2[by_kind], rtol=1.5e-3, atol=1e-12)
    assert page.meta["frames"][0]["cost"] == pytest.approx(chi2.sum())
    low, high = page.meta["decades"]
    assert high == np.ceil(np.log10(chi2.max())) and high - 8 <= low <= high - 2


def test_frames_are_the_iterations(tmp_path):
    source = SMALL / "sphere.g2o"
    page = page_of(tmp_path, source, "--optimize", "--init", "odometry", "--max-iterations", 50)
    fgopt("optimize", source, "--init", "odometry", "-q", "--json", tmp_path / "r.json", "-o", tmp_path / "best.g2o")
    report = json.loads((tmp_path / "r.json").read_text())
    frames = page.meta["frames"]
    taken = [it for it in report["iterations"] if it["accepted"]]
    assert [f["iteration"] for f in frames] == [-1] + [it["iteration"] for it in taken]
    assert [f["label"] for f in frames[:3]] == ["as in the file", "first estimate: odometry", "iteration 1"]
    assert [f["cost"] for f in frames[1:]] == pytest.approx([it["cost"] for it in taken])
    assert [row[:2] for row in page.meta["iterations"]] == [[it["iteration"], pytest.approx(it["cost"])] for it in report["iterations"]]
    assert page.meta["outcome"] == report["termination"]
    assert np.allclose(page.frames[0][0], [v[:3] for v in values(source).values()], atol=1e-5)
    assert np.allclose(page.frames[-1][0], [v[:3] for v in values(tmp_path / "best.g2o").values()], atol=1e-4)
    fgopt("optimize", source, "--init", "odometry", "-q", "--max-iterations", 1, "-o", tmp_path / "one.g2o", code=5)
    assert np.allclose(page.frames[2][0], [v[:3] for v in values(tmp_path / "one.g2o").values()], atol=1e-4)


def test_before_and_after(tmp_path):
    after = tmp_path / "after.g2o"
    fgopt(SMALL / "ring.g2o", "-q", "-o", after)
    page = page_of(tmp_path, SMALL / "ring.g2o", after)
    assert [f["label"] for f in page.meta["frames"]] == ["before", "after"]
    assert np.allclose(page.frames[1][0], [v[:2] for v in values(after).values()], atol=1e-5)
    done = fgopt("plot", SMALL / "ring.g2o", SMALL / "manhattan.g2o", "-o", tmp_path / "x.html", code=0)
    assert not done.stderr  # manhattan has all ids of ring
    done = fgopt("plot", SMALL / "manhattan.g2o", SMALL / "ring.g2o", "-o", tmp_path / "y.html", code=3)
    assert "ring.g2o has no SE2 variable 100; a page shows one graph at two estimates" in done.stderr
    assert not (tmp_path / "y.html").exists()


def test_landmarks_large_ids_and_large_coordinates(tmp_path):
    path = tmp_path / "far.g2o"
    path.write_text("VERTEX_SE2 9007199254740993 500000.25 5400000.5 3.1\nVERTEX_SE2 9007199254740994 500001.25 5400000.5 -3.1\n"
                    "VERTEX_XY 7 500000 5400003\nEDGE_SE2 9007199254740993 9007199254740994 1 0 0 1 0 0 1 0 1\n"
                    "EDGE_SE2_XY 9007199254740993 7 1 2 1 0 1\n")
    page = page_of(tmp_path, path)
    assert page.keys.tolist() == [9007199254740993, 9007199254740994, 7]
    assert page.landmarks.tolist() == [0, 0, 1] and page.kinds.tolist() == [oracle.LANDMARK, oracle.ODOMETRY]
    assert np.abs(page.frames[0][0][1] - [500001.25, 5400000.5]).max() < 1e-6
    assert [c["rows"] for c in page.meta["classes"]] == [2, 3]


def test_a_page_loads_nothing_and_escapes_names(tmp_path):
    odd = tmp_path / "a<script>&b.g2o"
    odd.write_text((SMALL / "ring.g2o").read_text())
    page = page_of(tmp_path, odd)
    assert f"<title>{html.escape(odd.name, quote=False).replace('&gt;', '>')}</title>" in page.text
    assert "default-src 'none'" in page.text
    assert not re.findall(r'(?:src|href)\s*=|@import|url\(|fetch\(|XMLHttpRequest|WebSocket', page.text)
    assert set(re.findall(r"https?://[^\"']*", page.text)) <= {"http://www.w3.org/2000/svg"}


def test_size_of_a_page(tmp_path):
    """Base64 of 28 bytes a point at most, 10 an edge, and of each estimate 10 a planar point and 2 an edge."""
    path, page = tmp_path / "w.g2o", tmp_path / "w.html"
    fgopt("generate", "manhattan", "-n", 20000, "-o", path)
    fgopt("plot", path, "--optimize", "-o", page)
    meta = oracle.Page(page).meta
    n, m, frames = meta["points"], meta["edges"], len(meta["frames"])
    assert frames > 2
    assert page.stat().st_size < 4 / 3 * (28 * n + 10 * m + frames * (10 * n + 2 * m)) + 80_000


@pytest.mark.long
def test_frames_are_thinned_out_to_a_bearable_size(tmp_path):
    """Gauss-Newton from noise on a large graph would fill hundreds of megabytes; first, last and every n-th stay."""
    path, page = tmp_path / "w.g2o", tmp_path / "w.html"
    fgopt("generate", "manhattan", "-n", 60000, "--seed", 3, "-o", path)
    fgopt("plot", path, "--optimize", "--init", "odometry", "--method", "lm", "--initial-lambda", 1e3, "--cost-tolerance", 0, "--gradient-tolerance", 0,
          "--step-tolerance", 0, "--max-iterations", 90, "-o", page, code=5)
    found = oracle.Page(page)
    frames = [f["iteration"] for f in found.meta["frames"]]
    assert page.stat().st_size < 60e6
    assert frames[:2] == [-1, 0] and frames == sorted(frames) and 20 < len(frames) < 60
    assert len(found.meta["iterations"]) == 91
    assert found.meta["frames"][-1]["cost"] == pytest.approx(min(row[1] for row in found.meta["iterations"]), rel=1e-9)


# ---- colours ----

# Linear RGB of what people without one kind of cone see: G. Machado, M. Oliveira, L. Fernandes 2009, severity 1.
EYES = {
    "all cones": np.eye(3),
    "no long": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "no middle": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "no short": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def lab(color, eye):
    """CIE L*a*b* of a colour as an eye sees it."""
    c = oracle.rgb(color) / 255
    linear = np.clip(EYES[eye] @ np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_colours_are_told_apart_by_every_eye(tmp_path, theme, eye):
    colors = page_of(tmp_path, SMALL / "ring.g2o").meta["themes"][theme]
    ramp = np.array([lab(c, eye) for c in colors["ramp"]])
    paper = lab(colors["paper"], eye)
    away = np.diff(np.abs(ramp[:, 0] - paper[0]))
    assert away.min() > 0, "the larger the residual, the farther from the paper in lightness"
    assert abs(ramp[-1, 0] - ramp[0, 0]) > 45 and abs(ramp[0] - paper).max() > 12
    kinds = [lab(c, eye) for c in colors["kind"]]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert np.linalg.norm(kinds[a] - kinds[b]) > 18, (a, b)
    for c in kinds:
        assert abs(c[0] - paper[0]) > 25


def test_points_with_priors_are_marked(tmp_path):
    (tmp_path / "g.g2o").write_text("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nVERTEX_XY 2 1 1\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n"
                                    "EDGE_SE2_XY 1 2 0 1 1 0 1\nEDGE_PRIOR_SE2 0 0 0 0 1 0 0 1 0 1\nEDGE_PRIOR_XY 2 1 1 1 0 1\n")
    fgopt("plot", tmp_path / "g.g2o", "-o", tmp_path / "page.html")
    assert oracle.Page(tmp_path / "page.html").landmarks.tolist() == [2, 0, 3]

# SPDX-License-Identifier: BSD-3-Clause
"""fgopt plot: still pictures, SVG and PNG, of graphs, of convergence and of matrices; and what it refuses."""
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree

import numpy as np
import page_oracle as oracle
import png
import pytest
from cli_support import SMALL, fgopt, needs_cli

pytestmark = needs_cli
SVG = "{http://www.w3.org/2000/svg}"


# ---- graphs as SVG ----


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


def test_plot_optimizes(tmp_path):
    fgopt(SMALL / "sphere.g2o", "-q", "-o", tmp_path / "sphere.g2o")
    wanted, found = drawing(SMALL / "sphere.g2o", tmp_path / "sphere.g2o"), drawing(SMALL / "sphere.g2o", "--optimize")
    assert texts(found)[0] == "sphere.g2o, before" and "sphere.g2o, after" in texts(found)
    paths = [[p.get("d") for group in root.iter(SVG + "g") for p in group.iter(SVG + "path")] for root in (wanted, found)]
    assert paths[0] == paths[1]


def test_plot_colours_by_residual():
    root, chi2 = drawing(SMALL / "manhattan.g2o", "--color", "residual"), oracle.edge_chi2(SMALL / "manhattan.g2o")
    assert count_lines(root) == len(chi2)
    paths = [p for group in root.iter(SVG + "g") for p in group.iter(SVG + "path")]
    lines = {p.get("stroke"): sum(len(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", run.split("l")[1])) // 2
                                  for run in p.get("d").split("M")[1:]) for p in paths}
    ticks = [t for t in texts(root) if re.fullmatch(r"0\.0*1|10*|10⁻?[⁰¹²³⁴-⁹]+", t)]
    high = np.ceil(np.log10(chi2.max()))
    low = min(max(np.floor(np.log10(np.sort(chi2)[len(chi2) // 20])), high - 8), high - 2)
    level = np.rint(11 * np.clip((np.log10(chi2) - low) / (high - low), 0, 1)).astype(int)
    assert list(lines.values()) == [n for n in np.bincount(level, minlength=12) if n]
    assert len(ticks) == (high - low) // (2 if high - low > 5 else 1) + 1 and "χ² of an edge" in texts(root)


def test_plot_themes():
    light, dark = (drawing(SMALL / "ring.g2o", "--theme", theme).find(SVG + "rect").get("fill") for theme in ("light", "dark"))
    assert int(light[1:3], 16) > 240 and int(dark[1:3], 16) < 40


# ---- PNG ----


def still_places(graph, scale, azimuth=0.0, elevation=90.0):
    """Where the first panel of a still picture has the places: a square of 584 pixels below 84 of title."""
    R = oracle.rotation(azimuth, elevation)
    uv = {i: (R @ x)[:2] for i, x in graph.place.items()}
    points = np.array(list(uv.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    zoom = 584 / (high - low).max()
    tall = max(0.35 * 584, zoom * (high - low)[1])
    return {i: scale * np.array([28 + 292 + zoom * (p[0] - (low + high)[0] / 2), 84 + tall / 2 - zoom * (p[1] - (low + high)[1] / 2)])
            for i, p in uv.items()}


@pytest.mark.parametrize("name, theme, scale", [("manhattan", "light", 2), ("sphere", "dark", 1), ("ring", "light", 3)])
def test_png_is_that_of_another_rasterizer(tmp_path, name, theme, scale):
    path = tmp_path / "p.png"
    fgopt("plot", SMALL / f"{name}.g2o", "--theme", theme, "--scale", scale, "-o", path)
    image, graph = png.read(path.read_bytes()), oracle.Graph(SMALL / f"{name}.g2o")
    assert image.shape[1] == 640 * scale
    view = {"azimuth": -30, "elevation": 25} if graph.spatial else {}
    fgopt("plot", SMALL / f"{name}.g2o", "-o", tmp_path / "p.html")
    colors = oracle.Page(tmp_path / "p.html").meta["themes"][theme]
    image = image.copy()
    image[:76 * scale] = image[-50 * scale:] = oracle.rgb(colors["paper"])  # title and legend
    compare = lambda where: oracle.agreement(image, graph, where, colors["kind"], oracle.rgb(colors["paper"]), scale)
    found = compare(still_places(graph, scale, **view))
    for kind, (recall, precision) in found.items():
        assert recall > 0.94 and precision > 0.94, (kind, recall, precision)
    off = {i: p + 5 * scale for i, p in still_places(graph, scale, **view).items()}
    assert min(sum(compare(off).values(), ())) < 0.8


def test_png_has_words(tmp_path):
    """Title and legend are ink where the SVG has text."""
    path = tmp_path / "p.png"
    fgopt("plot", SMALL / "ring.g2o", "-o", path, "--scale", 2)
    ink = np.abs(png.read(path.read_bytes()).astype(int) - 252).max(axis=2) > 60
    for t in drawing(SMALL / "ring.g2o").iter(SVG + "text"):
        x, y, size = float(t.get("x")), float(t.get("y")), float(t.get("font-size"))
        left = {"middle": x - 6, "end": x - 12}.get(t.get("text-anchor"), x)
        assert ink[int(2 * (y - size)):int(2 * y) + 2, int(2 * left):int(2 * left) + 24].any(), t.text


def test_formats_by_ending_or_option(tmp_path):
    ring = SMALL / "ring.g2o"
    assert fgopt("plot", ring, "--to", "png", text=False).stdout.startswith(b"\x89PNG\r\n")
    assert fgopt("plot", ring, "--to", "html").stdout.startswith("<!DOCTYPE html>")
    fgopt("plot", ring, "--to", "svg", "-o", tmp_path / "picture.pdf")
    assert (tmp_path / "picture.pdf").read_text().startswith("<svg")
    done = fgopt("plot", ring, "-o", tmp_path / "x.pdf", code=2)
    assert "x.pdf: pictures end in .svg, .png or .html; --to chooses" in done.stderr and not (tmp_path / "x.pdf").exists()


# ---- convergence ----


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("reports") / "lm.json"
    fgopt(SMALL / "outliers.g2o", "-q", "--init", "odometry", "--json", path)
    return path


def circles(root):
    return [(float(c.get("cx")), float(c.get("cy")), c.get("stroke") is None) for c in root.iter(SVG + "circle")]


@pytest.mark.parametrize("name, init, decades", [("outliers", "odometry", False), ("manhattan", "file", True)])
def test_convergence_is_drawn_to_scale(tmp_path, name, init, decades):
    report = tmp_path / "r.json"
    fgopt(SMALL / f"{name}.g2o", "-q", "--init", init, "--json", report)
    rows = json.loads(report.read_text())["iterations"]
    root = drawing(report)
    left = [c for c in circles(root) if c[0] < 600 and c[1] < 96 + 321]
    assert len(left) == len(rows) > 3
    assert [solid for _, _, solid in left] == [row["accepted"] for row in rows]
    y, cost = np.array([c[1] for c in left]), np.array([row["cost"] for row in rows])
    assert (cost.max() > 10 * cost.min()) == decades
    cost = np.log10(cost) if decades else cost
    slope, offset = np.polyfit(cost, y, 1)
    assert slope < 0 and np.abs(slope * cost + offset - y).max() < 0.15
    assert np.allclose(np.diff([c[0] for c in left]), np.diff([c[0] for c in left])[0], atol=0.11)
    right = [c for c in circles(root) if c[0] > 600]
    assert len(right) == sum(row[k] is not None for row in rows for k in ("gradient_norm", "step_norm"))
    words = " ".join(texts(root))
    for word in ("Convergence", f"{name}.g2o", "iteration", "cost", "gradient and step", json.loads(report.read_text())["termination"]):
        assert word in words


def test_two_runs_are_compared(report, tmp_path):
    other = tmp_path / "gn.json"
    fgopt(SMALL / "outliers.g2o", "-q", "--method", "gn", "--init", "odometry", "--json", other)
    root = drawing(report, other)
    counts = [len(json.loads(p.read_text())["iterations"]) for p in (report, other)]
    assert len([c for c in circles(root) if c[0] < 600 and c[1] < 96 + 321]) == sum(counts)
    assert any("lm from odometry" in t for t in texts(root)) and any("gn from odometry" in t for t in texts(root))


def test_reports_as_png_and_page(report, tmp_path):
    fgopt("plot", report, "-o", tmp_path / "c.png", "--scale", 1)
    assert png.read((tmp_path / "c.png").read_bytes()).shape[1] == 1200
    fgopt("plot", report, "-o", tmp_path / "c.html")
    assert "<title>Convergence</title>" in (tmp_path / "c.html").read_text()


@pytest.mark.parametrize("text, message", [
    ('{"iterations": [\n {"iteration": 0,, }]}', "r.json:2:"),
    ("", "r.json:1:0:"),
    ('{"iterations": [],\n "iterations": []}', "r.json:2:"),  # which of them?
    ('{"file": "\udcc0\udcaf"}', "r.json:1:"),               # overlong UTF-8
    ("[" * 100000, "r.json:1:"),
    ("[1, 2]", "no iterations to draw; fgopt optimize FILE --json"),
    ('{"iterations": []}', "no iterations to draw"),
    ('{"iterations": [{"cost": 1}]}', 'an entry without "iteration" (iteration 0 of the list)'),
    ('{"iterations": [{"iteration": 1, "cost": 1}, {"iteration": 1, "cost": 1}]}', "iterations out of order"),
])
def test_bad_reports(tmp_path, text, message):
    (tmp_path / "r.json").write_bytes(text.encode(errors="surrogateescape"))
    done = fgopt("plot", tmp_path / "r.json", "-o", tmp_path / "x.svg", code=3)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1 and not (tmp_path / "x.svg").exists()


def test_missing_report(tmp_path):
    assert "none.json: No such file" in fgopt("plot", tmp_path / "none.json", code=3).stderr
    (tmp_path / "folder.json").mkdir()
    assert "folder.json: Is a directory" in fgopt("plot", tmp_path / "folder.json", code=3).stderr


def test_odd_but_whole_reports(tmp_path):
    """One iteration; costs that are zero or missing."""
    (tmp_path / "r.json").write_text('{"iterations": [{"iteration": 0, "cost": 0}]}')
    assert len(circles(drawing(tmp_path / "r.json"))) == 1
    (tmp_path / "r.json").write_text('{"iterations": [{"iteration": 0, "cost": null}, {"iteration": 4, "cost": 1e300, "accepted": false}]}')
    assert [solid for x, y, solid in circles(drawing(tmp_path / "r.json")) if y < 417] == [False]


# ---- matrices ----


def spots(group, n):
    """(row, column) of each cell of a picture whose cells are blocks."""
    out, left, top, size = set(), None, None, 584 / n
    for path in group.iter(SVG + "path"):
        for x, y, w in re.findall(r"M(\S+) (\S+)h(\S+?)v", path.get("d")):
            x, y, count = float(x), float(y) - 80, round(float(w) / size)
            left = 28 if x < 640 else 668
            out |= {(round(y / size), round((x - left) / size) + k) for k in range(count)}
    return out


@pytest.mark.parametrize("name", ["manhattan", "sphere"])
def test_sparsity_of_H_and_L(name):
    graph = oracle.Graph(SMALL / f"{name}.g2o")
    root = drawing(SMALL / f"{name}.g2o", "--sparsity")
    n = len(graph.place) - 1  # the first is held
    H, L = (spots(group, n) for group in root.iter(SVG + "g"))
    assert {(j, i) for i, j in H} == H and {(k, k) for k in range(n)} <= H
    pairs = {frozenset(e[:2]) for e in graph.edges if min(graph.place) not in e[:2]}
    assert len(H) == n + 2 * len(pairs)
    degrees = lambda edges: sorted(sum(v in e for e in edges) for v in range(n))
    ids = sorted(set(graph.place) - {min(graph.place)})
    assert degrees([frozenset(p) for p in H if p[0] < p[1]]) == sorted(sum(i in p for p in pairs) for i in ids)
    fill = {(i, j) for i, j in H if i >= j}
    for k in range(n):  # elimination fills in all pairs of what is below
        below = [i for i in range(k + 1, n) if (i, k) in fill]
        fill |= {(a, b) for a in below for b in below if a >= b}
    assert L == fill
    assert f"{len(L)} blocks" in " ".join(texts(root)) and f"{n} block columns" in " ".join(texts(root))


def test_sparsity_of_a_large_matrix(tmp_path):
    fgopt("generate", "manhattan", "-n", 2000, "-o", tmp_path / "w.g2o")
    root = drawing(tmp_path / "w.g2o", "--sparsity")
    assert any("a dot: 6.85 × 6.85 blocks" in t for t in texts(root))
    colors = {p.get("fill") for g in root.iter(SVG + "g") for p in g.iter(SVG + "path") if "M" in p.get("d")}
    assert len(colors) >= 3  # fuller spots are stronger
    fgopt("plot", tmp_path / "w.g2o", "--sparsity", "-o", tmp_path / "w.png", "--scale", 1)
    assert png.read((tmp_path / "w.png").read_bytes()).shape[1] == 1280


# ---- what is refused ----


@pytest.mark.parametrize("words, message", [
    (["ring.g2o", "lm.json"], "a graph and a report of an optimization do not go into one picture"),
    (["ring.g2o", "ring.g2o", "--optimize"], "--optimize takes one FILE"),
    (["ring.g2o", "ring.g2o", "--sparsity"], "--sparsity takes one FILE"),
    (["ring.g2o", "--optimize", "--sparsity"], "--optimize and --sparsity are two pictures"),
    (["lm.json", "--optimize"], "is a report; --optimize takes a graph"),
    (["ring.g2o", "--scale", "0"], "--scale: not between 0.25 and 8"),
    (["ring.g2o", "--theme", "blue"], "--theme"),
    (["ring.g2o", "--sparsity", "--linear-solver", "cgls"], "does not tell its order of elimination"),
])
def test_requests_that_make_no_sense(report, tmp_path, words, message):
    words = [{"ring.g2o": SMALL / "ring.g2o", "lm.json": report}.get(w, w) for w in words]
    done = fgopt("plot", *words, "-o", tmp_path / "x.svg", code=2)
    assert message in done.stderr and not list(tmp_path.iterdir())


def test_nothing_to_factorize(tmp_path):
    (tmp_path / "one.g2o").write_text("VERTEX_SE2 3 1 1 0\n")
    assert "no variable is free" in fgopt("plot", tmp_path / "one.g2o", "--sparsity", code=3).stderr
    (tmp_path / "rotations.g2o").write_text("EDGE_SE2 0 1 nan 0 0 1 0 0 1 0 1\n")
    for kind in ("x.svg", "x.png", "x.html"):
        done = fgopt("plot", tmp_path / "rotations.g2o", "-o", tmp_path / kind, code=3)
        assert re.search(r"rotations.g2o:1:\d+: ", done.stderr) and not (tmp_path / kind).exists()


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_optimization_that_fails_or_stops(tmp_path, kind):
    (tmp_path / "bad.g2o").write_text("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 2 0 0 1 0 0 0 0 0\n")
    out = tmp_path / f"x.{kind}"
    done = fgopt("plot", tmp_path / "bad.g2o", "--optimize", "--init", "file", "--method", "gn", "-o", out, code=4)
    assert "bad.g2o: cannot be solved" in done.stderr and not out.exists()
    fgopt("plot", SMALL / "sphere.g2o", "--optimize", "--init", "odometry", "--max-iterations", 1, "-o", out, code=5)
    assert out.exists()


def test_priors_are_rings_with_a_line_in_the_legend(tmp_path):
    (tmp_path / "g.g2o").write_text("".join(f"VERTEX_SE2 {i} {i} {i % 2} 0\n" for i in range(4)) + "VERTEX_XY 9 2 2\n" +
                                    "".join(f"EDGE_SE2 {i} {i + 1} 1 0 0 1 0 0 1 0 1\n" for i in range(3)) +
                                    "EDGE_SE2_XY 1 9 1 1 1 0 1\nEDGE_PRIOR_SE2 0 0 0 0 1 0 0 1 0 1\n" +
                                    "EDGE_PRIOR_SE2_XY 0 0 0 1 0 1\nEDGE_PRIOR_XY 9 2 2 1 0 1\n")
    fgopt("plot", tmp_path / "g.g2o", "-o", tmp_path / "p.svg")
    picture = (tmp_path / "p.svg").read_text()
    assert ">priors (3)<" in picture and ", 4 edges, 3 priors, " in picture
    assert picture.count('r="4.5"') == 1 + 1 and picture.count('r="8.0"') == 1  # a landmark and the legend; the start
    fgopt("plot", SMALL / "sphere.g2o", "-o", tmp_path / "q.svg")
    assert "prior" not in (tmp_path / "q.svg").read_text()

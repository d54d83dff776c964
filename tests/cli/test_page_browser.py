# SPDX-License-Identifier: BSD-3-Clause
"""The page of fgopt plot in headless Chromium: its picture against another rasterization, mouse, keys and playing."""
import json
import time

import browser
import numpy as np
import page_oracle as oracle
import pytest
from cli_support import SMALL, fgopt, needs_cli, values

pytestmark = [needs_cli, pytest.mark.long,
              pytest.mark.skipif(browser.PROGRAM is None, reason="skipped: chromium is not installed")]
SIZE = (1000, 700)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages by name, made when first asked for."""
    folder = tmp_path_factory.mktemp("pages")

    def make(name, *words):
        path = folder / f"{name}{'-'.join(words)}.html"
        if not path.exists():
            fgopt("plot", SMALL / f"{name}.g2o", *words, "-o", path)
        return path
    return make


def with_landmarks(path):
    """A file with a square of poses and two landmarks."""
    path.write_text("".join(f"VERTEX_SE2 {i} {x} {y} 0\n" for i, (x, y) in enumerate(((0, 0), (4, 0), (4, 3), (0, 3)))) +
                    "VERTEX_XY 50 2 1\nVERTEX_XY 51 1.5 2.2\n" +
                    "".join(f"EDGE_SE2 {i} {j} 1 0 0 1 0 0 1 0 1\n" for i, j in ((0, 1), (1, 2), (2, 3), (0, 3), (0, 2))) +
                    "".join(f"EDGE_SE2_XY {i} {j} 1 1 1 0 1\n" for i in range(4) for j in (50, 51)))
    return path


# ---- the picture ----


@pytest.mark.parametrize("name, view, dark", [("manhattan", {}, False), ("ring", {}, True), ("landmarks", {}, False),
                                              ("sphere", {"azimuth": 30, "elevation": 20}, False),
                                              ("grid3d", {"azimuth": -40, "elevation": 35}, True)])
def test_the_picture_is_that_of_another_rasterizer(pages, tmp_path, name, view, dark):
    source = with_landmarks(tmp_path / "landmarks.g2o") if name == "landmarks" else SMALL / f"{name}.g2o"
    path = tmp_path / "page.html"
    fgopt("plot", source, "-o", path)
    graph, meta = oracle.Graph(source), oracle.Page(path).meta
    fragment = "bare=1&" + "&".join(f"{k}={v}" for k, v in view.items())
    with browser.Browser(path, fragment, SIZE, dark) as page:
        image = page.screenshot()
        assert page.errors == [] and [url.split("#")[0] for url in page.requests] == [f"file://{path}"]  # no network
    theme = meta["themes"]["dark" if dark else "light"]
    paper = oracle.rgb(theme["paper"])
    assert (image[2, 2] == paper).all()
    found = oracle.agreement(image, graph, oracle.screen(graph, SIZE, **view), theme["kind"], paper)
    assert set(found) == {kind for _, _, kind in graph.edges}
    for kind, (recall, precision) in found.items():
        assert recall > 0.95 and precision > 0.97, (kind, recall, precision)
    if name == "landmarks":
        where = oracle.screen(graph, SIZE)
        assert all(np.abs(image[tuple(where[i].astype(int)[::-1])] - oracle.rgb(theme["kind"][oracle.LANDMARK])).max() < 3 for i in (50, 51))
    if graph.spatial:  # the comparison sees a view that is 5 degrees off, and exchanged colours
        off = oracle.screen(graph, SIZE, view["azimuth"] + 5, view["elevation"])
    else:
        off = {i: p + (4, 0) for i, p in oracle.screen(graph, SIZE).items()}
    assert min(sum(oracle.agreement(image, graph, off, theme["kind"], paper).values(), ())) < 0.8
    exchanged = theme["kind"][::-1]
    assert min(sum(oracle.agreement(image, graph, oracle.screen(graph, SIZE, **view), exchanged, paper).values(), ())) < 0.5


def test_colours_say_residuals(pages):
    path, graph = pages("manhattan"), oracle.Graph(SMALL / "manhattan.g2o")
    where, chi2 = oracle.screen(graph, SIZE), oracle.edge_chi2(SMALL / "manhattan.g2o")
    with browser.Browser(path, "bare=1&color=residual", SIZE) as page:
        image = page.screenshot().astype(float)
    meta = oracle.Page(path).meta
    theme, (low, high) = meta["themes"]["light"], meta["decades"]
    ramp, paper = np.array([oracle.rgb(c) for c in theme["ramp"]]), oracle.rgb(theme["paper"])
    wrong = seen = 0
    for k, (i, j, _) in enumerate(graph.edges):
        middle = (where[i] + where[j]) / 2
        rest = [oracle.samples(where[a], where[b]) for e, (a, b, _) in enumerate(graph.edges) if e != k]
        if np.hypot(*(where[i] - where[j])) < 12 or np.hypot(*(np.concatenate(rest) - middle).T).min() < 5:
            continue  # not alone there
        x, y = middle.astype(int)
        window = image[y - 1:y + 2, x - 1:x + 2].reshape(-1, 3) - paper
        ink = window[np.argmax(np.linalg.norm(window, axis=1))]
        cosine = (ramp - paper) @ ink / np.linalg.norm(ramp - paper, axis=1) / np.linalg.norm(ink)
        expected = 63 * np.clip((np.log10(chi2[k]) - low) / (high - low), 0, 1)
        seen += 1
        wrong += abs(np.argmax(cosine) - expected) > 4
    assert seen > 40 and wrong <= 0.05 * seen, (wrong, seen)


# ---- what a frame costs ----

# What hands data to the graphics card, what compiles, what waits for it, and what draws, all by name in a frame's list of calls.
UPLOADS = {"bufferData", "bufferSubData", "texImage2D", "texSubImage2D", "texStorage2D", "copyTexImage2D", "createBuffer", "createTexture"}
COMPILES = {"compileShader", "linkProgram", "createProgram"}
WAITS = {"readPixels", "finish", "getError", "getParameter", "getUniformLocation", "getProgramParameter", "checkFramebufferStatus"}
RECORD = """(() => {
  window.calls = [];
  const gl = fgopt.gl;
  for (const name in gl)
    if (typeof gl[name] === "function") {
      const own = gl[name].bind(gl);
      gl[name] = (...words) => { calls.push(name); return own(...words); };
    }
})()"""


def calls_of_frames(page, frames, thin):
    """The lists of calls of frames while the view turns."""
    page.run("Object.assign(fgopt.look, {thin: %s, share: 1}); 0" % ("true" if thin else "false"))
    out = []
    for _ in range(frames):
        page.run("window.calls = []; fgopt.camera.azimuth += 7; fgopt.drawNow(); 0")
        out.append(page.run("calls"))
    page.run("fgopt.look.thin = false; 0")
    return out


def test_a_frame_is_a_few_calls_whatever_the_size_of_the_graph(tmp_path):
    """One call for the cores of all edges, one for their rims, one for all points; thin, one for each kind of edge. Nothing is
    uploaded, compiled or waited for."""
    seen = {}
    for poses in (50, 2000):
        fgopt("generate", "sphere", "--poses", poses, "-o", tmp_path / "s.g2o")
        fgopt("plot", tmp_path / "s.g2o", "-o", tmp_path / "page.html")
        with browser.Browser(tmp_path / "page.html", "", SIZE) as page:
            page.run(RECORD)
            for thin in (False, True):
                for calls in calls_of_frames(page, 4, thin):
                    assert not (UPLOADS | COMPILES | WAITS) & set(calls)
                    draws = [name for name in calls if name.startswith("draw")]
                    assert draws.count("drawElements") == (0 if thin else 2) or (not thin and draws.count("drawElements") == 1)
                    assert 3 * thin <= draws.count("drawArrays") <= 1 + 3 * thin
                    assert len(draws) <= 4 and len(calls) < 80
                    seen.setdefault(thin, []).append(len(calls))
            page.run("window.calls = []; 0")
            page.drag((500, 350), (400, 330))  # by hand, as the page does it itself
            calls = page.run("calls")
            assert sum(name.startswith("draw") for name in calls) >= 2 and not (UPLOADS | COMPILES | WAITS) & set(calls)
            assert page.errors == []
    for thin in (False, True):
        assert max(seen[thin]) - min(seen[thin]) <= 20  # those for the points, which are left out in a crowd


def test_playing_uploads_a_frame_once(pages):
    with browser.Browser(pages("sphere", "--optimize"), "", SIZE) as page:
        page.run(RECORD)
        page.run("fgopt.goToFrame(0)")
        page.settle()
        page.run("window.calls = []; fgopt.goToFrame(1); 0")
        page.settle()
        uploads = [name for name in page.run("calls") if name in UPLOADS]
        assert 1 <= len(uploads) <= 4 and set(uploads) == {"texImage2D"}  # places and residuals, of each frame that is new
        page.run("window.calls = []; fgopt.goToFrame(1); fgopt.redraw(); 0")
        page.settle()
        assert {"drawElements", "drawArrays"} & set(page.run("calls")) and not UPLOADS & set(page.run("calls"))


# ---- the mouse ----


def test_hovering_tells_of_poses_and_edges(pages):
    path, graph = pages("manhattan"), oracle.Graph(SMALL / "manhattan.g2o")
    where, chi2 = oracle.screen(graph, SIZE), oracle.edge_chi2(SMALL / "manhattan.g2o")
    with browser.Browser(path, "bare=1", SIZE) as page:
        page.run("document.body.classList.remove('bare')")  # the tip is a panel; the view stays that of the oracle
        lonely = max(graph.place, key=lambda i: min(np.hypot(*(where[i] - where[j])) for j in graph.place if j != i))
        page.hover(*where[lonely])
        x, y, theta = graph.pose[lonely]
        lines = page.text("#tip").splitlines()
        assert lines[0] == f"pose {lonely}"
        assert f"x {x:.6g}" in lines[1] and f"y {y:.6g}" in lines[1] and lines[1].endswith(" m")
        assert abs(float(lines[2].removeprefix("θ ").removesuffix("°")) - np.degrees(theta)) < 0.011
        assert lines[3].split()[0] == str(sum(lonely in e[:2] for e in graph.edges))
        told = 0
        for k, (i, j, kind) in enumerate(graph.edges):
            middle = (where[i] + where[j]) / 2
            if told == 8 or min(np.hypot(*(p - middle)) for p in where.values()) < 10:
                continue
            if sum(np.hypot(*(oracle.samples(where[a], where[b]) - middle).T).min() < 8 for a, b, _ in graph.edges) > 1:
                continue
            page.hover(*middle)
            text = page.text("#tip")
            assert text.startswith(f"edge {i} → {j}"), (k, text)
            assert ("odometry" in text) == (kind == oracle.ODOMETRY)
            assert float(text.split("χ² ")[1].split()[0]) == pytest.approx(chi2[k], rel=0.01)
            assert "with 3 degrees of freedom" in text
            told += 1
        assert told == 8
        page.hover(5, 300)
        assert page.run("document.querySelector('#tip').hidden")
        assert page.errors == []


def test_dragging_and_the_wheel(pages):
    with browser.Browser(pages("sphere"), "azimuth=0&elevation=20", SIZE) as page:
        camera = lambda: page.run("JSON.parse(JSON.stringify(fgopt.camera))")
        before = camera()
        page.drag((500, 350), (400, 330))
        after = camera()
        assert after["azimuth"] == pytest.approx(40) and after["elevation"] == pytest.approx(12) and after["target"] == before["target"]
        at = page.run("fgopt.project(10)")
        page.drag((500, 350), (560, 310), button="right")
        assert page.run("fgopt.project(10)")[:2] == pytest.approx([at[0] + 60, at[1] - 40], abs=1e-6)
        assert camera()["azimuth"] == after["azimuth"]
        x, y = page.run("fgopt.project(10)")[:2]
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-120)
        page.settle()
        assert camera()["scale"] > 1.1 * before["scale"]
        assert page.run("fgopt.project(10)")[:2] == pytest.approx([x, y], abs=0.2)  # the mouse is at whole pixels
        page.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        page.mouse("mouseReleased", x, y, button="left", clickCount=1)
        page.settle()
        assert page.text("#tip").startswith("pose ")  # a click pins what is there
        page.hover(20, 400)
        assert page.text("#tip").startswith("pose ")
        page.press("Escape")
        assert page.run("document.querySelector('#tip').hidden")


# ---- the keys ----


def test_everything_has_a_key(pages):
    with browser.Browser(pages("sphere", "--optimize"), "", SIZE) as page:
        value = lambda code: page.run(code)
        page.press("ArrowLeft")
        assert value("fgopt.camera.azimuth") == pytest.approx(-30 - 4.8)  # the eye goes left
        page.press("ArrowUp")
        assert value("fgopt.camera.elevation") == pytest.approx(25 + 4.8)
        target = value("fgopt.camera.target")
        page.press("ArrowRight", "shift")
        assert value("fgopt.camera.target") != target
        scale = value("fgopt.camera.scale")
        page.press("+")
        assert value("fgopt.camera.scale") == pytest.approx(1.25 * scale)
        page.press("f")
        assert value("fgopt.camera.target") != target and value("fgopt.camera.scale") == value("fgopt.camera.fitted")
        page.press("c")
        assert value("fgopt.look.residual") is True and not value("document.querySelector('#levels').hidden")
        page.press("c")
        page.press("2")
        assert value("fgopt.look.kinds") == [0, 1, 1] and not value("document.querySelector('#kind0').checked")
        page.press("2")
        for wanted in ("dark", "light"):
            page.press("t")
            assert value("document.documentElement.dataset.theme") == wanted
            assert page.screenshot()[350, 4].mean() < 60 if wanted == "dark" else page.screenshot()[350, 4].mean() > 200
        page.press("?")
        assert not value("document.querySelector('#keys').hidden")
        page.press("Escape")
        assert value("document.querySelector('#keys').hidden")
        page.press("n")
        assert page.text("#tip").startswith("pose 0, the start")
        page.press("n")
        page.press("n")
        page.press("p")
        assert page.text("#tip").startswith("pose 1\n")
        page.press("h")
        assert value("[...document.querySelectorAll('.panel')].every(panel => getComputedStyle(panel).display === 'none')")
        page.press("h")
        page.press("/")
        page.type("17")
        page.press("Enter")
        assert page.text("#tip").startswith("pose 17\n")
        page.press("Escape")
        page.press("/")
        page.type("99")
        page.press("Enter")
        assert page.text("#missing") == "no variable 1799"
        assert page.errors == []


def test_tab_reaches_every_control_and_all_have_names(pages):
    with browser.Browser(pages("sphere", "--optimize"), "", SIZE) as page:
        reached = set()
        page.run("document.activeElement.blur()")
        for _ in range(16):
            page.press("Tab")
            reached.add(page.run("document.activeElement.id || document.activeElement.name"))
        assert {"scene", "wanted", "fit", "dark", "help", "mode", "kind2", "kind0", "play", "frame"} <= reached
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        controls = [node for node in tree if node.get("role", {}).get("value") in ("button", "slider", "checkbox", "radio", "textbox")]
        assert len(controls) >= 9 and all(node["name"]["value"].strip() for node in controls)
        assert any(node.get("role", {}).get("value") == "image" and "64 poses" in node["name"]["value"] for node in tree)


# ---- playing ----


def test_it_plays_the_iterations(pages, tmp_path):
    fgopt(SMALL / "sphere.g2o", "-q", "--json", tmp_path / "r.json", "-o", tmp_path / "best.g2o")
    report = json.loads((tmp_path / "r.json").read_text())
    costs = [it["cost"] for it in report["iterations"] if it["accepted"]]
    with browser.Browser(pages("sphere", "--optimize"), "", SIZE) as page:
        last = page.run("fgopt.meta.frames.length - 1")
        shown = lambda: int(page.run("document.documentElement.dataset.frame"))
        assert shown() == last  # what came out
        labels = {}
        for k in range(last, -1, -1):
            labels[k] = page.text("#label")
            page.press(",")
        assert labels[0].startswith("as in the file") and labels[last].startswith(f"iteration {len(costs) - 1}")
        assert [float(labels[k].split("χ² ")[1]) for k in range(last - len(costs) + 1, last + 1)] == pytest.approx(costs, rel=1e-6)
        assert shown() == 0
        seen, end = [], time.monotonic() + 40
        page.press(" ")
        assert page.run("document.documentElement.dataset.playing") == "1"
        while page.run("document.documentElement.dataset.playing") == "1":
            assert time.monotonic() < end, "it does not come to an end"
            seen.append(page.run("[+document.documentElement.dataset.frame, fgopt.shown.a + fgopt.shown.blend]"))
            time.sleep(0.02)
        assert shown() == last
        place = [b for _, b in seen]
        assert place == sorted(place) and len({k for k, _ in seen}) > 2 and any(x != int(x) for x in place)
        best = list(values(tmp_path / "best.g2o").values())
        for i in (0, 31, 63):
            found = page.run(f"[0, 1, 2].map(k => fgopt.frame({last}).place[3 * {i} + k] + fgopt.meta.origin[k])")
            assert found == pytest.approx(best[i][:3], abs=1e-4)
        page.run("fgopt.goToFrame(0)")
        assert page.text("#label").startswith("as in the file")
        assert page.errors == []


def test_the_picture_changes_with_the_frame(pages):
    """The file's estimate and the optimum, each against the rasterizer; the other one does not pass."""
    path = pages("sphere", "--optimize")
    meta, graph = oracle.Page(path), oracle.Graph(SMALL / "sphere.g2o")
    theme = meta.meta["themes"]["light"]
    with browser.Browser(path, "bare=1&frame=0&azimuth=10&elevation=30", SIZE) as page:
        images = [page.screenshot()]
        page.run("location.hash = 'bare=1&azimuth=10&elevation=30'")
        page.settle()
        images.append(page.screenshot())
    for k, frame in enumerate((0, len(meta.frames) - 1)):
        graph.place = {int(key): x for key, x in zip(meta.keys, meta.frames[frame][0])}
        where = oracle.screen(graph, SIZE, 10, 30)
        fits = [min(sum(oracle.agreement(image, graph, where, theme["kind"], oracle.rgb(theme["paper"])).values(), ())) for image in images]
        assert fits[k] > 0.93 and fits[1 - k] < 0.8, fits

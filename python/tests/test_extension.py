# SPDX-License-Identifier: BSD-3-Clause
"""A manifold and a factor in C, the example of docs/extend/manifold.md, are like the library's own ones."""

import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest
from support import ROOT, ring

import fgopt
from fgopt import _compile, _library
from fgopt._places import places

SOURCE = ROOT / "tests/extend/manifold.c"
QUARTER = np.pi / 2
pytestmark = pytest.mark.skipif(_compile.compiler() is None, reason="no C compiler or no headers")


@pytest.fixture(scope="module", autouse=True)
def level():
    return fgopt.load_extension(SOURCE)


def square():
    """A ramp around a square; measurements are exact, estimates are not."""
    g = fgopt.Graph()
    g.add_variables("Level", range(4), [[0.1, 0, 0.1, 0], [1.3, 0, 0.1, 1.4], [1.3, 1, 0.1, 2.8], [0.1, 1, 0.1, 4.2]])
    z = [[1, 0, 0.1, QUARTER], [1, 0, 0.1, QUARTER], [1, 0, -0.1, QUARTER], [1, 0, -0.1, QUARTER]]
    g.add("level_between", [[i, (i + 1) % 4] for i in range(4)], z, sigma=0.1)
    return g


# ---- loading ----


def test_what_is_loaded_is_known(level):
    assert (level.manifolds, level.factor_classes) == (("Level",), ("level_between",))
    assert fgopt.load_extension(str(SOURCE)) is level
    known = {m.name: m for m in fgopt.classes.manifolds()}
    assert list(known)[:4] == ["SO2", "SE2", "SO3", "SE3"]
    m = known["Level"]
    assert (m.ambient, m.tangent, m.kind, m.world, m.noun, m.tag) == (4, 4, "pose", 3, "level pose", "VERTEX_LEVEL")
    assert (m.numbers, m.number_units) == (("x", "y", "z", "heading"), ("m", "m", "m", "rad"))
    assert (m.dofs, m.dof_units) == (("forward", "left", "up", "heading"), ("m", "m", "m", "rad"))
    assert known["SE2"].kind == "pose" and known["SO3"].kind == "rotation" and known["SO3"].world == 3
    assert known["SE2"].tag is None
    row = {f.name: f for f in fgopt.classes.factor_classes()}["level_between"]
    assert row.manifolds == ("Level", "Level") and [f.name for f in row.fields] == ["translation", "turn"]
    assert "SE(2) pose" in (fgopt.classes.__doc__ or "") and "angle [rad]" in (fgopt.classes.__doc__ or "")


HEAD = """#include <fgopt/registry.h>
FGO_API fgo_status fgopt_extension(void);
static void retract(const fgo_manifold *m, const double *x, const double *d, double *out) { (void)m, out[0] = x[0] + d[0]; }
static void local(const fgo_manifold *m, const double *x, const double *y, double *d) { (void)m, d[0] = y[0] - x[0]; }
static const fgo_manifold line = { .name = "NAME", .ambient = 1, .tangent = 1, .retract = retract, .local = local };
"""


@pytest.mark.parametrize(
    "name, text, error, wanted",
    [
        ("broken", "int x = ;\n", fgopt.LibraryError, "broken.c:1:9: error"),
        ("silent", "int x;\n", fgopt.LibraryError, "has no function fgopt_extension"),
        ("idle", HEAD + "fgo_status fgopt_extension(void) { return line.ambient != 1; }\n", fgopt.LibraryError,
         "registers nothing"),
        ("clash", HEAD.replace("NAME", "SE3") + "fgo_status fgopt_extension(void) { return fgo_register_manifold(&line); }\n",
         fgopt.ManifoldError, "manifold SE3 .* has the name of a built-in one"),
        ("again", HEAD.replace("NAME", "Level") + "fgo_status fgopt_extension(void) { return fgo_register_manifold(&line); }\n",
         fgopt.ManifoldError, "manifold Level: another one of this name is registered"),
        ("undefined", HEAD + "int nowhere(void);\nfgo_status fgopt_extension(void) { return nowhere() + line.ambient; }\n",
         fgopt.LibraryError, "nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_says_why(tmp_path, name, text, error, wanted):
    (tmp_path / f"{name}.c").write_text(text)
    before = len(fgopt.classes.manifolds())
    with pytest.raises(error, match=wanted) as caught:
        fgopt.load_extension(tmp_path / f"{name}.c")
    assert str(caught.value).count("\n") < 12  # not the source
    assert len(fgopt.classes.manifolds()) == before


def test_files_that_are_no_extension(tmp_path, monkeypatch):
    with pytest.raises(fgopt.FileError, match="there is no extension"):
        fgopt.load_extension(tmp_path / "none.so")
    (tmp_path / "text.so").write_text("not a library")
    with pytest.raises(fgopt.LibraryError, match="cannot be loaded"):
        fgopt.load_extension(tmp_path / "text.so")
    shutil.copy(SOURCE, tmp_path / "other.c")
    monkeypatch.setattr(_compile, "compiler", lambda: None)
    with pytest.raises(fgopt.LibraryError, match="C compiler"):
        fgopt.load_extension(tmp_path / "other.c")


IN_A_NEW_PROCESS = """
import sys, fgopt
e = fgopt.load_extension(sys.argv[1])
g = fgopt.Graph()
g.add_variables(e.manifolds[0], 1, [3.0])
print(e.manifolds, g[1])
"""


@pytest.mark.parametrize("linked", [False, True])
def test_a_shared_library(tmp_path, linked):
    """Linked with libfgopt or not: what it calls is the library that this package has loaded."""
    body = "fgo_status fgopt_extension(void) { return fgo_register_manifold(&line); }\n"
    (tmp_path / "line.c").write_text(HEAD.replace("NAME", "Line") + body)
    library = _library.library_path
    folders = [f"-I{folder}" for folder in _library.include_folders()]
    link = [library, f"-Wl,-rpath,{library.rpartition('/')[0]}"] if linked else []
    out = tmp_path / "line.so"
    subprocess.run(["cc", "-shared", "-fPIC", *folders, str(tmp_path / "line.c"), *link, "-o", str(out)], check=True)
    words = [sys.executable, "-c", IN_A_NEW_PROCESS, str(out)]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "('Line',) [3.]\n"


# ---- graphs ----


def test_values():
    g = square()
    assert g.values("Level").shape == (4, 4) and np.array_equal(g.values("Level"), g.poses)
    assert g.keys("Level").tolist() == [0, 1, 2, 3] and repr(g) == "<fgopt.Graph: 4 Level; 4 level_between>"
    g[0] = [1, 2, 3, 0.5]
    assert g[0].tolist() == [1, 2, 3, 0.5] and g.values("Level")[0].tolist() == [1, 2, 3, 0.5]
    with pytest.raises(fgopt.ArgumentError, match=r"values has shape \(3,\), wanted \(1, 4\)"):
        g.add_variables("Level", 9, [1, 2, 3])
    with pytest.raises(fgopt.ArgumentError, match=r"variable 9: number 3 \(heading, rad\) of its value is not finite"):
        g.add_variables("Level", 9, [1, 2, 3, np.nan])
    with pytest.raises(fgopt.ArgumentError, match=r"no manifold 'Nowhere'; one of SO2, SE2, SO3, SE3, Level, .*load_extension"):
        g.add_variables("Nowhere", 9, [1])
    with pytest.raises(fgopt.ArgumentError, match="no factor class 'nothing'; load_extension"):
        g.add("nothing", [0, 1], [1])
    g.add_se2(10, [0, 0, 0])
    with pytest.raises(fgopt.ManifoldError, match="Level"):
        g.add("level_between", [0, 10], [1, 0, 0, 0])


def test_degrees_of_freedom_by_name():
    g = square()
    g.hold([0, 1], "heading")
    assert g.held.reshape(4, 4)[:, 3].tolist() == [True, True, False, False] and g.held.sum() == 2
    g.release(1, "heading")
    assert g.held.sum() == 1
    with pytest.raises(fgopt.ArgumentError, match="variable 0 of type Level has no degree of freedom 'roll'; it has forward"):
        g.hold(0, "roll")
    g.add_rn(9, [1.0, 2, 3, 4])
    with pytest.raises(fgopt.ArgumentError, match="type R4 has no degree of freedom 'x'; it has numbers below 4"):
        g.hold(9, "x")


def test_the_gauge_rule_and_the_optimum():
    g = square()
    before = g[0].copy()
    summary = g.optimize(init="file")
    assert summary.converged and g.cost() < 1e-15
    assert np.array_equal(g[0], before)  # the gauge rule holds it, though it has four degrees of freedom of six motions
    assert g.covariance(0).tolist() == np.zeros((4, 4)).tolist() and np.all(np.linalg.eigvalsh(g.covariance(1)) > 0)
    assert g.check_jacobians().error < 1e-6
    g.initialize("spanning-tree")
    assert g.cost() < 1e-20


def test_files(tmp_path):
    g = square()
    g.hold(0)
    g.save(tmp_path / "level.g2o")
    text = (tmp_path / "level.g2o").read_text()
    assert text.startswith("VERTEX_LEVEL 0 0.1 0 0.1 0\n") and "\nFIX 0\nEDGE_LEVEL 0 1 1 0 0.1 1.57" in text
    h = fgopt.load(tmp_path / "level.g2o")
    assert np.array_equal(h.values("Level"), g.values("Level")) and h.cost() == pytest.approx(g.cost(), rel=1e-12)
    assert h.held.sum() == 4
    h.save(tmp_path / "again.g2o")
    assert (tmp_path / "again.g2o").read_text() == text
    (tmp_path / "wrong.g2o").write_text("VERTEX_LEVEL 0 0 0 0\n")
    with pytest.raises(fgopt.ParseError, match=r":1:21: the line ends early: .* 1 id and 4 numbers \(x y z heading\)"):
        fgopt.load(tmp_path / "wrong.g2o")
    g.save(tmp_path / "level.tum")
    error = g.compare(fgopt.load(tmp_path / "level.tum"), align="none", match="keys")
    assert error.matched == 4 and error.ate_translation.max < 1e-15


def test_pickles_need_the_extension(tmp_path):
    g = square()
    h = pickle.loads(pickle.dumps(g))
    assert np.array_equal(h.state, g.state) and h.cost() == g.cost()
    (tmp_path / "g.pickle").write_bytes(pickle.dumps(g))
    script = f"import pickle, fgopt; pickle.load(open({str(tmp_path / 'g.pickle')!r}, 'rb'))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "there is no manifold 'Level'" in done.stderr and "load_extension()" in done.stderr


def test_residuals_in_python_are_not_for_it():
    with pytest.raises(fgopt.ArgumentError, match=r"a is 'Level'.*written in C, see load_extension"):
        fgopt.residual(a="Level")


# ---- where variables are ----


def test_places_by_traits():
    g = square()
    g.add_se3(10, [1, 2, 3, 0, 0, 0, 1])
    g.add_se2(11, [4, 5, 0.5])
    g.add_so3(12, [0, 0, 0, 1])
    g.add_rn([13, 14], [[1, 2, 3], [4, 5, 6]])
    g.add_rn(15, [1, 2, 3, 4])
    at = places(g._core)
    assert np.array_equal(at.positions[:4], g.values("Level")[:, :3])
    assert np.array_equal(at.positions[4:6], [[1, 2, 3], [4, 5, 0]])
    assert np.all(np.isnan(at.positions[[6, 9]])) and np.array_equal(at.positions[7:9], [[1, 2, 3], [4, 5, 6]])
    assert at.worlds.tolist() == [3] * 5 + [2] + [3] * 3 + [0] and at.kinds.tolist() == [1] * 6 + [2, 3, 3, 5]
    assert at.of(1).tolist() == [True] * 6 + [False] * 4


def test_a_picture(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    g = square()
    g.add_rn(9, [[1, 2, 3]])
    axes = g.plot()
    loops, chain, points = ([*zip(*line.get_data_3d())] for line in axes.lines)
    p = g.values("Level")[:, :3]
    assert np.allclose(np.array(chain)[[0, 1, 3, 4, 6, 7]], p[[0, 1, 1, 2, 2, 3]])
    assert np.allclose(np.array(loops)[:2], p[[3, 0]]) and np.allclose(points, [[1, 2, 3]])
    plt.close("all")


def test_landmarks_go_with_the_world_of_the_poses():
    g = square()
    g.add_rn([7, 8], [[1, 2], [3, 4]])
    g.add_rn(9, [[1, 2, 3]])
    assert g.landmarks.tolist() == [[1, 2, 3]]
    plane = ring()
    plane.add_rn(100, [[1, 2]])
    assert plane.landmarks.tolist() == [[1, 2]]

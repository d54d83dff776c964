# SPDX-License-Identifier: BSD-3-Clause
"""Residuals in Python: C and NumPy agree with each other and with differences; errors name the line."""

import os
import pathlib
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest

import fgopt
from fgopt import _compile
from fgopt._gauge import gauge_of
from fgopt.residual import Residual

needs_compiler = pytest.mark.skipif(_compile.compiler() is None, reason="no C compiler or no residual.h")


@fgopt.residual(pose="SE2", beacon="R2", slip="R1", z=1)
def slip_range(pose, beacon, slip, z):
    return slip[0] * fgopt.norm(beacon - pose.t) - z[0]


@fgopt.residual(a="SE2", b="SE2", z="SE2")
def between2(a, b, z):
    return fgopt.log(z.between(a.between(b)))


@fgopt.residual(a="SE3", b="SE3", z="SE3")
def between3(a, b, z):
    return fgopt.log(z.inverse() @ (a.inverse() @ b))


@fgopt.residual(a="SE3", p="R3", calibration="R4", z=2)
def camera(a, p, calibration, z):
    q = a.untransform(p)
    fx, fy, cx, cy = calibration
    depth = fgopt.sqrt(q.z * q.z + 9.0)
    return fx * q.x / depth + cx - z[0], fy * q.y / depth + cy - z[1]


@fgopt.residual(a="SO3", b="SO3", v="R3")
def rotations(a, b, v):
    c = a @ fgopt.so3_exp(0.3 * v) @ b.inverse()
    turned = c.transform([1.0, 2.0, 3.0]) + fgopt.cross(v, b.untransform(v))
    return [*turned, *c.vector_part, fgopt.dot(v, turned)]


@fgopt.residual(a="SO2", v="R3", w="R6")
def exponentials(a, v, w):
    p = fgopt.se2_exp(v) @ fgopt.pose2(v.x, 2.0, a.theta) @ fgopt.pose([0.5, v.y], a)
    T = fgopt.se3_exp(w)
    return [*p.log(), *T.log(), *T.transform(v), fgopt.wrap(p.theta + 3 * a.angle), *(a @ [v.x, 1.0]), *p.inverse().t]


@fgopt.residual(x="R10", z=2)
def scalars(x, z):
    y = np.array([[1.0, 2, 0.5], [0, 1, -1]]) @ x[:3]
    return [
        fgopt.sin(x[0]) * np.cos(x[1]) + fgopt.tan(x[2] / 5), fgopt.exp(-(x[3] ** 2)) + fgopt.log(2 + x[4] * x[4]),
        fgopt.atan2(x[5], 1 + x[6]) - fgopt.atan(x[7]), fgopt.asin(fgopt.tanh(x[8]) / 2) + fgopt.acos(x[9] / 9),
        fgopt.where((x[0] < x[1]) & ~(x[2] > 0.1), x[0] ** 3, abs(x[1]) ** 1.5), fgopt.minimum(x[3], 0.2) * 2.0**x[4],
        fgopt.maximum(x[5], z[0] * z[1]) / (1 + fgopt.hypot(x[6], x[7])), fgopt.norm(x), fgopt.square(x[8] - z[1]),
        abs(x[9]) ** fgopt.sqrt(1 + x[0] ** 2) - 3, np.float64(2.0) * y[0] - y[1], fgopt.hypot(z[0], 4.0) * x[1],
    ]  # fmt: skip


EVERY = [slip_range, between2, between3, camera, rotations, exponentials, scalars]


def graph_of(residual, count, scale=1.0, seed=0):
    """Factors with random values, each on variables of its own."""
    random, g, keys = np.random.default_rng(seed), fgopt.Graph(), []

    def value(kind):
        n = {"SO2": 1, "SE2": 3, "SO3": 4, "SE3": 7}.get(kind) or int(kind[1:])
        v = scale * random.normal(size=(count, n))
        return np.abs(v) + 0.1 if kind == "R4" else v + 1e-3 * (kind in ("SO3", "SE3"))

    for k, (_, kind) in enumerate(residual.program.variables):
        at = np.arange(count) + 10**6 * k
        g.add_variables(kind, at, value(kind))
        keys.append(at)
    z = value(residual.program.measurement) if residual.program.measurement else None
    if z is not None and residual.program.measurement == "SE3":
        z[:, 3:] /= np.linalg.norm(z[:, 3:], axis=1)[:, None]
    g.add(residual, np.stack(keys, axis=1), z, sigma=0.5)
    return g


@needs_compiler
@pytest.mark.parametrize("residual", EVERY, ids=lambda r: r.name)
@pytest.mark.parametrize("scale", [1.0, 1e-4])
def test_c_numpy_and_differences_agree(residual, scale):
    slow = Residual(residual.program, False, None)
    assert residual.compiled and not slow.compiled
    g, h = (graph_of(r, 200, scale) for r in (residual, slow))
    (e, J), (f, K) = g.evaluate_group(0, "none"), h.evaluate_group(0, "none")
    assert np.max(np.abs(e - f)) < 1e-12 * max(1, np.abs(e).max())
    assert np.max(np.abs(J - K)) < 1e-9 * max(1, np.abs(J).max())
    assert g.check_jacobians().error < 1e-6


@needs_compiler
def test_a_traced_between_is_the_built_in_one():
    g = graph_of(between3, 50, 0.3)
    e, J = g.evaluate_group(0, "none")
    group = g.groups()[0]
    h = fgopt.Graph()
    h.add_se3(g.keys(), g.values("SE3"))
    h.add_between_se3(np.arange(50), np.arange(50) + 10**6, group.measurements, convention="log")
    f, K = h.evaluate_group(0, "none")
    assert np.allclose(e, f, atol=1e-14) and np.allclose(J, K, atol=1e-13)


@pytest.mark.parametrize("compile", [None, False])
def test_a_graph_with_an_own_factor_is_optimized_copied_and_pickled(compile):
    r = Residual(slip_range.program, compile, None)
    random = np.random.default_rng(1)
    g = fgopt.Graph()
    poses, beacons = np.c_[random.uniform(0, 10, (30, 2)), np.zeros(30)], np.array([[0.0, 0], [10, 0], [3, 9]])
    g.add_se2(np.arange(30), poses)
    g.add_rn([100, 101, 102], beacons + 0.3)
    g.add_rn(200, [1.0])
    i, b = np.repeat(np.arange(30), 3), np.tile([0, 1, 2], 30)
    z = 1.1 * np.linalg.norm(poses[i, :2] - beacons[b], axis=1)
    g.add_prior_se2(np.arange(30), poses, sigma=0.01)
    g.add(r, np.c_[i, 100 + b, np.full(90, 200)], z, sigma=0.05, loss="huber:1.345")
    h = pickle.loads(pickle.dumps(g.copy()))
    assert g.optimize().converged and g[200] == pytest.approx(1.1, abs=1e-6)
    assert np.allclose(g.landmarks, beacons, atol=1e-5)
    assert h.optimize().cost_final == pytest.approx(g.cost(), abs=1e-12)


def test_a_residual_can_be_called():
    assert slip_range([0, 0, 0.3], [3, 4], [1.2], 5.5).tolist() == [0.5]
    _e, J = slip_range.linearize([0, 0, 0.0], [3, 4], [1.2], z=5.5)
    assert np.allclose(J, [[-0.72, -0.96, 0, 0.72, 0.96, 5]])
    with pytest.raises(TypeError):
        slip_range([0, 0, 0.3])


@fgopt.residual(a="SE3", p="R3")
def height(a, p):
    return a.transform(p).z


@fgopt.residual(p="R3")
def nowhere(p):
    return p.x


def test_gauges():
    found = {r.name: gauge_of(r.program) for r in [*EVERY, height, nowhere]}
    relative = ("slip_range", "between2", "between3", "camera")
    assert [name for name in found if found[name] == "relative"] == list(relative)
    assert found["height"] == "absolute" and found["nowhere"] is None and found["rotations"] == "absolute"


@needs_compiler
@pytest.mark.parametrize("residual", [slip_range, between2, between3, camera, height], ids=lambda r: r.name)
def test_the_library_finds_the_same_gauge(residual):
    g = graph_of(residual, 5)
    assert (g.optimize(init=None, max_iterations=0).gauge_held == 5) == (gauge_of(residual.program) == "relative")


@needs_compiler
def test_compiled_once(tmp_path, monkeypatch):
    monkeypatch.setenv("FGOPT_CACHE", str(tmp_path))
    Residual(slip_range.program, True, "relative")._class()
    (library,) = tmp_path.glob("*.so")
    stamp = library.stat().st_mtime_ns
    Residual(slip_range.program, True, "relative")._class()
    assert [p.stat().st_mtime_ns for p in tmp_path.glob("*.so")] == [stamp]
    assert library.with_suffix(".c").read_text() == Residual(slip_range.program, True, "relative").c_source
    Residual(slip_range.program, True, "absolute")._class()
    assert len(list(tmp_path.glob("*.so"))) == 2


CACHED = """
import fgopt
@fgopt.residual(x="R1", compile=True)
def half(x):
    return x[0] / 2
library, path = fgopt._compile.build(half.c_source, half._identity)
print(path)
"""


@needs_compiler
def test_a_home_that_cannot_be_written_is_no_hindrance(tmp_path):
    (tmp_path / "file").touch()
    around = {k: v for k, v in os.environ.items() if k not in ("FGOPT_CACHE", "XDG_CACHE_HOME")}

    def build(**more):
        code = [sys.executable, "-c", CACHED]
        return subprocess.run(code, capture_output=True, text=True, env={**around, **more}, check=False)

    own = build(XDG_CACHE_HOME=str(tmp_path / "file"), TMPDIR=str(tmp_path))
    assert own.stdout.startswith(f"{tmp_path}/fgopt-") and [p.name for p in tmp_path.iterdir()] == ["file"], own.stderr
    kept = build(XDG_CACHE_HOME=str(tmp_path))
    assert (tmp_path / "fgopt").is_dir() and pathlib.Path(kept.stdout.strip()).is_file(), kept.stderr
    wrong = build(FGOPT_CACHE=str(tmp_path / "file"))
    assert "ResidualError: compiled residuals cannot be kept where FGOPT_CACHE says: " in wrong.stderr


@needs_compiler
def test_a_library_that_cannot_be_loaded_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("FGOPT_CACHE", str(tmp_path))
    monkeypatch.setattr(_compile, "_compile", lambda command, source, library: library.write_text("no library"))
    with pytest.raises(fgopt.ResidualError, match=r"cannot be loaded: .*; set FGOPT_CACHE"):
        _compile.build("int one;", "one")


def test_without_a_compiler_numpy_serves(monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    r = Residual(slip_range.program, None, None)
    with pytest.warns(UserWarning, match="runs with NumPy") as caught:
        graph_of(r, 3).cost()
    assert caught[0].filename == __file__  # the line that calls Graph.add
    with pytest.raises(fgopt.ResidualError, match="no C compiler"):
        graph_of(Residual(slip_range.program, True, None), 3)


def by_if(x):
    if x[0] < 1:  # here
        return x[0]
    return x[1]


def by_shape(x):
    return x + fgopt.vector(x[0], x[1])  # here


def by_math(x):
    import math

    return math.sin(x[0])  # here


def by_attribute(x):
    return x.theta  # here


def by_ufunc(x):
    return np.arctanh(x[0])  # here


def by_equality(x):
    return 1.0 if x[0] == x[1] else x[2]  # here


def by_index(x):
    return x[7]  # here


@pytest.mark.parametrize("function", [by_if, by_shape, by_math, by_attribute, by_ufunc, by_equality, by_index])
def test_a_wrong_residual_names_its_line(function):
    lines = pathlib.Path(__file__).read_text().splitlines()
    start = function.__code__.co_firstlineno
    line = next(i for i in range(start, start + 6) if lines[i - 1].endswith("# here"))
    with pytest.raises(fgopt.ResidualError) as caught:
        fgopt.residual(x="R3")(function)
    assert str(caught.value).startswith(f"{__file__}:{line}: ") and "# here" in str(caught.value)


def test_wrong_declarations():
    with pytest.raises(fgopt.ResidualError, match=r"test_residual\.py:\d+: by_if has parameters x, declared are y"):
        fgopt.residual(y="R3")(by_if)
    with pytest.raises(fgopt.ResidualError, match="missing"):
        fgopt.residual(x="R3")(lambda x: None)
    for wrong in ({"x": "SE4"}, {}, {"x": "R3", "z": "Q"}, {"x": "R1", "gauge": "odd"}):
        with pytest.raises(fgopt.ArgumentError):
            fgopt.residual(**wrong)
    with pytest.raises(fgopt.ArgumentError, match="keys"):
        fgopt.Graph().add(slip_range, [1, 2], 1.0)
    with pytest.raises(fgopt.ArgumentError, match="needs z"):
        fgopt.Graph().add(slip_range, [1, 2, 3])


@pytest.mark.parametrize("compile", [None, False])
def test_what_cannot_be_evaluated_is_an_error(compile):
    @fgopt.residual(x="R1", compile=compile)
    def root(x):
        return fgopt.log(x[0])

    g = fgopt.Graph()
    g.add_rn(0, [-1.0])
    g.add(root, 0)
    with pytest.raises(fgopt.EvaluationError, match="root"):
        g.cost()
    assert g.optimize(init=None).failed


def test_an_exception_inside_comes_out(monkeypatch):
    g = graph_of(Residual(slip_range.program, False, None), 3)
    monkeypatch.setattr(sys.modules["fgopt.residual"], "evaluate", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        g.cost()
    with pytest.raises(ZeroDivisionError):
        g.optimize(init=None)


def test_the_c_is_readable():
    assert re.search(r"FGO_RESIDUAL3\(slip_range_\w+, 1, \w+, se2, v0, r2, v1, r1, v2\)", slip_range.c_source)

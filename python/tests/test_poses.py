# SPDX-License-Identifier: BSD-3-Clause
"""so2, se2, so3 and se3 against the functions of fgopt/pose.h in the library, value by value, at random and at hard points."""

import ctypes as c

import numpy as np
import pytest

import fgopt
from fgopt import se2, se3, so2, so3
from fgopt._library import lib

EPS = np.finfo(float).eps
GROUPS = {"so2": (so2, 2, 1), "se2": (se2, 4, 3), "so3": (so3, 4, 3), "se3": (se3, 7, 6)}  # module, ambient, tangent
SPACE = {"so2": 2, "se2": 2, "so3": 3, "se3": 3}


def numbers(n):
    """A C struct of n doubles."""
    return type(f"Numbers{n}", (c.Structure,), {"_fields_": [("x", c.c_double * n)]})


STRUCT = {n: numbers(n) for n in (2, 3, 4, 6, 7, 9, 16, 36)}


def of_c(name, result, *arguments, fills=False):
    """Calls a function of pose.h for each row of the arguments; NaN where it refuses."""
    function = getattr(lib, f"fgo_{name}")
    kinds = [c.c_double if a.ndim == 1 else STRUCT[a.shape[1]] for a in arguments]
    kind = STRUCT.get(result, c.c_double)
    function.argtypes = [*kinds, c.POINTER(kind)] if fills else kinds
    function.restype = c.c_int if fills else kind
    rows = []
    for row in zip(*arguments):
        given = [float(a) if np.ndim(a) == 0 else k((c.c_double * len(a))(*a)) for k, a in zip(kinds, row)]
        out = kind()
        if fills:
            rows.append([np.nan] * result if function(*given, out) else list(out.x))
        else:
            out = function(*given)
            rows.append(out if result == 1 else list(out.x))
    return np.array(rows)


def same(python, ours, scale=1.0, least=8):
    """To within a few roundings of the numbers that went in."""
    assert python.shape == ours.shape and np.all(np.isfinite(ours))
    assert np.all(np.abs(python - ours) <= least * EPS * np.maximum(np.abs(ours), scale))


ANGLES = [0.0, 1e-300, 1e-20, 1e-12, 1e-9, 1e-4, 0.09999, 0.1, 0.1001, 1.0, np.pi / 2, 3.0, np.pi - 1e-9, np.pi - 1e-15, np.pi]


def tangents(name, seed=0):
    """Rotations by every hard angle, of both signs, and random ones; lengths from tiny to large before them."""
    random, (_, _, n) = np.random.default_rng(seed), GROUPS[name]
    turns = np.r_[ANGLES, np.negative(ANGLES), random.uniform(-np.pi, np.pi, 60)]
    if name == "so2":
        return turns
    axes = random.normal(size=(len(turns), 3 if SPACE[name] == 3 else 1))
    axes[:6] = np.r_[np.eye(3), -np.eye(3)][:, : axes.shape[1]] if axes.shape[1] == 3 else 1.0
    axes /= np.linalg.norm(axes, axis=1)[:, None]
    w = axes * turns[:, None]
    return w if n == 3 and SPACE[name] == 3 else np.c_[random.normal(size=(len(turns), SPACE[name])) * 10, w]


def points_of(name, seed=0):
    """Elements of the group (n, ambient), half of the quaternions with qw < 0."""
    module, x = GROUPS[name][0], tangents(name, seed)
    out = module.from_angle(x) if name == "so2" else module.exp(x)
    if SPACE[name] == 3:
        out[::2, -4:] *= -1
    return out


def pairs(name):
    a, b = points_of(name, 1), points_of(name, 2)
    b[:10] = a[:10]  # equal ones
    return a, b[np.r_[:10, np.random.default_rng(3).permutation(np.arange(10, len(b)))]]


@pytest.mark.parametrize("name", GROUPS)
def test_group(name):
    module, n, _ = GROUPS[name]
    a, b = pairs(name)
    scale = 100.0 if name in ("se2", "se3") else 1.0
    for function in ("compose", "between"):
        same(getattr(module, function)(a, b), of_c(f"{name}_{function}", n, a, b), scale)
    same(module.inverse(a), of_c(f"{name}_inverse", n, a), scale)
    s = np.linspace(-0.5, 1.5, len(a))
    # At half a turn rounding chooses the way, so such pairs are left out
    apart = np.abs(module.angle_between(a, b) if name[1] == "o" else module.angle(se2.between(a, b)) if name == "se2"
                   else so3.angle(se3.rotation(se3.between(a, b)))) < 3.1  # fmt: skip
    a, b, s = a[apart], b[apart], s[apart]
    assert len(a) > 50
    same(module.interpolate(a, b, s), of_c(f"{name}_interpolate", n, a, b, s), scale, least=64)
    identity = getattr(lib, f"fgo_{name}_identity")
    identity.restype = STRUCT[n]
    assert module.identity().tolist() == list(identity().x)
    e = np.broadcast_to(module.identity(), a.shape)
    same(module.compose(e, a), a, scale)


@pytest.mark.parametrize("name", ["se2", "so3", "se3"])
def test_exp_and_log(name):
    module, n, tangent = GROUPS[name]
    x = tangents(name)
    same(module.exp(x), of_c(f"{name}_exp", n, x), 100.0 if n > 4 or name == "se2" else 1e-300)
    T = points_of(name)
    same(module.log(T), of_c(f"{name}_log", tangent, T), 100.0 if name != "so3" else 1e-300, least=16)
    x = x[np.abs(x).max(axis=1) < 1e9]
    back = module.log(module.exp(x))
    inner = np.linalg.norm(x[:, 2:] if name == "se2" else x[:, -3:], axis=1) < 3.14
    assert inner.sum() > 60 and np.allclose(back[inner], x[inner], rtol=1e-13, atol=1e-13)


def test_small_rotations_keep_their_digits():
    w = np.array([[1e-12, -2e-13, 3e-14], [1e-30, 0, 0], [0, 1e-150, 0]])
    assert np.allclose(so3.log(so3.exp(w)), w, rtol=4 * EPS, atol=0)
    assert np.array_equal(so3.log(-so3.exp(w)), so3.log(so3.exp(w)))


@pytest.mark.parametrize("name", GROUPS)
def test_points(name):
    module, d = GROUPS[name][0], SPACE[name]
    T, p = points_of(name), np.random.default_rng(5).normal(size=(len(points_of(name)), d)) * 10
    for function in ("transform", "untransform") if name[1] == "e" else ("rotate", "unrotate"):
        same(getattr(module, function)(T, p), of_c(f"{name}_{function}", d, T, p), 100.0)
    there = module.transform if name[1] == "e" else module.rotate
    back = module.untransform if name[1] == "e" else module.unrotate
    assert np.allclose(back(T, there(T, p)), p, atol=1e-13)
    assert there(T[0], p).shape == p.shape and there(T[:, None], p).shape == (len(T), len(p), d)


@pytest.mark.parametrize("name", GROUPS)
def test_matrices(name):
    module, n = GROUPS[name][:2]
    T, size = points_of(name), SPACE[name] + (name[1] == "e")
    M = module.to_matrix(T)
    same(M.reshape(len(T), -1), of_c(f"{name}_to_matrix", size * size, T), 1.0)
    random = np.random.default_rng(6)
    d = SPACE[name]
    M[10:, :d, :d] += 0.05 * random.normal(size=(len(T) - 10, d, d))  # off a rotation
    M[20:30, :d, :d] *= 7.0
    same(module.from_matrix(M), of_c(f"{name}_from_matrix", n, M.reshape(len(T), -1), fills=True), 10.0, least=64)
    # half a turn off both ways is the same to rounding: compare as rotations
    back = module.from_matrix(module.to_matrix(T))
    assert np.allclose(module.to_matrix(back), module.to_matrix(T), atol=1e-14)


@pytest.mark.parametrize("name", ["se2", "se3"])
def test_adjoint(name):
    module, _, tangent = GROUPS[name]
    T = points_of(name)
    same(module.adjoint(T).reshape(len(T), -1), of_c(f"{name}_adjoint", tangent * tangent, T), 100.0)
    xi = 0.3 * tangents(name, 8)
    moved = module.compose(module.compose(T, module.exp(xi)), module.inverse(T))
    assert np.allclose(module.log(moved), np.einsum("nij,nj->ni", module.adjoint(T), xi), atol=1e-11)


def test_angles():
    a, b = pairs("so3")
    same(so3.angle(a), of_c("so3_angle", 1, a), 1e-300)
    same(so3.angle_between(a, b), of_c("so3_angle_between", 1, a, b))
    x = np.r_[ANGLES, np.negative(ANGLES), 1e9]
    same(so2.from_angle(x), of_c("so2_from_angle", 2, x), 1e-300)
    same(so2.angle(so2.from_angle(x)), of_c("so2_angle", 1, so2.from_angle(x)), 1e-300)
    T = se2.from_angle(1.0, x, x)
    same(T, of_c("se2_from_angle", 4, np.ones_like(x), x, x), 1e-300)
    same(se2.angle(T), of_c("se2_angle", 1, T), 1e-300)
    a, b = pairs("so2")
    same(so2.angle_between(a, b), of_c("so2_angle_between", 1, a, b))


def test_euler_angles():
    random = np.random.default_rng(7)
    hard = [0.0, 1e-12, 0.3, np.pi / 2 - 1e-9, np.pi / 2, 3.0, np.pi]
    e = np.array([[r, p, y] for r in hard for p in [*hard[:5], *np.negative(hard[:5])] for y in hard])
    e = np.r_[e, random.uniform(-3, 3, (200, 3))]
    q = so3.from_euler(e)
    same(q, of_c("so3_from_euler", 4, e), 1.0)
    back = so3.to_euler(q)
    theirs = of_c("so3_to_euler", 3, q)
    safe = np.abs(np.abs(theirs[:, 1]) - np.pi / 2) > 1e-6
    turned = np.abs(back - theirs)
    assert safe.sum() > 400 and np.all(np.minimum(turned, 2 * np.pi - turned)[safe] < 1e-9)
    assert np.max(so3.angle_between(so3.from_euler(back), q)) < 1e-14  # also at gimbal lock
    lock = so3.to_euler(so3.from_euler([[0.2, np.pi / 2, 0.8], [0.2, -np.pi / 2, 0.8]]))
    assert np.allclose(lock, [[-0.3, np.pi / 2, 0.3], [0.5, -np.pi / 2, 0.5]], atol=1e-12)


def test_other_forms():
    q = np.random.default_rng(9).normal(size=(50, 4)) * np.logspace(-200, 200, 50)[:, None]
    same(so3.normalize(q), of_c("so3_normalize", 4, q, fills=True))
    same(so3.from_wxyz(q), of_c("so3_from_wxyz", 4, q, fills=True))
    R = so3.normalize(q)
    assert np.array_equal(so3.normalize(R), of_c("so3_normalize", 4, R, fills=True))
    off = R * (1 + 1e-12 * np.arange(50))[:, None]
    assert np.array_equal(so3.normalize(off), of_c("so3_normalize", 4, off, fills=True)) and not np.array_equal(off, R)
    assert np.max(np.abs(np.linalg.norm(so3.normalize(off), axis=1) - 1)) < 1e-15
    assert np.array_equal(so3.to_wxyz(R), of_c("so3_to_wxyz", 4, R))
    axis, angle = q[:, :3], np.resize(ANGLES, 50)
    same(so3.from_axis_angle(axis, angle), of_c("so3_from_axis_angle", 4, np.c_[axis, angle], fills=True), 1e-300)
    R = points_of("so3")
    found, turn = so3.to_axis_angle(R)
    same(np.c_[found, turn], of_c("so3_to_axis_angle", 4, R))
    assert so3.to_axis_angle(so3.identity())[0].tolist() == [1, 0, 0]
    same(so3.from_so2(points_of("so2")), of_c("so3_from_so2", 4, points_of("so2")))
    same(se3.from_se2(points_of("se2")), of_c("se3_from_se2", 7, points_of("se2")), 10.0)
    T = points_of("se3")
    same(se3.normalize(T * 3.0), of_c("se3_normalize", 7, T * 3.0, fills=True))
    same(se2.normalize(points_of("se2") * 3.0), of_c("se2_normalize", 4, points_of("se2") * 3.0, fills=True))
    same(so2.normalize(q[:, :2]), of_c("so2_normalize", 2, q[:, :2], fills=True))
    assert np.array_equal(se3.from_parts(se3.translation(T), se3.rotation(T)), T)


def test_they_are_the_manifolds_of_a_graph():
    """retract and local of the library: a step of optimize() is compose(T, exp(xi)); a prior's residual is log(between)."""
    T, z = points_of("se3")[20:40], points_of("se3", 4)[20:40]
    g = fgopt.Graph()
    g.add_se3(np.arange(20), T)
    g.add_prior_se3(np.arange(20), z, convention="log")
    assert np.allclose(g.residuals().reshape(20, 6), se3.log(se3.between(z, g.poses)), atol=1e-12)


@pytest.mark.parametrize("wrong, text", [
    (lambda: se3.compose(np.zeros(6), se3.identity()), r"a has shape \(6,\), wanted \(\.\.\., 7\)"),
    (lambda: so3.from_matrix(np.eye(2)), r"M has shape \(2, 2\), wanted \(\.\.\., 3, 3\)"),
    (lambda: so3.normalize([[0, 0, 0, 1], [0, 0, 0, 0]]), r"the quaternion is zero .* \(at index 1\)"),
    (lambda: so3.from_matrix([np.eye(3), np.diag([1, 1, -1])]), r"reflection.* \(at index 1\)"),
    (lambda: so2.from_matrix([[[1, 0], [0, 1]], [[0, 0], [0, 0]]]), "singular"),
    (lambda: se3.from_matrix(np.diag([1, 1, 1, 2.0])), "the last row of a homogeneous matrix is 0 0 0 1"),
    (lambda: se2.from_matrix([[1, 0, np.inf], [0, 1, 0], [0, 0, 1]]), "the translation is not finite"),
    (lambda: se3.normalize([np.nan, 0, 0, 0, 0, 0, 1]), "the translation is not finite"),
    (lambda: so3.from_axis_angle([0, 0, 0], 1.0), "the axis is zero"),
    (lambda: so3.from_axis_angle([0, 0, 1], np.nan), "the angle is not finite"),
    (lambda: so3.exp("abc"), "w: "),
])  # fmt: skip
def test_errors(wrong, text):
    with pytest.raises(fgopt.ArgumentError, match=text):
        wrong()


@pytest.mark.parametrize("name", GROUPS)
def test_empty_arrays(name):
    module, n, _ = GROUPS[name]
    none = np.empty((0, n))
    assert module.compose(none, module.identity()).shape == module.inverse(none).shape == module.normalize(none).shape == (0, n)
    assert module.from_matrix(module.to_matrix(none)).shape == (0, n)

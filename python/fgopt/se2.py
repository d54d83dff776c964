# SPDX-License-Identifier: BSD-3-Clause
"""Poses of the plane as arrays (..., 4) of x, y, cos, sin: how graphs store them, and Graph.poses shows them.

A pose a_T_b takes coordinates in frame b to frame a, p_a = R p_b + t. Metres and radians; tangents (..., 3) are the translation
u, then the angle, and perturb on the right: optimize() moves T to compose(T, exp(xi)). Leading axes broadcast. The functions
are those of fgopt/pose.h: they expect rotations of unit length, to which normalize() brings others.

>>> a, b = se2.from_angle(1.0, 2.0, np.pi / 2), se2.from_angle(1.0, 5.0, np.pi / 2)
>>> np.allclose(se2.log(se2.between(a, b)), [3.0, 0.0, 0.0])
True
>>> np.allclose(se2.transform(a, [[1.0, 0.0], [0.0, 1.0]]), [[1.0, 3.0], [0.0, 2.0]])
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import so2
from ._arguments import Array, numbers
from ._shapes import homogeneous, matrix, parts, refuse_where, stack, together, values


def _tR(T: Any, name: str = "T") -> tuple[Array, Array]:
    a = values(T, (4,), name)
    return a[..., :2], a[..., 2:]


def identity() -> Array:
    """Returns the pose at the origin with angle 0."""
    return np.array([0.0, 0.0, 1.0, 0.0])


def from_angle(x: Any, y: Any, angle: Any) -> Array:
    """Returns the pose with translation (x, y) and rotation by the angle. No Exp: the translation stays as it is."""
    a = numbers(angle, "angle")
    return stack(numbers(x, "x"), numbers(y, "y"), np.cos(a), np.sin(a))


def translation(T: Any) -> Array:
    """Returns the translation (..., 2): the origin of the pose's frame in the outer one."""
    return np.array(_tR(T)[0])


def rotation(T: Any) -> Array:
    """Returns the rotation as so2.py has it, (..., 2)."""
    return np.array(_tR(T)[1])


def angle(T: Any) -> Array:
    """Returns the angle (...) in [-pi, pi]."""
    return so2.angle(_tR(T)[1])


def compose(a: Any, b: Any) -> Array:
    """Returns a b: from a_T_b and b_T_c the pose a_T_c. Its rotation is of unit length."""
    (_, Q), (t, R) = _tR(a, "a"), _tR(b, "b")
    return together(transform(a, t), so2.compose(Q, R))


def inverse(T: Any) -> Array:
    """Returns T^-1: from a_T_b the pose b_T_a."""
    t, R = _tR(T)
    return together(so2.unrotate(R, -t), so2.inverse(R))


def between(a: Any, b: Any) -> Array:
    """Returns a^-1 b: b in the frame of a, which is what a between factor measures."""
    (_, Q), (t, R) = _tR(a, "a"), _tR(b, "b")
    return together(untransform(a, t), so2.between(Q, R))


def exp(xi: Any) -> Array:
    """Returns Exp(u, w): the pose after one second of constant velocity in its own frame, which moves it on an arc."""
    v = values(xi, (3,), "xi")
    ux, uy, w = v[..., 0], v[..., 1], v[..., 2]
    x = w * w
    small = x < 0.01  # by series, as (1 - cos w) / w cancels; the first term left out is below 1e-15
    far, s, c = np.where(small, 1.0, w), np.sin(w), np.cos(w)
    y = np.where(small, x, 0.0)
    A = np.where(small, 1.0 - y / 6.0 * (1.0 - y / 20.0 * (1.0 - y / 42.0 * (1.0 - y / 72.0))), s / far)
    B = np.where(small, w * (1.0 / 2.0 - y / 24.0 + y * y / 720.0 - y * y * y / 40320.0), (1.0 - c) / far)
    return stack(A * ux - B * uy, B * ux + A * uy, c, s)


def log(T: Any) -> Array:
    """Returns the shortest xi with Exp(xi) = T; its angle in [-pi, pi]."""
    t, R = _tR(T)
    w, c, s = so2.angle(R), R[..., 0], R[..., 1]
    x, h = w * w, 0.5 * w
    small, ahead = x < 0.01, c > 0.0
    y = np.where(small, x, 0.0)
    series = 1.0 - y * (1.0 / 12.0 + y * (1.0 / 720.0 + y * (1.0 / 30240.0 + y / 1209600.0)))
    # h cot h, each form where it does not cancel
    near = h * (1.0 + c) / np.where(ahead & ~small, s, 1.0)
    far = h * s / np.where(ahead, 1.0, 1.0 - c)
    k = np.where(small, series, np.where(ahead, near, far))
    tx, ty = t[..., 0], t[..., 1]
    return stack(k * tx + h * ty, k * ty - h * tx, w)


def transform(T: Any, p: Any) -> Array:
    """Returns T p = R p + t: the coordinates in the outer frame of points (..., 2) in the frame of the pose."""
    t, R = _tR(T)
    return so2.rotate(R, p) + t


def untransform(T: Any, p: Any) -> Array:
    """Returns T^-1 p = R^-1 (p - t): the coordinates in the frame of the pose of points in the outer frame."""
    t, R = _tR(T)
    return so2.unrotate(R, values(p, (2,), "p") - t)


def adjoint(T: Any) -> Array:
    """Returns Ad (..., 3, 3), for which T Exp(xi) T^-1 = Exp(Ad xi). A covariance of xi becomes Ad Cov Ad'."""
    t, R = _tR(T)
    c, s = R[..., 0], R[..., 1]
    return matrix(3, c, -s, t[..., 1], s, c, -t[..., 0], 0.0, 0.0, 1.0)


def interpolate(a: Any, b: Any, s: Any) -> Array:
    """Returns a Exp(s Log(a^-1 b)): the pose on the arc from a (s = 0) to b (s = 1) at constant velocity; s may lie
    outside [0, 1]."""
    return compose(a, exp(numbers(s, "s")[..., None] * log(between(a, b))))


def normalize(T: Any) -> Array:
    """Returns T with its rotation at unit length. ArgumentError where the rotation is 0 or anything is not finite."""
    t, R = _tR(T)
    refuse_where(~np.all(np.isfinite(t), axis=-1), "the translation is not finite: no pose")
    return together(t, so2.normalize(R))


def to_matrix(T: Any) -> Array:
    """Returns the homogeneous matrices (..., 3, 3): [R t; 0 0 1]."""
    t, R = _tR(T)
    return homogeneous(so2.to_matrix(R), t)


def from_matrix(M: Any) -> Array:
    """Returns the poses of homogeneous matrices (..., 3, 3): the nearest rotation, and the translation. ArgumentError where
    so2.from_matrix raises it, and where the last row is not 0 0 1 within 1e-9."""
    R, t = parts(values(M, (3, 3), "M"))
    return together(t, so2.from_matrix(R))

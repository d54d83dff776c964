# SPDX-License-Identifier: BSD-3-Clause
"""Rotations of the plane as arrays (..., 2) of cos and sin: how graphs store them. Angles are radians.

Leading axes broadcast, so that all functions take one rotation or many. They are the functions of fgopt/pose.h: they
expect unit length; compose() returns it, normalize() restores it.

>>> R = so2.from_angle([0.0, np.pi / 2])
>>> np.allclose(so2.rotate(R, [1.0, 0.0]), [[1.0, 0.0], [0.0, 1.0]])
True
>>> np.allclose(so2.angle(so2.compose(R[1], R[1])), np.pi)
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arguments import Array, numbers
from ._shapes import matrix, regular, restored, stack, unit, values


def _cs(R: Any, name: str = "R") -> tuple[Array, Array]:
    a = values(R, (2,), name)
    return a[..., 0], a[..., 1]


def _product(a: Any, b: Any, sign: float) -> Array:
    (c, s), (d, t) = _cs(a, "a"), _cs(b, "b")
    s = sign * s
    return stack(c * d - s * t, c * t + s * d)


def identity() -> Array:
    """Returns the rotation by 0: cos 1, sin 0."""
    return np.array([1.0, 0.0])


def from_angle(angle: Any) -> Array:
    """Returns the rotation by an angle: Exp."""
    a = numbers(angle, "angle")
    return stack(np.cos(a), np.sin(a))


def angle(R: Any) -> Array:
    """Returns the angle (...) in [-pi, pi]: Log."""
    c, s = _cs(R)
    return np.arctan2(s, c)


def compose(a: Any, b: Any) -> Array:
    """Returns a b: first b, then a; of unit length."""
    return restored(_product(a, b, 1.0))


def inverse(R: Any) -> Array:
    """Returns R^-1."""
    c, s = _cs(R)
    return stack(c, -s)


def between(a: Any, b: Any) -> Array:
    """Returns a^-1 b: b seen from a."""
    return _product(a, b, -1.0)


def rotate(R: Any, p: Any) -> Array:
    """Returns R p for points or vectors (..., 2)."""
    (c, s), q = _cs(R), values(p, (2,), "p")
    x, y = q[..., 0], q[..., 1]
    return stack(c * x - s * y, s * x + c * y)


def unrotate(R: Any, p: Any) -> Array:
    """Returns R^-1 p."""
    return rotate(inverse(R), p)


def angle_between(a: Any, b: Any) -> Array:
    """Returns the angle (...) between two rotations, in [0, pi]."""
    return np.abs(angle(between(a, b)))


def interpolate(a: Any, b: Any, s: Any) -> Array:
    """Returns a Exp(s Log(a^-1 b)): a at s = 0, b at s = 1, in the shorter direction at constant speed; s may lie outside
    [0, 1]."""
    return compose(a, from_angle(numbers(s, "s") * angle(between(a, b))))


def normalize(R: Any) -> Array:
    """Returns R at unit length. ArgumentError where its length is 0 or not finite."""
    return unit(values(R, (2,), "R"), "cos and sin are both zero, or not finite: no rotation")


def to_matrix(R: Any) -> Array:
    """Returns the matrices (..., 2, 2): [cos -sin; sin cos]."""
    c, s = _cs(R)
    return matrix(2, c, -s, s, c)


def from_matrix(M: Any) -> Array:
    """Returns the rotations nearest to matrices (..., 2, 2). ArgumentError where one is singular or a reflection."""
    m = regular(values(M, (2, 2), "M"))
    return normalize(stack(m[..., 0, 0] + m[..., 1, 1], m[..., 1, 0] - m[..., 0, 1]))

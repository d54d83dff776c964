# SPDX-License-Identifier: BSD-3-Clause
"""Poses of space as arrays (..., 7) of x, y, z, qx, qy, qz, qw: how graphs store them, and Graph.poses shows them.

A pose a_T_b takes coordinates in frame b to frame a, p_a = R p_b + t. Metres and radians; tangents (..., 6) are the translation
u, then the rotation vector, and perturb on the right: optimize() moves T to compose(T, exp(xi)). Leading axes broadcast. The
functions are those of fgopt/pose.h: they expect rotations of unit length, to which normalize() brings others.

>>> step = se3.from_parts([1.0, 0.0, 0.0], so3.from_euler([0.0, 0.0, np.pi / 2]))
>>> T = se3.identity()
>>> for _ in range(4):
...     T = se3.compose(T, step)
>>> np.allclose(se3.log(T), 0.0)
True
>>> np.allclose(se3.transform(step, [2.0, 0.5, 0.0]), [0.5, 2.0, 0.0])
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import se2, so3
from ._arguments import Array, numbers
from ._shapes import homogeneous, matrix, parts, refuse_where, together, values


def _tR(T: Any, name: str = "T") -> tuple[Array, Array]:
    a = values(T, (7,), name)
    return a[..., :3], a[..., 3:]


def identity() -> Array:
    """Returns the pose at the origin without rotation."""
    return np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])


def from_parts(translation: Any, rotation: Any) -> Array:
    """Returns the pose with this translation (..., 3) and rotation (..., 4). No Exp: the translation stays as it is."""
    return together(values(translation, (3,), "translation"), values(rotation, (4,), "rotation"))


def from_se2(T: Any) -> Array:
    """Returns poses of the plane as poses of space: at z = 0, rotated about z."""
    t = se2.translation(T)
    return together(t, np.zeros((*t.shape[:-1], 1)), so3.from_so2(se2.rotation(T)))


def translation(T: Any) -> Array:
    """Returns the translation (..., 3): the origin of the pose's frame in the outer one."""
    return np.array(_tR(T)[0])


def rotation(T: Any) -> Array:
    """Returns the rotation as so3.py has it, (..., 4)."""
    return np.array(_tR(T)[1])


def compose(a: Any, b: Any) -> Array:
    """Returns a b: from a_T_b and b_T_c the pose a_T_c. Its rotation is of unit length."""
    (_, Q), (t, R) = _tR(a, "a"), _tR(b, "b")
    return together(transform(a, t), so3.compose(Q, R))


def inverse(T: Any) -> Array:
    """Returns T^-1: from a_T_b the pose b_T_a."""
    t, R = _tR(T)
    return together(so3.unrotate(R, -t), so3.inverse(R))


def between(a: Any, b: Any) -> Array:
    """Returns a^-1 b: b in the frame of a, which is what a between factor measures."""
    (_, Q), (t, R) = _tR(a, "a"), _tR(b, "b")
    return together(untransform(a, t), so3.between(Q, R))


def _twisted(v: Array, u: Array, b: Array, c: Array) -> Array:
    """Computes u + b v x u + c v x (v x u)."""
    vu = np.cross(v, u)
    return u + b[..., None] * vu + c[..., None] * np.cross(v, vu)


def exp(xi: Any) -> Array:
    """Returns Exp(u, w): the pose after one second of constant velocity in its own frame, which moves it on a screw."""
    a = values(xi, (6,), "xi")
    u, w = a[..., :3], a[..., 3:]
    s, qw, B, C = so3.exp_terms(w)
    return together(_twisted(w, u, B, C), s[..., None] * w, qw[..., None])


def log(T: Any) -> Array:
    """Returns the shortest xi with Exp(xi) = T; the rotation vector is as so3.log returns it, with a length in [0, pi]."""
    t, R = _tR(T)
    w, c = so3.log_terms(R)
    return together(_twisted(w, t, np.full(c.shape, -0.5), c), w)


def transform(T: Any, p: Any) -> Array:
    """Returns T p = R p + t: the coordinates in the outer frame of points (..., 3) in the frame of the pose."""
    t, R = _tR(T)
    return so3.rotate(R, p) + t


def untransform(T: Any, p: Any) -> Array:
    """Returns T^-1 p = R^-1 (p - t): the coordinates in the frame of the pose of points in the outer frame."""
    t, R = _tR(T)
    return so3.unrotate(R, values(p, (3,), "p") - t)


def adjoint(T: Any) -> Array:
    """Returns Ad (..., 6, 6) = [R, [t]x R; 0, R], for which T Exp(xi) T^-1 = Exp(Ad xi). A covariance of xi becomes
    Ad Cov Ad'."""
    t, R = _tR(T)
    M, (x, y, z) = so3.to_matrix(R), np.moveaxis(t, -1, 0)
    out = np.zeros((*t.shape[:-1], 6, 6))
    out[..., :3, :3] = out[..., 3:, 3:] = M
    out[..., :3, 3:] = matrix(3, 0.0, -z, y, z, 0.0, -x, -y, x, 0.0) @ M
    return out


def interpolate(a: Any, b: Any, s: Any) -> Array:
    """Returns a Exp(s Log(a^-1 b)): the pose on the screw from a (s = 0) to b (s = 1) at constant velocity; not the straight
    line of the translations. s may lie outside [0, 1]."""
    return compose(a, exp(numbers(s, "s")[..., None] * log(between(a, b))))


def normalize(T: Any) -> Array:
    """Returns T with its rotation at unit length. ArgumentError where the rotation is 0 or anything is not finite."""
    t, R = _tR(T)
    refuse_where(~np.all(np.isfinite(t), axis=-1), "the translation is not finite: no pose")
    return together(t, so3.normalize(R))


def to_matrix(T: Any) -> Array:
    """Returns the homogeneous matrices (..., 4, 4): [R t; 0 0 0 1]."""
    t, R = _tR(T)
    return homogeneous(so3.to_matrix(R), t)


def from_matrix(M: Any) -> Array:
    """Returns the poses of homogeneous matrices (..., 4, 4): the nearest rotation, and the translation. ArgumentError where
    so3.from_matrix raises it, and where the last row is not 0 0 0 1 within 1e-9."""
    R, t = parts(values(M, (4, 4), "M"))
    return together(t, so3.from_matrix(R))

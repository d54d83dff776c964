# SPDX-License-Identifier: BSD-3-Clause
"""Rotations of space as arrays (..., 4) of quaternions qx, qy, qz, qw (Hamilton): how graphs store them.

q and -q are the same rotation. Angles are radians; tangents (..., 3) are rotation vectors, axis times angle, and perturb on the
right: optimize() moves R to compose(R, exp(w)). Leading axes broadcast. The functions are those of fgopt/pose.h: they
expect unit length; compose() returns it, normalize() restores it.

>>> R = so3.from_euler([0.0, 0.0, np.pi / 2])
>>> np.allclose(so3.rotate(R, [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
True
>>> np.allclose(so3.angle_between(so3.identity(), R), np.pi / 2)
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import so2
from ._arguments import Array, numbers
from ._shapes import length, matrix, refuse_where, regular, restored, stack, together, unit, values


def _q(R: Any, name: str = "R") -> Array:
    return values(R, (4,), name)


def _product(p: Array, q: Array) -> Array:
    px, py, pz, pw = np.moveaxis(p, -1, 0)
    qx, qy, qz, qw = np.moveaxis(q, -1, 0)
    return stack(pw * qx + px * qw + py * qz - pz * qy, pw * qy - px * qz + py * qw + pz * qx,
                 pw * qz + px * qy - py * qx + pz * qw, pw * qw - px * qx - py * qy - pz * qz)  # fmt: skip


def _hemisphere(q: Array) -> Array:
    """Returns the quaternion of the same rotation with qw >= 0."""
    out: Array = np.where(q[..., 3:] < 0.0, -q, q)
    return out


def identity() -> Array:
    """Returns the rotation by 0: 0, 0, 0, 1."""
    return np.array([0.0, 0.0, 0.0, 1.0])


def compose(a: Any, b: Any) -> Array:
    """Returns a b: first b, then a; of unit length. The quaternion keeps the sign of the product."""
    return restored(_product(_q(a, "a"), _q(b, "b")))


def inverse(R: Any) -> Array:
    """Returns R^-1, the conjugate quaternion."""
    return np.multiply(_q(R), [-1.0, -1.0, -1.0, 1.0])


def between(a: Any, b: Any) -> Array:
    """Returns a^-1 b: b seen from a."""
    return _product(inverse(_q(a, "a")), _q(b, "b"))


def exp_terms(w: Array) -> tuple[Array, Array, Array, Array]:
    """Computes s, qw, B, C of rotation vectors of length th: the quaternion is (s w, qw), and V = I + B [w]x + C [w]x^2 with
    B = (1 - cos th) / th^2, C = (th - sin th) / th^3, by series below th = 0.1."""
    x = np.sum(w * w, axis=-1)
    small = x < 0.01
    z = np.where(small, x, 0.0)
    y, far = 0.25 * z, np.where(small, 1.0, x)
    th = np.sqrt(far)
    sh, ch = np.sin(0.5 * th), np.cos(0.5 * th)
    s = np.where(small, 0.5 * (1.0 - y / 6.0 * (1.0 - y / 20.0 * (1.0 - y / 42.0 * (1.0 - y / 72.0)))), sh / th)
    qw = np.where(small, 1.0 - y / 2.0 * (1.0 - y / 12.0 * (1.0 - y / 30.0 * (1.0 - y / 56.0))), ch)
    B = np.where(small, 0.5 - z / 24.0 * (1.0 - z / 30.0 * (1.0 - z / 56.0 * (1.0 - z / 90.0))), 2.0 * s * s)
    C = np.where(small, 1.0 / 6.0 - z / 120.0 * (1.0 - z / 42.0 * (1.0 - z / 72.0)), (1.0 - 2.0 * sh * ch / th) / far)
    return s, qw, B, C


def log_terms(q: Array) -> tuple[Array, Array]:
    """Computes the rotation vector w of quaternions, and c of V^-1 = I - [w]x / 2 + c [w]x^2: c = (1 - g) / th^2 with
    g = (th / 2) cot(th / 2), by series below th = 0.1. No cancellation anywhere, pi included."""
    h = _hemisphere(q)
    v, w = h[..., :3], h[..., 3]
    n2 = np.sum(v * v, axis=-1)
    small = n2 < 0.0025 * w * w
    near = np.where(small, w, 1.0)
    y = np.where(small, n2, 0.0) / (near * near)  # tan^2(th / 2)
    k_near = 2.0 / near * (1.0 - y * (1.0 / 3.0 - y * (1.0 / 5.0 - y * (1.0 / 7.0 - y * (1.0 / 9.0 - y / 11.0)))))
    n = np.sqrt(np.where(small, 1.0, n2))
    th = 2.0 * np.arctan2(n, w)
    k = np.where(small, k_near, th / n)
    x = np.where(small, k * k * n2, th * th)
    c_near = 1.0 / 12.0 + x * (1.0 / 720.0 + x * (1.0 / 30240.0 + x * (1.0 / 1209600.0 + x / 47900160.0)))
    c_far = (1.0 - 0.5 * k * w) / np.where(small, 1.0, x)
    return k[..., None] * v, np.where(small, c_near, c_far)


def exp(w: Any) -> Array:
    """Returns the rotation about w by |w| radians."""
    v = values(w, (3,), "w")
    s, qw, _, _ = exp_terms(v)
    return together(s[..., None] * v, qw[..., None])


def log(R: Any) -> Array:
    """Returns the shortest rotation vector w with Exp(w) = R; |w| in [0, pi]. At pi, where w and -w are the same rotation, w
    has the sign of the quaternion's vector part."""
    return log_terms(_q(R))[0]


def rotate(R: Any, p: Any) -> Array:
    """Returns R p for points or vectors (..., 3)."""
    q, v = _q(R), values(p, (3,), "p")
    u, w = q[..., :3], q[..., 3:]
    cross = 2.0 * np.cross(u, v)
    return v + w * cross + np.cross(u, cross)


def unrotate(R: Any, p: Any) -> Array:
    """Returns R^-1 p."""
    return rotate(inverse(R), p)


def angle(R: Any) -> Array:
    """Returns the angle (...) by which R turns, in [0, pi]."""
    q = _q(R)
    out: Array = 2.0 * np.arctan2(length(q[..., :3]), np.abs(q[..., 3]))
    return out


def angle_between(a: Any, b: Any) -> Array:
    """Returns the angle (...) of a^-1 b, in [0, pi]."""
    return angle(between(a, b))


def interpolate(a: Any, b: Any, s: Any) -> Array:
    """Returns a Exp(s Log(a^-1 b)), slerp along the shorter arc: a at s = 0, b at s = 1; s may lie outside [0, 1]."""
    return compose(a, exp(numbers(s, "s")[..., None] * log(between(a, b))))


def normalize(R: Any) -> Array:
    """Returns R at unit length, signs kept. ArgumentError where its length is 0 or not finite."""
    return unit(_q(R), "the quaternion is zero or not finite: no rotation")


def from_so2(R: Any) -> Array:
    """Returns rotations of the plane as rotations about z."""
    half = 0.5 * so2.angle(R)
    return stack(np.zeros_like(half), np.zeros_like(half), np.sin(half), np.cos(half))


# ---- other forms ----


def to_matrix(R: Any) -> Array:
    """Returns the matrices (..., 3, 3)."""
    x, y, z, w = np.moveaxis(_q(R), -1, 0)
    x2, y2, z2 = x + x, y + y, z + z
    xx, yy, zz, xy, xz, yz = x * x2, y * y2, z * z2, x * y2, x * z2, y * z2
    wx, wy, wz = w * x2, w * y2, w * z2
    return matrix(3, 1.0 - (yy + zz), xy - wz, xz + wy, xy + wz, 1.0 - (xx + zz), yz - wx, xz - wy, yz + wx, 1.0 - (xx + yy))


def from_matrix(M: Any) -> Array:
    """Returns the rotations nearest to matrices (..., 3, 3), qw >= 0. ArgumentError where one is singular or a reflection.

    trace(R(q)' M) is a quadratic form q' K q, so the best q is the eigenvector of K's largest eigenvalue (B. Horn, 1987)."""
    m = np.moveaxis(regular(values(M, (3, 3), "M")).reshape(*np.shape(M)[:-2], 9), -1, 0)
    xy, xz, yz = m[1] + m[3], m[2] + m[6], m[5] + m[7]
    wx, wy, wz = m[7] - m[5], m[2] - m[6], m[3] - m[1]
    K = matrix(4, m[0] - m[4] - m[8], xy, xz, wx, xy, m[4] - m[0] - m[8], yz, wy,
               xz, yz, m[8] - m[0] - m[4], wz, wx, wy, wz, m[0] + m[4] + m[8])  # fmt: skip
    return _hemisphere(restored(np.linalg.eigh(K)[1][..., :, -1]))


def from_euler(angles: Any) -> Array:
    """Returns Rz(yaw) Ry(pitch) Rx(roll) of roll, pitch, yaw (..., 3): about the fixed axes first roll about x, then pitch,
    then yaw."""
    half = 0.5 * values(angles, (3,), "angles")
    cr, cp, cy = np.moveaxis(np.cos(half), -1, 0)
    sr, sp, sy = np.moveaxis(np.sin(half), -1, 0)
    return stack(sr * cp * cy - cr * sp * sy, cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy,
                 cr * cp * cy + sr * sp * sy)  # fmt: skip


def _remainder(x: Array, y: float) -> Array:
    return x - y * np.rint(x / y)


def to_euler(R: Any) -> Array:
    """Returns roll, pitch, yaw (..., 3): roll and yaw in [-pi, pi], pitch in [-pi/2, pi/2]. At pitch = +-pi/2, where only
    yaw - roll or yaw + roll is determined (gimbal lock), roll and yaw share the turn evenly. All angles give back R to
    rounding.

    Half angles r, p, y: w + y and z - x are (cp + sp) times cos and sin of y - r, w - y and z + x are (cp - sp) times cos and
    sin of y + r, so that sum and difference come from one atan2 each (E. Bernardes and S. Viollet, 2022)."""
    x, y, z, w = np.moveaxis(_q(R), -1, 0)
    plus, minus = np.hypot(z - x, w + y), np.hypot(z + x, w - y)
    difference, total = np.arctan2(z - x, w + y), np.arctan2(z + x, w - y)
    up, down = minus < 0.5e-15 * plus, plus < 0.5e-15 * minus
    difference, total = (
        np.where(down, 0.0, np.where(up, _remainder(difference, np.pi), difference)),
        np.where(up, 0.0, np.where(down, _remainder(total, np.pi), total)),
    )
    roll, yaw = _remainder(total - difference, 2 * np.pi), _remainder(total + difference, 2 * np.pi)
    return stack(roll, 2 * np.arctan2(plus - minus, plus + minus), yaw)


def from_wxyz(q: Any) -> Array:
    """Returns the rotations of quaternions in the order qw, qx, qy, qz (Eigen's constructor, COLMAP, MuJoCo), of any length
    but 0."""
    return normalize(np.roll(values(q, (4,), "q"), -1, axis=-1))


def to_wxyz(R: Any) -> Array:
    """Returns the quaternions in the order qw, qx, qy, qz."""
    return np.roll(_q(R), 1, axis=-1)


def from_axis_angle(axis: Any, angle: Any) -> Array:
    """Returns the rotations about axes (..., 3) of any length by angles (...). ArgumentError where an axis is 0."""
    a = numbers(angle, "angle")
    refuse_where(~np.isfinite(a), "the angle is not finite: no rotation")
    v = unit(values(axis, (3,), "axis"), "the axis is zero or not finite: no rotation")
    return together(np.sin(0.5 * a)[..., None] * v, np.cos(0.5 * a)[..., None])


def to_axis_angle(R: Any) -> tuple[Array, Array]:
    """Returns the axes (..., 3), of unit length, and the angles (...) in [0, pi]. The identity has the axis 1, 0, 0."""
    q = _q(R)
    turn, v = angle(q), _hemisphere(q)[..., :3]
    still = (turn == 0.0)[..., None]
    return unit(np.where(still, np.array([1.0, 0.0, 0.0]), v), "the rotation is not finite"), turn

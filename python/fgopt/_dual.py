# SPDX-License-Identifier: BSD-3-Clause
"""A traced residual evaluated with NumPy for many factors at once: numbers are arrays (n,), partial derivatives (P, n).

The rules are those of dual.h and geometry_*.h: perturbations on the right, t(u) = t + R u, R(w) = R Exp(w); a rotation
carries the partials of w. Subgradients are the same, too."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Partials = Optional[Array]  # None: no derivatives


def padd(a: Partials, b: Partials) -> Partials:
    return b if a is None else a if b is None else a + b


def pscale(k: Any, a: Partials) -> Partials:
    return None if a is None else k * a


def plin(k: Any, a: Partials, m: Any, b: Partials) -> Partials:
    """Computes k a + m b."""
    return padd(pscale(k, a), pscale(m, b))


class Dual(NamedTuple):
    a: Any  # (n,) or a number
    v: Partials = None


def chain(x: Dual, f: Any, df: Any) -> Dual:
    return Dual(f, pscale(df, x.v))


def add(x: Dual, y: Dual) -> Dual:
    return Dual(x.a + y.a, padd(x.v, y.v))


def sub(x: Dual, y: Dual) -> Dual:
    return Dual(x.a - y.a, x.v if y.v is None else -y.v if x.v is None else x.v - y.v)


def mul(x: Dual, y: Dual) -> Dual:
    return Dual(x.a * y.a, plin(y.a, x.v, x.a, y.v))


def div(x: Dual, y: Dual) -> Dual:
    q = x.a / y.a
    return Dual(q, plin(1.0 / y.a, x.v, -q / y.a, y.v))


def neg(x: Dual) -> Dual:
    return Dual(-x.a, None if x.v is None else -x.v)


def _nonzero(x: Any) -> Any:
    return np.where(x > 0.0, x, 1.0)


def sqrt(x: Dual) -> Dual:
    s = np.sqrt(x.a)
    return chain(x, s, np.where(s > 0.0, 0.5 / _nonzero(s), 0.0))


def power(x: Dual, y: Dual) -> Dual:
    p = np.power(x.a, y.a)
    dx = None if x.v is None else np.where(y.a == 0.0, 0.0, y.a * np.power(x.a, y.a - 1.0))
    dy = None if y.v is None else np.where(x.a > 0.0, p * np.log(_nonzero(x.a)), 0.0)
    return Dual(p, plin(dx, x.v, dy, y.v))


def hypot(x: Dual, y: Dual) -> Dual:
    h = np.hypot(x.a, y.a)
    return Dual(h, plin(x.a / _nonzero(h), x.v, y.a / _nonzero(h), y.v))


def atan2(y: Dual, x: Dual) -> Dual:
    h = _nonzero(np.hypot(x.a, y.a))
    return Dual(np.arctan2(y.a, x.a), plin(x.a / h / h, y.v, -y.a / h / h, x.v))


def where(condition: Any, x: Dual, y: Dual) -> Dual:
    a = np.where(condition, x.a, y.a)
    if x.v is None and y.v is None:
        return Dual(a)
    return Dual(a, np.where(condition, 0.0 if x.v is None else x.v, 0.0 if y.v is None else y.v))


def norm(*elements: Dual) -> Dual:
    n = elements[0].a
    for e in elements[1:]:
        n = np.hypot(n, e.a)
    v: Partials = None
    for e in elements:
        v = padd(v, pscale(e.a / _nonzero(n), e.v))
    return Dual(abs(n), v)


SCALAR: dict[str, Any] = {
    "add": add, "sub": sub, "mul": mul, "div": div, "neg": neg, "sqrt": sqrt, "pow": power, "hypot": hypot,
    "atan2": atan2, "norm": norm,
    "square": lambda x: chain(x, x.a * x.a, 2.0 * x.a),
    "abs": lambda x: chain(x, np.abs(x.a), np.sign(x.a)),
    "exp": lambda x: chain(x, np.exp(x.a), np.exp(x.a)),
    "log": lambda x: chain(x, np.log(x.a), 1.0 / x.a),
    "sin": lambda x: chain(x, np.sin(x.a), np.cos(x.a)),
    "cos": lambda x: chain(x, np.cos(x.a), -np.sin(x.a)),
    "tan": lambda x: chain(x, np.tan(x.a), 1.0 + np.tan(x.a) ** 2),
    "asin": lambda x: chain(x, np.arcsin(x.a), 1.0 / np.sqrt((1.0 - x.a) * (1.0 + x.a))),
    "acos": lambda x: chain(x, np.arccos(x.a), -1.0 / np.sqrt((1.0 - x.a) * (1.0 + x.a))),
    "atan": lambda x: chain(x, np.arctan(x.a), 1.0 / (1.0 + x.a * x.a)),
    "wrap": lambda x: Dual(np.arctan2(np.sin(x.a), np.cos(x.a)), x.v),
    "min": lambda x, y: where((y.a < x.a) | np.isnan(y.a), y, x),
    "max": lambda x, y: where((y.a > x.a) | np.isnan(y.a), y, x),
}  # fmt: skip


# ---- vectors: lists of Duals ----

Vector = list[Dual]


def vadd(p: Vector, q: Vector) -> Vector:
    return [add(x, y) for x, y in zip(p, q)]


def vsub(p: Vector, q: Vector) -> Vector:
    return [sub(x, y) for x, y in zip(p, q)]


def vcross(p: Vector, q: Vector) -> Vector:
    return [sub(mul(p[i - 2], q[i - 1]), mul(p[i - 1], q[i - 2])) for i in range(3)]


def vscale(k: Dual, p: Vector) -> Vector:
    return [mul(k, x) for x in p]


def vdot(p: Vector, q: Vector) -> Dual:
    total = mul(p[0], q[0])
    for x, y in zip(p[1:], q[1:]):
        total = add(total, mul(x, y))
    return total


# ---- the plane ----


class SO2(NamedTuple):
    c: Any
    s: Any
    w: Partials = None

    def compose(self, b: SO2) -> SO2:
        return SO2(self.c * b.c - self.s * b.s, self.c * b.s + self.s * b.c, padd(self.w, b.w))

    def inverse(self) -> SO2:
        return SO2(self.c, -self.s, None if self.w is None else -self.w)

    def rotate(self, p: Vector) -> Vector:
        x, y = self.c * p[0].a - self.s * p[1].a, self.s * p[0].a + self.c * p[1].a
        return [Dual(x, padd(plin(self.c, p[0].v, -self.s, p[1].v), pscale(-y, self.w))),
                Dual(y, padd(plin(self.s, p[0].v, self.c, p[1].v), pscale(x, self.w)))]  # fmt: skip

    def log(self) -> Dual:
        return Dual(np.arctan2(self.s, self.c), self.w)


def so2_exp(angle: Dual) -> SO2:
    return SO2(np.cos(angle.a), np.sin(angle.a), angle.v)


# ---- space: quaternions (x, y, z, w) and the partials of the rotation vector ----


def _matrix_rows(q: Any) -> list[list[Any]]:
    x, y, z, w = q
    return [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]  # fmt: skip


def _turn(M: list[list[Any]], v: list[Partials]) -> list[Partials]:
    return [padd(padd(pscale(m[0], v[0]), pscale(m[1], v[1])), pscale(m[2], v[2])) for m in M]


def _transposed(M: list[list[Any]]) -> list[list[Any]]:
    return [list(row) for row in zip(*M)]


def _values(p: Vector) -> list[Any]:
    return [x.a for x in p]


def _partials(p: Vector) -> list[Partials]:
    return [x.v for x in p]


class SO3(NamedTuple):
    q: Any  # 4 arrays
    w: Any = (None, None, None)

    def matrix(self) -> list[list[Any]]:
        return _matrix_rows(self.q)

    def compose(self, b: SO3) -> SO3:
        (ax, ay, az, aw), (bx, by, bz, bw) = self.q, b.q
        q = (aw * bx + ax * bw + ay * bz - az * by, aw * by - ax * bz + ay * bw + az * bx,
             aw * bz + ax * by - ay * bx + az * bw, aw * bw - ax * bx - ay * by - az * bz)  # fmt: skip
        carried = _turn(_transposed(b.matrix()), list(self.w))
        return SO3(q, tuple(padd(x, y) for x, y in zip(carried, b.w)))

    def inverse(self) -> SO3:
        x, y, z, w = self.q
        return SO3((-x, -y, -z, w), tuple(pscale(-1.0, v) for v in _turn(self.matrix(), list(self.w))))

    def rotate(self, p: Vector) -> Vector:
        """Computes R p, with d(R p) = R (dp + w x p)"""
        M, a, w = self.matrix(), _values(p), self.w
        turned = [p[i].v for i in range(3)]
        turned = [padd(turned[i], plin(a[i - 1], w[i - 2], -a[i - 2], w[i - 1])) for i in range(3)]
        v = _turn(M, turned)
        return [Dual(m[0] * a[0] + m[1] * a[1] + m[2] * a[2], v[i]) for i, m in enumerate(M)]

    def log(self) -> Vector:
        x, y, z, w = self.q
        s = np.where(w < 0.0, -1.0, 1.0)
        n = np.sqrt(x * x + y * y + z * z)
        small = n < 1e-4
        th = 2.0 * np.arctan2(n, s * w)
        k = np.where(small, 2.0 / (s * w) * (1.0 - (n / w) ** 2 / 3.0), th / _nonzero(n))
        v = [s * k * e for e in (x, y, z)]
        x2 = th * th
        g = 0.5 * k * s * w
        c = np.where(x2 < 1e-2, _log_c(x2), (1.0 - g) / _nonzero(x2))
        g = np.where(x2 < 1e-2, 1.0 - c * x2, g)
        partial = _turn(_axis_matrix(g, 0.5, c, v), list(self.w))  # M = I + [v]x / 2 + c [v]x^2
        return [Dual(a, p) for a, p in zip(v, partial)]

    def vector_part(self) -> Vector:
        s = np.where(self.q[3] < 0.0, -1.0, 1.0)
        x, y, z, w = (0.5 * s * e for e in self.q)
        v = _turn([[w, -z, y], [z, w, -x], [-y, x, w]], list(self.w))
        return [Dual(2.0 * a, p) for a, p in zip((x, y, z), v)]


def _axis_matrix(a: Any, b: Any, c: Any, v: Any) -> list[list[Any]]:
    """Computes a I + b [v]x + c v v'"""
    x, y, z = v
    return [[a + c * x * x, c * x * y - b * z, c * x * z + b * y],
            [c * x * y + b * z, a + c * y * y, c * y * z - b * x],
            [c * x * z - b * y, c * y * z + b * x, a + c * z * z]]  # fmt: skip


def _log_c(x: Any) -> Any:
    return 1 / 12 + x * (1 / 720 + x * (1 / 30240 + x * (1 / 1209600 + x / 47900160)))


def _exp_terms(x: Any) -> tuple[Any, Any, Any, Any]:
    """Computes B = (1 - cos th) / th^2, C = (th - sin th) / th^3 at x = th^2, and their derivatives by x."""
    y = _nonzero(x)
    th = np.sqrt(y)
    A, B = np.sin(th) / th, 2.0 * (np.sin(0.5 * th) / th) ** 2
    C = (1.0 - A) / y
    small = x < 0.01
    dB, dC = 0.5 * (A - 2.0 * B) / y, 0.5 * (B - 3.0 * C) / y
    series = (1 / 2 - x / 24 * (1 - x / 30 * (1 - x / 56 * (1 - x / 90))),
              1 / 6 - x / 120 * (1 - x / 42 * (1 - x / 72)),
              -1 / 24 + x * (1 / 360 - x * (1 / 13440 - x / 907200)),
              -1 / 120 + x * (1 / 2520 - x * (1 / 120960 - x / 9979200)))  # fmt: skip
    closed = (B, C, dB, dC)
    b, c, db, dc = (np.where(small, s, f) for s, f in zip(series, closed))
    return b, c, db, dc


def so3_exp(v: Vector) -> SO3:
    a = _values(v)
    x = a[0] * a[0] + a[1] * a[1] + a[2] * a[2]
    th = np.sqrt(x)
    half = np.where(x < 1e-8, 0.5 - x / 48.0, np.sin(0.5 * th) / _nonzero(th))
    B, C, _, _ = _exp_terms(x)
    w = _turn(_axis_matrix(1.0 - C * x, -B, C, a), _partials(v))  # right Jacobian
    return SO3((half * a[0], half * a[1], half * a[2], np.cos(0.5 * th)), tuple(w))


# ---- poses of the plane (R: SO2) and of space (R: SO3) ----


class Pose(NamedTuple):
    t: Vector
    R: Any

    def compose(self, b: Pose) -> Pose:
        return Pose(self.transform(b.t), self.R.compose(b.R))

    def inverse(self) -> Pose:
        R = self.R.inverse()
        return Pose(R.rotate([neg(x) for x in self.t]), R)

    def transform(self, p: Vector) -> Vector:
        return vadd(self.R.rotate(p), self.t)

    def untransform(self, p: Vector) -> Vector:
        return self.R.inverse().rotate(vsub(p, self.t))  # type: ignore[no-any-return]

    def log(self) -> Vector:
        w = self.R.log()
        return se2_log(self.t, w) if isinstance(w, Dual) else se3_log(self.t, w)


def _se2_k(w: Dual) -> Dual:
    """Computes k = h cot h, h = w / 2"""
    x, h = w.a * w.a, 0.5 * w.a
    small = x < 0.01
    tangent = np.tan(np.where(small, 1.0, h))
    k = np.where(small, 1.0 - x * (1 / 12 + x * (1 / 720 + x * (1 / 30240 + x / 1209600))), h / tangent)
    safe = np.where(small, 1.0, w.a)
    dk = np.where(small, -w.a * (1 / 6 + x * (1 / 180 + x * (1 / 5040 + x / 151200))), (k * (1.0 - k) - h * h) / safe)
    return chain(w, k, dk)


def se2_log(t: Vector, w: Dual) -> Vector:
    k, h = _se2_k(w), chain(w, 0.5 * w.a, 0.5)
    return [add(mul(k, t[0]), mul(h, t[1])), sub(mul(k, t[1]), mul(h, t[0])), w]


def se2_exp(u: Vector, w: Dual) -> Pose:
    """Computes Exp with V = [A -B; B A], A = sin w / w, B = (1 - cos w) / w"""
    x = w.a * w.a
    b, c, db, dc = _exp_terms(x)
    A = chain(w, 1.0 - c * x, -(dc * x + c) * 2.0 * w.a)
    B = chain(w, b * w.a, b + db * 2.0 * x)
    return Pose([sub(mul(A, u[0]), mul(B, u[1])), add(mul(B, u[0]), mul(A, u[1]))], so2_exp(w))


def se3_log(t: Vector, v: Vector) -> Vector:
    """Computes Log with V^-1 t = t - v x t / 2 + c v x (v x t)"""
    x = vdot(v, v)
    th = np.sqrt(x.a)
    half = 0.5 * np.where(x.a < 0.01, 1.0, th)
    g = half / np.tan(half)
    c = np.where(x.a < 0.01, _log_c(x.a), (1.0 - g) / _nonzero(x.a))
    slope = 1 / 720 + x.a * (1 / 15120 + x.a * (1 / 403200 + x.a / 11975040))
    dc = np.where(x.a < 0.01, slope, 0.5 * (0.25 - (2.0 + g) * c) / _nonzero(x.a))
    vt = vcross(v, t)
    out = vadd(vsub(t, vscale(Dual(0.5), vt)), vscale(chain(x, c, dc), vcross(v, vt)))
    return out + v


def se3_exp(u: Vector, v: Vector) -> Pose:
    """Computes Exp with V u = u + B v x u + C v x (v x u)"""
    x = vdot(v, v)
    B, C, dB, dC = _exp_terms(x.a)
    vu = vcross(v, u)
    return Pose(vadd(u, vadd(vscale(chain(x, B, dB), vu), vscale(chain(x, C, dC), vcross(v, vu)))), so3_exp(v))

# SPDX-License-Identifier: BSD-3-Clause
"""Functions for residuals. They take the symbols of a residual, numbers, and vectors of either, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ._trace import SPACE, Group, Real, Truth, Vec, elementwise, real, refuse, scalar_product, tape_of, total

_PLAIN: dict[str, Any] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "atan2": np.arctan2, "hypot": np.hypot, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "abs": np.abs,
    "min": np.minimum, "max": np.maximum, "square": np.square,
}  # fmt: skip


def _call(op: str, *values: Any) -> Any:
    return _PLAIN[op](*values) if tape_of(*values) is None else elementwise(op, *values)


def sin(x: Any) -> Any:
    """Computes the sine of an angle in radians."""
    return _call("sin", x)


def cos(x: Any) -> Any:
    """Computes the cosine of an angle in radians."""
    return _call("cos", x)


def tan(x: Any) -> Any:
    """Computes the tangent of an angle in radians."""
    return _call("tan", x)


def asin(x: Any) -> Any:
    """Computes the arc sine in radians; the derivative at +-1 is infinite."""
    return _call("asin", x)


def acos(x: Any) -> Any:
    """Computes the arc cosine in radians; the derivative at +-1 is infinite."""
    return _call("acos", x)


def atan(x: Any) -> Any:
    """Computes the arc tangent in radians."""
    return _call("atan", x)


def atan2(y: Any, x: Any) -> Any:
    """Computes the angle of (x, y) in [-pi, pi]; the derivative is 0 at the origin."""
    return _call("atan2", y, x)


def hypot(x: Any, y: Any) -> Any:
    """Computes sqrt(x^2 + y^2); the derivative is 0 at the origin."""
    return _call("hypot", x, y)


def sqrt(x: Any) -> Any:
    """Computes the square root; the derivative is 0 at 0."""
    return _call("sqrt", x)


def exp(x: Any) -> Any:
    """Computes e^x."""
    return _call("exp", x)


def log(x: Any) -> Any:
    """Computes the natural logarithm of a number, or the tangent vector of a rotation or pose."""
    return x.log() if isinstance(x, Group) else _call("log", x)


def abs(x: Any) -> Any:
    """Computes the absolute value; the derivative is 0 at 0."""
    return _call("abs", x)


def minimum(x: Any, y: Any) -> Any:
    """Returns the smaller number; of equal ones, x."""
    return _call("min", x, y)


def maximum(x: Any, y: Any) -> Any:
    """Returns the larger number; of equal ones, x."""
    return _call("max", x, y)


def square(x: Any) -> Any:
    """Computes x^2."""
    return _call("square", x)


def tanh(x: Any) -> Any:
    """Computes the hyperbolic tangent."""
    if tape_of(x) is None:
        return np.tanh(x)
    return 1.0 - 2.0 / (exp(2.0 * x) + 1.0)


def wrap(angle: Any) -> Any:
    """Returns the same angle in [-pi, pi]."""
    if tape_of(angle) is None:
        return np.arctan2(np.sin(angle), np.cos(angle))
    return elementwise("wrap", angle)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Returns a where the condition holds, else b; both are computed."""
    if not isinstance(condition, Truth):
        if tape_of(condition, a, b) is None:
            return np.where(condition, a, b)
        refuse("where wants a comparison of values, such as x < 3")
    tape = condition.tape
    if isinstance(a, Vec) or isinstance(b, Vec):
        n = len(a if isinstance(a, Vec) else b)
        pairs = ((v if isinstance(v, (Vec, list, tuple, np.ndarray)) else [v] * n) for v in (a, b))
        return Vec([where(condition, p, q) for p, q in zip(*pairs)])
    p, q = real(tape, a), real(tape, b)
    kind = "r" if "r" in (p.kind, q.kind) else "d"
    return Real(tape, tape.add("where", (condition.node, p.node, q.node), kind))


# ---- vectors ----


def vector(*elements: Any) -> Vec:
    """Makes a vector of numbers."""
    return Vec(elements[0] if len(elements) == 1 and not isinstance(elements[0], Real) else elements)


def dot(p: Any, q: Any) -> Any:
    """Computes the scalar product of vectors, or the product of numbers."""
    return scalar_product(p, q)


def norm(p: Any) -> Any:
    """Computes the Euclidean length; the derivative is 0 at the origin."""
    tape = tape_of(p)
    if tape is None:
        return np.linalg.norm(p)
    if isinstance(p, Real):
        return abs(p)
    elements = [real(tape, e) for e in p]
    if len(elements) > 3:
        return sqrt(total(Vec([square(e) for e in elements])))
    if len(elements) == 1:
        return abs(elements[0])
    kind = "r" if any(e.kind == "r" for e in elements) else "d"
    return Real(tape, tape.add("norm", tuple(e.node for e in elements), kind))


def cross(p: Any, q: Any) -> Any:
    """Computes the vector product: a vector for vectors in space, a number for vectors in the plane."""
    if tape_of(p, q) is None:
        return np.cross(p, q)
    if len(p) == len(q) == 2:
        return p[0] * q[1] - p[1] * q[0]
    if not len(p) == len(q) == 3:
        refuse(f"cross takes vectors of 2 or 3 numbers, not {len(p)} and {len(q)}")
    return Vec([p[i - 2] * q[i - 1] - p[i - 1] * q[i - 2] for i in range(3)])


# ---- rotations and poses ----


def _made(op: str, kind: str, *numbers: Any) -> Group:
    tape = tape_of(*numbers)
    if tape is None:
        refuse(f"{kind} needs at least one value of the residual")
    return Group(tape, tape.add(op, tuple(real(tape, x).node for x in numbers), kind))


def so2_exp(angle: Any) -> Group:
    """Returns the rotation of the plane by an angle, radians."""
    return _made("exp", "so2", angle)


def se2_exp(v: Any) -> Group:
    """Returns Exp of (u_x, u_y, angle)."""
    return _made("exp", "se2", *_checked(v, 3))


def so3_exp(v: Any) -> Group:
    """Returns the rotation by a rotation vector, radians."""
    return _made("exp", "so3", *_checked(v, 3))


def se3_exp(v: Any) -> Group:
    """Returns Exp of (u, rotation vector)."""
    return _made("exp", "se3", *_checked(v, 6))


def pose2(x: Any, y: Any, angle: Any) -> Group:
    """Returns the pose at (x, y), metres, turned by an angle, radians."""
    return _made("pose", "se2", x, y, angle)


def pose(t: Any, R: Group) -> Group:
    """Makes a pose of a position and a rotation."""
    if not isinstance(R, Group) or R.base not in ("so2", "so3"):
        refuse("pose(t, R) wants a rotation")
    numbers = [real(R.tape, e) for e in _checked(t, SPACE[R.base])]
    return Group(R.tape, R._node("join", *numbers, kind=R.base.replace("o", "e")))


def compose(a: Any, b: Any) -> Any:
    """Returns a b: first b, then a, of rotations or poses."""
    return a @ b


def between(a: Any, b: Any) -> Any:
    """Returns a^-1 b."""
    return a.between(b)


def inverse(a: Any) -> Any:
    """Returns the inverse of a rotation or pose."""
    return a.inverse()


def _checked(v: Any, n: int) -> Any:
    if isinstance(v, Real) or not hasattr(v, "__len__") or len(v) != n:
        refuse(f"a vector of {n} numbers is wanted here")
    return v


pi = math.pi

# SPDX-License-Identifier: BSD-3-Clause
"""A residual as a list of operations: a plain Python function is called once with symbolic values that write down what is
done with them. The list is what _emit.py turns into C and what _dual.py evaluates with NumPy.

Kinds of a node's value:   d  a number without derivatives (constant, measurement)      r  a number with derivatives
b  a truth value      so2, se2, so3, se3  with derivatives      fgo_so2, ...  without      vec2, vec3, log3, log6  several r
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ._classes import tangent_of, turned_world
from .errors import ResidualError

_PACKAGE = str(Path(__file__).resolve().parent)
GROUPS = ("so2", "se2", "so3", "se3")  # types of residual.h that operations are known for
SPACE = {group: turned_world(group.upper()) for group in GROUPS}  # dimension of the points that they move


class Node(NamedTuple):
    op: str
    arguments: tuple[int, ...]
    constant: Any  # of const: its value; of input: (variable or -1 for z, place)
    kind: str


class Program(NamedTuple):
    """A traced residual: plain data, which pickle and hash can take."""

    name: str
    variables: tuple[tuple[str, str], ...]  # name, manifold
    measurement: str  # "" none, "R3" three numbers, or a group
    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]


class Tape:
    """Collects nodes; equal ones are one."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.number: dict[Any, int] = {}

    def add(self, op: str, arguments: tuple[int, ...], kind: str, constant: Any = None) -> int:
        key = (op, arguments, repr(constant), kind)
        if key not in self.number:
            self.number[key] = len(self.nodes)
            self.nodes.append(Node(op, arguments, constant, kind))
        return self.number[key]


# ---- errors ----


def _is_ours(path: str) -> bool:
    return path.startswith(_PACKAGE)


def located(problem: BaseException, fallback: str) -> ResidualError:
    """Returns the problem with file and line of the innermost statement of the user."""
    for frame in reversed(traceback.extract_tb(problem.__traceback__)):
        if not _is_ours(frame.filename):
            shown = f"\n    {frame.line}" if frame.line else ""
            return ResidualError(f"{frame.filename}:{frame.lineno}: {problem}{shown}")
    return ResidualError(f"{fallback}: {problem}")


def refuse(message: str) -> NoReturn:
    raise ResidualError(message)


# ---- symbolic values ----


class Symbol:
    """A node of a tape."""

    def __init__(self, tape: Tape, node: int) -> None:
        self.tape, self.node = tape, node

    @property
    def kind(self) -> str:
        return self.tape.nodes[self.node].kind

    def __bool__(self) -> bool:
        refuse("a residual must not decide by values (if, while, and, or, assert); write fgopt.where(condition, a, b)")

    def __float__(self) -> float:
        refuse(f"{_caller()} takes numbers, not the symbols of a residual; use the function of the same name in fgopt")

    __int__ = __index__ = __complex__ = __float__
    __hash__ = object.__hash__

    def __iter__(self) -> Any:
        refuse("this value is one thing and cannot be unpacked")


def _caller() -> str:
    """Names the user's line, as far as that helps: the line is in the message anyway."""
    frame = sys._getframe(2)
    return f"a function on line {frame.f_lineno}" if not _is_ours(frame.f_code.co_filename) else "a function"


def real(tape: Tape, value: Any) -> Real:
    """Makes a symbol of a number or symbol."""
    if isinstance(value, Real):
        return value
    if isinstance(value, Vec) and len(value) == 1:
        return value.elements[0]
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
        return real(tape, value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return Real(tape, tape.add("const", (), "d", float(value)))
    refuse(f"a number is wanted here, not {type(value).__name__}")


def tape_of(*values: Any) -> Tape | None:
    for value in values:
        if isinstance(value, Symbol):
            return value.tape
        if isinstance(value, (Vec, list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
            found = tape_of(*value)
            if found is not None:
                return found
    return None


def apply(op: str, *values: Any) -> Real:
    """Applies a scalar operation."""
    tape = tape_of(*values)
    assert tape is not None
    given = [real(tape, v) for v in values]
    kind = "r" if any(g.kind == "r" for g in given) else "d"
    return Real(tape, tape.add(op, tuple(g.node for g in given), kind))


def _binary(op: str, swap: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        a, b = (other, self) if swap else (self, other)
        if isinstance(self, Real) and (isinstance(other, Vec) or (isinstance(other, np.ndarray) and other.ndim)):
            return elementwise(op, a, b)
        if not isinstance(other, (Real, int, float, np.number, np.ndarray)):
            return NotImplemented
        return apply(op, a, b)

    return method


def _comparison(op: str, swap: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        a, b = real(self.tape, other if swap else self), real(self.tape, self if swap else other)
        return Truth(self.tape, self.tape.add(op, (a.node, b.node), "b"))

    return method


class Real(Symbol):
    """A number."""

    __add__, __radd__ = _binary("add"), _binary("add", True)
    __sub__, __rsub__ = _binary("sub"), _binary("sub", True)
    __mul__, __rmul__ = _binary("mul"), _binary("mul", True)
    __truediv__, __rtruediv__ = _binary("div"), _binary("div", True)
    __rpow__ = _binary("pow", True)
    __lt__, __le__ = _comparison("lt"), _comparison("le")
    __gt__, __ge__ = _comparison("lt", True), _comparison("le", True)

    def __pow__(self, other: Any) -> Any:
        if isinstance(other, (int, float)) and other == 2:
            return apply("square", self)
        return apply("pow", self, other)

    def __eq__(self, other: object) -> bool:
        refuse("values of a residual cannot be compared for equality; write fgopt.where(a < b, ...)")

    __hash__ = object.__hash__

    def __neg__(self) -> Real:
        return apply("neg", self)

    def __pos__(self) -> Real:
        return self

    def __abs__(self) -> Real:
        return apply("abs", self)

    def __getitem__(self, place: Any) -> Real:
        if place in (0, -1):
            return self
        refuse("this value is one number; it has only [0]")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return array_function(ufunc, method, inputs, options)


class Truth(Symbol):
    """The result of a comparison."""

    def _with(self, op: str, other: Any) -> Truth:
        if not isinstance(other, Truth):
            refuse("& and | combine comparisons")
        return Truth(self.tape, self.tape.add(op, (self.node, other.node), "b"))

    def __and__(self, other: Any) -> Truth:
        return self._with("and", other)

    def __or__(self, other: Any) -> Truth:
        return self._with("or", other)

    def __invert__(self) -> Truth:
        return Truth(self.tape, self.tape.add("not", (self.node,), "b"))


UFUNCS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "div", np.negative: "neg", np.power: "pow",
    np.sin: "sin", np.cos: "cos", np.tan: "tan", np.arcsin: "asin", np.arccos: "acos", np.arctan: "atan",
    np.arctan2: "atan2", np.hypot: "hypot", np.sqrt: "sqrt", np.exp: "exp", np.log: "log", np.abs: "abs",
    np.minimum: "min", np.maximum: "max", np.square: "square",
}  # fmt: skip


def array_function(ufunc: Any, method: str, inputs: Any, options: Any) -> Any:
    if method != "__call__" or options or ufunc not in UFUNCS:
        refuse(f"numpy.{ufunc.__name__} is not known to residuals")
    return elementwise(UFUNCS[ufunc], *inputs)


def elementwise(op: str, *values: Any) -> Any:
    """Applies a scalar operation to numbers and vectors; a number goes with every element."""
    sizes = {len(v) for v in values if isinstance(v, Vec) or (isinstance(v, (np.ndarray, list, tuple)) and np.ndim(v))}
    if not sizes:
        return apply(op, *values)
    if len(sizes) > 1:
        refuse(f"vectors of {' and '.join(map(str, sorted(sizes)))} numbers do not go together")
    n = sizes.pop()
    return Vec([apply(op, *(v[i] if np.ndim(v) or isinstance(v, Vec) else v for v in values)) for i in range(n)])


def total(p: Vec) -> Any:
    """Sums a vector's elements, from the first to the last."""
    out = p[0]
    for e in p[1:]:
        out = out + e
    return out


def scalar_product(p: Any, q: Any) -> Any:
    """Computes the scalar product of vectors; of numbers, their product."""
    if tape_of(p, q) is None:
        return np.dot(p, q)
    products = elementwise("mul", p, q)
    return products if isinstance(products, Real) else total(products)


def _vector(op: str, swap: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        return elementwise(op, other, self) if swap else elementwise(op, self, other)

    return method


class Vec:
    """Several numbers."""

    __array_priority__ = 100

    def __init__(self, elements: Any) -> None:
        tape = tape_of(*elements)
        self.elements: list[Real] = [real(tape, e) for e in elements] if tape else list(elements)

    __add__, __radd__ = _vector("add"), _vector("add", True)
    __sub__, __rsub__ = _vector("sub"), _vector("sub", True)
    __mul__, __rmul__ = _vector("mul"), _vector("mul", True)
    __truediv__, __rtruediv__ = _vector("div"), _vector("div", True)

    def __neg__(self) -> Vec:
        return Vec([-e for e in self.elements])

    def __pow__(self, other: Any) -> Vec:
        return Vec([e**other for e in self.elements])

    def __matmul__(self, other: Any) -> Any:
        return scalar_product(self, other)

    def __rmatmul__(self, other: Any) -> Vec:
        matrix = np.asarray(other, dtype=float)
        if matrix.ndim != 2 or matrix.shape[1] != len(self):
            refuse(f"a matrix of shape {matrix.shape} does not go with a vector of {len(self)} numbers")
        return Vec([sum((float(m) * e for m, e in zip(row[1:], self.elements[1:])), float(row[0]) * self.elements[0])
                    for row in matrix])  # fmt: skip

    def __len__(self) -> int:
        return len(self.elements)

    def __iter__(self) -> Any:
        return iter(self.elements)

    def __getitem__(self, place: Any) -> Any:
        return Vec(self.elements[place]) if isinstance(place, slice) else self.elements[place]

    def __bool__(self) -> bool:
        refuse("a residual must not decide by values; write fgopt.where(condition, a, b)")

    def __float__(self) -> float:
        refuse("a vector is no number; take one of its elements")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc is np.matmul and method == "__call__" and isinstance(inputs[1], Vec):
            return inputs[1].__rmatmul__(inputs[0])
        return array_function(ufunc, method, inputs, options)

    def _named(self, place: int, name: str) -> Real:
        if place < len(self.elements) <= 3:
            return self.elements[place]
        refuse(f"a vector of {len(self)} numbers has no .{name}")

    x = property(lambda self: self._named(0, "x"))
    y = property(lambda self: self._named(1, "y"))
    z = property(lambda self: self._named(2, "z"))


class Group(Symbol):
    """A rotation or pose; a @ b composes, a @ p moves a point from its frame to the world."""

    @property
    def base(self) -> str:
        return self.kind.removeprefix("fgo_")

    def _node(self, op: str, *arguments: Symbol, kind: str | None = None) -> int:
        return self.tape.add(op, (self.node, *(a.node for a in arguments)), kind or self.base)

    def _same(self, other: Any) -> Group:
        if not isinstance(other, Group) or other.base != self.base:
            refuse(f"{self.base} goes with {self.base}, not with {_called(other)}")
        return other

    def __matmul__(self, other: Any) -> Any:
        return Group(self.tape, self._node("compose", self._same(other))) if isinstance(other, Group) else self.transform(other)

    __mul__ = __matmul__

    def inverse(self) -> Group:
        return Group(self.tape, self._node("inverse"))

    def between(self, other: Any) -> Group:
        """Computes self^-1 other: other as seen from here."""
        return Group(self.tape, self._node("between", self._same(other)))

    def _moved(self, op: str, point: Any) -> Vec:
        n = SPACE[self.base]
        if isinstance(point, Symbol) or not hasattr(point, "__len__") or len(point) != n:
            refuse(f"{self.base} moves points of {n} numbers, not {_called(point)}")
        elements = [real(self.tape, e) for e in point]
        return unpack(self.tape, self._node(op, *elements, kind=f"vec{n}"), n)

    def transform(self, point: Any) -> Vec:
        """Moves a point from this frame to the world."""
        return self._moved("transform", point)

    def untransform(self, point: Any) -> Vec:
        """Moves a point from the world to this frame."""
        return self._moved("untransform", point)

    def log(self) -> Any:
        """Computes the tangent vector: an angle, (V^-1 t, angle), a rotation vector, or (V^-1 t, rotation vector)."""
        if self.base == "so2":
            return Real(self.tape, self._node("log", kind="r"))
        kind = {"se2": "log3", "so3": "vec3", "se3": "log6"}[self.base]
        return unpack(self.tape, self._node("log", kind=kind), tangent_of(self.base.upper()))

    def _is(self, *bases: str) -> None:
        if self.base not in bases:
            refuse(f"{self.base} does not have this")

    @property
    def t(self) -> Vec:
        """Returns the position."""
        self._is("se2", "se3")
        n = SPACE[self.base]
        return unpack(self.tape, self._node("position", kind=f"vec{n}"), n)

    @property
    def R(self) -> Group:
        """Returns the rotation."""
        self._is("se2", "se3")
        return Group(self.tape, self._node("rotation", kind=self.base.replace("e", "o")))

    @property
    def theta(self) -> Real:
        """Returns the angle of a rotation or pose of the plane, in [-pi, pi]."""
        self._is("so2", "se2")
        return (self.R if self.base == "se2" else self).log()  # type: ignore[no-any-return]

    angle = theta

    @property
    def vector_part(self) -> Vec:
        """Returns q_xyz of a rotation of space with q_w >= 0: half the rotation vector near zero."""
        self._is("so3", "se3")
        R = self.R if self.base == "se3" else self
        return unpack(R.tape, R._node("vector_part", kind="vec3"), 3)


def _called(value: Any) -> str:
    if isinstance(value, Group):
        return value.base
    return f"a vector of {len(value)} numbers" if isinstance(value, Vec) else type(value).__name__


def unpack(tape: Tape, node: int, n: int) -> Vec:
    return Vec([Real(tape, tape.add("element", (node,), "r", i)) for i in range(n)])

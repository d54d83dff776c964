# SPDX-License-Identifier: BSD-3-Clause
"""Runs the operations of a traced residual with the numbers of _dual.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _dual as D
from ._classes import tangent_of
from ._dual import Array, Dual
from ._trace import Node, Program

CHUNK = 4096  # factors at once: their partials fit the caches


def _unit(place: int, partials: int, n: int) -> Array:
    v = np.zeros((partials, n))
    v[place] = 1.0
    return v


def seed(manifold: str, x: Array, first: int, partials: int) -> Any:
    """Makes a variable from its ambient values (ambient, n), with partials from place `first` on; first < 0: without."""
    n = x.shape[1]

    def unit(i: int) -> D.Partials:
        return None if first < 0 else _unit(first + i, partials, n)

    def position(rows: Any, d: int) -> D.Vector:
        """Makes the position of a pose, with dt = R u."""
        out = []
        for i in range(d):
            v = None
            if first >= 0:
                v = np.zeros((partials, n))
                for j in range(d):
                    v[first + j] = rows[i][j]
            out.append(Dual(x[i], v))
        return out

    if manifold == "SO2":
        return D.SO2(x[0], x[1], unit(0))
    if manifold == "SE2":
        return D.Pose(position([[x[2], -x[3]], [x[3], x[2]]], 2), D.SO2(x[2], x[3], unit(2)))
    if manifold == "SO3":
        return D.SO3(tuple(x), tuple(unit(i) for i in range(3)))
    if manifold == "SE3":
        R = D.SO3(tuple(x[3:]), tuple(unit(3 + i) for i in range(3)))
        return D.Pose(position(R.matrix(), 3), R)
    return [Dual(x[i], unit(i)) for i in range(len(x))]


def _geometry(node: Node, a: list[Any]) -> Any:
    op = node.op
    if op == "between":
        return a[0].inverse().compose(a[1])
    if op == "transform":
        return a[0].transform(a[1:]) if isinstance(a[0], D.Pose) else a[0].rotate(a[1:])
    if op == "untransform":
        return a[0].untransform(a[1:]) if isinstance(a[0], D.Pose) else a[0].inverse().rotate(a[1:])
    if op == "position":
        return a[0].t
    if op == "rotation":
        return a[0].R
    if op == "join":
        return D.Pose(a[1:], a[0])
    if op == "pose":
        return D.Pose(a[:2], D.so2_exp(a[2]))
    if op == "exp":
        made: dict[str, Any] = {"so2": lambda: D.so2_exp(a[0]), "se2": lambda: D.se2_exp(a[:2], a[2]),
                "so3": lambda: D.so3_exp(a), "se3": lambda: D.se3_exp(a[:3], a[3:])}  # fmt: skip
        return made[node.kind]()
    return getattr(a[0], op)(*a[1:])  # compose, inverse, log, vector_part


_TRUTH: dict[str, Any] = {
    "lt": lambda x, y: np.asarray(x.a) < y.a,
    "le": lambda x, y: np.asarray(x.a) <= y.a,
    "and": lambda x, y: x & y,
    "or": lambda x, y: x | y,
    "not": lambda x: ~x,
}


def _step(node: Node, a: list[Any]) -> Any:
    if node.kind == "b":
        return _TRUTH[node.op](*a)
    if node.op == "element":
        return a[0][node.constant]
    if node.op == "where":
        return D.where(*a)
    if a and not isinstance(a[0], Dual):
        return _geometry(node, a)
    if node.op in ("exp", "pose") and node.kind not in ("r", "d"):
        return _geometry(node, a)
    return D.SCALAR[node.op](*a)


def run(program: Program, x: list[Array], z: Any, jacobian: bool) -> list[Dual]:
    """Computes the outputs for n factors. x: (ambient, n) for each variable; z: (size, n) or None."""
    partials = sum(tangent_of(m) for _, m in program.variables)
    seeds, first = [], 0
    for (_, manifold), values in zip(program.variables, x):
        seeds.append(seed(manifold, values, first if jacobian else -1, partials))
        first += tangent_of(manifold)
    measured = None if z is None else seed(program.measurement, z, -1, partials)
    done: list[Any] = []
    with np.errstate(all="ignore"):  # what is not finite is reported by the library
        for node in program.nodes:
            if node.op == "const":
                done.append(Dual(np.float64(node.constant)))
            elif node.op == "input":
                variable, place = node.constant
                source: Any = measured if variable < 0 else seeds[variable]
                done.append(source if place is None else source[place])
            else:
                done.append(_step(node, [done[i] for i in node.arguments]))
    return [done[i] for i in program.outputs]


def evaluate(program: Program, x: list[Array], z: Array | None, e: Array, J: Array | None) -> None:
    """Evaluates n factors. x: (n, ambient) for each variable, z: (n, size); out: e (n, rows), J (n, rows, partials) or None."""
    for begin in range(0, len(e), CHUNK):
        part = slice(begin, min(begin + CHUNK, len(e)))
        given = [np.ascontiguousarray(v[part].T) for v in x]
        measured = None if z is None else np.ascontiguousarray(z[part].T)
        for i, out in enumerate(run(program, given, measured, J is not None)):
            e[part, i] = out.a
            if J is not None:
                J[part, i, :] = 0.0 if out.v is None else out.v.T

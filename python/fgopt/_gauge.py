# SPDX-License-Identifier: BSD-3-Clause
"""Is a residual blind to rigid motions of all its variables? For residuals that NumPy evaluates: the library would ask their
Jacobians one factor at a time. The motions are those of gauge.c: x becomes T x, so a tangent is that of the frame of x."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._dual import Array
from ._emit import ambient_of, tangent_of, world_of
from ._interpret import evaluate
from ._trace import Program

POINTS = 8  # random ones, enough to meet the branches of a where


def _rotation(manifold: str, x: Array) -> Array:
    """Its matrix, 2 x 2 or 3 x 3."""
    if world_of(manifold) == 2:
        c, s = x[-2:]
        return np.array([[c, -s], [s, c]])
    a, b, c, w = x[-4:]
    return np.array([[1 - 2 * (b * b + c * c), 2 * (a * b - c * w), 2 * (a * c + b * w)],
                     [2 * (a * b + c * w), 1 - 2 * (a * a + c * c), 2 * (b * c - a * w)],
                     [2 * (a * c - b * w), 2 * (b * c + a * w), 1 - 2 * (a * a + b * b)]])  # fmt: skip


def _tangents(manifold: str, x: Array, world: int) -> Array:
    """(generators, tangent): translations along the axes of the world, then rotations about its origin."""
    d, turns = world, 1 if world == 2 else 3
    place: Array | None
    out = np.zeros((d + turns, tangent_of(manifold)))
    if manifold[0] == "R":
        if len(x) != d:
            return out  # no point: a scale, a bias
        R, place = np.eye(d), x
    else:
        R, place = _rotation(manifold, x), x[:d] if manifold[1] == "E" else None
    if place is not None:
        out[:d, :d] = R  # row k: R' e_k
        moved = np.array([[-place[1], place[0]]]) if d == 2 else np.cross(np.eye(3), place)
        out[d:, :d] = moved @ R
    if manifold[0] == "S":
        out[d:, -turns:] = 1.0 if d == 2 else R
    return out


def _random_value(manifold: str, random: Any) -> Array:
    x: Array = random.normal(size=ambient_of(manifold))
    n = {"SO2": 2, "SE2": 2, "SO3": 4, "SE3": 4}.get(manifold, 0)
    if n:
        x[-n:] /= np.linalg.norm(x[-n:])
    return x


def gauge_of(program: Program) -> str | None:
    """"relative", "absolute", or None where the variables do not say which world they are in or the points disagree."""
    worlds = {world_of(m) for _, m in program.variables} - {0}
    if len(worlds) != 1:
        return None
    world, random, blind = worlds.pop(), np.random.default_rng(0), set()
    for _ in range(POINTS):
        x = [_random_value(m, random) for _, m in program.variables]
        z = _random_value(program.measurement, random)[None] if program.measurement else None
        rows, partials = len(program.outputs), sum(tangent_of(m) for _, m in program.variables)
        e, J = np.empty((1, rows)), np.empty((1, rows, partials))
        evaluate(program, [v[None] for v in x], z, e, J)
        moves = np.hstack([_tangents(m, v, world) for (_, m), v in zip(program.variables, x)])
        change, size = J[0] @ moves.T, np.abs(J[0]) @ np.abs(moves.T)
        if not np.all(np.isfinite(change)):
            return None
        blind.add(bool(np.all(np.abs(change) <= 1e-9 * size)))
    return None if len(blind) > 1 else "relative" if blind.pop() else "absolute"

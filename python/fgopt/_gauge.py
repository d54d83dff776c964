# SPDX-License-Identifier: BSD-3-Clause
"""Finds out whether a residual is blind to rigid motions of all its variables, for residuals that NumPy evaluates: the library
would ask for their Jacobians one factor at a time. The motions come from the manifolds' traits."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np

from . import _classes
from . import _layout as L
from ._classes import tangent_of, turned_world
from ._dual import Array
from ._interpret import evaluate
from ._trace import Program

POINTS = 8  # random ones, enough to meet the branches of a where


def _tangents(manifold: str, x: Array, world: int) -> Array:
    """Computes (motions, tangent): translations along the axes of the world, then rotations about its origin; else zeros."""
    m, origin = _classes.manifold(manifold), np.zeros(3)
    traits = _classes.traits_of(m)
    out = np.zeros((3 if world == 2 else 6, m.tangent))
    for k in range(len(out) if traits.world == world else 0):
        L.MOVE(traits.move)(c.addressof(m), origin.ctypes.data, x.ctypes.data, k, out[k].ctypes.data)
    return out


def _random_value(manifold: str, random: Any) -> Array:
    m = _classes.manifold(manifold)
    identity, delta = _classes.traits_of(m).identity, random.normal(size=m.tangent)
    x: Array = np.array(identity[: m.ambient] if identity else [0.0] * m.ambient)
    L.RETRACT(m.retract)(c.addressof(m), x.ctypes.data, delta.ctypes.data, x.ctypes.data)
    return x


def gauge_of(program: Program) -> str | None:
    """Returns "relative", "absolute", or None where the variables name no common world or the points disagree."""
    worlds = {turned_world(m) for _, m in program.variables} - {0}
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

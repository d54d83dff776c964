# SPDX-License-Identifier: BSD-3-Clause
"""Cost, residuals and derivatives of a graph at its current values."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _integers, _variables
from . import _layout as L
from ._arguments import Array
from ._core import Core
from ._factors import FactorGroup, group_at, groups
from ._library import lib
from .errors import ArgumentError

WEIGHTINGS = ("none", "noise", "loss")


class Triplets(NamedTuple):
    """A sparse matrix for users without SciPy; no place occurs twice."""

    data: Array
    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    shape: tuple[int, int]


class JacobianCheck(NamedTuple):
    """The worst entry of all Jacobians against differences; an error below 1e-7 says that all are right."""

    error: float
    jacobian: float
    difference: float
    factor: int
    row: int
    variable: int
    dof: int


def cost(core: Core) -> float:
    """Sums rho(e' Omega e) over all factors."""
    out = c.c_double()
    core.evaluate(lib.fgo_graph_cost, c.byref(out))
    return out.value


def gradient(core: Core) -> Array:
    """Computes dF/ddelta, (tangent_dimension,)."""
    with core.handle.in_use() as pointer:
        out = np.empty(lib.fgo_graph_tangent_dimension(pointer))
        status = lib.fgo_graph_gradient(pointer, out.ctypes.data)
    core.judge(status)
    return out


def evaluate_group(core: Core, group: int, weighting: str, jacobian: bool) -> tuple[Array, Array | None]:
    """Computes residuals (count, rows) and Jacobians (count, rows, partials) of the factors of one class."""
    if weighting not in WEIGHTINGS:
        raise ArgumentError(f"weighting is {weighting!r}; allowed: {', '.join(WEIGHTINGS)}")
    handle = core.handle
    with handle.in_use() as pointer:
        about = group_at(handle, group)
        n = len(about.numbers)
        r = np.empty((n, about.rows))
        J = np.empty((n, about.rows, sum(about.tangents))) if jacobian else None
        at = None if J is None else J.ctypes.data
        status = lib.fgo_graph_evaluate_group(pointer, group, WEIGHTINGS.index(weighting), r.ctypes.data, at)
    core.judge(status)
    return r, J


def _places(every: list[FactorGroup]) -> list[npt.NDArray[np.intp]]:
    """Finds the place of each factor of each group in the order of the numbers, in which there may be gaps."""
    numbers = np.concatenate([np.empty(0, np.uint32), *(g.numbers for g in every)])
    place = np.empty(len(numbers), np.intp)
    place[np.argsort(numbers, kind="stable")] = np.arange(len(numbers))
    return np.split(place, np.cumsum([len(g.numbers) for g in every])[:-1]) if every else []


def _rows(every: list[FactorGroup]) -> tuple[list[npt.NDArray[np.intp]], int]:
    """Finds where the rows of each factor of each group begin, and how many rows there are."""
    places = _places(every)
    rows = np.zeros(sum(map(len, places)) + 1, np.intp)
    for g, at in zip(every, places):
        rows[at + 1] = g.rows
    begin = np.cumsum(rows)
    return [begin[at] for at in places], int(begin[-1])


def residuals(core: Core, weighting: str) -> Array:
    """Computes the residuals of all factors, one after the other in the order they were added."""
    every = groups(core)
    begins, total = _rows(every)
    out = np.empty(total)
    for i, (g, begin) in enumerate(zip(every, begins)):
        r, _ = evaluate_group(core, i, weighting, jacobian=False)
        out[begin[:, None] + np.arange(g.rows)] = r
    return out


def chi2(core: Core, factors: Any = None) -> Array:
    """Computes e' Omega e before the loss of each factor, or of the factors with the given numbers."""
    if factors is not None:
        return _chi2_of(core, _integers.factors(factors))
    places = _places(groups(core))
    out = np.empty(sum(map(len, places)))
    for i, at in enumerate(places):
        r, _ = evaluate_group(core, i, "noise", jacobian=False)
        out[at] = np.einsum("ij,ij->i", r, r)
    return out


def _chi2_of(core: Core, factors: _integers.Numbers) -> Array:
    out, one = np.empty(len(factors)), c.c_double()
    for i, factor in enumerate(factors.tolist()):
        core.evaluate(lib.fgo_graph_chi2, factor, c.byref(one))
        out[i] = one.value
    return out


def jacobian_triplets(core: Core, weighting: str) -> Triplets:
    """Computes the Jacobian of residuals(weighting), without the columns that are held."""
    every = groups(core)
    begins, total = _rows(every)
    tangent = _variables.listing(core).tangents.astype(np.intp)
    held = _variables.held(core)
    data, row, column = [np.empty(0)], [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for i, (g, begin) in enumerate(zip(every, begins)):
        _, J = evaluate_group(core, i, weighting, jacobian=True)
        assert J is not None
        own = [tangent[g.variables[:, k]][:, None] + np.arange(d) for k, d in enumerate(g.tangents)]
        columns = np.broadcast_to(np.hstack(own)[:, None, :], J.shape)
        rows = np.broadcast_to((begin[:, None] + np.arange(g.rows))[:, :, None], J.shape)
        free = ~held[columns]
        data.append(J[free])
        row.append(rows[free])
        column.append(columns[free])
    parts = np.concatenate(data), np.concatenate(row), np.concatenate(column)
    return Triplets(*parts, (total, len(held)))


def jacobian(core: Core, weighting: str) -> Any:
    """Computes the Jacobian as scipy.sparse.csr_matrix."""
    from scipy import sparse

    t = jacobian_triplets(core, weighting)
    return sparse.csr_matrix((t.data, (t.row, t.column)), shape=t.shape)


def hessian(core: Core) -> Any:
    """Computes 2 J' J as scipy.sparse.csc_matrix."""
    J = jacobian(core, "loss")
    return (2.0 * (J.T @ J)).tocsc()


def check_jacobians(core: Core) -> JacobianCheck:
    """Compares the Jacobians of all factors with differences."""
    raw = L.JacobianReport()
    core.evaluate(lib.fgo_graph_check_jacobians_sized, c.byref(raw), c.sizeof(raw))
    return JacobianCheck(*(getattr(raw, name) for name in JacobianCheck._fields))

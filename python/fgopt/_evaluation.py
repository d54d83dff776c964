# SPDX-License-Identifier: BSD-3-Clause
"""Cost, residuals and derivatives of a graph at its current values."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _layout as L
from . import _variables
from ._arguments import Array
from ._core import Core
from ._factors import FactorGroup, groups
from ._library import lib
from .errors import ArgumentError

WEIGHTINGS = ("none", "noise", "loss")


class Triplets(NamedTuple):
    """A sparse matrix, for those who have no SciPy; entries of one place do not repeat."""

    data: Array
    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    shape: tuple[int, int]


class JacobianCheck(NamedTuple):
    """The worst entry of all Jacobians against differences; error below 1e-7 says that they are right."""

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
    out = np.empty(_variables.tangent_dimension(core))
    core.evaluate(lib.fgo_graph_gradient, out.ctypes.data)
    return out


def evaluate_group(core: Core, group: int, weighting: str, jacobian: bool) -> tuple[Array, Array | None]:
    """Computes residuals (count, rows) and Jacobians (count, rows, partials) of the factors of one class."""
    if weighting not in WEIGHTINGS:
        raise ArgumentError(f"weighting is {weighting!r}; allowed: {', '.join(WEIGHTINGS)}")
    about = groups(core)[group]
    n = len(about.numbers)
    r = np.empty((n, about.rows))
    J = np.empty((n, about.rows, sum(about.tangents))) if jacobian else None
    core.evaluate(
        lib.fgo_graph_evaluate_group, group, WEIGHTINGS.index(weighting), r.ctypes.data,
        None if J is None else J.ctypes.data,
    )  # fmt: skip
    return r, J


def _rows(every: list[FactorGroup]) -> tuple[npt.NDArray[np.intp], int]:
    """Finds where the rows of each factor begin, by number, and how many rows there are."""
    rows = np.zeros(sum(len(g.numbers) for g in every) + 1, np.intp)
    for g in every:
        rows[g.numbers.astype(np.intp) + 1] = g.rows
    begin = np.cumsum(rows)
    return begin[:-1], int(begin[-1])


def residuals(core: Core, weighting: str) -> Array:
    """Computes the residuals of all factors, one after the other in the order they were added."""
    every = groups(core)
    begin, total = _rows(every)
    out = np.empty(total)
    for i, g in enumerate(every):
        r, _ = evaluate_group(core, i, weighting, jacobian=False)
        out[begin[g.numbers][:, None] + np.arange(g.rows)] = r
    return out


def chi2(core: Core) -> Array:
    """Computes e' Omega e of each factor before its loss."""
    every = groups(core)
    out = np.empty(sum(len(g.numbers) for g in every))
    for i, g in enumerate(every):
        r, _ = evaluate_group(core, i, "noise", jacobian=False)
        out[g.numbers] = np.einsum("ij,ij->i", r, r)
    return out


def jacobian_triplets(core: Core, weighting: str) -> Triplets:
    """Computes the Jacobian of residuals(weighting), without the columns that are held."""
    every = groups(core)
    begin, total = _rows(every)
    tangent = _variables.listing(core).tangents.astype(np.intp)
    held = _variables.held(core)
    data, row, column = [np.empty(0)], [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for i, g in enumerate(every):
        _, J = evaluate_group(core, i, weighting, jacobian=True)
        assert J is not None
        own = [tangent[g.variables[:, k]][:, None] + np.arange(d) for k, d in enumerate(g.tangents)]
        columns = np.broadcast_to(np.hstack(own)[:, None, :], J.shape)
        rows = np.broadcast_to((begin[g.numbers][:, None] + np.arange(g.rows))[:, :, None], J.shape)
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

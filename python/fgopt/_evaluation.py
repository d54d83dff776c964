# SPDX-License-Identifier: BSD-3-Clause
"""Cost, residuals and derivatives of a graph at its current values."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from . import _layout as L
from ._arguments import Array
from ._comparison import Comparison, compare
from ._covariance import Covariance
from ._library import lib
from .errors import ArgumentError, EvaluationError

if TYPE_CHECKING:
    from ._handle import Handle
    from .graph import FactorGroup, Graph

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


class Evaluation:
    """The part of Graph that evaluates."""

    _handle: Handle
    _classes: dict[str, Any]

    if TYPE_CHECKING:

        def groups(self) -> list[FactorGroup]: ...
        def _variables(self) -> Any: ...

        @property
        def tangent_dimension(self) -> int: ...
        @property
        def held(self) -> npt.NDArray[np.bool_]: ...

    def _blame(self) -> None:
        """Raises what a residual in Python raised inside the C library."""
        for residual in self._classes.values():
            failure = residual._take_failure()
            if failure is not None:
                raise failure

    def _evaluate(self, function: Any, *arguments: Any) -> None:
        try:
            self._handle.call(function, *arguments)
        except EvaluationError:
            self._blame()
            raise

    def cost(self) -> float:
        """F = sum of rho(e' Omega e) over all factors: chi2 where there are no losses. There is no factor 1/2."""
        out = c.c_double()
        self._evaluate(lib.fgo_graph_cost, c.byref(out))
        return out.value

    def gradient(self) -> Array:
        """dF/ddelta, (tangent_dimension,); zero where degrees of freedom are held."""
        out = np.empty(self.tangent_dimension)
        self._evaluate(lib.fgo_graph_gradient, out.ctypes.data)
        return out

    def evaluate_group(self, group: int, weighting: str = "loss", jacobian: bool = True) -> tuple[Array, Array | None]:
        """Residuals (count, rows) and Jacobians (count, rows, partials) of the factors of groups()[group]."""
        if weighting not in WEIGHTINGS:
            raise ArgumentError(f"weighting is {weighting!r}; allowed: {', '.join(WEIGHTINGS)}")
        about = self.groups()[group]
        n = len(about.numbers)
        r = np.empty((n, about.rows))
        J = np.empty((n, about.rows, sum(about.tangents))) if jacobian else None
        self._evaluate(
            lib.fgo_graph_evaluate_group, group, WEIGHTINGS.index(weighting), r.ctypes.data,
            None if J is None else J.ctypes.data,
        )  # fmt: skip
        return r, J

    def _rows(self, groups: list[FactorGroup]) -> tuple[npt.NDArray[np.intp], int]:
        """Where the rows of each factor begin, by number, and how many there are."""
        rows = np.zeros(sum(len(g.numbers) for g in groups) + 1, np.intp)
        for g in groups:
            rows[g.numbers.astype(np.intp) + 1] = g.rows
        begin = np.cumsum(rows)
        return begin[:-1], int(begin[-1])

    def residuals(self, weighting: str = "none") -> Array:
        """The residuals of all factors, one after the other in the order they were added.

        weighting: "none" e; "noise" W e, in standard deviations; "loss" sqrt(rho') W e, of which half the gradient is J' r."""
        groups = self.groups()
        begin, total = self._rows(groups)
        out = np.empty(total)
        for i, g in enumerate(groups):
            r, _ = self.evaluate_group(i, weighting, jacobian=False)
            out[begin[g.numbers][:, None] + np.arange(g.rows)] = r
        return out

    def chi2(self) -> Array:
        """e' Omega e of each factor before its loss, (factor_count,)."""
        groups = self.groups()
        out = np.empty(sum(len(g.numbers) for g in groups))
        for i, g in enumerate(groups):
            r, _ = self.evaluate_group(i, "noise", jacobian=False)
            out[g.numbers] = np.einsum("ij,ij->i", r, r)
        return out

    def jacobian_triplets(self, weighting: str = "loss") -> Triplets:
        """As jacobian(), without SciPy."""
        groups = self.groups()
        begin, total = self._rows(groups)
        tangent = self._variables()[3].astype(np.intp)
        held = self.held
        data, row, column = [np.empty(0)], [np.empty(0, np.intp)], [np.empty(0, np.intp)]
        for i, g in enumerate(groups):
            _, J = self.evaluate_group(i, weighting)
            assert J is not None
            own = [tangent[g.variables[:, k]][:, None] + np.arange(d) for k, d in enumerate(g.tangents)]
            columns = np.broadcast_to(np.hstack(own)[:, None, :], J.shape)
            rows = np.broadcast_to((begin[g.numbers][:, None] + np.arange(g.rows))[:, :, None], J.shape)
            free = ~held[columns]
            data.append(J[free])
            row.append(rows[free])
            column.append(columns[free])
        parts = np.concatenate(data), np.concatenate(row), np.concatenate(column)
        return Triplets(*parts, (total, self.tangent_dimension))

    def jacobian(self, weighting: str = "loss") -> Any:
        """de/ddelta as scipy.sparse.csr_matrix, rows as residuals(weighting), columns as gradient(); held columns are empty.
        Without SciPy an ImportError; see jacobian_triplets."""
        from scipy import sparse

        t = self.jacobian_triplets(weighting)
        return sparse.csr_matrix((t.data, (t.row, t.column)), shape=t.shape)

    def hessian(self) -> Any:
        """The Gauss-Newton approximation 2 J' J of the second derivative of cost(), as scipy.sparse.csc_matrix, symmetric."""
        J = self.jacobian("loss")
        return (2.0 * (J.T @ J)).tocsc()

    def check_jacobians(self) -> JacobianCheck:
        """Compares the Jacobians of all factors with differences at the current values."""
        raw = L.JacobianReport()
        self._evaluate(lib.fgo_graph_check_jacobians, c.byref(raw))
        return JacobianCheck(*(getattr(raw, name) for name in JacobianCheck._fields))

    def covariance(self, keys: Any) -> Array:
        """Covariance at the current values, (d, d) of one variable's tangent, or of several together, in this order.
        See Covariance, which is made once for many such questions."""
        return Covariance(cast("Graph", self)).joint(keys)

    def covariances(self, kind: str) -> Array:
        """Covariances of all variables on a manifold, (n, d, d), in the order of keys(kind)."""
        return Covariance(cast("Graph", self)).marginals(kind)

    def compare(
        self, reference: Graph, *, align: str = "se", match: str = "auto", pairs: str = "all", delta: int = 1,
        time_offset: float = 0.0, time_tolerance: float = 0.01, lengths: Any = (),
    ) -> Comparison:  # fmt: skip
        """Pose errors of this estimate against a reference graph.

        align: "se" moves the estimate rigidly onto the reference, "sim" scales it, too, "none" leaves it where it is.
        match: poses with equal "keys" belong together, or with nearest "times" (time_offset seconds added to those of the
        estimate, at most time_tolerance apart); "auto": times where all poses have them.
        delta: relative errors are those of steps of so many poses, from every pose (pairs="all") or end to end ("consecutive").
        lengths: metres, of ways over which errors are taken, too (KITTI's)."""
        options = {"align": align, "match": match, "pairs": pairs, "delta": delta, "lengths": lengths,
                   "time_offset": time_offset, "time_tolerance": time_tolerance}  # fmt: skip
        return compare(cast("Graph", self), reference, options)

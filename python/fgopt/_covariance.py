# SPDX-License-Identifier: BSD-3-Clause
"""How certain the values of a graph are (covariance.h)."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _arguments
from ._arguments import Array
from ._library import lib

if TYPE_CHECKING:
    from .graph import Graph


class Covariance:
    """Covariances of a graph's variables at the values that it has when this is made, usually an optimum.

    Sigma = (J' Omega J)^-1 of the tangent vectors at these values, to first order, with the weights that robust losses give:
    for a pose translation first, then rotation, both in the pose's own frame, so m^2, m rad, rad^2. As good as the noise
    that was said to be. Held degrees of freedom have zeros. In a component that nothing holds, covariances are relative to
    its variable of smallest key.

    All marginals are computed at once, in about the time of three factorizations. SingularError if the factors do not
    determine all variables. ArgumentError when variables, factors or holds of the graph have changed since."""

    def __init__(self, graph: Graph, threads: int = 0) -> None:
        out = c.c_void_p()
        graph._evaluate(lib.fgo_covariance_create, threads, c.byref(out))
        self._pointer, self._handle = out.value, graph._handle  # which it borrows
        tangent = np.append(graph._variables()[3].astype(np.intp), graph.tangent_dimension)
        self._sizes = np.diff(tangent)
        self._size_of = dict(zip(graph.keys().tolist(), self._sizes.tolist()))
        self._kinds = graph._kinds()

    def __del__(self, free: Any = lib.fgo_covariance_free) -> None:
        free(getattr(self, "_pointer", None))

    def _matrix(self, function: Any, rows: Any, columns: Any, *arguments: Any) -> Array:
        sizes = (sum(self._size_of.get(key, 0) for key in keys) for keys in (rows, columns))  # 0: the library knows no such key
        out = np.empty(tuple(sizes))
        self._handle.guarded(function, self._pointer, *arguments, out.ctypes.data)
        return out

    def marginal(self, key: int) -> Array:
        """Of one variable, (d, d), d its tangent dimension."""
        return self._matrix(lib.fgo_covariance_marginal, [key], [key], int(key))

    def cross(self, a: int, b: int) -> Array:
        """Of two variables, (d_a, d_b)."""
        return self._matrix(lib.fgo_covariance_cross, [a], [b], int(a), int(b))

    def joint(self, keys: Any) -> Array:
        """Of several variables together, in this order, (D, D), D the sum of their tangent dimensions."""
        at = _arguments.keys(keys)
        return self._matrix(lib.fgo_covariance_joint, at.tolist(), at.tolist(), at.ctypes.data, len(at))

    def marginals(self, kind: str) -> Array:
        """Of all variables on a manifold, (n, d, d), in the order of Graph.keys(kind)."""
        ends = np.cumsum(self._sizes**2)
        every = np.empty(int(ends[-1]) if len(ends) else 0)
        self._handle.guarded(lib.fgo_covariance_marginals, self._pointer, every.ctypes.data)
        at = self._kinds.get(kind, np.empty(0, np.intp))
        d = int(self._sizes[at[0]]) if len(at) else 0
        return every[(ends[at] - d * d)[:, None] + np.arange(d * d)].reshape(len(at), d, d)

# SPDX-License-Identifier: BSD-3-Clause
"""How certain the values of a graph are (covariance.h)."""

from __future__ import annotations

from typing import Any

from ._arguments import Array
from ._marginals import Marginals
from .graph import Graph


class Covariance:
    """Covariances of a graph's variables at the values of the moment when this object is made, usually an optimum.

    Sigma = (J' Omega J)^-1 of the tangent vectors at these values, to first order, with the weights that robust losses give:
    for a pose translation first, then rotation, both in the pose's own frame, so m^2, m rad, rad^2. They are
    as good as the noise model. Held degrees of freedom have zeros. In a component that nothing holds, covariances are
    relative to its variable of smallest key.

    All marginals are computed at once, in about the time of three factorizations. SingularError if the factors do not
    determine all variables. ArgumentError when variables, factors or holds of the graph have changed since."""

    def __init__(self, graph: Graph, threads: int = 0) -> None:
        self._marginals = Marginals(graph._core, threads)

    def marginal(self, key: int) -> Array:
        """Returns the covariance of one variable, (d, d), d its tangent dimension."""
        return self._marginals.marginal(key)

    def cross(self, a: int, b: int) -> Array:
        """Returns the covariance between two variables, (d_a, d_b)."""
        return self._marginals.cross(a, b)

    def joint(self, keys: Any) -> Array:
        """Returns the covariance of variables together, in this order, (D, D), D the sum of their tangent dimensions."""
        return self._marginals.joint(keys)

    def marginals(self, kind: str) -> Array:
        """Returns the covariances of all variables on a manifold, (n, d, d), in the order of Graph.keys(kind)."""
        return self._marginals.marginals(kind)

# SPDX-License-Identifier: BSD-3-Clause
"""Covariances of a graph's variables (covariance.h)."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np

from . import _arguments, _integers, _variables
from ._arguments import Array
from ._core import Core
from ._library import lib


class Marginals:
    """Owns one fgo_covariance, which borrows the C graph."""

    def __init__(self, core: Core, threads: int = 0) -> None:
        out = c.c_void_p()
        core.evaluate(lib.fgo_covariance_create, _integers.small(threads, "threads"), c.byref(out))
        self._pointer, self._handle = out.value, core.handle
        every = _variables.listing(core)
        self._sizes = np.diff(np.append(every.tangents.astype(np.intp), _variables.tangent_dimension(core)))
        self._size_of = dict(zip(every.keys.tolist(), self._sizes.tolist()))
        self._kinds = _variables.kinds(core)

    def __del__(self, free: Any = lib.fgo_covariance_free) -> None:
        free(getattr(self, "_pointer", None))

    def _matrix(self, function: Any, rows: Any, columns: Any, *arguments: Any) -> Array:
        sizes = (sum(self._size_of.get(key, 0) for key in keys) for keys in (rows, columns))  # 0: the library knows no such key
        out = np.empty(tuple(sizes))
        self._handle.guarded(function, self._pointer, *arguments, out.ctypes.data)
        return out

    def marginal(self, key: int) -> Array:
        """Copies the covariance of one variable, (d, d)."""
        at = _integers.key(key)
        return self._matrix(lib.fgo_covariance_marginal, [at], [at], at)

    def cross(self, a: int, b: int) -> Array:
        """Copies the covariance between two variables, (d_a, d_b)."""
        first, second = _integers.key(a), _integers.key(b)
        return self._matrix(lib.fgo_covariance_cross, [first], [second], first, second)

    def joint(self, keys: Any) -> Array:
        """Copies the covariance of several variables together, (D, D)."""
        at = _arguments.keys(keys)
        return self._matrix(lib.fgo_covariance_joint, at.tolist(), at.tolist(), at.ctypes.data, len(at))

    def marginals(self, kind: str) -> Array:
        """Copies the covariances of all variables on a manifold, (n, d, d)."""
        ends = np.cumsum(self._sizes**2)
        every = np.empty(int(ends[-1]) if len(ends) else 0)
        self._handle.guarded(lib.fgo_covariance_marginals, self._pointer, every.ctypes.data)
        at = self._kinds.get(kind, np.empty(0, np.intp))
        d = int(self._sizes[at[0]]) if len(at) else 0
        return every[(ends[at] - d * d)[:, None] + np.arange(d * d)].reshape(len(at), d, d)

# SPDX-License-Identifier: BSD-3-Clause
"""Where the variables of a graph are, whatever their manifolds: by the traits, as the pictures of the program do."""

from __future__ import annotations

import ctypes as c
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import _layout as L
from . import _variables
from ._arguments import Array
from ._classes import traits_of
from ._core import Core
from ._library import lib


class Places(NamedTuple):
    """Positions of all variables, in the order they were added."""

    positions: Array  # (n, 3), z = 0 in the plane; NaN where a variable has none
    kinds: npt.NDArray[np.intc]  # (n,) fgo_manifold_kind
    worlds: npt.NDArray[np.intc]  # (n,) 2 or 3; 0 for vectors

    def of(self, kind: int) -> npt.NDArray[np.bool_]:
        """Tells which variables are of a kind and have a place."""
        return np.asarray((self.kinds == kind) & np.isfinite(self.positions[:, 0]))


def _ask(m: L.Manifold, x: Array) -> Array:
    """Asks the manifold for the position of each value."""
    out, quaternion = np.full((len(x), 3), np.nan), (c.c_double * 4)()
    position, address, step = (c.c_double * 3)(), x.ctypes.data, x.strides[0]
    for i in range(len(x)):
        if lib.fgo_manifold_place(c.byref(m), address + i * step, position, quaternion) & L.PLACE_POSITION:
            out[i] = position
    return out


def _positions(m: L.Manifold, x: Array) -> Array:
    """Finds the positions of values, (n, ambient): from the values themselves, or from the manifold's function."""
    traits = traits_of(m)
    if traits.place or traits.position < 0 or traits.kind not in (L.KIND_POSE, L.KIND_POINT):
        return _ask(m, x)
    out = np.zeros((len(x), 3))
    out[:, : traits.world] = x[:, traits.position : traits.position + traits.world]
    return out


def places(core: Core) -> Places:
    """Finds where all variables are."""
    every, state = _variables.listing(core), _variables.state(core)
    n = len(every.keys)
    out = Places(np.full((n, 3), np.nan), np.zeros(n, np.intc), np.zeros(n, np.intc))
    for address in np.unique(every.manifolds):
        m = L.Manifold.from_address(int(address))
        at, traits = np.flatnonzero(every.manifolds == address), traits_of(m)
        out.kinds[at], out.worlds[at] = traits.kind, traits.world
        x = state[every.values[at].astype(np.intp)[:, None] + np.arange(m.ambient)]
        out.positions[at] = _positions(m, np.ascontiguousarray(x))
    return out

# SPDX-License-Identifier: BSD-3-Clause
"""Manifolds and factor classes of the library by their names."""

from __future__ import annotations

import ctypes as c
import functools

from . import _layout as L
from ._library import check, lib
from .errors import ArgumentError


@functools.cache
def manifold(kind: str) -> L.Manifold:
    """Of "SO2", "SE2", "SO3", "SE3" or "R1", "R2", ..."""
    out = L.Manifold()
    if lib.fgo_manifold_find(kind.encode(), c.byref(out)):
        raise ArgumentError(f"there is no manifold {kind!r}; one of SO2, SE2, SO3, SE3, R1, R2, ...")
    return out


@functools.cache
def factor_class(name: str, n: int = 0) -> L.FactorClass:
    """A built-in class, "between_se3" for fgo_between_se3; n is the dimension for prior_rn and between_rn."""
    if name in ("prior_rn", "between_rn"):
        out = L.FactorClass()
        check(getattr(lib, f"fgo_{name}")(n, c.byref(out)))
        return out
    try:
        found = L.FactorClass.in_dll(lib, f"fgo_{name}")
    except ValueError:
        raise ArgumentError(f"libfgopt has no factor class {name!r}") from None
    if found.abi != L.FACTOR_ABI or (found.name or b"").decode() != name:  # some other symbol
        raise ArgumentError(f"libfgopt has no factor class {name!r}")
    return found

# SPDX-License-Identifier: BSD-3-Clause
"""Manifolds and factor classes of the library by their names: what is built in, and what extensions have registered."""

from __future__ import annotations

import ctypes as c
import functools
import itertools
from collections.abc import Iterator

from . import _layout as L
from ._library import check, lib
from .errors import ArgumentError


def every_manifold() -> Iterator[L.Manifold]:
    """Lists the manifolds that this process knows, without R^n."""
    return (found.contents for found in itertools.takewhile(bool, map(lib.fgo_manifold_get, itertools.count())))


@functools.cache
def manifold(kind: str) -> L.Manifold:
    """Finds the manifold of a name: "SO2", "SE2", "SO3", "SE3", "R1", "R2", ..., or a registered one."""
    out = L.Manifold()
    if lib.fgo_manifold_find(kind.encode(), c.byref(out)):
        known = ", ".join(m.name.decode() for m in every_manifold())
        raise ArgumentError(f"there is no manifold {kind!r}; one of {known}, R1, R2, ...; load_extension() adds others")
    return out


def ambient_of(kind: str) -> int:
    """Returns how many numbers store a value of a manifold."""
    return int(manifold(kind).ambient)


def tangent_of(kind: str) -> int:
    """Returns how many degrees of freedom a manifold has."""
    return int(manifold(kind).tangent)


def traits_of(m: L.Manifold) -> L.ManifoldTraits:
    """Returns the traits of a manifold: what the library knows of it; of a manifold without traits, nothing."""
    return m.traits.contents if m.traits else L.ManifoldTraits(position=-1, rotation=-1)


def turned_world(kind: str) -> int:
    """Returns the dimension of the world that a rotation or pose turns; 0 for all others."""
    traits = traits_of(manifold(kind))
    return int(traits.world) if traits.kind in (L.KIND_POSE, L.KIND_ROTATION) else 0


@functools.cache
def factor_class(name: str, n: int = 0) -> L.FactorClass:
    """Finds a class in the library's registry, "between_se3" for fgo_between_se3; n is the dimension of classes for R^n."""
    found = lib.fgo_factor_class_find(name.encode())
    if not found:
        raise ArgumentError(f"libfgopt has no factor class {name!r}; load_extension() adds others")
    row = found.contents
    if row.of_dimension:
        out = L.FactorClass()
        check(L.OF_DIMENSION(row.of_dimension)(n, c.byref(out)))
        return out
    classes: list[L.FactorClass] = [one.contents for one in (row.c, row.log, row.ceres) if one]
    return next(one for one in classes if one.name.decode() == name)

# SPDX-License-Identifier: BSD-3-Clause
"""The variables of a graph: their keys, manifolds, values and times, and which of them are held."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _arguments, _integers
from . import _layout as L
from ._arguments import Array, Keys
from ._classes import manifold, traits_of, turned_world
from ._core import Core
from ._library import check, lib
from .errors import ArgumentError, BusyError, VariableError

Numbers = npt.NDArray[np.intp]
Addresses = npt.NDArray[np.uintp]


class Listing(NamedTuple):
    """Keys, manifolds and places of all variables, in the order they were added, (n,) each."""

    keys: Keys
    manifolds: Addresses
    values: Addresses  # where the value of each begins in state()
    tangents: Addresses  # where the tangent of each begins in a gradient


def add(core: Core, kind: str, keys: Any, values: Any) -> None:
    """Adds variables on manifold `kind`, with values as users write them."""
    at = _arguments.keys(keys)
    m = manifold(kind)
    x = _arguments.ambient(kind, values, len(at), "values")
    core.change(lib.fgo_graph_add_variables, c.byref(m), len(at), at.ctypes.data, x.ctypes.data)


def add_vectors(core: Core, keys: Any, values: Any) -> None:
    """Adds vectors, whose dimension follows from the shape of the values."""
    at = _arguments.keys(keys)
    x = _arguments.numbers(values, "values")
    d = x.shape[-1] if x.ndim == 2 or (x.ndim == 1 and len(at) == 1) else 1
    add(core, f"R{d}", at, x)


def remove(core: Core, keys: Any) -> None:
    """Removes variables and every factor on any of them."""
    at = _arguments.keys(keys)
    if len(at) == 1:
        core.change(lib.fgo_graph_remove_variable, int(at[0]))
    elif len(at):
        core.change(lib.fgo_graph_remove_variables, at.ctypes.data, len(at))


def count(core: Core) -> int:
    """Counts the variables."""
    return int(lib.fgo_graph_variable_count(core.handle.pointer))


def tangent_dimension(core: Core) -> int:
    """Sums the tangent dimensions of all variables."""
    return int(lib.fgo_graph_tangent_dimension(core.handle.pointer))


def listing(core: Core) -> Listing:
    """Lists all variables."""
    with core.handle.in_use() as pointer:
        n = lib.fgo_graph_variable_count(pointer)
        out = Listing(np.empty(n, np.int64), np.empty(n, np.uintp), np.empty(n, np.uintp), np.empty(n, np.uintp))
        lib.fgo_graph_list_variables(pointer, *(a.ctypes.data for a in out))
    return out


def kinds(core: Core) -> dict[str, Numbers]:
    """Finds the numbers of the variables on each manifold."""
    which = listing(core).manifolds
    found: dict[str, Numbers] = {}
    for address in np.unique(which):
        name = L.Manifold.from_address(int(address)).name.decode()
        found[name] = np.concatenate([found.get(name, np.empty(0, np.intp)), np.flatnonzero(which == address)])
    return {name: np.sort(at) for name, at in found.items()}


def of_kind(core: Core, kind: str) -> Numbers:
    """Finds the numbers of the variables on one manifold."""
    return kinds(core).get(kind, np.empty(0, np.intp))


def keys(core: Core, kind: str | None) -> Keys:
    """Lists the keys of all variables, or of those on one manifold."""
    every = listing(core).keys
    return every if kind is None else every[of_kind(core, kind)]


# ---- values ----


def state(core: Core) -> Array:
    """Shows the ambient values of all variables, one after the other, without a copy."""
    size, handle = c.c_size_t(), core.handle
    with handle.in_use() as pointer:
        address = lib.fgo_graph_values(pointer, c.byref(size))
        return handle.view(address, (size.value,), np.float64)  # type: ignore[no-any-return]


def set_state(core: Core, x: Any) -> None:
    """Sets the ambient values of all variables."""
    given, size = _arguments.numbers(x, "state"), c.c_size_t()
    with core.handle.in_use() as pointer:
        lib.fgo_graph_values(pointer, c.byref(size))
        if given.shape != (size.value,):
            raise ArgumentError(f"state has shape {given.shape}, wanted {(size.value,)}")
        check(lib.fgo_graph_set_values(pointer, given.ctypes.data))


def values(core: Core, kind: str) -> Array:
    """Shows the ambient values of the variables on a manifold: a view if they lie evenly in the state, else a copy."""
    at, n, handle = of_kind(core, kind), manifold(kind).ambient, core.handle
    offset = listing(core).values.astype(np.intp)[at]
    step = int(offset[1] - offset[0]) if len(at) > 1 else n
    if not len(at) or np.any(np.diff(offset) != step):
        out = state(core)[offset[:, None] + np.arange(n)]
        out.flags.writeable = False
        return out
    size = c.c_size_t()
    with handle.in_use() as pointer:
        address = lib.fgo_graph_values(pointer, c.byref(size))
        if int(offset[-1]) + n > size.value:
            raise BusyError("another thread has removed variables meanwhile")
        return handle.view(address + 8 * int(offset[0]), (len(at), n), np.float64, (8 * step, 8))  # type: ignore[no-any-return]


def _pose_kinds(core: Core) -> list[str]:
    """Finds the manifolds of the poses in the graph, SE(3) before SE(2) before others."""
    found = [kind for kind in kinds(core) if traits_of(manifold(kind)).kind == L.KIND_POSE]
    return sorted(found, key=lambda kind: ({"SE3": 0, "SE2": 1}.get(kind, 2), kind))


def poses(core: Core) -> Array:
    """Shows the values of the SE(3) poses or, in a graph without these, of the SE(2) poses, or of poses on another manifold."""
    return values(core, (_pose_kinds(core) or ["SE2"])[0])


def landmarks(core: Core) -> Array:
    """Shows the points of the world in which the poses live."""
    return values(core, "R3" if any(turned_world(kind) == 3 for kind in _pose_kinds(core)) else "R2")


def number_of(core: Core, key: Any) -> int:
    """Finds the number of a variable by its key."""
    index = c.c_size_t()
    core.call(lib.fgo_graph_find, _integers.key(key), c.byref(index))
    return index.value


def ambient(core: Core, key: Any) -> int:
    """Counts the numbers that store the value of a variable."""
    found = core.call(lib.fgo_graph_variable_manifold, number_of(core, key))
    return int(found.contents.ambient)


def given_value(core: Core, key: Any, given: Any) -> Array:
    """Checks what a user gives for the ambient value of a variable."""
    x, n = _arguments.numbers(given, "value"), ambient(core, key)
    if x.shape != (n,):
        raise ArgumentError(f"variable {key} has {n} numbers, not shape {x.shape}")
    return x


def value(core: Core, key: Any) -> Array:
    """Copies the ambient value of one variable."""
    out = np.empty(ambient(core, key))
    core.call(lib.fgo_graph_get_value, _integers.key(key), out.ctypes.data)
    return out


def set_value(core: Core, key: Any, given: Any) -> None:
    """Sets the ambient value of one variable, brought onto its manifold."""
    x = given_value(core, key, given)
    core.call(lib.fgo_graph_set_value, _integers.key(key), x.ctypes.data)


def contains(core: Core, key: Any) -> bool:
    """Tells whether a variable has this key."""
    try:
        number_of(core, key)
    except (VariableError, ArgumentError):
        return False
    return True


def line(core: Core, key: Any) -> int | None:
    """Finds the line of the file that a variable was read from; None if a program added it."""
    return core.call(lib.fgo_graph_variable_line, number_of(core, key)) or None


# ---- times, holds ----


def times(core: Core) -> Array:
    """Copies the time of each variable, seconds, NaN where unknown."""
    n, pointer = count(core), core.handle.pointer
    return np.fromiter((lib.fgo_graph_variable_time(pointer, k) for k in range(n)), np.float64, n)


def set_times(core: Core, keys: Any, given: Any) -> None:
    """Sets times, seconds, one for each key or one for all."""
    at = _arguments.keys(keys)
    for key, time in zip(at.tolist(), _arguments.rows_of(given, 1, len(at), "times").ravel().tolist()):
        core.call(lib.fgo_graph_set_time, key, time)


def _numbered(core: Core, key: int, dof: int | str) -> int:
    """Finds the number of a degree of freedom that may be named as the traits of the variable's manifold name it."""
    if not isinstance(dof, str):
        return _integers.small(dof, "dof")
    index = c.c_size_t()
    core.call(lib.fgo_graph_find, key, c.byref(index))
    m = L.Manifold.from_address(int(listing(core).manifolds[index.value]))
    traits = traits_of(m)
    names = [name.decode() for name in traits.dof[: m.tangent]] if traits.dof else []
    if dof not in names:
        known = ", ".join(names) or f"numbers below {m.tangent}"
        raise ArgumentError(f"variable {key} of type {m.name.decode()} has no degree of freedom {dof!r}; it has {known}")
    return names.index(dof)


def _each(core: Core, keys: Any, dof: int | str | None, whole: Any, one: Any) -> None:
    for key in _arguments.keys(keys).tolist():
        if dof is None:
            core.call(whole, key)
        else:
            core.call(one, key, _numbered(core, key, dof))


def hold(core: Core, keys: Any, dof: int | str | None) -> None:
    """Holds variables, or one degree of freedom of each."""
    _each(core, keys, dof, lib.fgo_graph_hold, lib.fgo_graph_hold_dof)


def release(core: Core, keys: Any, dof: int | str | None) -> None:
    """Releases variables, or one degree of freedom of each."""
    _each(core, keys, dof, lib.fgo_graph_release, lib.fgo_graph_release_dof)


def held(core: Core) -> npt.NDArray[np.bool_]:
    """Shows which degrees of freedom are held, without a copy."""
    handle = core.handle
    with handle.in_use() as pointer:
        shape = (lib.fgo_graph_tangent_dimension(pointer),)
        return handle.view(lib.fgo_graph_held(pointer), shape, np.bool_)  # type: ignore[no-any-return]

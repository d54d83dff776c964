# SPDX-License-Identifier: BSD-3-Clause
"""The factors of a graph: adding them, their losses, and their content as arrays."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _arguments, _integers
from . import _layout as L
from ._arguments import Array, Keys, LossLike, choice
from ._classes import factor_class
from ._core import Core
from ._files import CONVENTIONS
from ._handle import Handle
from ._library import check, lib
from .errors import ArgumentError


class FactorGroup(NamedTuple):
    """All factors of one class, as arrays that are views into the graph."""

    name: str
    rows: int
    variables: npt.NDArray[np.uint32]  # (count, arity) numbers of variables
    numbers: npt.NDArray[np.uint32]  # (count,) of the factors in the graph
    measurements: npt.NDArray[Any]  # (count, doubles); bytes where a measurement is no array of doubles
    sqrt_information: Array  # (count, rows (rows + 1) / 2) upper triangles W packed by rows: W' W = information
    losses: npt.NDArray[Any]  # (count,) of (loss_class, parameter): the class's address, its numbers
    tangents: tuple[int, ...]  # tangent dimension of each variable


def count(core: Core) -> int:
    """Counts the factors."""
    return int(lib.fgo_graph_factor_count(core.handle.pointer))


def end(core: Core) -> int:
    """Returns the number that the next factor will get."""
    return int(lib.fgo_graph_factor_end(core.handle.pointer))


def numbers(core: Core) -> Keys:
    """Lists the numbers of all factors in the order they were added."""
    parts = [g.numbers for g in groups(core)]
    return np.sort(np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64))


# ---- adding ----


def add_of_class(
    core: Core, cls: L.FactorClass, keys: Keys, z: npt.NDArray[Any], noise: dict[str, Any], loss: LossLike
) -> range:
    """Adds factors of a C class; keys is (n, arity), z holds measurements as they lie in memory, noise the user's keywords."""
    n = len(keys)
    project = bool(noise.pop("project", False))
    unknown = set(noise) - {"sigma", "information", "sqrt_information"}
    if unknown:
        raise TypeError(f"unknown argument {sorted(unknown)[0]!r}")
    model, stride, alive = _arguments.noise(
        cls.rows, n, noise.get("sigma"), noise.get("information"), noise.get("sqrt_information"), project
    )  # fmt: skip
    first = end(core)
    core.change(
        lib.fgo_graph_add_factors, c.byref(cls), n, keys.ctypes.data, z.ctypes.data, model, stride, _arguments.loss(loss)
    )  # fmt: skip
    del alive
    return range(first, first + n)


def add(core: Core, factor: Any, keys: Any, z: Any, noise: dict[str, Any], loss: LossLike) -> range:
    """Adds factors of a built-in class by its name, or of a residual in Python, which the graph then keeps alive."""
    made = factor_class(factor) if isinstance(factor, str) else factor._class()
    given = _arguments.keys(np.asarray(keys).ravel())
    shape = np.shape(keys)
    if (not shape or shape[-1] != made.arity or len(shape) > 2) and (made.arity != 1 or len(shape) > 1):
        raise ArgumentError(f"keys have shape {shape}, wanted (n, {made.arity})")
    at = given.reshape(-1, made.arity)
    if isinstance(factor, str):
        size = made.measurement_size // 8
        measured = _arguments.rows_of(z, size, len(at), "z") if size else np.empty(0)
    else:
        measured = factor._measurements(z, len(at))
        if core.residuals.setdefault(factor._identity, factor)._class() is not made:
            made = core.residuals[factor._identity]._class()
    return add_of_class(core, made, at, measured, noise, loss)


def _suffix(convention: str) -> str:
    """Returns the ending of the names of the classes that write the residual in a convention."""
    return f"_{convention}" if choice(convention, CONVENTIONS, "convention") else ""


def _class_of(name: str, kind: str, convention: str) -> L.FactorClass:
    """Finds the class "prior" or "between" on a manifold."""
    if kind[0] == "R":
        return factor_class(f"{name}_rn", int(kind[1:]))
    return factor_class(f"{name}_{kind.lower()}{_suffix(convention)}")


def _width(z: Any, n: int) -> int:
    """Finds the dimension of vectors given for n elements."""
    shape = np.shape(z)
    return int(shape[-1]) if len(shape) == 2 or (len(shape) == 1 and n == 1) else 1


def _pairs(i: Any, j: Any, names: tuple[str, str]) -> Keys:
    """Makes (n, 2) of two arrays of keys, or of one key and an array."""
    ends = np.broadcast_arrays(_arguments.keys(i, names[0]), _arguments.keys(j, names[1]))
    return np.ascontiguousarray(np.stack(ends, axis=1))


def add_between(
    core: Core, kind: str, i: Any, j: Any, z: Any, noise: dict[str, Any], loss: LossLike, convention: str = "g2o"
) -> range:
    """Adds measurements of j seen from i, both on the manifold `kind`; "Rn" finds n from z."""
    wanted = f"R{_width(z, len(_arguments.keys(i)))}" if kind == "Rn" else kind
    at = _pairs(i, j, ("i", "j"))
    cls = _class_of("between", wanted, convention)
    return add_of_class(core, cls, at, _arguments.ambient(wanted, z, len(at), "z"), noise, loss)


def add_landmarks(core: Core, poses: Any, points: Any, z: Any, noise: dict[str, Any], loss: LossLike) -> range:
    """Adds measurements of points seen from poses, in the frame of the pose."""
    at = _pairs(poses, points, ("poses", "points"))
    d = _width(z, len(at))
    if d not in (2, 3):
        raise ArgumentError(f"z has shape {np.shape(z)}, wanted ({len(at)}, 2) or ({len(at)}, 3)")
    cls = factor_class(f"landmark_se{d}")
    return add_of_class(core, cls, at, _arguments.rows_of(z, d, len(at), "z"), noise, loss)


def add_prior(
    core: Core, kind: str, keys: Any, z: Any, noise: dict[str, Any], loss: LossLike, convention: str = "g2o"
) -> range:
    """Adds measurements of variables on the manifold `kind` itself; "Rn" finds n from z."""
    at = _arguments.keys(keys)[:, None]
    wanted = f"R{_width(z, len(at))}" if kind == "Rn" else kind
    cls = _class_of("prior", wanted, convention)
    return add_of_class(core, cls, at, _arguments.ambient(wanted, z, len(at), "z"), noise, loss)


# ---- removing ----


def remove(core: Core, factors: Any) -> None:
    """Removes factors by their numbers."""
    at = _integers.factors(factors)
    if len(at) == 1:
        core.change(lib.fgo_graph_remove_factor, int(at[0]))
    elif len(at):
        core.change(lib.fgo_graph_remove_factors, at.ctypes.data, len(at))


def compact(core: Core) -> None:
    """Numbers the factors anew, without gaps."""
    core.change(lib.fgo_graph_compact)


# ---- losses, content ----


def set_all_losses(core: Core, loss: LossLike) -> None:
    """Sets the loss of all factors."""
    core.call(lib.fgo_graph_set_all_losses, _arguments.loss(loss))


def _no_losses(count: int) -> npt.NDArray[Any]:
    """Makes the losses of a group whose factors have none, for which the library keeps no array."""
    none = _arguments.loss(None)
    return np.broadcast_to(np.frombuffer(bytes(none), np.dtype(L.Loss)), count)


def group_at(handle: Handle, group: int) -> FactorGroup:
    """Shows one group; must be called within in_use() of the handle."""
    raw = L.FactorGroup()
    check(lib.fgo_graph_group_sized(handle.pointer, group, c.byref(raw), c.sizeof(raw)))
    view, cls, n = handle.view, raw.factor_class.contents, int(raw.count)
    size, plain = cls.measurement_size, cls.measurement_size % 8 == 0
    return FactorGroup(
        name=cls.name.decode(),
        rows=cls.rows,
        variables=view(raw.variable, (n, cls.arity), np.uint32),
        numbers=view(raw.number, (n,), np.uint32),
        measurements=view(raw.z, (n, size // 8 if plain else size), np.float64 if plain else np.uint8),
        sqrt_information=view(raw.W, (n, cls.rows * (cls.rows + 1) // 2), np.float64),
        losses=view(raw.loss, (n,), np.dtype(L.Loss)) if raw.loss else _no_losses(n),
        tangents=tuple(cls.variable[k].tangent for k in range(cls.arity)),
    )


def groups(core: Core) -> list[FactorGroup]:
    """Shows the factors by class, as arrays without a copy."""
    handle = core.handle
    with handle.in_use() as pointer:
        return [group_at(handle, i) for i in range(lib.fgo_graph_group_count(pointer))]

# SPDX-License-Identifier: BSD-3-Clause
"""The values of all variables of a graph as an object of its own: to keep an estimate, try another, and go back (values.h).

>>> g = fgopt.Graph()
>>> g.add_rn([1, 2], [[0.0, 0.0], [3.0, 4.0]])
>>> before = g.snapshot()
>>> g[2] = [3.0, 6.0]
>>> g.distance(before)
Distance(largest=2.0, key=2)
>>> g.restore(before)
>>> g[2].tolist()
[3.0, 4.0]
"""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple, NoReturn, Protocol

import numpy as np

from . import _integers, _variables
from ._arguments import Array
from ._core import Core
from ._library import check, lib
from .errors import ArgumentError


class HasCore(Protocol):
    """A Graph, of which this module needs only the core."""

    _core: Core


class Distance(NamedTuple):
    """The largest distance of a variable between two estimates."""

    largest: float  # Euclidean norm of its tangent vector: metres and radians together for a pose
    key: int | None  # of that variable; None in a graph without variables


class Values:
    """A copy of the values of all variables of a graph; Graph.snapshot() makes one.

    Values fit every graph with the same variables in the same order, such as copies of the graph, and no graph that has got or
    lost a variable since. They do not follow the graph, nor do they keep the graph alive."""

    def __init__(self, graph: HasCore) -> None:
        out = c.c_void_p()
        graph._core.call(lib.fgo_values_create, c.byref(out))
        self._pointer = out.value

    def __del__(self, free: Any = lib.fgo_values_free) -> None:
        free(getattr(self, "_pointer", None))

    def copy(self) -> Values:
        """Makes other values, equal to these."""
        out, made = c.c_void_p(), Values.__new__(Values)
        check(lib.fgo_values_copy(self._pointer, c.byref(out)))
        made._pointer = out.value
        return made

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Values:
        return self.copy()

    def __reduce__(self) -> NoReturn:
        raise TypeError("values belong to a process; pickle the graph, or the array")

    def fits(self, graph: HasCore) -> bool:
        """Tells whether the graph has the variables of these values."""
        with graph._core.handle.in_use() as pointer:
            return bool(lib.fgo_values_fit(self._pointer, pointer))

    @property
    def array(self) -> Array:
        """Shows all numbers, laid out as Graph.state: a view that can be written to. Values must stay on their manifolds:
        quaternions, and cos and sin, have unit length."""
        size = c.c_size_t()
        address = lib.fgo_values_data(self._pointer, c.byref(size))
        return np.asarray(_Numbers(self, address, size.value)) if size.value else np.empty(0)

    def get(self, graph: HasCore, key: int) -> Array:
        """Copies the value of one variable of a graph that these values fit."""
        at, core = _integers.key(key), graph._core
        out = np.empty(_variables.ambient(core, at))
        self._call(core, lib.fgo_values_get, core.handle.pointer, at, out.ctypes.data)
        return out

    def set(self, graph: HasCore, key: int, value: Any) -> None:
        """Sets the value of one variable of a graph that these values fit, brought onto its manifold. The graph stays as it
        is."""
        core = graph._core
        x = _variables.given_value(core, key, value)
        self._call(core, lib.fgo_values_set, core.handle.pointer, _integers.key(key), x.ctypes.data)

    def _call(self, core: Core, function: Any, *arguments: Any) -> None:
        refuse_strange(core, self)
        core.handle.guarded(function, self._pointer, *arguments)


class _Numbers:
    """The base that NumPy keeps for an array: values, which it keeps alive, and where their numbers are."""

    def __init__(self, values: Values, address: int, size: int) -> None:
        self.values = values
        self.__array_interface__ = {"version": 3, "data": (address, False), "shape": (size,), "typestr": "<f8"}


def refuse_strange(core: Core, *several: Values) -> None:
    """Raises ArgumentError if values do not fit the graph."""
    with core.handle.in_use() as pointer:
        for values in several:
            if not isinstance(values, Values):
                raise ArgumentError(f"fgopt.Values are wanted, not {type(values).__name__}")
            if not lib.fgo_values_fit(values._pointer, pointer):
                raise ArgumentError("the values are those of other variables than this graph has")


def restore(core: Core, values: Values) -> None:
    """Copies values to the graph."""
    refuse_strange(core, values)
    core.call(lib.fgo_graph_load_values, values._pointer)


def exchange(core: Core, values: Values) -> None:
    """Exchanges values with those of the graph, by copies: arrays that look into either must stay with it."""
    refuse_strange(core, values)
    former = values.copy()
    with core.handle.in_use() as pointer:
        check(lib.fgo_values_store(values._pointer, pointer))
        check(lib.fgo_graph_load_values(pointer, former._pointer))


def distance(core: Core, a: Values, b: Values | None) -> Distance:
    """Measures how far values are from others, or from those of the graph."""
    refuse_strange(core, a, *([] if b is None else [b]))
    largest, key = c.c_double(), c.c_int64()
    other = None if b is None else b._pointer
    core.call(lib.fgo_values_distance, a._pointer, other, c.byref(largest), c.byref(key))
    return Distance(largest.value, key.value if _variables.count(core) else None)


def cost(core: Core, values: Values) -> float:
    """Computes the cost of the graph at values."""
    refuse_strange(core, values)
    out = c.c_double()
    core.evaluate(lib.fgo_graph_cost_at, values._pointer, c.byref(out))
    return out.value


__all__ = ["Distance", "Values"]

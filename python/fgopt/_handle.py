# SPDX-License-Identifier: BSD-3-Clause
"""A C graph, owned, and arrays that look into its memory.

The C library moves its arrays when a graph grows, and their content when something is removed. An array that Python
holds must stay valid all the same, so a graph with living views is copied before it changes (_core.py): the views keep
the old memory, the graph goes on with the new.
"""

from __future__ import annotations

import contextlib
import ctypes as c
import threading
import weakref
from collections.abc import Iterator
from typing import Any, Callable

import numpy as np

from ._library import check, lib
from .errors import BusyError


class Handle:
    """Owns one fgo_graph."""

    def __init__(self, pointer: int) -> None:
        self.pointer = pointer
        self.views: weakref.WeakSet[Memory] = weakref.WeakSet()
        self.busy = threading.Lock()

    def __del__(self, free: Callable[[int], None] = lib.fgo_graph_free) -> None:
        free(self.pointer)

    @classmethod
    def make(cls, function: Any, *arguments: Any) -> Handle:
        """Makes a handle by a C function whose last argument is fgo_graph **out."""
        out = c.c_void_p()
        check(function(*arguments, c.byref(out)))
        assert out.value is not None
        return cls(out.value)

    def call(self, function: Any, *arguments: Any) -> Any:
        """Calls function(graph, ...) and checks the status if it returns one. One graph serves one thread at a time."""
        return self.guarded(function, self.pointer, *arguments)

    def reserve(self) -> None:
        """Reserves the graph for this thread until busy.release()."""
        if not self.busy.acquire(blocking=False):
            raise BusyError("the graph is in use: it is being optimized, or another thread works with it")

    @contextlib.contextmanager
    def in_use(self) -> Iterator[int]:
        """Reserves the graph for several steps that belong together, such as asking for an address and looking there."""
        self.reserve()
        try:
            yield self.pointer
        finally:
            self.busy.release()

    def guarded(self, function: Any, *arguments: Any) -> Any:
        """Calls a function that uses the graph in some other way."""
        self.reserve()  # not in_use(), which takes a microsecond more
        try:
            result = function(*arguments)
            if function.restype is c.c_int:
                check(result)
            return result
        finally:
            self.busy.release()

    def view(self, address: int | None, shape: tuple[int, ...], dtype: Any, strides: tuple[int, ...] | None = None) -> Any:
        """Makes a read-only array over memory of the graph, which lives at least as long as the array. Must be called within
        in_use(), since the address is right only until another thread changes the graph."""
        if address is None or 0 in shape:
            return np.zeros(shape, dtype)
        memory = Memory(self, address, shape, np.dtype(dtype), strides)
        self.views.add(memory)
        return np.asarray(memory).view(dtype)  # of a struct, the interface says only its size


class Memory:
    """What NumPy keeps as the base of a view."""

    def __init__(self, handle: Handle, address: int, shape: tuple[int, ...], dtype: np.dtype[Any], strides: Any) -> None:
        self.handle = handle
        self.__array_interface__ = {
            "version": 3,
            "data": (address, True),
            "shape": shape,
            "strides": strides,
            "typestr": dtype.str,
        }

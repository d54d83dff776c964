# SPDX-License-Identifier: BSD-3-Clause
"""What every part of a Graph works on: the C graph, and the residuals written in Python that its factors use.

The modules beside this one are functions of a Core; graph.py puts a method in front of each. So the parts know the core,
Graph knows the parts, and nothing knows Graph but what stands above it (plot.py, _covariance.py, _storage.py)."""

from __future__ import annotations

from typing import Any

from ._handle import Handle
from ._library import check, lib
from .errors import EvaluationError


class Core:
    """A handle, which is replaced when the graph changes under living views (_handle.py), and residuals by identity."""

    def __init__(self, handle: Handle | None = None, residuals: dict[str, Any] | None = None) -> None:
        self.handle = handle or Handle.make(lib.fgo_graph_create)
        self.residuals: dict[str, Any] = dict(residuals or {})  # kept alive: the C graph points to their classes

    def call(self, function: Any, *arguments: Any) -> Any:
        """Calls function(graph, ...) of the C library; see Handle.call."""
        return self.handle.call(function, *arguments)

    def change(self, function: Any, *arguments: Any) -> None:
        """Calls function(graph, ...), which moves memory of the graph. Where arrays look into that memory, the function gets a
        copy of the graph, which then takes its place. When the call raises, the graph stays as it was."""
        handle = self.handle
        with handle.in_use() as pointer:
            moved = Handle.make(lib.fgo_graph_copy, pointer) if len(handle.views) else handle
            check(function(moved.pointer, *arguments))
            self.handle = moved

    def copy(self) -> Core:
        """Copies the graph; the residuals are shared."""
        with self.handle.in_use() as pointer:
            return Core(Handle.make(lib.fgo_graph_copy, pointer), self.residuals)

    def blame(self) -> None:
        """Raises what a residual in Python raised inside the C library."""
        for residual in self.residuals.values():
            failure = residual._take_failure()
            if failure is not None:
                raise failure

    def judge(self, status: int) -> None:
        """Raises the error of a C function that evaluates factors, or what a residual in Python raised meanwhile."""
        try:
            check(status)
        except EvaluationError:
            self.blame()
            raise

    def evaluate(self, function: Any, *arguments: Any) -> None:
        """Calls a C function that evaluates factors."""
        with self.handle.in_use() as pointer:
            status = function(pointer, *arguments)
        self.judge(status)

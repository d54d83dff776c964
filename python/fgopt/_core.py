# SPDX-License-Identifier: BSD-3-Clause
"""What every part of a Graph works on: the C graph, and the residuals written in Python that its factors use.

The modules beside this one are functions of a Core; graph.py puts a method in front of each. So the parts know the core,
Graph knows the parts, and nothing knows Graph but what stands above it (plot.py, _covariance.py, _storage.py)."""

from __future__ import annotations

from typing import Any

from ._handle import Handle
from ._library import lib
from .errors import EvaluationError


class Core:
    """A handle, which is another one after the graph has grown under living views (_handle.py), and residuals by identity."""

    def __init__(self, handle: Handle | None = None, residuals: dict[str, Any] | None = None) -> None:
        self.handle = handle or Handle.make(lib.fgo_graph_create)
        self.residuals: dict[str, Any] = dict(residuals or {})  # kept alive: the C graph points to their classes

    def call(self, function: Any, *arguments: Any) -> Any:
        """Calls function(graph, ...) of the C library; see Handle.call."""
        return self.handle.call(function, *arguments)

    def room(self) -> Handle:
        """Returns the handle to add something to: another one, with a copy of the graph, where arrays look into this one."""
        if len(self.handle.views):
            self.handle = Handle.make(lib.fgo_graph_copy, self.handle.pointer)
        return self.handle

    def copy(self) -> Core:
        """Copies the graph; the residuals are shared."""
        self.call(lib.fgo_graph_variable_count)  # raises while the graph is in use
        return Core(Handle.make(lib.fgo_graph_copy, self.handle.pointer), self.residuals)

    def blame(self) -> None:
        """Raises what a residual in Python raised inside the C library."""
        for residual in self.residuals.values():
            failure = residual._take_failure()
            if failure is not None:
                raise failure

    def evaluate(self, function: Any, *arguments: Any) -> None:
        """Calls a C function that evaluates factors; what a residual in Python raises meanwhile is raised here."""
        try:
            self.call(function, *arguments)
        except EvaluationError:
            self.blame()
            raise

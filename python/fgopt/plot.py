# SPDX-License-Identifier: BSD-3-Clause
"""Pictures of graphs: trajectories, convergence, sparsity. Needs Matplotlib; interactive ones need Plotly."""

from __future__ import annotations

from typing import Any

from . import _drawing
from ._summary import Summary
from .graph import Graph


def trajectory(graph: Graph, axes: Any = None, *, interactive: bool = False, **style: Any) -> Any:
    """Draws poses, the edges between them (dark if their keys are neighbours, else light) and landmarks, in metres.

    Returns Matplotlib axes, or with interactive=True a Plotly figure. style goes to the line of the odometry."""
    return _drawing.trajectory(graph._core, axes, interactive, style)


def convergence(summary: Summary, axes: Any = None) -> Any:
    """Draws the cost above its smallest value over the iterations, on a logarithmic axis."""
    return _drawing.convergence(summary.iterations, axes)


def sparsity(graph: Graph, axes: Any = None, what: str = "hessian") -> Any:
    """Draws where the hessian or jacobian of a graph has entries. Needs SciPy."""
    return _drawing.sparsity(graph._core, axes, what)

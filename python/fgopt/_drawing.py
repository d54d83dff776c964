# SPDX-License-Identifier: BSD-3-Clause
"""What plot.py, Graph.plot and Summary.plot draw, from the core of a graph and from records of iterations."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _evaluation, _variables
from . import _layout as L
from ._core import Core
from ._factors import groups
from ._places import Places, places


def _axes(axes: Any, space: bool = False) -> Any:
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    return plt.figure().add_subplot(projection="3d") if space else plt.figure().add_subplot()


def _edges(core: Core, at: Places) -> Any:
    """Finds the positions of both ends of the edges between poses, (edges, 2, 3), and whether their keys are neighbours."""
    keys, is_pose = _variables.keys(core, None), at.of(L.KIND_POSE)
    pairs = [g.variables for g in groups(core) if len(g.tangents) == 2 and len(g.numbers)]
    ends = np.concatenate([p.astype(np.intp) for p in pairs]) if pairs else np.empty((0, 2), np.intp)
    ends = ends[np.all(is_pose[ends], axis=1)]
    return at.positions[ends], np.abs(keys[ends[:, 0]] - keys[ends[:, 1]]) == 1


def _with_gaps(segments: Any) -> Any:
    """Joins segments to one line with NaN between them, which is one object to draw, however many segments there are."""
    n, _, d = segments.shape
    return np.concatenate([segments, np.full((n, 1, d), np.nan)], axis=1).reshape(-1, d)


def trajectory(core: Core, axes: Any, interactive: bool, style: dict[str, Any]) -> Any:
    """Draws poses, the edges between them, and landmarks."""
    at = places(core)
    poses, marks = at.of(L.KIND_POSE), at.of(L.KIND_POINT)
    world = int(max(at.worlds[poses if np.any(poses) else marks], default=2))
    segments, neighbours = _edges(core, at)
    chain, loops = (_with_gaps(some[..., :world]) for some in (segments[neighbours], segments[~neighbours]))
    if not len(chain):
        chain = at.positions[poses, :world]
    points = at.positions[marks & (at.worlds == world), :world]
    if interactive:
        return _interactive(chain, loops, points)
    ax = _axes(axes, world == 3)
    if len(loops):
        ax.plot(*loops.T, color="#c8c8c8", linewidth=0.5, zorder=1)
    ax.plot(*chain.T, **{"color": "#1f4e79", "linewidth": 1.0, "zorder": 2, **style})
    if len(points):
        ax.plot(*points.T, linestyle="none", marker="+", color="#b5402a", zorder=3)
    ax.set_aspect("equal")
    ax.set_xlabel("x [m]")
    ax.set_ylabel("y [m]")
    if world == 3:
        ax.set_zlabel("z [m]")
    return ax


def _interactive(chain: Any, loops: Any, points: Any) -> Any:
    import plotly.graph_objects as go

    space = chain.shape[1] == 3
    make = go.Scatter3d if space else go.Scattergl
    names = "xyz" if space else "xy"
    figure = go.Figure()
    shown = (("loop closures", loops, "lines", "#c8c8c8"), ("odometry", chain, "lines", "#1f4e79"),
             ("landmarks", points, "markers", "#b5402a"))  # fmt: skip
    for name, data, mode, color in shown:
        if len(data):
            look = {"line" if mode == "lines" else "marker": {"color": color, "width" if mode == "lines" else "size": 2}}
            figure.add_trace(make(name=name, mode=mode, connectgaps=False, **dict(zip(names, data.T)), **look))
    figure.update_layout(scene={"aspectmode": "data"}) if space else figure.update_yaxes(scaleanchor="x")
    return figure


def convergence(it: Any, axes: Any) -> Any:
    """Draws the cost above its smallest value over the iterations `it`, a record array."""
    ax = _axes(axes)
    excess = it.cost - np.nanmin(it.cost)
    ax.semilogy(it.iteration, np.where(excess > 0, excess, np.nan), marker="o")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("iteration")
    ax.set_ylabel(f"cost - {np.nanmin(it.cost):.6g}")
    return ax


def sparsity(core: Core, axes: Any, what: str) -> Any:
    """Draws where the hessian or jacobian has entries."""
    if what not in ("hessian", "jacobian"):
        raise ValueError(f"what is {what!r}; allowed: hessian, jacobian")
    ax = _axes(axes)
    matrix = _evaluation.hessian(core) if what == "hessian" else _evaluation.jacobian(core, "loss")
    ax.spy(matrix, markersize=0.5, color="black")
    ax.xaxis.get_major_locator().set_params(nbins=5)
    ax.set_title(f"{what}, {_variables.tangent_dimension(core)} degrees of freedom", fontsize="medium")
    return ax

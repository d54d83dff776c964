# SPDX-License-Identifier: BSD-3-Clause
"""Pictures of graphs: trajectories, convergence, sparsity. Needs Matplotlib; interactive ones need Plotly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ._summary import Summary
    from .graph import Graph


def _axes(axes: Any, space: bool = False) -> Any:
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    return plt.figure().add_subplot(projection="3d") if space else plt.figure().add_subplot()


def _edges(graph: Graph, kind: str) -> Any:
    """Positions of both ends of the edges between poses, (edges, 2, d), and whether their keys are neighbours."""
    keys, at = graph.keys(), graph._kinds().get(kind, np.empty(0, np.intp))
    place = np.full(len(keys), -1)
    place[at] = np.arange(len(at))
    pairs = [g.variables for g in graph.groups() if len(g.tangents) == 2 and len(g.numbers)]
    ends = np.concatenate([p.astype(np.intp) for p in pairs]) if pairs else np.empty((0, 2), np.intp)
    ends = ends[np.all(place[ends] >= 0, axis=1)]
    positions = graph.values(kind)[:, : 3 if kind == "SE3" else 2]
    return positions[place[ends]], np.abs(keys[ends[:, 0]] - keys[ends[:, 1]]) == 1


def _with_gaps(segments: Any) -> Any:
    """Segments as one line with NaN between them: one object to draw, however many there are."""
    n, _, d = segments.shape
    return np.concatenate([segments, np.full((n, 1, d), np.nan)], axis=1).reshape(-1, d)


def trajectory(graph: Graph, axes: Any = None, *, interactive: bool = False, **style: Any) -> Any:
    """Poses, the edges between them (those of neighbouring keys dark, the others light) and landmarks, in metres.

    Returns Matplotlib axes, or with interactive=True a Plotly figure. style goes to the line of the odometry."""
    kind = "SE3" if len(graph.keys("SE3")) else "SE2"
    segments, neighbours = _edges(graph, kind)
    chain, loops = _with_gaps(segments[neighbours]), _with_gaps(segments[~neighbours])
    if not len(chain):
        chain = graph.values(kind)[:, : 3 if kind == "SE3" else 2]
    points = graph.landmarks
    if interactive:
        return _interactive(chain, loops, points)
    ax = _axes(axes, kind == "SE3")
    if len(loops):
        ax.plot(*loops.T, color="#c8c8c8", linewidth=0.5, zorder=1)
    ax.plot(*chain.T, **{"color": "#1f4e79", "linewidth": 1.0, "zorder": 2, **style})
    if len(points):
        ax.plot(*points.T, linestyle="none", marker="+", color="#b5402a", zorder=3)
    ax.set_aspect("equal")
    ax.set_xlabel("x [m]")
    ax.set_ylabel("y [m]")
    if kind == "SE3":
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


def convergence(summary: Summary, axes: Any = None) -> Any:
    """The cost above its least value over the iterations, on a logarithmic axis."""
    ax = _axes(axes)
    it = summary.iterations
    excess = it.cost - np.nanmin(it.cost)
    ax.semilogy(it.iteration, np.where(excess > 0, excess, np.nan), marker="o")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("iteration")
    ax.set_ylabel(f"cost - {np.nanmin(it.cost):.6g}")
    return ax


def sparsity(graph: Graph, axes: Any = None, what: str = "hessian") -> Any:
    """Where the hessian or jacobian of a graph has entries. Needs SciPy."""
    if what not in ("hessian", "jacobian"):
        raise ValueError(f"what is {what!r}; allowed: hessian, jacobian")
    ax = _axes(axes)
    ax.spy(getattr(graph, what)(), markersize=0.5, color="black")
    ax.xaxis.get_major_locator().set_params(nbins=5)
    ax.set_title(f"{what}, {graph.tangent_dimension} degrees of freedom", fontsize="medium")
    return ax

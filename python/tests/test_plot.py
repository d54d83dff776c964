# SPDX-License-Identifier: BSD-3-Clause
"""Pictures: what is drawn is what the graph holds. Matplotlib and Plotly are optional; the wheel's tests have both."""

import numpy as np
import pytest
from support import ring

import fgopt


@pytest.fixture
def plt(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    module = pytest.importorskip("matplotlib.pyplot")
    yield module
    module.close("all")


def helix(n=30):
    """SE(3) poses on a helix with two loop closures and landmarks, exact."""
    s = np.linspace(0, 4 * np.pi, n)
    poses = np.c_[5 * np.cos(s), 5 * np.sin(s), s, np.zeros((n, 3)), np.ones(n)]
    g = fgopt.Graph()
    g.add_se3(np.arange(n), poses)
    i, j = np.r_[np.arange(n - 1), 0, 3], np.r_[np.arange(1, n), n // 2, n // 2 + 3]
    z = np.c_[poses[j, :3] - poses[i, :3], np.zeros((len(i), 3)), np.ones(len(i))]
    g.add_between_se3(i, j, z)
    g.add_rn([100, 101], [[0, 0, 1], [1, 2, 3]])
    return g


def lines_of(axes):
    """Points of each line, without the gaps."""
    found = [np.stack(line.get_data_3d() if hasattr(line, "get_data_3d") else line.get_data(), axis=1) for line in axes.lines]
    return [points[np.all(np.isfinite(points), axis=1)] for points in found]


@pytest.mark.parametrize("make, d, loops", [(ring, 2, 9), (helix, 3, 2)])
def test_a_trajectory_has_the_poses_edges_and_landmarks(plt, make, d, loops):
    g = make()
    axes = g.plot(color="green")
    closures, chain, *landmarks = lines_of(axes)
    positions = g.poses[:, :d]
    assert len(closures) == 2 * loops and closures.shape[1] == d  # ring: the edge from the last to the first, too
    assert np.array_equal(chain, np.stack([positions[:-1], positions[1:]], axis=1).reshape(-1, d))
    assert axes.lines[1].get_color() == "green" and axes.get_xlabel() == "x [m]"
    if d == 3:
        assert np.array_equal(landmarks[0], g.landmarks) and axes.get_zlabel() == "z [m]"
    assert g.plot(axes) is axes and len(axes.lines) == 2 * (2 + len(landmarks))
    axes.figure.canvas.draw()


def test_a_graph_without_edges_or_poses_can_be_drawn(plt):
    g = fgopt.Graph()
    g.plot().figure.canvas.draw()
    g.add_se2([0, 1], [[0, 0, 0], [1, 2, 0]])
    assert np.array_equal(lines_of(g.plot())[0], [[0, 0], [1, 2]])


def test_convergence_is_the_cost_above_its_least(plt):
    s = ring(noise=0.3).optimize(init=None, max_iterations=3)
    axes = s.plot()
    x, y = axes.lines[0].get_data()
    cost = s.iterations.cost
    assert axes.get_yscale() == "log" and np.array_equal(x, s.iterations.iteration)
    assert np.allclose(y[:-1], (cost - cost.min())[:-1]) and np.isnan(y[-1])
    axes.figure.canvas.draw()


def test_sparsity_is_that_of_the_matrices(plt):
    pytest.importorskip("scipy")
    g = ring(10)
    for what in ("hessian", "jacobian"):
        axes = fgopt.plot.sparsity(g, what=what)
        matrix = getattr(g, what)().tocoo()
        x, y = axes.lines[0].get_data()
        assert set(zip(x, y)) == set(zip(matrix.col[matrix.data != 0], matrix.row[matrix.data != 0]))
        axes.figure.canvas.draw()
    with pytest.raises(ValueError, match="hessian, jacobian"):
        fgopt.plot.sparsity(g, what="gradient")


@pytest.mark.parametrize("make, d", [(ring, 2), (helix, 3)])
def test_an_interactive_picture_has_the_same_lines(make, d):
    pytest.importorskip("plotly")
    g = make()
    figure = g.plot(interactive=True)
    traces = {t.name: t for t in figure.data}
    assert traces["odometry"].type == ("scatter3d" if d == 3 else "scattergl") and ("landmarks" in traces) == (d == 3)
    chain = np.stack([traces["odometry"][name] for name in "xyz"[:d]], axis=1)
    chain = chain[np.all(np.isfinite(chain), axis=1)]
    assert np.array_equal(chain[::2], g.poses[:-1, :d])
    if d == 3:
        assert np.array_equal(np.stack([traces["landmarks"][name] for name in "xyz"], axis=1), g.landmarks)
    assert len(figure.to_html(include_plotlyjs=False)) > 1000

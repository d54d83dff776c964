# SPDX-License-Identifier: BSD-3-Clause
"""Estimates beside that of a graph."""

import copy
import gc
import pickle

import numpy as np
import pytest
from support import ring

import fgopt
from fgopt import se2


def test_go_back():
    g = ring()
    before, start, view = g.snapshot(), g.state.copy(), g.state
    cost = g.cost()
    g.optimize()
    after = g.state.copy()
    assert not np.array_equal(after, start) and before.array.tolist() == start.tolist()
    assert g.cost(before) == cost > g.cost() and np.array_equal(g.state, after)
    g.exchange(before)
    assert np.array_equal(g.state, start) and np.array_equal(before.array, after) and g.cost() == cost
    g.restore(before)
    assert np.array_equal(g.state, after) and np.array_equal(before.array, after)
    assert np.shares_memory(view, g.state) and np.array_equal(view, after)  # the view follows


def test_distance():
    g = ring()
    before = g.snapshot()
    assert g.distance(before) == fgopt.Distance(0.0, 0)
    g[17] = se2.compose(g[17], se2.exp([0.3, 0.0, 0.4]))
    assert g.distance(before).largest == pytest.approx(0.5) and g.distance(before).key == 17
    after = g.snapshot()
    g.restore(before)
    assert g.distance(after, before) == pytest.approx((0.5, 17)) and g.distance(after, after).largest == 0
    assert fgopt.Graph().distance(fgopt.Graph().snapshot()) == (0.0, None)


def test_single_values():
    g = ring()
    v = g.snapshot()
    v.set(g, 5, [1, 2, 0, 3])  # brought onto the manifold
    assert v.get(g, 5).tolist() == [1, 2, 0, 1] and not np.array_equal(g[5], v.get(g, 5))
    v.array[:4] = g[6]
    assert np.array_equal(v.get(g, 0), g[6]) and g.distance(v, g.snapshot()).key in (0, 5)
    for wrong in ([1, 2, 3], [1, 2, 0, 0], [np.nan, 0, 1, 0]):
        with pytest.raises(fgopt.ArgumentError):
            v.set(g, 5, wrong)
    with pytest.raises(fgopt.VariableError):
        v.get(g, 77)
    assert v.get(g, 5).tolist() == [1, 2, 0, 1]


def test_what_fits():
    g = ring()
    v = g.snapshot()
    assert v.fits(g) and v.fits(g.copy()) and v.fits(pickle.loads(pickle.dumps(g))) and not v.fits(ring(20))
    g.remove_factors(0)
    assert v.fits(g)
    g.remove_variables(3)
    wrong = (lambda: g.restore(v), lambda: g.exchange(v), lambda: g.distance(v), lambda: g.distance(g.snapshot(), v),
             lambda: g.cost(v), lambda: v.get(g, 5), lambda: v.set(g, 5, [0, 0, 1, 0]))  # fmt: skip
    assert not v.fits(g)
    for call in wrong:
        with pytest.raises(fgopt.ArgumentError, match="other variables") as caught:
            call()
        assert "fgo_" not in str(caught.value)
    with pytest.raises(fgopt.ArgumentError, match="Values are wanted, not ndarray"):
        g.restore(g.state)


def test_a_cost_that_cannot_be_computed():
    g = ring(5)
    v = g.snapshot()
    v.array[0] = 1e300
    with pytest.raises(fgopt.EvaluationError) as caught:
        g.cost(v)
    assert "fgo_" not in str(caught.value)


def test_memory():
    """Copies are independent, arrays keep values alive, and nothing is freed twice."""
    g = ring()
    v = g.snapshot()
    for made in (v.copy(), copy.copy(v), copy.deepcopy(v)):
        made.array[:] = 7
    assert np.array_equal(v.array, g.state)
    array, kept = v.array, v.array.copy()
    del v
    g.exchange(other := g.snapshot())
    state = g.state
    del g, other
    gc.collect()
    junk = [np.full(kept.shape, 1e99) for _ in range(100)]
    assert np.array_equal(array, kept) and np.array_equal(state, kept) and len(junk) == 100
    with pytest.raises(TypeError, match="pickle the graph"):
        pickle.dumps(ring().snapshot())
    assert fgopt.Graph().snapshot().array.shape == (0,)

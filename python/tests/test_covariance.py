# SPDX-License-Identifier: BSD-3-Clause
"""Covariances against the inverse of the Hessian."""

import gc

import numpy as np
import pytest
from support import ring

import fgopt


def landmarks_and_poses():
    g = ring(12, noise=0.2)
    g.add_rn([100, 101], [[1, 2], [3, 4]])
    g.add("range_se2", [[i, 100 + i % 2] for i in range(12)], np.linspace(3, 9, 12), sigma=0.3, loss="huber:1.345")
    g.hold(0)
    g.hold(5, dof=1)
    g.optimize(init=None)
    return g


def dense(g):
    """(H / 2)^-1 on the free degrees of freedom, zero on the held ones."""
    free = np.flatnonzero(~g.held)
    half = g.hessian().toarray()[np.ix_(free, free)] / 2
    out = np.zeros((g.tangent_dimension,) * 2)
    out[np.ix_(free, free)] = np.linalg.inv(half)
    return out


def test_covariances_are_the_inverse_of_half_the_hessian():
    pytest.importorskip("scipy")
    g = landmarks_and_poses()
    Sigma, c = dense(g), fgopt.Covariance(g)
    at = {k: slice(3 * k, 3 * k + 3) for k in range(12)} | {100: slice(36, 38), 101: slice(38, 40)}
    near = {"rtol": 1e-8, "atol": 1e-8 * Sigma.max()}
    for key, place in at.items():
        assert np.allclose(c.marginal(key), Sigma[place, place], **near)
        assert np.array_equal(c.marginal(np.int64(key)), c.marginal(key))
    for a, b in ((3, 4), (2, 9), (7, 100), (101, 1), (5, 5)):
        assert np.allclose(c.cross(a, b), Sigma[at[a], at[b]], **near)
    chosen = np.r_[at[100], at[7], at[2]]
    assert np.allclose(c.joint([100, 7, 2]), Sigma[np.ix_(chosen, chosen)], **near)
    assert np.array_equal(g.covariance([100, 7, 2]), c.joint([100, 7, 2])) and g.covariance(7).shape == (3, 3)
    for kind, keys in (("SE2", range(12)), ("R2", (100, 101)), ("SO3", ())):
        every = g.covariances(kind)
        assert len(every) == len(keys) and all(np.allclose(s, Sigma[at[k], at[k]], **near) for s, k in zip(every, keys))
    assert not g.covariance(0).any() and not g.covariance(5)[1].any() and g.covariance(5)[0, 0] > 0


def test_a_covariance_outlives_its_graph_and_knows_when_it_changed():
    g = landmarks_and_poses()
    c = fgopt.Covariance(g)
    before = c.marginal(3)
    with pytest.raises(fgopt.VariableError, match="77"):
        c.marginal(77)
    with pytest.raises(fgopt.VariableError, match="77"):
        c.joint([3, 77])
    g.add_rn(500, [1.0, 1.0])
    g.add("range_se2", [3, 500], 2.0)  # one number for two unknown
    with pytest.raises(fgopt.ArgumentError):
        c.marginal(3)
    with pytest.raises(fgopt.SingularError, match="500"):
        g.covariance(3)
    g = landmarks_and_poses()
    c = fgopt.Covariance(g)
    del g
    gc.collect()
    assert np.array_equal(c.marginal(3), before)

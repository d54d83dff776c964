# SPDX-License-Identifier: BSD-3-Clause
"""Losses written in Python: against the built-in ones, compiled and not, in copies, pickles and threads."""

import gc
import pickle
import subprocess
import sys

import numpy as np
import pytest
from support import ring

import fgopt
from fgopt import _compile

needs_compiler = pytest.mark.skipif(_compile.compiler() is None, reason="no C compiler")


def own(compile=None):
    """Geman-McClure's, Huber's and Barron's of shape 1 or less, by their formulas."""

    @fgopt.loss(width=1.0, compile=compile)
    def geman(s, width):
        return s / (1 + s / width**2)

    @fgopt.loss(width=1.345, compile=compile)
    def my_huber(s, width):
        return fgopt.where(s <= width**2, s, 2 * width * fgopt.sqrt(s) - width**2)

    @fgopt.loss(compile=compile)
    def plain(s):
        return s

    @fgopt.loss(width=1.0, pull=0.5, compile=compile)
    def two(s, width, pull):
        return pull * s + (1 - pull) * s / (1 + s / width**2)

    return geman, my_huber, plain, two


@pytest.mark.parametrize("compile", [pytest.param(True, marks=needs_compiler), False])
def test_they_are_the_built_in_ones(compile):
    geman, huber, plain, two = own(compile)
    assert geman.compiled is compile
    every = ((plain, "none"), (two(0.5, pull=0), "geman-mcclure:0.5"), (geman(0.2), "geman-mcclure:0.2"),
             (huber(width=0.3), "huber:0.3"), (geman, "geman-mcclure:1"), (two(1, 1), "none"))  # fmt: skip
    for loss, same in every if compile else every[1:2]:
        g, h = ring(10), ring(10)
        g.set_loss(loss)
        h.set_loss(same)
        assert g.cost() == pytest.approx(h.cost(), rel=1e-12) and np.allclose(g.gradient(), h.gradient(), rtol=1e-10, atol=1e-9)
        assert np.allclose(g.residuals("loss"), h.residuals("loss"), rtol=1e-12)
        ends = [graph.optimize(init=None, max_iterations=8).cost_final for graph in (g, h)]
        assert ends[0] == pytest.approx(ends[1])
        assert loss.rho(g.chi2())[0].sum() == pytest.approx(g.cost())


def test_what_a_factor_says():
    geman, _, _, two = own()
    g = ring(10)
    g.set_loss(two(2.0), [3])
    g.set_loss((geman, 0.5), [4])
    assert g.factor(3).loss == (two(2.0),) and g.factor(4).loss == (geman(0.5),) and g.factor(5).loss == ("none",)
    g.set_loss(g.factor(3).loss, [5])
    assert g.factor(5).loss == g.factor(3).loss
    assert repr(two(3)) == "<fgopt.Loss two(width=3.0, pull=0.5)>" and two(3) == two(width=3) != two


def test_they_outlive_their_names():
    g, cost = ring(10), None
    for loss in own():
        g.set_loss(loss(0.3) if loss.parameters else loss, [0, 1])
    cost = g.cost()
    h = g.copy()
    del loss, g
    gc.collect()
    assert h.cost() == cost


def test_pickles(tmp_path):
    geman, huber, _, two = own()
    g = ring(10)
    g.set_loss(geman(0.5), [1, 2])
    g.set_loss(two(0.7, 0.1), 3)
    g.set_loss(huber, 9)
    h = pickle.loads(pickle.dumps(g))
    assert h.cost() == g.cost() and [h.factor(k).loss for k in range(12)] == [g.factor(k).loss for k in range(12)]
    (tmp_path / "g").write_bytes(pickle.dumps(g))
    program = f"import fgopt, pickle; print(repr(pickle.load(open({str(tmp_path / 'g')!r}, 'rb')).cost()))"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert float(out) == g.cost()


@pytest.mark.parametrize("rho, text", [
    (lambda s: 2 * s, "has not the slope 1 at s = 0"),
    (lambda s: s + 1, "is not 0 at s = 0"),
    (lambda s: s * fgopt.exp(-s), "falls"),
    (lambda s: fgopt.where(s < 5, s, 9.0), "jumps|derivative"),
    (lambda s: 2 * (fgopt.sqrt(1 + s) - 1), "has another derivative than it says"),
    (lambda s: s + 1e9 / (s - s), "is not finite"),
])  # fmt: skip
def test_what_is_no_loss_is_refused(rho, text):
    def wrong(s):
        return rho(s)

    g = ring(5)
    cost = g.cost()
    with pytest.raises(fgopt.ArgumentError, match=text), np.errstate(all="ignore"):
        g.set_loss(fgopt.loss()(wrong))
    assert g.cost() == cost


def test_errors():
    geman = own()[0]

    def huber(s):
        return s

    def branch(s):
        return s if s < 1 else 2 * s

    def several(s):
        return s, s

    with pytest.raises(fgopt.ArgumentError, match="has a loss 'huber'"):
        fgopt.loss()(huber)
    for wrong, text in ((branch, "test_loss.py:"), (several, "one number")):
        with pytest.raises(fgopt.ResidualError, match=text):
            fgopt.loss()(wrong)
    with pytest.raises(fgopt.ResidualError, match="parameters s, not s, width"):
        fgopt.loss(width=1)(huber)
    with pytest.raises(fgopt.ArgumentError, match="up to 2"):
        fgopt.loss(a=1, b=2, c=3)
    for call in (lambda: geman(1, 2), lambda: geman(depth=1), lambda: geman(1, width=2)):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(fgopt.ArgumentError):
        ring(5).set_loss(geman(np.nan))

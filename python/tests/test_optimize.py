# SPDX-License-Identifier: BSD-3-Clause
"""optimize(): summary, callbacks, Ctrl-C, and the same numbers as the program's."""

import json
import os
import signal
import subprocess

import numpy as np
import pytest
from support import ROOT, needs_cli, ring

import fgopt
from fgopt._solving import option_table


def test_summary_has_columns():
    g = ring()
    s = g.optimize(init="auto")
    assert s.init.chosen in s.init.cost
    g = ring()
    s = g.optimize(init=None)
    it = s.iterations
    assert s.converged and not s.failed and s.termination.startswith("converged")
    assert len(it) == s.accepted + np.sum(it.accepted == 0) + 1 and it.cost[0] == s.cost_initial and it.cost[-1] == s.cost_final
    assert s.cost_final < 1e-8 < 1 < s.cost_initial and np.all(np.diff(it.time_s) >= 0)
    assert s.gauge_held == 1 and s.gauge_key == 0 and s.init is None
    assert "converged" in repr(s) and "converged" in s._repr_html_()


def test_every_option_of_the_table_is_a_keyword():
    for name, option in option_table().items():
        ring().optimize(**{name: option.standard})
        assert f"{name}: " in fgopt.Graph.optimize.__doc__
    assert len(ring(noise=0.3).optimize(init=None, max_iterations=2).iterations) == 3
    dense = ring().optimize(linear_solver="dense", method="gn", diagonal_scaling=False)
    assert dense.factorization == "dense" and dense.converged


def test_callback_stops_and_raises():
    g, seen = ring(noise=0.3), []

    def stop(it):
        seen.append(it.cost)
        return it.iteration == 1

    s = g.optimize(init=None, callback=stop)
    assert s.termination == "stopped (on request)" and len(seen) == 2 and g.cost() == min(seen)

    def fail(it):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        g.optimize(callback=fail)
    assert g.optimize().converged


def test_interrupt_keeps_the_best_estimate():
    g = ring(noise=0.3)
    before, start = signal.getsignal(signal.SIGINT), g.cost()
    s = g.optimize(init=None, callback=lambda it: os.kill(os.getpid(), signal.SIGINT) if it.iteration == 1 else None)
    assert s.termination == "stopped (on request)" and g.cost() == s.cost_final < start
    assert signal.getsignal(signal.SIGINT) is before


def test_progress_is_shown(capsys):
    ring().optimize(progress=True)
    assert "cost" in capsys.readouterr().err


def test_failure_is_a_termination():
    g = fgopt.Graph()
    g.add_rn(0, [1.0])
    g.add_rn(1, [1.0])
    g.add_prior_rn(0, [1e200], sigma=1e-200)
    assert g.optimize(init=None).failed


@pytest.mark.parametrize("init", ["file", "odometry", "spanning-tree", "chordal", "auto"])
def test_initialization(init):
    g = ring(noise=1.0)
    report = g.initialize(init)
    assert report.chosen == init or init == "auto"
    assert (report.reached == 0) == (init == "file") or init == "auto"


@needs_cli
@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "datasets/small").glob("*.g2o")))
def test_the_numbers_are_the_programs(tmp_path, name):
    path, out = ROOT / "datasets/small" / name, tmp_path / "cli.g2o"
    words = [os.environ["FGOPT_CLI"], "optimize", path, "-o", out, "--json", tmp_path / "r.json", "--quiet"]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        pytest.skip(f"the program refuses {name}")
    g = fgopt.load(path)
    s = g.optimize()
    g.save(tmp_path / "python.g2o")
    assert (tmp_path / "python.g2o").read_bytes() == out.read_bytes()
    assert s.cost_final in _numbers(json.loads((tmp_path / "r.json").read_text()))


def _numbers(node):
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return [x for part in node for x in _numbers(part)]
    return [node] if isinstance(node, (int, float)) else []

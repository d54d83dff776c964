# SPDX-License-Identifier: BSD-3-Clause
"""optimize(): summary, callbacks, Ctrl-C, and the same numbers as the program's."""

import json
import os
import pathlib
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from support import DATASETS, ROOT, needs_cli, ring

import fgopt
from fgopt import _solving
from fgopt._options import option_table


@pytest.fixture(autouse=True)
def sigint():
    """As at a terminal: where the tests run in the background, SIGINT is ignored and stays so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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


def test_reports_are_read_when_asked_and_go_through_pickle():
    s = ring().optimize()
    t = pickle.loads(pickle.dumps(s))
    assert repr(t) == repr(s) and t.init.cost.keys() == s.init.cost.keys() and t.init.reason == s.init.reason
    assert np.array_equal(t.iterations, s.iterations) and t.factorization == s.factorization == "block"
    names = [name for name in dir(s) if not name.startswith("_")]
    assert {"cost_final", "gauge_key", "time_analyze_s", "iterations", "init", "converged"} <= set(names)
    assert all(getattr(s, name) is not None for name in names)
    with pytest.raises(AttributeError):
        s.cost_last  # noqa: B018
    first = ring(noise=0.3).optimize(init=None)
    kept = first.iterations.cost.copy()
    ring(60).optimize(init=None)  # in the same memory
    assert np.array_equal(first.iterations.cost, kept)


def test_as_many_iterations_as_were_asked_for(monkeypatch):
    @fgopt.residual(x="R1", compile=False)
    def flat(x):
        return x[0] ** 2

    g = fgopt.Graph()
    g.add_rn(0, [1e60])
    g.add(flat, 0)
    free = dict(init=None, method="gn", cost_tolerance=0, step_tolerance=0, gradient_tolerance=0)
    assert [len(g.copy().optimize(max_iterations=n, **free).iterations) for n in (0, 1, 150)] == [1, 2, 151]
    monkeypatch.setattr(_solving, "MOST_RECORDS", 5)
    s = g.optimize(max_iterations=10**9, time_limit=1, **free)
    assert len(s.iterations) == 6 and s.cost_final < s.iterations.cost[-1]


def test_every_option_of_the_table_is_a_keyword():
    for name, option in option_table().items():
        ring().optimize(**{name: option.default_value})
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
    assert len(s.iterations) == 2 and s.termination == "stopped (on request)" and g.cost() == s.cost_final < start
    assert signal.getsignal(signal.SIGINT) is before


# Newton's steps towards a zero of sqrt(x) (x > 0), -2 sqrt(-x) (x < 0) lead from x to -x for ever:
# only a signal ends this in time.
ENDLESS = """
import signal, sys, threading, time, fgopt
signal.signal(signal.SIGINT, signal.default_int_handler)
@fgopt.residual(x="R1", compile=None if sys.argv[1] == "C" else False)
def root(x):
    return fgopt.where(x[0] > 0, fgopt.sqrt(x[0]), -2 * fgopt.sqrt(-x[0]))
g = fgopt.Graph()
g.add_rn(0, [4])
g.add(root, 0)
def tell(it):
    time.sleep(0.01)
    if it.iteration == 3:
        print("running", flush=True)
if sys.argv[2] == "alone":
    threading.Timer(0.3, print, ["running"], {"flush": True}).start()
s = g.optimize(init=None, callback=tell if sys.argv[2] == "followed" else None, method="gn", max_iterations=10**9,
               cost_tolerance=0, step_tolerance=0, gradient_tolerance=0, time_limit=60)
try:
    print(s.termination, "|", s.cost_initial == s.cost_final == g.cost(), "|", len(s.iterations) > 3, flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("as before")
"""


@pytest.mark.parametrize("follower", ["alone", "followed"])
@pytest.mark.parametrize("residual", ["C", "NumPy"])
def test_ctrl_c_from_outside_keeps_the_best_estimate(residual, follower):
    if residual == "C" and not shutil.which(os.environ.get("CC", "cc")):
        pytest.skip("no C compiler")
    child = subprocess.Popen([sys.executable, "-c", ENDLESS, residual, follower], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "running\n"
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == "stopped (on request) | True | True\n"
        child.send_signal(signal.SIGINT)  # the handler of before is back
        assert child.stdout.readline() == "as before\n" and child.wait(60) == 0
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def test_an_ignored_ctrl_c_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert ring(noise=0.3).optimize(callback=lambda it: os.kill(os.getpid(), signal.SIGINT)).converged
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def test_the_second_ctrl_c_is_the_programs():
    g = ring(noise=0.3)

    def impatient(it):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        g.optimize(init=None, callback=impatient)
    assert g.optimize().converged


def test_a_solve_within_a_solve_gets_its_own_ctrl_c():
    inner = []

    def solve(it):
        if it.iteration == 1:
            inner.append(ring(noise=0.3).optimize(init=None, callback=lambda it: os.kill(os.getpid(), signal.SIGINT)))

    outer = ring(noise=0.3).optimize(init=None, callback=solve)
    assert inner[0].termination == "stopped (on request)" and outer.converged


def test_graphs_in_other_threads_go_on_when_this_one_is_interrupted():
    done = []
    thread = threading.Thread(target=lambda: done.append(ring(noise=0.3).optimize()))

    def look(it):
        if it.iteration == 0:
            os.kill(os.getpid(), signal.SIGINT)
            thread.start()
            thread.join()

    assert ring(noise=0.3).optimize(init=None, callback=look).termination == "stopped (on request)"
    assert done[0].converged


def test_other_threads_run_while_it_solves():
    """A counter goes on between two callbacks, when nothing but C runs in this thread."""
    g, count, over, seen = ring(20000), [0], threading.Event(), []

    def work():
        while not over.is_set():
            count[0] += 1
            time.sleep(0)  # lets go of the interpreter

    def look(it):
        seen.append(count[0])  # at the end of one iteration, and of the next

    thread = threading.Thread(target=work)
    thread.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)  # the other thread gets the interpreter only where this one lets it go
    try:
        g.optimize(init=None, callback=look)
    finally:
        sys.setswitchinterval(interval)
        over.set()
        thread.join()
    assert len(seen) >= 3 and all(a < b for a, b in zip(seen, seen[1:]))


def test_graphs_are_solved_at_the_same_time():
    """Each solve waits in its callback for the other: one after the other they would never get on."""
    graphs, together = [ring(100), ring(100)], threading.Barrier(2, timeout=60)
    costs = []

    def solve(g):
        costs.append(g.optimize(init=None, callback=lambda it: together.wait() < 0 if it.iteration < 2 else None).cost_final)

    threads = [threading.Thread(target=solve, args=(g,)) for g in graphs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(costs) == 2 and max(costs) < 1e-8


def test_progress_is_shown(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # as if it were not installed
    s = ring().optimize(progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(s.iterations) and lines[0].startswith("iteration    0  cost ")


def test_progress_is_tqdms_where_it_is_installed(capsys):
    pytest.importorskip("tqdm")
    s = ring().optimize(progress=True)
    last = capsys.readouterr().err.replace("\r", "\n").strip().splitlines()[-1]
    assert last.startswith(f"optimize: {len(s.iterations)} it") and f"cost {s.cost_final:.6g}" in last
    ring().optimize()
    assert capsys.readouterr().err == ""


def test_failure_is_a_termination():
    g = fgopt.Graph()
    g.add_rn(0, [1.0])
    g.add_rn(1, [1.0])
    g.add_prior_rn(0, [1e200], sigma=1e-150)
    assert g.optimize(init=None).failed


@pytest.mark.parametrize("init", ["file", "odometry", "spanning-tree", "chordal", "auto"])
def test_initialization(init):
    g = ring(noise=1.0)
    report = g.initialize(init)
    assert report.chosen == init or init == "auto"
    assert (report.reached == 0) == (init == "file") or init == "auto"


FILES = sorted((ROOT / "datasets/small").glob("*.g2o"))
FILES += [pathlib.Path(DATASETS) / f"{name}.g2o" for name in ("intel", "M3500", "sphere2500", "torus3D")] if DATASETS else []


@needs_cli
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_numbers_are_the_programs(tmp_path, path):
    """To the last bit, as files have all digits; so also in a wheel that carries its own CHOLMOD and OpenBLAS."""
    out = tmp_path / "cli.g2o"
    words = [os.environ["FGOPT_CLI"], "optimize", path, "-o", out, "--json", tmp_path / "r.json", "--quiet"]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        pytest.skip(f"the program refuses {path.name}")
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

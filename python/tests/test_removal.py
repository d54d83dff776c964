# SPDX-License-Identifier: BSD-3-Clause
"""Removing factors and variables: what stays, what numbers and arrays mean afterwards, and that no array dangles."""

import gc
import os
import pathlib
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from support import ring

import fgopt


def mixed(n=40):
    """A ring with priors, landmarks and losses: four groups of factors."""
    g = ring(n)
    g.add_rn(np.arange(1000, 1004), np.arange(8.0).reshape(4, 2))
    g.add_prior_se2(0, [0, 0, 0], sigma=2)
    g.add_landmark([0, 1, 2, 3], [1000, 1001, 1002, 1003], np.ones((4, 2)), sigma=0.3, loss="cauchy:2")
    g.add_prior_rn([1000, 1001], np.zeros((2, 2)), information=np.diag([2.0, 5.0]))
    g.add_between_se2(5, 20, [1, 2, 3], sigma=[1, 2, 3], loss="barron:1.5,-2")
    g.hold(3, dof=1)
    g.hold(1002)
    return g


def said(g):
    """Everything that a graph says of its factors, by number."""
    return {k: [x.tolist() if isinstance(x, np.ndarray) else x for x in g.factor(k)] for k in g.factors.tolist()}


def test_what_stays_keeps_its_number_and_its_content():
    g = mixed()
    before, chi2, numbers = said(g), dict(zip(g.factors.tolist(), g.chi2().tolist())), g.factors.tolist()
    residual = {k: g.residual(k).tolist() for k in numbers}
    random = np.random.default_rng(1)
    while numbers:
        gone = random.choice(numbers, min(len(numbers), int(random.integers(1, 7))), replace=False)
        g.remove_factors(gone if len(gone) > 1 else int(gone[0]))
        numbers = [k for k in numbers if k not in gone]
        assert g.factors.tolist() == numbers and g.factor_count == len(numbers)
        assert said(g) == {k: before[k] for k in numbers}
        assert g.chi2().tolist() == [chi2[k] for k in numbers] and g.chi2(numbers).tolist() == pytest.approx(g.chi2().tolist())
        assert g.residuals().tolist() == [x for k in numbers for x in residual[k]]
        assert [g.residual(k).tolist() for k in numbers] == [residual[k] for k in numbers]
        assert sorted(k for group in g.groups() for k in group.numbers.tolist()) == numbers
        assert f"{len(numbers)}" in repr(g) or len(g.groups()) > 1
    assert g.cost() == 0 and g.chi2().shape == g.residuals().shape == (0,)
    assert g.add_prior_rn(1003, [0.0, 0.0]) == range(56, 57)  # numbers are not given again


def test_derivatives_after_a_removal():
    pytest.importorskip("scipy")
    g = mixed()
    g.remove_factors([0, 7, 48, 50, 55])
    g.remove_variables([9, 1001])
    J = g.jacobian()
    assert J.shape == (len(g.residuals()), g.tangent_dimension) and np.all(g.gradient()[g.held] == 0)
    assert np.allclose(2 * J.T @ g.residuals("loss"), g.gradient(), rtol=1e-12, atol=1e-9)
    assert g.chi2().sum() == pytest.approx(np.sum(g.residuals("noise") ** 2))
    assert g.check_jacobians().error < 1e-6
    g.optimize(init=None)


def test_it_is_the_graph_that_never_had_it():
    """Built of what g.factor() says; the information matrices are rounded once more."""
    g, h = mixed(), fgopt.Graph()
    g.remove_variables([4, 1000])
    for key in g:
        (h.add_se2 if key < 1000 else h.add_rn)(key, g[key])
    h.hold(3, dof=1)
    h.hold(1002)
    for name in ("between_se2", "prior_se2", "landmark_se2", "prior_rn"):
        for f in (g.factor(k) for k in g.factors.tolist()):
            if f.name == name:
                W = np.linalg.cholesky(f.information).T
                if name == "prior_rn":
                    h.add_prior_rn(f.keys[0], f.measurement, sqrt_information=W)
                else:
                    h.add(name, f.keys, f.measurement, sqrt_information=W, loss=f.loss)
    assert h.factor_count == g.factor_count and np.array_equal(h.state, g.state) and np.array_equal(h.held, g.held)
    assert h.cost() == pytest.approx(g.cost(), rel=1e-13) and np.allclose(h.gradient(), g.gradient(), rtol=1e-12, atol=1e-9)
    assert h.optimize(init=None).cost_final == pytest.approx(g.optimize(init=None).cost_final, rel=1e-9)


def test_removing_a_variable_takes_its_factors():
    g = mixed()
    on = [k for k in g.factors.tolist() if 5 in g.factor(k).keys]
    assert len(on) == 4
    others, held = {k: g[k].tolist() for k in g if k != 5}, int(g.held.sum())
    g.remove_variables(5)
    assert 5 not in g and len(g) == 43 and {k: g[k].tolist() for k in g} == others
    assert g.factors.tolist() == [k for k in range(56) if k not in on] and g.held.sum() == held
    assert len(g.poses) == 39 and g.poses.tolist() == [others[k] for k in range(40) if k != 5]
    g.remove_variables(np.arange(0, 40, 2)[np.arange(0, 40, 2) != 5])
    assert g.keys("SE2").tolist() == [k for k in range(1, 40, 2) if k != 5]
    assert g.keys("R2").tolist() == [1000, 1001, 1002, 1003]
    g.add_se2(5, [0, 0, 0])
    assert list(g)[-1] == 5
    g.remove_variables(g.keys())
    assert len(g) == g.factor_count == g.tangent_dimension == 0 and list(g) == [] and g.cost() == 0
    assert repr(g) == "<fgopt.Graph: no variables; no factors>"


def test_removing_nothing():
    g = mixed()
    view, before = g.state, said(g)
    g.remove_factors([])
    g.remove_variables([])
    assert said(g) == before and np.shares_memory(view, g.state)


def test_compact():
    g = mixed()
    g.remove_factors([0, 1, 50])
    before = [f[1:] for f in said(g).values()]
    g.compact()
    assert g.factors.tolist() == list(range(53)) and [f[1:] for f in said(g).values()] == before
    assert g.add_prior_rn(1003, [0.0, 0.0]) == range(53, 54)


@pytest.mark.parametrize("wrong, error, text", [
    (lambda g: g.remove_factors(56), fgopt.ArgumentError, "there is no factor 56"),
    (lambda g: g.remove_factors([1, 2, 3]), fgopt.ArgumentError, "factor 3 has been removed"),
    (lambda g: g.remove_factors([1, 2, 1]), fgopt.ArgumentError, "factor 1 is listed twice"),
    (lambda g: g.remove_factors(-1), fgopt.ArgumentError, "there is no factor -1"),
    (lambda g: g.remove_factors(0.5), fgopt.ArgumentError, "integers"),
    (lambda g: g.remove_factors([[1, 2]]), fgopt.ArgumentError, "shape"),
    (lambda g: g.remove_factors(2**64 + 1), fgopt.ArgumentError, "64 bits"),
    (lambda g: g.remove_variables(77), fgopt.VariableError, "77"),
    (lambda g: g.remove_variables([1, 2, 1]), fgopt.VariableError, "listed twice"),
    (lambda g: g.remove_variables([1, 77]), fgopt.VariableError, "77"),
    (lambda g: g.remove_variables("5"), fgopt.ArgumentError, "integers"),
    (lambda g: g.factor(3), fgopt.ArgumentError, "factor 3 has been removed"),
    (lambda g: g.factor(99), fgopt.ArgumentError, "there is no factor 99"),
    (lambda g: g.factor([1]), fgopt.ArgumentError, "one integer"),
    (lambda g: g.factor_line(3), fgopt.ArgumentError, "removed"),
    (lambda g: g.variable_line(77), fgopt.VariableError, "77"),
    (lambda g: g.residual(3), fgopt.ArgumentError, "removed"),
    (lambda g: g.chi2([1, 3]), fgopt.ArgumentError, "removed"),
    (lambda g: g.set_loss("huber", [1, 2, 3]), fgopt.ArgumentError, "removed"),
    (lambda g: g.set_loss("huber", -1), fgopt.ArgumentError, "no factor -1"),
    (lambda g: g.set_measurements([1, 2, 3], [0, 0, 1, 0]), fgopt.ArgumentError, "removed"),
    (lambda g: g.set_measurements([1, 49], [0, 0, 1, 0]), fgopt.ArgumentError, "one class .*between_se2, landmark_se2"),
    (lambda g: g.set_measurements([1, 2], [[0, 0, 1, 0], [0, 0, np.nan, 0]]), fgopt.ArgumentError, "not finite"),
    (lambda g: g.set_measurements([1, 2], [0, 0]), fgopt.ArgumentError, "shape"),
    (lambda g: g.set_noise([1, 2, 3], sigma=2), fgopt.ArgumentError, "removed"),
    (lambda g: g.set_noise([1, 49], sigma=2), fgopt.ArgumentError, "one residual dimension"),
    (lambda g: g.set_noise([1, 2], sigma=[[1, 1, 1], [1, 0, 1]]), fgopt.ArgumentError, "positive"),
    (lambda g: g.set_noise([1, 2], information=[np.eye(3), -np.eye(3)]), fgopt.InformationError, "semi-definite"),
    (lambda g: g.set_noise([1, 2], sigmas=2), TypeError, "sigmas"),
])  # fmt: skip
def test_errors_change_nothing(wrong, error, text):
    g = mixed()
    g.remove_factors(3)
    view, before, values = g.state, said(g), g.state.copy()
    with pytest.raises(error, match=text) as caught:
        wrong(g)
    assert "fgo_" not in str(caught.value)
    assert said(g) == before and np.array_equal(g.state, values)
    assert np.shares_memory(view, g.state)  # and the view still follows


def test_new_numbers_for_factors():
    g = mixed()
    g.remove_factors(0)
    g.set_measurements([3, 1], [[1, 2, 1, 0], [3, 4, 0, 1]])
    assert g.factor(3).measurement.tolist() == [1, 2, 1, 0] and g.factor(1).measurement.tolist() == [3, 4, 0, 1]
    g.set_noise([1, 3], sigma=[[1, 1, 2], [2, 2, 4]])
    assert np.allclose(g.factor(1).information, np.diag([1, 1, 0.25])) and np.allclose(g.factor(3).information[2, 2], 1 / 16)
    g.set_noise([1, 3], information=np.diag([4.0, 9, 1]))
    assert np.allclose(g.factor(3).information, np.diag([4, 9, 1]))
    g.set_noise(1, information=np.diag([4.0, 9, -1]), project=True)
    assert np.allclose(g.factor(1).information, np.diag([4, 9, 0]))
    g.set_loss(("barron", 1.5, -np.inf), [1])
    assert g.factor(1).loss == ("barron", 1.5, -np.inf) and g.factor(2).loss == ("none",)

    @fgopt.residual(x="R1", z=2, compile=False)
    def twice(x, z):
        return x[0] - z[0] * z[1]

    g.add_rn(7000, [1.0])
    number = g.add(twice, 7000, [2.0, 3.0])[0]
    assert g.residual(number).tolist() == [-5.0] and g.chi2(number).tolist() == [25.0]
    g.set_measurements(number, [2.0, 4.0])
    assert g.residual(number).tolist() == [-7.0]


# ---- copies, pickles, files ----


def test_copies_and_pickles_keep_numbers():
    random = np.random.default_rng(2)
    for trial in range(12):
        g = mixed()
        if trial % 3 == 0:  # all early factors: groups may begin with what is gone
            g.remove_factors(np.arange(int(random.integers(1, 54))))
        g.remove_factors(random.choice(g.factors, int(random.integers(1, g.factor_count)), replace=False))
        g.remove_variables(random.choice(g.keys(), 3, replace=False))
        for h in (g.copy(), pickle.loads(pickle.dumps(g))):
            assert h.factors.tolist() == g.factors.tolist() and said(h) == said(g)
            assert [x.name for x in h.groups() if len(x.numbers)] == [x.name for x in g.groups() if len(x.numbers)]
            assert h.cost() == g.cost() and np.array_equal(h.gradient(), g.gradient()) and np.array_equal(h.held, g.held)
            if g.factor_count:
                assert h.add_prior_rn(g.keys("R2")[:1], [[0.0, 0.0]]) == range(56, 57)
            before = said(g)
            h.remove_factors(h.factors)
            assert h.factor_count == 0 and said(g) == before


@pytest.mark.parametrize("order, gone", [("pblbp", [0, 1]), ("pbplb", [1]), ("pbllpb", [0, 1, 2])])
def test_a_pickle_keeps_the_order_of_classes_whose_first_factors_are_gone(order, gone):
    g = fgopt.Graph()
    g.add_rn([1, 2], np.ones((2, 2)))
    g.add_se2(3, [0, 0, 0])
    adds = {"p": lambda: g.add_prior_rn(1, [0.1, 0.2]), "b": lambda: g.add_between_rn(1, 2, [0.3, 0.1]),
            "l": lambda: g.add_landmark(3, 1, [0.7, 0.9])}  # fmt: skip
    for one in order:
        adds[one]()
    names = [group.name for group in g.groups()]
    g.remove_factors(gone)
    h = pickle.loads(pickle.dumps(g))
    assert h.factors.tolist() == g.factors.tolist() and said(h) == said(g) and h.cost() == g.cost()
    assert [group.name for group in h.groups()] == names == ["prior_rn", "between_rn", "landmark_se2"]


def test_a_pickle_with_a_wide_gap(monkeypatch):
    monkeypatch.setattr("fgopt._packing.BLOCK", 7)
    g = fgopt.Graph()
    g.add_rn(1, [0.0])
    g.add_prior_rn(np.ones(1000), np.zeros(1000))
    g.remove_factors(np.r_[0:500, 501:1000])
    h = pickle.loads(pickle.dumps(g))
    assert h.factors.tolist() == [500] and h.add_prior_rn(1, [1.0]) == range(1000, 1001)
    g.add_prior_rn(np.ones(50), np.arange(50.0))
    g.remove_factors(np.arange(1003, 1050, 4))
    g.set_loss("huber", [1001, 1005, 1009, 1010])
    h = pickle.loads(pickle.dumps(g))
    assert said(h) == said(g) and h.add_prior_rn(1, [1.0]) == range(1050, 1051)


def test_lines_of_a_file(tmp_path):
    text = "# mine\nVERTEX_SE2 0 0 0 0\nVERTEX_SE2 7 1 0 0\n\nVERTEX_SE2 2 2 0 0\n" + "".join(
        f"EDGE_SE2 {i} {j} 1 0 0 1 0 0 1 0 1\n" for i, j in ((0, 7), (7, 2), (0, 2))) + "ODD 5\n"  # fmt: skip
    (tmp_path / "a.g2o").write_text(text)
    g = fgopt.load(tmp_path / "a.g2o")
    assert [g.variable_line(k) for k in g] == [2, 3, 5] and [g.factor_line(k) for k in range(3)] == [6, 7, 8]
    assert g.factor(1).line == 7
    g.add_se2(9, [0, 0, 0])
    added = g.add_between_se2(0, 9, [0, 0, 0])[0]
    assert g.variable_line(9) is None and g.factor_line(added) is None is g.factor(added).line
    g.remove_factors(added)
    g.remove_variables([7, 9])
    assert g.factors.tolist() == [2] and g.factor_line(2) == 8 and g.variable_line(2) == 5
    g.save(tmp_path / "b.g2o")
    kept = [line for line in text.splitlines() if " 7" not in line]
    assert (tmp_path / "b.g2o").read_text().splitlines() == kept
    assert g.copy().factor_line(2) == 8 and pickle.loads(pickle.dumps(g)).factor_line(2) is None


# ---- arrays that look into the graph ----

VIEWS = {
    "state": lambda g: g.state, "poses": lambda g: g.poses, "landmarks": lambda g: g.landmarks, "held": lambda g: g.held,
    "numbers": lambda g: g.groups()[0].numbers, "measurements": lambda g: g.groups()[2].measurements,
    "weights": lambda g: g.groups()[0].sqrt_information, "losses": lambda g: g.groups()[2].losses,
    "variables": lambda g: g.groups()[1].variables, "values": lambda g: g.snapshot().array,
}  # fmt: skip



def fails(call):
    with pytest.raises(fgopt.VariableError):
        call()


CHANGES = {
    "factor": lambda g, r: g.factor_count and g.remove_factors(int(r.choice(g.factors))),
    "factors": lambda g, r: g.remove_factors(r.choice(g.factors, g.factor_count // 4, replace=False)),
    "variable": lambda g, r: len(g) and g.remove_variables(int(r.choice(g.keys()))),
    "variables": lambda g, r: g.remove_variables(r.choice(g.keys(), len(g) // 4, replace=False)),
    "compact": lambda g, r: g.compact(),
    "add": lambda g, r: g.add_se2(np.arange(50) + 10**6 * int(r.integers(1, 10**6)), np.zeros((50, 3))),
    "between": lambda g, r: len(g.keys("SE2")) > 1 and g.add_between_se2(*r.choice(g.keys("SE2"), 2, replace=False), [1, 0, 0]),
    "everything": lambda g, r: g.remove_variables(g.keys()),
    "wrong": lambda g, r: fails(lambda: g.remove_variables([-5, -6])),
}  # fmt: skip


def test_arrays_outlive_what_they_show():
    """In random order: arrays are taken, the graph changes, and every array that is held shows what it showed."""
    random = np.random.default_rng(11)
    for _ in range(30):
        g, taken = mixed(), []
        for _ in range(25):
            if len(g.groups()) == 4 and random.random() < 0.6:
                view = VIEWS[random.choice(list(VIEWS))](g)
                taken.append((view, view.copy()))
            if taken and random.random() < 0.2:
                taken.pop(int(random.integers(len(taken))))
            name = random.choice(list(CHANGES), p=[0.15, 0.1, 0.15, 0.1, 0.1, 0.15, 0.15, 0.02, 0.08])
            CHANGES[name](g, random)
            assert all(view.tobytes() == kept.tobytes() for view, kept in taken)
        del g
        gc.collect()
        assert all(view.tobytes() == kept.tobytes() for view, kept in taken)


def test_the_same_with_a_checking_allocator():
    """glibc fills what is freed: a dangling array would show it."""
    test = f"{pathlib.Path(__file__)}::test_arrays_outlive_what_they_show"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", test]
    environment = {**os.environ, "MALLOC_PERTURB_": "165", "MALLOC_CHECK_": "3"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_busy_graph_refuses():
    g = ring(400)
    before, kept, refused, view = g.factor_count, g.snapshot(), [], g.state
    attempts = [lambda: g.remove_factors(0), lambda: g.remove_variables(3), g.compact, lambda: g.add_se2(10**6, [0, 0, 0]),
                g.copy, lambda: g.restore(kept), lambda: g.exchange(kept), lambda: g.distance(kept), g.snapshot,
                lambda: g.state, lambda: g.factor(0), lambda: g.factor_line(0), lambda: g.groups(),
                lambda: g.set_noise(0, sigma=1), lambda: pickle.dumps(g), lambda: g.cost(kept)]  # fmt: skip

    def busy(it):
        if it.iteration == 1:
            for attempt in attempts:
                try:
                    attempt()
                except fgopt.BusyError:
                    refused.append(attempt)

    thread = threading.Thread(target=lambda: g.optimize(init=None, callback=busy))
    thread.start()
    thread.join()
    assert refused == attempts and g.factor_count == before and len(g) == 400
    assert np.shares_memory(view, g.state)
    g.remove_factors(0)
    assert g.factor_count == before - 1


def test_covariances_notice():
    g = mixed()
    c = fgopt.Covariance(g)
    assert c.marginal(7).shape == (3, 3)
    g.remove_factors(2)
    with pytest.raises(fgopt.ArgumentError, match="changed") as caught:
        c.marginal(7)
    assert "fgo_" not in str(caught.value)
    g.remove_variables(7)
    with pytest.raises(fgopt.Error):
        c.marginal(7)
    assert fgopt.Covariance(g).marginal(8).shape == (3, 3)


# ---- integers ----


@pytest.mark.parametrize("key", [0.5, np.nan, np.inf, 2**64 + 7, 2**63, -(2**63) - 1, "7", b"7", None, 2.0**60, [7], True, 7j,
                                 np.uint64(2**63 + 7), np.float32(0.25)], ids=repr)  # fmt: skip
def test_what_is_no_key_raises(key):
    g = fgopt.Graph()
    g.add_se2([0, 1, 7], [0, 0, 0])
    kept = g.snapshot()
    for call in (lambda: g[key], lambda: g.variable_line(key), lambda: kept.get(g, key), lambda: kept.set(g, key, [0, 0, 1, 0]),
                 lambda: fgopt.Covariance(g).marginal(key), lambda: g.factor(key)):  # fmt: skip
        with pytest.raises(fgopt.ArgumentError):
            call()
    with pytest.raises(fgopt.ArgumentError):
        g[key] = [0, 0, 1, 0]
    if not isinstance(key, list):
        for many in (g.hold, g.release, g.remove_variables, g.covariance, lambda k: g.add_se2(k, [0, 0, 0]),
                     lambda k: g.set_times(k, 1.0), lambda k: g.add_prior_se2(k, [0, 0, 0]),
                     lambda k: g.add_between_se2(0, k, [0, 0, 0])):  # fmt: skip
            with pytest.raises(fgopt.ArgumentError):
                many(key)
    assert key not in g and len(g) == 3 and not g.held.any() and g.factor_count == 0


def test_keys_of_all_sizes():
    g = fgopt.Graph()
    every = [-(2**63), -1, 0, 2**53 + 1, 2**63 - 1]
    for key in every:
        g.add_rn(key, [float(every.index(key))])
    assert g.keys().tolist() == list(g) == every and [g[k][0] for k in every] == [0, 1, 2, 3, 4]
    assert np.uint64(2**53 + 1) in g and np.int8(-1) in g and 0.0 in g and 2**64 - 1 not in g
    g.remove_variables([-1, 2**63 - 1])
    assert list(g) == [-(2**63), 0, 2**53 + 1]
    for wrong in (2**32, -(2**31) - 1, 0.5, "0", 7):
        with pytest.raises(fgopt.ArgumentError):
            g.hold(0, dof=wrong)
    assert not g.held.any()


def test_threads():
    g = ring(20)
    for wrong in (2**32, -1, 1000, 0.5):
        with pytest.raises(fgopt.ArgumentError, match="threads"):
            g.initialize(threads=wrong)
        with pytest.raises(fgopt.ArgumentError, match="threads"):
            fgopt.Covariance(g, threads=wrong)
    assert g.initialize("odometry", threads=2).chosen == "odometry"

# SPDX-License-Identifier: BSD-3-Clause
"""What python/README.md shows runs, as it stands there: its Python, and every expression of its table."""

import pathlib
import pickle
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from support import DATASETS, ROOT

import fgopt
from fgopt import _compile

TEXT = (ROOT / "python/README.md").read_text()
SNIPPETS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.S)
ROWS = re.findall(r"^\| (`.*?`) \|", TEXT, flags=re.M)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    pytest.importorskip("scipy")
    sphere = f"{DATASETS}/sphere2500.g2o" if DATASETS else ROOT / "datasets/small/sphere.g2o"
    shutil.copy(sphere, tmp_path / "sphere2500.g2o")
    monkeypatch.chdir(tmp_path)


def run(snippet):
    """The names that it makes."""
    names: dict[str, object] = {}
    exec(compile(snippet, "snippet.py", "exec"), names)
    return names


def test_five_lines(capsys):
    assert len(SNIPPETS[0].splitlines()) == 5
    names = run(SNIPPETS[0])
    assert names["summary"].converged and capsys.readouterr().out.startswith("Summary(converged")


def test_a_factor_of_ones_own(capsys):
    g = run(SNIPPETS[1])["g"]
    shown = re.search(r"# \[([\d.]+)\] (\[\[.*\]\])", SNIPPETS[1])
    assert g[200] == pytest.approx(float(shown[1]), abs=1e-6)
    assert np.allclose(g.landmarks, np.array(eval(shown[2])), atol=1e-5)


def test_a_loss_of_ones_own():
    g = run(SNIPPETS[2])["g"]
    assert g.factor(0).loss[0].parameters == {"width": 3.0} and 0 < g.cost() < g.chi2().sum()


def test_an_extension(tmp_path):
    if _compile.compiler() is None:
        pytest.skip("no C compiler or no headers")
    shutil.copy(ROOT / "tests/extend/manifold.c", tmp_path / "level.c")
    words = [sys.executable, "-c", SNIPPETS[3]]  # in a process of its own, which it is for
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "manifolds=('Level',), factor_classes=('level_between',)" in done.stdout
    assert "<fgopt.Graph: 2 Level; 1 level_between>" in done.stdout
    assert "\nVERTEX_LEVEL 1 1" in (tmp_path / "level.g2o").read_text()


def test_the_table():
    expressions = [e for row in ROWS for e in re.findall(r"`(.*?)`", row)]
    assert len(SNIPPETS) == 4 and len(expressions) >= 40
    g = fgopt.load("sphere2500.g2o")
    names = {"fgopt": fgopt, "pickle": pickle, "g": g, "summary": g.optimize(), "reference": g.copy(), "f": lambda it: None}
    names.update(se3=fgopt.se3, so3=fgopt.so3)
    for expression in expressions:
        if "interactive" in expression:
            pytest.importorskip("plotly")
        exec(expression, names)
    assert pathlib.Path("out.g2o").stat().st_size > 1000

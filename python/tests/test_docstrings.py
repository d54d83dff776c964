# SPDX-License-Identifier: BSD-3-Clause
"""The examples in docstrings do what they show."""

import doctest
import importlib
import pathlib

import numpy as np
import pytest

import fgopt
from fgopt import se2, se3, so2, so3

MODULES = sorted(path.stem for path in pathlib.Path(fgopt.__file__).parent.glob("*.py") if path.stem != "__init__")
WITH_EXAMPLES = {"classes", "graph", "loss", "se2", "se3", "so2", "so3", "values"}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    names = {"fgopt": fgopt, "np": np, "se2": se2, "se3": se3, "so2": so2, "so3": so3}
    failed, tried = doctest.testmod(importlib.import_module(f"fgopt.{name}"), extraglobs=names)
    assert failed == 0 and (tried > 0) == (name in WITH_EXAMPLES)

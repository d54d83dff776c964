# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the package share."""

from __future__ import annotations

import os
import pathlib

import numpy as np
import pytest

import fgopt

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATASETS = os.environ.get("FGOPT_DATASETS")
needs_datasets = pytest.mark.skipif(DATASETS is None, reason="FGOPT_DATASETS is not set")
needs_cli = pytest.mark.skipif("FGOPT_CLI" not in os.environ, reason="FGOPT_CLI, the program, is not set")


def ring(n: int = 40, noise: float = 0.05) -> fgopt.Graph:
    """A closed walk of n SE(2) poses with a few loop closures; exact measurements, disturbed estimates."""
    random = np.random.default_rng(3)
    angle = 2 * np.pi * np.arange(n) / n
    truth = np.c_[10 * np.cos(angle), 10 * np.sin(angle), angle + np.pi / 2]
    i = np.concatenate([np.arange(n), np.arange(0, n, 5)])
    j = np.concatenate([(np.arange(n) + 1) % n, (np.arange(0, n, 5) + 13) % n])
    d = truth[j] - truth[i]
    c, s = np.cos(truth[i, 2]), np.sin(truth[i, 2])
    g = fgopt.Graph()
    g.add_se2(np.arange(n), truth + noise * random.normal(size=truth.shape))
    g.add_between_se2(i, j, np.c_[c * d[:, 0] + s * d[:, 1], c * d[:, 1] - s * d[:, 0], d[:, 2]], sigma=[0.1, 0.1, 0.02])
    return g

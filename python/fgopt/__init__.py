# SPDX-License-Identifier: BSD-3-Clause
"""fgopt: nonlinear least squares on factor graphs.

    g = fgopt.load("sphere2500.g2o")
    summary = g.optimize()
    g.plot()
"""

from __future__ import annotations

from ._library import library_path, version
from ._solving import InitReport, Iteration, Summary
from .errors import (
    ArgumentError,
    BusyError,
    Error,
    EvaluationError,
    FileError,
    InformationError,
    LibraryError,
    ManifoldError,
    ParseError,
    ResidualError,
    TooLargeError,
    UnsupportedError,
    VariableError,
)
from .graph import FactorGroup, Graph, load

__version__ = version

__all__ = [
    "ArgumentError", "BusyError", "Error", "EvaluationError", "FactorGroup", "FileError", "Graph", "InformationError",
    "InitReport", "Iteration", "LibraryError", "ManifoldError", "ParseError", "ResidualError", "Summary", "TooLargeError",
    "UnsupportedError", "VariableError", "library_path", "load", "version",
]  # fmt: skip

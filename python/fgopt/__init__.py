# SPDX-License-Identifier: BSD-3-Clause
"""fgopt: nonlinear least squares on factor graphs.

    g = fgopt.load("sphere2500.g2o")
    summary = g.optimize()
    g.plot()
"""

from __future__ import annotations

from . import classes, plot
from ._comparison import Comparison, ErrorStatistics, SegmentErrors
from ._covariance import Covariance
from ._library import library_path, version
from ._summary import InitReport, Iteration, Summary
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
    SingularError,
    TooLargeError,
    UnsupportedError,
    VariableError,
)
from .extension import Extension, load_extension
from .functions import (
    abs,
    acos,
    asin,
    atan,
    atan2,
    between,
    compose,
    cos,
    cross,
    dot,
    exp,
    hypot,
    inverse,
    log,
    maximum,
    minimum,
    norm,
    pi,
    pose,
    pose2,
    se2_exp,
    se3_exp,
    sin,
    so2_exp,
    so3_exp,
    sqrt,
    square,
    tan,
    tanh,
    vector,
    where,
    wrap,
)
from .graph import FactorGroup, Graph, load
from .residual import Residual, residual

__version__ = version

__all__ = [
    "ArgumentError", "BusyError", "Comparison", "Covariance", "Error", "ErrorStatistics", "EvaluationError", "Extension",
    "FactorGroup", "FileError", "Graph", "InformationError", "InitReport", "Iteration", "LibraryError", "ManifoldError",
    "ParseError", "Residual", "ResidualError", "SegmentErrors", "SingularError", "Summary", "TooLargeError",
    "UnsupportedError", "VariableError", "abs", "acos", "asin", "atan", "atan2", "between", "classes", "compose", "cos",
    "cross", "dot", "exp", "hypot", "inverse", "library_path", "load", "load_extension", "log", "maximum", "minimum",
    "norm", "pi", "plot", "pose", "pose2", "residual", "se2_exp", "se3_exp", "sin", "so2_exp", "so3_exp", "sqrt", "square",
    "tan", "tanh", "vector", "version", "where", "wrap",
]  # fmt: skip

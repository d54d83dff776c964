# SPDX-License-Identifier: BSD-3-Clause
"""fgopt: nonlinear least squares on factor graphs.

    g = fgopt.load("sphere2500.g2o")
    summary = g.optimize()
    g.plot()
"""

from __future__ import annotations

from . import classes, plot, se2, se3, so2, so3
from ._comparison import Comparison, ErrorStatistics, SegmentErrors
from ._covariance import Covariance
from ._library import library_path, version
from ._load import load
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
from .graph import Factor, FactorGroup, Graph
from .loss import Loss, loss
from .residual import Residual, residual
from .values import Distance, Values

__version__ = version

__all__ = [
    "ArgumentError", "BusyError", "Comparison", "Covariance", "Distance", "Error", "ErrorStatistics",
    "EvaluationError", "Extension", "Factor", "FactorGroup", "FileError", "Graph", "InformationError", "InitReport",
    "Iteration", "LibraryError", "Loss", "ManifoldError", "ParseError", "Residual", "ResidualError", "SegmentErrors",
    "SingularError", "Summary", "TooLargeError", "UnsupportedError", "Values", "VariableError", "abs", "acos", "asin",
    "atan", "atan2", "between", "classes", "compose", "cos", "cross", "dot", "exp", "hypot", "inverse",
    "library_path", "load", "load_extension", "log", "loss", "maximum", "minimum", "norm", "pi", "plot", "pose",
    "pose2", "residual", "se2", "se2_exp", "se3", "se3_exp", "sin", "so2", "so2_exp", "so3", "so3_exp", "sqrt",
    "square", "tan", "tanh", "vector", "version", "where", "wrap",
]  # fmt: skip

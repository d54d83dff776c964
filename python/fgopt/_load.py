# SPDX-License-Identifier: BSD-3-Clause
"""Loading graphs from files."""

from __future__ import annotations

import os

from . import _files
from .graph import Graph


def load(
    path: str | os.PathLike[str], *, format: str = "auto", convention: str = "g2o", weights: str | None = None,
    project_information: bool = False, merge_equivalent: bool = False,
) -> Graph:  # fmt: skip
    """Reads a graph from a g2o, TORO, TUM, KITTI or CSV file, which may end in .gz or .zst.

    convention: how residuals between poses are written, "g2o", "log" or "ceres" (factors.h; chi2 differs).
    weights: what the matrices in the file are, words with commas between them: "as-used" (they weigh the residual that is
    used), "g2o", "log", "ceres" or "euler"; "information", "covariance" or "root"; "tag", "rows" or "toro" for their order.
    project_information: indefinite information matrices become the nearest semi-definite ones instead of an InformationError.
    merge_equivalent: vertices that EQUIV lines join are one variable.
    Raises FileError, or ParseError with file:line:column."""
    flags = {"project_information": project_information, "merge_equivalent": merge_equivalent}
    return Graph._of(_files.read(path, format, convention, weights, **flags))

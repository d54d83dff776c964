# SPDX-License-Identifier: BSD-3-Clause
"""The name by which pickles of 0.1.0 ask for the function that makes their graphs; newer ones name graph.py."""

from __future__ import annotations

from .graph import unpickled as unpack

__all__ = ["unpack"]

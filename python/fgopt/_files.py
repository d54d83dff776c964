# SPDX-License-Identifier: BSD-3-Clause
"""Graphs from files and to files (io.h)."""

from __future__ import annotations

import ctypes as c
import os
from typing import TYPE_CHECKING, Any

from . import _layout as L
from ._arguments import choice
from ._handle import Handle
from ._library import check, lib


def _names(function: Any) -> tuple[str, ...]:
    """What the library calls the values of an enum."""
    out: list[str] = []
    while (name := function(len(out))) is not None:
        out.append(name.decode())
    return tuple(out)


FORMATS = _names(lib.fgo_format_name)
CONVENTIONS = _names(lib.fgo_convention_name)


def _parse(text: str) -> L.Weights:
    out = L.Weights()
    check(lib.fgo_weights_parse(text.encode(), c.byref(out)))
    return out


def read(path: str | os.PathLike[str], format: str, convention: str, matrices: str | None, **flags: bool) -> Handle:
    """The graph of a file; flags: those of fgo_read_options."""
    options: L.ReadOptions = lib.fgo_read_options_default()
    options.format = choice(format, FORMATS, "format")
    options.convention = choice(convention, CONVENTIONS, "convention")
    if matrices is not None:
        options.weights = _parse(matrices)
    for name, flag in flags.items():
        setattr(options, name, flag)
    return Handle.make(lib.fgo_graph_read, os.fsencode(path), c.byref(options))


class Files:
    """The part of Graph that writes files."""

    if TYPE_CHECKING:
        _handle: Handle

    def save(self, path: str | os.PathLike[str], format: str = "auto", *, weights: str | None = None) -> None:
        """Writes a g2o, TORO, TUM, KITTI or CSV file, whole or not at all, compressed where the path ends in .gz or .zst;
        "auto" goes by its ending. A graph that was loaded keeps its lines, comments and unknown tags.

        weights: what the matrices in the file shall be, as in load(); None: as the graph was loaded.
        FileError; UnsupportedError if the format cannot express the graph, which the message names."""
        wanted = None if weights is None else c.byref(_parse(weights))
        self._handle.call(lib.fgo_graph_write_as, os.fsencode(path), choice(format, FORMATS, "format"), wanted)


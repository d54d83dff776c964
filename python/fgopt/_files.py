# SPDX-License-Identifier: BSD-3-Clause
"""Reading graphs from files and writing them (io.h)."""

from __future__ import annotations

import ctypes as c
import os
from typing import Any

from . import _layout as L
from ._arguments import choice
from ._core import Core
from ._handle import Handle
from ._library import check, lib


def _names(function: Any) -> tuple[str, ...]:
    """Lists the library's names for the values of an enum."""
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


def read(path: str | os.PathLike[str], format: str, convention: str, matrices: str | None, **flags: bool) -> Core:
    """Reads a file; flags are those of fgo_read_options."""
    options = L.ReadOptions()
    lib.fgo_read_options_init(c.byref(options), c.sizeof(options))
    options.format = choice(format, FORMATS, "format")
    options.convention = choice(convention, CONVENTIONS, "convention")
    if matrices is not None:
        options.weights = _parse(matrices)
    for name, flag in flags.items():
        setattr(options, name, flag)
    return Core(Handle.make(lib.fgo_graph_read, os.fsencode(path), c.byref(options)))


def write(core: Core, path: str | os.PathLike[str], format: str, weights: str | None) -> None:
    """Writes a file, whole or not at all."""
    wanted = None if weights is None else c.byref(_parse(weights))
    core.call(lib.fgo_graph_write_as, os.fsencode(path), choice(format, FORMATS, "format"), wanted)

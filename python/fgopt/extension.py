# SPDX-License-Identifier: BSD-3-Clause
"""Manifolds and factor classes written in C by users."""

from __future__ import annotations

import ctypes as c
import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path

from . import _compile, classes
from ._library import check, lib, library_path
from .errors import FileError, LibraryError, ResidualError

ENTRY = "fgopt_extension"


@dataclass(frozen=True)
class Extension:
    """What load_extension() has loaded."""

    path: str  #: the shared library
    manifolds: tuple[str, ...]  #: that it has registered, for Graph.add_variables
    factor_classes: tuple[str, ...]  #: the same, for Graph.add


_loaded: dict[str, tuple[Extension, c.CDLL]] = {}  # for ever: the library points into them


def _compiled(path: Path) -> c.CDLL:
    if _compile.compiler() is None:
        raise LibraryError(f"{path} needs a C compiler and fgopt/residual.h, of which one is missing")
    source = f"#line 1 {json.dumps(str(path))}\n{path.read_text()}"
    try:
        return _compile.build(source, path.stem)[0]
    except ResidualError as problem:
        raise LibraryError(f"the extension {path} cannot be compiled: {str(problem).removesuffix(source).rstrip()}") from None


def _opened(path: Path) -> c.CDLL:
    c.CDLL(library_path, mode=c.RTLD_GLOBAL)  # so that its functions are those of this package's libfgopt
    if path.suffix == ".c":
        return _compiled(path)
    try:
        return c.CDLL(str(path))
    except OSError as problem:
        raise LibraryError(f"the extension {path} cannot be loaded: {problem}") from None


def _names() -> tuple[list[str], list[str], list[bytes]]:
    """Lists the manifolds, factor classes and formats that are known."""
    formats = list(itertools.takewhile(bool, map(lib.fgo_format_name, itertools.count())))
    return [m.name for m in classes.manifolds()], [f.name for f in classes.factor_classes()], formats


def load_extension(path: str | os.PathLike[str]) -> Extension:
    """Loads manifolds and factor classes that are written in C (docs/extend/manifold.md and factor.md), for the whole process.

        fgopt.load_extension("level.c")
        g.add_variables("Level", [0, 1], [[0, 0, 0, 0], [1, 0, 0, 0.5]])
        g.add("level_between", [0, 1], [1, 0, 0, 0.5], sigma=0.1)

    path: a shared library, or a C file that includes nothing but headers of fgopt and of the system, which is compiled as
    residuals are, and kept in the same cache. It has a function `fgo_status fgopt_extension(void)` that calls
    fgo_register_manifold and fgo_register_factor_class. Files that are loaded afterwards may have their tags. Loading a file
    again does nothing.

    FileError if there is no such file; LibraryError if it cannot be compiled or loaded, or registers nothing; the error of the
    library if it refuses a class."""
    where = Path(path).resolve()
    if str(where) in _loaded:
        return _loaded[str(where)][0]
    if not where.is_file():
        raise FileError(f"there is no extension {path}")
    library = _opened(where)
    try:
        function = getattr(library, ENTRY)
    except AttributeError:
        raise LibraryError(f"{path} has no function {ENTRY}, which registers what is in it") from None
    before = _names()
    function.restype, function.argtypes = c.c_int, []
    check(function())
    after = _names()
    if before == after:
        raise LibraryError(f"{path} registers nothing that {library_path} did not know")
    made = Extension(str(where), tuple(after[0][len(before[0]) :]), tuple(after[1][len(before[1]) :]))
    _loaded[str(where)] = made, library
    return made


__all__ = ["Extension", "load_extension"]

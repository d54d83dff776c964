# SPDX-License-Identifier: BSD-3-Clause
"""Exceptions. All carry the text of the C library, with file:line:column where a file is wrong."""

from __future__ import annotations


class Error(Exception):
    """Base of all errors of fgopt."""


class LibraryError(Error, ImportError):
    """libfgopt cannot be found, or is not the version that this package was made for."""


class ArgumentError(Error, ValueError):
    """A number is out of range or not finite."""


class VariableError(Error, KeyError):
    """No variable has this key, or two would."""

    def __str__(self) -> str:  # KeyError shows the repr of its argument
        return str(self.args[0]) if self.args else ""


class ManifoldError(Error, TypeError):
    """A variable is not on the manifold that its factor wants."""


class InformationError(Error, ValueError):
    """An information matrix is not symmetric positive semi-definite."""


class FileError(Error, OSError):
    """A file cannot be opened, read or written."""


class ParseError(Error, ValueError):
    """A file's content is wrong; the text begins with file:line:column."""


class TooLargeError(Error, OverflowError):
    """A size exceeds what the solver or the machine can address."""


class UnsupportedError(Error, NotImplementedError):
    """This build or this file format cannot express it."""


class EvaluationError(Error, ArithmeticError):
    """A factor cannot be evaluated, or its result is not finite."""


class SingularError(Error, ArithmeticError):
    """The factors do not determine all variables."""


class BusyError(Error, RuntimeError):
    """The graph is being optimized; it can be used again afterwards."""


class ResidualError(Error):
    """A residual written in Python is wrong; the text begins with the file and line of the statement."""


# By fgo_status (status.h). -2, out of memory, is Python's own MemoryError.
BY_STATUS: dict[int, type[Exception]] = {
    -1: ArgumentError,
    -2: MemoryError,
    -3: VariableError,
    -4: ManifoldError,
    -5: InformationError,
    -6: FileError,
    -7: ParseError,
    -8: TooLargeError,
    -9: UnsupportedError,
    -10: EvaluationError,
    -11: SingularError,
}

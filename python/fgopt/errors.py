# SPDX-License-Identifier: BSD-3-Clause
"""Exceptions. All carry the text of the C library, with file:line:column where a file is wrong, and the same facts as data."""

from __future__ import annotations

import re
from typing import Any


class Error(Exception):
    """Base of all errors of fgopt.

    cause: what the error is about, such as "syntax", "unknown-key", "indefinite", "undetermined", or "other".
    file, line, column: where in a file, from 1; None if the error is not about a file.
    keys: the keys of the variables that the error is about, the one to blame first.
    value, statistic: a number that proves the error, and its name, such as "eigenvalue"; None and "none" without.
    remedy: the library's name for what can be done, such as "project"; advice: the remedy in words of this package.
    """

    cause: str = "other"
    file: str | None = None
    line: int | None = None
    column: int | None = None
    keys: tuple[int, ...] = ()
    value: float | None = None
    statistic: str = "none"
    remedy: str = "none"
    advice: str = ""


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
    """This build or this file format cannot express what is asked for."""


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

# The words of a weights= argument by the value of a remedy (FGO_WEIGHTS_ in io.h).
_WEIGHTS = {
    "read-order": ("tag", "rows", "toro"),
    "read-form": ("information", "covariance", "root"),
    "read-residual": ("as-used", "g2o", "log", "ceres", "euler"),
}

# By fgo_remedy_kind (error.h): what can be done, with this package's arguments.
REMEDIES: dict[str, str] = {
    "none": "",
    "connect": "add a factor to the rest of the graph or a prior, or hold(key)",
    "measure": "add a factor or a prior that measures it, or hold(key) or remove_variables(key)",
    "tie": "add a factor that ties the variables to the rest, a prior, or hold(key) one of them",
    "add-variable": "add the variable first, or leave the factor out",
    "correct-keys": "a factor joins different variables",
    "project": "project_information=True takes the nearest semi-definite matrix",
    "rescale": "check units; set_noise(...) gives what is not known a small weight, but of the size of the rest",
    "read-order": 'weights="{}" reads the numbers in that order',
    "read-form": 'weights="{}" reads the matrices as that',
    "read-residual": 'weights="{}" reads the matrices as weights of that residual',
    "keep-one": "keep one of the factors unless their measurements are independent: remove_factors(number)",
    "look-at-both": "one of the two measurements is wrong",
    "exchange": "exchange the keys, or invert the measurement",
    "robust-loss": 'remove_factors(number), or set_loss("cauchy", number)',
    "initialize": "initialize() from the factors, or correct the value",
    "correct-text": "correct the file there",
    "correct-matrix": "an information matrix is symmetric",
    "rename": "use another key",
}


# Messages about arguments begin with the name of the C function, which nobody has called in Python.
_FUNCTION = re.compile(r"^fgo_\w+: ")


def advice(remedy: str, value: int) -> str:
    """Words a remedy; value says how to read a file, for the READ_ kinds, as the library has it."""
    words = _WEIGHTS.get(remedy, ())
    return REMEDIES[remedy].format(words[value] if 0 <= value < len(words) else "")


def exception(status: int, text: str, data: Any, cause: str, remedy: str, statistic: str) -> Exception:
    """Makes the exception of a failed call, from its message and its fgo_error."""
    text = _FUNCTION.sub("", text)
    error = BY_STATUS.get(status, Error)(text)
    if isinstance(error, Error) and data.status == status:
        error.cause, error.remedy, error.statistic = cause, remedy, statistic
        error.advice = advice(remedy, data.remedy.value)
        if data.line:
            error.file, error.line, error.column = data.file.decode(errors="replace"), data.line, data.column
        error.keys = tuple(data.key[: data.keys])
        error.value = data.value if statistic != "none" else None
        if remedy == "project":  # the one that an argument of a call is
            error.args = (f"{text} ({error.advice})",)
    return error

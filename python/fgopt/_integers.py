# SPDX-License-Identifier: BSD-3-Clause
"""Keys of variables, numbers of factors and other integers, checked before ctypes, which cuts off what does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import ArgumentError

Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uintp]

_LARGEST = 2**63 - 1
_EXACT = 2.0**53  # beyond it a float may stand for several integers


def _refuse_kind(given: npt.NDArray[Any], name: str) -> None:
    """Raises for an array that holds no integers of 64 bits."""
    if given.dtype.kind == "O":
        for element in given.ravel().tolist():
            if isinstance(element, int) and not -_LARGEST - 1 <= element <= _LARGEST:
                raise ArgumentError(f"{name}: {element} does not fit into 64 bits")
    raise ArgumentError(f"{name} must be integers, not {given.dtype}")


def keys(values: Any, name: str = "keys") -> Keys:
    """Makes an array (n,) of 64-bit integers; floats are accepted if they are integers that have lost no digit."""
    try:
        given = np.asarray(values)
    except ValueError as problem:  # lists of different lengths
        raise ArgumentError(f"{name}: {problem}") from None
    if given.ndim > 1:
        raise ArgumentError(f"{name} have shape {given.shape}, wanted (n,)")
    if not given.size:
        return np.empty(0, np.int64)
    if given.dtype.kind == "u":
        if int(given.max()) > _LARGEST:
            raise ArgumentError(f"{name}: {int(given.max())} does not fit into 64 bits")
    elif given.dtype.kind == "f":
        if not np.all(np.isfinite(given)) or np.any(given != np.rint(given)):
            raise ArgumentError(f"{name} must be integers, not {given.dtype}")
        if np.any(np.abs(given) > _EXACT):
            raise ArgumentError(f"{name} are floats beyond 2**53, which are not exact; give integers")
    elif given.dtype.kind != "i":
        _refuse_kind(given, name)
    return np.ascontiguousarray(np.atleast_1d(given), dtype=np.int64)


def key(value: Any, name: str = "key") -> int:
    """Makes one 64-bit integer."""
    if type(value) is int and -_LARGEST - 1 <= value <= _LARGEST:
        return value
    if np.ndim(value):
        raise ArgumentError(f"{name} must be one integer, not of shape {np.shape(value)}")
    return int(keys(value, name)[0])


def factors(values: Any, name: str = "factors") -> Numbers:
    """Makes an array (n,) of numbers of factors, none of which is negative."""
    at = keys(values, name)
    if at.size and int(at.min()) < 0:
        raise ArgumentError(f"{name}: there is no factor {int(at.min())}")
    return at.astype(np.uintp)


def factor(value: Any, name: str = "factor") -> int:
    """Makes the number of one factor."""
    return int(factors(key(value, name), name)[0])


def small(value: Any, name: str) -> int:
    """Makes an integer that a C int holds."""
    number = key(value, name)
    if not -(2**31) <= number < 2**31:
        raise ArgumentError(f"{name} is {number}, which is out of range")
    return number

# SPDX-License-Identifier: BSD-3-Clause
"""What so2.py, se2.py, so3.py and se3.py share: arrays whose last axes hold one value, all axes before them any number."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arguments import Array, numbers
from .errors import ArgumentError


def values(given: Any, shape: tuple[int, ...], name: str) -> Array:
    """Makes an array (..., *shape) of doubles."""
    a = numbers(given, name)
    if a.shape[max(a.ndim - len(shape), 0) :] != shape:
        wanted = ", ".join(["...", *map(str, shape)])
        raise ArgumentError(f"{name} has shape {a.shape}, wanted ({wanted})")
    return a


def together(*parts: Array) -> Array:
    """Joins arrays (..., n), whose leading axes broadcast, side by side along the last axis."""
    lead = np.broadcast_shapes(*(p.shape[:-1] for p in parts))
    return np.concatenate([np.broadcast_to(p, (*lead, p.shape[-1])) for p in parts], axis=-1)


def stack(*numbers: Array) -> Array:
    """Stacks arrays (...) that broadcast; each holds one number of every value."""
    return np.stack(np.broadcast_arrays(*numbers), axis=-1)


def matrix(n: int, *entries: Any) -> Array:
    """Makes n x n matrices (..., n, n) from their entries by rows."""
    flat = stack(*(np.asarray(e, dtype=np.float64) for e in entries))
    return flat.reshape(*flat.shape[:-1], n, n)


def refuse_where(wrong: Any, text: str) -> None:
    """Raises ArgumentError if anything is wrong, with the index of the first."""
    if np.any(wrong):
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ArgumentError(text + (f" (at index {at[0] if len(at) == 1 else at})" if at else ""))


def length(x: Array) -> Array:
    """Computes the Euclidean lengths (...) of vectors (..., n), even of tiny ones: squares neither overflow nor underflow."""
    exponent = np.frexp(np.max(np.abs(x), axis=-1, keepdims=True, initial=0.0))[1]
    y = np.ldexp(x, -exponent)
    out: Array = np.ldexp(np.sqrt(np.sum(y * y, axis=-1)), exponent[..., 0])
    return out


def unit(x: Array, what: str) -> Array:
    """Scales vectors (..., n) to unit length. Squares neither overflow nor underflow, and unit vectors keep their bits."""
    largest = np.max(np.abs(x), axis=-1, keepdims=True)
    refuse_where(~(np.isfinite(largest[..., 0]) & (largest[..., 0] > 0)), what)
    exponent = np.where((largest > 1e-100) & (largest < 1e100), 0, np.frexp(largest)[1])
    y = np.ldexp(x, -exponent)
    length = np.sqrt(np.sum(y * y, axis=-1, keepdims=True))
    done = np.abs(np.ldexp(length, exponent) - 1.0) < 1e-15
    return np.where(done, x, y / length)


def restored(x: Array) -> Array:
    """Brings products of unit length back to unit length after their rounding."""
    out: Array = x / np.sqrt(np.sum(x * x, axis=-1, keepdims=True))
    return out


def homogeneous(R: Array, t: Array) -> Array:
    """Makes the matrices [R t; 0 1], (..., n + 1, n + 1)."""
    n = t.shape[-1]
    M = np.zeros((*np.broadcast_shapes(R.shape[:-2], t.shape[:-1]), n + 1, n + 1))
    M[..., :n, :n], M[..., :n, n], M[..., n, n] = R, t, 1.0
    return M


def parts(M: Array) -> tuple[Array, Array]:
    """Returns R and t of matrices [R t; 0 1]."""
    n = M.shape[-1] - 1
    refuse_where(~np.all(np.isfinite(M[..., :n, n]), axis=-1), "the translation is not finite: no pose")
    last = np.abs(M[..., n, :] - np.eye(n + 1)[n])
    row = " ".join(["0"] * n + ["1"])
    refuse_where(~np.all(last <= 1e-9, axis=-1), f"the last row of a homogeneous matrix is {row}")
    return M[..., :n, :n], M[..., :n, n]


def regular(M: Array, tolerance: float = 1e-12) -> Array:
    """Scales each matrix by a power of two so that no product overflows; ArgumentError if one is nowhere near a rotation."""
    refuse_where(~np.all(np.isfinite(M), axis=(-2, -1)), "the matrix is not finite: no rotation")
    largest = np.max(np.abs(M), axis=(-2, -1), keepdims=True)
    scaled: Array = np.ldexp(M, -np.frexp(largest)[1])
    size = np.sqrt(np.sum(scaled * scaled, axis=(-2, -1)))
    small = ~(np.linalg.det(scaled) > tolerance * size ** M.shape[-1])
    refuse_where(small, "the matrix is singular or a reflection: no rotation")
    return scaled

# SPDX-License-Identifier: BSD-3-Clause
"""What users pass, checked and brought into the shape that the C interface takes."""

from __future__ import annotations

import ctypes as c
import functools
import itertools
from typing import Any, Protocol, Union

import numpy as np
import numpy.typing as npt

from . import _layout as L
from ._classes import ambient_of
from ._integers import Keys as Keys
from ._integers import keys as keys
from ._library import check, lib
from .errors import ArgumentError, UnsupportedError

Array = npt.NDArray[np.float64]


class OwnLoss(Protocol):
    """A loss made with @fgopt.loss, which stands above this module."""

    def _loss(self) -> L.Loss: ...


LossLike = Union[str, tuple[Any, ...], OwnLoss, None]

NOISE_UNIT, NOISE_SIGMA, NOISE_SIGMAS, NOISE_INFORMATION, NOISE_PROJECTED, NOISE_SQRT_INFORMATION = range(6)


def choice(given: str, allowed: tuple[str, ...], name: str) -> int:
    """Finds the place of a word among those that are allowed."""
    if given not in allowed:
        raise ArgumentError(f"{name} is {given!r}; allowed: {', '.join(allowed)}")
    return allowed.index(given)


def numbers(values: Any, name: str) -> Array:
    """Makes a contiguous array of doubles, without dimension for one number."""
    try:
        return np.asarray(values, dtype=np.float64, order="C")
    except (TypeError, ValueError) as problem:
        raise ArgumentError(f"{name}: {problem}") from None


def rows_of(values: Any, width: int, count: int, name: str) -> Array:
    """Makes (count, width) from (count, width), from (width,) for count 1 or all alike, or from (count,) for width 1."""
    a = numbers(values, name)
    if a.ndim <= 1 and width == 1 and a.size in (1, count):
        a = a.reshape(-1, 1)
    elif a.ndim == 1 and a.size == width:
        a = a[None, :]
    if a.ndim != 2 or a.shape[1] != width or a.shape[0] not in (1, count):
        raise ArgumentError(f"{name} has shape {np.shape(values)}, wanted ({count}, {width})")
    return np.ascontiguousarray(np.broadcast_to(a, (count, width)))


# ---- rotations ----


def quaternion_from_matrix(R: Array) -> Array:
    """Computes quaternions (n, 4) from rotation matrices (n, 3, 3); the largest of four forms, so no cancellation
    (S. Shepperd 1978)."""
    if not np.allclose(R @ np.swapaxes(R, 1, 2), np.eye(3), atol=1e-6) or not np.all(np.linalg.det(R) > 0):
        raise ArgumentError("a rotation matrix is not orthonormal with determinant 1")
    d = np.einsum("nii->ni", R)
    trace = d.sum(axis=1)
    four = np.stack([1 + 2 * d[:, 0] - trace, 1 + 2 * d[:, 1] - trace, 1 + 2 * d[:, 2] - trace, 1 + trace], axis=1)
    best = np.argmax(four, axis=1)
    q = np.empty((len(R), 4))
    for k in range(4):
        at = np.flatnonzero(best == k)
        m, r = R[at], np.sqrt(four[at, k])
        if k == 3:
            parts = [m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]]
            q[at, :3] = np.stack(parts, axis=1) / r[:, None]
        else:
            i, j = (k + 1) % 3, (k + 2) % 3
            q[at, i] = (m[:, i, k] + m[:, k, i]) / r
            q[at, j] = (m[:, j, k] + m[:, k, j]) / r
            q[at, 3] = (m[:, j, i] - m[:, i, j]) / r
        q[at, k] = r
    return 0.5 * q


def _from_angles(a: Array) -> Array:
    return np.concatenate([a[:, :-1], np.cos(a[:, -1:]), np.sin(a[:, -1:])], axis=1)


def ambient(kind: str, values: Any, count: int, name: str) -> Array:
    """Makes the ambient values of manifold.h, (count, ambient), from what users write:
    SO2 angles (count,) or cos, sin; SE2 x, y, angle or x, y, cos, sin; SO3 quaternions qx qy qz qw or (3, 3) matrices;
    SE3 x, y, z, qx, qy, qz, qw or (4, 4) matrices; Rn n numbers, others their own. One value serves all."""
    a = numbers(values, name)
    if kind in ("SO2", "SE2"):
        n = 1 if kind == "SO2" else 3
        full = a.ndim >= 1 and a.shape[-1] == n + 1 and not (kind == "SO2" and a.ndim == 1 and count == a.size)
        return rows_of(a, n + 1, count, name) if full else _from_angles(rows_of(a, n, count, name))
    if kind == "SO3" and a.shape[-2:] == (3, 3):
        return rows_of(quaternion_from_matrix(a.reshape(-1, 3, 3)), 4, count, name)
    if kind == "SE3" and a.shape[-2:] == (4, 4):
        T = a.reshape(-1, 4, 4)
        return rows_of(np.hstack([T[:, :3, 3], quaternion_from_matrix(T[:, :3, :3])]), 7, count, name)
    return rows_of(a, ambient_of(kind), count, name)


# ---- noise and losses ----


def noise(
    rows: int, count: int, sigma: Any, information: Any, sqrt_information: Any, project: bool
) -> tuple[L.Noise, int, Array | None]:
    """Makes the noise model, the stride of its matrices in doubles, and the array to keep alive during the call."""
    given = [x is not None for x in (sigma, information, sqrt_information)]
    if sum(given) > 1:
        raise ArgumentError("give only one of sigma, information, sqrt_information")
    if not any(given):
        return L.Noise(NOISE_UNIT, 1.0, None), 0, None
    if sigma is not None:
        a = numbers(sigma, "sigma")
        if a.ndim == 0:
            return L.Noise(NOISE_SIGMA, float(a), None), 0, None
        if a.ndim == 2 and a.shape == (count, 1):
            a = np.ascontiguousarray(np.broadcast_to(a, (count, rows)))
        if a.shape not in ((rows,), (count, rows)) and not (rows == 1 and a.shape == (count,)):
            raise ArgumentError(f"sigma has shape {a.shape}, wanted (), ({rows},), ({count}, 1) or ({count}, {rows})")
        shared = a.shape == (rows,) and not (rows == 1 and count > 1 and a.shape == (count,))
        return L.Noise(NOISE_SIGMAS, 1.0, a.ctypes.data), 0 if shared else rows, a
    kind = NOISE_SQRT_INFORMATION if information is None else NOISE_PROJECTED if project else NOISE_INFORMATION
    name = "sqrt_information" if information is None else "information"
    a = numbers(sqrt_information if information is None else information, name)
    if a.ndim == 0 and rows == 1:
        a = a.reshape(1, 1)
    elif rows == 1 and a.shape == (count,):
        a = a.reshape(count, 1, 1)
    if a.shape not in ((rows, rows), (count, rows, rows)):
        raise ArgumentError(f"{name} has shape {a.shape}, wanted ({rows}, {rows}) or ({count}, {rows}, {rows})")
    return L.Noise(kind, 1.0, a.ctypes.data), 0 if a.ndim == 2 else rows * rows, a


@functools.cache
def loss_table() -> dict[str, L.LossClass]:
    """Lists the library's losses by name, "none" first."""
    rows = itertools.takewhile(bool, map(lib.fgo_loss_class_get, itertools.count()))
    return {row.contents.name.decode(): row.contents for row in rows}


def loss_help() -> str:
    """Lists what a loss can be: "none", "huber:WIDTH", ..."""
    texts = []
    for name, row in loss_table().items():
        names = [row.parameter[k].name.decode().upper() for k in range(row.parameters)]
        texts.append(f'"{name}{":" if names else ""}{",".join(names)}"')
    return ", ".join(texts)


OWN_LOSSES: dict[int, Any] = {}  # those of loss.py by the addresses of their classes, which stay as long as the process


def loss(given: LossLike) -> L.Loss:
    """Makes the C loss from None, "huber", "huber:1.345", ("huber", 1.345), ("barron", 1.0, -2.0), a Loss, or a tuple of a
    Loss and its parameters."""
    if isinstance(given, tuple) and given and hasattr(given[0], "_loss"):
        given = given[0](*given[1:])
    if hasattr(given, "_loss"):
        return given._loss()  # type: ignore[union-attr]
    given = "none" if given is None else given
    name, *values = (given,) if isinstance(given, str) else given
    text = f"{name}:{','.join(repr(float(v)) for v in values)}" if values else str(name)
    out = L.Loss()
    check(lib.fgo_loss_parse(text.encode(), c.byref(out)))
    return out


def loss_name(address: int, parameters: Any) -> tuple[Any, ...]:
    """Returns what loss() takes for a loss that a graph has; UnsupportedError for a class that is not the library's."""
    for name, row in loss_table().items():
        if c.addressof(row) == address:
            return (name, *(float(p) for p in parameters[: row.parameters]))
    if address in OWN_LOSSES:
        own = OWN_LOSSES[address]
        return (own(*(float(p) for p in parameters[: len(own.parameters)])),)
    unknown = c.cast(address, c.POINTER(L.LossClass)).contents.name.decode(errors="replace")
    raise UnsupportedError(f"the loss {unknown!r} is a class of the program's own, which only this process has")

# SPDX-License-Identifier: BSD-3-Clause
"""Single factors by their numbers: what one says, where it came from, and new numbers for it."""

from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _arguments, _integers
from . import _layout as L
from ._arguments import Array, LossLike, loss_name
from ._classes import factor_class, manifold
from ._core import Core
from ._handle import Handle
from ._library import check, lib
from .errors import ArgumentError


class Factor(NamedTuple):
    """A copy of what one factor says."""

    number: int
    name: str  # of its class
    keys: tuple[int, ...]
    measurement: npt.NDArray[Any]  # doubles; bytes where a measurement is no array of doubles
    information: Array  # (rows, rows), as it is used
    loss: tuple[Any, ...]  # as Graph.set_loss takes it, such as ("huber", 1.345)
    line: int | None  # of the file that it was read from


def _class_at(pointer: int, factor: int) -> L.FactorClass:
    """Finds the class of a factor; ArgumentError if no factor has this number."""
    found = lib.fgo_graph_factor_class(pointer, factor)
    if not found:
        check(lib.fgo_graph_factor_loss(pointer, factor, L.Loss()))  # says whether it has been removed
    return found.contents  # type: ignore[no-any-return]


def _measurement(pointer: int, factor: int, cls: L.FactorClass) -> npt.NDArray[Any]:
    size = cls.measurement_size
    raw = c.string_at(lib.fgo_graph_factor_measurement(pointer, factor), size) if size else b""
    dtype: Any = np.float64 if size % 8 == 0 else np.uint8
    return np.array(np.frombuffer(raw, dtype))


def factor(core: Core, number: Any) -> Factor:
    """Copies what a factor says."""
    at, loss = _integers.factor(number), L.Loss()
    with core.handle.in_use() as pointer:
        cls = _class_at(pointer, at)
        keys, information = np.empty(cls.arity, np.int64), np.empty((cls.rows, cls.rows))
        check(lib.fgo_graph_factor_keys(pointer, at, keys.ctypes.data))
        check(lib.fgo_graph_factor_information(pointer, at, information.ctypes.data))
        check(lib.fgo_graph_factor_loss(pointer, at, loss))
        line = lib.fgo_graph_factor_line(pointer, at) or None
        z, name = _measurement(pointer, at, cls), cls.name.decode()
    how = loss_name(loss.loss_class, loss.parameter)
    return Factor(at, name, tuple(keys.tolist()), z, information, how, line)


def line(core: Core, number: Any) -> int | None:
    """Finds the line of the file that a factor was read from; None if a program added it."""
    at = _integers.factor(number)
    with core.handle.in_use() as pointer:
        _class_at(pointer, at)
        return lib.fgo_graph_factor_line(pointer, at) or None


def residual(core: Core, number: Any) -> Array:
    """Computes the residual of one factor before whitening."""
    at = _integers.factor(number)
    with core.handle.in_use() as pointer:
        out = np.empty(_class_at(pointer, at).rows)
        status = lib.fgo_graph_residual(pointer, at, out.ctypes.data)
    core.judge(status)
    return out


def _common_class(pointer: int, factors: list[int]) -> L.FactorClass:
    """Finds the class of all these factors."""
    classes = [_class_at(pointer, at) for at in factors]
    names = list(dict.fromkeys(cls.name.decode() for cls in classes))
    if len(names) != 1:
        raise ArgumentError(f"factors of one class are wanted, not of {', '.join(names) or 'none'}")
    return classes[0]


def set_measurements(core: Core, numbers: Any, z: Any) -> None:
    """Sets the measurements of factors of one class: of all these factors or, when it raises, of none."""
    at = _integers.factors(numbers).tolist()
    with core.handle.in_use() as pointer:
        cls = _common_class(pointer, at)
        own = core.residuals.get(cls.name.decode())
        if own is None and cls.measurement_size % 8:
            raise ArgumentError(f"a measurement of {cls.name.decode()} is no array of doubles")
        size = cls.measurement_size // 8
        x = own._measurements(z, len(at)) if own is not None else _arguments.rows_of(z, size, len(at), "z")
        if not np.all(np.isfinite(x)):
            raise ArgumentError("z is not finite")
        for i, factor in enumerate(at):
            check(lib.fgo_graph_set_measurement(pointer, factor, x.ctypes.data + i * cls.measurement_size))


def _try_noise(rows: int, count: int, model: L.Noise, stride: int) -> None:
    """Raises the library's error for a wrong noise model. A graph made for the purpose is given all models at once."""
    graph, cls, n = Handle.make(lib.fgo_graph_create), factor_class("prior_rn", rows), count if stride else 1
    x, keys = np.zeros(n * rows), np.zeros(n, np.int64)
    graph.call(lib.fgo_graph_add_variables, c.byref(manifold(f"R{rows}")), 1, keys.ctypes.data, x.ctypes.data)
    none = _arguments.loss(None)
    graph.call(lib.fgo_graph_add_factors, c.byref(cls), n, keys.ctypes.data, x.ctypes.data, model, stride, none)


def set_noise(core: Core, numbers: Any, given: dict[str, Any]) -> None:
    """Sets the noise of factors of one residual dimension: of all these factors or, when it raises, of none."""
    at = _integers.factors(numbers).tolist()
    unknown = set(given) - {"sigma", "information", "sqrt_information", "project"}
    if unknown:
        raise TypeError(f"unknown argument {sorted(unknown)[0]!r}")
    sigma, information, root = (given.get(name) for name in ("sigma", "information", "sqrt_information"))
    with core.handle.in_use() as pointer:
        every = {_class_at(pointer, factor).rows for factor in at}
        if len(every) != 1:
            raise ArgumentError(f"factors of one residual dimension are wanted, not of {sorted(every) or 'none'}")
        rows = every.pop()
        model, stride, alive = _arguments.noise(rows, len(at), sigma, information, root, bool(given.get("project")))
        _try_noise(rows, len(at), model, stride)
        for i, factor in enumerate(at):
            matrix = None if model.matrix is None else model.matrix + 8 * stride * i
            check(lib.fgo_graph_set_noise(pointer, factor, L.Noise(model.kind, model.sigma, matrix)))
        del alive


def set_loss(core: Core, given: LossLike, numbers: Any) -> None:
    """Sets the loss of factors: of all these factors or, when it raises, of none."""
    parsed, at = _arguments.loss(given), _integers.factors(numbers).tolist()
    with core.handle.in_use() as pointer:
        for factor in at:
            _class_at(pointer, factor)
        for factor in at:
            check(lib.fgo_graph_set_loss(pointer, factor, parsed))

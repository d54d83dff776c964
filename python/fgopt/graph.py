# SPDX-License-Identifier: BSD-3-Clause
"""The factor graph: variables, factors, values, files. Conventions of geometry and units are those of manifold.h:
metres and radians; a pose maps from its own frame to the world; tangents are on the right, translation first."""

from __future__ import annotations

import ctypes as c
import os
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _arguments
from . import _layout as L
from ._arguments import Array, Keys, LossLike, choice
from ._classes import factor_class, manifold
from ._display import Display
from ._evaluation import Evaluation
from ._files import CONVENTIONS, Files, read
from ._handle import Handle
from ._library import lib
from ._solving import Solving
from .errors import ArgumentError, VariableError


class FactorGroup(NamedTuple):
    """All factors of one class, as arrays that are views into the graph."""

    name: str
    rows: int
    variables: npt.NDArray[np.uint32]  # (count, arity) numbers of variables
    numbers: npt.NDArray[np.uint32]  # (count,) of the factors in the graph
    measurements: npt.NDArray[Any]  # (count, doubles); bytes where a measurement is no array of doubles
    sqrt_information: Array  # (count, rows (rows + 1) / 2) upper triangles W packed by rows: W' W = information
    losses: npt.NDArray[Any]  # (count,) of (kind, width)
    tangents: tuple[int, ...]  # tangent dimension of each variable


class Graph(Evaluation, Solving, Files, Display):
    """A factor graph: variables with integer keys, and factors that connect them.

    Every `add_` method takes one element or arrays of any number of them, and adds all or, when it raises, none.
    Factors are numbered from 0 in the order they were added; the methods that add them return their numbers.
    Noise is one of: sigma, a standard deviation, one per row, or (count, rows); information, (rows, rows) or
    (count, rows, rows); sqrt_information, W with W' W = information, of the same shapes. Nothing means the identity.
    loss is "none", "huber", "cauchy", "geman-mcclure", "tukey" or "welsch", with ":WIDTH" in standard deviations.
    """

    def __init__(self) -> None:
        self._handle = Handle.make(lib.fgo_graph_create)
        self._classes: dict[str, Any] = {}  # residuals in Python; the graph keeps them alive

    @classmethod
    def _adopt(cls, handle: Handle, classes: dict[str, Any] | None = None) -> Graph:
        graph = cls.__new__(cls)
        graph._handle = handle
        graph._classes = dict(classes or {})
        return graph

    # ---- variables ----

    def _room(self) -> Handle:
        """The handle, before something is added: see _handle.py."""
        if len(self._handle.views):
            self._handle = Handle.make(lib.fgo_graph_copy, self._handle.pointer)
        return self._handle

    def add_variables(self, kind: str, keys: Any, values: Any) -> None:
        """Variables on manifold `kind`: "SO2", "SE2", "SO3", "SE3" or "Rn".

        keys: integer or (n,). values: one for each key, as in the methods below. VariableError if a key exists."""
        at = _arguments.keys(keys)
        m = manifold(kind)
        x = _arguments.ambient(kind, values, len(at), "values")
        self._room().call(lib.fgo_graph_add_variables, c.byref(m), len(at), at.ctypes.data, x.ctypes.data)

    def add_so2(self, keys: Any, angles: Any) -> None:
        """Rotations of the plane; angles (n,) in radians, or (n, 2) cos and sin."""
        self.add_variables("SO2", keys, angles)

    def add_se2(self, keys: Any, poses: Any) -> None:
        """Poses of the plane; (n, 3) x, y in metres and angle in radians, or (n, 4) x, y, cos, sin."""
        self.add_variables("SE2", keys, poses)

    def add_so3(self, keys: Any, rotations: Any) -> None:
        """Rotations of space; (n, 4) quaternions qx, qy, qz, qw or (n, 3, 3) matrices."""
        self.add_variables("SO3", keys, rotations)

    def add_se3(self, keys: Any, poses: Any) -> None:
        """Poses of space; (n, 7) x, y, z in metres and quaternion qx, qy, qz, qw, or (n, 4, 4) matrices."""
        self.add_variables("SE3", keys, poses)

    def add_rn(self, keys: Any, values: Any) -> None:
        """Vectors, such as landmarks or calibrations; (n, d), or (d,) for one key, or (n,) for d = 1."""
        at = _arguments.keys(keys)
        x = _arguments.numbers(values, "values")
        d = x.shape[-1] if x.ndim == 2 or (x.ndim == 1 and len(at) == 1) else 1
        self.add_variables(f"R{d}", at, x)

    @property
    def size(self) -> int:
        """Number of variables."""
        return int(lib.fgo_graph_variable_count(self._handle.pointer))

    @property
    def factor_count(self) -> int:
        """Number of factors."""
        return int(lib.fgo_graph_factor_count(self._handle.pointer))

    @property
    def tangent_dimension(self) -> int:
        """Sum of all tangent dimensions: the length of a gradient."""
        return int(lib.fgo_graph_tangent_dimension(self._handle.pointer))

    def _variables(self) -> tuple[Keys, npt.NDArray[np.uintp], npt.NDArray[np.uintp], npt.NDArray[np.uintp]]:
        """Keys, addresses of manifolds, offsets of values and of tangents."""
        n = self.size
        out = np.empty(n, np.int64), np.empty(n, np.uintp), np.empty(n, np.uintp), np.empty(n, np.uintp)
        self._handle.call(lib.fgo_graph_list_variables, *(a.ctypes.data for a in out))
        return out

    def _kinds(self) -> dict[str, npt.NDArray[np.intp]]:
        """Numbers of the variables on each manifold."""
        which = self._variables()[1]
        found: dict[str, npt.NDArray[np.intp]] = {}
        for address in np.unique(which):
            name = L.Manifold.from_address(int(address)).name.decode()
            found[name] = np.concatenate([found.get(name, np.empty(0, np.intp)), np.flatnonzero(which == address)])
        return {name: np.sort(at) for name, at in found.items()}

    def keys(self, kind: str | None = None) -> Keys:
        """Keys in the order the variables were added, (n,): all, or those on one manifold."""
        every = self._variables()[0]
        return every if kind is None else every[self._kinds().get(kind, np.empty(0, np.intp))]

    @property
    def state(self) -> Array:
        """The ambient values of all variables, one after the other: a read-only view without a copy."""
        size = c.c_size_t()
        address = self._handle.call(lib.fgo_graph_values, c.byref(size))
        return self._handle.view(address, (size.value,), np.float64)  # type: ignore[no-any-return]

    @state.setter
    def state(self, x: Any) -> None:
        values = _arguments.numbers(x, "state")
        if values.shape != self.state.shape:
            raise ArgumentError(f"state has shape {values.shape}, wanted {self.state.shape}")
        self._handle.call(lib.fgo_graph_set_values, values.ctypes.data)

    def values(self, kind: str) -> Array:
        """Ambient values of all variables on a manifold, (n, ambient), in the order of keys(kind), read-only. A view without
        a copy, that follows optimize(), where these variables were added without others between them; else a copy."""
        at = self._kinds().get(kind, np.empty(0, np.intp))
        n = manifold(kind).ambient
        offset = self._variables()[2].astype(np.intp)[at]
        step = int(offset[1] - offset[0]) if len(at) > 1 else n
        if not len(at) or np.any(np.diff(offset) != step):
            out = self.state[offset[:, None] + np.arange(n)]
            out.flags.writeable = False
            return out
        address = self._handle.call(lib.fgo_graph_values, None) + 8 * int(offset[0])
        return self._handle.view(address, (len(at), n), np.float64, (8 * step, 8))  # type: ignore[no-any-return]

    @property
    def poses(self) -> Array:
        """values("SE3"), (n, 7): x, y, z, qx, qy, qz, qw; in a graph without such, values("SE2"), (n, 4): x, y, cos, sin."""
        return self.values("SE3" if "SE3" in self._kinds() else "SE2")

    @property
    def landmarks(self) -> Array:
        """The points of the world: values("R3") in a graph with SE(3) poses, else values("R2")."""
        return self.values("R3" if "SE3" in self._kinds() else "R2")

    def _ambient(self, key: int) -> int:
        """Numbers that store the value of a variable."""
        index = c.c_size_t()
        self._handle.call(lib.fgo_graph_find, int(key), c.byref(index))
        offsets = np.append(self._variables()[2].astype(np.intp), len(self.state))
        return int(offsets[index.value + 1] - offsets[index.value])

    def __getitem__(self, key: int) -> Array:
        """The ambient value of one variable, a copy."""
        out = np.empty(self._ambient(key))
        self._handle.call(lib.fgo_graph_get_value, int(key), out.ctypes.data)
        return out

    def __setitem__(self, key: int, value: Any) -> None:
        """Sets the ambient value of one variable; it is brought onto its manifold."""
        x = _arguments.numbers(value, "value")
        if x.shape != (self._ambient(key),):
            raise ArgumentError(f"variable {key} has {self._ambient(key)} numbers, not shape {x.shape}")
        self._handle.call(lib.fgo_graph_set_value, int(key), x.ctypes.data)

    def __contains__(self, key: object) -> bool:
        try:
            self._handle.call(lib.fgo_graph_find, int(key), None)  # type: ignore[call-overload]
        except (VariableError, TypeError, ValueError):
            return False
        return True

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys().tolist())

    @property
    def times(self) -> Array:
        """When each variable was, seconds, (n,) in the order of keys(); NaN where unknown. Trajectory files have times."""
        n, pointer = self.size, self._handle.pointer
        return np.fromiter((lib.fgo_graph_variable_time(pointer, k) for k in range(n)), np.float64, n)

    def set_times(self, keys: Any, times: Any) -> None:
        """Seconds, one for each key or (n,); NaN for none."""
        at = _arguments.keys(keys)
        for key, time in zip(at.tolist(), _arguments.rows_of(times, 1, len(at), "times").ravel().tolist()):
            self._handle.call(lib.fgo_graph_set_time, key, time)

    # ---- what is held ----

    def _each(self, keys: Any, dof: int | None, whole: Any, one: Any) -> None:
        for key in _arguments.keys(keys).tolist():
            if dof is None:
                self._handle.call(whole, key)
            else:
                self._handle.call(one, key, dof)

    def hold(self, keys: Any, dof: int | None = None) -> None:
        """Variables, or one degree of freedom of each (numbered as in the tangent), that optimize() leaves as they are."""
        self._each(keys, dof, lib.fgo_graph_hold, lib.fgo_graph_hold_dof)

    def release(self, keys: Any, dof: int | None = None) -> None:
        """The opposite of hold()."""
        self._each(keys, dof, lib.fgo_graph_release, lib.fgo_graph_release_dof)

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """Which degrees of freedom are held, (tangent_dimension,); a view."""
        return self._handle.view(self._handle.call(lib.fgo_graph_held), (self.tangent_dimension,), np.bool_)  # type: ignore[no-any-return]

    # ---- factors ----

    def _add(self, cls: L.FactorClass, keys: Keys, z: npt.NDArray[Any], noise: dict[str, Any], loss: LossLike) -> range:
        count = len(keys)
        project = bool(noise.pop("project", False))
        unknown = set(noise) - {"sigma", "information", "sqrt_information"}
        if unknown:
            raise TypeError(f"unknown argument {sorted(unknown)[0]!r}")
        model, stride, alive = _arguments.noise(
            cls.rows, count, noise.get("sigma"), noise.get("information"), noise.get("sqrt_information"), project
        )  # fmt: skip
        first = self.factor_count
        self._room().call(
            lib.fgo_graph_add_factors, c.byref(cls), count, keys.ctypes.data, z.ctypes.data, model, stride,
            _arguments.loss(loss),
        )  # fmt: skip
        del alive
        return range(first, first + count)

    def add(self, factor: Any, keys: Any, z: Any = None, *, loss: LossLike = None, **noise: Any) -> range:
        """Factors of any class: a residual made with @fgopt.residual, or the name of a built-in class ("range_se2").

        keys: (arity,) for one factor or (n, arity). z: measurements, (n, size) or what the residual's declaration says; for
        built-in classes the doubles of the measurement as in factors.h. Returns the numbers of the factors."""
        made = factor_class(factor) if isinstance(factor, str) else factor._class()
        given = _arguments.keys(np.asarray(keys).ravel())
        shape = np.shape(keys)
        if (not shape or shape[-1] != made.arity or len(shape) > 2) and (made.arity != 1 or len(shape) > 1):
            raise ArgumentError(f"keys have shape {shape}, wanted (n, {made.arity})")
        at = given.reshape(-1, made.arity)
        if isinstance(factor, str):
            size = made.measurement_size // 8
            measured = _arguments.rows_of(z, size, len(at), "z") if size else np.empty(0)
        else:
            measured = factor._measurements(z, len(at))
            if self._classes.setdefault(factor._identity, factor)._class() is not made:
                made = self._classes[factor._identity]._class()
        return self._add(made, at, measured, noise, loss)

    def _between(self, kind: str, name: str, i: Any, j: Any, z: Any, convention: str, loss: LossLike, noise: Any) -> range:
        ends = np.broadcast_arrays(_arguments.keys(i, "i"), _arguments.keys(j, "j"))
        at = np.ascontiguousarray(np.stack(ends, axis=1))
        n = int(kind[1:]) if kind[0] == "R" else 0
        cls = factor_class("between_rn", n) if n else factor_class(name + _suffix(convention))
        return self._add(cls, at, _arguments.ambient(kind, z, len(at), "z"), noise, loss)

    def add_between_so2(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """j seen from i, angles as in add_so2. Residual: angle of z^-1 i^-1 j, radians."""
        return self._between("SO2", "between_so2", i, j, z, "g2o", loss, noise)

    def add_between_se2(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Pose j seen from pose i, z as in add_se2. Residual (3 rows: metres, metres, radians): translation and angle of
        z^-1 i^-1 j, or its logarithm with convention="log", that of Ceres' examples with convention="ceres"."""
        return self._between("SE2", "between_se2", i, j, z, convention, loss, noise)

    def add_between_so3(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Rotation j seen from i, z as in add_so3. Residual (3 rows): q_xyz of z^-1 i^-1 j, half its rotation vector near
        zero; the rotation vector with convention="log"."""
        return self._between("SO3", "between_so3", i, j, z, convention, loss, noise)

    def add_between_se3(
        self, i: Any, j: Any, z: Any, information: Any = None, *, convention: str = "g2o", loss: LossLike = None,
        **noise: Any,
    ) -> range:  # fmt: skip
        """Pose j seen from pose i, z as in add_se3. Residual (6 rows): translation in metres and q_xyz, half the rotation
        vector near zero, of z^-1 i^-1 j; its logarithm with convention="log"; see factors.h for "ceres"."""
        return self._between("SE3", "between_se3", i, j, z, convention, loss, {"information": information, **noise})

    def add_between_rn(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Difference of two vectors: residual (j - i) - z."""
        kind = f"R{_width(z, len(_arguments.keys(i)))}"
        return self._between(kind, "between_rn", i, j, z, "g2o", loss, noise)

    def add_landmark(self, poses: Any, points: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Points as seen from poses, keys of both; z in the frame of the pose, metres: (n, 2) from SE(2) to R2, (n, 3) from
        SE(3) to R3. Residual: pose^-1 point - z. Ranges and bearings: add("range_se2", ...) and others in factors.h."""
        ends = np.broadcast_arrays(_arguments.keys(poses, "poses"), _arguments.keys(points, "points"))
        at = np.ascontiguousarray(np.stack(ends, axis=1))
        d = _width(z, len(at))
        if d not in (2, 3):
            raise ArgumentError(f"z has shape {np.shape(z)}, wanted ({len(at)}, 2) or ({len(at)}, 3)")
        return self._add(factor_class(f"landmark_se{d}"), at, _arguments.rows_of(z, d, len(at), "z"), noise, loss)

    def _prior(self, kind: str, keys: Any, z: Any, convention: str, loss: LossLike, noise: Any) -> range:
        at = _arguments.keys(keys)[:, None]
        n = int(kind[1:]) if kind[0] == "R" else 0
        cls = factor_class("prior_rn", n) if n else factor_class(f"prior_{kind.lower()}{_suffix(convention)}")
        return self._add(cls, at, _arguments.ambient(kind, z, len(at), "z"), noise, loss)

    def add_prior_so2(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Measured rotations; residual: angle of z^-1 x, radians."""
        return self._prior("SO2", keys, z, "g2o", loss, noise)

    def add_prior_se2(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured poses; residual (3 rows) of z^-1 x as in add_between_se2."""
        return self._prior("SE2", keys, z, convention, loss, noise)

    def add_prior_so3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured rotations; residual (3 rows) of z^-1 x as in add_between_so3."""
        return self._prior("SO3", keys, z, convention, loss, noise)

    def add_prior_se3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured poses; residual (6 rows) of z^-1 x as in add_between_se3."""
        return self._prior("SE3", keys, z, convention, loss, noise)

    def add_prior_rn(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Measured vectors; residual x - z."""
        return self._prior(f"R{_width(z, len(_arguments.keys(keys)))}", keys, z, "g2o", loss, noise)

    def set_loss(self, loss: LossLike, factors: Any = None) -> None:
        """A robust loss for all factors, or for those with the given numbers."""
        parsed = _arguments.loss(loss)
        if factors is None:
            self._handle.call(lib.fgo_graph_set_all_losses, parsed)
            return
        for factor in _arguments.keys(factors, "factors").tolist():
            self._handle.call(lib.fgo_graph_set_loss, factor, parsed)

    def groups(self) -> list[FactorGroup]:
        """The factors by class, as arrays without a copy."""
        view, out = self._handle.view, []
        for i in range(lib.fgo_graph_group_count(self._handle.pointer)):
            raw = L.FactorGroup()
            self._handle.call(lib.fgo_graph_group, i, c.byref(raw))
            cls, n = raw.factor_class.contents, int(raw.count)
            size, plain = cls.measurement_size, cls.measurement_size % 8 == 0
            z = view(raw.z, (n, size // 8 if plain else size), np.float64 if plain else np.uint8)
            out.append(
                FactorGroup(
                    name=cls.name.decode(),
                    rows=cls.rows,
                    variables=view(raw.variable, (n, cls.arity), np.uint32),
                    numbers=view(raw.number, (n,), np.uint32),
                    measurements=z,
                    sqrt_information=view(raw.W, (n, cls.rows * (cls.rows + 1) // 2), np.float64),
                    losses=view(raw.loss, (n,), np.dtype(L.Loss)),
                    tangents=tuple(cls.variable[k].tangent for k in range(cls.arity)),
                )
            )
        return out

    # ---- the whole ----

    def copy(self) -> Graph:
        """An independent graph with the same content."""
        self._handle.call(lib.fgo_graph_variable_count)  # raises while it is in use
        return Graph._adopt(Handle.make(lib.fgo_graph_copy, self._handle.pointer), self._classes)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Graph:
        return self.copy()

    def __reduce__(self) -> tuple[Callable[..., Graph], tuple[Any, ...]]:
        from ._storage import pack, unpack

        return unpack, (pack(self),)


def _suffix(convention: str) -> str:
    """Of the factor classes whose residual is written that way."""
    return f"_{convention}" if choice(convention, CONVENTIONS, "convention") else ""


def _width(z: Any, count: int) -> int:
    """The dimension of vectors given for `count` elements."""
    shape = np.shape(z)
    return int(shape[-1]) if len(shape) == 2 or (len(shape) == 1 and count == 1) else 1


def load(
    path: str | os.PathLike[str], *, format: str = "auto", convention: str = "g2o", weights: str | None = None,
    project_information: bool = False, merge_equivalent: bool = False,
) -> Graph:  # fmt: skip
    """Reads a g2o, TORO, TUM, KITTI or CSV file, which may end in .gz or .zst.

    convention: how residuals between poses are written, "g2o", "log" or "ceres" (factors.h; chi2 differs).
    weights: what the matrices in the file are, words with commas between them: "as-used" (they weigh the residual that is
    used), "g2o", "log", "ceres" or "euler"; "information", "covariance" or "root"; "tag", "rows" or "toro" for their order.
    project_information: indefinite information matrices become the nearest semi-definite ones instead of an InformationError.
    merge_equivalent: vertices that EQUIV lines join are one variable.
    FileError; ParseError with file:line:column."""
    return Graph._adopt(
        read(path, format, convention, weights, project_information=project_information, merge_equivalent=merge_equivalent)
    )


__all__ = ["FactorGroup", "Graph", "load"]

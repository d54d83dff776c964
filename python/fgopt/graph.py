# SPDX-License-Identifier: BSD-3-Clause
"""The factor graph: variables, factors, values, files. Conventions of geometry and units are as in manifold.h:
metres and radians; a pose maps from its own frame to the world; tangents are on the right, translation first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Callable

import numpy as np
import numpy.typing as npt

from . import _display, _drawing, _evaluation, _factors, _files, _one_factor, _solving, _variables
from . import values as _values
from ._arguments import Array, Keys, LossLike, loss_help
from ._comparison import Comparison, compare
from ._core import Core
from ._evaluation import JacobianCheck, Triplets
from ._factors import FactorGroup
from ._marginals import Marginals
from ._one_factor import Factor
from ._options import option_help
from ._packing import pack, unpack
from ._solving import Callback
from ._summary import InitReport, Summary
from .values import Distance, Values


class Graph:
    """A factor graph: variables with integer keys, and factors that connect them.

    Every `add_` method takes one element or arrays of any number of them, and adds all of them or, when it raises, none.
    Factors are numbered from 0 in the order they were added; the methods that add them return their numbers. Keys of
    variables and numbers of factors stay valid whatever else is removed.
    Noise is one of: sigma, a standard deviation, one per row, or (count, rows); information, (rows, rows) or
    (count, rows, rows); sqrt_information, W with W' W = information, of the same shapes. Without any, the
    information is the identity.
    loss is one of LOSSES; a tuple such as ("huber", 1.345); or a loss made with @fgopt.loss. Numbers that are left out have
    their defaults; widths are in standard deviations.
    """

    def __init__(self) -> None:
        self._core = Core()

    @classmethod
    def _of(cls, core: Core) -> Graph:
        graph = cls.__new__(cls)
        graph._core = core
        return graph

    # ---- variables ----

    def add_variables(self, kind: str, keys: Any, values: Any) -> None:
        """Adds variables on manifold `kind`: "SO2", "SE2", "SO3", "SE3", "Rn", or one of an extension (load_extension).

        keys: integer or (n,). values: one for each key, as in the methods below. VariableError if a key exists."""
        _variables.add(self._core, kind, keys, values)

    def add_so2(self, keys: Any, angles: Any) -> None:
        """Adds rotations of the plane; angles (n,) in radians, or (n, 2) cos and sin."""
        self.add_variables("SO2", keys, angles)

    def add_se2(self, keys: Any, poses: Any) -> None:
        """Adds poses of the plane; (n, 3) x, y in metres and angle in radians, or (n, 4) x, y, cos, sin."""
        self.add_variables("SE2", keys, poses)

    def add_so3(self, keys: Any, rotations: Any) -> None:
        """Adds rotations of space; (n, 4) quaternions qx, qy, qz, qw or (n, 3, 3) matrices."""
        self.add_variables("SO3", keys, rotations)

    def add_se3(self, keys: Any, poses: Any) -> None:
        """Adds poses of space; (n, 7) x, y, z in metres and quaternion qx, qy, qz, qw, or (n, 4, 4) matrices."""
        self.add_variables("SE3", keys, poses)

    def add_rn(self, keys: Any, values: Any) -> None:
        """Adds vectors, such as landmarks or calibrations; (n, d), or (d,) for one key, or (n,) for d = 1."""
        _variables.add_vectors(self._core, keys, values)

    @property
    def size(self) -> int:
        """Counts the variables."""
        return _variables.count(self._core)

    @property
    def factor_count(self) -> int:
        """Counts the factors."""
        return _factors.count(self._core)

    @property
    def tangent_dimension(self) -> int:
        """Sums all tangent dimensions: the length of a gradient."""
        return _variables.tangent_dimension(self._core)

    def keys(self, kind: str | None = None) -> Keys:
        """Lists the keys of all variables, or of the variables on one manifold, in the order they were added, (n,)."""
        return _variables.keys(self._core, kind)

    def remove_variables(self, keys: Any) -> None:
        """Removes variables, one or (n,), and every factor on any of them. VariableError if a key is unknown or listed twice;
        all are removed or, when it raises, none. Arrays that looked into the graph keep what they show.

        >>> g = fgopt.Graph()
        >>> g.add_rn([1, 2, 3], [0.0, 0.0, 0.0])
        >>> g.add_between_rn([1, 2], [2, 3], [5.0, 7.0])
        range(0, 2)
        >>> g.remove_variables(1)
        >>> g.keys().tolist(), g.factors.tolist()
        ([2, 3], [1])
        """
        _variables.remove(self._core, keys)

    def variable_line(self, key: int) -> int | None:
        """Returns the line, from 1, of the file that a variable was read from; None for added ones. Pickles have no lines."""
        return _variables.line(self._core, key)

    @property
    def state(self) -> Array:
        """Shows the ambient values of all variables, one after the other: a read-only view without a copy."""
        return _variables.state(self._core)

    @state.setter
    def state(self, x: Any) -> None:
        _variables.set_state(self._core, x)

    def values(self, kind: str) -> Array:
        """Shows the ambient values of all variables on a manifold, (n, ambient), in the order of keys(kind), read-only: a view
        that follows optimize() if these variables were added without others between them, else a copy."""
        return _variables.values(self._core, kind)

    @property
    def poses(self) -> Array:
        """Shows values("SE3"), (n, 7): x, y, z, qx, qy, qz, qw; in a graph without these, values("SE2"), (n, 4): x, y, cos,
        sin; in a graph without either, the values of poses on a manifold of an extension."""
        return _variables.poses(self._core)

    @property
    def landmarks(self) -> Array:
        """Shows the points of the world: values("R3") in a graph with poses of space, else values("R2")."""
        return _variables.landmarks(self._core)

    def __getitem__(self, key: int) -> Array:
        """Copies the ambient value of one variable."""
        return _variables.value(self._core, key)

    def __setitem__(self, key: int, value: Any) -> None:
        """Sets the ambient value of one variable; it is brought onto its manifold."""
        _variables.set_value(self._core, key, value)

    def __contains__(self, key: object) -> bool:
        return _variables.contains(self._core, key)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys().tolist())

    @property
    def times(self) -> Array:
        """Copies the times of variables, seconds, (n,) in the order of keys(); NaN: unknown. Trajectory files have them."""
        return _variables.times(self._core)

    def set_times(self, keys: Any, times: Any) -> None:
        """Sets the times of variables, seconds, one for each key or (n,); NaN for none."""
        _variables.set_times(self._core, keys, times)

    # ---- estimates beside the current one ----

    def snapshot(self) -> Values:
        """Copies the values of all variables, for restore(), exchange(), distance() and cost()."""
        return Values(self)

    def restore(self, values: Values) -> None:
        """Makes values the current values. ArgumentError if they do not fit: variables were added or removed since."""
        _values.restore(self._core, values)

    def exchange(self, values: Values) -> None:
        """Exchanges values with the current values."""
        _values.exchange(self._core, values)

    def distance(self, a: Values, b: Values | None = None) -> Distance:
        """Measures how far values are from others, or from the current ones: the largest norm of a tangent, and its key."""
        return _values.distance(self._core, a, b)

    # ---- what is held ----

    def hold(self, keys: Any, dof: int | str | None = None) -> None:
        """Holds variables, or a degree of freedom of each (number, or name as in help(fgopt.classes)), in optimize()."""
        _variables.hold(self._core, keys, dof)

    def release(self, keys: Any, dof: int | str | None = None) -> None:
        """Undoes hold()."""
        _variables.release(self._core, keys, dof)

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """Shows which degrees of freedom are held, (tangent_dimension,); a view."""
        return _variables.held(self._core)

    # ---- factors ----

    def add(self, factor: Any, keys: Any, z: Any = None, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds factors of any class: a residual made with @fgopt.residual, or the name of a class that is built in
        ("range_se2") or that an extension has registered.

        keys: (arity,) for one factor or (n, arity). z: measurements, (n, size) or what the residual's declaration says; for
        named classes the doubles of the measurement, as in help(fgopt.classes). Returns the numbers of the factors."""
        return _factors.add(self._core, factor, keys, z, noise, loss)

    def add_between_so2(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds measurements of rotation j seen from i, angles as in add_so2. Residual: angle of z^-1 i^-1 j, radians."""
        return _factors.add_between(self._core, "SO2", i, j, z, noise, loss)

    def add_between_se2(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Adds measurements of pose j seen from pose i, z as in add_se2. Residual (3 rows: metres, metres, radians):
        translation and angle of z^-1 i^-1 j, or its logarithm with convention="log"; with convention="ceres" the residual of
        Ceres' examples."""
        return _factors.add_between(self._core, "SE2", i, j, z, noise, loss, convention)

    def add_between_so3(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Adds measurements of rotation j seen from i, z as in add_so3. Residual (3 rows): q_xyz of z^-1 i^-1 j, half its
        rotation vector near zero; the rotation vector with convention="log"."""
        return _factors.add_between(self._core, "SO3", i, j, z, noise, loss, convention)

    def add_between_se3(
        self, i: Any, j: Any, z: Any, information: Any = None, *, convention: str = "g2o", loss: LossLike = None,
        **noise: Any,
    ) -> range:  # fmt: skip
        """Adds measurements of pose j seen from pose i, z as in add_se3. Residual (6 rows): translation in metres and q_xyz,
        half the rotation vector near zero, of z^-1 i^-1 j; its logarithm with convention="log"; see factors.h for "ceres"."""
        noise = {"information": information, **noise}
        return _factors.add_between(self._core, "SE3", i, j, z, noise, loss, convention)

    def add_between_rn(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds measurements of the difference of two vectors: residual (j - i) - z."""
        return _factors.add_between(self._core, "Rn", i, j, z, noise, loss)

    def add_landmark(self, poses: Any, points: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds points as seen from poses, keys of both; z in the frame of the pose, metres: (n, 2) from SE(2) to R2, (n, 3)
        from SE(3) to R3. Residual: pose^-1 point - z. Ranges and bearings: add("range_se2", ...) and others in factors.h."""
        return _factors.add_landmarks(self._core, poses, points, z, noise, loss)

    def add_prior_so2(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds measured rotations; residual: angle of z^-1 x, radians."""
        return _factors.add_prior(self._core, "SO2", keys, z, noise, loss)

    def add_prior_se2(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Adds measured poses; residual (3 rows) of z^-1 x as in add_between_se2."""
        return _factors.add_prior(self._core, "SE2", keys, z, noise, loss, convention)

    def add_prior_so3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Adds measured rotations; residual (3 rows) of z^-1 x as in add_between_so3."""
        return _factors.add_prior(self._core, "SO3", keys, z, noise, loss, convention)

    def add_prior_se3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Adds measured poses; residual (6 rows) of z^-1 x as in add_between_se3."""
        return _factors.add_prior(self._core, "SE3", keys, z, noise, loss, convention)

    def add_prior_rn(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Adds measured vectors; residual x - z."""
        return _factors.add_prior(self._core, "Rn", keys, z, noise, loss)

    def remove_factors(self, factors: Any) -> None:
        """Removes factors by their numbers, one or (n,). The others keep their numbers, which are not given again before
        compact(). ArgumentError if there is no such factor, or one is listed twice; all are removed or, when it raises, none.

        >>> g = fgopt.Graph()
        >>> g.add_rn(1, [0.0])
        >>> guess, measured = g.add_prior_rn([1, 1], [9.0, 2.0])
        >>> g.remove_factors(guess)
        >>> g.factors.tolist(), g.factor(measured).measurement.tolist(), g.chi2().tolist()
        ([1], [2.0], [4.0])
        """
        _factors.remove(self._core, factors)

    def compact(self) -> None:
        """Numbers the factors 0, 1, ... again, in their order, without gaps: earlier numbers are no longer valid."""
        _factors.compact(self._core)

    @property
    def factors(self) -> Keys:
        """Lists the numbers of the factors that are there, (factor_count,), in the order they were added: that of chi2()."""
        return _factors.numbers(self._core)

    def factor(self, number: int) -> Factor:
        """Copies what one factor says: its class, keys, measurement, information and loss, and its line."""
        return _one_factor.factor(self._core, number)

    def factor_line(self, number: int) -> int | None:
        """Returns the line, from 1, of the file that a factor was read from; None for factors that a program added."""
        return _one_factor.line(self._core, number)

    def set_measurements(self, factors: Any, z: Any) -> None:
        """Sets the measurements of factors of one class, by their numbers; z as add() takes it. Faster than new factors."""
        _one_factor.set_measurements(self._core, factors, z)

    def set_noise(self, factors: Any, **noise: Any) -> None:
        """Sets the noise of factors of one residual dimension, by their numbers, as the methods that add factors take it."""
        _one_factor.set_noise(self._core, factors, noise)

    def set_loss(self, loss: LossLike, factors: Any = None) -> None:
        """Sets a robust loss for all factors, or for the factors with the given numbers."""
        if factors is None:
            _factors.set_all_losses(self._core, loss)
        else:
            _one_factor.set_loss(self._core, loss, factors)

    def groups(self) -> list[FactorGroup]:
        """Shows the factors by class, as arrays without a copy. After a removal a group may be empty; their order stays."""
        return _factors.groups(self._core)

    # ---- evaluation ----

    def cost(self, values: Values | None = None) -> float:
        """Computes F = sum of rho(e' Omega e) without a factor 1/2, at the current values or at those of a snapshot()."""
        return _evaluation.cost(self._core) if values is None else _values.cost(self._core, values)

    def gradient(self) -> Array:
        """Computes dF/ddelta, (tangent_dimension,); zero where degrees of freedom are held."""
        return _evaluation.gradient(self._core)

    def evaluate_group(self, group: int, weighting: str = "loss", jacobian: bool = True) -> tuple[Array, Array | None]:
        """Computes residuals (count, rows) and Jacobians (count, rows, partials) of the factors of groups()[group]."""
        return _evaluation.evaluate_group(self._core, group, weighting, jacobian)

    def residuals(self, weighting: str = "none") -> Array:
        """Computes the residuals of all factors, one after the other in the order they were added.

        weighting: "none" e; "noise" W e, in standard deviations; "loss" sqrt(rho') W e, of which half the gradient is J' r."""
        return _evaluation.residuals(self._core, weighting)

    def residual(self, factor: int) -> Array:
        """Computes the residual e of one factor, by its number, before weighting."""
        return _one_factor.residual(self._core, factor)

    def chi2(self, factors: Any = None) -> Array:
        """Computes e' Omega e of each factor before its loss, (factor_count,) as `factors`; or of the given numbers."""
        return _evaluation.chi2(self._core, factors)

    def jacobian_triplets(self, weighting: str = "loss") -> Triplets:
        """Computes what jacobian() does, without SciPy."""
        return _evaluation.jacobian_triplets(self._core, weighting)

    def jacobian(self, weighting: str = "loss") -> Any:
        """Computes de/ddelta as scipy.sparse.csr_matrix, rows as residuals(weighting), columns as gradient(); held columns are
        empty. Without SciPy an ImportError; see jacobian_triplets."""
        return _evaluation.jacobian(self._core, weighting)

    def hessian(self) -> Any:
        """Computes the Gauss-Newton approximation 2 J' J of the Hessian of cost(), a symmetric scipy.sparse.csc_matrix."""
        return _evaluation.hessian(self._core)

    def check_jacobians(self) -> JacobianCheck:
        """Compares the Jacobians of all factors with differences at the current values."""
        return _evaluation.check_jacobians(self._core)

    def covariance(self, keys: Any) -> Array:
        """Computes the covariance at the current values, (d, d), of one variable's tangent, or of several together, in this
        order. See Covariance, which is made once for many such questions."""
        return Marginals(self._core).joint(keys)

    def covariances(self, kind: str) -> Array:
        """Computes the covariances of all variables on a manifold, (n, d, d), in the order of keys(kind)."""
        return Marginals(self._core).marginals(kind)

    def compare(
        self, reference: Graph, *, align: str = "se", match: str = "auto", pairs: str = "all", delta: int = 1,
        time_offset: float = 0.0, time_tolerance: float = 0.01, lengths: Any = (),
    ) -> Comparison:  # fmt: skip
        """Computes the pose errors of this estimate against a reference graph.

        align: "se" moves the estimate rigidly onto the reference, "sim" scales it, too, "none" leaves it where it is.
        match: poses with equal "keys" belong together, or with nearest "times" (time_offset seconds added to those of the
        estimate, at most time_tolerance apart); "auto": times where all poses have them.
        delta: relative errors are errors of steps of this many poses, from every pose
        (pairs="all") or end to end ("consecutive").
        lengths: metres, of paths over which errors are computed, too (KITTI's)."""
        options = {"align": align, "match": match, "pairs": pairs, "delta": delta, "lengths": lengths,
                   "time_offset": time_offset, "time_tolerance": time_tolerance}  # fmt: skip
        return compare(self._core, reference._core, options)

    # ---- optimization ----

    def initialize(self, init: str = "auto", threads: int = 0) -> InitReport:
        """Sets first estimates: "odometry" and "spanning-tree" propagate values along factors that predict a variable,
        "chordal" solves for rotations, then positions; "auto" takes the best of these and the current values, "file" keeps
        the current values. Held variables, and variables that no factor reaches, keep their values. threads: as for
        optimize()."""
        return _solving.initialize(self._core, init, threads)

    def optimize(
        self, *, init: str | None = "auto", callback: Callback | None = None, progress: bool = False, **options: Any
    ) -> Summary:
        """Minimizes the cost; the graph's values become the best estimate found, also when it stops early or fails.

        init: as in initialize(), which comes first as in the command line program; None or "file" starts where the graph is.
        callback: called with each Iteration; returning True stops, raising stops and raises here.
        progress: shows the cost (with tqdm where it is installed).
        Ctrl-C stops after the running iteration: the summary says "stopped (on request)", the best estimate stays.
        The GIL is free meanwhile, so that graphs can be optimized in several threads; this graph is busy (BusyError).

        Options, from the library's own table:
        """
        return _solving.optimize(self._core, init, callback, progress, options)

    # ---- files, pictures, copies ----

    def save(self, path: str | os.PathLike[str], format: str = "auto", *, weights: str | None = None) -> None:
        """Writes a g2o, TORO, TUM, KITTI or CSV file, whole or not at all, compressed where the path ends in .gz or .zst;
        "auto" goes by the path's ending. A graph that was loaded keeps its lines, comments and unknown tags.

        weights: what the matrices in the file shall be, as in load(); None: as the graph was loaded.
        FileError; UnsupportedError if the format cannot express the graph, which the message names."""
        _files.write(self._core, path, format, weights)

    def __repr__(self) -> str:
        return _display.text(self._core)

    def _repr_html_(self) -> str:
        return _display.html(self._core)

    def plot(self, axes: Any = None, *, interactive: bool = False, **style: Any) -> Any:
        """Draws the trajectory, landmarks and the edges between poses; see fgopt.plot.trajectory."""
        return _drawing.trajectory(self._core, axes, interactive, style)

    def copy(self) -> Graph:
        """Makes an independent graph with the same content."""
        return Graph._of(self._core.copy())

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Graph:
        return self.copy()

    def __reduce__(self) -> tuple[Callable[..., Graph], tuple[Any, ...]]:
        return unpickled, (pack(self._core),)


Graph.optimize.__doc__ = (Graph.optimize.__doc__ or "").rstrip() + "\n" + option_help() + "\n"


def unpickled(content: dict[str, Any]) -> Graph:
    """Makes a graph from the content of a pickle, which calls this function."""
    return Graph._of(unpack(content))


Graph.__doc__ = (Graph.__doc__ or "").replace("LOSSES", loss_help())

__all__ = ["Factor", "FactorGroup", "Graph"]

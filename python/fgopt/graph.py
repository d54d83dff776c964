# SPDX-License-Identifier: BSD-3-Clause
"""The factor graph: variables, factors, values, files. Conventions of geometry and units are those of manifold.h:
metres and radians; a pose maps from its own frame to the world; tangents are on the right, translation first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Callable

import numpy as np
import numpy.typing as npt

from . import _display, _drawing, _evaluation, _factors, _files, _solving, _variables
from ._arguments import Array, Keys, LossLike, loss_help
from ._comparison import Comparison, compare
from ._core import Core
from ._evaluation import JacobianCheck, Triplets
from ._factors import FactorGroup
from ._marginals import Marginals
from ._options import option_help
from ._packing import pack, unpack
from ._solving import Callback
from ._summary import InitReport, Summary


class Graph:
    """A factor graph: variables with integer keys, and factors that connect them.

    Every `add_` method takes one element or arrays of any number of them, and adds all or, when it raises, none.
    Factors are numbered from 0 in the order they were added; the methods that add them return their numbers.
    Noise is one of: sigma, a standard deviation, one per row, or (count, rows); information, (rows, rows) or
    (count, rows, rows); sqrt_information, W with W' W = information, of the same shapes. Nothing means the identity.
    loss is one of LOSSES; or a tuple such as ("huber", 1.345). Numbers that are left out have their defaults, widths are
    in standard deviations.
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
        """Variables on manifold `kind`: "SO2", "SE2", "SO3", "SE3" or "Rn".

        keys: integer or (n,). values: one for each key, as in the methods below. VariableError if a key exists."""
        _variables.add(self._core, kind, keys, values)

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
        _variables.add_vectors(self._core, keys, values)

    @property
    def size(self) -> int:
        """Number of variables."""
        return _variables.count(self._core)

    @property
    def factor_count(self) -> int:
        """Number of factors."""
        return _factors.count(self._core)

    @property
    def tangent_dimension(self) -> int:
        """Sum of all tangent dimensions: the length of a gradient."""
        return _variables.tangent_dimension(self._core)

    def keys(self, kind: str | None = None) -> Keys:
        """Keys in the order the variables were added, (n,): all, or those on one manifold."""
        return _variables.keys(self._core, kind)

    @property
    def state(self) -> Array:
        """The ambient values of all variables, one after the other: a read-only view without a copy."""
        return _variables.state(self._core)

    @state.setter
    def state(self, x: Any) -> None:
        _variables.set_state(self._core, x)

    def values(self, kind: str) -> Array:
        """Ambient values of all variables on a manifold, (n, ambient), in the order of keys(kind), read-only. A view without
        a copy, that follows optimize(), where these variables were added without others between them; else a copy."""
        return _variables.values(self._core, kind)

    @property
    def poses(self) -> Array:
        """values("SE3"), (n, 7): x, y, z, qx, qy, qz, qw; in a graph without such, values("SE2"), (n, 4): x, y, cos, sin."""
        return _variables.poses(self._core)

    @property
    def landmarks(self) -> Array:
        """The points of the world: values("R3") in a graph with SE(3) poses, else values("R2")."""
        return _variables.landmarks(self._core)

    def __getitem__(self, key: int) -> Array:
        """The ambient value of one variable, a copy."""
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
        """When each variable was, seconds, (n,) in the order of keys(); NaN where unknown. Trajectory files have times."""
        return _variables.times(self._core)

    def set_times(self, keys: Any, times: Any) -> None:
        """Seconds, one for each key or (n,); NaN for none."""
        _variables.set_times(self._core, keys, times)

    # ---- what is held ----

    def hold(self, keys: Any, dof: int | None = None) -> None:
        """Variables, or one degree of freedom of each (numbered as in the tangent), that optimize() leaves as they are."""
        _variables.hold(self._core, keys, dof)

    def release(self, keys: Any, dof: int | None = None) -> None:
        """The opposite of hold()."""
        _variables.release(self._core, keys, dof)

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """Which degrees of freedom are held, (tangent_dimension,); a view."""
        return _variables.held(self._core)

    # ---- factors ----

    def add(self, factor: Any, keys: Any, z: Any = None, *, loss: LossLike = None, **noise: Any) -> range:
        """Factors of any class: a residual made with @fgopt.residual, or the name of a built-in class ("range_se2").

        keys: (arity,) for one factor or (n, arity). z: measurements, (n, size) or what the residual's declaration says; for
        built-in classes the doubles of the measurement as in factors.h. Returns the numbers of the factors."""
        return _factors.add(self._core, factor, keys, z, noise, loss)

    def add_between_so2(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """j seen from i, angles as in add_so2. Residual: angle of z^-1 i^-1 j, radians."""
        return _factors.add_between(self._core, "SO2", i, j, z, noise, loss)

    def add_between_se2(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Pose j seen from pose i, z as in add_se2. Residual (3 rows: metres, metres, radians): translation and angle of
        z^-1 i^-1 j, or its logarithm with convention="log", that of Ceres' examples with convention="ceres"."""
        return _factors.add_between(self._core, "SE2", i, j, z, noise, loss, convention)

    def add_between_so3(self, i: Any, j: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Rotation j seen from i, z as in add_so3. Residual (3 rows): q_xyz of z^-1 i^-1 j, half its rotation vector near
        zero; the rotation vector with convention="log"."""
        return _factors.add_between(self._core, "SO3", i, j, z, noise, loss, convention)

    def add_between_se3(
        self, i: Any, j: Any, z: Any, information: Any = None, *, convention: str = "g2o", loss: LossLike = None,
        **noise: Any,
    ) -> range:  # fmt: skip
        """Pose j seen from pose i, z as in add_se3. Residual (6 rows): translation in metres and q_xyz, half the rotation
        vector near zero, of z^-1 i^-1 j; its logarithm with convention="log"; see factors.h for "ceres"."""
        noise = {"information": information, **noise}
        return _factors.add_between(self._core, "SE3", i, j, z, noise, loss, convention)

    def add_between_rn(self, i: Any, j: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Difference of two vectors: residual (j - i) - z."""
        return _factors.add_between(self._core, "Rn", i, j, z, noise, loss)

    def add_landmark(self, poses: Any, points: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Points as seen from poses, keys of both; z in the frame of the pose, metres: (n, 2) from SE(2) to R2, (n, 3) from
        SE(3) to R3. Residual: pose^-1 point - z. Ranges and bearings: add("range_se2", ...) and others in factors.h."""
        return _factors.add_landmarks(self._core, poses, points, z, noise, loss)

    def add_prior_so2(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Measured rotations; residual: angle of z^-1 x, radians."""
        return _factors.add_prior(self._core, "SO2", keys, z, noise, loss)

    def add_prior_se2(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured poses; residual (3 rows) of z^-1 x as in add_between_se2."""
        return _factors.add_prior(self._core, "SE2", keys, z, noise, loss, convention)

    def add_prior_so3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured rotations; residual (3 rows) of z^-1 x as in add_between_so3."""
        return _factors.add_prior(self._core, "SO3", keys, z, noise, loss, convention)

    def add_prior_se3(self, keys: Any, z: Any, *, convention: str = "g2o", loss: LossLike = None, **noise: Any) -> range:
        """Measured poses; residual (6 rows) of z^-1 x as in add_between_se3."""
        return _factors.add_prior(self._core, "SE3", keys, z, noise, loss, convention)

    def add_prior_rn(self, keys: Any, z: Any, *, loss: LossLike = None, **noise: Any) -> range:
        """Measured vectors; residual x - z."""
        return _factors.add_prior(self._core, "Rn", keys, z, noise, loss)

    def set_loss(self, loss: LossLike, factors: Any = None) -> None:
        """A robust loss for all factors, or for those with the given numbers."""
        _factors.set_loss(self._core, loss, factors)

    def groups(self) -> list[FactorGroup]:
        """The factors by class, as arrays without a copy."""
        return _factors.groups(self._core)

    # ---- evaluation ----

    def cost(self) -> float:
        """F = sum of rho(e' Omega e) over all factors: chi2 where there are no losses. There is no factor 1/2."""
        return _evaluation.cost(self._core)

    def gradient(self) -> Array:
        """dF/ddelta, (tangent_dimension,); zero where degrees of freedom are held."""
        return _evaluation.gradient(self._core)

    def evaluate_group(self, group: int, weighting: str = "loss", jacobian: bool = True) -> tuple[Array, Array | None]:
        """Residuals (count, rows) and Jacobians (count, rows, partials) of the factors of groups()[group]."""
        return _evaluation.evaluate_group(self._core, group, weighting, jacobian)

    def residuals(self, weighting: str = "none") -> Array:
        """The residuals of all factors, one after the other in the order they were added.

        weighting: "none" e; "noise" W e, in standard deviations; "loss" sqrt(rho') W e, of which half the gradient is J' r."""
        return _evaluation.residuals(self._core, weighting)

    def chi2(self) -> Array:
        """e' Omega e of each factor before its loss, (factor_count,)."""
        return _evaluation.chi2(self._core)

    def jacobian_triplets(self, weighting: str = "loss") -> Triplets:
        """As jacobian(), without SciPy."""
        return _evaluation.jacobian_triplets(self._core, weighting)

    def jacobian(self, weighting: str = "loss") -> Any:
        """de/ddelta as scipy.sparse.csr_matrix, rows as residuals(weighting), columns as gradient(); held columns are empty.
        Without SciPy an ImportError; see jacobian_triplets."""
        return _evaluation.jacobian(self._core, weighting)

    def hessian(self) -> Any:
        """The Gauss-Newton approximation 2 J' J of the second derivative of cost(), as scipy.sparse.csc_matrix, symmetric."""
        return _evaluation.hessian(self._core)

    def check_jacobians(self) -> JacobianCheck:
        """Compares the Jacobians of all factors with differences at the current values."""
        return _evaluation.check_jacobians(self._core)

    def covariance(self, keys: Any) -> Array:
        """Covariance at the current values, (d, d) of one variable's tangent, or of several together, in this order.
        See Covariance, which is made once for many such questions."""
        return Marginals(self._core).joint(keys)

    def covariances(self, kind: str) -> Array:
        """Covariances of all variables on a manifold, (n, d, d), in the order of keys(kind)."""
        return Marginals(self._core).marginals(kind)

    def compare(
        self, reference: Graph, *, align: str = "se", match: str = "auto", pairs: str = "all", delta: int = 1,
        time_offset: float = 0.0, time_tolerance: float = 0.01, lengths: Any = (),
    ) -> Comparison:  # fmt: skip
        """Pose errors of this estimate against a reference graph.

        align: "se" moves the estimate rigidly onto the reference, "sim" scales it, too, "none" leaves it where it is.
        match: poses with equal "keys" belong together, or with nearest "times" (time_offset seconds added to those of the
        estimate, at most time_tolerance apart); "auto": times where all poses have them.
        delta: relative errors are those of steps of so many poses, from every pose (pairs="all") or end to end ("consecutive").
        lengths: metres, of ways over which errors are taken, too (KITTI's)."""
        options = {"align": align, "match": match, "pairs": pairs, "delta": delta, "lengths": lengths,
                   "time_offset": time_offset, "time_tolerance": time_tolerance}  # fmt: skip
        return compare(self._core, reference._core, options)

    # ---- optimization ----

    def initialize(self, init: str = "auto") -> InitReport:
        """Sets first estimates: "odometry" and "spanning-tree" propagate values along factors that predict a variable, "chordal"
        solves for rotations, then positions; "auto" takes the best of these and the current values, "file" keeps the current
        values. Held variables, and variables that no factor reaches, keep their values."""
        return _solving.initialize(self._core, init)

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
        "auto" goes by its ending. A graph that was loaded keeps its lines, comments and unknown tags.

        weights: what the matrices in the file shall be, as in load(); None: as the graph was loaded.
        FileError; UnsupportedError if the format cannot express the graph, which the message names."""
        _files.write(self._core, path, format, weights)

    def __repr__(self) -> str:
        return _display.text(self._core)

    def _repr_html_(self) -> str:
        return _display.html(self._core)

    def plot(self, axes: Any = None, *, interactive: bool = False, **style: Any) -> Any:
        """Trajectory, landmarks and the edges between poses; see fgopt.plot.trajectory."""
        return _drawing.trajectory(self._core, axes, interactive, style)

    def copy(self) -> Graph:
        """An independent graph with the same content."""
        return Graph._of(self._core.copy())

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Graph:
        return self.copy()

    def __reduce__(self) -> tuple[Callable[..., Graph], tuple[Any, ...]]:
        return unpickled, (pack(self._core),)


Graph.optimize.__doc__ = (Graph.optimize.__doc__ or "").rstrip() + "\n" + option_help() + "\n"


def unpickled(content: dict[str, Any]) -> Graph:
    """What a pickle calls with the content of a graph."""
    return Graph._of(unpack(content))


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
    flags = {"project_information": project_information, "merge_equivalent": merge_equivalent}
    return Graph._of(_files.read(path, format, convention, weights, **flags))


Graph.__doc__ = (Graph.__doc__ or "").replace("LOSSES", loss_help())

__all__ = ["FactorGroup", "Graph", "load"]

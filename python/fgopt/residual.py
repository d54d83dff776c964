# SPDX-License-Identifier: BSD-3-Clause
"""@fgopt.residual: a residual written in Python that runs as C."""

from __future__ import annotations

import hashlib
import inspect
import re
import warnings
from typing import Any, Callable

import numpy as np

from . import _compile, _emit
from . import _layout as L
from ._arguments import Array, ambient, numbers, rows_of
from ._classes import ambient_of, every_manifold, tangent_of
from ._gauge import gauge_of
from ._interpret import evaluate
from ._library import include_folders
from ._trace import Group, Node, Program, Real, Tape, Vec, located, real, refuse
from .errors import ArgumentError, ResidualError

BATCH = 65536  # FGO_MAX_BATCH: a call of Python costs much
_MANIFOLD = re.compile(r"R[1-9][0-9]*|S[OE][23]")


class _Flat:
    """Doubles somewhere in memory, as an object that NumPy can look at."""

    def __init__(self, address: int, size: int, writable: bool = False) -> None:
        self.__array_interface__ = {"version": 3, "data": (address, not writable), "shape": (size,), "typestr": "<f8"}


def _array(address: int, size: int, writable: bool = False) -> Array:
    return np.asarray(_Flat(address, size, writable))


class Residual:
    """A factor class made from a Python function; see residual(). Pass it to Graph.add.

    Calling it with values returns the residual as numbers, to test a definition. c_source is the C that it becomes."""

    def __init__(self, program: Program, compile: bool | None, gauge: str | None) -> None:
        self.program, self.gauge, self._compile_wish = program, gauge, compile
        digest = hashlib.sha256(repr((program, gauge, compile)).encode()).hexdigest()
        self.name = program.name
        self._identity = f"{program.name}_{digest[:10]}"
        self._made: L.FactorClass | None = None
        self._failure: BaseException | None = None
        self._keep: list[Any] = []
        self.__doc__ = f"Residual {program.name}{program.variables}"

    def __reduce__(self) -> Any:
        return Residual, (self.program, self._compile_wish, self.gauge)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{n}={m!r}" for n, m in self.program.variables)
        return f"<fgopt.Residual {self.name}({arguments}), {self.rows} rows>"

    @property
    def rows(self) -> int:
        """Returns the dimension of the residual."""
        return len(self.program.outputs)

    @property
    def c_source(self) -> str:
        """Writes the C file, over fgopt/residual.h."""
        return _emit.source(self.program, self._identity, self.gauge)

    @property
    def compiled(self) -> bool:
        """Tells whether the residual runs as C."""
        return self._wants_c() and _compile.compiler() is not None

    def _wants_c(self) -> bool:
        return self._compile_wish is not False

    # ---- the class ----

    def _class(self) -> L.FactorClass:
        if self._made is None:
            self._made = self._from_c() if self.compiled else self._from_numpy()
        return self._made

    def _from_c(self) -> L.FactorClass:
        library, _ = _compile.build(self.c_source, self._identity)
        self._keep.append(library)
        return L.FactorClass.in_dll(library, f"fgo_{self._identity}")

    def _from_numpy(self) -> L.FactorClass:
        if self._wants_c():
            reason = "no C compiler was found" if include_folders() else "fgopt/residual.h was not found"
            if self._compile_wish:
                raise ResidualError(f"{self.name} cannot be compiled: {reason}")
            # shown at the line that calls Graph.add, above _factors.add and _class
            warnings.warn(f"residual {self.name} runs with NumPy: {reason}", stacklevel=5)
        made = L.FactorClass(abi=L.FACTOR_ABI, arity=len(self.program.variables), rows=self.rows, batch=BATCH)
        made.name = self._identity.encode()
        made.measurement_size = 8 * self._measured()
        made.partials = sum(tangent_of(m) for _, m in self.program.variables)
        for k, (_, manifold) in enumerate(self.program.variables):
            made.variable[k] = L.FactorVariable(manifold.encode(), tangent_of(manifold))
        made.gauge = [None, "relative", "absolute"].index(self.gauge or gauge_of(self.program))
        function = L.EVALUATE(self._evaluate)
        made.evaluate = function
        self._keep.append(function)
        return made

    def _measured(self) -> int:
        """Makes the doubles of one measurement."""
        return ambient_of(self.program.measurement) if self.program.measurement else 0

    def _evaluate(self, cls: Any, count: int, x: int, z: int, e: int, J: int | None) -> int:
        """Evaluates factors for C: fgo_factor_class.evaluate."""
        try:
            program = self.program
            arity, size = len(program.variables), self._measured()
            at = _array(x, count * arity).view(np.uintp).reshape(count, arity)
            widths = [ambient_of(m) for _, m in program.variables]
            base = int(at.min())
            flat = _array(base, (int(at.max()) - base) // 8 + max(widths))
            index = (at - np.uintp(base)) >> np.uintp(3)
            values = [flat[index[:, k, None] + np.arange(w, dtype=np.uintp)] for k, w in enumerate(widths)]
            measured = _array(z, count * size).reshape(count, size) if size else None
            out = _array(e, count * self.rows, True).reshape(count, self.rows)
            partials = sum(tangent_of(m) for _, m in program.variables)
            Jacobian = _array(J, count * self.rows * partials, True).reshape(count, self.rows, partials) if J else None
            evaluate(program, values, measured, out, Jacobian)
            return 0
        except BaseException as failure:  # must not pass through C; Graph raises it
            self._failure = failure
            return 1

    def _take_failure(self) -> BaseException | None:
        failure, self._failure = self._failure, None
        return failure

    def _measurements(self, z: Any, count: int) -> Array:
        kind = self.program.measurement
        if not kind:
            if z is not None:
                raise ArgumentError(f"{self.name} has no measurement")
            return np.empty(0)
        if z is None:
            raise ArgumentError(f"{self.name} needs z")
        return ambient(kind, z, count, "z") if kind[0] == "S" else rows_of(numbers(z, "z"), int(kind[1:]), count, "z")

    def __call__(self, *values: Any, z: Any = None) -> Array:
        """Computes the residual (rows,) at one value for each variable, as in Graph.add_se2 and so on."""
        return self.linearize(*values, z=z)[0]

    def linearize(self, *values: Any, z: Any = None) -> tuple[Array, Array]:
        """Computes the residual (rows,) and the Jacobian (rows, sum of tangent dimensions) by NumPy."""
        given = self.program.variables
        names = [n for n, _ in given]
        if len(values) == len(given) + 1 and z is None:
            *values, z = values  # type: ignore[assignment]
        if len(values) != len(given):
            raise TypeError(f"{self.name} takes {', '.join(names)}")
        x = [ambient(m, np.atleast_1d(v), 1, n) for (n, m), v in zip(given, values)]
        measured = self._measurements(z, 1) if self.program.measurement else None
        e, J = np.empty((1, self.rows)), np.empty((1, self.rows, sum(tangent_of(m) for _, m in given)))
        evaluate(self.program, x, measured, e, J)
        return e[0], J[0]


# ---- tracing ----


def _input(tape: Tape, number: int, manifold: str) -> Any:
    """Makes the symbol of a variable, or of the measurement (number < 0)."""
    if manifold[0] == "S":
        kind = ("fgo_" if number < 0 else "") + manifold.lower()
        return Group(tape, tape.add("input", (), kind, (number, None)))
    kind = "d" if number < 0 else "r"
    return Vec([Real(tape, tape.add("input", (), kind, (number, i))) for i in range(int(manifold[1:]))])


def _outputs(tape: Tape, result: Any) -> list[int]:
    if isinstance(result, Group) or result is None:
        refuse("the residual is a number or several, not " + ("None: is a return missing?" if result is None else "a pose"))
    elements: list[Any] = []
    several = isinstance(result, (Vec, list, tuple)) or (isinstance(result, np.ndarray) and result.ndim > 0)
    for part in result if several else [result]:
        elements += list(part) if isinstance(part, (Vec, list, tuple)) else [part]
    if not elements:
        refuse("the residual is empty")
    return [real(tape, e).node for e in elements]


def _trace(function: Callable[..., Any], variables: dict[str, str], measurement: str) -> Program:
    code = function.__code__
    place = f"{code.co_filename}:{code.co_firstlineno}"
    wanted = list(inspect.signature(function).parameters)
    if sorted(wanted) != sorted([*variables, *(["z"] if measurement else [])]):
        declared = ", ".join([*variables, *(["z"] if measurement else [])])
        raise ResidualError(f"{place}: {function.__name__} has parameters {', '.join(wanted)}, declared are {declared}")
    tape = Tape()
    symbols = {name: _input(tape, k, manifold) for k, (name, manifold) in enumerate(variables.items())}
    if measurement:
        symbols["z"] = _input(tape, -1, measurement)
    try:
        outputs = tuple(_outputs(tape, function(**symbols)))
    except Exception as problem:
        raise located(problem, place) from None
    name = re.sub(r"\W", "_", function.__name__).strip("_") or "residual"
    return Program(name, tuple(variables.items()), measurement, tuple(Node(*n) for n in tape.nodes), outputs)


def _checked_manifold(name: str, manifold: Any) -> str:
    if not isinstance(manifold, str) or not _MANIFOLD.fullmatch(manifold):
        own = isinstance(manifold, str) and manifold in (m.name.decode() for m in every_manifold())
        why = "; a factor on a manifold of your own is written in C, see load_extension()" if own else ""
        raise ArgumentError(f"{name} is {manifold!r}; a variable is on SO2, SE2, SO3, SE3 or R1, R2, ...{why}")
    return manifold


def residual(
    *, z: Any = None, compile: bool | None = None, gauge: str | None = None, **variables: str
) -> Callable[[Callable[..., Any]], Residual]:
    """Makes a factor class of a function.

        @fgopt.residual(pose="SE2", beacon="R2", z=1)
        def distance(pose, beacon, z):
            return fgopt.norm(beacon - pose.t) - z[0]

    Variables are named with their manifolds, in the order of the keys that Graph.add gets: up to 6 of "SO2", "SE2", "SO3",
    "SE3", "Rn". z is the measurement: how many numbers, or a manifold. The function is called once, with symbols: vectors
    with [i] and .x, .y, .z; poses with .t, .R, .theta, @, inverse(), between(), transform(), untransform(), log(). It uses
    operators and the functions of fgopt (sin, norm, where, ...) or of NumPy, and returns a number, vector, list or tuple.

    compile: None compiles if there is a C compiler, True insists, False evaluates with NumPy. The result is cached by content.
    gauge: "relative" if a rigid motion of all variables together changes nothing, "absolute" if it does; None: found out.
    ResidualError names the line of the function that cannot be used."""
    if gauge not in _emit.GAUGES:
        raise ArgumentError(f"gauge is {gauge!r}; allowed: relative, absolute, None")
    if not 1 <= len(variables) <= 6:
        raise ArgumentError(f"a residual has 1 to 6 variables, not {len(variables)}")
    known = {name: _checked_manifold(name, manifold) for name, manifold in variables.items()}
    size = f"R{z}" if isinstance(z, int) and z > 0 else z
    measurement = "" if size in (None, 0) else _checked_manifold("z", size)

    def make(function: Callable[..., Any]) -> Residual:
        return Residual(_trace(function, known, measurement), compile, gauge)

    return make

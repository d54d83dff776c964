# SPDX-License-Identifier: BSD-3-Clause
"""@fgopt.loss: a robust loss written in Python that runs as C.

>>> @fgopt.loss(width=1.0)
... def soft(s, width):
...     return 2 * s / (1 + fgopt.sqrt(1 + s / width**2))
>>> g = fgopt.Graph()
>>> g.add_rn(1, [3.0])
>>> g.add_prior_rn(1, [0.0], loss=soft(width=1.5))
range(0, 1)
>>> round(g.cost(), 6), round(soft(width=1.5).rho(9.0)[0], 6)
(5.562306, 5.562306)
"""

from __future__ import annotations

import ctypes as c
import hashlib
import inspect
import re
import threading
from typing import Any, Callable

import numpy as np

from . import _arguments, _compile, _emit
from . import _layout as L
from ._interpret import evaluate
from ._library import check, lib
from ._trace import Node, Program, Tape, located, refuse
from .errors import ArgumentError, ResidualError
from .residual import _input, _outputs

_C = """
FGO_API void fgo_{name}_loss(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime);
void fgo_{name}_loss(const fgo_loss_class *self, const double *parameter, double s, double *rho, double *rho_prime)
{{
    const double *x = &s;
    (void)self;
    (void)fgo_{name}.evaluate(&fgo_{name}, 1, &x, parameter, rho, rho_prime);
    if (*rho_prime < 0.0 && *rho_prime > -1e-12) *rho_prime = 0.0; /* the rounding of a quotient's derivative */
}}
"""

# By fgo_loss_fault (loss.h).
_FAULTS = (
    "", "is not finite", "is not 0 at s = 0", "has not the slope 1 at s = 0", "falls", "has another derivative than it says",
    "jumps",
)  # fmt: skip

_made: dict[str, Loss] = {}  # by content, for the whole process: graphs and their copies point to the classes
_checked: set[tuple[str, tuple[float, ...]]] = set()  # content and parameters
_making = threading.Lock()


class Loss:
    """A loss made from a Python function, with values for its parameters; see loss(). Pass it wherever a loss is wanted.

    Calling a loss with parameters, by position or name, gives the same loss with these parameters."""

    def __init__(self, program: Program, parameters: dict[str, float], compile: bool | None = None) -> None:
        self.program, self.parameters, self._compile_wish = program, parameters, compile
        self.name = program.name.lower().replace("_", "-")
        self.__doc__ = f"Loss {self.name}({', '.join(f'{k}={v!r}' for k, v in parameters.items())})"

    def __reduce__(self) -> Any:
        return Loss, (self.program, self.parameters, self._compile_wish)

    def __repr__(self) -> str:
        return f"<fgopt.{self.__doc__}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loss) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash((self.program, tuple(self.parameters.items())))

    def __call__(self, *values: float, **named: float) -> Loss:
        names = list(self.parameters)
        if len(values) > len(names):
            raise TypeError(f"{self.name} has {len(names)} parameters, not {len(values)}")
        given = {**dict(zip(names, values)), **named}
        if set(given) - set(names) or len(given) != len(values) + len(named):
            raise TypeError(f"{self.name} takes each of {', '.join(names) or 'no parameters'} once")
        return Loss(self.program, {k: float(given.get(k, v)) for k, v in self.parameters.items()}, self._compile_wish)

    @property
    def _identity(self) -> str:
        digest = hashlib.sha256(repr((self.program, list(self.parameters), self._compile_wish)).encode()).hexdigest()
        return f"{self.program.name}_{digest[:10]}"

    @property
    def c_source(self) -> str:
        """Writes the C file, over fgopt/residual.h."""
        return _emit.source(self.program, self._identity, None) + _C.format(name=self._identity)

    @property
    def compiled(self) -> bool:
        """Tells whether the loss runs as C."""
        return self._compile_wish is not False and _compile.compiler() is not None

    def rho(self, s: Any) -> tuple[Any, Any]:
        """Computes rho(s) and its derivative by NumPy."""
        x = np.atleast_1d(_arguments.numbers(s, "s")).reshape(-1, 1)
        e, J = np.empty((len(x), 1)), np.empty((len(x), 1, 1))
        z = np.broadcast_to(list(self.parameters.values()), (len(x), len(self.parameters)))
        evaluate(self.program, [x], z if self.parameters else None, e, J)
        out = e.reshape(np.shape(s)), J.reshape(np.shape(s))
        return out if np.ndim(s) else (float(out[0]), float(out[1]))

    # ---- the class ----

    def _function(self) -> Any:
        """Makes fgo_loss_class.evaluate; what it returns is kept alive by the caller."""
        if self.compiled:
            library, _ = _compile.build(self.c_source, self._identity)
            return getattr(library, f"fgo_{self._identity}_loss")
        if self._compile_wish:
            raise ResidualError(f"{self.name} cannot be compiled: no C compiler or no fgopt/residual.h was found")
        n = len(self.parameters)

        def evaluate_one(itself: Any, parameter: Any, s: float, rho: Any, slope: Any) -> None:
            rho[0] = slope[0] = np.nan  # stays if Ctrl-C comes: nothing may be raised through C
            e, J = np.empty((1, 1)), np.empty((1, 1, 1))
            evaluate(self.program, [np.array([[s]])], np.array([parameter[:n]]) if n else None, e, J)
            rho[0], slope[0] = e[0, 0], 0.0 if -1e-12 < J[0, 0, 0] < 0.0 else J[0, 0, 0]

        return L.LOSS_EVALUATE(evaluate_one)

    def _make(self) -> None:
        self._kept = self._function()
        made = L.LossClass(abi=L.LOSS_ABI, parameters=len(self.parameters), name=self.name.encode())
        for k, (name, value) in enumerate(self.parameters.items()):
            made.parameter[k] = L.LossParameter(name.encode(), value, -np.inf, np.inf)
        made.evaluate = c.cast(self._kept, c.c_void_p)
        self._class = made

    def _loss(self) -> L.Loss:
        """Makes what C takes: the class, one for each content, and the parameters."""
        with _making:
            first = _made.get(self._identity)
            if first is None:
                self._make()
                _made[self._identity] = first = self
                _arguments.OWN_LOSSES[c.addressof(self._class)] = self
        parameters = (c.c_double * L.LOSS_PARAMETERS)(*self.parameters.values())
        known = (self._identity, tuple(parameters))
        if known not in _checked:
            self._check(first._class, parameters)
            _checked.add(known)
        return L.Loss(c.addressof(first._class), parameters)

    def _check(self, cls: L.LossClass, parameters: Any) -> None:
        report = L.LossReport()
        check(lib.fgo_check_loss_sized(c.byref(cls), parameters, c.byref(report), c.sizeof(report)))
        if report.fault:
            raise ArgumentError(f"loss {self.name} is none: rho {_FAULTS[report.fault]}, s = {report.s:g}")


def _trace(function: Callable[..., Any], parameters: dict[str, float]) -> Program:
    code = function.__code__
    place = f"{code.co_filename}:{code.co_firstlineno}"
    wanted = list(inspect.signature(function).parameters)
    if wanted != ["s", *parameters]:
        raise ResidualError(f"{place}: {function.__name__} has parameters {', '.join(wanted)}, not s, {', '.join(parameters)}")
    tape, measurement = Tape(), f"R{len(parameters)}" if parameters else ""
    s = _input(tape, 0, "R1")[0]
    try:
        outputs = tuple(_outputs(tape, function(s, *(_input(tape, -1, measurement) if parameters else ()))))
        if len(outputs) != 1:
            refuse(f"a loss is one number, not {len(outputs)}")
    except Exception as problem:
        raise located(problem, place) from None
    name = re.sub(r"\W", "_", function.__name__).strip("_") or "loss"
    return Program(name, (("s", "R1"),), measurement, tuple(Node(*n) for n in tape.nodes), outputs)


def loss(*, compile: bool | None = None, **parameters: float) -> Callable[[Callable[..., Any]], Loss]:
    """Makes a robust loss of a function rho of s = e' Omega e, the squared standard deviations of a factor.

        @fgopt.loss(width=1.0)
        def soft(s, width):
            return 2 * s / (1 + fgopt.sqrt(1 + s / width**2))

        g.set_loss(soft(width=3.0))

    Parameters, at most two, are named with their default values. The function is called once, with symbols, like the function
    of a residual (fgopt.residual), and its derivative is found: fgopt.where(condition, a, b) decides on values. Losses have
    rho(0) = 0 and rho'(0) = 1, never fall, and do not cancel near 0 (sqrt(1 + s) - 1 does). When a loss that breaks
    these rules is put to use, ArgumentError says what is wrong and at which s.

    compile: None compiles if there is a C compiler, True insists, False evaluates with NumPy, factor by factor, slowly."""
    if len(parameters) > L.LOSS_PARAMETERS:
        raise ArgumentError(f"a loss has up to {L.LOSS_PARAMETERS} parameters, not {len(parameters)}")
    values = {name: float(_arguments.numbers(value, name)) for name, value in parameters.items()}

    def make(function: Callable[..., Any]) -> Loss:
        made = Loss(_trace(function, values), values, compile)
        if made.name in _arguments.loss_table():
            raise ArgumentError(f"the library has a loss {made.name!r}; use another name")
        return made

    return make

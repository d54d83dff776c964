# SPDX-License-Identifier: BSD-3-Clause
"""What an initialization and an optimization report. The C structs are kept as they are and read when asked: to turn all of
their fields into Python objects would take a solve of a few milliseconds one percent of its time."""

from __future__ import annotations

import ctypes as c
import functools
from typing import Any, NamedTuple

import numpy as np

from . import _layout as L
from ._drawing import convergence
from ._library import lib

INITS = tuple(lib.fgo_init_name(i).decode() for i in range(L.INIT_KINDS + 1))
RECORD = np.dtype((np.record, np.dtype(L.Iteration)))


class Termination(NamedTuple):
    text: str
    converged: bool
    failed: bool


def _termination(number: int) -> Termination:
    kind = lib.fgo_termination_class(number)
    return Termination(lib.fgo_termination_text(number).decode(), kind == 1, kind == -1)


TERMINATIONS = tuple(_termination(number) for number in range(L.TERMINATIONS))


class Iteration:
    """One iteration as the callback sees it: the fields of Summary.iterations."""

    def __init__(self, raw: L.Iteration) -> None:
        for name, _ in L.Iteration._fields_:  # type: ignore[misc]
            setattr(self, name, getattr(raw, name))

    iteration: int
    cost: float
    accepted: int

    def __repr__(self) -> str:
        return f"Iteration({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"


class _Field:
    """A field of the C struct that an object keeps as _raw; text becomes str."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, owner: Any, kind: Any) -> Any:
        value = getattr(owner._raw, self.name) if owner is not None else self
        return value.decode() if isinstance(value, bytes) else value


class InitReport:
    """What initialize() did: `chosen`, `reached` (variables that got a new value), `cost` by name (NaN: not tried), `time_s`,
    `reason`."""

    def __init__(self, raw: L.InitReport) -> None:
        self._raw = raw

    reached: int = _Field("reached")  # type: ignore[assignment]
    time_s: float = _Field("time_s")  # type: ignore[assignment]
    reason: str = _Field("reason")  # type: ignore[assignment]

    @property
    def chosen(self) -> str:
        """Returns the name of the first estimates that were taken."""
        return str(INITS[self._raw.chosen])

    @property
    def cost(self) -> dict[str, float]:
        """Returns the cost of the first estimates of each name; NaN: not tried."""
        return dict(zip(INITS, self._raw.cost[: L.INIT_KINDS]))

    def __repr__(self) -> str:
        return f"InitReport({self.chosen}: {self.reason})"


class Summary:
    """How an optimization went; the fields of fgo_summary in solver.h, and `init`, the InitReport or None.

    `iterations` is a record array of one row per iteration, 0 the initial estimate, whose columns are arrays:
    iterations.cost, .cost_change, .gain_ratio, .gradient_norm, .step_norm, .accepted, .time_s, ...; "lambda" as
    iterations["lambda"]. At most the first million iterations are kept."""

    accepted: int
    cost_initial: float
    cost_final: float
    gradient_norm: float
    variables: int
    factors: int
    tangent_dimension: int
    components: int
    gauge_held: int
    gauge_key: int
    message: str
    factorization: str
    time_total_s: float

    def __init__(self, memory: bytes, initialized: bool) -> None:
        self._memory, self._initialized = memory, initialized

    @functools.cached_property
    def _raw(self) -> L.Summary:
        return L.Summary.from_buffer_copy(self._memory)

    @property
    def init(self) -> InitReport | None:
        """Returns how the first estimates were made; None if the solve started where the graph was."""
        return InitReport(self._raw.init) if self._initialized else None

    @property
    def _termination(self) -> Termination:
        return TERMINATIONS[int(self._raw.termination)]

    @property
    def termination(self) -> str:
        """Says how it ended: "converged (cost)", "stopped (iteration limit)", ..."""
        return self._termination.text

    @property
    def converged(self) -> bool:
        """Tells whether a test of convergence ended the optimization, not a limit, a failure or a request."""
        return self._termination.converged

    @property
    def failed(self) -> bool:
        """Tells whether the optimization could not go on; the graph then has the best estimate that was found."""
        return self._termination.failed

    @functools.cached_property
    def iterations(self) -> Any:
        """Returns a record array with a row for each iteration."""
        return np.frombuffer(self._memory, RECORD, offset=c.sizeof(L.Summary)).view(np.recarray)

    def __repr__(self) -> str:
        return (
            f"Summary({self.termination} after {len(self.iterations) - 1} iterations: "
            f"{self.cost_initial:.6g} -> {self.cost_final:.6g}, {self.time_total_s:.3g} s)"
        )

    def _repr_html_(self) -> str:
        start = f"<tr><td>first estimate</td><td>{self.init.chosen}</td></tr>" if self.init else ""
        return (
            f"<table><tr><td>{self.termination}</td><td>{len(self.iterations) - 1} iterations</td></tr>{start}"
            f"<tr><td>cost</td><td>{self.cost_initial:.6g} &rarr; {self.cost_final:.6g}</td></tr>"
            f"<tr><td>time</td><td>{self.time_total_s:.3g} s</td></tr></table>"
        )

    def plot(self, axes: Any = None) -> Any:
        """Draws the cost over the iterations; see fgopt.plot.convergence."""
        return convergence(self.iterations, axes)


for _name, _ in L.Summary._fields_:  # type: ignore[misc]
    if not hasattr(Summary, _name):
        setattr(Summary, _name, _Field(_name))

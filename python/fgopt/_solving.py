# SPDX-License-Identifier: BSD-3-Clause
"""First estimates and optimization."""

from __future__ import annotations

import ctypes as c
import functools
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

import numpy as np

from . import _layout as L
from ._library import lib
from .errors import ArgumentError

if TYPE_CHECKING:
    from ._handle import Handle

INITS = tuple(lib.fgo_init_name(i).decode() for i in range(L.INIT_KINDS + 1))
INT, DOUBLE, BOOL, CHOICE = range(4)
RECORD = np.dtype((np.record, np.dtype(L.Iteration)))
Callback = Callable[["Iteration"], Optional[bool]]


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


class InitReport:
    """What initialize() did: `chosen`, `reached` (variables that got a new value), `cost` by name (NaN: not tried), `time_s`,
    `reason`."""

    def __init__(self, raw: L.InitReport) -> None:
        self.chosen = INITS[raw.chosen]
        self.reached = int(raw.reached)
        self.cost = dict(zip(INITS, raw.cost))
        self.time_s = float(raw.time_s)
        self.reason = raw.reason.decode()

    def __repr__(self) -> str:
        return f"InitReport({self.chosen}: {self.reason})"


class Summary:
    """How an optimization went; the fields of fgo_summary in solver.h, and `init`, the InitReport or None.

    `iterations` is a record array of one row per iteration, 0 the initial estimate, whose columns are arrays:
    iterations.cost, .cost_change, .gain_ratio, .gradient_norm, .step_norm, .accepted, .time_s, ...; "lambda" as
    iterations["lambda"]."""

    termination: str  # "converged (cost)", "stopped (iteration limit)", ...
    converged: bool
    failed: bool
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
    init: InitReport | None
    iterations: Any  # np.recarray

    def __init__(self, raw: L.Summary, records: bytes, init: InitReport | None) -> None:
        for name, _ in L.Summary._fields_:  # type: ignore[misc]
            value = getattr(raw, name)
            setattr(self, name, value.decode() if isinstance(value, bytes) else value)
        self.termination = lib.fgo_termination_text(raw.termination).decode()
        kind = lib.fgo_termination_class(raw.termination)
        self.converged, self.failed = kind == 1, kind == -1
        self.init = init
        self.iterations = np.frombuffer(records, dtype=RECORD).view(np.recarray)

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
        """The cost over the iterations; see fgopt.plot.convergence."""
        from .plot import convergence

        return convergence(self, axes)


class Option(NamedTuple):
    """A row of the library's table of options, with Python's name."""

    type: int
    offset: int
    standard: float
    minimum: float
    maximum: float
    choices: tuple[str, ...]
    help: str

    def number(self, name: str, value: Any) -> float:
        """What is stored for a value, after its check."""
        if self.type == CHOICE and isinstance(value, str):
            if value not in self.choices:
                raise ArgumentError(f"{name} is {value!r}; allowed: {', '.join(self.choices)}")
            return self.choices.index(value)
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ArgumentError(f"{name} is {value!r}; it must be a number") from None
        if not self.minimum <= number <= self.maximum:
            raise ArgumentError(f"{name} is {value!r}; allowed: {self.minimum:g} .. {self.maximum:g}")
        if self.type != DOUBLE and number != int(number):
            raise ArgumentError(f"{name} is {value!r}; it must be an integer")
        return number


def _option(raw: L.Option) -> Option:
    choices = tuple(raw.choices[i].decode() for i in range(int(raw.maximum) + 1)) if raw.type == CHOICE else ()
    return Option(raw.type, raw.offset, raw.standard, raw.minimum, raw.maximum, choices, raw.help.decode())


@functools.cache
def option_table() -> dict[str, Option]:
    """The solver's options by the names that optimize() takes."""
    count = c.c_size_t()
    table = lib.fgo_option_table(c.byref(count))
    rows = (table[i] for i in range(count.value))
    return {raw.name.decode().replace("-", "_"): _option(raw) for raw in rows}


def option_help() -> str:
    """One line for each keyword that optimize() takes."""
    lines = []
    for name, o in option_table().items():
        standard = o.choices[int(o.standard)] if o.choices else f"{o.standard:g}"
        lines.append(f"        {name}: {o.help} (default {standard})")
    return "\n".join(lines)


@functools.cache
def _option_defaults() -> tuple[bytes, int]:
    """An fgo_options without callbacks, and where its callback lies."""
    size, callback = c.c_size_t(), c.c_size_t()
    lib.fgo_options_layout(c.byref(size), c.byref(callback), None)
    memory = bytearray(size.value)
    for option in option_table().values():
        _store(memory, option, option.standard)
    return bytes(memory), callback.value


def _store(memory: Any, option: Option, number: float) -> None:
    if option.type == DOUBLE:
        c.c_double.from_buffer(memory, option.offset).value = number
    else:
        c.c_int.from_buffer(memory, option.offset).value = int(number)


def option_block(given: dict[str, Any], callback: Any) -> Any:
    """An fgo_options, filled through the library's table: its layout is nowhere restated. The callback must outlive it."""
    table, (defaults, callback_at) = option_table(), _option_defaults()
    memory = (c.c_double * ((len(defaults) + 7) // 8)).from_buffer_copy(defaults + bytes(-len(defaults) % 8))
    for name, value in given.items():
        if name not in table:
            raise TypeError(f"optimize() has no option {name!r}; it has {', '.join(sorted(table))}")
        _store(memory, table[name], table[name].number(name, value))
    c.c_void_p.from_buffer(memory, callback_at).value = c.cast(callback, c.c_void_p).value
    return memory


class _Progress:
    """A line that follows the cost: tqdm's where it is installed, in notebooks its widget; else on standard error."""

    def __init__(self, wanted: bool) -> None:
        self.bar: Any = None
        self.text = wanted
        if wanted:
            try:
                from tqdm.auto import tqdm

                self.bar = tqdm(desc="optimize", unit=" it")
            except ImportError:
                pass

    def show(self, it: L.Iteration) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(f"cost {it.cost:.6g}", refresh=False)
            self.bar.update(1)
        elif self.text:
            end = "\n" if not sys.stderr.isatty() else "\r"
            print(f"iteration {it.iteration:4d}  cost {it.cost:.6g}   ", end=end, file=sys.stderr, flush=True)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        elif self.text and sys.stderr.isatty():
            print(file=sys.stderr)


class _Watch:
    """The C callback of one solve: records, the user's callback, progress, Ctrl-C."""

    def __init__(self, callback: Callback | None, progress: bool) -> None:
        self.callback, self.progress = callback, _Progress(progress)
        self.records = bytearray()
        self.failure: BaseException | None = None
        self.stop = False
        self.previous: Any = None
        self.function = L.ITERATION_CALLBACK(self._step)

    def _step(self, raw: Any, user: Any) -> int:
        try:
            it = raw.contents
            self.records += bytes(it)
            self.progress.show(it)
            if self.callback is not None and self.callback(Iteration(it)):
                self.stop = True
        except BaseException as failure:  # must not pass through C
            self.failure = failure
            self.stop = True
        return int(self.stop)

    def _interrupt(self, number: int, frame: Any) -> None:
        if self.stop:  # the second time: whatever was there before
            signal.signal(signal.SIGINT, self.previous)
        self.stop = True

    def __enter__(self) -> _Watch:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is not None:  # None: installed from C
            self.previous = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *unused: Any) -> None:
        if self.previous is not None:
            signal.signal(signal.SIGINT, self.previous)
        self.progress.close()


class Solving:
    """The part of Graph that optimizes."""

    _handle: Handle

    if TYPE_CHECKING:

        def _blame(self) -> None: ...

    def initialize(self, init: str = "auto") -> InitReport:
        """Sets first estimates: "odometry" and "spanning-tree" walk along factors that predict a variable, "chordal" solves
        for rotations, then positions; "auto" takes the best of these and the present values, "file" keeps the present ones.
        Held variables and those that no factor reaches keep theirs."""
        if init not in INITS:
            raise ArgumentError(f"init is {init!r}; allowed: {', '.join(INITS)}")
        raw = L.InitReport()
        self._handle.call(lib.fgo_initialize, INITS.index(init), c.byref(raw))
        return InitReport(raw)

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
        watch, raw = _Watch(callback, progress), L.Summary()
        block = option_block(options, watch.function)
        with watch:
            report = self.initialize(init) if init not in (None, "file") else None
            self._handle.call(lib.fgo_solve, c.addressof(block), c.byref(raw))
        if watch.failure is not None:
            raise watch.failure
        summary = Summary(raw, bytes(watch.records), report)
        if summary.failed:
            self._blame()
        return summary


Solving.optimize.__doc__ = (Solving.optimize.__doc__ or "").rstrip() + "\n" + option_help() + "\n"

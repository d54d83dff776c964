# SPDX-License-Identifier: BSD-3-Clause
"""First estimates and optimization.

As little Python as possible surrounds the C call: after a solve the processor's caches hold the solver's data, and Python
takes several times what it takes in a loop. So C records the iterations and answers Ctrl-C, what a solve needs is kept for the
next one, and reports are read when asked (_summary.py). bench/python measures what is left."""

from __future__ import annotations

import ctypes as c
import threading
from typing import Any, Callable, Optional

import numpy as np

from . import _layout as L
from ._arguments import choice
from ._core import Core
from ._integers import small
from ._library import check, lib
from ._options import option_block, option_table
from ._progress import Progress
from ._summary import INITS, RECORD, TERMINATIONS, InitReport, Iteration, Summary

Callback = Callable[[Iteration], Optional[bool]]
FILE = INITS.index("file")
MOST_RECORDS = 1000000
RECORDS_AT = SUMMARY_SIZE = c.sizeof(L.Summary)
_STOP_IF_SET = c.cast(lib.fgo_stop_if_set, c.c_void_p).value


class _Follower:
    """The C callback of a solve with a user's function or a line of progress."""

    def __init__(self, callback: Callback | None, progress: bool) -> None:
        self.stop, self.callback, self.progress = c.c_int(), callback, Progress(progress)
        self.failure: BaseException | None = None
        self.function = L.ITERATION_CALLBACK(self._step)

    def _step(self, raw: Any, user: Any) -> int:
        try:
            it = raw.contents
            self.progress.show(it)
            if self.callback is not None and self.callback(Iteration(it)):
                self.stop.value = 1
        except BaseException as failure:  # must not pass through C
            self.failure = failure
            self.stop.value = 1
        return self.stop.value


class _Room:
    """What a solve needs beside the graph: the flag that stops it, its options, memory for the report and the iterations."""

    def __init__(self, options: dict[str, Any], follower: _Follower | None = None) -> None:
        limit = option_table()["max_iterations"]
        most = int(limit.number("max_iterations", options.get("max_iterations", limit.default_value)))
        capacity = min(most, MOST_RECORDS) + 1
        size = RECORDS_AT + capacity * RECORD.itemsize
        # from NumPy, as ctypes would write zeros into all of it
        self.memory: Any = (c.c_char * size).from_buffer(np.empty(size, np.uint8))  # type: ignore[arg-type]
        self.summary = L.Summary.from_buffer(self.memory)
        self.summary_at = c.addressof(self.summary)
        self.stop = follower.stop if follower else c.c_int()
        self.stop_at = c.addressof(self.stop)
        callback = c.cast(follower.function, c.c_void_p).value if follower else _STOP_IF_SET
        head = L.OptionsHead(0, callback, self.stop_at, self.summary_at + RECORDS_AT, RECORD.itemsize, capacity)
        self.options = option_block(options, head)
        self.options_at = c.addressof(self.options)
        self.init = c.c_int.from_buffer(self.options, option_table()["init"].offset)

    def solve(self, core: Core, init: int) -> Summary:
        """Makes the C call. Ctrl-C stops the solve if this is the thread that gets signals."""
        handle, outer = core.handle, None
        heard = threading.get_ident() == threading.main_thread().ident
        handle.reserve()
        try:
            if heard:
                outer = lib.fgo_on_interrupt(self.stop_at)
            self.init.value = init
            status = lib.fgo_solve_sized(handle.pointer, self.options_at, self.summary_at, SUMMARY_SIZE)
        finally:
            if heard:
                lib.fgo_on_interrupt(outer)
            handle.busy.release()
        if status:
            check(status)
        if TERMINATIONS[self.summary.termination].failed:
            core.blame()
        return Summary(self.memory[: RECORDS_AT + self.summary.records * RECORD.itemsize], init != FILE)


_idle: list[_Room] = []  # of solves with the standard options that are over


def _standard_room() -> _Room:
    try:
        room = _idle.pop()
    except IndexError:  # the first solve, or others are running
        return _Room({})
    room.stop.value = 0
    return room


def _follow(core: Core, init: int, options: dict[str, Any], callback: Callback | None, progress: bool) -> Summary:
    """Solves with a callback or a line of progress."""
    follower = _Follower(callback, progress)
    try:
        summary = _Room(options, follower).solve(core, init)
    finally:
        follower.progress.close()
    if follower.failure is not None:
        raise follower.failure
    return summary


def initialize(core: Core, init: str, threads: int) -> InitReport:
    """Sets first estimates."""
    raw, way = L.InitReport(), choice(init, INITS, "init")
    core.call(lib.fgo_initialize_with_sized, way, small(threads, "threads"), c.byref(raw), c.sizeof(raw))
    return InitReport(raw)


def optimize(core: Core, init: str | None, callback: Callback | None, progress: bool, options: dict[str, Any]) -> Summary:
    """Sets first estimates, unless init is None or "file", and minimizes the cost."""
    number = FILE if init is None else int(option_table()["init"].number("init", init))
    if callback is not None or progress:
        return _follow(core, number, options, callback, progress)
    if options:
        return _Room(options).solve(core, number)
    room = _standard_room()
    summary = room.solve(core, number)
    _idle.append(room)
    return summary

# SPDX-License-Identifier: BSD-3-Clause
"""The solver's options, through the library's own table: names, bounds and layout are nowhere restated."""

from __future__ import annotations

import ctypes as c
import functools
from typing import Any, NamedTuple

from . import _layout as L
from ._library import lib, library_path
from .errors import ArgumentError, LibraryError

INT, DOUBLE, BOOL, CHOICE = range(4)


class Option(NamedTuple):
    """A row of the library's table of options, with Python's name."""

    type: int
    offset: int
    default_value: float
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
    return Option(raw.type, raw.offset, raw.default_value, raw.minimum, raw.maximum, choices, raw.help.decode())


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
        default_value = o.choices[int(o.default_value)] if o.choices else f"{o.default_value:g}"
        lines.append(f"        {name}: {o.help} (default {default_value})")
    return "\n".join(lines)


@functools.cache
def _defaults() -> tuple[bytes, int]:
    """An fgo_options with the default_value values, and where its tail lies."""
    size, tail = c.c_size_t(), c.c_size_t()
    lib.fgo_options_layout(c.byref(size), c.byref(tail), None)
    if tail.value + c.sizeof(L.OptionsTail) != size.value:
        raise LibraryError(f"{library_path}: its fgo_options is not the one that this package knows")
    memory = bytearray(size.value)
    for option in option_table().values():
        _store(memory, option, option.default_value)
    return bytes(memory), tail.value


def _store(memory: Any, option: Option, number: float) -> None:
    if option.type == DOUBLE:
        c.c_double.from_buffer(memory, option.offset).value = number
    else:
        c.c_int.from_buffer(memory, option.offset).value = int(number)


def option_block(given: dict[str, Any], tail: L.OptionsTail) -> Any:
    """An fgo_options, filled through the library's table; what the tail points to must outlive it."""
    table, (defaults, tail_at) = option_table(), _defaults()
    memory = (c.c_double * (len(defaults) // 8)).from_buffer_copy(defaults)
    for name, value in given.items():
        if name not in table:
            raise TypeError(f"optimize() has no option {name!r}; it has {', '.join(sorted(table))}")
        _store(memory, table[name], table[name].number(name, value))
    c.memmove(c.addressof(memory) + tail_at, c.byref(tail), c.sizeof(tail))
    return memory

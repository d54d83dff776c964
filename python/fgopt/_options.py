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
    group: str

    def number(self, name: str, value: Any) -> float:
        """Returns the number to store for a value, after checking it."""
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
    texts = raw.help.decode(), raw.group.decode()
    return Option(raw.type, raw.offset, raw.default_value, raw.minimum, raw.maximum, choices, *texts)


@functools.cache
def option_table() -> dict[str, Option]:
    """Lists the solver's options by the names that optimize() takes."""
    count = c.c_size_t()
    table = lib.fgo_option_table(c.byref(count))
    rows = (table[i] for i in range(count.value))
    return {raw.name.decode().replace("-", "_"): _option(raw) for raw in rows}


def option_help() -> str:
    """Writes one line for each keyword that optimize() takes beside those that its own docstring explains, by groups."""
    lines: dict[str, list[str]] = {}
    for name, o in option_table().items():
        if name == "init":
            continue
        default_value = o.choices[int(o.default_value)] if o.choices else f"{o.default_value:g}"
        rows = lines.setdefault(o.group, [] if o.group == name else [f"        {o.group.capitalize()}:"])
        rows.append(f"        {name}: {o.help} (default {default_value})")
    return "\n".join(line for rows in lines.values() for line in rows)


@functools.cache
def _defaults() -> bytes:
    """Makes an fgo_options of the library's size with the default values."""
    size = c.c_size_t()
    lib.fgo_options_layout(c.byref(size), None, None)
    memory = bytearray(size.value)
    lib.fgo_options_init((c.c_char * size.value).from_buffer(memory), size.value)
    head = L.OptionsHead.record_capacity
    if any(option.offset < head.offset + head.size for option in option_table().values()):
        raise LibraryError(f"{library_path}: its fgo_options is not the one that this package knows")
    return bytes(memory)


def _store(memory: Any, option: Option, number: float) -> None:
    if option.type == DOUBLE:
        c.c_double.from_buffer(memory, option.offset).value = number
    else:
        c.c_int.from_buffer(memory, option.offset).value = int(number)


def option_block(given: dict[str, Any], head: L.OptionsHead) -> Any:
    """Makes an fgo_options of the library's size, filled through its table; what the head points to must outlive the block."""
    table, defaults = option_table(), _defaults()
    memory = (c.c_double * (len(defaults) // 8)).from_buffer_copy(defaults)
    head.size = len(defaults)
    c.memmove(memory, c.byref(head), L.OptionsHead.record_capacity.offset + c.sizeof(c.c_int))
    for name, value in given.items():
        if name not in table:
            raise TypeError(f"optimize() has no option {name!r}; it has {', '.join(sorted(table))}")
        _store(memory, table[name], table[name].number(name, value))
    return memory

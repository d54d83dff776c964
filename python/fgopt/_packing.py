# SPDX-License-Identifier: BSD-3-Clause
"""A graph as plain arrays, for pickle. The numbers are exact; the lines of a file that it was loaded from stay behind."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _factors, _variables
from ._arguments import loss_name
from ._classes import factor_class, manifold
from ._core import Core
from ._factors import FactorGroup

FORM = 4  # raise when the content below changes
BLOCK = 1 << 16  # so many factors, with those that stand for removed ones, are added at a time
KINDS_OF_FORM_2 = ("none", "huber", "cauchy", "geman-mcclure", "tukey", "welsch")


def pack(core: Core) -> dict[str, Any]:
    """Copies the content of a graph; the residuals are pickled by their own rules."""
    return {
        "form": FORM,
        "keys": _variables.keys(core, None),
        "kinds": list(_variables.kinds(core).items()),
        "state": _variables.state(core).copy(),
        "held": _variables.held(core).copy(),
        "times": _variables.times(core),
        "groups": [_pack_group(g) for g in _factors.groups(core)],
        "factor_end": _factors.end(core),
        "classes": core.residuals,
    }  # fmt: skip


def _pack_group(group: FactorGroup) -> dict[str, Any]:
    """Copies the fields of a group. Loss classes are addresses, so losses become places in a list of names."""
    rows = np.ascontiguousarray(group.losses).view(np.uint64).reshape(len(group.losses), group.losses.dtype.itemsize // 8)
    _, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    names = [loss_name(int(group.losses["loss_class"][i]), group.losses["parameter"][i]) for i in first]
    out = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in group._asdict().items()}
    return {**out, "losses": number.reshape(-1).astype(np.uint32), "loss_names": names}


def _of_form_2(group: dict[str, Any]) -> dict[str, Any]:
    """Converts a group of 0.1.0, whose losses are (kind, width)."""
    distinct, number = np.unique(group["losses"], return_inverse=True)
    names = [(KINDS_OF_FORM_2[kind], width)[: 2 if kind else 1] for kind, width in distinct.tolist()]
    return {**group, "losses": number.astype(np.uint32), "loss_names": names}


def _full(packed: Any, rows: int) -> Any:
    """Makes (n, rows, rows) upper triangular matrices from their rows."""
    out = np.zeros((len(packed), rows, rows))
    i, j = np.triu_indices(rows)
    out[:, i, j] = packed
    return out


class _Adder:
    """Adds packed factors under their numbers. Stand-ins, removed at once, take the numbers of those that had been removed."""

    def __init__(self, core: Core, packed: list[dict[str, Any]], keys: Any) -> None:
        self.core, self.keys = core, keys
        self.loss_names = [g["loss_names"] for g in packed]
        self.groups = [FactorGroup(**{k: v for k, v in g.items() if k != "loss_names"}) for g in packed]
        self.unborn = [k for k, g in enumerate(self.groups) if len(g.numbers)]  # groups that the graph has not yet, in order

    def _add(self, k: int, at: Any, noise: dict[str, Any], loss: Any) -> range:
        g = self.groups[k]
        own = self.core.residuals.get(g.name)
        cls = own._class() if own is not None else factor_class(g.name, g.rows)
        keys, z = np.ascontiguousarray(self.keys[g.variables[at]]), np.ascontiguousarray(g.measurements[at])
        if k in self.unborn:
            self.unborn.remove(k)
        return _factors.add_of_class(self.core, cls, keys, z, noise, loss)

    def _add_run(self, k: int, numbers: Any, at: Any) -> None:
        """Adds the factors `at` of group k, all with one loss, from the next number on. Copies of a factor stand in for the
        removed factors after it, and are removed."""
        g = self.groups[k]
        each = np.append(np.diff(numbers), 1)
        every = np.repeat(at, each)
        loss = self.loss_names[k][int(g.losses[at[0]])]
        added = self._add(k, every, {"sqrt_information": _full(g.sqrt_information[every], g.rows)}, loss)
        stands_in = np.ones(len(every), bool)
        stands_in[np.cumsum(each) - each] = False
        _factors.remove(self.core, added.start + np.flatnonzero(stands_in))

    def add(self, k: int, numbers: Any, at: Any) -> None:
        """Adds the factors `at` of group k, all with one loss, under their numbers."""
        self.skip_to(int(numbers[0]), k)
        while set(self.unborn) - {k} and np.any(np.diff(numbers) > 1):  # a gap is where a group may have begun
            end = int(np.argmax(np.diff(numbers) > 1)) + 1
            self._add_run(k, numbers[:end], at[:end])
            numbers, at = numbers[end:], at[end:]
            self.skip_to(int(numbers[0]), k)
        self._add_run(k, numbers, at)

    def skip_to(self, number: int, k: int) -> None:
        """Makes `number` the number of the next factor. The first stand-ins make the groups in their former order, on which the
        last bits of the cost depend: a group whose first factors were removed may have come before those that come now."""
        while (missing := number - _factors.end(self.core)) > 0:
            at = np.zeros(1 if self.unborn else min(missing, BLOCK), np.intp)
            _factors.remove(self.core, self._add(self.unborn[0] if self.unborn else k, at, {}, None))


def _add_factors(core: Core, packed: list[dict[str, Any]], keys: Any, end: int) -> None:
    """Adds the factors with their numbers, up to the number `end` that the next one gets."""
    adder = _Adder(core, packed, keys)
    if not any(len(g.numbers) for g in adder.groups):
        return
    counts = [len(g.numbers) for g in adder.groups]
    number, loss = (np.concatenate([getattr(g, name) for g in adder.groups]).astype(np.int64) for name in ("numbers", "losses"))
    group, place = np.repeat(np.arange(len(counts)), counts), np.concatenate([np.arange(n) for n in counts])
    order = np.argsort(number, kind="stable")
    number, loss, group, place = number[order], loss[order], group[order], place[order]
    cut = (np.diff(group) != 0) | (np.diff(loss) != 0) | (np.diff(number // BLOCK) != 0)
    ends = np.concatenate([[0], np.flatnonzero(cut) + 1, [len(number)]])
    for a, b in zip(ends[:-1].tolist(), ends[1:].tolist()):
        adder.add(int(group[a]), number[a:b], place[a:b])
    adder.skip_to(end, int(group[-1]))


def _add_variables(core: Core, content: dict[str, Any]) -> None:
    """Adds runs of variables of one kind, in their order."""
    keys, state, offset, start = content["keys"], content["state"], 0, 0
    kind_of: Any = np.empty(len(keys), dtype=object)
    for kind, at in content["kinds"]:
        kind_of[at] = kind
    for end in range(1, len(keys) + 1):
        if end == len(keys) or kind_of[end] != kind_of[start]:
            n = manifold(kind_of[start]).ambient * (end - start)
            _variables.add(core, kind_of[start], keys[start:end], state[offset : offset + n].reshape(end - start, -1))
            offset, start = offset + n, end


def unpack(content: dict[str, Any]) -> Core:
    """Makes the graph that pack() was given."""
    if content["form"] not in (2, 3, FORM):
        raise ValueError(f"a pickled graph of form {content['form']}; this fgopt reads form {FORM}")
    core, keys = Core(residuals=content["classes"]), content["keys"]
    _add_variables(core, content)
    timed = np.isfinite(content["times"])
    _variables.set_times(core, keys[timed], content["times"][timed])
    groups = [g if "loss_names" in g else _of_form_2(g) for g in content["groups"]]
    _add_factors(core, groups, keys, content.get("factor_end", 0))
    tangent = _variables.listing(core).tangents.astype(np.intp)
    for dof in np.flatnonzero(content["held"]).tolist():
        v = int(np.searchsorted(tangent, dof, side="right")) - 1
        _variables.hold(core, keys[v], dof - int(tangent[v]))
    return core

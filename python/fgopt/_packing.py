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

FORM = 3  # raise when the content below changes
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
        "classes": core.residuals,
    }  # fmt: skip


def _pack_group(group: FactorGroup) -> dict[str, Any]:
    """Its fields; of the losses, whose classes are addresses, numbers into a list of their names and parameters."""
    rows = np.ascontiguousarray(group.losses).view(np.uint64).reshape(len(group.losses), group.losses.dtype.itemsize // 8)
    _, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    names = [loss_name(int(group.losses["loss_class"][i]), group.losses["parameter"][i]) for i in first]
    out = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in group._asdict().items()}
    return {**out, "losses": number.reshape(-1).astype(np.uint32), "loss_names": names}


def _of_form_2(group: dict[str, Any]) -> dict[str, Any]:
    """A group of 0.1.0, whose losses are (kind, width)."""
    distinct, number = np.unique(group["losses"], return_inverse=True)
    names = [(KINDS_OF_FORM_2[kind], width)[: 2 if kind else 1] for kind, width in distinct.tolist()]
    return {**group, "losses": number.astype(np.uint32), "loss_names": names}


def _full(packed: Any, rows: int) -> Any:
    """Makes (n, rows, rows) upper triangular matrices of their rows."""
    out = np.zeros((len(packed), rows, rows))
    i, j = np.triu_indices(rows)
    out[:, i, j] = packed
    return out


def _segments(group: FactorGroup) -> list[tuple[int, int]]:
    """Finds runs of factors with consecutive numbers and one loss."""
    n = len(group.numbers)
    if not n:
        return []
    cut = (np.diff(group.numbers.astype(np.int64)) != 1) | (group.losses[1:] != group.losses[:-1])
    ends = np.concatenate([[0], np.flatnonzero(cut) + 1, [n]])
    return list(zip(ends[:-1].tolist(), ends[1:].tolist()))


def _add_factors(core: Core, packed: list[dict[str, Any]], keys: Any) -> None:
    names = [g["loss_names"] for g in packed]
    groups = [FactorGroup(**{k: v for k, v in g.items() if k != "loss_names"}) for g in packed]
    order = sorted((int(g.numbers[a]), k, a, b) for k, g in enumerate(groups) for a, b in _segments(g))
    for _, k, a, b in order:
        g = groups[k]
        own = core.residuals.get(g.name)
        cls = own._class() if own is not None else factor_class(g.name, g.rows)
        W = _full(g.sqrt_information[a:b], g.rows)
        loss = names[k][int(g.losses[a])]
        z = np.ascontiguousarray(g.measurements[a:b])
        _factors.add_of_class(core, cls, np.ascontiguousarray(keys[g.variables[a:b]]), z, {"sqrt_information": W}, loss)


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
    if content["form"] not in (2, FORM):
        raise ValueError(f"a pickled graph of form {content['form']}; this fgopt reads form {FORM}")
    core, keys = Core(residuals=content["classes"]), content["keys"]
    _add_variables(core, content)
    timed = np.isfinite(content["times"])
    _variables.set_times(core, keys[timed], content["times"][timed])
    _add_factors(core, [g if "loss_names" in g else _of_form_2(g) for g in content["groups"]], keys)
    tangent = _variables.listing(core).tangents.astype(np.intp)
    for dof in np.flatnonzero(content["held"]).tolist():
        v = int(np.searchsorted(tangent, dof, side="right")) - 1
        _variables.hold(core, keys[v], dof - int(tangent[v]))
    return core

# SPDX-License-Identifier: BSD-3-Clause
"""Graphs as plain arrays, for pickle. The numbers are exact; the lines of a file that a graph was loaded from stay behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._classes import factor_class, manifold
from ._library import lib

if TYPE_CHECKING:
    from .graph import FactorGroup, Graph

FORM = 2  # raise when the content below changes


def pack(graph: Graph) -> dict[str, Any]:
    kinds = [(kind, at) for kind, at in graph._kinds().items()]
    return {
        "form": FORM,
        "keys": graph.keys(),
        "kinds": kinds,
        "state": graph.state.copy(),
        "held": graph.held.copy(),
        "times": graph.times,
        "groups": [{k: v.copy() if isinstance(v, np.ndarray) else v for k, v in g._asdict().items()}
                   for g in graph.groups()],
        "classes": graph._classes,
    }  # fmt: skip


def _full(packed: Any, rows: int) -> Any:
    """(n, rows, rows) upper triangular matrices from their rows."""
    out = np.zeros((len(packed), rows, rows))
    i, j = np.triu_indices(rows)
    out[:, i, j] = packed
    return out


def _segments(group: FactorGroup) -> list[tuple[int, int]]:
    """Runs of factors with consecutive numbers and one loss."""
    n = len(group.numbers)
    if not n:
        return []
    cut = (np.diff(group.numbers.astype(np.int64)) != 1) | (group.losses[1:] != group.losses[:-1])
    ends = np.concatenate([[0], np.flatnonzero(cut) + 1, [n]])
    return list(zip(ends[:-1].tolist(), ends[1:].tolist()))


def _add_factors(graph: Graph, groups: list[FactorGroup], keys: Any) -> None:
    order = sorted((int(g.numbers[a]), k, a, b) for k, g in enumerate(groups) for a, b in _segments(g))
    for _, k, a, b in order:
        g = groups[k]
        own = graph._classes.get(g.name)
        cls = own._class() if own is not None else factor_class(g.name, g.rows)
        W = _full(g.sqrt_information[a:b], g.rows)
        kind, width = g.losses[a].item()
        loss = None if kind == 0 else (lib.fgo_loss_name(kind).decode(), width)
        z = np.ascontiguousarray(g.measurements[a:b])
        graph._add(cls, np.ascontiguousarray(keys[g.variables[a:b]]), z, {"sqrt_information": W}, loss)


def unpack(content: dict[str, Any]) -> Graph:
    from .graph import FactorGroup, Graph

    if content["form"] != FORM:
        raise ValueError(f"a pickled graph of form {content['form']}; this fgopt reads form {FORM}")
    graph = Graph()
    graph._classes = content["classes"]
    kind_of: Any = np.empty(len(content["keys"]), dtype=object)
    for kind, at in content["kinds"]:
        kind_of[at] = kind
    keys, state, offset = content["keys"], content["state"], 0
    start = 0
    for end in range(1, len(keys) + 1):  # runs of one kind
        if end == len(keys) or kind_of[end] != kind_of[start]:
            n = manifold(kind_of[start]).ambient * (end - start)
            values = state[offset : offset + n].reshape(end - start, -1)
            graph.add_variables(kind_of[start], keys[start:end], values)
            offset, start = offset + n, end
    timed = np.isfinite(content["times"])
    graph.set_times(keys[timed], content["times"][timed])
    _add_factors(graph, [FactorGroup(**g) for g in content["groups"]], keys)
    tangent = graph._variables()[3].astype(np.intp)
    for dof in np.flatnonzero(content["held"]).tolist():
        v = int(np.searchsorted(tangent, dof, side="right")) - 1
        graph.hold(keys[v], dof - int(tangent[v]))
    return graph


__all__ = ["pack", "unpack"]

# SPDX-License-Identifier: BSD-3-Clause
"""How a graph shows itself in a line of text and in a notebook."""

from __future__ import annotations

from ._core import Core
from ._factors import groups
from ._variables import kinds

Counts = list[tuple[str, int]]


def _counts(core: Core) -> tuple[Counts, Counts]:
    """Counts the variables of each manifold and the factors of each class."""
    variables = sorted((kind, len(at)) for kind, at in kinds(core).items())
    return variables, [(g.name, len(g.numbers)) for g in groups(core) if len(g.numbers)]


def text(core: Core) -> str:
    """Writes the counts in one line."""
    variables, factors = _counts(core)
    parts = [", ".join(f"{n} {name}" for name, n in some) for some in (variables, factors)]
    return f"<fgopt.Graph: {parts[0] or 'no variables'}; {parts[1] or 'no factors'}>"


def html(core: Core) -> str:
    """Writes the counts as a table."""
    variables, factors = _counts(core)
    rows = [f"<tr><td>{word}</td><td>{name}</td><td>{n}</td></tr>"
            for word, some in (("variables", variables), ("factors", factors)) for name, n in some]  # fmt: skip
    return f"<b>fgopt.Graph</b><table>{''.join(rows)}</table>"

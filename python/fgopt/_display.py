# SPDX-License-Identifier: BSD-3-Clause
"""How a graph shows itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from .graph import FactorGroup, Graph


class Display:
    """The part of Graph that is looked at."""

    if TYPE_CHECKING:

        def _kinds(self) -> dict[str, Any]: ...
        def groups(self) -> list[FactorGroup]: ...

    def _counts(self) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        variables = sorted((kind, len(at)) for kind, at in self._kinds().items())
        return variables, [(g.name, len(g.numbers)) for g in self.groups() if len(g.numbers)]

    def __repr__(self) -> str:
        variables, factors = self._counts()
        parts = [", ".join(f"{n} {name}" for name, n in some) for some in (variables, factors)]
        return f"<fgopt.Graph: {parts[0] or 'no variables'}; {parts[1] or 'no factors'}>"

    def _repr_html_(self) -> str:
        variables, factors = self._counts()
        rows = [f"<tr><td>{word}</td><td>{name}</td><td>{n}</td></tr>"
                for word, some in (("variables", variables), ("factors", factors)) for name, n in some]  # fmt: skip
        return f"<b>fgopt.Graph</b><table>{''.join(rows)}</table>"

    def plot(self, axes: Any = None, *, interactive: bool = False, **style: Any) -> Any:
        """Trajectory, landmarks and the edges between poses; see fgopt.plot.trajectory."""
        from .plot import trajectory

        return trajectory(cast("Graph", self), axes, interactive=interactive, **style)

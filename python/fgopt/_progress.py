# SPDX-License-Identifier: BSD-3-Clause
"""A line that follows the cost while a graph is optimized."""

from __future__ import annotations

import sys
from typing import Any

from . import _layout as L


class Progress:
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

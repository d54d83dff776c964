# SPDX-License-Identifier: BSD-3-Clause
"""The build backend: scikit-build-core, after the C sources have been laid beside pyproject.toml in the folder core/. They
lie one level up in the repository, which neither a source distribution nor a build may reach; in one, core/ is there."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scikit_build_core import build as backend

HERE = Path(__file__).resolve().parent
PARTS = ["CMakeLists.txt", "LICENSE", "cmake", "factors", "include", "solvers", "src"]


@contextlib.contextmanager
def core_sources() -> Iterator[None]:
    core, tree = HERE / "core", HERE.parent
    if not (tree / "include/fgopt/residual.h").exists():  # a source distribution
        yield
        return
    shutil.rmtree(core, ignore_errors=True)
    core.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (tree / part).is_dir() else shutil.copy2
        copy(tree / part, core / part)  # type: ignore[operator]
    try:
        yield
    finally:
        shutil.rmtree(core)


def build_wheel(*arguments: Any, **named: Any) -> str:
    with core_sources():
        return backend.build_wheel(*arguments, **named)


def build_sdist(*arguments: Any, **named: Any) -> str:
    with core_sources():
        return backend.build_sdist(*arguments, **named)


def get_requires_for_build_wheel(*arguments: Any, **named: Any) -> list[str]:
    with core_sources():
        return backend.get_requires_for_build_wheel(*arguments, **named)


def get_requires_for_build_sdist(*arguments: Any, **named: Any) -> list[str]:
    with core_sources():
        return backend.get_requires_for_build_sdist(*arguments, **named)


def prepare_metadata_for_build_wheel(*arguments: Any, **named: Any) -> str:
    with core_sources():
        return backend.prepare_metadata_for_build_wheel(*arguments, **named)

# SPDX-License-Identifier: BSD-3-Clause
"""C files to shared libraries, once: by content, in a folder of the user's cache."""

from __future__ import annotations

import atexit
import ctypes as c
import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from ._library import include_folders, library_path, version
from .errors import ResidualError

# Those of residual.h. No -march: the cache may be on a disk that several machines share.
FLAGS = ["-std=gnu11", "-O2", "-fno-math-errno", "-ffp-contract=off", "-fvisibility=hidden", "-fPIC", "-shared"]


def cache_folder() -> Path:
    """Returns FGOPT_CACHE, else fgopt in XDG_CACHE_HOME or ~/.cache."""
    named = os.environ.get("FGOPT_CACHE")
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fgopt"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    return base


def compiler() -> list[str] | None:
    """Returns the command in CC, else cc, gcc or clang; None where there is no compiler or residual.h."""
    if not include_folders():
        return None
    named = shlex.split(os.environ.get("CC", ""))
    for command in [named] if named else [["cc"], ["gcc"], ["clang"]]:
        if shutil.which(command[0]):
            return command
    return None


@functools.cache
def _headers() -> bytes:
    """Reads the headers that the sources include, for the hash."""
    digest = hashlib.sha256()
    for header in sorted((include_folders()[0] / "fgopt").glob("*.h")):
        digest.update(header.read_bytes())
    return digest.digest()


@functools.cache
def _compiler_identity(command: tuple[str, ...]) -> bytes:
    return subprocess.run([*command, "--version"], capture_output=True, check=False).stdout


@functools.cache
def _own_folder() -> Path:
    """Makes a folder for this process alone, where the cache cannot be written: homes may be read-only."""
    folder = tempfile.mkdtemp(prefix="fgopt-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _built(folder: Path, file: str, command: list[str], source: str) -> Path:
    if not (folder / file).exists():
        _compile(command, source, folder / file)
    return folder / file


def build(source: str, name: str) -> tuple[c.CDLL, Path]:
    """Returns the library of a C file, from the cache or compiled now. The source lies beside the library."""
    command = compiler()
    assert command is not None
    digest = hashlib.sha256(_headers() + _compiler_identity(tuple(command)))
    digest.update("\0".join([version, *command, *FLAGS, source]).encode())
    file = f"{name[:40]}-{digest.hexdigest()[:24]}.so"
    try:
        library = _built(cache_folder(), file, command, source)
    except (OSError, RuntimeError) as problem:  # RuntimeError: there is no home
        if os.environ.get("FGOPT_CACHE"):
            raise ResidualError(f"compiled residuals cannot be kept where FGOPT_CACHE says: {problem}") from None
        library = _built(_own_folder(), file, command, source)
    try:
        return c.CDLL(str(library)), library
    except OSError as problem:  # of a disk that is mounted noexec, for example
        raise ResidualError(f"a compiled residual cannot be loaded: {problem}; set FGOPT_CACHE to another folder") from None


def _compile(command: list[str], source: str, library: Path) -> None:
    with tempfile.TemporaryDirectory(dir=library.parent, prefix="build-") as folder:
        text, result = Path(folder) / "residual.c", Path(folder) / "residual.so"
        text.write_text(source)
        built = Path(library_path).parent / "include"  # of a build tree: version.h is made there
        includes = [f"-I{path}" for path in (*include_folders(), built) if path.is_dir()]
        words = [*command, *FLAGS, *includes, str(text), "-o", str(result), "-lm"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ResidualError(f"{shlex.join(words)} failed:\n{done.stderr}\n{source}")
        os.replace(text, library.with_suffix(".c"))
        os.replace(result, library)  # last and at once: others may look for it now

# SPDX-License-Identifier: BSD-3-Clause
"""The package as it is installed: which library it takes, and that it needs nothing else. tests/wheel sets FGOPT_WHEEL to
the name of the environment that it tests: "tree" for pip install ./python, "system" for a package without library, or a
version of Python, for the repaired wheel."""

import ctypes
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from support import DATASETS, ROOT

import fgopt
from fgopt import _library

PACKAGE = pathlib.Path(fgopt.__file__).resolve().parent
INSTALLED_AS = os.environ.get("FGOPT_WHEEL")
SPHERE = f"{DATASETS}/sphere2500.g2o" if DATASETS else str(ROOT / "datasets/small/sphere.g2o")


def loaded_libraries():
    """Files that are mapped into this process."""
    lines = pathlib.Path("/proc/self/maps").read_text().splitlines()
    return {line.split(maxsplit=5)[5] for line in lines if ".so" in line}


def python(code, **environment):
    """What a new interpreter prints, with a copy of this environment."""
    around = {k: v for k, v in os.environ.items() if k not in environment}
    around.update({k: v for k, v in environment.items() if v is not None})
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=around, check=False)


def test_the_library_is_a_file_of_this_version():
    assert pathlib.Path(fgopt.library_path).is_file()
    assert fgopt.version == fgopt.__version__ == _library.lib.fgo_version().decode()
    assert pathlib.Path(fgopt.library_path).name.startswith("libfgopt.so")


@pytest.mark.skipif(INSTALLED_AS is None, reason="FGOPT_WHEEL is not set: tests/wheel does")
def test_the_installed_package_takes_the_library_it_should():
    assert ROOT not in PACKAGE.parents or ROOT / "build" in PACKAGE.parents
    assert _library._wanted_version() == fgopt.version
    bundled = PACKAGE / "_lib" in pathlib.Path(fgopt.library_path).parents
    assert bundled == (INSTALLED_AS != "system")
    assert (PACKAGE / "_include/fgopt/version.h").is_file() == bundled
    assert (_library.include_folders()[0] == PACKAGE / "_include") == bundled


@pytest.mark.skipif(INSTALLED_AS in (None, "tree", "system"), reason="not the repaired wheel")
def test_the_repaired_wheel_brings_its_libraries():
    names = ("cholmod", "amd", "metis", "lapack", "openblas", "blas", "gfortran", "zstd")
    carried = {pathlib.Path(p).name for p in loaded_libraries() if PACKAGE.parent / "fgopt.libs" in pathlib.Path(p).parents}
    assert all(any(f"lib{name}" in library for library in carried) for name in names), carried
    code = "import ctypes, fgopt; print(*[l.split()[-1] for l in open('/proc/self/maps') if '.so' in l])"
    for path in set(python(code).stdout.split()):
        assert not any(f"/lib{name}" in path for name in names) or PACKAGE.parent in pathlib.Path(path).parents, path


@pytest.mark.skipif(INSTALLED_AS not in (None, "system"), reason="the wheel's library stays where its own libraries are")
def test_a_system_library_is_found(tmp_path):
    """A package without _lib, and a library that only the dynamic linker knows."""
    shutil.copytree(PACKAGE, tmp_path / "site/fgopt", ignore=shutil.ignore_patterns("_lib", "_include", "__pycache__"))
    (tmp_path / "prefix/lib").mkdir(parents=True)
    (tmp_path / "prefix/lib/libfgopt.so").symlink_to(pathlib.Path(fgopt.library_path).resolve())
    code = "import fgopt; g = fgopt.Graph(); g.add_se2(0, [1, 2, 3]); print(fgopt.version, len(g), fgopt.__file__)"
    done = python(code, PYTHONPATH=str(tmp_path / "site"), LD_LIBRARY_PATH=str(tmp_path / "prefix/lib"), FGOPT_LIBRARY=None)
    assert done.stdout.split()[:2] == [fgopt.version, "1"] and str(tmp_path) in done.stdout, done.stderr


def test_a_library_that_is_not_the_right_one_is_refused(tmp_path):
    with pytest.raises(fgopt.LibraryError, match=rf"it is version {fgopt.version}, this package is made for 9\.9\.9"):
        _library._load("9.9.9")
    (tmp_path / "libfgopt.so").write_text("no library")
    other = ctypes.util.find_library("m")
    for wrong, why in ((tmp_path / "libfgopt.so", "libfgopt.so"), (tmp_path / "none", "none"), (other, "fgo_")):
        done = python("import fgopt", FGOPT_LIBRARY=str(wrong), PYTHONPATH=str(PACKAGE.parent))
        assert "LibraryError: libfgopt cannot be loaded; set FGOPT_LIBRARY" in done.stderr and why in done.stderr


def test_five_lines(tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "sphere.png"
    code = f"""import fgopt
g = fgopt.load({SPHERE!r})
s = g.optimize()
g.plot().figure.savefig({str(picture)!r})
print(s)"""
    done = python(code, MPLBACKEND="Agg")
    assert done.stdout.startswith("Summary(converged") and not done.stderr, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")

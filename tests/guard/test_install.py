# SPDX-License-Identifier: BSD-3-Clause
"""Installs into a folder, moves the folder, and uses what is there from outside: CMake, pkg-config, C, C++, own factor."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from installed import libdir, prefix, run, runtime  # noqa: F401: fixtures

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
CONSUMER = ROOT / "tests/consumer"
OWN_FACTOR = ROOT / "examples/wheel_slip.c"


def test_files_are_where_they_belong(prefix, libdir):
    headers = {p.name.removesuffix(".in") for p in (ROOT / "include/fgopt").iterdir()}
    assert {p.name for p in (prefix / "include/fgopt").iterdir()} == headers
    assert os.access(prefix / "bin/fgopt", os.X_OK)
    assert (libdir / "libfgopt.a").exists()
    version = re.search(r"project\(fgopt VERSION (\d+)\.(\d+\.\d+)", (ROOT / "CMakeLists.txt").read_text())
    soname = f"libfgopt.so.{version[1]}"
    assert f"[{soname}]" in run("readelf", "-d", libdir / "libfgopt.so")
    assert (libdir / soname).resolve().name == f"{soname}.{version[2]}"


def test_nothing_remembers_where_it_was_built_or_installed(prefix):
    for path in prefix.rglob("*"):
        if path.is_file() and path.suffix not in (".so", ".a") and not path.is_symlink():
            content = path.read_bytes()
            assert b"first place" not in content, path
            if path.suffix in (".cmake", ".pc", ".h", ".1", ""):
                assert os.fsencode(ROOT) not in content, path


def test_program_manual_and_completion(prefix):
    version = run(prefix / "bin/fgopt", "--version")
    assert re.search(r"\b\d+\.\d+\.\d+\b", version) and "BSD-3-Clause" in version
    manual = (prefix / "share/man/man1/fgopt.1").read_text()
    assert manual.startswith(".TH") or "\n.TH" in manual
    assert "max\\-iterations" in manual or "max-iterations" in manual
    completion = prefix / "share/bash-completion/completions/fgopt"
    assert "fgopt" in run("bash", "-c", 'source "$1"; complete -p fgopt', "bash", completion)


def test_find_package(prefix, runtime, tmp_path):
    run("cmake", "-S", CONSUMER, "-B", tmp_path, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DOWN_FACTOR={OWN_FACTOR}")
    run("cmake", "--build", tmp_path)
    for program in ("c_shared", "cxx_shared", "own_factor"):
        run(tmp_path / program, env=runtime, cwd=tmp_path)
    run(tmp_path / "c_static")  # without the shared library


def test_find_package_refuses_another_version(prefix, tmp_path):
    done = subprocess.run(["cmake", "-S", CONSUMER, "-B", tmp_path, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
                           "-DFGOPT_WANTED=99.0", f"-DOWN_FACTOR={OWN_FACTOR}"], capture_output=True, text=True)
    assert done.returncode != 0 and "compatible with requested version" in " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def pkg_config(libdir):
    tool = shutil.which("pkg-config")
    if not tool:
        pytest.skip("no pkg-config")
    # the folder has a blank in its name, which pkg-config escapes for a shell
    return lambda *a: run("sh", "-c", f"for word in $({tool} {' '.join(a)} fgopt | sed 's/\\\\ /@/g'); do echo $word; done",
                          env={**os.environ, "PKG_CONFIG_PATH": str(libdir / "pkgconfig")}).replace("@", " ").splitlines()


@pytest.mark.parametrize("compiler, source", [("cc", CONSUMER / "main.c"), ("c++", CONSUMER / "main.cpp"),
                                              ("cc", OWN_FACTOR)], ids=["c", "c++", "own factor"])
def test_pkg_config(pkg_config, runtime, tmp_path, compiler, source):
    run(compiler, source, "-O1", *pkg_config("--cflags", "--libs"), "-lm", "-o", tmp_path / "program")
    run(tmp_path / "program", env=runtime, cwd=tmp_path)


def test_pkg_config_static(pkg_config, libdir, tmp_path):
    libraries = [libdir / "libfgopt.a" if word == "-lfgopt" else word for word in pkg_config("--static", "--libs")]
    run("cc", CONSUMER / "main.c", *pkg_config("--cflags"), *libraries, "-o", tmp_path / "program")
    run(tmp_path / "program")


def test_a_build_without_gpl_modules(tmp_path):
    """It is the same program; CHOLMOD factorizes the sphere, which would be supernodal, simplicially."""
    run("cmake", "-S", ROOT, "-B", tmp_path, "-G", "Ninja", "-DFGOPT_GPL_MODULES=OFF", "-DFGOPT_TESTS=OFF")
    run("cmake", "--build", tmp_path, "--target", "fgopt_cli")
    cli = tmp_path / "fgopt"
    version = run(cli, "--version")
    assert "LGPL" in version and "GPL-2+" not in version
    run(cli, "generate", "sphere", "--poses", "400", "--seed", "1", "-o", tmp_path / "sphere.g2o")
    run(cli, "optimize", tmp_path / "sphere.g2o", "--linear-solver", "cholmod", "-o", tmp_path / "out.g2o")

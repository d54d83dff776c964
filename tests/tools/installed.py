# SPDX-License-Identifier: BSD-3-Clause
"""fgopt installed into a folder and moved: fixtures of the tests that use it from outside."""
import os
import subprocess

import pytest


def run(*command, **keywords):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **keywords)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    if "FGOPT_BUILD" not in os.environ:
        pytest.skip("FGOPT_BUILD, the build folder, is not set")
    folder = tmp_path_factory.mktemp("install")
    run("cmake", "--install", os.environ["FGOPT_BUILD"], "--prefix", folder / "first place")
    (folder / "first place").rename(folder / "second place")
    return folder / "second place"


@pytest.fixture(scope="module")
def libdir(prefix):
    return next(prefix.rglob("libfgopt.so")).parent


@pytest.fixture(scope="module")
def runtime(libdir):
    return {**os.environ, "LD_LIBRARY_PATH": str(libdir)}

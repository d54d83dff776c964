# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the program share."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMALL = ROOT / "datasets/small"
CLI = os.environ.get("FGOPT_CLI")
needs_cli = pytest.mark.skipif(CLI is None, reason="FGOPT_CLI, the program, is not set")


def fgopt(*words, code=0, **options):
    """Runs the program and checks its exit code."""
    options.setdefault("capture_output", "stdout" not in options and "stderr" not in options)
    options.setdefault("text", True)
    done = subprocess.run([CLI, *map(str, words)], **options)
    assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def values(path):
    """Numbers of the vertices by id."""
    lines = (line.split() for line in pathlib.Path(path).read_text().splitlines())
    return {int(w[1]): [float(x) for x in w[2:]] for w in lines if w and w[0].startswith("VERTEX")}

# SPDX-License-Identifier: BSD-3-Clause
"""What the README shows is true: C blocks are parts of compiled examples, shell blocks run, links lead somewhere."""
import os
import pathlib
import re
import subprocess

import pytest
from shown import blocks, source_of, stray_lines

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text()
BLOCKS = blocks(TEXT)


def test_c_blocks_come_from_compiled_examples():
    shown = [(note, code) for note, language, code in BLOCKS if language == "c"]
    assert len(shown) >= 2
    for note, code in shown:
        assert source_of(note), f"a C block without its source:\n{code}"
        assert stray_lines(code, (ROOT / source_of(note)).read_text()) == []


def test_the_comparison_sees_a_difference():
    assert stray_lines("a;\nb;\n", "x;\na;\nb;\n") == []
    assert stray_lines("a;\nc;\n", "x;\na;\nb;\nc;\n") != []


def test_marked_shell_blocks_run(tmp_path):
    if "FGOPT_CLI" not in os.environ:
        pytest.skip("FGOPT_CLI, the program, is not set")
    scripts = [code for note, language, code in BLOCKS if note == "run"]
    assert scripts
    environment = {**os.environ, "PATH": f"{pathlib.Path(os.environ['FGOPT_CLI']).parent}:{os.environ['PATH']}"}
    for script in scripts:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment,
                              capture_output=True, text=True)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"


def test_files_that_are_linked_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)", TEXT) + re.findall(r'src="(?!http)([^"]+)"', TEXT):
        assert (ROOT / target).exists(), target

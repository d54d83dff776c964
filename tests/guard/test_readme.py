# SPDX-License-Identifier: BSD-3-Clause
"""What the README and docs/ show is true: C blocks are parts of compiled examples, shell blocks run, links lead somewhere."""
import os
import pathlib
import re
import subprocess

import pytest
from shown import blocks, source_of, stray_lines

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = {page.relative_to(ROOT).as_posix(): blocks(page.read_text()) for page in PAGES}
SHOWN = [(page, note, code) for page, found in BLOCKS.items() for note, language, code in found if language == "c"]
SCRIPTS = [(page, code) for page, found in BLOCKS.items() for note, language, code in found if note == "run"]


def test_c_blocks_come_from_compiled_examples():
    assert {page for page, _, _ in SHOWN} >= {"README.md", "docs/api.md"}
    for page, note, code in SHOWN:
        assert source_of(note), f"{page}: a C block without its source:\n{code}"
        assert stray_lines(code, (ROOT / source_of(note)).read_text()) == []


def test_the_comparison_sees_a_difference():
    assert stray_lines("a;\nb;\n", "x;\na;\nb;\n") == []
    assert stray_lines("a;\nc;\n", "x;\na;\nb;\nc;\n") != []


@pytest.mark.parametrize("page, script", SCRIPTS, ids=[page for page, _ in SCRIPTS])
def test_marked_shell_blocks_run(tmp_path, page, script):
    if "FGOPT_CLI" not in os.environ:
        pytest.skip("FGOPT_CLI, the program, is not set")
    environment = {**os.environ, "PATH": f"{pathlib.Path(os.environ['FGOPT_CLI']).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"


def test_readme_and_the_tour_have_scripts():
    assert {page for page, _ in SCRIPTS} >= {"README.md", "docs/command-line.md"}


def test_readme_is_one_screen_and_says_what_was_measured():
    assert TEXT.count("\n") <= 100
    mean = re.search(r"geometric mean over\s+\d+\s+sets: ([\d.]+)\.", (ROOT / "bench/README.md").read_text())[1]
    assert f"geometric mean {mean} times" in TEXT


def test_exit_codes_are_those_of_the_help():
    if "FGOPT_CLI" not in os.environ:
        pytest.skip("FGOPT_CLI, the program, is not set")
    shown = subprocess.run([os.environ["FGOPT_CLI"], "--help"], capture_output=True, text=True, check=True).stdout
    codes = set(re.findall(r"^  (\d+) +", shown.partition("Exit codes:")[2], flags=re.M))
    page = (ROOT / "docs/command-line.md").read_text().partition("## Exit codes")[2]
    assert codes and codes == set(re.findall(r"^\| (\d+) \|", page, flags=re.M))


def test_files_that_are_linked_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)", TEXT) + re.findall(r'src="(?!http)([^"]+)"', TEXT):
        assert (ROOT / target).exists(), target

# SPDX-License-Identifier: BSD-3-Clause
"""tests/coverage, the gate: on a program with a line and branches that a run may leave out, in two sources of one
name."""
import pathlib
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = """#include <stdlib.h>
int two(void);
int main(int argc, char **argv)
{
    int sum = two();
    for (int i = 1; i < argc; i++)
        if (atoi(argv[i]) > 0)
            sum++;
        else
            sum--;
    return sum > 100;
}
"""


@pytest.fixture
def tree(tmp_path):
    """A copy of the gate, the source compiled with counters, and a function that runs it and then the gate."""
    if not shutil.which("gcc") or not shutil.which("gcov"):
        pytest.skip("skipped: gcc or gcov is not installed")
    for folder in ("tests", "src", "src/other", "build", "build/other"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "tests/coverage", tmp_path / "tests")
    (tmp_path / "src/one.c").write_text(SOURCE)
    (tmp_path / "src/other/one.c").write_text("int two(void)\n{\n    return 2;\n}\n")
    for name in ("one", "other/one"):
        subprocess.run(["gcc", "--coverage", "-O0", "-c", "-o", f"{name}.o", f"../src/{name}.c"], cwd=tmp_path / "build", check=True)
    subprocess.run(["gcc", "--coverage", "-o", "one", "one.o", "other/one.o"], cwd=tmp_path / "build", check=True)

    def gate(*arguments):
        subprocess.run([tmp_path / "build/one", *arguments], check=False)
        return subprocess.run([tmp_path / "tests/coverage", tmp_path / "build"], capture_output=True, text=True)
    gate.folder = tmp_path
    return gate


def test_what_is_executed_passes(tree):
    done = tree("1", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100.0 % of" in done.stdout and "in src\n" in done.stdout and "in src/other\n" in done.stdout
    assert (tree.folder / "build/coverage.txt").read_text() == ""


def test_a_line_that_is_not_executed_is_named_and_fails(tree):
    done = tree("1")
    assert done.returncode == 1 and "less than 95 %" in done.stderr
    assert "src/one.c:10: line\n" in (tree.folder / "build/coverage.txt").read_text()


def test_limits_that_nothing_reaches_fail(tree):
    path = tree.folder / "tests/coverage"
    path.write_text(path.read_text().replace("LINES, BRANCHES = 0.95, 0.85", "LINES, BRANCHES = 1.01, 1.01"))
    done = tree("1", "0")
    assert done.returncode == 1 and "101 %" in done.stderr


def test_a_gate_that_lets_everything_pass_is_seen(tree):
    path = tree.folder / "tests/coverage"
    text = path.read_text()
    path.write_text(text.replace("return lines >= least_lines * all_lines and", "return True or"))
    assert path.read_text() != text
    done = tree("1", "0")
    assert done.returncode == 1 and "does not work" in done.stderr


def test_no_counts_is_an_error(tree):
    done = subprocess.run([tree.folder / "tests/coverage", tree.folder / "build"], capture_output=True, text=True)
    assert done.returncode == 1 and "run the tests first" in done.stderr

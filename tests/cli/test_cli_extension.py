# SPDX-License-Identifier: BSD-3-Clause
"""--extension: manifolds and factors from a shared library, the example of docs/extend/manifold.md, in every command."""
import json
import os
import pathlib
import subprocess

import pytest
from cli_support import CLI, ROOT, fgopt, needs_cli, values

BUILD = pathlib.Path(os.environ.get("FGOPT_BUILD") or pathlib.Path(CLI or "fgopt").parent)
pytestmark = needs_cli
SQUARE = """VERTEX_LEVEL 0 0.1 0 0.1 0
VERTEX_LEVEL 1 1.3 0 0.1 1.4
VERTEX_LEVEL 2 1.3 1 0.1 2.8
VERTEX_LEVEL 3 0.1 1 0.1 -2.1
FIX 0
EDGE_LEVEL 0 1 1 0 0.1 1.5707963267948966 100 0 0 0 100 0 0 100 0 100
EDGE_LEVEL 1 2 1 0 0.1 1.5707963267948966 100 0 0 0 100 0 0 100 0 100
EDGE_LEVEL 2 3 1 0 -0.1 1.5707963267948966 100 0 0 0 100 0 0 100 0 100
EDGE_LEVEL 3 0 1 0 -0.1 1.5707963267948966 100 0 0 0 100 0 0 100 0 100
"""


def build(folder, text, name, *link):
    (folder / f"{name}.c").write_text(text)
    includes = [f"-I{ROOT / 'include'}", f"-I{BUILD / 'include'}"]
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", *includes, folder / f"{name}.c", "-o", folder / f"{name}.so", *link, "-lm"],
                   check=True)
    return folder / f"{name}.so"


@pytest.fixture(scope="module")
def level(tmp_path_factory):
    return build(tmp_path_factory.mktemp("level"), (ROOT / "tests/extend/manifold.c").read_text(), "level")


@pytest.fixture
def square(tmp_path):
    (tmp_path / "square.g2o").write_text(SQUARE)
    return tmp_path / "square.g2o"


def test_without_it_the_lines_are_unknown(square, level):
    assert "no vertex and no edge that fgopt knows" in fgopt("info", square, code=3).stderr
    assert "4 level poses" in fgopt("info", square, "--extension", level).stdout


def test_linked_with_the_library(square, tmp_path):
    """Also then what it calls is the program, not a copy of the library beside it."""
    text = (ROOT / "tests/extend/manifold.c").read_text()
    library = build(tmp_path, text, "linked", f"-L{BUILD}", "-lfgopt", f"-Wl,-rpath,{BUILD}")
    assert "4 level poses" in fgopt("info", square, "--extension", library).stdout


def test_every_command_that_takes_files(square, level, tmp_path):
    own = ("--extension", level)
    out, report = tmp_path / "best.g2o", tmp_path / "report.json"
    fgopt("optimize", square, "-o", out, "--json", report, *own)
    summary = json.loads(report.read_text())
    assert summary["chi2_final"] < 1e-20 < 1 < summary["chi2_initial"]
    assert out.read_text().splitlines()[4] == "FIX 0" and out.read_text().startswith("VERTEX_LEVEL 0 0.1 0 0.1 0\n")
    assert fgopt("check", out, *own).stdout.strip().endswith("nothing found")
    assert fgopt("report", square, "-o", tmp_path / "edges.csv", *own).returncode == 0
    assert (tmp_path / "edges.csv").read_text().count("level_between") == 4
    fgopt("convert", out, tmp_path / "best.tum", *own)
    assert len((tmp_path / "best.tum").read_text().splitlines()) == 4
    facts = json.loads(fgopt("compare", out, tmp_path / "best.tum", "--match", "id", "--json", "-", *own).stdout)
    assert facts["matched"] == 4
    fgopt("plot", square, out, "-o", tmp_path / "both.svg", *own)
    assert (tmp_path / "both.svg").read_text().count("4 poses") == 2
    fgopt("plot", square, "--optimize", "-o", tmp_path / "page.html", *own)
    assert '"points": 4' in (tmp_path / "page.html").read_text()
    fgopt("corrupt", square, "--estimate-noise", "0.1,0", "-o", tmp_path / "sick.g2o", *own)
    before, after = (values(path) for path in (square, tmp_path / "sick.g2o"))
    assert before[0] == after[0] and before[1][3] == after[1][3] and 1e-3 < abs(before[1][0] - after[1][0]) < 1
    assert "fewer than three poses in SE2 or SE3" in fgopt("corrupt", square, "--loops", "1", *own, code=3).stderr


def test_bad_lines_say_where(square, level):
    square.write_text("VERTEX_LEVEL 0 0.1 0 0.1\n")
    done = fgopt("optimize", square, "--extension", level, code=3)
    assert "square.g2o:1:25: the line ends early: VERTEX_LEVEL takes 1 id and 4 numbers (x y z heading)" in done.stderr


@pytest.mark.parametrize("name, text, why", [
    ("silent", "int x;\n", "has no function fgopt_extension"),
    ("idle", "int fgopt_extension(void) { return 0; }\n", "registers nothing that is not known"),
    ("clash", '#include <fgopt/registry.h>\nint fgopt_extension(void) { static fgo_manifold m; m = fgo_manifold_se2; m.ambient = 5;\n'
              "return fgo_register_manifold(&m); }\n", "manifold SE2 (5 numbers, tangent dimension 3) has the name of a built-in one"),
    ("undefined", "int nowhere(void);\nint fgopt_extension(void) { return nowhere(); }\n", "nowhere"),
])
def test_what_cannot_be_loaded_says_why(square, tmp_path, name, text, why):
    done = fgopt("info", square, "--extension", build(tmp_path, text, name), code=2)
    assert "--extension: " in done.stderr and why in done.stderr


def test_files_that_are_no_library(square, tmp_path):
    assert "cannot open" in fgopt("info", square, "--extension", tmp_path / "none.so", code=2).stderr
    assert "ELF" in fgopt("info", square, "--extension", square, code=2).stderr
    assert "--extension needs an argument" in fgopt("info", square, "--extension", code=2).stderr


def test_a_name_is_looked_for_here(square, level):
    done = subprocess.run([CLI, "info", square, "--extension", level.name], cwd=level.parent, capture_output=True,
                          text=True, check=True)
    assert "4 level poses" in done.stdout


def test_commands_without_files_have_none():
    assert "--extension" not in fgopt("generate", "--help").stdout
    assert "--extension LIBRARY" in fgopt("plot", "--help").stdout

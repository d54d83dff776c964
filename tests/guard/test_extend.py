# SPDX-License-Identifier: BSD-3-Clause
"""One extension of each kind from outside, built against what is installed; the pages that show it; the same as built-in ones."""
import os
import pathlib
import re
import shutil
import subprocess

import built_in
import pytest
from installed import libdir, prefix, run, runtime  # noqa: F401: fixtures
from shown import blocks, refreshed, source_of, strays

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
EXTEND = ROOT / "tests/extend"
PROGRAMS = sorted(path.stem for path in EXTEND.glob("*.c"))
PAGES = {path.stem: path.read_text() for path in (ROOT / "docs/extend").glob("*.md")}
NAMED = re.compile(r"`((?:src|solvers|factors|include|tests|examples|python|docs)/[\w./-]+)`")


# ---- from outside ----

def test_find_package(prefix, runtime, tmp_path):  # noqa: F811
    run("cmake", "-S", EXTEND, "-B", tmp_path, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    assert "warning" not in run("cmake", "--build", tmp_path)
    assert len(PROGRAMS) == 6
    for program in PROGRAMS:
        assert run(tmp_path / program, env=runtime, cwd=tmp_path)


def test_pkg_config(prefix, libdir, runtime, tmp_path):  # noqa: F811
    """Any build system will do: what pkg-config says of the header's folder and of the library is enough."""
    if not shutil.which("pkg-config"):
        pytest.skip("no pkg-config")
    path = {**os.environ, "PKG_CONFIG_PATH": str(libdir / "pkgconfig")}
    said = run("pkg-config", "--cflags", "--libs", "fgopt", env=path).replace("\\ ", "@").split()
    for program in PROGRAMS:
        run("cc", "-O1", EXTEND / f"{program}.c", *(word.replace("@", " ") for word in said), "-lm", "-o", tmp_path / program)
        run(tmp_path / program, env=runtime, cwd=tmp_path)


PLANTED = {  # a fault in the extension, which its check or its use must find
    "factor": ("v2_sub(b.t, a.t)", "b.t"),
    "manifold": ("d[HEADING] = k == 5;", "d[HEADING] = -(k == 5);"),
    "loss": ("1.0 / (1.0 + u)", "1.0 / (1.0 + 2.0 * u)"),
    "linear_solver": ("sum > 1e-14 * Hi[i - s->first[i]]", "sum > 0.0"),
    "strategy": ("s->step_norm = sqrt(dot(n, dx, dx));", "s->step_norm = 2.0 * sqrt(dot(n, dx, dx));"),
    "format": ("fgo_output_number(out, number[i]);", "fgo_output_number(out, (float)number[i]);"),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_planted_fault_is_found(prefix, libdir, runtime, tmp_path, program):  # noqa: F811
    text = (EXTEND / f"{program}.c").read_text()
    old, new = PLANTED[program]
    assert text.count(old) == 1
    (tmp_path / "wrong.c").write_text(text.replace(old, new))
    run("cc", "-O1", tmp_path / "wrong.c", f"-I{prefix / 'include'}", f"-L{libdir}", "-lfgopt", "-lm", "-o", tmp_path / "wrong")
    assert subprocess.run([tmp_path / "wrong"], env=runtime, cwd=tmp_path, capture_output=True).returncode == 1


# ---- the pages ----

def test_there_is_a_page_for_each_kind():
    assert set(PAGES) == set(built_in.files()) == {program.replace("_", "-") for program in PROGRAMS} | {"command"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_page_shows_the_whole_program(program):
    shown = {source_of(note): code for note, _, code in blocks(PAGES[program.replace("_", "-")])}
    assert shown[f"tests/extend/{program}.c"] == (EXTEND / f"{program}.c").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_blocks_are_what_they_come_from(page):
    assert strays(PAGES[page]) == []
    assert refreshed(PAGES[page]) == PAGES[page]


def test_a_difference_is_seen(tmp_path):
    (tmp_path / "a.c").write_text("a;\nb;\nc;\n")
    page = "Text.\n\n<!-- from a.c -->\n```c\na;\nb;\nd;\n```\n"
    assert strays(page, tmp_path) == ["a;", "b;", "d;"]
    assert strays(refreshed(page, tmp_path), tmp_path) == []
    assert strays(page.replace("from", "by"), tmp_path) == []


@pytest.mark.parametrize("page", PAGES)
def test_places_that_a_page_names_exist(page):
    added = {path for path, _ in built_in.files().values()}
    assert [path for path in NAMED.findall(PAGES[page]) if path not in added and not (ROOT / path).exists()] == []
    assert NAMED.findall("in `src/gone.c`, `x`") == ["src/gone.c"]


@pytest.mark.parametrize("kind", built_in.ROWS)
def test_a_page_counts_the_places_of_a_built_in_one(kind):
    """The places named under "Built in" are those that the build below adds and edits, and are as many as it says."""
    section = PAGES[kind].split("\n## Built in\n")[1]
    places = [built_in.files()[kind][0], *(path for path, _, _ in built_in.ROWS[kind])]
    count = re.search(r"\*\*(\w+) places", section)[1]
    assert ["Two", "Three"].index(count) + 2 == len(places)
    assert set(re.findall(r"^\d\. `([^`]+)`", section, re.M)) == set(places)
    for _, _, row in built_in.ROWS[kind]:
        assert row.strip().removesuffix("\\").strip() in section


# ---- built in ----

def factor_rows(tree, out):
    return subprocess.run(["cmake", f"-DROOT={tree}", f"-DOUT={out}", "-P", ROOT / "cmake/factor_rows.cmake"], capture_output=True, text=True)


@pytest.mark.parametrize("path, old, new, message", [
    ("include/fgopt/factors.h", "fgo_range_se2,", "fgo_lonely, fgo_range_se2,", "declares fgo_lonely, but no file in factors/ has its row"),
    ("include/fgopt/factors.h", "fgo_range_se2, ", "", "has a row with fgo_range_se2, which"),
    ("factors/points/range_se2.c", "FGOI_ROW(range_se2", "FGOI_ROW(range_se3", "declares fgo_range_se2, but"),
    ("factors/poses/prior_se2.c", ".log = &fgo_prior_se2_log", ".log = NULL", "declares fgo_prior_se2_log, but"),
    ("factors/vectors/rn.c", "FGOI_ROW_RN(between_rn", "FGOI_ROW_RN(beyond_rn", "declares fgo_between_rn, but"),
])
def test_a_class_without_a_row_fails_the_build(tmp_path, path, old, new, message):
    for name in ("include", "factors"):
        shutil.copytree(ROOT / name, tmp_path / name)
    text = (tmp_path / path).read_text()
    assert old in text
    (tmp_path / path).write_text(text.replace(old, new))
    done = factor_rows(tmp_path, tmp_path / "rows.h")
    assert done.returncode and message in " ".join(done.stderr.split()), done.stderr
    assert not (tmp_path / "rows.h").exists()


def test_the_table_has_the_order_of_the_declarations(tmp_path):
    assert factor_rows(ROOT, tmp_path / "rows.h").returncode == 0
    rows = re.findall(r"ROW\((\w+)\) *\\?$", (tmp_path / "rows.h").read_text().partition("\n")[2].partition("\n")[2], re.M)
    header = (ROOT / "include/fgopt/factors.h").read_text().split('extern "C" {')[1]
    at = [re.search(rf"\bfgo_{row}\b", header).start() for row in rows]
    assert len(rows) >= 29 and at == sorted(at) and len(set(at)) == len(rows)


MANIFOLD = """
#include <fgopt/fgopt.h>
#include <stdio.h>
int main(void)
{
    fgo_manifold m;
    fgo_manifold_report r;
    if (fgo_manifold_find("Level", &m) || fgo_check_manifold(&m, NULL, 0, &r)) return 1;
    return r.fault || !fgo_factor_class_find("robot_range") || !fgo_loss_class_find("fair");
}
"""


def test_one_of_each_kind_built_in(tmp_path):
    """The number of places is measured: a copy of the tree gets one of each kind, and all faces know them."""
    tree, build = tmp_path / "tree", tmp_path / "build"
    tree.mkdir()
    for name in ("cmake", "include", "src", "solvers", "factors"):
        shutil.copytree(ROOT / name, tree / name)
    for name in ("CMakeLists.txt", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree / name)
    built_in.add_all(tree)
    run("cmake", "-S", tree, "-B", build, "-G", "Ninja", "-DFGOPT_TESTS=OFF", "-DFGOPT_WERROR=ON")
    run("cmake", "--build", build, "--target", "fgopt_cli", "fgopt")
    cli, graph, log = build / "fgopt", tmp_path / "square.g2o", tmp_path / "square.odolog"
    text = (EXTEND / "factor.c").read_text().split("file = ")[1].split(";")[0]
    lines = [line + "\n" for line in re.findall(r'"([^"]*?)\\n"', text)]
    assert len(lines) == 9
    graph.write_text("".join(lines))
    own = ("--method", "dogleg", "--linear-solver", "envelope", "--loss", "fair:100")
    assert "converged" in run(cli, "optimize", graph, *own, "-o", tmp_path / "out.g2o")
    assert "EDGE_ROBOT_RANGE 0 3 1 10000" in (tmp_path / "out.g2o").read_text()
    assert run(cli, "count", graph) == "4\n" and "count the variables" in run(cli, "--help")
    graph.write_text("".join(line for line in lines if line.startswith("EDGE_SE2")))
    run(cli, "convert", graph, log)
    assert log.read_text().splitlines()[2].startswith("2 3 1.3 0 1.57")
    assert run(cli, "count", log) == run(cli, "count", "--format", "odolog", log) == "4\n"
    assert run(cli, "info", log).startswith(f"{log}: odolog, {log.stat().st_size} bytes, 3 lines\n")
    graph.write_text("VERTEX_LEVEL 1 0 0 0.5 0\nVERTEX_LEVEL 2 1 2 0.5 3.5\n")
    assert "2 level poses" in run(cli, "info", graph)
    run(cli, "convert", graph, tmp_path / "level.tum")
    assert (tmp_path / "level.tum").read_text().splitlines()[1].startswith("2 1 2 0.5 0 0 0.98")
    (tmp_path / "look.c").write_text(MANIFOLD)
    folders = [f"-I{tree / 'include'}", f"-I{build / 'include'}", f"-L{build}"]
    run("cc", tmp_path / "look.c", *folders, "-lfgopt", "-lm", "-o", tmp_path / "look")
    run(tmp_path / "look", env={**os.environ, "LD_LIBRARY_PATH": str(build)})

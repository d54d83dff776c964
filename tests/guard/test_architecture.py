# SPDX-License-Identifier: BSD-3-Clause
"""The direction of includes, names, headers and file hygiene; and that each checker finds a planted violation."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import architecture
import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted(p.name.removesuffix(".in") for p in (ROOT / "include/fgopt").iterdir())
PLAIN = architecture.plain_headers(ROOT)
AUTHORS = [h for h in HEADERS if h not in PLAIN]


@pytest.fixture
def build():
    if "FGOPT_BUILD" not in os.environ:
        pytest.skip("FGOPT_BUILD, the build folder, is not set")
    return pathlib.Path(os.environ["FGOPT_BUILD"])


@pytest.fixture
def plant(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path
    return write


# ---- the tree ----

def test_includes_point_down():
    assert architecture.check_direction(ROOT) == []


def test_other_libraries_stay_behind_one_file():
    assert architecture.check_reserved(ROOT) == []


def test_length_licence_and_nothing_unfinished():
    assert architecture.check_text(ROOT) == []


def test_no_text_of_the_library_names_a_flag():
    assert architecture.check_words(ROOT) == []


def test_the_formats_are_documented():
    assert architecture.check_formats(ROOT) == []


def test_only_residual_h_and_what_it_needs_is_not_plain():
    assert "residual.h" in AUTHORS
    assert {"status.h", "export.h", "version.h", "graph.h", "factor.h"} <= set(PLAIN)


def test_the_folders_have_no_cycle():
    for table in (architecture.BELOW, architecture.PROGRAM):
        for room in table:
            assert not any(room in architecture.reachable(below) for below in table[room])


def test_every_folder_of_sources_has_a_row_and_every_row_a_folder():
    rows = {*architecture.BELOW, *architecture.PROGRAM}
    found = {path.parent.relative_to(ROOT).as_posix() for folder in ("src", "solvers", "factors")
             for path in (ROOT / folder).rglob("*.[ch]")}
    assert found | {"include/fgopt"} == rows


def test_python_modules_import_each_other_in_no_circle():
    assert len(list((ROOT / "python/fgopt").glob("*.py"))) > 20
    assert architecture.check_python_circles(ROOT) == []


def object_symbols(folder):
    """Of each object file of a build, by the path of its source: what it defines and what it needs from elsewhere."""
    out = {}
    for path in folder.rglob("*.o"):
        lines = subprocess.run(["nm", "--extern-only", "--format=posix", path], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in lines.splitlines()]
        name = path.relative_to(folder).as_posix().removesuffix(".o")
        out[name] = ({row[0] for row in rows if row[1] != "U"}, {row[0] for row in rows if row[1] == "U"})
    return out


def test_links_point_down(build):
    """What headers cannot show: a function declared low and defined high is an arrow up for those who call it."""
    symbols = object_symbols(build / "CMakeFiles/fgopt_objects.dir")
    symbols = {name: one for name, one in symbols.items() if name.rsplit("/", 1)[0] in architecture.BELOW}
    assert len(symbols) > 80 and architecture.check_links(symbols) == []


def test_links_of_the_program_point_down(build):
    symbols = object_symbols(build / "CMakeFiles/fgopt_program.dir")
    symbols = {name: one for name, one in symbols.items() if name.rsplit("/", 1)[0] in architecture.PROGRAM}
    assert len(symbols) > 40 and architecture.check_links(symbols) == []


def global_names(*arguments):
    out = subprocess.run(["nm", "--defined-only", "--format=posix", *map(str, arguments)], capture_output=True,
                         text=True, check=True).stdout
    return {line.split()[0] for line in out.splitlines() if len(line.split()) > 2}


def test_the_shared_library_exports_the_public_headers(build):
    exported = global_names("--dynamic", build / "libfgopt.so")
    assert len(exported) > 50
    assert architecture.check_names(exported, ("fgo_",)) == []
    assert architecture.check_exports(exported, architecture.declared(ROOT)) == []


def test_globals_of_the_static_library_carry_the_prefix(build):
    assert architecture.check_names(global_names("--extern-only", build / "libfgopt.a"), ("fgo_", "fgoi_")) == []


def machine_flags(commands):
    return [word for command in commands for word in command.split() if re.match(r"-m(arch|tune|cpu|avx|fma)|-Ofast|-ffast-math", word)]


def test_the_build_runs_on_any_cpu_of_its_family(build):
    """Only kernels that are chosen at run time (src/base/cpu.h) are compiled for more than the baseline; their names say so."""
    entries = json.loads((build / "compile_commands.json").read_text())
    commands = [entry["command"] for entry in entries if not re.search(r"[_/]avx(2|512)\.c$", entry["file"])]
    assert len(commands) > 20 and machine_flags(commands) == []
    assert machine_flags(["cc -O2 -march=native -c a.c", "cc -mavx2 -Ofast"]) == ["-march=native", "-mavx2", "-Ofast"]


def compile_alone(build, tmp_path, command, header, before=""):
    source = tmp_path / ("alone.cpp" if "++" in command[0] else "alone.c")
    source.write_text(f"{before}#include <fgopt/{header}>\n#include <fgopt/{header}>\nextern int x;\n")
    if not shutil.which(command[0]):
        pytest.skip(f"no {command[0]}")
    return subprocess.run([*command, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}",
                           f"-I{build / 'include'}", str(source)], capture_output=True, text=True)


@pytest.mark.parametrize("header", PLAIN)
@pytest.mark.parametrize("command", [["gcc", "-std=c11", "-Wpedantic"], ["clang", "-std=c11", "-Wpedantic"],
                                     ["g++", "-std=c++11", "-Wpedantic"], ["clang++", "-std=c++11", "-Wpedantic"]],
                         ids=lambda c: c[0])
def test_a_public_header_compiles_alone(build, tmp_path, command, header):
    done = compile_alone(build, tmp_path, command, header)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("header", AUTHORS)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_header_for_authors_of_factors_compiles_alone(build, tmp_path, compiler, header):
    done = compile_alone(build, tmp_path, [compiler, "-std=gnu11"], header, "#define FGO_PARTIALS 3\n")
    assert done.returncode == 0, done.stderr


# ---- the checkers, on planted violations ----

@pytest.mark.parametrize("name, text, finding", [
    ("src/graph/graph.c", '#include "system/system.h"\n', "src/graph must not see src/system"),
    ("src/manifold/manifold.c", "#include <fgopt/graph.h>\n", "src/manifold must not see fgopt/graph.h"),
    ("src/manifold/m.c", "#include <fgopt/factor.h>\nint fgo_m(void)\n{\n    return 0;\n}\n", "src/manifold must not see src/factor"),
    ("solvers/linear/cholmod.c", '#include "graph/graph_private.h"\n', "solvers/linear must not see src/graph"),
    ("solvers/block/kernel/avx2.c", '#include "../cholesky.h"\n', "solvers/block/kernel must not see solvers/block"),
    ("factors/poses/between.c", "#  include <fgopt/solver.h>\n", "factors/poses must not see fgopt/solver.h"),
    ("factors/poses/between.c", '#include "points/direction.h"\n', "factors/poses must not see factors/points"),
    ("src/io/format/g2o.c", '#include "system/system.h"\n', "src/io/format must not see src/system"),
    ("src/io/read/reader.c", '#include "io/write/writer.h"\n', "src/io/read must not see src/io/write"),
    ("src/app/main.c", '#include "graph/graph_private.h"\n', "only public headers"),
    ("src/app/shell/help.c", '#include "commands/optimize.h"\n', "src/app/shell must not see src/app/commands"),
    ("src/novelty/new.c", "", "has no row"),
    ("src/graph/graph.c", '#include "novelty.h"\n', "src/graph must not see src"),
])
def test_the_direction_checker_sees(plant, name, text, finding):
    for header in ("src/system/system.h", "src/graph/graph_private.h", "solvers/block/cholesky.h", "factors/points/direction.h",
                   "src/io/write/writer.h", "src/app/commands/optimize.h"):
        plant(header, "")
    plant("src/factor/f.c", "int fgo_f(void)\n{\n    return 0;\n}\n")
    plant("include/fgopt/factor.h", "FGO_API int fgo_f(void);\n")
    root = plant(name, text)
    found = architecture.check_direction(root)
    assert len(found) == 1 and finding in found[0] and name in found[0]


def test_a_public_header_belongs_to_the_lowest_folder_that_defines_what_it_declares(plant):
    plant("include/fgopt/graph.h", "#include <fgopt/factor.h>\nFGO_API int fgo_a(void);\nFGO_API double fgo_b(int x);\n")
    plant("include/fgopt/factor.h", "FGO_API extern const int fgo_t;\n")
    plant("src/factor/t.c", "const int fgo_t = 1;\n")
    plant("src/evaluate/b.c", "double fgo_b(int x)\n{\n    return x;\n}\n")
    root = plant("src/graph/a.c", "int fgo_a(void) { return 0; }\n")
    assert architecture.public_rooms(root) == {"fgopt.h": "include/fgopt", "graph.h": "src/graph", "factor.h": "src/factor"}


def test_the_link_checker_sees():
    symbols = {"src/base/a.c": ({"fgoi_a"}, {"malloc"}), "src/graph/b.c": ({"fgo_b"}, {"fgoi_a", "fgo_c"}),
               "src/system/c.c": ({"fgo_c"}, {"fgo_b"})}
    assert architecture.check_links(symbols) == ["src/graph/b.c: fgo_c is of src/system/c.c; src/graph must not see src/system"]


@pytest.mark.parametrize("modules, circles", [
    ({"a": "from . import b\n", "b": "from .a import x\n"}, ["a.py:1: a -> b -> a"]),
    ({"a": "from .b import x\n", "b": "import os\nfrom .c import x\n", "c": "from . import _q as Q, a\n", "_q": ""},
     ["a.py:1: a -> b -> c -> a"]),
    ({"a": "def f():\n    from .b import x\n    return x\n", "b": "class B:\n    from . import a\n"}, ["a.py:2: a -> b -> a"]),
    ({"a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import B\n", "b": "from .a import A\n"},
     ["a.py:3: a -> b -> a"]),
    ({"a": "import fgopt.b\n", "b": "from fgopt.a import x\n"}, ["a.py:1: a -> b -> a"]),
    ({"__init__": "from .a import x\n", "a": "from . import version\n"}, ["__init__.py:1: __init__ -> a -> __init__"]),
    ({"a": "from .b import x\nfrom .c import x\n", "b": "from .a import x\n", "c": "from .b import x\n"},
     ["a.py:1: a -> b -> a", "a.py:2: a -> c -> b -> a"]),
    ({"a": "from . import a\n"}, ["a.py:1: a -> a"]),
    ({"a": "from . import b, c\n", "b": "from .c import a\n", "c": "import numpy as a\nfrom ..other import b\n"}, []),
], ids=["direct", "of three", "in a function", "for types", "absolute", "of the package", "two", "itself", "none"])
def test_the_circle_checker_sees(plant, modules, circles):
    for name, text in modules.items():
        root = plant(f"python/fgopt/{name}.py", text)
    assert architecture.check_python_circles(root) == [f"python/fgopt/{circle}" for circle in circles]


def test_the_reserved_checker_sees(plant):
    plant("solvers/linear/cholmod.c", "#include <cholmod.h>\n")
    plant("solvers/linear/dense.c", "#include <lapacke.h>\n")
    plant("src/app/shell/json.c", "#include <jansson.h>\n")
    assert len(architecture.check_reserved(plant("src/pattern.c", "#include <cholmod.h>\n"))) == 1
    assert len(architecture.check_reserved(plant("factors/prior.c", "#include <lapacke.h>\n"))) == 2
    assert len(architecture.check_reserved(plant("src/app/pictures/record.c", "#include <jansson.h>\n"))) == 3


SPDX = "/* SPDX-License-Identifier: BSD-3-Clause */\n"
OPENING = "/* a.c -- what it is. */\n"


@pytest.mark.parametrize("text, finding", [
    ("int y;\n" + OPENING, "no SPDX"),
    (SPDX + OPENING + "\n" * architecture.MAX_LINES, "lines, more than"),
    (SPDX + OPENING + "/* TO" "DO: later */\n", ":3: unfinished"),
    (SPDX + OPENING + "\nint x; // FIX" "ME\n", ":4: unfinished"),
    (SPDX + "int x;\n", "does not begin with /* a.c -- "),
    (SPDX + "\n" + OPENING, "does not begin with /* a.c -- "),
    (SPDX + "/* b.c -- of another name. */\n", "does not begin with /* a.c -- "),
    (SPDX + "/* a.c -- */\n", "does not begin with /* a.c -- "),
    (SPDX + "/* What it is, without its name. */\n", "does not begin with /* a.c -- "),
])
def test_the_text_checker_sees(plant, text, finding):
    found = architecture.check_text(plant("src/a.c", text))
    assert len(found) == 1 and finding in found[0]


def test_the_format_checker_sees(plant):
    plant("docs/formats.md", "| `VERTEX_A` | `.a` | VERTEX_B without its quotes\n")
    root = plant("src/io/format/a.c", '{ .name = "VERTEX_A" },\n{ .name = "VERTEX_B" },\nendings[] = { ".a", ".b", NULL };\n')
    assert architecture.check_formats(root) == ["src/io/format/a.c: VERTEX_B is not in docs/formats.md",
                                                "src/io/format/a.c: .b is not in docs/formats.md"]


@pytest.mark.parametrize("text, findings", [
    ('const char *a = "read it with --weights";\n', 1),
    ("const char q = '\"', *a = \"no \\\" quote --init\";\n/* with --loss */\n", 1),
    ("/* a comment with --flags and a \" */ int i = 3; // \"--\"\nint j; void f(void) { j--; }\nchar c = '\"', *p; int k = --j;\n", 0),
])
def test_the_words_checker_sees(plant, text, findings):
    plant("src/app/shell/help.c", 'const char *a = "--help";\n')  # the program's own
    found = architecture.check_words(plant("src/doctor/a.c", text))
    assert len(found) == findings and all("src/doctor/a.c:1" in line for line in found)


def test_the_export_checker_sees(plant):
    root = plant("include/fgopt/a.h", """
        /* FGO_API void fgo_in_a_comment(void); */
        #define FGO_API __attribute__((visibility("default")))
        FGO_API const char *fgo_f(int (*callback)(void *), void *user);
        FGO_API extern const struct s fgo_u, fgo_v;
        void fgo_not_public(void);""")
    public = architecture.declared(root)
    assert public == {"fgo_f", "fgo_u", "fgo_v"}
    assert architecture.check_exports({"fgo_f", "fgo_u", "fgo_w"}, public) == [
        "fgo_w: exported, but in no public header", "fgo_v: in a public header, but not exported"]
    assert architecture.check_names({"fgo_a", "fgoi_b", "c"}, ("fgo_", "fgoi_")) == [
        "c: does not begin with fgo_ or fgoi_"]


@pytest.mark.parametrize("command, text", [
    (["gcc", "-std=c11", "-Wpedantic"], "static inline int f(void) { return ({ 1; }); }\n"),  # a GNU extension
    (["gcc", "-std=c11", "-Wpedantic"], "size_t n;\n"),                                       # needs another header
    (["g++", "-std=c++11", "-Wpedantic"], "static inline int *f(void *p) { return p; }\n"),   # not C++
])
def test_the_header_check_sees(plant, tmp_path, command, text):
    root = plant("include/fgopt/bad.h", text)
    assert compile_alone(root, tmp_path, command, "bad.h").returncode != 0

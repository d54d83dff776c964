# SPDX-License-Identifier: BSD-3-Clause
"""The generator of tests/refusals: it forgets no function, and says what it does not know."""
import pathlib
import re
import subprocess
import sys

import architecture
import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted(str(p) for p in (ROOT / "include/fgopt").glob("*.h*"))


@pytest.fixture
def generate(tmp_path):
    def run(planted=""):
        header = tmp_path / "planted.h"
        header.write_text(planted)
        out = tmp_path / "calls.c"
        done = subprocess.run([sys.executable, str(ROOT / "tests/tools/refusals.py"), str(out), *HEADERS, str(header)],
                              capture_output=True, text=True, check=False)
        return done, out.read_text() if done.returncode == 0 else ""
    return run


def test_no_function_is_forgotten(generate):
    done, calls = generate()
    assert done.returncode == 0, done.stderr
    variables = set()
    for path in HEADERS:
        text = re.sub(r"/\*.*?\*/", "", pathlib.Path(path).read_text(), flags=re.S)
        for statement in re.findall(r"FGO_API extern([^;]*);", text):
            variables |= {re.findall(r"\w+", part)[-1] for part in statement.split(",")}
    called = set(re.findall(r'^    \{ "(\w+)"', calls, flags=re.M))
    functions = architecture.declared(ROOT) - variables
    assert len(functions) > 200
    assert functions <= called
    assert {"fgo_solve", "fgo_graph_compare"} <= called, "inline functions are called too"


@pytest.mark.parametrize("prototype, message", [
    ("fgo_status fgo_new(const struct novelty *a);", "fgo_new: no valid argument for the pointer const struct novelty *a"),
    ("fgo_status fgo_new(int flavour);", 'fgo_new: nothing known of the parameter "int flavour"'),
    ("fgo_status fgo_new(fgo_novelty a);", 'fgo_new: nothing known of the parameter "fgo_novelty a"'),
])
def test_what_is_not_known_ends_it(generate, prototype, message):
    done, _ = generate("FGO_API " + prototype)
    assert done.returncode != 0
    assert message in done.stderr


def test_expectations(generate):
    done, calls = generate("typedef enum fgo_taste { FGO_SWEET, FGO_SOUR } fgo_taste;\n"
                           "FGO_API fgo_status fgo_new(const fgo_graph *g, FGO_OPTIONAL double *x, int64_t key, size_t index,\n"
                           "                           fgo_taste taste);\n")
    assert done.returncode == 0, done.stderr
    rows = {(argument, value): expect for argument, value, expect in
            re.findall(r'"fgo_new", "fgo_new", (\w+|"\w+"), "([^"]*)", (\w+)', calls)}
    assert rows["NULL", ""] == "EXPECT_OK"
    assert rows['"g"', "NULL"] == "EXPECT_ARGUMENT"
    assert rows['"x"', "NULL"] == "EXPECT_OK"
    assert rows['"key"', "-1"] == "EXPECT_KEY"
    assert rows['"index"', "SIZE_MAX"] == "EXPECT_ARGUMENT"
    assert rows['"taste"', "(fgo_taste)(FGO_SOUR + 1)"] == "EXPECT_ARGUMENT"

# SPDX-License-Identifier: BSD-3-Clause
"""Classes of users beside those of the library: the example of residual.h compiles as it stands, and a class that has the name
of a built-in one neither replaces it nor passes for it."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=gnu11", "-O2", "-fno-math-errno", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}"]


@pytest.fixture
def build():
    if "FGOPT_BUILD" not in os.environ:
        pytest.skip("FGOPT_BUILD, the build folder, is not set")
    return pathlib.Path(os.environ["FGOPT_BUILD"])


@pytest.fixture(params=["gcc", "clang"])
def compiler(request):
    if not shutil.which(request.param):
        pytest.skip(f"no {request.param}")
    return request.param


def example():
    """The first example of residual.h, its text unchanged but for the margin of the comment."""
    text = (ROOT / "include/fgopt/residual.h").read_text()
    lines = re.search(r" \*     (#define FGO_PARTIALS.*?)\n \* FGO_RESIDUALk", text, re.S).group(0).splitlines()[:-1]
    return "\n".join(line[2:].removeprefix("     ") for line in lines) + "\n"


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_example_of_residual_h_compiles_with_the_whole_interface(build, compiler, tmp_path, order):
    assert "FGO_RESIDUAL2(range, 1, range_measurement, se2, pose, r2, mark)" in example()
    whole = "#include <fgopt/fgopt.h>\n"
    source = tmp_path / "range.c"
    source.write_text(whole + example() if order == "before" else example() + whole)
    done = subprocess.run([compiler, *FLAGS, f"-I{build / 'include'}", "-c", source, "-o", tmp_path / "range.o"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Twice the residual of the library's class of this name.
PROGRAM = r"""
#define FGO_PARTIALS (FGO_SE2 + FGO_SE2)
#include <fgopt/residual.h>
FGO_RESIDUAL2(between_se2, 3, fgo_se2, se2, a, se2, b)
{
    se2 d = se2_between(*z, se2_between(a, b));
    r[0] = r_mul(2, d.t.x);
    r[1] = r_mul(2, d.t.y);
    r[2] = r_mul(2, so2_log(d.R));
}

#include <fgopt/graph.h>
#include <fgopt/io.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    fgo_graph *g;
    double cost = 0;
    int64_t keys[2];
    if (argc < 2 || fgo_graph_read(argv[1], NULL, &g) || fgo_graph_cost(g, &cost) || fgo_graph_factor_keys(g, 0, keys)) {
        fprintf(stderr, "%s\n", fgo_last_message());
        return 1;
    }
    const fgo_status status = fgo_graph_add_factor(g, &fgo_between_se2, keys, fgo_graph_factor_measurement(g, 0), fgo_noise_unit(),
                                                   fgo_loss_none());
    printf("%.17g %d %s\n", cost, status == FGO_ERROR_TYPE, status ? fgo_last_message() : "");
    fgo_graph_free(g);
    return 0;
}
"""

FILE = """VERTEX_SE2 0 0 0 0
VERTEX_SE2 1 1 0 0
EDGE_SE2 0 1 2 0 0 1 0 0 1 0 1
"""


def test_a_class_of_the_same_name_replaces_nothing(build, compiler, tmp_path):
    if not (build / "libfgopt.so").exists():
        pytest.skip("no shared library")
    source, program, graph = tmp_path / "own.c", tmp_path / "own", tmp_path / "two.g2o"
    source.write_text(PROGRAM)
    graph.write_text(FILE)
    subprocess.run([compiler, *FLAGS, f"-I{build / 'include'}", source, "-o", program, f"-L{build}", "-lfgopt", "-lm",
                    f"-Wl,-rpath,{build}"], check=True)
    exported = subprocess.run(["nm", "--dynamic", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    assert "fgo_between_se2" in exported  # so that it would be taken for the library's, were that not bound
    cost, clash, message = subprocess.run([program, graph], capture_output=True, text=True, check=True).stdout.split(" ", 2)
    assert float(cost) == 1.0  # 4 with the residual of the program
    assert clash == "1" and "between_se2" in message

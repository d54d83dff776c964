# SPDX-License-Identifier: BSD-3-Clause
"""The C that residuals become, under AddressSanitizer and UndefinedBehaviorSanitizer: a driver calls each class with buffers of
exactly the size they must have, and NumPy knows what has to come out."""

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from test_residual import EVERY, graph_of

from fgopt import _compile
from fgopt._classes import ambient_of, tangent_of
from fgopt._interpret import evaluate
from fgopt._library import include_folders

COUNT = 20
# No -g: following variables through the inlined dual numbers takes gcc minutes.
SANITIZE = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"]
DRIVER = """
#include <stdio.h>
#include <stdlib.h>

static double *numbers(size_t n, FILE *from)
{
    double *p = malloc(n * sizeof *p + !n);
    if (!p || (from && fread(p, sizeof *p, n, from) != n)) exit(2);
    return p;
}

int main(int argc, char **argv)
{
    const fgo_factor_class *c = &CLASS;
    const size_t count = (size_t)atoi(argv[1]), arity = (size_t)c->arity, z_size = c->measurement_size / 8;
    const size_t e_size = count * (size_t)c->rows, J_size = e_size * (size_t)c->partials;
    double **x = malloc(count * arity * sizeof *x);
    for (size_t i = 0; i < count * arity; i++) x[i] = numbers((size_t)atoi(argv[2 + i % arity]), stdin);
    double *z = numbers(count * z_size - (argc > 2 + (int)arity), stdin); /* one too few: what the sanitizers must see */
    double *e = numbers(e_size, NULL), *value = numbers(e_size, NULL), *J = numbers(J_size, NULL);
    if (c->evaluate(c, count, (const double *const *)x, z, e, J)) return 3;
    if (c->evaluate(c, count, (const double *const *)x, z, value, NULL)) return 3;
    for (size_t i = 0; i < e_size; i++)
        if (e[i] != value[i]) return 4;
    fwrite(e, sizeof *e, e_size, stdout);
    fwrite(J, sizeof *J, J_size, stdout);
    for (size_t i = 0; i < count * arity; i++) free(x[i]);
    free(x), free(z), free(e), free(value), free(J);
    return 0;
}
"""


def compiled(folder, source):
    (folder / "driver.c").write_text(source)
    words = [*_compile.compiler(), "-std=gnu11", "-fno-math-errno", "-ffp-contract=off", *SANITIZE,
             *(f"-I{f}" for f in include_folders()), str(folder / "driver.c"), "-o", str(folder / "driver"), "-lm"]  # fmt: skip
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sanitizers(tmp_path_factory):
    if "FGOPT_WHEEL" in os.environ:
        pytest.skip("the C is the same for every Python")
    if _compile.compiler() is None or compiled(tmp_path_factory.mktemp("empty"), "int main(void) { return 0; }").returncode:
        pytest.skip("no C compiler with sanitizers")


def driver_of(residual, folder):
    symbol = re.search(r"extern const fgo_factor_class (\w+);", residual.c_source)[1]
    done = compiled(folder, residual.c_source + DRIVER.replace("CLASS", symbol))
    assert done.returncode == 0, done.stderr
    return folder / "driver"


def inputs_of(residual):
    """Values of each variable (COUNT, ambient), and the measurements (COUNT, size)."""
    group = (g := graph_of(residual, COUNT)).groups()[0]
    x = [np.array([g[k] for k in g.keys()[group.variables[:, v]].tolist()]) for v in range(len(residual.program.variables))]
    return x, group.measurements.copy()


def run(driver, residual, x, z, *more):
    widths = [str(ambient_of(m)) for _, m in residual.program.variables]
    data = np.concatenate([np.hstack(x).ravel(), z.ravel()[: z.size - len(more)]])
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"}
    words = [str(driver), str(COUNT), *widths, *more]
    return subprocess.run(words, input=data.tobytes(), capture_output=True, check=False, env=environment)


@pytest.mark.parametrize("residual", EVERY, ids=lambda r: r.name)
def test_the_c_of_a_residual_is_clean(sanitizers, tmp_path, residual):
    x, z = inputs_of(residual)
    driver = driver_of(residual, tmp_path)
    done = run(driver, residual, x, z)
    assert done.returncode == 0, done.stderr.decode()
    partials = sum(tangent_of(m) for _, m in residual.program.variables)
    e, J = np.empty((COUNT, residual.rows)), np.empty((COUNT, residual.rows, partials))
    evaluate(residual.program, x, z if z.size else None, e, J)
    out = np.frombuffer(done.stdout)
    assert np.allclose(out[: e.size].reshape(e.shape), e, rtol=1e-12, atol=1e-12)
    assert np.allclose(out[e.size :].reshape(J.shape), J, rtol=1e-9, atol=1e-9)


def test_the_sanitizers_see_a_buffer_that_is_too_small(sanitizers, tmp_path):
    residual = EVERY[0]
    x, z = inputs_of(residual)
    done = run(driver_of(residual, tmp_path), residual, x, z, "one too few")
    assert done.returncode != 0 and b"heap-buffer-overflow" in done.stderr


@pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not there")
def test_valgrind_finds_nothing_in_the_compiled_class(tmp_path):
    if "FGOPT_WHEEL" in os.environ or _compile.compiler() is None:
        pytest.skip("the C is the same for every Python")
    residual = EVERY[3]
    x, z = inputs_of(residual)
    symbol = re.search(r"extern const fgo_factor_class (\w+);", residual.c_source)[1]
    (tmp_path / "driver.c").write_text(residual.c_source + DRIVER.replace("CLASS", symbol))
    flags = [f for f in _compile.FLAGS if f not in ("-shared", "-fPIC")]
    words = [*_compile.compiler(), *flags, *(f"-I{f}" for f in include_folders()), "driver.c", "-o", "driver", "-lm"]
    subprocess.run(words, cwd=tmp_path, check=True)
    widths = [str(ambient_of(m)) for _, m in residual.program.variables]
    check = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "./driver", str(COUNT), *widths]
    data = np.concatenate([np.hstack(x).ravel(), z.ravel()])
    done = subprocess.run(check, cwd=tmp_path, input=data.tobytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

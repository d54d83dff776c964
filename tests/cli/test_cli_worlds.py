# SPDX-License-Identifier: BSD-3-Clause
"""Worlds that are no known data set: the default ends where an optimization from the truth ends, whatever the file's estimate."""
import json
import random
import subprocess

import pytest
from cli_support import CLI, needs_cli

pytestmark = needs_cli


def optimum(graph, *options):
    record = graph.with_suffix(".json")
    done = subprocess.run([CLI, "optimize", graph, "--quiet", "--json", record, *options], capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(record.read_text())["chi2_final"]


def with_vertices(world, other, target):
    """The edges of one file with the vertices of another."""
    vertices = [line for line in other if line.startswith("VERTEX")]
    target.write_text("\n".join(vertices + [line for line in world if line.startswith("EDGE")]) + "\n")
    return target


def scrambled(line, rng):
    """A vertex anywhere within some tens of metres, turned anyhow."""
    tag, key, *x = line.split()
    if tag == "VERTEX_SE2":
        x = [*(rng.gauss(0, 20) for _ in range(2)), rng.uniform(-3, 3)]
    else:
        q = [rng.gauss(0, 1) for _ in range(4)]
        x = [*(rng.gauss(0, 20) for _ in range(3)), *(k / sum(i * i for i in q)**0.5 for k in q)]
    return " ".join([tag, key, *map(repr, x)])


@pytest.mark.parametrize("noise", ["0.05,0.01", "0.1,0.05", "0.2,0.1"])
@pytest.mark.parametrize("kind", ["manhattan", "grid3d", "sphere", "torus", "ring"])
def test_the_default_ends_where_the_truth_leads(tmp_path, kind, noise):
    file, truth = tmp_path / "world.g2o", tmp_path / "truth.g2o"
    subprocess.run([CLI, "generate", kind, "--poses", "400", "--seed", "5", "--noise", noise, "--closures", "0.3",
                    "--truth", truth, "-o", file], check=True, capture_output=True)
    world, rng = file.read_text().splitlines(), random.Random(3)
    best = optimum(with_vertices(world, truth.read_text().splitlines(), tmp_path / "from_truth.g2o"), "--init", "file")
    vertices = [scrambled(line, rng) for line in world if line.startswith("VERTEX")]
    lost = with_vertices(world, vertices, tmp_path / "lost.g2o")
    assert optimum(file) <= best * (1 + 1e-6) + 1e-9
    assert optimum(lost) <= best * (1 + 1e-6) + 1e-9

# SPDX-License-Identifier: BSD-3-Clause
"""Files that end in .gz and .zst are read and written as such."""
import gzip
import json
import subprocess

import pytest
from cli_support import SMALL, fgopt, needs_cli

pytestmark = needs_cli
RING = SMALL / "ring.g2o"


def vertices(path):
    return json.loads(fgopt("info", path, "--json", "-").stdout)["variables"]


def test_gzip(tmp_path):
    packed = tmp_path / "ring.g2o.gz"
    packed.write_bytes(gzip.compress(RING.read_bytes()))
    fgopt("convert", packed, tmp_path / "plain.g2o")
    assert (tmp_path / "plain.g2o").read_text() == RING.read_text()
    fgopt("convert", tmp_path / "plain.g2o", tmp_path / "again.g2o.gz")
    assert gzip.decompress((tmp_path / "again.g2o.gz").read_bytes()) == RING.read_bytes()


def test_gzip_of_several_members(tmp_path):
    text = RING.read_bytes()
    packed = tmp_path / "two.g2o.gz"
    packed.write_bytes(gzip.compress(text[:1000]) + gzip.compress(text[1000:]))
    assert vertices(packed) == vertices(RING)


def test_zstd_there_and_back(tmp_path):
    fgopt("convert", RING, tmp_path / "ring.g2o.zst")
    packed = (tmp_path / "ring.g2o.zst").read_bytes()
    assert packed[:4] == b"\x28\xb5\x2f\xfd" and len(packed) < RING.stat().st_size
    fgopt("convert", tmp_path / "ring.g2o.zst", tmp_path / "plain.g2o")
    assert (tmp_path / "plain.g2o").read_text() == RING.read_text()
    (tmp_path / "two.g2o.zst").write_bytes(packed)
    if subprocess.run(["sh", "-c", "command -v zstd"], capture_output=True).returncode == 0:
        assert subprocess.run(["zstd", "-dc", tmp_path / "ring.g2o.zst"], capture_output=True,
                              check=True).stdout == RING.read_bytes()


def test_large_files(tmp_path):
    """More than the 64 KiB that go through at once, on both sides."""
    fgopt("generate", "manhattan", "-n", 5000, "-o", tmp_path / "m.g2o")
    for ending in ("gz", "zst"):
        fgopt("convert", tmp_path / "m.g2o", tmp_path / f"m.g2o.{ending}")
        assert (tmp_path / f"m.g2o.{ending}").stat().st_size > 100_000
        fgopt("convert", tmp_path / f"m.g2o.{ending}", tmp_path / "back.g2o")
        assert (tmp_path / "back.g2o").read_bytes() == (tmp_path / "m.g2o").read_bytes()


def test_the_format_is_that_before_the_ending(tmp_path):
    fgopt("convert", RING, tmp_path / "ring.graph.gz")
    assert b"EDGE2 " in gzip.decompress((tmp_path / "ring.graph.gz").read_bytes())


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_damage_is_refused(tmp_path, ending):
    whole, path = tmp_path / f"whole.g2o.{ending}", tmp_path / f"bad.g2o.{ending}"
    fgopt("convert", RING, whole)
    path.write_bytes(whole.read_bytes()[:-40])
    assert "end early" in fgopt("info", path, code=3).stderr
    path.write_bytes(RING.read_bytes())
    assert "cannot be decompressed: it is not" in fgopt("info", path, code=3).stderr
    path.write_bytes(b"")
    assert "early" in fgopt("info", path, code=3).stderr

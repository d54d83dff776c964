# SPDX-License-Identifier: BSD-3-Clause
"""The registry of data sets and the script that fetches and checks them; no network is used."""
import bz2
import hashlib
import os
import pathlib
import re
import subprocess

import pytest

pytestmark = pytest.mark.guard
FETCH = pathlib.Path(__file__).resolve().parents[2] / "datasets/fetch"
HEAD = "name\tsha256\tbytes\tkind\turl\tcredit\n"


def fetch(*arguments):
    return subprocess.run(["/usr/bin/env", "python3", FETCH, *map(str, arguments)], capture_output=True, text=True)


def row(name, content, url):
    return f"{name}\t{hashlib.sha256(content).hexdigest()}\t{len(content)}\tSE2\t{url}\tnobody\n"


def test_the_registry_is_well_formed():
    rows = [line.split("\t") for line in (FETCH.parent / "registry.tsv").read_text().splitlines()
            if not line.startswith("#")][1:]
    assert len(rows) > 10 and len({r[0] for r in rows}) == len(rows)
    for name, sha256, size, kind, url, credit in rows:
        assert re.fullmatch(r"[0-9a-f]{64}", sha256) and int(size) > 0 and kind and credit, name
        assert url == "-" or url.startswith("https://"), name


def test_the_files_at_hand_are_those_of_the_registry():
    if "FGOPT_DATASETS" not in os.environ:
        pytest.skip("FGOPT_DATASETS, the folder of the standard data sets, is not set")
    done = fetch("--check", os.environ["FGOPT_DATASETS"])
    assert done.returncode == 0, done.stdout


def test_download_unpack_and_check(tmp_path):
    (tmp_path / "source").write_bytes(b"one")
    (tmp_path / "source.bz2").write_bytes(bz2.compress(b"two"))
    registry = tmp_path / "registry.tsv"
    registry.write_text(HEAD + row("a.g2o", b"one", (tmp_path / "source").as_uri())
                        + row("b.g2o", b"two", (tmp_path / "source.bz2").as_uri()))
    folder = tmp_path / "to"
    done = fetch("--registry", registry, "--to", folder)
    assert done.returncode == 0 and f"FGOPT_DATASETS={folder}" in done.stdout
    assert (folder / "a.g2o").read_bytes() == b"one" and (folder / "b.g2o").read_bytes() == b"two"
    assert fetch("--registry", registry, "--check", folder).returncode == 0
    (folder / "b.g2o").write_bytes(b"twO")
    done = fetch("--registry", registry, "--check", folder)
    assert done.returncode == 1 and re.search(r"b\.g2o +differs", done.stdout)
    assert fetch("--registry", registry, "--check", folder, "a.g2o").returncode == 0


@pytest.mark.parametrize("url, word", [("source", "another file"), ("absent", "No such file"), ("-", "look at: nobody")])
def test_what_is_not_the_file_is_refused(tmp_path, url, word):
    (tmp_path / "source").write_bytes(b"something else")
    registry = tmp_path / "registry.tsv"
    registry.write_text(HEAD + row("a.g2o", b"one", url if url == "-" else (tmp_path / url).as_uri()))
    done = fetch("--registry", registry, "--to", tmp_path / "to")
    assert done.returncode == 1 and word in done.stdout
    assert list((tmp_path / "to").iterdir()) == []


def test_an_unknown_name_is_a_usage_error(tmp_path):
    assert fetch("--to", tmp_path, "nothing.g2o").returncode == 2

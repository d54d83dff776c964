# SPDX-License-Identifier: BSD-3-Clause
"""docs/json.md names every key that --json writes, under the command that writes it."""
import json
import re

import pytest
from cli_support import ROOT, SMALL, fgopt, needs_cli

pytestmark = needs_cli
PAGE = (ROOT / "docs/json.md").read_text()
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, flags=re.M | re.S))
BY_NAME = {"tags", "variables", "factors", "manifolds", "histogram", "init_cost", "chi2_in"}  # whose keys are names of things


def keys(value, above=""):
    """The keys of an object and of what is in it."""
    if isinstance(value, list):
        return set().union(*(keys(v, above) for v in value))
    if not isinstance(value, dict):
        return set()
    below = set().union(*(keys(v, k) for k, v in value.items())) if value else set()
    return below if above in BY_NAME else below | set(value)


def named(section):
    return set(re.findall(r"`(\w+)`", section)) | {"version", "file"}


def written(command, tmp_path):
    """What a command writes on a corrupted world, where it has most to say."""
    world, sick, report = tmp_path / "world.g2o", tmp_path / "sick.g2o", tmp_path / "report.json"
    fgopt("generate", "manhattan", "--poses", "60", "--seed", "1", "-o", world, check=True)
    fgopt("corrupt", world, "-o", sick, "--loops", "3", check=True)
    words = {"optimize": [sick], "info": [sick], "check": [sick], "compare": [world, world, "--segments", "10"],
             "corrupt": [world, "-o", tmp_path / "out.g2o", "--loops", "2"]}[command]
    fgopt(command, *words, "--json", report, code=6 if command == "check" else 0)
    return json.loads(report.read_text())


def test_the_page_has_every_command_with_json():
    commands = re.findall(r"^    ROW\((\w+)\)", (ROOT / "src/app/commands/commands.h").read_text(), flags=re.M)
    with_json = {c for c in commands if re.search(r"^ +--json ", fgopt(c, "--help").stdout, flags=re.M)}
    assert with_json == set(SECTIONS) and len(with_json) >= 5


@pytest.mark.parametrize("command", SECTIONS)
def test_every_key_is_on_the_page(command, tmp_path):
    assert keys(written(command, tmp_path)) - named(SECTIONS[command]) == set()


@pytest.mark.parametrize("command", SECTIONS)
def test_the_page_names_no_other_key(command):
    source = "\n".join(p.read_text() for p in (ROOT / "src/app").rglob("*.c"))
    first = re.findall(r"^\| (`.*?) \|", SECTIONS[command], flags=re.M)
    for name in re.findall(r"`(\w+)`", " ".join(first)):
        assert f'"{name}"' in source, name


def test_a_key_that_is_missing_is_seen():
    assert keys({"a": [{"b": 1}], "tags": {"X": 1}}) - named("`a`") == {"b", "tags"}

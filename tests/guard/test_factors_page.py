# SPDX-License-Identifier: BSD-3-Clause
"""docs/factors.md has each row of the registry, with what the registry, the classes and the tags of the formats say."""
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ["class", "variables", "rows", "measures", "residual", "measurement (unit, frame)", "known", "log, ceres", "gauge", "tags in files"]
LIST = """
import json
from fgopt.classes import factor_classes
print(json.dumps([{**vars(c), "fields": [vars(f) for f in c.fields]} for c in factor_classes()]))
"""


def registry():
    if "FGOPT_BUILD" not in os.environ:
        pytest.skip("FGOPT_BUILD, the folder of the build, is not set")
    library = pathlib.Path(os.environ["FGOPT_BUILD"]) / "libfgopt.so"
    environment = {**os.environ, "FGOPT_LIBRARY": str(library), "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run([sys.executable, "-c", LIST], env=environment, capture_output=True, text=True)
    if "No module named 'numpy'" in done.stderr:
        pytest.skip("the Python package needs NumPy")
    assert done.returncode == 0, done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)}


def tables(text):
    """The rows of the page by class, each by column."""
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(COLUMNS) and cells[0].startswith("`"):
            rows[cells[0].strip("`")] = dict(zip(COLUMNS, cells))
    return rows


def shown(field):
    inside = ", ".join(text for text in (field["unit"], field["frame"]) if text)
    return field["name"] + (f" ({inside})" if inside else "")


def quoted(names):
    return ", ".join(f"`{name}`" for name in names)


def wanted(row):
    """What the page must say of a row, by column."""
    fields = {known: "; ".join(shown(f) for f in row["fields"] if f["calibration"] == known) for known in (False, True)}
    return {"variables": ", ".join(row["manifolds"]), "rows": str(row["rows"] or "n"), "residual": f"`{row['formula']}`",
            "measurement (unit, frame)": fields[False], "known": fields[True],
            "log, ceres": quoted(name for name in (row["log"], row["ceres"]) if name),
            "tags in files": quoted(row["tags"])}


def differences(page, rows):
    for name in page.keys() ^ rows.keys():
        yield name, "is on one side only", ""
    for name in page.keys() & rows.keys():
        for column, text in wanted(rows[name]).items():
            if page[name][column] != text:
                yield name, column, text


def gauges():
    """What classes declare, from their files."""
    found = {"prior_rn": "absolute", "between_rn": "relative"}
    for path in (ROOT / "factors").glob("*/*.c"):
        declared = re.findall(r"FGO_GAUGE_(\w+)", path.read_text())
        if path.stem == "rn":
            assert declared == ["ABSOLUTE", "RELATIVE"]
        elif declared:
            found[path.stem] = declared[0].lower()
    return found


PAGE = tables((ROOT / "docs/factors.md").read_text())


def test_the_page_has_the_rows_of_the_registry():
    assert list(differences(PAGE, registry())) == []


def test_a_wrong_page_is_seen():
    rows = registry()
    page = {name: dict(cells) for name, cells in PAGE.items()}
    page["between_se2"]["residual"] = "`Log(delta)`"
    page["range_se3"]["measurement (unit, frame)"] = "range (km)"
    del page["prior_rn"]
    assert {name for name, _, _ in differences(page, rows)} == {"between_se2", "range_se3", "prior_rn"}


def test_gauges_are_those_of_the_classes():
    assert {name: cells["gauge"] for name, cells in PAGE.items()} == gauges()


def test_tags_are_those_of_the_formats():
    """Each class that the tables of the formats name has tags."""
    text = "".join((ROOT / "src/io/format" / name).read_text() for name in ("g2o.c", "toro.c"))
    named = set(re.findall(r"(?:\.factor = &|\.vector_class = )fgo_(\w+)", text))
    assert len(named) > 15 and {name for name, row in registry().items() if row["tags"]} == named

# SPDX-License-Identifier: BSD-3-Clause
"""docs/errors.md has every value of the enumerations that programs meet when something is wrong, each once, with its name."""
import pathlib
import re

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/errors.md").read_text()
ENUMERATIONS = {"fgo_status": "status", "fgo_cause": "error", "fgo_remedy_kind": "error", "fgo_statistic": "error",
                "fgo_termination": "solver", "fgo_finding_kind": "doctor"}
NAMED = ["fgo_cause", "fgo_remedy_kind", "fgo_statistic", "fgo_finding_kind"]  # whose rows have the constant name, too


def enumerators(name):
    text = (ROOT / f"include/fgopt/{ENUMERATIONS[name]}.h").read_text()
    body = re.search(r"typedef enum %s \{(.*?)\} %s;" % (name, name), text, flags=re.S)[1]
    return re.findall(r"\bFGO_[A-Z0-9_]+", re.sub(r"/\*.*?\*/", "", body, flags=re.S))


def missing(page, names):
    return [name for name in names if len(re.findall(rf"^\| `{name}` \| .*\S.* \|$", page, flags=re.M)) != 1]


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_every_value_has_a_row(enumeration):
    names = enumerators(enumeration)
    assert len(names) > 5 and missing(PAGE, names) == []


@pytest.mark.parametrize("enumeration", NAMED)
def test_rows_have_the_constant_names(enumeration):
    prefix = {"fgo_cause": "FGO_CAUSE_", "fgo_remedy_kind": "FGO_REMEDY_", "fgo_statistic": "FGO_STATISTIC_",
              "fgo_finding_kind": "FGO_FINDING_"}[enumeration]
    for value in enumerators(enumeration):
        name = value.removeprefix(prefix).lower().replace("_", "-")
        assert f"| `{value}` | `{name}` |" in PAGE
        assert any(f'"{name}"' in path.read_text() for folder in ("src/base", "src/doctor") for path in (ROOT / folder).glob("*.c")), name


def test_a_missing_row_is_seen():
    assert missing("| `FGO_A` | a |\n| `FGO_B` |  |\n", ["FGO_A", "FGO_B", "FGO_C"]) == ["FGO_B", "FGO_C"]


def test_statuses_have_the_exceptions_of_python():
    errors = (ROOT / "python/fgopt/errors.py").read_text()
    rows = dict(re.findall(r"^\| `(FGO_ERROR_\w+)` \| `(\w+)` \|", PAGE, flags=re.M))
    assert rows.keys() == set(enumerators("fgo_status")) - {"FGO_OK"}
    assert all(name in errors for name in rows.values())

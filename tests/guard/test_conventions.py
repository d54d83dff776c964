# SPDX-License-Identifier: BSD-3-Clause
"""docs/conventions.md and docs/block-cholesky.md: the table of chi2 is what the program prints, and links lead somewhere."""
import os
import pathlib
import re
import subprocess

import pytest

pytestmark = pytest.mark.guard
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PAGES = ("conventions.md", "block-cholesky.md")


def table():
    """[(file, convention, chi2 as text)] of the page."""
    text = (DOCS / "conventions.md").read_text()
    header = re.search(r"^\| file \|(.*)\|$", text, flags=re.M)[1]
    names = [name.strip() for name in header.split("|")]
    rows = re.findall(r"^\| (\w[\w-]*\.g2o) \|(.*)\|$", text, flags=re.M)
    return [(file, name, cell.strip()) for file, cells in rows for name, cell in zip(names, cells.split("|"), strict=True)]


def test_the_table_is_read():
    assert len(table()) == 21
    assert {name for _, name, _ in table()} == {"g2o", "log", "ceres"}


@pytest.mark.parametrize(("file", "convention", "chi2"), table())
def test_chi2_is_what_the_program_prints(file, convention, chi2):
    if not {"FGOPT_CLI", "FGOPT_DATASETS"} <= set(os.environ):
        pytest.skip("FGOPT_CLI, the program, or FGOPT_DATASETS, the folder of the standard data sets, is not set")
    path = pathlib.Path(os.environ["FGOPT_DATASETS"]) / file
    done = subprocess.run([os.environ["FGOPT_CLI"], "info", path, "--residual", convention], capture_output=True, text=True,
                          check=True)
    assert re.search(r"^chi2\s+(\S+) ", done.stdout, flags=re.M)[1] == chi2


def anchors(path):
    """What a link to a heading of a page may end with."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), flags=re.M)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(text, path):
    """The links of a page's text that lead to no file or to no heading."""
    out = []
    for target, _, anchor in (link.partition("#") for link in re.findall(r"\]\((?!http)([^)]+)\)", text)):
        page = path.parent / target if target else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            out.append(f"{target}#{anchor}")
    return out


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    assert broken_links((DOCS / page).read_text(), DOCS / page) == []


def test_a_broken_link_is_seen():
    text = "[a](conventions.md#units) [b](none.md) [c](#nowhere) [d](block-cholesky.md#the-end)"
    assert broken_links(text, DOCS / "conventions.md") == ["none.md#", "#nowhere", "block-cholesky.md#the-end"]

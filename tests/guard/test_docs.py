# SPDX-License-Identifier: BSD-3-Clause
"""The documents: every public header has an example, links lead somewhere, the filter of Doxygen keeps lines where they are."""
import pathlib
import re
import sys

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import doxygen_filter  # noqa: E402

HEADERS = sorted(path.name.removesuffix(".in") for path in (ROOT / "include/fgopt").iterdir())
NO_EXAMPLE = {"fgopt.h", "export.h"}  # which only include others, and only mark what is exported
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "bench/README.md", ROOT / "datasets/README.md",
                ROOT / "python/README.md", ROOT / "tests/RELIABILITY.md"])


@pytest.mark.parametrize("header", [name for name in HEADERS if name not in NO_EXAMPLE])
def test_a_public_header_has_an_example(header):
    example = ROOT / "examples/api" / f"{header.removesuffix('.h')}.c"
    assert example.exists()
    text = example.read_text()
    assert f"#include <fgopt/{header}>" in text and "int main(void)" in text


def broken_links(page, text):
    """Relative links to files that are not there, and to headings that the page does not have."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.M)}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        if path and not (page.parent / path).exists():
            yield target
        if not path and anchor not in anchors:
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    assert list(broken_links(page, page.read_text())) == []


def test_a_broken_link_is_seen(tmp_path):
    (tmp_path / "there.md").write_text("")
    text = "# One thing\n[a](there.md) [b](gone.md) [c](#one-thing) [d](#another) [e](https://example.org/x)\n```\n[f](code)\n```\n"
    assert list(broken_links(tmp_path / "page.md", text)) == ["gone.md", "#another"]


def test_citation_has_the_version():
    version = re.search(r"project\(fgopt VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()


@pytest.mark.parametrize("header", HEADERS)
def test_the_filter_keeps_lines_and_code(header):
    path = ROOT / "include/fgopt" / header
    source = (path if path.exists() else path.with_name(f"{header}.in")).read_text()
    filtered = doxygen_filter.filtered(source, header)
    assert filtered.count("\n") == source.count("\n")
    assert re.sub(r"/\*.*?\*/", "", filtered, flags=re.S) == re.sub(r"/\*.*?\*/", "", source, flags=re.S)


def test_the_filter():
    source = ("/* SPDX-License-Identifier: BSD-3-Clause */\n/* a.h -- things.\n *\n *     int x = f();\n * More. */\n"
              "/* ---- functions ---- */\n\n/* Returns 1.\n */\nint f(void); /* quickly */\n")
    assert doxygen_filter.filtered(source, "a.h") == (
        "/* SPDX-License-Identifier: BSD-3-Clause */\n/** @file a.h @brief things.\n * @code{.c}\n *     int x = f();\n"
        " * @endcode More. */\n/* ---- functions ---- */\n\n/** Returns 1.\n */\nint f(void); /**< quickly */\n")

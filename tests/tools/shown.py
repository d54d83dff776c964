# SPDX-License-Identifier: BSD-3-Clause
"""Code that pages show. A block says in the comment before it where it comes from: <!-- from examples/x.c -->, or <!-- run -->.

    python3 tests/tools/shown.py PAGE...       brings blocks that show a whole file up to date
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:<!-- ([^>]*) -->\n)?```(\w*)\n(.*?)```", flags=re.S)


def blocks(text):
    """Note, language and code of each block of a page."""
    return BLOCK.findall(text)


def source_of(note):
    """The path of the file that a block comes from; None if it says none."""
    return note.removeprefix("from ") if note.startswith("from ") else None


def stray_lines(block, source):
    """The lines of a block that do not stand in the source, in this order and together."""
    return [] if block.strip("\n") in source else block.splitlines()


def strays(text, root=ROOT):
    """All such lines of the blocks of a page that come from somewhere."""
    shown = [(source_of(note), code) for note, _, code in blocks(text)]
    return [line for path, code in shown if path for line in stray_lines(code, (root / path).read_text())]


def refreshed(text, root=ROOT):
    """A page whose blocks that begin like their file are the whole file."""
    def fresh(match):
        path = source_of(match[1] or "")
        whole = (root / path).read_text() if path else ""
        if not path or not whole.startswith("".join(match[3].splitlines(keepends=True)[:1])):
            return match[0]
        return f"<!-- {match[1]} -->\n```{match[2]}\n{whole}```"
    return BLOCK.sub(fresh, text)


if __name__ == "__main__":
    for page in map(pathlib.Path, sys.argv[1:]):
        page.write_text(refreshed(page.read_text()))

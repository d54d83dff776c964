#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""doxygen_filter HEADER   Prints a public header as Doxygen reads it; headers themselves are written for people.

The comment at the head of the file becomes the page of the file, with the example of examples/api after it; a comment on lines of
its own belongs to the declaration after it, one at the end of a line to that line; "---- words ----" are headings that document
nothing. Indented lines of a comment (four spaces more than its text) are code. Lines stay where they are, so that what Doxygen says
of a line is true of the header."""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
HEADING = re.compile(r"^/\*\s*----.*?----\s*\*/$", re.S)
EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples/api"


def verbatim(lines):
    """Indented lines as code, without a line more; @code and @endcode go to the ends of the lines around."""
    out, inside = [], False
    for line in lines:
        body = re.sub(r"^\s*\*? ?", "", line)
        code = bool(re.match(r" {4,}\S", body)) or (inside and not body.strip())
        if code and not inside and out:
            out[-1] += " @code{.c}"
        if inside and not code:
            line = re.sub(r"^(\s*\*? ?)", r"\1@endcode ", line, count=1)
        inside = code and bool(out)
        out.append(line)
    if inside:
        out[-1] += " @endcode"
    return out


def end(text):
    """The line breaks before the end of a comment that ends on a line of its own."""
    return "\n" * re.search(r"\s*$", text[2:-2]).group().count("\n")


def page(text, name):
    """The comment at the head of a file."""
    example = EXAMPLES / f"{pathlib.Path(name).stem}.c"
    lines = verbatim(re.sub(r"^[\w.]+ -- ", "", text[2:-2].strip()).split("\n"))
    shown = f" An example, compiled and run by the tests: @include {example.name}" if example.exists() else ""
    return f"/** @file {name} @brief " + "\n".join(lines) + f"{shown}{end(text)} */"


def filtered(source, name):
    out, at, first = [], 0, True
    for found in COMMENT.finditer(source):
        out.append(source[at:found.start()])
        at = found.end()
        text, line = found.group(), source[source.rfind("\n", 0, found.start()) + 1:found.start()]
        if "SPDX-License-Identifier" in text or HEADING.match(text) or text.startswith("/* ---- "):
            out.append(text)
        elif first and not line.strip():
            out.append(page(text, name))
            first = False
        elif line.strip():
            out.append("/**< " + text[2:].lstrip())
        else:
            out.append("/** " + "\n".join(verbatim(text[2:-2].strip().split("\n"))) + f"{end(text)} */")
    out.append(source[at:])
    return "".join(out)


def main():
    path = pathlib.Path(sys.argv[1])
    sys.stdout.write(filtered(path.read_text(), path.name.removesuffix(".in")))


if __name__ == "__main__":
    main()

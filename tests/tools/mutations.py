# SPDX-License-Identifier: BSD-3-Clause
"""The small faults that tests/mutate plants in C sources formatted by clang-format: one token or one statement a mutant. What
is no fault by the conventions of the sources is not planted: another value for the status -1, which callers compare with zero,
and a local array that is longer than it need be."""
import re

SWAPS = {
    "arithmetic": [(" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "), (" += ", " -= "), (" -= ", " += "),
                   (" *= ", " /= "), (" /= ", " *= "), ("++", "--")],
    "relational": [(" == ", " != "), (" != ", " == "), (" < ", " > "), (" > ", " < "), (" && ", " || "), (" || ", " && ")],
    "boundary": [(" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > ")],
}
INTEGER = re.compile(r"(?<![\w.])(\d+)(?![\w.])")
FLOAT = re.compile(r"(?<![\w.])(\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?![\w.])")
MINUS = re.compile(r"(?<=[(,=?:\[{])(\s*)-(?=[\w(])|(?<=return )()-(?=[\w(])")
STATUS = re.compile(r"return -1;")
LENGTH = re.compile(r"^\s+(?:static )?(?:const )?(?:double|int|char|size_t|float|real|vec3|uint\d+_t|int\d+_t) [^=;]*?[;={]")
NOT = re.compile(r"(?<![\w!])!(?=[\w(*])")
# An expression as a statement: an assignment, a step or a call, but no declaration and no jump.
STATEMENT = re.compile(r"\s+(?!return|break|continue|goto|typedef|static|extern|const|struct|enum|else|case|if|for|while)"
                       r"[*(]*\w[\w.\[\]>*+-]*(?:\(.*\)| [-+*/|&]?= .*|\+\+|--);")


def code_of(text):
    """The text with comments, strings and directives (but for bodies of macros) as blanks, so that columns stay."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found[0])
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#[ \t]*(?!define)[^\n]*|^[ \t]*#[ \t]*define[ \t]+\w+(?:\([^)]*\))?", blank, text, flags=re.M)


def token_mutants(code):
    """(kind, first column, last column, replacement)"""
    for kind, swaps in SWAPS.items():
        for old, new in swaps:
            for found in re.finditer(re.escape(old), code):
                yield kind, *found.span(), new
    status, length = STATUS.search(code), LENGTH.match(code)
    for found in INTEGER.finditer(code):
        if status and status.start() < found.start() < status.end():
            continue
        if length and found.end() < length.end() and code[found.start() - 1] == "[" and code[found.end()] == "]":
            continue
        yield "constant", *found.span(), str(int(found[0]) + 1)
    for found in FLOAT.finditer(code):
        yield "constant", *found.span(), "1.0" if float(found[0]) == 0 else f"(1.5 * {found[0]})"
    for found in MINUS.finditer(code):
        if status and status.start() < found.end() < status.end():
            continue
        yield "sign", found.end() - 1, found.end(), ""
    for found in NOT.finditer(code):
        yield "relational", *found.span(), ""


def mutants_of(text):
    """(line number, kind, mutated line) of all mutants of a source."""
    for number, (line, code) in enumerate(zip(text.splitlines(), code_of(text).splitlines()), 1):
        if not re.match(r"\s|#", line):  # outside functions, where only macros have code
            continue
        for kind, first, last, new in token_mutants(code):
            yield number, kind, line[:first] + new + line[last:]
        body = code.rstrip().removesuffix("\\").rstrip()
        if STATEMENT.fullmatch(body) and body.count("(") == body.count(")"):
            yield number, "deleted statement", line[:len(line) - len(line.lstrip())] + ";" + line[len(body):]

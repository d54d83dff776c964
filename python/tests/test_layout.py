# SPDX-License-Identifier: BSD-3-Clause
"""The structs as ctypes sees them against the C compiler's sizeof and offsetof."""

import shutil
import subprocess

import pytest

from fgopt import _layout, _library
from fgopt._options import option_table

FOLDERS = _library.include_folders()


def c_layout(tmp_path, structs):
    """{(struct, field): (offset, size)}, and (struct, ""): (0, size)."""
    lines = []
    for name, struct in structs.items():
        lines.append(f'printf("{name} - 0 %zu\\n", sizeof({name}));')
        for field in struct._fields_:
            at = f"offsetof({name}, {field[0]}), sizeof((({name} *)0)->{field[0]})"
            lines.append(f'printf("{name} {field[0]} %zu %zu\\n", {at});')
    headers = ["arrays", "check", "compare", "error", "initialize", "io", "registry", "solver"]
    source = tmp_path / "layout.c"
    includes = "".join(f"#include <fgopt/{h}.h>\n" for h in headers)
    head = f"#include <stddef.h>\n#include <stdio.h>\n{includes}"
    source.write_text("\n".join([head, "int main(void)", "{", *lines, "return 0;", "}", ""]))
    program = tmp_path / "layout"
    subprocess.run(["cc", "-std=gnu11", *(f"-I{f}" for f in FOLDERS), str(source), "-o", str(program)], check=True)
    out = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout
    return {(s, f): (int(o), int(n)) for s, f, o, n in (line.split() for line in out.splitlines())}


def python_layout(structs):
    import ctypes

    out = {}
    for name, struct in structs.items():
        out[name, "-"] = (0, ctypes.sizeof(struct))
        for field in struct._fields_:
            place = getattr(struct, field[0])
            out[name, field[0]] = (place.offset, place.size)
    return out


@pytest.mark.skipif(not shutil.which("cc") or not FOLDERS, reason="no C compiler or no headers")
def test_structs_are_the_compilers(tmp_path):
    assert python_layout(_layout.STRUCTS) == c_layout(tmp_path, _layout.STRUCTS)


@pytest.mark.skipif(not shutil.which("cc") or not FOLDERS, reason="no C compiler or no headers")
def test_the_comparison_sees_a_difference(tmp_path):
    import ctypes

    class Wrong(ctypes.Structure):
        _fields_ = [("kind", ctypes.c_int), ("sigma", ctypes.c_float), ("matrix", ctypes.c_void_p)]

    assert python_layout({"fgo_noise": Wrong}) != c_layout(tmp_path, {"fgo_noise": Wrong})


@pytest.mark.skipif(not shutil.which("cc") or not FOLDERS, reason="no C compiler or no headers")
def test_the_first_fields_of_the_options_are_the_compilers(tmp_path):
    head = {"fgo_options": _layout.OptionsHead}
    there, here = c_layout(tmp_path, head), python_layout(head)
    assert there.pop(("fgo_options", "-"))[1] > here.pop(("fgo_options", "-"))[1]  # options follow
    assert there == here


def test_every_option_lies_inside_its_struct():
    import ctypes

    size, callback = ctypes.c_size_t(), ctypes.c_size_t()
    _library.lib.fgo_options_layout(ctypes.byref(size), ctypes.byref(callback), None)
    assert len(option_table()) >= 10
    assert all(0 <= o.offset < size.value and o.offset != callback.value for o in option_table().values())


def test_every_termination_has_a_name():
    texts = [_library.lib.fgo_termination_text(t) for t in range(_layout.TERMINATIONS + 1)]
    assert texts.index(b"unknown") == _layout.TERMINATIONS

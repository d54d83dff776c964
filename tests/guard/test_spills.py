# SPDX-License-Identifier: BSD-3-Clause
"""The inner loops of the block Cholesky's kernels keep their tiles in registers.

The kernels are C whose accumulators are an array of vectors; that the compiler turns it into registers is hope, and one
vector too many puts a store and a load of the stack into every step (the design's float version lost 1.5x by it). So the
machine code is read: objdump -d of the kernels' objects as built; an innermost loop is what a jump back closes without another
jump inside. Those that multiply and add vectors of the kernel's width must not touch the stack with a vector register. What comes
before and after a loop may: it runs once a tile. The canary, the same tile with more accumulators than registers, must be
caught, and every kernel function must have such a loop, or the test looks at nothing."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]
REGISTER = {"avx2": "ymm", "avx512": "zmm"}
LANES = {"avx2": 4, "avx512": 8}
# update_2 is the update of two strips, and so on; forward and backward solve
FUNCTIONS = {f"{name}_{strips}" for name in ("update", "eliminate", "pivot", "inverse") for strips in (1, 2, 3)} | {
    "inverse_diagonal", "forward", "backward"}


def commands():
    """The compiler's call for every source, as built."""
    build = os.environ.get("FGOPT_BUILD")
    if not build:
        pytest.skip("FGOPT_BUILD, the build whose kernels are to be looked at, is not set")
    if not shutil.which("objdump"):
        pytest.skip("objdump is not there")
    return {c["file"].rsplit("/block/", 1)[-1]: c for c in json.loads((pathlib.Path(build) / "compile_commands.json").read_text())}


def command_of(level):
    command = commands().get(f"kernel/{level}.c")
    if command is None or "FGOI_X86_LEVELS" not in command["command"]:
        pytest.skip(f"this build has no {level} kernels")
    if not re.search(r" -O[23]\b", command["command"]):
        pytest.skip("kernels built without optimization spill, and may")
    return command


def functions(path):
    """name -> [(address, instruction)] of an object file."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True).stdout
    out, lines = {}, []
    for line in text.splitlines():
        if begin := re.match(r"[0-9a-f]+ <([^>]+)>:", line):
            lines = out.setdefault(begin[1], [])
        elif found := re.match(r"\s*([0-9a-f]+):\s+(.*)", line):
            lines.append((int(found[1], 16), found[2]))
    return out


def innermost_loops(instructions):
    """The stretches of instructions from where a jump at their end leads to, without another jump or return in between: such
    a jump may also lead back from code that the compiler moved out of the way."""
    loops, body = [], []
    for address, text in instructions:
        jump = re.match(r"j\w+\s+([0-9a-f]+)\b", text)
        inside = [t for a, t in body if jump and a >= int(jump[1], 16)]
        if inside and body[0][0] <= int(jump[1], 16):
            loops.append(inside)
        body = [] if re.match(r"(j|ret)", text) else [*body, (address, text)]
    return loops


def multiplying_loops(instructions, register):
    return [loop for loop in innermost_loops(instructions)
            if any(re.match(rf"vfn?m(add|sub)\w*pd .*%{register}", text) for text in loop)]


def spills(loop, frame):
    stack = r"\(%rsp[,)]|\(%rbp[,)]" if frame else r"\(%rsp[,)]"
    return [text for text in loop if re.search(stack, text) and re.search(r"%[xyz]mm", text)]


def examine(path, register):
    """name -> (multiplying innermost loops, spills in them)"""
    out = {}
    for name, instructions in functions(path).items():
        frame = any(re.match(r"mov\s+%rsp,%rbp", text) for _, text in instructions)  # else %rbp is a register like others
        loops = multiplying_loops(instructions, register)
        out[name.split(".")[0]] = len(loops), [s for loop in loops for s in spills(loop, frame)]
    return out


@pytest.mark.parametrize("level", REGISTER)
def test_inner_loops_do_not_spill(level):
    command = command_of(level)
    arguments = shlex.split(command["command"])
    found = examine(pathlib.Path(command["directory"]) / arguments[arguments.index("-o") + 1], REGISTER[level])
    without = {name for name in FUNCTIONS if not found.get(name, (0,))[0]}
    assert not without, f"no loop that multiplies %{REGISTER[level]} in {sorted(without)}"
    assert {name: spilled for name, (_, spilled) in found.items() if spilled} == {}


@pytest.mark.parametrize("level", REGISTER)
def test_a_kernel_that_spills_is_caught(level, tmp_path):
    command = command_of(level)
    arguments = shlex.split(command["command"])
    arguments[arguments.index("-o") + 1] = str(tmp_path / "spill.o")
    arguments[arguments.index("-c") + 1] = str(ROOT / "tests/canaries/spill.c")
    subprocess.run([*arguments, f"-DSPILL_LANES={LANES[level]}", "-Wno-unused-function"], cwd=command["directory"], check=True)
    loops, spilled = examine(tmp_path / "spill.o", REGISTER[level])["canary_kernel"]
    assert loops == 1 and len(spilled) > 2

# SPDX-License-Identifier: BSD-3-Clause
"""Command lines, right and wrong; help, man page and completion, which come from the same tables."""
import os
import re
import shutil
import subprocess

import pytest
from cli_support import CLI, ROOT, SMALL, fgopt, needs_cli

pytestmark = needs_cli
COMMANDS = re.findall(r"^    ROW\((\w+)\)", (ROOT / "src/app/commands/commands.h").read_text(), flags=re.M)
METHODS = re.findall(r"^    ROW\((\w+),", (ROOT / "solvers/optimize/strategies.h").read_text(), flags=re.M)
RING = SMALL / "ring.g2o"


def long_options(command):
    """The options that --help of a command lists."""
    return re.findall(r"^  (?:-\w, |    )--([\w-]+)", fgopt(command, "--help").stdout, flags=re.M)


def test_version_and_licence():
    lines = fgopt("--version").stdout.splitlines()
    assert re.fullmatch(r"fgopt \d+\.\d+\.\d+", lines[0])
    assert "BSD-3-Clause" in lines[1]


def test_help_names_every_command():
    assert len(COMMANDS) >= 9 and {"optimize", "corrupt"} <= set(COMMANDS)
    text = fgopt("--help").stdout
    assert text == fgopt("help").stdout == fgopt("-h").stdout
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", text, flags=re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(command):
    text = fgopt(command, "--help").stdout
    assert text == fgopt("help", command).stdout == fgopt(command, "-h").stdout
    assert text.startswith(f"Usage: fgopt {command} ")
    assert "\nOptions:\n" in text and f"\nExamples:\n  fgopt " in text
    assert "help" in long_options(command)
    assert max(map(len, text.splitlines())) <= 100


def test_optimize_has_the_options_of_the_solver():
    ours = set(long_options("optimize"))
    assert {"output", "method", "init", "residual", "loss", "linear-solver", "max-iterations", "threads", "fix", "json",
            "quiet", "cost-tolerance", "information"} <= ours
    assert re.search(r"--method lm\|gn\S* .*\(default:\s+\w+\)", fgopt("optimize", "--help").stdout, flags=re.S)


@pytest.mark.parametrize("words, message", [
    ([], "Usage:"),
    (["optimize"], "optimize needs FILE"),
    (["optimize", RING, RING], "one operand too many"),
    (["optimize", RING, "--max-iteration", "3"], "unknown option --max-iteration; did you mean --max-iterations?"),
    (["optimize", RING, "--iter=3"], "unknown option --iter=3"),
    (["optimize", RING, "-z"], "unknown option -z"),
    (["optimize", RING, "--max-iterations"], "--max-iterations needs an argument, N"),
    (["optimize", RING, "--max-iterations", "three"], "max-iterations: 'three' is not allowed"),
    (["optimize", RING, "--max-iterations", "-1"], "max-iterations: '-1' is not allowed"),
    (["optimize", RING, "--method", "newton"], "method: 'newton' is not allowed; one of lm, gn"),
    (["optimize", RING, "--init", "best"], "init: 'best' is not allowed; one of file, odometry, spanning-tree, chordal, auto"),
    (["optimize", RING, "--loss", "hubert"], "--loss: "),
    (["optimize", RING, "--loss", "huber:-1"], "--loss: "),
    (["optimize", RING, "--quiet=yes"], "--quiet takes no argument"),
    (["optimize", RING, "--fix", "x"], "--fix: 'x' is not a 64-bit id"),
    (["optimize", RING, "--fix", "0", "--fix", "777"], "ring.g2o has no variable 777"),
    (["optimize", RING, "--fix", "99999999999999999999"], "is not a 64-bit id"),
    (["optimize", RING, "-o", "-", "--json", "-"], "cannot both be standard output"),
    (["optimise", RING], "there is no command 'optimise'; did you mean 'optimize'?"),
    (["help", "optimise"], "there is no command 'optimise'"),
    (["generate"], "generate needs manhattan|"),
    (["generate", "manhatten"], "there is no world 'manhatten'; did you mean 'manhattan'?"),
    (["generate", "ring", "--poses", "0"], "--poses: '0' is not a whole number of at least 1"),
    (["generate", "ring", "--poses", "1e3"], "--poses: '1e3' is not"),
    (["generate", "ring", "--noise", "0.1"], "--noise: '0.1' is not two numbers"),
    (["generate", "ring", "--noise", "0,0"], "--noise: '0,0' is not two numbers"),
    (["generate", "ring", "--outliers", "1.5"], "--outliers: 1.5 is not between 0 and 1"),
    (["generate", "ring", "--truth", "-"], "cannot both be standard output"),
    (["convert", RING], "convert needs IN OUT"),
    (["convert", RING, "x", "--to", "json"], "--to: 'json' is not one of auto g2o toro"),
    (["plot", RING, "--azimuth", "north"], "--azimuth: 'north' is not a number"),
])
def test_wrong_command_lines(words, message, tmp_path):
    done = fgopt(*words, code=2, cwd=tmp_path)
    assert message in done.stderr
    assert "Try 'fgopt " in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [
    ["optimize", "in.g2o", "--json", "in.g2o"],
    ["optimize", "in.g2o", "-o", "in.g2o", "--json", "./in.g2o"],
    ["optimize", "in.g2o", "-o", "new.g2o", "--json", "new.g2o"],
    ["optimize", "link.g2o", "--json", "in.g2o"],
    ["info", "in.g2o", "--json", "in.g2o"],
    ["check", "in.g2o", "--json", "in.g2o"],
    ["compare", "link.g2o", "in.g2o", "--json", "in.g2o"],
    ["corrupt", "in.g2o", "--loops", "2", "-o", "new.g2o", "--json", "in.g2o"],
    ["corrupt", "in.g2o", "--loops", "2", "-o", "new.g2o", "--json", "new.g2o"],
    ["generate", "ring", "-o", "new.g2o", "--truth", "new.g2o"],
    ["report", "in.g2o", "-o", "in.g2o"],
])
def test_no_file_is_lost_to_another(words, tmp_path):
    """What a command reads is not overwritten by something else, nor one output by another."""
    shutil.copy(RING, tmp_path / "in.g2o")
    (tmp_path / "link.g2o").symlink_to("in.g2o")
    before = (tmp_path / "in.g2o").read_bytes()
    done = fgopt(*words, code=2, cwd=tmp_path)
    assert "would overwrite" in done.stderr or "are the same file" in done.stderr
    assert (tmp_path / "in.g2o").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.g2o", "link.g2o"]


def test_devices_are_written_twice(tmp_path):
    fgopt(RING, "-q", "-o", "/dev/null", "--json", "/dev/null", cwd=tmp_path)


def test_spellings_of_an_option_agree(tmp_path):
    reference = fgopt("optimize", RING, "--max-iterations", "1", "-q", "-o", "-", code=5).stdout
    assert fgopt(RING, "--max-iterations=1", "-qo-", code=2).stdout == ""  # letters are not bundled: -q takes no argument
    assert fgopt(RING, "--max-iterations=1", "--quiet", "-o-", code=5).stdout == reference
    assert fgopt("--max-iterations=1", "--quiet", "--output=-", "--", RING, code=5).stdout == reference


def test_double_dash_ends_the_options(tmp_path):
    shutil.copy(RING, tmp_path / "--quiet")
    fgopt("-o", "out.g2o", "--", "--quiet", cwd=tmp_path)
    assert (tmp_path / "out.g2o").exists()


def test_a_file_named_like_a_command(tmp_path):
    shutil.copy(RING, tmp_path / "info")
    assert "ring" not in fgopt("./info", cwd=tmp_path).stdout
    assert fgopt("info", "info", cwd=tmp_path).stdout.startswith("info: g2o, ")


def test_manual_lists_every_option_and_is_clean_roff(tmp_path):
    page = fgopt("help", "--man").stdout
    for command in COMMANDS:
        assert f"fgopt {command} " in page
        for name in long_options(command):
            assert "\\-\\-" + name.replace("-", "\\-") in page
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8"], input=page, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def complete(words, cwd):
    """What bash offers for the last word."""
    script = fgopt("help", "--bash-completion").stdout + """
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fgopt; printf '%s\\n' "${COMPREPLY[@]}"
        """
    done = subprocess.run(["bash", "--norc", "-u", "-c", script, "bash", *words], cwd=cwd, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


def test_completion(tmp_path):
    (tmp_path / "graph.g2o").touch()
    assert complete(["fgopt", ""], tmp_path) == {*COMMANDS, "help", "graph.g2o"}
    assert complete(["fgopt", "ge"], tmp_path) == {"generate"}
    assert complete(["fgopt", "generate", "s"], tmp_path) == {"sphere"}
    assert complete(["fgopt", "graph.g2o", "--me"], tmp_path) == {"--method"}
    assert complete(["fgopt", "graph.g2o", "--method", ""], tmp_path) == set(METHODS) >= {"lm", "gn"}
    assert "huber" in complete(["fgopt", "optimize", "--loss", "h"], tmp_path)
    assert complete(["fgopt", "optimize", "--output", "g"], tmp_path) == {"graph.g2o"}
    assert complete(["fgopt", "optimize", "--threads", ""], tmp_path) == set()
    for command in COMMANDS:
        assert complete(["fgopt", command, "--"], tmp_path) == {"--" + name for name in long_options(command)}


def test_output_that_cannot_be_written():
    for words in (["--help"], ["--version"], ["help", "--man"], ["info", RING], ["generate", "ring"], ["plot", RING], [RING]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([CLI, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1, words
        assert "No space left on device" in done.stderr
        assert done.stderr.count("cannot write") == 1


def test_a_closed_pipe_is_a_write_error():
    for words in (["generate", "manhattan"], ["--help"]):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "w") as pipe:
            done = subprocess.run([CLI, *words], stdout=pipe, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        assert "Broken pipe" in done.stderr

# SPDX-License-Identifier: BSD-3-Clause
"""The program in bad company: interrupted at any time, with too little address space, readers that go away, full disks,
files that vanish. (tests/faults has the same from within, at every single operation.)"""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import time

import pytest
from cli_support import CLI, SMALL, fgopt, needs_cli

pytestmark = needs_cli
SANITIZED = CLI is not None and ("asan" in CLI or "tsan" in CLI)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_unfinished_file(tmp_path, number):
    """Sent as soon as the file beside the output appears: neither stays."""
    run = subprocess.Popen([CLI, "generate", "manhattan", "--poses", "300000", "-o", tmp_path / "world.g2o"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))  # nohup ignores them
    until = time.monotonic() + 120
    while not list(tmp_path.iterdir()):
        assert run.poll() is None and time.monotonic() < until
    run.send_signal(number)
    assert run.wait(timeout=120) == -number
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("delays", [range(0, 60, 2)], ids=["0 to 58 ms"])
def test_interrupted_while_it_rewrites_its_input(tmp_path, delays):
    """The file is what it was, or a whole graph with other estimates; whatever the moment."""
    world, work = tmp_path / "world.g2o", tmp_path / "work.g2o"
    fgopt("generate", "manhattan", "--poses", "1500", "--seed", "3", "-o", world)
    before = world.read_text()
    edges = [line for line in before.splitlines() if line.startswith("EDGE")]
    codes = {}
    for delay in delays:
        shutil.copy(world, work)
        run = subprocess.Popen([CLI, "optimize", work, "-o", work, "-q"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay / 1000)
        run.send_signal(signal.SIGINT)
        code = run.wait(timeout=120)
        assert code in (0, 5, 130, -signal.SIGINT), code
        codes[code] = codes.get(code, 0) + 1
        after = work.read_text()
        if after != before:
            assert [line for line in after.splitlines() if line.startswith("EDGE")] == edges
            assert after.count("VERTEX_SE2") == 1500
            assert code >= 0
    print(f"interrupted {len(delays)} times: exit codes {codes}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work.g2o", "world.g2o"]


@pytest.mark.skipif(SANITIZED, reason="sanitizers reserve terabytes of address space")
def test_too_little_address_space(tmp_path):
    """As with ulimit -v: success or one line, never a crash. Below what `fgopt --version` takes nothing can be said."""
    world, out = tmp_path / "world.g2o", tmp_path / "out.g2o"
    fgopt("generate", "manhattan", "--poses", "3000", "--seed", "3", "-o", world)
    outcomes = []

    def limited(megabytes, *words):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return subprocess.run([CLI, *map(str, words)], capture_output=True, text=True, preexec_fn=limit,
                              env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, timeout=120)

    least = next(m for m in range(8, 2048, 4) if limited(m, "--version").returncode == 0)
    for megabytes in range(least, least + 48, 2):
        done = limited(megabytes, "optimize", world, "-o", out)
        outcomes.append(done.returncode)
        assert done.returncode in (0, 1), (megabytes, done)
        assert done.returncode == 0 or "memory" in done.stderr, done.stderr
        assert out.exists() == (done.returncode == 0)
        out.unlink(missing_ok=True)
    print(f"from {least} MB on: exit codes {outcomes}")
    assert outcomes[-1] == 0 and 1 in outcomes


@pytest.mark.parametrize("words", [["report"], ["plot"], ["info"], ["optimize", "-o", "-"], ["check", "--json", "-"]],
                         ids=lambda words: words[0])
def test_a_reader_that_goes_away(words):
    """As with `| head -c 0`: the pipe is closed before the first byte is written."""
    read, write = os.pipe()
    os.close(read)
    name, *options = words
    done = subprocess.run([CLI, name, SMALL / "outliers.g2o", *options], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.returncode == 1 and "Broken pipe" in done.stderr, done


@pytest.mark.parametrize("words", [["report"], ["plot"], ["info"], ["optimize", "-o", "-"], ["help"], ["convert", "-"],
                                   ["generate"]], ids=lambda words: words[0])
def test_a_full_disk(words):
    name, *options = words
    operand = [] if name == "help" else ["ring"] if name == "generate" else [SMALL / "ring.g2o"]
    with open("/dev/full", "w") as full:
        done = subprocess.run([CLI, name, *operand, *options], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "No space left" in done.stderr, done


def test_files_that_vanish_and_come_back(tmp_path):
    """While another program renames the input back and forth."""
    path, aside = tmp_path / "graph.g2o", tmp_path / "aside"
    shutil.copy(SMALL / "ring.g2o", path)
    swapper = subprocess.Popen(["sh", "-c", f"while :; do mv '{path}' '{aside}'; mv '{aside}' '{path}'; done"])
    try:
        codes = [subprocess.run([CLI, "info", path], capture_output=True).returncode for _ in range(60)]
    finally:
        swapper.kill()
        swapper.wait()
    assert set(codes) <= {0, 3}


def test_what_cannot_be_read(tmp_path):
    pathlib.Path(tmp_path / "secret.g2o").write_text("VERTEX_SE2 0 0 0 0\n")
    os.chmod(tmp_path / "secret.g2o", 0)
    os.symlink("nowhere", tmp_path / "link.g2o")
    os.symlink("loop.g2o", tmp_path / "loop.g2o")
    for name in ["link.g2o", "loop.g2o", "no/such.g2o", "/proc/self/mem", "."] + ["secret.g2o"] * (os.getuid() != 0):
        done = fgopt("info", tmp_path / name, code=3)
        assert "cannot be read" in done.stderr

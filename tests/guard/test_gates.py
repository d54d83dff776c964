# SPDX-License-Identifier: BSD-3-Clause
"""The guards of the guards: must_fail, which judges the canaries, and tests/run, which reports the whole suite."""
import os
import pathlib
import subprocess

import pytest

pytestmark = pytest.mark.guard
ROOT = pathlib.Path(__file__).resolve().parents[2]


def must_fail(*arguments):
    return subprocess.run([ROOT / "tests/canaries/must_fail", *arguments], capture_output=True, text=True)


def test_must_fail_accepts_the_expected_failure():
    assert must_fail("leak", "sh", "-c", "echo a leak >&2; exit 1").returncode == 0


@pytest.mark.parametrize("script, word", [
    ("echo a leak", "let the canary pass"),             # the gate is asleep
    ("echo cannot start >&2; exit 1", "but not with"),  # failed for another reason
    ("exit 127", "but not with"),
])
def test_must_fail_sees(script, word):
    done = must_fail("leak", "sh", "-c", script)
    assert done.returncode == 1 and word in done.stderr


@pytest.mark.parametrize("present, expected", [("everything", ""), ("all but valgrind", "update install valgrind ")])
def test_packages_that_are_missing_are_installed(tmp_path, present, expected):
    """With a dpkg-query, an apt-get and a sudo that only write down what they are asked for."""
    log = tmp_path / "log"
    log.write_text("")
    missing = present.removeprefix("all but ")
    for name, script in {
        "dpkg-query": f'[ "${{@: -1}}" = {missing} ] || echo install ok installed',
        "apt-get": f'for word; do case $word in -*) ;; *) printf "%s " $word >> {log};; esac; done',
        "sudo": '"$@"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{script}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run([ROOT / "cmake/install-packages", "build", "test"], capture_output=True, text=True,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr
    assert log.read_text() == expected


def test_the_suite_refuses_an_unknown_part():
    done = subprocess.run([ROOT / "tests/run", "nothing"], capture_output=True, text=True)
    assert done.returncode == 2 and "usage" in done.stderr


def test_the_suite_reports_a_failing_step(tmp_path):
    """A copy of tests/run in a tree whose build fails must say so and exit 1."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "cmake").mkdir()
    (tmp_path / "tests/run").write_text((ROOT / "tests/run").read_text())
    (tmp_path / "cmake/install-packages").write_text("#!/bin/sh\n")
    (tmp_path / "cmake/install-packages").chmod(0o755)
    done = subprocess.run(["bash", tmp_path / "tests/run", "clang"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "FAILED"
    assert "clang build" in done.stdout


def test_ci_calls_the_command_of_the_readme():
    commands = [line.strip() for line in (ROOT / ".ci/run").read_text().splitlines()]
    readme = [line.strip() for line in (ROOT / "README.md").read_text().splitlines()]
    assert commands[-1] == "tests/run"
    assert "tests/run" in readme and "examples/demo" in readme

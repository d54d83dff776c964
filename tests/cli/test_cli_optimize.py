# SPDX-License-Identifier: BSD-3-Clause
"""fgopt optimize: what it prints, writes and returns, in every way a run can end."""
import json
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import chi2
import pytest
from cli_support import CLI, SMALL, fgopt, needs_cli, values

pytestmark = needs_cli
MANHATTAN = SMALL / "manhattan.g2o"
SPHERE = SMALL / "sphere.g2o"
PAIR = "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 2 0 0\n"
EDGE = "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n"


def report_of(path, *words, code=0, cwd=None):
    return json.loads(fgopt("optimize", path, "--json", "-", "--quiet", *words, code=code, cwd=cwd).stdout)


# ---- what is written ----


@pytest.mark.parametrize("path", sorted(SMALL.glob("*.g2o")), ids=lambda p: p.stem)
def test_chi2_is_what_an_independent_program_finds(path, tmp_path):
    out = tmp_path / "out.g2o"
    report = report_of(path, "-o", out)
    assert report["chi2_initial"] == pytest.approx(chi2.chi2(path), rel=1e-9, abs=1e-12)
    assert report["chi2_final"] == pytest.approx(chi2.chi2(out), rel=1e-9, abs=1e-12)
    assert report["chi2_final"] < report["chi2_initial"]


def test_residual_convention_is_used_and_named(tmp_path):
    out = tmp_path / "out.g2o"
    report = report_of(SPHERE, "--residual", "log", "-o", out)
    assert report["residual"] == "log"
    assert report["chi2_initial"] == pytest.approx(chi2.chi2(SPHERE, "log"), rel=1e-9)
    assert report["chi2_final"] == pytest.approx(chi2.chi2(out, "log"), rel=1e-9)


def test_only_estimates_change(tmp_path):
    fgopt(MANHATTAN, "-o", tmp_path / "out.g2o")
    before, after = MANHATTAN.read_text().splitlines(), (tmp_path / "out.g2o").read_text().splitlines()
    assert len(before) == len(after)
    assert all(a == b or a.split()[:2] == b.split()[:2] and a.startswith("VERTEX") for a, b in zip(before, after))
    assert values(tmp_path / "out.g2o")[0] == values(MANHATTAN)[0]  # the gauge rule holds the smallest id


def test_same_input_same_bits_whatever_the_threads(tmp_path):
    outs = [fgopt(SPHERE, "-q", "-o", "-", "--threads", n).stdout for n in (1, 1, 2, 4)]
    assert len(set(outs)) == 1 and outs[0]


def test_standard_input_and_output(tmp_path):
    fgopt(MANHATTAN, "-o", tmp_path / "out.g2o")
    done = fgopt("optimize", "-", "-o", "-", input=MANHATTAN.read_text())
    assert done.stdout == (tmp_path / "out.g2o").read_text()
    assert "converged" in done.stderr and "stdin: chi2" in done.stderr


def test_without_output_nothing_is_written(tmp_path):
    shutil.copy(MANHATTAN, tmp_path / "in.g2o")
    done = fgopt("in.g2o", cwd=tmp_path)
    assert "no graph written; -o OUT writes it" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["in.g2o"]


def test_the_input_may_be_the_output(tmp_path):
    shutil.copy(MANHATTAN, tmp_path / "g.g2o")
    fgopt("g.g2o", "-o", "g.g2o", cwd=tmp_path)
    assert chi2.chi2(tmp_path / "g.g2o") < 0.1 * chi2.chi2(MANHATTAN)
    assert [p.name for p in tmp_path.iterdir()] == ["g.g2o"]


def test_toro_in_toro_out(tmp_path):
    fgopt("convert", MANHATTAN, tmp_path / "m.graph")
    report = report_of(tmp_path / "m.graph", "-o", tmp_path / "out.graph")
    assert report["chi2_final"] == pytest.approx(report_of(MANHATTAN)["chi2_final"], rel=1e-9)
    assert "VERTEX2 0 " in (tmp_path / "out.graph").read_text()


# ---- what is printed ----


def test_header_table_and_summary():
    done = fgopt(SPHERE)
    lines = done.stderr.splitlines()
    assert lines[0].endswith("sphere.g2o: 64 SE(3) poses, 119 edges, 1 component, id 0 held by the gauge rule")
    assert lines[1].startswith("residual: g2o; initial estimate: chordal (least cost: file ")
    assert lines[2].split() == ["it", "chi2", "|step|", "|grad|", "lambda", "ms"]
    rows = [line.split() for line in lines[3:]]
    assert [int(row[0]) for row in rows] == list(range(len(rows)))
    summary = done.stdout.splitlines()
    assert re.fullmatch(r".*sphere\.g2o: chi2 \S+ -> \S+", summary[0])
    assert re.fullmatch(r"converged \(\w+\) after \d+ iterations \(\d+ accepted\), \S+ s", summary[1])
    assert int(re.search(r"after (\d+)", summary[1])[1]) == len(rows) - 1
    assert float(rows[-1][1]) == pytest.approx(float(summary[0].split()[-1]), rel=1e-5)
    for name in ("read", "initialize", "analyze", "linearize", "factorize", "solve", "evaluate"):
        assert re.search(rf"\b{name} \d+\.\d", summary[2])


def test_the_gauge_rule_holds_what_a_prior_leaves_open(tmp_path):
    """One known position: the map may still turn about it, and no more."""
    path = tmp_path / "m.g2o"
    path.write_text(MANHATTAN.read_text() + "EDGE_PRIOR_SE2_XY 7 3 4 100 0 100\n")
    lines = fgopt("optimize", path, "-o", tmp_path / "out.g2o").stderr.splitlines()
    assert any(line.endswith("1 degree of freedom of id 0 held by the gauge rule") for line in lines)
    free = json.loads(fgopt("optimize", MANHATTAN, "--quiet", "--json", "-").stdout)["chi2_final"]
    held = json.loads(fgopt("optimize", path, "--quiet", "--json", "-").stdout)["chi2_final"]
    assert held == pytest.approx(free, rel=1e-6)  # the prior costs nothing
    assert values(tmp_path / "out.g2o")[7][:2] == pytest.approx([3, 4], abs=1e-4)


def test_rows_are_live(tmp_path):
    """The row of the first iteration arrives while the program still runs."""
    big = tmp_path / "big.g2o"
    fgopt("generate", "grid3d", "-n", 3000, "-o", big)
    with subprocess.Popen([CLI, big, "--max-iterations=1"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          text=True) as program:
        for line in program.stderr:
            if line.startswith("  0"):
                assert program.poll() is None
                break
        else:
            pytest.fail("no row of iteration 0")
        program.stderr.read()
    assert program.returncode == 5


def test_quiet_prints_nothing():
    done = fgopt(MANHATTAN, "--quiet")
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("text, message", [
    (PAIR + EDGE + "SENSOR 1 2\n", "g.g2o:4: warning: 1 line with a tag that fgopt does not know; kept, not used"),
    ("VERTEX2 0 0 0 0\nVERTEX2 1 1 0 0\nEDGE2 1 0 -1 0 0 1 0 1 1 0 0\nEQUIV 0 1\n", "1 EQUIV line not applied"),
    ("VERTEX3 0 0 0 0 0 0 0\nVERTEX3 1 1 0 0 0 0 0\nEDGE3 0 1 1 0 0 0 0 0\n", "1 edge without an information matrix; taken as identity"),
    (PAIR + PAIR.replace("SE2 0", "SE2 7").replace("SE2 1", "SE2 9") + EDGE + EDGE.replace("0 1", "7 9", 1),
     "nothing holds 2 of the 2 components"),
])
def test_warnings_even_when_quiet(text, message, tmp_path):
    (tmp_path / "g.g2o").write_text(text)
    done = fgopt("g.g2o", "--quiet", "-o", "out", cwd=tmp_path)
    assert message in done.stderr
    assert done.stdout == ""


def test_projection_is_an_option_and_counted(tmp_path):
    path = tmp_path / "g.g2o"
    path.write_text(PAIR + EDGE + "EDGE_SE2 0 1 1 0 0 1 0 0 1 0 -3\n")
    done = fgopt(path, "-o", tmp_path / "out.g2o", code=3)
    assert "g.g2o:4:" in done.stderr and "Try --information project." in done.stderr
    done = fgopt(path, "--information", "project")
    assert "1 information matrix is indefinite; projected" in done.stderr


# ---- options ----


def test_methods_and_solvers_agree():
    final = [report_of(SPHERE, *words)["chi2_final"] for words in (
        [], ["--method", "gn"], ["--linear-solver", "dense"], ["--linear-solver", "cholmod"], ["--init", "odometry"],
        ["--diagonal-scaling", "0"], ["--linear-solver", "cgls"],
        ["--linear-solver", "cgls", "--cgls-preconditioner", "none"])]
    assert final == pytest.approx([final[0]] * len(final), rel=1e-7)


def test_steps_that_are_cut_short_are_told():
    words = [SPHERE, "--linear-solver", "cgls", "--cgls-iterations", 3, "--max-iterations", 4]
    assert "; 12 CG iterations, 4 of 4 steps cut short\n" in fgopt(*words, code=5).stdout


def test_fixed_variables_stay(tmp_path):
    fgopt(MANHATTAN, "--fix", 5, "--fix=80", "-o", tmp_path / "out.g2o")
    before, after = values(MANHATTAN), values(tmp_path / "out.g2o")
    assert [key for key in before if before[key] == after[key]] == [5, 80]


def test_robust_loss_finds_the_truth_among_outliers(tmp_path):
    truth = values(SMALL / "outliers.truth.g2o")

    def error(loss):
        out = tmp_path / f"{loss}.g2o"
        report = report_of(SMALL / "outliers.g2o", "--loss", loss, "-o", out)
        assert report["chi2_final"] == pytest.approx(chi2.chi2(out), rel=1e-9)  # chi2 never contains the loss
        return max(math.dist(truth[k][:2], x[:2]) for k, x in values(out).items())

    assert error("cauchy") < 1.0 < 5.0 < error("none")


def test_edges_only_starts_along_the_edges(tmp_path):
    path = tmp_path / "edges.g2o"
    path.write_text("".join(l for l in MANHATTAN.read_text().splitlines(True) if l.startswith("EDGE")))
    report = report_of(path, "--init", "file")
    assert report["init"] == "odometry"
    assert report["chi2_final"] == pytest.approx(report_of(MANHATTAN)["chi2_final"], rel=1e-7)


# ---- JSON ----

FIELDS = ["version", "file", "residual", "variables", "factors", "tangent_dim", "method", "linear_solver", "init", "init_cost", "threads",
          "chi2_initial", "chi2_final", "iterations", "termination", "time_s", "peak_memory_bytes"]
TIMES = ["read", "initialize", "analyze", "linearize", "factorize", "solve", "evaluate", "write", "optimize", "total"]


def test_json_fields(tmp_path):
    report = report_of(SPHERE, "--method", "gn", "--threads", "2", "-o", tmp_path / "out.g2o")
    assert list(report) == FIELDS
    assert list(report["time_s"]) == TIMES
    assert (report["variables"], report["factors"], report["tangent_dim"]) == (64, 119, 6 * 63)
    assert (report["method"], report["linear_solver"], report["init"], report["threads"]) == ("gn", "block", "chordal", 2)
    assert report["file"] == str(SPHERE) and report["termination"].startswith("converged")
    assert report["peak_memory_bytes"] > 1 << 20
    rows = report["iterations"]
    assert [row["iteration"] for row in rows] == list(range(len(rows)))
    assert list(rows[0]) == ["iteration", "cost", "gradient_norm", "step_norm", "lambda", "accepted", "time_s"]
    assert rows[0]["cost"] == report["init_cost"]["chordal"] == min(cost for cost in report["init_cost"].values() if cost is not None)
    assert report["chi2_initial"] == report["init_cost"]["file"] and rows[0]["step_norm"] is None
    assert min(row["cost"] for row in rows) == report["chi2_final"]
    times = report["time_s"]
    assert all(t >= 0.0 for t in times.values())
    parts = [times[k] for k in ("analyze", "linearize", "factorize", "solve", "evaluate")]
    assert sum(parts) <= times["optimize"] <= times["total"]
    assert times["read"] + times["optimize"] + times["write"] <= times["total"]


def test_json_of_hostile_names(tmp_path):
    name = 'q"\\\n\t\u00e9.g2o'
    shutil.copy(SPHERE, tmp_path / name)
    assert report_of(name, cwd=tmp_path)["file"] == name
    odd = os.fsencode(tmp_path) + b"/\xff\xc3.g2o"
    shutil.copy(SPHERE, odd)
    done = subprocess.run([CLI, odd, "-q", "--json", "-"], capture_output=True)
    assert json.loads(done.stdout.decode())["file"].endswith("\ufffd\ufffd.g2o")


@pytest.mark.parametrize("raw, text", [
    (b"\xc0\xaf", "\ufffd" * 2),                                                # overlong, of two bytes
    (b"\xe0\x80\xaf", "\ufffd" * 3), (b"\xf0\x80\x80\xaf", "\ufffd" * 4),        # and of more
    (b"\xed\xa0\x80", "\ufffd" * 3), (b"\xf4\x90\x80\x80", "\ufffd" * 4),        # a surrogate; past U+10FFFF
    (b"a\xe2\x82", "a\ufffd\ufffd"),                                             # cut off
    ("\u20ac\U0001f600\x7f\x01".encode(), "\u20ac\U0001f600\x7f\x01"),
])
def test_json_of_names_that_are_no_unicode(tmp_path, raw, text):
    name = os.fsencode(tmp_path) + b"/" + raw + b"x.g2o"
    shutil.copy(SPHERE, name)
    done = subprocess.run([CLI, "info", name, "--json", "-"], capture_output=True, check=True)
    assert json.loads(done.stdout.decode())["file"] == f"{tmp_path}/{text}x.g2o"


def test_json_numbers_are_exact():
    """Every number has the digits that its double needs; the others, and no other numbers, are null."""
    text = fgopt(SPHERE, "-q", "--json", "-").stdout
    reals = re.findall(r"(?<=[ \[])-?\d+(?:\.\d+(?:e-?\d+)?|e-?\d+)(?=[,\n])", text)
    assert len(reals) > 30 and all(json.loads(real) == float(f"{float(real):.17g}") for real in reals)
    assert sum(len(re.sub(r"e.*|\D", "", real).strip("0")) > 15 for real in reals) > 15
    assert text.startswith('{\n  "version": "') and text.endswith("\n}\n")


def test_json_of_a_failure_says_why_it_ended(tmp_path):
    path = tmp_path / "huge.g2o"
    path.write_text("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1e200 0 0\n" + EDGE)
    report = report_of(path, "--init", "file", "-o", tmp_path / "out.g2o", code=4)
    assert list(report) == FIELDS
    assert report["chi2_final"] is None
    assert not (tmp_path / "out.g2o").exists()


def test_json_replaces_the_file_or_leaves_it(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("old")
    fgopt(tmp_path / "missing.g2o", "--json", path, code=3)
    assert path.read_text() == "old"
    fgopt(SPHERE, "--json", path)
    assert json.loads(path.read_text())["variables"] == 64
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


# ---- exit codes ----


def test_bad_input_is_3_and_writes_nothing(tmp_path):
    (tmp_path / "bad.g2o").write_text(PAIR + "EDGE_SE2 0 1 one 0 0 1 0 0 1 0 1\n")
    done = fgopt("bad.g2o", "-o", "out.g2o", code=3, cwd=tmp_path)
    assert done.stderr.startswith("bad.g2o:3:14: ")
    assert len(done.stderr.splitlines()) == 1
    assert "missing.g2o" in fgopt("missing.g2o", code=3, cwd=tmp_path).stderr
    assert fgopt(".", code=3, cwd=tmp_path).stderr.startswith("fgopt: ")
    assert [p.name for p in tmp_path.iterdir()] == ["bad.g2o"]


def test_unsolvable_is_4_with_a_reason(tmp_path):
    (tmp_path / "huge.g2o").write_text("VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1e200 0 0\n" + EDGE)
    done = fgopt("huge.g2o", "--init", "file", "-o", "out.g2o", code=4, cwd=tmp_path)
    assert "huge.g2o: cannot be solved: " in done.stderr
    assert not (tmp_path / "out.g2o").exists()


def test_singular_is_4(tmp_path):
    (tmp_path / "free.g2o").write_text(PAIR + "EDGE_SE2 0 1 1 0 0 1 0 0 0 0 1\n")
    done = fgopt("free.g2o", "--init", "file", "--method", "gn", "-o", "out.g2o", code=4, cwd=tmp_path)
    assert "free.g2o: cannot be solved: " in done.stderr
    assert not (tmp_path / "out.g2o").exists()


def test_stopped_is_5_and_writes(tmp_path):
    done = fgopt(MANHATTAN, "--max-iterations", 1, "-o", tmp_path / "out.g2o", code=5)
    assert "1 iteration (" in done.stdout
    assert chi2.chi2(tmp_path / "out.g2o") < chi2.chi2(MANHATTAN)
    fgopt(MANHATTAN, "--init", "file", "--max-iterations", 0, "-o", tmp_path / "same.g2o", code=5)
    assert (tmp_path / "same.g2o").read_text() == MANHATTAN.read_text()


def test_output_that_cannot_be_written_is_1(tmp_path):
    done = fgopt(MANHATTAN, "-o", tmp_path / "no" / "out.g2o", code=1)
    assert "out.g2o" in done.stderr
    assert "no graph written" in done.stdout
    fgopt(MANHATTAN, "--json", tmp_path / "no" / "out.json", code=1)
    assert "/dev/full" in fgopt(MANHATTAN, "-o", "/dev/full", code=1).stderr
    assert pathlib.Path("/dev/full").is_char_device()


def test_graph_into_a_full_disk_or_a_closed_pipe_is_1():
    with open("/dev/full", "w") as full:
        done = subprocess.run([CLI, MANHATTAN, "-o", "-"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "write" in done.stderr
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run([CLI, MANHATTAN, "-o", "-"], stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "write" in done.stderr


@pytest.fixture(scope="module")
def long_problem(tmp_path_factory):
    """A lattice whose iterations take long enough to be interrupted."""
    path = tmp_path_factory.mktemp("long") / "grid.g2o"
    fgopt("generate", "grid3d", "-n", 5000, "-o", path)
    return path


def start_and_wait_for_a_row(path, out):
    program = subprocess.Popen([CLI, path, "-o", out], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in program.stderr:
        if line.startswith("  0"):
            time.sleep(0.05)  # let the first iteration begin
            return program
    pytest.fail("no row of iteration 0")


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_interrupted_is_130_and_writes_the_best_estimate(number, long_problem, tmp_path):
    out = tmp_path / "out.g2o"
    program = start_and_wait_for_a_row(long_problem, out)
    program.send_signal(number)
    stdout, _ = program.communicate(timeout=300)
    assert program.returncode == 130
    assert "stopped" in stdout and f"wrote {out}" in stdout
    assert len(values(out)) == 5000
    assert chi2.chi2(out) <= chi2.chi2(long_problem)
    assert [p.name for p in tmp_path.iterdir()] == ["out.g2o"]


def test_a_second_interrupt_ends_at_once(long_problem, tmp_path):
    program = start_and_wait_for_a_row(long_problem, tmp_path / "out.g2o")
    program.send_signal(signal.SIGINT)
    time.sleep(0.05)  # two signals that are pending together are one
    program.send_signal(signal.SIGINT)
    program.communicate(timeout=300)
    assert program.returncode == -signal.SIGINT
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_reading_ends_at_once(tmp_path):
    program = subprocess.Popen([CLI, "-", "-o", tmp_path / "out.g2o"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # "&" ignores it
    program.stdin.write(PAIR.encode())
    program.stdin.flush()
    time.sleep(0.3)  # enough to start; too little only makes the test weaker
    program.send_signal(signal.SIGINT)
    program.communicate(timeout=60)
    assert program.returncode == -signal.SIGINT
    assert list(tmp_path.iterdir()) == []

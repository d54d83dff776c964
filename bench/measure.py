# SPDX-License-Identifier: BSD-3-Clause
"""Runs the benchmarks that bench/run has built and writes bench/results/DATE.json, .md and the plots, or puts them into a
result that is there (--into)."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

import merge
import plot
import poses
import report
import scaling
import tools

sys.path[:0] = [str(tools.ROOT / "bench/thermal"), str(tools.ROOT / "bench/python")]
import bindings  # noqa: E402
import compare  # noqa: E402

PARTS = ["poses", "programs", "scaling", "thermal", "python"]
# The C benchmarks of this folder: name in the result, program and options, and the data sets it takes.
PROGRAMS = {"factors": ("factors", []), "factors, AVX2": ("factors-avx2", []), "floor": ("floor", poses.HEADLINE),
            "floor, linear solver CHOLMOD": ("floor --solver cholmod", poses.HEADLINE), "cholesky": ("cholesky", poses.HEADLINE),
            "seed": ("seed", ["intel", "sphere2500"])}

def arguments():
    parser = argparse.ArgumentParser(prog="bench/run", description="fgopt against its peers; README.md explains")
    parser.add_argument("--datasets", default=os.environ.get("FGOPT_DATASETS"),
                        help="folder of the data sets (default: FGOPT_DATASETS)")
    parser.add_argument("--quick", action="store_true", help="one round, three data sets, small graphs: does everything work?")
    parser.add_argument("--repeat", type=int, help="rounds (default 5; quick: 1)")
    parser.add_argument("--only", help=f"tools, comma separated: {', '.join(tools.TOOLS)}; fgopt always runs")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"comma separated (default: {','.join(PARTS)})")
    parser.add_argument("--sets", help="data sets, comma separated (default: all that are known)")
    parser.add_argument("--programs", help=f"C benchmarks, separated by semicolons: {'; '.join(PROGRAMS)} (default: all)")
    parser.add_argument("--large", action="store_true", help="scaling up to 1e6 poses")
    parser.add_argument("--sizes", help="scaling: poses, comma separated, in place of 1000 to 100000 or, with --large, 1e6")
    parser.add_argument("--into", metavar="RESULT.json", help="put what is measured into this result, in place of what it has of "
                        "the same data sets, programs and sizes, and write its tables and plots beside it")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one run (default 120)")
    parser.add_argument("--results", default=str(tools.ROOT / "bench/results"), help="folder to write to (default: bench/results)")
    a = parser.parse_args()
    known = {t.lower(): t for t in tools.TOOLS}
    chosen = [known.get(t.strip().lower()) for t in a.only.split(",")] if a.only else tools.TOOLS
    if None in chosen:
        parser.error(f"--only: the tools are {', '.join(tools.TOOLS)}")
    a.only = ["fgopt", *[t for t in chosen if t != "fgopt"]]
    a.parts = a.parts.split(",")
    if not set(a.parts) <= set(PARTS):
        parser.error(f"--parts: {', '.join(PARTS)}")
    if not a.datasets and {"poses", "programs", "python"} & set(a.parts):
        parser.error("no data sets: give --datasets DIR or set FGOPT_DATASETS")
    a.programs = a.programs.split(";") if a.programs else list(PROGRAMS)
    a.programs = [name.strip() for name in a.programs]
    if not set(a.programs) <= set(PROGRAMS):
        parser.error(f"--programs: {'; '.join(PROGRAMS)}")
    default = scaling.QUICK if a.quick else scaling.STANDARD + (scaling.LARGE if a.large else [])
    a.sizes = [int(float(n)) for n in a.sizes.split(",")] if a.sizes else default
    a.repeat = a.repeat or (1 if a.quick else 5)
    return a


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "?"


def machine():
    cpu = "?"
    try:
        with open("/proc/cpuinfo") as file:
            cpu = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    except OSError:
        pass
    return {"cpu": cpu, "cores": os.cpu_count(), "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            "system": first_line("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"), "kernel": platform.release(),
            "compiler": first_line("cc", "--version"), "python": platform.python_version(),
            "load_before": os.getloadavg()[0],
            "commit": first_line("git", "-C", str(tools.ROOT), "describe", "--always", "--dirty"),
            "packages": {name: first_line("dpkg-query", "-W", "-f", "${Version}", name)
                         for name in ("libceres-dev", "libcholmod3", "libopenblas0-pthread", "libeigen3-dev")}}


def run_programs(names, folder, quick, say):
    out = {}
    for name in names:
        (command, *options), sets = PROGRAMS[name][0].split(), PROGRAMS[name][1]
        program = next((p for p in (tools.BUILD / "bin" / command, tools.BUILD / "fgopt/bench" / command) if p.exists()), None)
        if not program:
            out[name] = {"error": "was not built"}
            continue
        files = [folder / f"{s}.g2o" for s in sets if s in poses.QUICK or not quick]
        if not all(f.exists() for f in files):
            out[name] = {"error": "its data sets are not there"}
            continue
        try:
            done = subprocess.run([str(program), *options, *map(str, files)], capture_output=True, text=True,
                                  timeout=120 if quick else 900)
            out[name] = {"stdout": done.stdout, "exit_code": done.returncode, "stderr": done.stderr[-2000:]}
        except subprocess.TimeoutExpired:
            out[name] = {"error": "took too long"}
        say(f"{name}: " + out[name].get("error", "") + "\n" + out[name].get("stdout", ""))
    return out


def write(result, stem):
    """STEM.json, .md and the plots."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    stem.with_suffix(".json").write_text(json.dumps(result, indent=1))
    plots = plot.draw(result, stem)
    text = report.markdown(result, plots)
    stem.with_suffix(".md").write_text(text)
    return text, plots


def main():
    a = arguments()
    started = time.time()

    def say(line):
        print(f"[{time.time() - started:7.1f}] {line}", file=sys.stderr, flush=True)

    # First, so that a result that cannot be read costs no hour.
    old = json.loads(pathlib.Path(a.into).read_text()) if a.into and pathlib.Path(a.into).exists() else {}
    result = {"date": datetime.datetime.now().isoformat(timespec="seconds"), "machine": machine(), "rounds": a.repeat,
              "quick": a.quick}
    folder = pathlib.Path(a.datasets).resolve() if a.datasets else None
    names = a.sets.split(",") if a.sets else poses.QUICK if a.quick else list(poses.OPTIMUM)
    if "poses" in a.parts:
        result["poses"] = poses.measure(folder, names, a.only, a.repeat, a.timeout, say)
    if "programs" in a.parts:
        result["programs"] = run_programs(a.programs, folder, a.quick, say)
    if "scaling" in a.parts:
        result["scaling"] = scaling.measure(a.sizes, 20 if a.quick else 600, say)
    if "thermal" in a.parts:
        result["thermal"] = compare.measure(a.repeat, a.timeout, say)
    if "python" in a.parts:
        result["python"] = bindings.measure(folder, a.repeat, a.quick, a.timeout, say)
    result["duration_s"] = time.time() - started

    stamp = {"date": result["date"], "load": result["machine"]["load_before"], "commit": result["machine"]["commit"],
             "rounds": a.repeat}
    failed = any(result.get(part, {}).get("failed") for part in ("thermal", "python"))
    result = merge.stamped(result, stamp)
    if a.into:
        result, stem = merge.into(old, result), pathlib.Path(a.into).with_suffix("")
    else:
        stem = pathlib.Path(a.results) / (datetime.date.today().isoformat() + ("-quick" if a.quick else ""))
    text, plots = write(result, stem)
    print(text)
    say(f"written: {stem}.json, .md, {', '.join(p.name for p in plots)}")
    return failed


sys.exit(main())

# SPDX-License-Identifier: BSD-3-Clause
"""Writes the section "How fast" of bench/README.md, between its two markers, from a result.

    readme.py RESULT.json [README.md]

Only what the result has is written; the rest of the page explains each part."""
import json
import pathlib
import re
import sys

import merge
import poses
import report
import tools

BEGIN, END = "<!-- written by bench/readme.py -->\n", "<!-- end of what bench/readme.py writes -->\n"


def prose(text):
    """Joined sentences, broken into lines of at most 120 characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > 120:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return [*lines, line, ""]


def days(result, part):
    found = list(dict.fromkeys(s["date"][:10] for s in merge.stamps(result, part)))
    return " and ".join(found) if found else result["date"][:10]


def machine(m):
    cpu = re.sub(r"\((R|TM)\)|Processor", "", m["cpu"]).split("@")[0]
    return f"{m['cores']} cores of an {' '.join(cpu.split())}, {re.sub(r'GNU/Linux | [(].*', '', m['system'])}"


def cells(stdout):
    """The rows of a Markdown table that a program printed, without its head."""
    rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in stdout.splitlines() if line.startswith("|")]
    return rows[2:]


def program(result, name):
    found = result.get("programs", {}).get(name, {})
    return cells(found["stdout"]) if found.get("stdout") and not found.get("exit_code") else []


# ---- the comparison ----


def fastest(entry, tool, settings):
    """(median seconds, setting) of the tool's fastest setting that reached the optimum, or None."""
    found = [(poses.spread(t.values())[0], label) for label in entry["runs"] if settings[label]["tool"] == tool
             for t in [poses.times(entry, label, settings, report.REACHED)] if t]
    return min(found) if found else None


def absent(entry, tool, settings, missing):
    errors = [runs[0].get("error", "") for label, runs in entry["runs"].items() if settings[label]["tool"] == tool]
    if tool in missing or not errors:
        return "not run"
    unfinished = [e for e in errors if e.startswith("still running")]
    return unfinished[0].replace("still running after", ">") if unfinished else "another optimum"


def versions(p):
    found = {}
    for entry in p["datasets"].values():
        for runs in entry.get("runs", {}).values():
            if "version" in runs[0]:
                found[runs[0]["tool"]] = runs[0]["version"]
    names = {"g2o": "g2opy"}
    return ", ".join(f"{names.get(tool, tool)} {version}" for tool, version in found.items())


def comparison(result, stem):
    p = result["poses"]
    settings, summary = p["settings"], {row[0]: row for row in report.summarize(result)}
    peers = [tool for tool in tools.TOOLS if tool != "fgopt"]
    rows = []
    for name in (n for n in poses.HEADLINE if n in summary):
        entry, (_, _, _, ours, ratio) = p["datasets"][name], summary[name]
        row, first = [name, report.with_spread(ours.values())], summary[name][1]
        for tool in peers:
            found = fastest(entry, tool, settings)
            text = report.seconds(found[0]) if found else absent(entry, tool, settings, entry.get("missing", p["missing"]))
            row.append(f"**{text}**" if found and first and settings[first]["tool"] == tool else text)
        rows.append([*row, f"{ratio:.1f}" if ratio else "-"])
    mean, count = report.geometric_mean(list(summary.values()))
    symforce = any(settings[label]["tool"] == "SymForce" for entry in p["datasets"].values() for label in entry.get("runs", {}))
    rounds = max((s["rounds"] for s in merge.stamps(result, "poses")), default=result["rounds"])
    lines = prose(
        f"Time from the loaded graph to within 1e-6 of the optimum, first estimate and symbolic analysis included, on "
        f"{days(result, 'poses')}: {machine(result['machine'])}. {versions(p)}; fgopt with its defaults, each peer with the best of "
        f"several settings, with one thread and with two. Medians of {rounds} rounds (least .. most), ratios to the fastest peer, "
        f"in bold, within a round; geometric mean over {count} sets: {report.number(mean)}. " +
        ("SymForce's wheel has no C++ headers, so its linearization is Python here and most of its time. " if symforce else "") +
        f"[All settings](results/{stem}.md), [what is measured](#what-is-measured), and `bench/run` to repeat it.")
    return lines + report.table(["data set", "fgopt", *peers, "ratio"], rows) + \
        [f"![Seconds to the optimum](results/{stem}-time.svg)", ""]


# ---- the other parts ----


def floor(result):
    block, cholmod = program(result, "floor"), {r[0]: r[-1] for r in program(result, "floor, linear solver CHOLMOD")}
    if not block:
        return []
    each = ", ".join(f"{r[0]} {r[-1]}" + (f" ({cholmod[r[0]]})" if r[0] in cholmod else "") for r in block)
    return prose("**An iteration against the floor**, CHOLMOD's own factorize and solve of the same matrix, its faster kind: "
                 f"{each}" + ("; in parentheses with `--linear-solver cholmod`." if cholmod else "."))


def factors(result):
    rows = {r[0]: r for r in program(result, "factors, AVX2")}
    if not rows:
        return []
    names = {"between_se2": ("SE(2) between", "analytic_se2"), "between_se3": ("SE(3) between", "analytic_se3"),
             "between_se2_log": ("SE(2) between, Log", None), "between_se3_log": ("SE(3) between, Log", None)}
    body = [[text, rows[name][1], rows[name][2], rows[analytic][2] if analytic else "", rows[name][4].split(" ")[0]]
            for name, (text, analytic) in names.items()]
    return ["**A factor**, nanoseconds, one thread, AVX2:", "",
            *report.table(["", "residual", "and Jacobian, dual numbers", "and Jacobian, by hand", "dual / by hand"], body)]


def scaling(result):
    lines = []
    for kind, sizes in result.get("scaling", {}).items():
        rows = [(int(n), r) for n, r in sizes.items() if "error" not in r]
        chosen = [(n, r) for n, r in sorted(rows, key=lambda x: x[0]) if n in (1000, 10000, 100000, 1000000)]
        for n, r in chosen:
            lines.append([f"{kind}, {n}", r["edges"], report.seconds(r["time_s"]["total"]), report.seconds(r["time_s"]["read"]),
                          f"{1e6 * r['iteration_s'] / r['edges']:.2f}", f"{r['peak_memory_bytes'] / r['edges']:.0f}",
                          f"{r['peak_memory_bytes'] / r['variables']:.0f}"])
    return ["**Growing graphs**, `fgopt optimize` of generated worlds, from file to file:", "",
            *report.table(["world, poses", "edges", "total", "of it reading", "us per iteration and edge", "bytes per edge",
                           "bytes per pose"], lines)] if lines else []


def seed(result):
    rows = program(result, "seed")
    return ["**SwiftFusion's benchmarks**, unit weights:", "",
            *report.table(["", "ms", "range", "steps", "CG iterations", "chi2 at the end"], rows)] if rows else []


def thermal(result):
    found = result.get("thermal", {}).get("programs", {})
    ours = min((p["gradient_s"] for name, p in found.items() if name.startswith("fgopt") and "error" not in p), default=None)
    rows = [[name, f"{1e6 * p['forward_s']:.2f}", f"{1e6 * p['gradient_s']:.2f}", report.number(p["gradient_s"] / p["forward_s"]),
             f"{p['gradient_s'] / ours:.{0 if p['gradient_s'] > 10 * ours else 1}f}"] for name, p in found.items() if "error" not in p and ours]
    missing = [f"{name}: {p['error']}" for name, p in found.items() if "error" in p]
    used = ", ".join(dict.fromkeys(f"{name.split(',')[0]} {p['version']}" for name, p in found.items()
                                   if "error" not in p and not name.startswith("fgopt")))
    return [*prose(f"**The thermal building simulation** of differentiable Swift, microseconds for 20 steps, and with the gradient "
                   f"by 20 parameters ({used}):"),
            *report.table(["", "forward", "with gradient", "ratio", "times the fastest"], rows),
            *([f"Not run: {'; '.join(missing)}.", ""] if missing else [])] if rows else []


def section(result, stem):
    lines = comparison(result, stem) if "poses" in result else []
    lines += floor(result) + factors(result) + scaling(result) + seed(result) + thermal(result)
    return "\n".join(lines)


def main():
    result = pathlib.Path(sys.argv[1])
    readme = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else tools.ROOT / "bench/README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"readme.py: {readme} does not have both markers: {BEGIN.strip()} and {END.strip()}")
    readme.write_text(before + BEGIN + "\n" + section(json.loads(result.read_text()), result.stem) + END + after)


if __name__ == "__main__":
    main()

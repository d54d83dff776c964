# SPDX-License-Identifier: BSD-3-Clause
"""The measurements of measure.py as Markdown.    report.py RESULT.json    prints it again."""
import json
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "python"))
import bindings  # noqa: E402
import merge  # noqa: E402
import poses  # noqa: E402

REACHED, CLOSE = poses.TOLERANCES


def seconds(s):
    if s is None:
        return "-"
    return f"{1e3 * s:.1f} ms" if s < 1 else f"{s:.2f} s"


def with_spread(values):
    s = poses.spread(values)
    if s is None:
        return "-"
    return seconds(s[0]) if len(values) == 1 else f"{seconds(s[0])} ({seconds(s[1])} .. {seconds(s[2])})"


def number(x, digits=3):
    return "-" if x is None or not math.isfinite(x) else f"{x:.{digits}g}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows] + [""]


# ---- what a tool reached on a data set ----


def end_excess(entry, label, settings):
    """How far above the optimum of its own definition the first run ended, relative; None if it failed."""
    optimum = entry["optimum"][settings[label]["residual"]]
    final = entry["runs"][label][0].get("chi2_final")
    return None if final is None or not optimum else final / optimum - 1.0


def outcome(entry, label, settings):
    first = entry["runs"][label][0]
    if "error" in first:
        return first["error"]
    if poses.times(entry, label, settings, REACHED):
        return "optimum"
    excess = end_excess(entry, label, settings)
    return "**no result**" if excess is None else f"**ended {number(excess, 2)} above it**"


def symforce_bound(entry, label, found):
    """The same times with the share of the linearization, which is Python's, taken off."""
    share = {r["round"]: 1.0 - r["linearize_s"] / r["total_s"] for r in entry["runs"][label] if r.get("total_s")}
    return {k: t * share[k] for k, t in found.items() if k in share}


def best_peer(entry, settings, lenient):
    """(label, {round: seconds}, mark) of the fastest peer. Lenient: also one that ends within 1e-2 above the optimum counts,
    timed to its own end (*), and SymForce without its linearization (**)."""
    best = None
    for label in entry["runs"]:
        if settings[label]["tool"] == "fgopt" or "error" in entry["runs"][label][0]:
            continue
        candidates = [(poses.times(entry, label, settings, REACHED), "")]
        excess = end_excess(entry, label, settings)
        if lenient and not candidates[0][0] and excess is not None and excess < poses.NEAR:
            candidates.append((poses.own_end(entry, label), "*"))
        if lenient and settings[label]["tool"] == "SymForce":
            candidates.append((symforce_bound(entry, label, candidates[0][0]), "**"))
        for found, mark in candidates:
            if found and (best is None or poses.spread(found.values())[0] < poses.spread(best[1].values())[0]):
                best = (label, found, mark)
    return best


def summarize(result, lenient=False):
    """[(data set, peer label and mark, peer times, fgopt times, ratio)]"""
    out, settings = [], result["poses"]["settings"]
    for name, entry in result["poses"]["datasets"].items():
        if "error" in entry:
            continue
        ours = poses.times(entry, "fgopt default", settings, REACHED) if "fgopt default" in entry["runs"] else {}
        best = best_peer(entry, settings, lenient)
        label, peer = (best[0] + best[2], best[1]) if best else (None, {})
        out.append((name, label, peer, ours, poses.ratio(peer, ours)))
    return out


def geometric_mean(rows):
    """(mean of the ratios over the headline sets that have one, number of them)"""
    found = [r[4] for r in rows if r[0] in poses.HEADLINE and r[4]]
    return (math.exp(sum(map(math.log, found)) / len(found)) if found else None, len(found))


# ---- sections ----


def pose_summary(result):
    rows, lenient = summarize(result), {r[0]: r for r in summarize(result, lenient=True)}
    body = []
    for name, label, peer, ours, ratio in rows:
        l = lenient[name]
        body.append([name, label or "none reached the optimum", with_spread(peer.values()),
                     with_spread(ours.values()) if ours else "**not reached**", number(ratio),
                     f"{l[1]}: {number(l[4])}" if l[1] and l[1] != label else ""])
    mean, count = geometric_mean(rows)
    strict = f"**Geometric mean of the ratios: {number(mean)}**, over {count} of {', '.join(poses.HEADLINE)}."
    mean, count = geometric_mean(list(lenient.values()))
    return ["## Time to the optimum", "",
            "Seconds from the loaded graph until chi2 is within 1e-6 of the lowest known, in the tool's own residual definition; "
            "medians (least .. most). The ratio is the median over rounds of peer / fgopt.", "",
            *table(["data set", "fastest peer", "its time", "fgopt, defaults", "ratio", "lenient"], body), strict,
            f"Lenient: {number(mean)} over {count}; there a peer that ends less than 1% above its optimum counts too, timed to "
            "within 1e-6 of where it ends (*), and SymForce with its linearization, here in Python, taken off (**), a bound of "
            "what its C++ users could see.", ""]


def split(r):
    if not r.get("iterations"):
        return "-"
    parts = [r.get(k) for k in ("linearize_s", "factorize_s", "rest_s")]
    each = 1e3 / r["iterations"]
    if None in parts:
        return f"{number(r['total_s'] * each)} in all"
    return " / ".join(number(p * each) for p in parts)


def dataset_table(name, entry, settings):
    ours = poses.times(entry, "fgopt default", settings, REACHED) if "fgopt default" in entry["runs"] else {}
    rows = []
    for label, runs in entry["runs"].items():
        r = runs[0]
        if "error" in r:
            rows.append([label, "-", "-", "-", "-", "-", "-", "-", "-", r["error"]])
            continue
        found = poses.times(entry, label, settings, REACHED)
        near = poses.times(entry, label, settings, CLOSE)
        rows.append([label, with_spread(found.values()), with_spread(near.values()), number(poses.ratio(found, ours)), r["iterations"],
                     split(min(runs, key=lambda x: x.get("total_s", math.inf))), number(r["chi2_final"], 9),
                     number(r.get("chi2_of_file"), 9), f"{r['peak_memory_kB'] / 1024:.0f}", outcome(entry, label, settings)])
    best = entry["optimum"]
    return [f"### {name}", "", f"Lowest known chi2: g2o {best['g2o']}, Log {number(best['log'], 10)}." +
            (f" **Found here; {best['known_before']} was known before.**" if "known_before" in best else ""), "",
            *table(["tool", "to 1e-6", "to 1e-3", "ratio", "iterations", "ms per iteration: linearize / factorize / rest",
                    "chi2, own", "chi2, g2o", "MB", "end"], rows)]


def thermal_section(t):
    rows, ours = [], t["programs"]["fgopt"].get("gradient_s")
    for name, p in t["programs"].items():
        if "error" in p:
            rows.append([name, "-", "-", "-", "-", "-", p["error"]])
        else:
            rows.append([name, p["version"], f"{1e6 * p['forward_s']:.3f}", f"{1e6 * p['gradient_s']:.3f}",
                         number(p["gradient_s"] / p["forward_s"]), number(p["gradient_s"] / ours) if ours else "-",
                         number(p.get("disagreement"), 2)])
    return ["## Thermal simulation", "", "Microseconds for 20 steps, and with the gradient by 20 parameters.", "",
            *table(["program", "version", "forward", "with gradient", "gradient / forward", "times fgopt's",
                    "largest disagreement"], rows),
            "**FAILED**: " + "; ".join(t["failed"]) if t["failed"] else "All agree to 1e-6, and with finite differences.", ""]


def overhead_row(name, o):
    middle, least, most = (1e6 * x for x in o["more_s"])
    return [name, seconds(o["alone_s"]), f"{middle:.0f} us ({least:.0f} .. {most:.0f})",
            f"{100 * o['share']:.2f}% ({100 * o['share_error']:.2f}%)", o["pairs"]]


def python_section(p):
    lines = ["## Python", ""]
    if "error" not in p["build"]:
        b = p["build"]
        used = [f"fgopt {b['version']}", f"Python {b['python']}", f"NumPy {b['numpy']}"] if "version" in b else []
        used += [f"GTSAM {p['range']['gtsam']}"] if p["range"].get("gtsam") else []
        lines += [", ".join(used) + ".", ""] if used else []
        lines += [f"A graph of {b['edges']} SE(3) edges, each with its information matrix, from arrays: {seconds(b['build_s'])}.", ""]
    rows = [overhead_row(k.split()[1], p[k]) for k in p if k.startswith("overhead ") and "error" not in p[k]]
    if rows:
        lines += ["What `optimize()` takes more than the two C calls alone: medians of pairs, one of each in turn.", "",
                  *table(["data set", "C calls alone", "more (quartiles)", "share (standard error)", "pairs"], rows)]
    r = p["range"]
    if "error" not in r:
        rows = [[name, with_spread(times), f"{1e9 * poses.spread(times)[0] / r['factors']:.0f}",
                 number(bindings.ratio(r["times"], name, bindings.REFERENCE)),
                 number(bindings.ratio(r["times"], name, bindings.COMPILED)), number(r["disagreement"][name], 2)]
                for name, times in r["times"].items()]
        lines += [f"One linearization of {r['factors']} range factors; medians (least .. most), ratios within a round.", "",
                  *table(["range factor", "linearization", "ns per factor", "times fgopt's in C", "times fgopt's compiled Python",
                          "largest disagreement"], rows)]
        if r["missing"]:
            lines += [f"Not measured: GTSAM: {r['missing']}.", ""]
    return lines + (["**FAILED**: " + "; ".join(p["failed"]), ""] if p["failed"] else [])


def scaling_section(s):
    rows = []
    for kind, sizes in s.items():
        for n, r in sorted(sizes.items(), key=lambda item: int(item[0])):
            if "error" in r:
                rows.append([kind, n, "-", "-", "-", "-", "-", "-", "-", r["error"]])
                continue
            rows.append([kind, n, r["edges"], r["iterations"], seconds(r["time_s"]["total"]),
                         seconds(r["time_s"]["read"]), f"{1e6 * r['iteration_s'] / r['edges']:.2f}",
                         f"{r['peak_memory_bytes'] / r['edges']:.0f}", f"{r['peak_memory_bytes'] / r['variables']:.0f}",
                         f"{r['termination']}, chi2 {r['chi2_final']:.6g}"])
    return ["## Scaling of fgopt optimize, from file to file", "",
            *table(["graph", "poses", "edges", "iterations", "total", "read", "us per iteration and edge", "bytes per edge",
                    "bytes per pose", "end"], rows)]


def machine_section(result):
    m = result["machine"]
    versions = {}
    for entry in result.get("poses", {}).get("datasets", {}).values():
        for runs in entry.get("runs", {}).values():
            if "version" in runs[0]:
                versions[runs[0]["tool"]] = runs[0]["version"]
    used = [f"{k} {v}" for k, v in {**versions, **m["packages"]}.items()]
    return [f"{m['cpu']}, {m['cores']} cores, {m['memory_bytes'] / 2**30:.0f} GB; {m['system']}, {m['compiler']}, Python "
            f"{m['python']}. {', '.join(used)}. {result['duration_s'] / 60:.0f} minutes in all.", ""]


def when(result, part):
    """When a part was measured, maybe in pieces, and in what state."""
    stamps = merge.stamps(result, part)
    if not stamps:
        return []
    def span(values, form):
        low, high = form(min(values)), form(max(values))
        return low if low == high else f"{low} .. {high}"
    rounds = f", {span([s['rounds'] for s in stamps], str)} rounds" if part in ("poses", "thermal", "python") else ""
    return [f"Measured {span([s['date'][:16].replace('T', ' ') for s in stamps], str)}{rounds}; load before "
            f"{span([s['load'] for s in stamps], '{:.2f}'.format)}; fgopt at {', '.join(dict.fromkeys(s['commit'] for s in stamps))}.",
            ""]


def poses_section(result):
    p = result["poses"]
    lines = [*pose_summary(result), *when(result, "poses")]
    absent = {}
    for name, entry in p["datasets"].items():
        for tool, why in entry.get("missing", p["missing"]).items():
            absent.setdefault((tool, why), []).append(name)
    for (tool, why), names in absent.items():
        where = "" if len(names) == len(p["datasets"]) else f" on {', '.join(names)}"
        lines += [f"Not measured{where}: {tool}: {why}.", ""]
    lines += ["## Every setting", ""]
    for name, entry in p["datasets"].items():
        lines += [f"### {name}", "", entry["error"], ""] if "error" in entry else dataset_table(name, entry, p["settings"])
    return lines


def programs_section(result):
    lines = ["## Programs", "", *when(result, "programs")]
    for name, p in result["programs"].items():
        lines += [f"### {name}", "", f"{p['error']}." if "error" in p else p["stdout"].rstrip(), ""]
        if p.get("exit_code"):
            lines += [f"**Exit code {p['exit_code']}**: {p['stderr'].strip()[-300:]}", ""]
    return lines


def markdown(result, plots=()):
    lines = [f"# fgopt and its peers, {result['date'][:10]}", "", *machine_section(result)]
    if result["quick"]:
        lines += ["**A quick run: it shows that everything works, not how fast it is.**", ""]
    lines += [f"![{p.stem}]({p.name})" for p in plots if p.suffix == ".svg"] + [""]
    if "poses" in result:
        lines += poses_section(result)
    if "programs" in result:
        lines += programs_section(result)
    if "scaling" in result:
        lines += [*scaling_section(result["scaling"]), *when(result, "scaling")]
    if "thermal" in result:
        lines += [*thermal_section(result["thermal"]), *when(result, "thermal")]
    if "python" in result:
        lines += [*python_section(result["python"]), *when(result, "python")]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown(json.loads(pathlib.Path(sys.argv[1]).read_text())))

# SPDX-License-Identifier: BSD-3-Clause
"""The arithmetic of the benchmarks: how times, ratios and means come out of what was recorded."""
import math
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench/thermal"), str(ROOT / "bench/python")]

import bindings  # noqa: E402
import compare  # noqa: E402
import merge  # noqa: E402
import physics  # noqa: E402
import poses  # noqa: E402
import readme  # noqa: E402
import report  # noqa: E402
import tools  # noqa: E402

SETTINGS = {s: {"tool": s.split()[0], "residual": "log" if s.startswith("GTSAM") else "g2o"}
            for s in ("fgopt default", "Ceres a", "Ceres b", "GTSAM a", "SymForce a")}


def run(turn, *trajectory, **more):
    return {"round": turn, "trajectory": [list(p) for p in trajectory], "chi2_final": trajectory[-1][1],
            "total_s": trajectory[-1][0], **more}


def entry(runs):
    return {"optimum": {"g2o": 100.0, "log": 200.0}, "runs": runs}


def test_time_to_is_the_first_moment_within_the_tolerance():
    r = run(0, (0.1, 500.0), (0.2, 100.05), (0.3, 100.00009), (0.4, 100.0))
    assert tools.time_to(r, 100.0, 1e-3) == 0.2
    assert tools.time_to(r, 100.0, 1e-6) == 0.3
    assert tools.time_to(r, 99.0, 1e-6) is None
    assert tools.time_to({"error": "crashed"}, 100.0, 1e-6) is None


def test_a_ratio_is_formed_within_a_round():
    # The machine was twice as slow in round 1; the ratio of medians would be 3.
    assert poses.ratio({0: 2.0, 1: 4.0, 2: 3.0}, {0: 1.0, 1: 2.0, 2: 1.0}) == 2.0
    assert poses.ratio({0: 2.0}, {1: 1.0}) is None


def test_the_fastest_peer_is_one_that_reached_the_optimum():
    e = entry({"fgopt default": [run(0, (1.0, 100.0))], "Ceres a": [run(0, (0.1, 150.0))], "Ceres b": [run(0, (3.0, 100.0))],
               "GTSAM a": [run(0, (0.5, 201.0), (2.0, 200.5))]})
    label, found, mark = report.best_peer(e, SETTINGS, lenient=False)
    assert (label, found, mark) == ("Ceres b", {0: 3.0}, "")
    label, found, mark = report.best_peer(e, SETTINGS, lenient=True)
    assert (label, found, mark) == ("GTSAM a", {0: 2.0}, "*")
    assert report.outcome(e, "GTSAM a", SETTINGS) == "**ended 0.0025 above it**"


def test_the_bound_of_symforce_takes_the_linearization_off():
    e = entry({"SymForce a": [run(0, (10.0, 100.0), linearize_s=8.0)]})
    assert report.best_peer(e, SETTINGS, lenient=False)[1] == {0: 10.0}
    _, found, mark = report.best_peer(e, SETTINGS, lenient=True)
    assert found[0] == pytest.approx(2.0) and mark == "**"


def test_the_geometric_mean_is_over_the_headline_sets_that_have_a_ratio():
    rows = [("intel", "", {}, {}, 2.0), ("torus3D", "", {}, {}, 8.0), ("MIT", "", {}, {}, 1000.0), ("M3500", None, {}, {}, None)]
    mean, count = report.geometric_mean(rows)
    assert mean == pytest.approx(4.0) and count == 2


def test_a_lower_optimum_is_taken_and_told():
    settings = [s for s in tools.SETTINGS if s.label in ("fgopt default", "GTSAM Gauss-Newton")]
    optimum = {"g2o": 100.0, "log": None}
    runs = {"fgopt default": [{"chi2_of_file": 90.0}], "GTSAM Gauss-Newton": [{"chi2_final": 210.0, "chi2_of_file": 50.0}]}
    poses.lower_optimum(optimum, settings, runs)
    assert optimum == {"g2o": 90.0, "log": 210.0, "known_before": 100.0}
    runs["fgopt default"][0]["chi2_of_file"] = 90.0 * (1 - 1e-8)
    poses.lower_optimum(optimum, settings, runs)
    assert optimum["g2o"] == 90.0


def test_settings_that_are_repeated():
    chosen = [s for s in tools.SETTINGS if s.tool in ("fgopt", "Ceres", "g2o")]
    seconds = {s.label: 1.0 + i for i, s in enumerate(x for x in chosen if x.tool == "Ceres")}
    runs = {s.label: [run(0, (seconds.get(s.label, 50.0), 100.0))] for s in chosen}
    kept = {s.label for s in poses.keep(chosen, runs, {"g2o": 100.0, "log": 100.0})}
    fastest = sorted(seconds, key=seconds.get)[:poses.KEPT]
    assert kept == {s.label for s in chosen if s.tool == "fgopt"} | set(fastest)  # g2o is 50 times slower


def test_a_peer_far_from_its_optimum_is_not_repeated():
    chosen = [s for s in tools.SETTINGS if s.tool in ("Ceres", "g2o", "GTSAM")]
    end = {"Ceres": 100.0, "g2o": 130.0, "GTSAM": 200.5}
    runs = {s.label: [run(0, (1.0, end[s.tool]))] for s in chosen}
    kept = poses.keep(chosen, runs, {"g2o": 100.0, "log": 200.0})
    assert {s.tool for s in kept} == {"Ceres", "GTSAM"}


def test_disagreement_sees_a_wrong_gradient():
    a = {"value": 2.0, "gradient": [1.0, 0.0]}
    assert compare.disagreement(a, a) == 0.0
    assert compare.disagreement(a, {"value": 2.0, "gradient": [1.0 + 1e-5, 0.0]}) > 1e-6


def test_the_simulation_against_an_independent_one():
    """Water and slab by the heat they exchange, energy conserved between them in each step."""
    p = physics.PARAMETERS
    UA = p[5] / p[0] * math.pi * p[1] / (10.0 * p[3] * p[2])
    C_slab, flow = p[5] * p[8] * p[7] * p[6], p[11] * p[12] * p[13]
    T_tank, T_slab = p[14], p[19]
    T_water = p[10]
    for _ in range(20):
        gain = T_tank - T_water
        T_tank, T_water = T_tank + gain * flow * 0.1 / (p[15] * p[17] * p[16]), T_tank  # the passing water takes the tank's temperature
        heat = UA * (T_water - T_slab) * 0.1
        T_water, T_slab = T_water - heat / (flow * 0.1), T_slab + heat / C_slab
    assert physics.simulate(p) == pytest.approx(abs(T_slab - 27.344767), rel=1e-12)


def python_result(**disagreement):
    times = {bindings.REFERENCE: [1.0, 2.0], bindings.COMPILED: [1.0, 4.0], bindings.CUSTOM: [100.0, 200.0]}
    overhead = {"alone_s": 0.004, "more_s": [3e-5, 1e-5, 5e-5], "share": 0.0075, "share_error": 0.001, "pairs": 99}
    build = {"edges": 10, "build_s": 0.5, "version": "1.2", "python": "3.9", "numpy": "2.0"}
    return {"build": build, "overhead M3500": overhead, "overhead intel": {"error": "no such file"},
            "range": {"factors": 10, "times": times, "disagreement": {**dict.fromkeys(times, 0.0), **disagreement}, "missing": None}}


def test_python_factors_are_compared_within_a_round():
    times = python_result()["range"]["times"]
    assert bindings.ratio(times, bindings.COMPILED, bindings.REFERENCE) == 1.5
    assert bindings.ratio(times, bindings.CUSTOM, bindings.COMPILED) == 75.0
    assert bindings.ratio(times, bindings.NUMPY, bindings.COMPILED) is None


def test_python_factors_that_disagree_fail_the_benchmark():
    assert bindings.failures(python_result()) == ["overhead intel: no such file"]
    result = python_result(**{bindings.CUSTOM: 1e-3})
    result["failed"] = bindings.failures(result)
    assert result["failed"][1].startswith("GTSAM, Python, CustomFactor: cost or gradient differ")
    text = "\n".join(report.python_section(result))
    assert "fgopt 1.2, Python 3.9, NumPy 2.0." in text
    assert "| M3500 | 4.0 ms | 30 us (10 .. 50) | 0.75% (0.10%) | 99 |" in text
    assert "| GTSAM, Python, CustomFactor | 150.00 s" in text and "**FAILED**: overhead intel" in text


def piece(date, load, **parts):
    machine = {"cpu": "Intel(R) Xeon(R) Processor @ 2 GHz", "cores": 2, "memory_bytes": 2**30, "system": "Debian GNU/Linux 12 (x)",
               "compiler": "", "python": "", "load_before": load, "packages": {}, "commit": "abc"}
    result = {"date": date, "rounds": 1, "quick": False, "duration_s": 60.0, "machine": machine, **parts}
    return merge.stamped(result, {"date": date, "load": load, "commit": "abc", "rounds": 1})


def floor_of(ratio):
    return {"stdout": f"| ms | ratio |\n| --- | --- |\n| intel | {ratio} |\n", "exit_code": 0, "stderr": ""}


def of_intel(time, missing):
    more = {"iterations": 3, "peak_memory_kB": 1024, "version": "1.0", "tool": "Ceres"}
    return {"missing": missing, "settings": SETTINGS, "datasets": {"intel": {"missing": missing, **entry(
        {"fgopt default": [run(0, (time, 100.0), **more)], "Ceres a": [run(0, (4.0, 100.0), **more)]})}}}


def test_a_result_is_put_together_from_pieces():
    first = piece("2026-01-01T10:00:00", 0.5, poses=of_intel(1.0, {}), programs={"floor": floor_of(9.0), "seed": {"error": "lost"}},
                  scaling={"manhattan": {"1000": {"error": "one"}, "10000": {"error": "two"}}})
    second = piece("2026-01-02T10:00:00", 1.5, programs={"floor": floor_of(0.5)}, thermal={"failed": [], "programs": {"fgopt": {"error": "lost"}}},
                   scaling={"manhattan": {"10000": {"error": "three"}}, "sphere": {"1000": {"error": "four"}}})
    whole = merge.into(first, second)
    assert whole["programs"] == {"floor": floor_of(0.5), "seed": {"error": "lost"}}
    assert whole["scaling"] == {"manhattan": {"1000": {"error": "one"}, "10000": {"error": "three"}},
                                "sphere": {"1000": {"error": "four"}}}
    assert whole["poses"] == first["poses"] and whole["duration_s"] == 120.0
    assert [s["date"][:10] for s in merge.stamps(whole, "scaling")] == ["2026-01-01", "2026-01-02", "2026-01-02"]
    assert [s["load"] for s in merge.stamps(whole, "thermal")] == [1.5]
    text = report.markdown(whole)
    assert "Measured 2026-01-01 10:00 .. 2026-01-02 10:00; load before 0.50 .. 1.50; fgopt at abc." in text
    assert merge.into({}, first)["programs"] == first["programs"]


def test_a_data_set_that_is_measured_again_replaces_the_old_one():
    missing = {"SymForce": "not asked for"}
    whole = merge.into(piece("2026-01-01T10:00:00", 0.5, poses=of_intel(1.0, missing)),
                       piece("2026-01-02T10:00:00", 0.5, poses=of_intel(2.0, {})))
    assert report.summarize(whole)[0][4] == 2.0
    assert "Not measured" not in report.markdown(whole)
    first = piece("2026-01-01T10:00:00", 0.5, poses=of_intel(1.0, missing))
    first["poses"]["datasets"]["M3500"] = {k: v for k, v in first["poses"]["datasets"].pop("intel").items() if k != "missing"}
    whole = merge.into(first, piece("2026-01-02T10:00:00", 0.5, poses=of_intel(2.0, {})))
    assert "Not measured on M3500: SymForce: not asked for." in report.markdown(whole)


def test_the_readme_is_written_between_its_markers(tmp_path, monkeypatch):
    result, target = tmp_path / "2026-01-01.json", tmp_path / "README.md"
    result.write_text(readme.json.dumps(piece("2026-01-01T10:00:00", 0.5, poses=of_intel(2.0, {"g2o": "no wheel"}),
                                              programs={"floor": floor_of(0.43)})))
    target.write_text("before\n" + readme.BEGIN + "stale\n" + readme.END + "after\n")
    monkeypatch.setattr(sys, "argv", ["readme.py", str(result), str(target)])
    for _ in range(2):
        readme.main()
    text = target.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "stale" not in text
    assert "| intel | 2.00 s | **4.00 s** | not run | not run | not run | 2.0 |" in text
    assert "2 cores of an Intel Xeon, Debian 12." in text and "kind: intel 0.43." in " ".join(text.split())
    assert all(len(line) <= 120 for line in text.splitlines() if not line.startswith("|"))
    target.write_text("no markers")
    with pytest.raises(SystemExit):
        readme.main()


def test_the_report_names_what_is_missing():
    result = {"date": "2026-01-01T00:00:00", "rounds": 1, "quick": False, "duration_s": 60.0,
              "machine": {"cpu": "x", "cores": 2, "memory_bytes": 2**30, "system": "", "compiler": "", "python": "",
                          "load_before": 0.0, "packages": {}, "commit": "abc"},
              "poses": {"missing": {"g2o": "no wheel"}, "settings": SETTINGS,
                        "datasets": {"intel": {"error": "intel.g2o is not there"}}},
              "programs": {"floor": {"error": "was not built"}}}
    text = report.markdown(result)
    assert "Not measured: g2o: no wheel." in text and "intel.g2o is not there" in text and "was not built" in text

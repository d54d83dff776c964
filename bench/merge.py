# SPDX-License-Identifier: BSD-3-Clause
"""Puts what was measured in pieces into one result. What a piece measured replaces what stood there: one data set of the
comparison, one program, one size of one graph, the thermal simulation, the Python part. Each keeps the stamp of its own run."""


def stamped(result, stamp):
    """`measured`, {part: stamp or {name: stamp}}: when, and in what state, each piece of the result was measured."""
    names = {"poses": result.get("poses", {}).get("datasets", {}), "programs": result.get("programs", {}),
             "scaling": [f"{kind} {n}" for kind, sizes in result.get("scaling", {}).items() for n in sizes]}
    result["measured"] = {part: {name: stamp for name in found} for part, found in names.items() if found}
    result["measured"].update({part: stamp for part in ("thermal", "python") if part in result})
    return result


def into(old, new):
    """The old result with the pieces of the new one."""
    out = {**old, **{key: new[key] for key in ("date", "machine", "rounds", "quick", "thermal", "python") if key in new}}
    out["duration_s"] = old.get("duration_s", 0.0) + new["duration_s"]
    if "poses" in new:
        before = old.get("poses", {"datasets": {}, "missing": {}})
        kept = {name: {"missing": before["missing"], **entry} for name, entry in before["datasets"].items()}
        out["poses"] = {**new["poses"], "datasets": {**kept, **new["poses"]["datasets"]}}
    if "programs" in new:
        out["programs"] = {**old.get("programs", {}), **new["programs"]}
    if "scaling" in new:
        before = old.get("scaling", {})
        out["scaling"] = {kind: {**before.get(kind, {}), **new["scaling"].get(kind, {})}
                          for kind in dict.fromkeys([*before, *new["scaling"]])}
    measured = dict(old.get("measured", {}))
    for part, stamps in new["measured"].items():
        measured[part] = stamps if part in ("thermal", "python") else {**measured.get(part, {}), **stamps}
    out["measured"] = measured
    return out


def stamps(result, part):
    """The stamps of a part's pieces, oldest first."""
    found = result.get("measured", {}).get(part, {})
    return sorted([found] if "date" in found else found.values(), key=lambda s: s["date"])

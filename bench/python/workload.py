# SPDX-License-Identifier: BSD-3-Clause
"""workload.py build|overhead|range ...   One measurement of the Python package in a process of its own; prints JSON.
bindings.py runs it in turn with others and README.md explains what is measured."""
import functools
import json
import math
import statistics
import sys
import time
from importlib import metadata

import numpy as np

import fgopt


def clocked(function):
    """(seconds, result)"""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


# ---- a graph of many edges from arrays ----


def build(edges):
    random = np.random.default_rng(0)
    poses = random.normal(size=(edges + 1, 7))
    poses[:, 3:] /= np.linalg.norm(poses[:, 3:], axis=1)[:, None]
    information = np.eye(6) * random.uniform(1, 2, (edges, 1, 1))
    ids = np.arange(edges + 1)

    def make():
        g = fgopt.Graph()
        g.add_se3(ids, poses)
        g.add_between_se3(ids[:-1], ids[1:], poses[1:], information)
        return g

    seconds, g = clocked(make)
    assert g.factor_count == edges
    return {"edges": edges, "build_s": seconds}


# ---- what optimize() adds to the calls of the C library ----


def overhead(path, seconds):
    """What optimize() takes more than fgo_initialize and fgo_solve alone, on copies of one graph, one of each in turn."""
    from fgopt._library import lib
    from fgopt._summary import INITS

    first, solve, auto = lib.fgo_initialize_with_sized, lib.fgo_solve_sized, INITS.index("auto")

    def alone(g):
        graph = g._core.handle.pointer
        return clocked(lambda: (first(graph, auto, 0, None, 0), solve(graph, None, None, 0)))[0]

    def whole(g):
        return clocked(g.optimize)[0]

    original, pairs, end = fgopt.load(path), [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(pairs) < 12:
        if len(pairs) % 2:
            pairs.append((alone(original.copy()), whole(original.copy())))
        else:
            pairs.append((whole(original.copy()), alone(original.copy()))[::-1])
    alone_s, whole_s = np.array(pairs[2:]).T  # without the first ones, which fill caches
    more, share = whole_s - alone_s, whole_s / alone_s - 1
    return {"pairs": len(more), "alone_s": float(np.median(alone_s)), "more_s": np.percentile(more, [50, 25, 75]).tolist(),
            "share": float(np.median(share)), "share_error": median_error(share)}


def median_error(values):
    """Standard error of the median, from 1000 samples with replacement."""
    picked = np.random.default_rng(0).integers(len(values), size=(1000, len(values)))
    return float(np.std(np.median(values[picked], axis=1)))


# ---- the range from a pose to a beacon ----

SIGMA = 0.1


@fgopt.residual(pose="SE2", beacon="R2", z=1)
def distance(pose, beacon, z):
    return fgopt.norm(beacon - pose.t) - z[0]


@fgopt.residual(pose="SE2", beacon="R2", z=1, compile=False)
def distance_numpy(pose, beacon, z):
    return fgopt.norm(beacon - pose.t) - z[0]


def range_world(poses=500, beacons=100):
    """Disturbed poses (x, y, angle), beacons, and all pairs with the exact range."""
    random = np.random.default_rng(0)
    p = np.c_[random.uniform(0, 100, (poses, 2)), random.uniform(-3, 3, poses)]
    b = random.uniform(0, 100, (beacons, 2))
    i, j = np.repeat(np.arange(poses), beacons), np.tile(np.arange(beacons), poses)
    return p + random.normal(size=p.shape), b, i, j, np.linalg.norm(p[i, :2] - b[j], axis=1)


def fgopt_ranges(factor, poses, beacons, i, j, ranges):
    """linearize(): seconds of the median linearization inside a solve; and the cost."""
    g = fgopt.Graph()
    g.add_se2(np.arange(len(poses)), poses)
    g.add_rn(len(poses) + np.arange(len(beacons)), beacons)
    g.add(factor, np.c_[i, len(poses) + j], ranges, sigma=SIGMA)
    cost, gradient = g.cost(), g.gradient()
    for k in range(len(poses)):  # nothing else is to be linearized
        g.hold(k, dof=2)

    def linearize():
        times = g.copy().optimize(init=None, method="gn", max_iterations=3).iterations.time_linearize_s
        return statistics.median(times[times > 0])

    return linearize, cost, gradient


def gtsam_ranges(custom, poses, beacons, i, j, ranges):
    """The same in GTSAM, its factor in Python with hand-written Jacobians, or the one that it has in C++."""
    import gtsam

    def error(z, this, values, H):
        first, second = this.keys()
        pose, beacon = values.atPose2(first), values.atPoint2(second)
        dx, dy = beacon[0] - pose.x(), beacon[1] - pose.y()
        d = math.hypot(dx, dy)
        if H is not None:
            c, s = math.cos(pose.theta()), math.sin(pose.theta())
            H[0] = np.array([[-(c * dx + s * dy) / d, (s * dx - c * dy) / d, 0.0]])
            H[1] = np.array([[dx / d, dy / d]])
        return np.array([d - z])

    graph, values, model = gtsam.NonlinearFactorGraph(), gtsam.Values(), gtsam.noiseModel.Isotropic.Sigma(1, SIGMA)
    for k, p in enumerate(poses):
        values.insert(k, gtsam.Pose2(*p))
    for k, b in enumerate(beacons):
        values.insert(len(poses) + k, gtsam.Point2(*b))
    for a, b, z in zip(i.tolist(), (len(poses) + j).tolist(), ranges.tolist()):
        keys = [a, b]
        graph.add(gtsam.CustomFactor(model, keys, functools.partial(error, z)) if custom else gtsam.RangeFactor2D(*keys, z, model))
    at_zero = graph.linearize(values).gradientAtZero()
    gradient = 2 * np.concatenate([at_zero.at(k) for k in range(len(poses) + len(beacons))])
    return lambda: clocked(lambda: graph.linearize(values))[0], 2 * graph.error(values), gradient


def ranges(rounds):
    """Every implementation in turn, so that all see the same machine. They must agree in cost and gradient."""
    world = range_world()
    makers = {"fgopt, C, built in": (fgopt_ranges, "range_se2"), "fgopt, Python, compiled": (fgopt_ranges, distance),
              "fgopt, Python, NumPy": (fgopt_ranges, distance_numpy)}
    try:
        import gtsam  # noqa: F401

        makers.update({"GTSAM, C++, built in": (gtsam_ranges, False), "GTSAM, Python, CustomFactor": (gtsam_ranges, True)})
        missing = None
    except ImportError as problem:
        missing = str(problem)
    made = {name: make(what, *world) for name, (make, what) in makers.items()}
    _, cost, gradient = made["fgopt, C, built in"]
    size = np.abs(gradient).max()
    disagreement = {name: max(abs(m[1] - cost) / cost, np.abs(m[2] - gradient).max() / size) for name, m in made.items()}
    times = {name: [] for name in made}
    for _ in range(rounds):
        for name, (linearize, _, _) in made.items():
            times[name].append(linearize())
    return {"factors": len(world[2]), "times": times, "disagreement": disagreement, "missing": missing,
            "gtsam": None if missing else metadata.version("gtsam")}


def main():
    what, *rest = sys.argv[1:]
    result = {"build": lambda: build(int(rest[0])), "overhead": lambda: overhead(rest[0], float(rest[1])),
              "range": lambda: ranges(int(rest[0]))}[what]()
    print(json.dumps({**result, "version": fgopt.version, "numpy": np.__version__, "python": sys.version.split()[0]}))


if __name__ == "__main__":
    main()

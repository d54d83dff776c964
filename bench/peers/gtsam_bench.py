# SPDX-License-Identifier: BSD-3-Clause
"""One run of GTSAM on one g2o file: its own reader, between factors, initialization and optimizer; one call into C++ for each.
Its residual is the logarithm, so its chi2 is the `log` one; its between factors use approximate Jacobians, which makes 3-D
optimizations end slightly above the minimum. A prior of variance 1e-6 at the first pose holds the gauge and costs nothing
at the optimum."""
import time
from importlib.metadata import version

import gtsam
import numpy as np

import common

VARIANCE = 1e-6


def load(path):
    planar = common.planar(path)
    graph, values = gtsam.readG2o(path, not planar)
    if values.size() == 0:
        raise SystemExit("gtsam_bench: no vertices in the file")
    first = min(values.keys())
    if planar:
        prior = gtsam.PriorFactorPose2(first, values.atPose2(first), gtsam.noiseModel.Diagonal.Variances(np.full(3, VARIANCE)))
    else:
        prior = gtsam.PriorFactorPose3(first, values.atPose3(first), gtsam.noiseModel.Diagonal.Variances(np.full(6, VARIANCE)))
    graph.add(prior)
    return graph, values, planar


def initialize(name, graph, values, planar):
    if name == "chordal":
        return gtsam.lago.initialize(graph) if planar else gtsam.InitializePose3.initialize(graph)
    return values


def parameters(options):
    if options.method == "gn":
        p = gtsam.GaussNewtonParams()
    else:
        p = gtsam.LevenbergMarquardtParams()
        if options.method == "lm-ceres":
            p = gtsam.LevenbergMarquardtParams.CeresDefaults()
    p.setMaxIterations(options.iterations)
    # Tighter than the defaults: the driver reads from the trajectory when the accuracy it asks for was reached.
    p.setRelativeErrorTol(1e-10)
    p.setAbsoluteErrorTol(1e-14)
    p.setLinearSolverType(options.solver)
    p.setOrderingType(options.ordering)
    return p


def poses(values, planar):
    out = {}
    for key in values.keys():
        if planar:
            x = values.atPose2(key)
            out[key] = [x.x(), x.y(), x.theta()]
        else:
            x = values.atPose3(key)
            q = x.rotation().toQuaternion()
            out[key] = [*x.translation(), q.x(), q.y(), q.z(), q.w()]
    return out


def main():
    options = common.arguments(__doc__, method=["gn", "lm", "lm-ceres"], init=["file", "chordal"], ordering=["COLAMD", "METIS"],
                               solver=["MULTIFRONTAL_CHOLESKY", "SEQUENTIAL_CHOLESKY", "CHOLMOD"], iterations=100)
    start = time.perf_counter()
    graph, values, planar = load(options.file)
    load_s = time.perf_counter() - start
    p = parameters(options)
    trajectory = []

    start = time.perf_counter()
    values = initialize(options.init, graph, values, planar)
    initialize_s = time.perf_counter() - start
    p.iterationHook = lambda i, before, after: trajectory.append([time.perf_counter() - start, 2.0 * after])
    optimizer = (gtsam.GaussNewtonOptimizer if options.method == "gn" else gtsam.LevenbergMarquardtOptimizer)(graph, values, p)
    trajectory.append([time.perf_counter() - start, 2.0 * optimizer.error()])
    try:
        result = optimizer.optimize()
        termination = ""
    except RuntimeError as error:
        result, termination = optimizer.values(), str(error).strip().splitlines()[0]
    total_s = time.perf_counter() - start
    if options.write:
        common.write(options.file, options.write, poses(result, planar))
    common.report(tool="GTSAM", version=version("gtsam"), residual="log", init=options.init, trajectory=trajectory,
                  iterations=optimizer.iterations(), load_s=load_s, initialize_s=initialize_s, total_s=total_s,
                  chi2_final=2.0 * graph.error(result), termination=termination, poses=values.size(), edges=graph.size() - 1)


main()

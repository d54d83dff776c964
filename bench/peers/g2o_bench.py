# SPDX-License-Identifier: BSD-3-Clause
"""One run of g2o on one file, by its own Python binding: the whole optimization is one call into C++, whose batch statistics
give chi2 and times of every iteration. Fixed block sizes; the vertex of smallest id is held, unless the file holds one."""
import time
from importlib.metadata import version

import g2opy

import common


def algorithm(method, solver, kind):
    linear = getattr(g2opy, f"LinearSolver{solver}{kind}")()
    name = {"gn": "GaussNewton", "lm": "Levenberg", "dogleg": "Dogleg"}[method]
    return getattr(g2opy, f"OptimizationAlgorithm{name}")(getattr(g2opy, f"BlockSolver{kind}")(linear))


def pose(vertex, kind):
    if kind == "SE2":
        return vertex.estimate().to_vector()
    q = vertex.estimate().rotation()
    return [*vertex.estimate().translation(), q.x(), q.y(), q.z(), q.w()]


def main():
    options = common.arguments(__doc__, method=["gn", "lm", "dogleg"], solver=["Eigen", "PCG"], iterations=100)
    kind = "SE2" if common.planar(options.file) else "SE3"
    optimizer = g2opy.SparseOptimizer()
    start = time.perf_counter()
    if not optimizer.load(options.file) or not optimizer.vertices():
        raise SystemExit("g2o_bench: no vertices in the file")
    load_s = time.perf_counter() - start
    optimizer.set_algorithm(algorithm(options.method, options.solver, kind))
    if optimizer.gauge_freedom():
        optimizer.vertex(min(optimizer.vertices())).set_fixed(True)
    optimizer.set_compute_batch_statistics(True)
    stop = g2opy.SparseOptimizerTerminateAction()  # without it g2o always makes all iterations it is allowed
    stop.set_gain_threshold(1e-10)
    optimizer.add_post_iteration_action(stop)
    start = time.perf_counter()
    optimizer.initialize_optimization()
    initialize_s = time.perf_counter() - start
    optimizer.compute_active_errors()
    trajectory = [[initialize_s, optimizer.active_chi2()]]
    start = time.perf_counter()
    iterations = optimizer.optimize(options.iterations)
    total_s = initialize_s + time.perf_counter() - start
    statistics = [s for s in optimizer.batch_statistics() if s.iteration >= 0][:max(iterations, 0)]
    elapsed = initialize_s
    for s in statistics:
        elapsed += s.time_iteration
        trajectory.append([elapsed, s.chi2])
    linearize = sum(s.time_residuals + s.time_linearize + s.time_quadratic_form for s in statistics)
    factorize = sum(s.time_numeric_decomposition for s in statistics)
    symbolic = sum(s.time_symbolic_decomposition for s in statistics)
    optimizer.compute_active_errors()
    if options.write:
        common.write(options.file, options.write,
                     {i: pose(v, kind) for i, v in optimizer.vertices().items() if type(v).__name__ == f"Vertex{kind}"})
    common.report(tool="g2o", version=version("g2opy"), residual="g2o", init="file", trajectory=trajectory, iterations=iterations,
                  load_s=load_s, initialize_s=initialize_s, analyze_s=symbolic, linearize_s=linearize, factorize_s=factorize,
                  rest_s=elapsed - initialize_s - linearize - factorize - symbolic, total_s=total_s,
                  chi2_final=optimizer.active_chi2(), termination="", poses=len(optimizer.vertices()), edges=len(optimizer.edges()))


main()

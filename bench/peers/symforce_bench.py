# SPDX-License-Identifier: BSD-3-Clause
"""One run of SymForce on one g2o file, by its Python Optimizer (C++ loop and sparse solver) with one between factor for each
edge. The linearization is generated once, in Python: the wheel has no C++ headers to compile generated C++ against, so
SymForce's linearization here is not what its C++ users see, its factorization is. The residual is the g2o definition."""
import tempfile
import time
from importlib.metadata import version

import common

import symforce

symforce.set_epsilon_to_number()
import numpy as np  # noqa: E402
import sym  # noqa: E402
import symforce.symbolic as sf  # noqa: E402
from symforce import codegen  # noqa: E402
from symforce.codegen import codegen_util  # noqa: E402
from symforce.opt.numeric_factor import NumericFactor  # noqa: E402
from symforce.opt.optimizer import Optimizer  # noqa: E402
from symforce.values import Values  # noqa: E402


def between_se2(a: sf.Pose2, b: sf.Pose2, z: sf.Pose2, sqrt_information: sf.M33) -> sf.V3:
    delta = z.inverse() * (a.inverse() * b)
    return sf.V3(sqrt_information * sf.V3(delta.t[0], delta.t[1], delta.R.to_tangent()[0]))


def between_se3(a: sf.Pose3, b: sf.Pose3, z: sf.Pose3, sqrt_information: sf.M66) -> sf.V6:
    delta = z.inverse() * (a.inverse() * b)
    sign = 2 * sf.is_nonnegative(delta.R.q.w) - 1
    return sf.V6(sqrt_information * sf.V6(*delta.t, *[sign * x for x in delta.R.q.xyz]))


def linearization(residual, folder):
    config = codegen.PythonConfig(return_2d_vectors=True)
    function = codegen.Codegen.function(residual, config=config).with_linearization(which_args=["a", "b"])
    data = function.generate_function(output_dir=folder, skip_directory_nesting=True)
    return codegen_util.load_generated_function(function.name, data.function_dir)


def load(path):
    """{id: pose}, [(i, j, z, square root of the information)]."""
    poses, edges = {}, []
    with open(path) as file:
        for line in file:
            tag, *field = line.split() or [""]
            if tag in common.VERTEX:
                poses[int(field[0])] = pose([float(x) for x in field[1:]])
            elif tag in ("EDGE_SE2", "EDGE_SE3:QUAT"):
                n, rows = (3, 3) if tag == "EDGE_SE2" else (7, 6)
                number = [float(x) for x in field[2:]]
                Omega = np.zeros((rows, rows))
                Omega[np.triu_indices(rows)] = number[n:]
                Omega += np.triu(Omega, 1).T
                edges.append((int(field[0]), int(field[1]), pose(number[:n]), np.linalg.cholesky(Omega).T))
    return poses, edges


def pose(x):
    if len(x) == 3:
        return sym.Pose2(R=sym.Rot2.from_tangent(np.array([x[2]])), t=np.array(x[:2]))
    q = np.array(x[3:])
    return sym.Pose3(R=sym.Rot3.from_storage(list(q / np.linalg.norm(q))), t=np.array(x[:3]))


def factor(function, i, j, z, sqrt_information, held):
    keys = [f"x{i}", f"x{j}"]
    optimized = [k for k in keys if k != held]
    if len(optimized) == 2:
        return NumericFactor(keys, optimized, lambda a, b: function(a, b, z, sqrt_information))
    d = sqrt_information.shape[0]
    kept = slice(d, None) if keys[0] == held else slice(0, d)

    def of_one(a, b):
        e, J, H, g = function(a, b, z, sqrt_information)
        return e, J[:, kept], H[kept, kept], g[kept]

    return NumericFactor(keys, optimized, of_one)


def numbers(x):
    s = x.to_storage()  # rotation first
    return [*s[2:], np.arctan2(s[1], s[0])] if len(s) == 4 else [*s[4:], *s[:4]]


def main():
    options = common.arguments(__doc__, iterations=100)
    with tempfile.TemporaryDirectory() as folder:
        function = linearization(between_se2 if common.planar(options.file) else between_se3, folder)
    start = time.perf_counter()
    poses, edges = load(options.file)
    if not poses:
        raise SystemExit("symforce_bench: no vertices in the file")
    held = f"x{min(poses)}"
    # Gauss-Newton to begin with: the default, lambda = 1, takes several times as many iterations.
    parameters = Optimizer.Params(iterations=options.iterations, early_exit_min_reduction=1e-10, initial_lambda=1e-8)
    optimizer = Optimizer([factor(function, *edge, held) for edge in edges], params=parameters)
    values = Values({f"x{i}": x for i, x in poses.items()})
    load_s = time.perf_counter() - start

    start = time.perf_counter()
    result = optimizer.optimize(values)
    total_s = time.perf_counter() - start
    records = list(result.iterations)
    # Iterations carry no times: each takes its share of the call.
    step_s = total_s / max(len(records) - 1, 1)
    trajectory = [[i * step_s, 2.0 * r.new_error] for i, r in enumerate(records)]
    lowest = np.minimum.accumulate([c for _, c in trajectory])
    trajectory = [[t, float(c)] for (t, _), c in zip(trajectory, lowest)]
    if options.write:
        out = {i: numbers(result.optimized_values[f"x{i}"]) for i in poses}
        common.write(options.file, options.write, out)
    common.report(tool="SymForce", version=version("symforce"), residual="g2o", init="file", trajectory=trajectory,
                  iterations=len(records) - 1, load_s=load_s, total_s=total_s, chi2_final=2.0 * result.error(),
                  termination=str(result.status), poses=len(poses), edges=len(edges))


main()

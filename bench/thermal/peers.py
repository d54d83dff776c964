# SPDX-License-Identifier: BSD-3-Clause
"""The thermal simulation in one of PyTorch, TensorFlow, JAX, in double precision: value, gradient, seconds without and with the
gradient, as one JSON object. Compiling is done before the clock starts.

    peers.py pytorch|tensorflow|jax eager|compiled [--trials N]
"""
import argparse
import json
import os
import statistics
import time

from physics import PARAMETERS, STEPS, simulate

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def with_pytorch(compiled):
    """Eager, or traced into TorchScript."""
    import torch
    torch.set_num_threads(1)
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in PARAMETERS]

    def residual(*p):
        return simulate(p)

    f = torch.jit.trace(residual, leaves) if compiled else residual

    def forward():
        with torch.no_grad():
            return f(*leaves)

    def gradient():
        value = f(*leaves)
        return value, torch.autograd.grad(value, leaves, allow_unused=True)

    return forward, gradient, torch.__version__


def with_tensorflow(compiled):
    """A graph by tf.function, or that compiled by XLA."""
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    variables = [tf.Variable(x, dtype=tf.float64) for x in PARAMETERS]

    @tf.function(jit_compile=compiled)
    def forward():
        return simulate([v.value() for v in variables])

    @tf.function(jit_compile=compiled)
    def gradient():
        with tf.GradientTape() as tape:
            value = simulate([v.value() for v in variables])
        return value, tape.gradient(value, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return forward, gradient, tf.__version__


def with_jax(compiled):
    """Op by op, or compiled by XLA; then the gradient is of lax.scan, as XLA needs 0.38 s for that of the unrolled loop."""
    import jax
    jax.config.update("jax_enable_x64", True)
    p = jax.numpy.array(PARAMETERS, dtype=jax.numpy.float64)

    def scan(step, state):
        return jax.lax.scan(lambda x, _: (step(x), None), state, None, length=STEPS)[0]

    def residual(p):
        return simulate([p[i] for i in range(len(PARAMETERS))])

    def scanned(p):
        return simulate([p[i] for i in range(len(PARAMETERS))], scan)

    f, df = residual, jax.value_and_grad(residual)
    if compiled:
        f, df = jax.jit(f), jax.jit(jax.value_and_grad(scanned))

    def forward():
        return f(p).block_until_ready()

    def gradient():
        value, derivative = df(p)
        return value, derivative.block_until_ready()

    return forward, gradient, jax.__version__


def median_s(function, trials):
    taken = []
    for _ in range(trials):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("framework", choices=["pytorch", "tensorflow", "jax"])
    parser.add_argument("mode", choices=["eager", "compiled"])
    parser.add_argument("--trials", type=int, default=200)
    arguments = parser.parse_args()
    make = {"pytorch": with_pytorch, "tensorflow": with_tensorflow, "jax": with_jax}[arguments.framework]
    forward, gradient, version = make(arguments.mode == "compiled")
    for _ in range(5):  # compiles, and TorchScript specializes in its first calls
        forward()
        value, derivative = gradient()
    print(json.dumps({"tool": arguments.framework, "mode": arguments.mode, "version": version, "value": float(value),
                      "gradient": [0.0 if d is None else float(d) for d in derivative],
                      "forward_s": median_s(forward, arguments.trials), "gradient_s": median_s(gradient, arguments.trials)}))


main()

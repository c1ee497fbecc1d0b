"""Derivatives beside training, as in `DerivativeCase.swift`: one JSON line, seconds of one.

    python derivative_cases.py CASE      # hessian-product, tangent-kernel-float32, tangent-kernel-float64

tanh, 4 hidden layers of width 512, 64 inputs, 10 outputs. Hessian products: jax.linearize of the gradient keeps the primal pass, and
the loop over directions is inside the compiled function; the time of one is what three times as many take longer. Tangent kernels:
neural-tangents, structured derivatives, traced over outputs.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import jax
import jax.numpy as jnp

CASE = sys.argv[1]
jax.config.update("jax_enable_x64", CASE.endswith("float64"))
DTYPE = jnp.float64 if CASE.endswith("float64") else jnp.float32
DEPTH, WIDTH, INPUTS, OUTPUTS, BATCH, SAMPLES = 4, 512, 64, 10, 256, 200


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = jnp.tanh(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


def normals(seed, shape):
    return jax.random.normal(jax.random.PRNGKey(seed), shape, DTYPE)


widths = [INPUTS] + [WIDTH] * DEPTH + [OUTPUTS]
parameters = [(normals(i, (a, b)) / a**0.5, jnp.zeros(b, DTYPE)) for i, (a, b) in enumerate(zip(widths, widths[1:]))]


def timed(run, *arguments):
    jax.block_until_ready(run(*arguments))
    values, processor = [], []
    for _ in range(15):
        before, before_processor = time.perf_counter(), time.process_time()
        jax.block_until_ready(run(*arguments))
        values.append(time.perf_counter() - before)
        processor.append(time.process_time() - before_processor)
    return values, processor


if CASE == "hessian-product":
    x, y = normals(99, (BATCH, INPUTS)), normals(98, (BATCH, OUTPUTS))
    direction = jax.tree_util.tree_map(jnp.ones_like, parameters)

    def loss(p, x, y):
        return 0.5 * jnp.mean(jnp.sum((network(p, x) - y) ** 2, 1))

    def products(count):
        def run(p, v, x, y):
            _, product = jax.linearize(lambda p: jax.grad(loss)(p, x, y), p)
            # Each direction depends on the last product, so that none can be left out.
            body = lambda _, v: jax.tree_util.tree_map(lambda a, b: a + 1e-3 * b, v, product(v))
            return jax.lax.fori_loop(0, count, body, v)

        return timed(jax.jit(run), parameters, direction, x, y)

    (short, short_processor), (long, long_processor) = products(10), products(30)
    values = [(b - a) / 20 for a, b in zip(sorted(short), sorted(long))]
    processor = [(b - a) / 20 for a, b in zip(sorted(short_processor), sorted(long_processor))]
else:
    import jax._src.source_info_util

    # neural-tangents 0.6.5 looks for these where this JAX no longer has them.
    jax.interpreters.ad.source_info_util = jax._src.source_info_util
    jax.interpreters.ad.config = jax.config
    import neural_tangents as nt

    kernel = nt.empirical_ntk_fn(
        lambda p, x: network(p, x), trace_axes=(-1,), vmap_axes=0,
        implementation=nt.NtkImplementation.STRUCTURED_DERIVATIVES)
    x = normals(99, (SAMPLES, INPUTS))
    values, processor = timed(jax.jit(lambda p, x: kernel(x, None, p)), parameters, x)
print(json.dumps({"who": "peer", "name": CASE, "values": values, "processor": processor}), flush=True)

"""Steps of gradient descent in JAX on the cases of `TrainingCase.swift`: one JSON line per case, seconds of one step.

    python training_cases.py CASE        # train-NETWORKS-WIDTH-BATCH

The loop over steps is inside the compiled function (lax.fori_loop); ensembles run under vmap.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import jax
import jax.numpy as jnp

DEPTH, INPUTS, OUTPUTS = 4, 64, 10
CASE = sys.argv[1]
NETWORKS, WIDTH, BATCH = (int(part) for part in CASE.split("-")[1:])


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = jnp.tanh(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


def loss(parameters, x, y):
    return 0.5 * jnp.mean(jnp.sum((network(parameters, x) - y) ** 2, 1))


def step(parameters, x, y):
    gradient = jax.grad(loss)(parameters, x, y)
    return jax.tree_util.tree_map(lambda p, g: p - 0.01 * g, parameters, gradient)


widths = [INPUTS] + [WIDTH] * DEPTH + [OUTPUTS]
shape = (NETWORKS,) if NETWORKS > 1 else ()
parameters = [
    (jax.random.normal(jax.random.PRNGKey(i), shape + (a, b)) / a**0.5, jnp.zeros(shape + (b,)))
    for i, (a, b) in enumerate(zip(widths, widths[1:]))
]
x = jax.random.normal(jax.random.PRNGKey(99), (BATCH, INPUTS))
y = jax.random.normal(jax.random.PRNGKey(98), (BATCH, OUTPUTS))
one = jax.vmap(step, in_axes=(0, None, None)) if NETWORKS > 1 else step
operations = NETWORKS * BATCH * (4 * INPUTS * WIDTH + 6 * WIDTH**2 * (DEPTH - 1) + 6 * WIDTH * OUTPUTS)
STEPS = max(4, int(1.5e10 / operations))
# The data are arguments: as constants of the compiled function they make ensembles four times as slow.
run = jax.jit(lambda p, x, y: jax.lax.fori_loop(0, STEPS, lambda _, p: one(p, x, y), p))
jax.block_until_ready(run(parameters, x, y))
values, processor = [], []
for _ in range(9):
    before, before_processor = time.perf_counter(), time.process_time()
    jax.block_until_ready(run(parameters, x, y))
    values.append((time.perf_counter() - before) / STEPS)
    processor.append((time.process_time() - before_processor) / STEPS)
print(json.dumps({"who": "peer", "name": CASE, "values": values, "processor": processor}), flush=True)

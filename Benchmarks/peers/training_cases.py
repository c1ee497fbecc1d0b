"""Steps of gradient descent in JAX on the cases of `TrainingCase.swift`: one JSON line for each way to loop, seconds of one step.

    python training_cases.py CASE        # train-NETWORKS-WIDTH-BATCH

Ensembles run under vmap.
"""

import sys

from variants import loops
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
operations = NETWORKS * BATCH * (4 * INPUTS * WIDTH + 6 * WIDTH**2 * (DEPTH - 1) + 6 * WIDTH * OUTPUTS)
# The data are arguments: as constants of the compiled function they make ensembles four times as slow.
loops(
    CASE, jax.vmap(step, in_axes=(0, None, None)) if NETWORKS > 1 else step, parameters, x, y,
    steps=max(4, int(1.5e10 / operations)))

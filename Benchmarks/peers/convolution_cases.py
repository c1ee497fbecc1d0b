"""The gradient of a convolutional network in JAX, as in `ConvolutionCase.swift`: one JSON line,
seconds of one gradient.

    python convolution_cases.py          # convolution-gradient

Three of (3×3 SAME convolution, ReLU, 2×2 average pool) on 28×28 images, 32, 64 and 64 channels, then the global average and
10 outputs; batch 64, cross-entropy, f32. The data are arguments; each step moves the parameters a little, so that no gradient can
be left out.
"""

from variants import loops
import jax
import jax.numpy as jnp

BATCH, SIDE, CHANNELS, OUTPUTS = 64, 28, (1, 32, 64, 64), 10


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = jax.lax.conv_general_dilated(x, weight, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = jax.nn.relu(x + bias)
        x = 0.25 * jax.lax.reduce_window(x, 0.0, jax.lax.add, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    weight, bias = parameters[-1]
    return x.mean((1, 2)) @ weight + bias


def loss(parameters, x, y):
    z = network(parameters, x)
    return jnp.mean(jax.nn.logsumexp(z, 1) - jnp.sum(z * y, 1))


def step(parameters, x, y):
    gradient = jax.grad(loss)(parameters, x, y)
    return jax.tree_util.tree_map(lambda p, g: p - 1e-3 * g, parameters, gradient)


parameters = [
    (jax.random.normal(jax.random.PRNGKey(i), (3, 3, a, b)) * (2 / (9 * a)) ** 0.5, jnp.zeros(b))
    for i, (a, b) in enumerate(zip(CHANNELS, CHANNELS[1:]))
] + [(jax.random.normal(jax.random.PRNGKey(9), (CHANNELS[-1], OUTPUTS)) / CHANNELS[-1] ** 0.5, jnp.zeros(OUTPUTS))]
x = jax.random.normal(jax.random.PRNGKey(99), (BATCH, SIDE, SIDE, 1))
y = jax.nn.one_hot(jnp.arange(BATCH) % OUTPUTS, OUTPUTS)
# Inside a loop XLA's convolutions take twenty times as long: only the loop around is timed.
loops("convolution-gradient", step, parameters, x, y, steps=12, inside=False)

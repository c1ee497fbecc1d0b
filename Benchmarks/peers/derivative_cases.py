"""Derivatives beside training, as in `DerivativeCase.swift`: one JSON line for each way to write them, seconds of one.

    python derivative_cases.py CASE      # hessian-product, tangent-kernel-float32, tangent-kernel-float64

tanh, 4 hidden layers of width 512, 64 inputs, 10 outputs. Hessian products: jax.linearize of the gradient keeps the primal pass.
Tangent kernels, traced over outputs: layer by layer from the derivatives by preactivations, which is what an expert would write in
JAX; and, where neural-tangents is installed, its structured derivatives.
"""

import sys

from variants import times, write
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


def hessian_products():
    x, y = normals(99, (BATCH, INPUTS)), normals(98, (BATCH, OUTPUTS))
    direction = jax.tree_util.tree_map(jnp.ones_like, parameters)

    def loss(p, x, y):
        return 0.5 * jnp.mean(jnp.sum((network(p, x) - y) ** 2, 1))

    # Each direction depends on the last product, so that none can be left out.
    def next_direction(product, v):
        return jax.tree_util.tree_map(lambda a, b: a + 1e-3 * b, v, product(v))

    def products(count):
        def run(p, v, x, y):
            _, product = jax.linearize(lambda p: jax.grad(loss)(p, x, y), p)
            return jax.lax.fori_loop(0, count, lambda _, v: next_direction(product, v), v)

        return times(jax.jit(run), parameters, direction, x, y)

    # What three times as many take longer: the primal pass does not count.
    (short, short_processor), (long, long_processor) = products(10), products(30)
    write(
        CASE, "loop inside",
        ([(b - a) / 20 for a, b in zip(sorted(short), sorted(long))],
         [(b - a) / 20 for a, b in zip(sorted(short_processor), sorted(long_processor))]))

    _, product = jax.jit(lambda p: jax.linearize(lambda p: jax.grad(loss)(p, x, y), p))(parameters)
    one = jax.jit(next_direction)

    def around(v):
        for _ in range(20):
            v = one(product, v)
        return v

    write(CASE, "loop around", times(around, direction, per=20))


def layer_by_layer(p, x):
    """Σ over layers of (Σ over outputs of δ δᵀ) ∘ (h hᵀ + 1), δ the derivatives of outputs by preactivations."""
    preactivations = [jnp.zeros((SAMPLES, bias.shape[0]), DTYPE) for _, bias in p]

    def moved(shifts):
        h, inputs = x, []
        for (weight, bias), shift in zip(p[:-1], shifts):
            inputs.append(h)
            h = jnp.tanh(h @ weight + bias + shift)
        weight, bias = p[-1]
        inputs.append(h)
        return h @ weight + bias + shifts[-1], inputs

    outputs, pull, inputs = jax.vjp(moved, preactivations, has_aux=True)
    basis = jnp.broadcast_to(jnp.eye(OUTPUTS, dtype=DTYPE)[:, None, :], (OUTPUTS,) + outputs.shape)
    (deltas,) = jax.vmap(pull)(basis)
    kernel = 0
    for h, delta in zip(inputs, deltas):
        both = delta.transpose(1, 0, 2).reshape(SAMPLES, -1)
        kernel += (both @ both.T) * (h @ h.T + 1)
    return kernel / OUTPUTS


def neural_tangents_kernel():
    import jax._src.source_info_util

    # neural-tangents 0.6.5 looks for these where its JAX no longer has them.
    jax.interpreters.ad.source_info_util = jax._src.source_info_util
    jax.interpreters.ad.config = jax.config
    import neural_tangents as nt

    return nt.empirical_ntk_fn(
        network, trace_axes=(-1,), vmap_axes=0, implementation=nt.NtkImplementation.STRUCTURED_DERIVATIVES)


if CASE == "hessian-product":
    hessian_products()
else:
    x = normals(99, (SAMPLES, INPUTS))
    by_hand = jax.jit(layer_by_layer)
    try:
        kernel = neural_tangents_kernel()
    except ImportError:
        write(CASE, f"JAX {jax.__version__}, layer by layer", times(by_hand, parameters, x, repeats=15))
    else:
        theirs = jax.jit(lambda p, x: kernel(x, None, p))
        # That both are the same kernel: summation in another order loses digits as √(operations) does.
        one, other = by_hand(parameters, x), theirs(parameters, x)
        bound = 1e3 * jnp.finfo(DTYPE).eps * jnp.max(jnp.abs(other))
        assert jnp.max(jnp.abs(one - other)) < bound, (one, other)
        write(CASE, "neural-tangents, structured derivatives", times(theirs, parameters, x, repeats=15))

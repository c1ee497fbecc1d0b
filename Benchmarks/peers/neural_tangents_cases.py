"""neural-tangents on the cases of `make bench`: one JSON line per case, wall time in seconds.

Every case is compiled first (jax.jit) and then timed; the smallest of several runs is kept, results blocked on.
Inputs come from the .npy files that Orrery's own benchmark wrote, so that both see the same numbers.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
import neural_tangents as nt
from neural_tangents import stax

folder = sys.argv[1]
inputs = np.load(os.path.join(folder, "inputs.npy"))  # (2000, 784), float64

ACTIVATIONS = {
    "relu": (lambda: stax.Relu(), 2**0.5, 0.0),
    "erf": (lambda: stax.Erf(), 1.2, 0.1),
    "gelu": (lambda: stax.Gelu(), 1.4, 0.3),
    "tanh": (lambda: stax.ElementwiseNumerical(jnp.tanh, deg=25, df=lambda x: 1 - jnp.tanh(x) ** 2), 1.3, 0.2),
}


def kernel_function(activation, depth):
    make, w_std, b_std = ACTIVATIONS[activation]
    layers = []
    for _ in range(depth):
        layers += [stax.Dense(1, W_std=w_std, b_std=b_std), make()]
    layers += [stax.Dense(1, W_std=w_std, b_std=b_std)]
    _, _, kernel_fn = stax.serial(*layers)
    return kernel_fn


def best_time(function, repeats, seconds=20.0):
    jax.block_until_ready(function())
    best, start = float("inf"), time.perf_counter()
    for _ in range(repeats):
        before = time.perf_counter()
        jax.block_until_ready(function())
        best = min(best, time.perf_counter() - before)
        if time.perf_counter() - start > seconds:
            break
    return best


def kernel_case(activation, depth, samples, dtype):
    x = jnp.asarray(inputs[:samples], dtype=dtype)
    kernel_fn = kernel_function(activation, depth)
    both = jax.jit(lambda a: kernel_fn(a, None, ("nngp", "ntk")))
    seconds = best_time(lambda: both(x), 7)
    result = both(x)
    name = f"{activation}-{depth}-{samples}-{np.dtype(dtype).name}"
    np.save(os.path.join(folder, f"peer-{name}-nngp.npy"), np.asarray(result.nngp))
    np.save(os.path.join(folder, f"peer-{name}-ntk.npy"), np.asarray(result.ntk))
    print(json.dumps({"case": name, "seconds": seconds}), flush=True)


def ensemble_case(width, depth, samples, networks):
    """Real networks at initialization, as a user would write them: init and apply under vmap, kernel per layer."""
    init_fn, apply_fn, _ = stax.serial(
        *([stax.Dense(width, W_std=1.0, b_std=0.0), stax.ElementwiseNumerical(jnp.tanh, deg=5)] * depth),
        stax.Dense(1, W_std=1.0, b_std=0.0),
    )
    x = jnp.asarray(inputs[:samples, :64], dtype=jnp.float32)

    def output(key):
        _, parameters = init_fn(key, x.shape)
        return apply_fn(jax.tree_util.tree_map(lambda p: p.astype(jnp.float32), parameters), x)

    batch = jax.jit(jax.vmap(output))
    keys = jax.random.split(jax.random.PRNGKey(0), networks)
    seconds = best_time(lambda: batch(keys), 5)
    print(json.dumps({"case": f"ensemble-{width}-{depth}-{samples}", "seconds": seconds / networks}), flush=True)


print(json.dumps({"peer": "neural-tangents " + nt.__version__, "jax": jax.__version__}), flush=True)
for dtype in (np.float32, np.float64):
    kernel_case("relu", 10, 2000, dtype)
    kernel_case("erf", 10, 2000, dtype)
    kernel_case("gelu", 5, 2000, dtype)
    kernel_case("tanh", 5, 200, dtype)
ensemble_case(64, 5, 8, 2000)

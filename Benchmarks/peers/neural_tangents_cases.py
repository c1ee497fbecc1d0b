"""neural-tangents, numpy and scipy on the cases of `make bench`: one JSON line per case, wall times in seconds.

    python neural_tangents_cases.py FOLDER MEMORY CASE

Every case is compiled first (jax.jit), run once, and then timed; results are blocked on. Inputs come from the .npy
file that Orrery's own benchmark wrote, so that both sides see the same numbers; the kernels are saved beside it.
"""

import json
import os
import sys
import time
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# The peer imports modules that its own dependencies have deprecated, and warns of quadrature; both are known.
warnings.simplefilter("ignore")
import jax
import jax.numpy as jnp
import numpy as np

# With 64-bit numbers enabled, neural-tangents computes in them whatever the inputs are: only for float64.
jax.config.update("jax_enable_x64", sys.argv[3].endswith("float64"))
import neural_tangents as nt
from neural_tangents import stax

FOLDER, MEMORY, CASE = sys.argv[1:4]

# Activation, W_std, b_std: the square roots of C_W and C_b in KernelCase.swift.
ACTIVATIONS = {
    "relu": (lambda: stax.Relu(), 2**0.5, 0.0),
    "erf": (lambda: stax.Erf(), 1.2, 0.1),
    "gelu": (lambda: stax.Gelu(), 1.4, 0.3),
    "tanh": (lambda: stax.ElementwiseNumerical(jnp.tanh, deg=25, df=lambda x: 1 - jnp.tanh(x) ** 2), 1.3, 0.2),
}


def write(name, seconds, processor=None):
    record = {"who": "peer", "name": name, "memory": MEMORY, "values": seconds, "processor": processor}
    print(json.dumps(record), flush=True)


def run_times(function, repeats, limit=4.0):
    """Wall and processor times of single runs after the one that compiles and one more."""
    for _ in range(2):
        jax.block_until_ready(function())
    values, processor, start = [], [], time.perf_counter()
    while len(values) < repeats and (len(values) < 3 or time.perf_counter() - start < limit):
        before, before_processor = time.perf_counter(), time.process_time()
        jax.block_until_ready(function())
        values.append(time.perf_counter() - before)
        processor.append(time.process_time() - before_processor)
    return values, processor


def kernel_function(activation, depth):
    make, w_std, b_std = ACTIVATIONS[activation]
    layers = []
    for _ in range(depth):
        layers += [stax.Dense(1, W_std=w_std, b_std=b_std), make()]
    layers += [stax.Dense(1, W_std=w_std, b_std=b_std)]
    _, _, kernel_fn = stax.serial(*layers)
    return kernel_fn


def kernel_case(name):
    """NNGP and NTK of the first images: `activation-depth-samples-dtype`."""
    activation, depth, samples, dtype = name.split("-")
    inputs = np.load(os.path.join(FOLDER, "inputs.npy"))  # (2000, 784), float64
    x = jnp.asarray(inputs[: int(samples)], dtype=np.dtype(dtype))
    kernel_fn = kernel_function(activation, int(depth))
    both = jax.jit(lambda a: kernel_fn(a, None, ("nngp", "ntk")))
    write(name, *run_times(lambda: both(x), 9))
    result = both(x)
    np.save(os.path.join(FOLDER, f"peer-{name}-nngp.npy"), np.asarray(result.nngp))
    np.save(os.path.join(FOLDER, f"peer-{name}-ntk.npy"), np.asarray(result.ntk))


def ensemble_case(name, networks=2000):
    """Real networks at initialization, as a user would write them: init and apply under vmap; seconds per network."""
    _, width, depth, samples = name.split("-")
    init_fn, apply_fn, _ = stax.serial(
        *([stax.Dense(int(width), W_std=1.0, b_std=0.0), stax.ElementwiseNumerical(jnp.tanh, deg=5)] * int(depth)),
        stax.Dense(1, W_std=1.0, b_std=0.0),
    )
    inputs = np.load(os.path.join(FOLDER, "inputs.npy"))
    x = jnp.asarray(inputs[: int(samples), 392:456], dtype=jnp.float32)

    def output(key):
        _, parameters = init_fn(key, x.shape)
        return apply_fn(jax.tree_util.tree_map(lambda p: p.astype(jnp.float32), parameters), x)

    batch = jax.jit(jax.vmap(output))
    keys = jax.random.split(jax.random.PRNGKey(0), networks)
    write(name, *([seconds / networks for seconds in times] for times in run_times(lambda: batch(keys), 9)))


def elementwise_case():
    """numpy and scipy on an array that stays in cache, results into the same array: seconds per element."""
    import scipy.special

    count, repeats = 16384, 64
    functions = {"tanh": np.tanh, "exp": np.exp, "erf": scipy.special.erf, "acos": np.arccos}
    for dtype in ("float32", "float64"):
        values = (np.arange(count) / count).astype(dtype)
        output = np.empty_like(values)
        for name, function in functions.items():
            seconds = []
            for _ in range(9):
                before = time.perf_counter()
                for _ in range(repeats):
                    function(values, out=output)
                seconds.append((time.perf_counter() - before) / (count * repeats))
            write(f"{name}-{dtype}", seconds)


if CASE == "elementwise":
    elementwise_case()
elif CASE.startswith("ensemble-"):
    ensemble_case(CASE)
else:
    kernel_case(CASE)

"""A peer runs at its best: several ways to write the same computation are timed, and all of them are reported.

    {"who": "peer", "name": CASE, "note": "loop inside", "values": wall seconds, "processor": processor seconds, all threads}
"""

import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import jax


def times(run, *arguments, repeats=9, per=1, limit=4.0):
    """Wall and processor seconds of single runs, over `per`, after the run that compiles."""
    jax.block_until_ready(run(*arguments))
    values, processor, start = [], [], time.perf_counter()
    while len(values) < repeats and (len(values) < 3 or time.perf_counter() - start < limit):
        before, before_processor = time.perf_counter(), time.process_time()
        jax.block_until_ready(run(*arguments))
        values.append((time.perf_counter() - before) / per)
        processor.append((time.process_time() - before_processor) / per)
    return values, processor


def write(name, variant, measured):
    values, processor = measured
    print(
        json.dumps({"who": "peer", "name": name, "note": variant, "values": values, "processor": processor}), flush=True)


def loops(name, step, state, *data, steps, inside=True):
    """Seconds of one `state = step(state, *data)`: the loop inside the compiled function, from which XLA need not come back to
    Python, and around it, where all of a step's operations have their threads."""
    if inside:
        whole = jax.jit(lambda state, *data: jax.lax.fori_loop(0, steps, lambda _, s: step(s, *data), state))
        write(name, "loop inside", times(whole, state, *data, per=steps))
    one = jax.jit(step)

    def around(state, *data):
        for _ in range(steps):
            state = one(state, *data)
        return state

    write(name, "loop around", times(around, state, *data, per=steps))

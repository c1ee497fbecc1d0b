"""Writes two files with Python's safetensors 0.8, for the tests of the reader and the writer.

plain.safetensors lacks the bfloat16 of mixed.safetensors, which Orrery reads and does not write.

Run in an environment with numpy and safetensors:  python3 make_safetensors.py
"""

import os

import numpy as np
from safetensors import TensorSpec, serialize

HERE = os.path.dirname(os.path.abspath(__file__))
arrays = {
    "layer.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 4 - 0.5,
    "layer.bias": np.array([1 / 3, -2.5e-300, np.inf]),
    "steps": np.array([2**62, -1]),
    "counts": np.array([[-7, 2**31 - 1]], dtype=np.int32),
    "pixels": np.array([0, 127, 255], dtype=np.uint8),
    "half": np.array([1.5, -(2**-24), 65504], dtype=np.float16),
    # bfloat16, by its bits: 1, -3.140625, infinity, the smallest subnormal.
    "brain": np.array([[0x3F80, 0xC049], [0x7F80, 0x0001]], dtype=np.uint16),
    "flags": np.array([True, False]),
    "scalar": np.array(2.5, dtype=np.float32),
    "empty é": np.zeros((0, 4), dtype=np.float32),
}
specs = {
    name: TensorSpec(
        dtype="bfloat16" if name == "brain" else array.dtype.name,
        shape=list(array.shape),
        data_ptr=array.ctypes.data,
        data_len=array.nbytes,
    )
    for name, array in arrays.items()
}
for file_name, left_out in [("mixed", None), ("plain", "brain")]:
    chosen = {name: spec for name, spec in specs.items() if name != left_out}
    with open(os.path.join(HERE, file_name + ".safetensors"), "wb") as file:
        file.write(bytes(serialize(chosen, metadata={"format": 'np "é"\n'})))

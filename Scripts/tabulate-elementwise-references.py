#!/usr/bin/env python3
"""Writes Tests/Tensors/Elementwise/ReferenceTable.swift: the elementwise functions to 30 digits (needs mpmath)."""
import pathlib
import random

import mpmath as mp

mp.mp.dps = 60

cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
sigmoid = lambda x: 1 / (1 + mp.exp(-x))
FUNCTIONS = {
    "exp": (mp.exp, [(-700, 700), (-1, 1)]),
    "expm1": (mp.expm1, [(-30, 700), (-1e-3, 1e-3)]),
    "log": (mp.log, [(0, 1e300), (0.9, 1.1)]),
    "log1p": (mp.log1p, [(-1, 1e10), (-1e-3, 1e-3)]),
    "tanh": (mp.tanh, [(-10, 10), (-0.6, 0.6)]),
    "sigmoid": (sigmoid, [(-700, 40), (-3, 3)]),
    "silu": (lambda x: x * sigmoid(x), [(-700, 40), (-3, 3)]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), [(-700, 40), (-3, 3)]),
    "gaussian": (lambda x: mp.exp(-x * x / 2), [(-37, 37), (-3, 3)]),
    "erf": (mp.erf, [(-6, 6), (-1, 1)]),
    "erfc": (mp.erfc, [(-6, 26), (-1, 2)]),
    "normalCDF": (cdf, [(-37, 9), (-3, 3)]),
    "gelu": (lambda x: x * cdf(x), [(-37, 9), (-3, 3)]),
    "sin": (mp.sin, [(-1e6, 1e6), (-4, 4)]),
    "cos": (mp.cos, [(-1e6, 1e6), (-4, 4)]),
    "asin": (mp.asin, [(-1, 1), (0.99, 1)]),
    "acos": (mp.acos, [(-1, 1), (0.99, 1)]),
    "sqrt": (mp.sqrt, [(0, 1e300), (0, 2)]),
}


def main():
    random.seed(20)
    path = pathlib.Path(__file__).resolve().parent.parent / "Tests/Tensors/Elementwise/ReferenceTable.swift"
    with open(path, "w") as file:
        file.write("// Written by Scripts/tabulate-elementwise-references.py: do not edit.\nimport OrreryTensors\n\n")
        file.write("/// Arguments and values to 106 bits: the value is the sum of the last two numbers.\n")
        file.write("let elementwiseReferences: [(Elementwise.Function, [(x: Double, high: Double, low: Double)])] = [\n")
        for name, (function, ranges) in FUNCTIONS.items():
            rows = []
            for lowest, highest in ranges:
                for _ in range(6):
                    x = random.uniform(lowest, highest)
                    y = function(mp.mpf(x))
                    head = float(y)
                    rest = float(y - mp.mpf(head)) if abs(head) > 1e-280 else 0.0
                    rows.append(f"({x.hex()}, {head.hex()}, {rest.hex()})")
            file.write(f"  (\n    .{name},\n    [\n")
            file.writelines(f"      {row},\n" for row in rows)
            file.write("    ]\n  ),\n")
        file.write("]\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes close_inputs.json beside itself: kernels of nearly equal inputs through 100 layers, by mpmath.

Inputs are dyadic rationals, so that Swift makes exactly the same ones: x_i = (7919 i + 13 mod 1009 - 504)/16,
e_i = (104729 i + 7 mod 1013 - 506)/16, x' = x + 2^-k e with k = 10 and 27 (relative distances of about 1e-3 and 7e-9),
and one unrelated input e. Convention: K1 = C_b + C_W x.x'/d, Theta1 = C_b + C_W x.x'/d (NTK parametrization).
"""
import json
import os

from mpmath import asin, atan2, mp, mpf, pi, sqrt

mp.dps = 80
D = 784
x = [mpf((7919 * i + 13) % 1009 - 504) / 16 for i in range(D)]
e = [mpf((104729 * i + 7) % 1013 - 506) / 16 for i in range(D)]
INPUTS = {
    "same": x,
    "distance 2^-10": [a + b / 2**10 for a, b in zip(x, e)],
    "distance 2^-27": [a + b / 2**27 for a, b in zip(x, e)],
    "unrelated": e,
}


def relu(k11, k22, k12):
    scale = sqrt(k11 * k22)
    c = k12 / scale
    s = sqrt(max(mpf(0), 1 - c * c))
    theta = atan2(s, c)
    return scale * (s + (pi - theta) * c) / (2 * pi), (pi - theta) / (2 * pi)


def erf(k11, k22, k12):
    d = (1 + 2 * k11) * (1 + 2 * k22)
    return 2 / pi * asin(2 * k12 / sqrt(d)), 4 / pi / sqrt(d - 4 * k12 * k12)


def gelu(k11, k22, k12):
    d = (1 + k11) * (1 + k22)
    r = k12 / sqrt(d)
    delta = d - k12 * k12
    bracket = k11 * k22 + k12 * k12 * (1 - k11 / (1 + k11) - k22 / (1 + k22))
    value = k12 * (mpf(1) / 4 + asin(r) / (2 * pi)) + bracket / (2 * pi * sqrt(delta))
    slope = (
        mpf(1) / 4 + asin(r) / (2 * pi) + k12 / (2 * pi * sqrt(delta))
        + 2 * k12 * (1 - k11 / (1 + k11) - k22 / (1 + k22)) / (2 * pi * sqrt(delta))
        + bracket * k12 / (2 * pi * delta * sqrt(delta)))
    return value, slope


def pair(dual, c_w, c_b, depth, y):
    def dot(a, b):
        return sum(p * q for p, q in zip(a, b)) / D

    k11, k22, k12 = (c_b + c_w * v for v in (dot(x, x), dot(y, y), dot(x, y)))
    theta = k12
    for _ in range(depth):
        value, slope = dual(k11, k22, k12)
        k11, k22, k12 = (
            c_b + c_w * dual(k11, k11, k11)[0], c_b + c_w * dual(k22, k22, k22)[0], c_b + c_w * value)
        theta = k12 + c_w * slope * theta
    return k12, theta


CASES = [
    ("relu", relu, "2", "0", 100),
    ("relu", relu, "1.875", "0.125", 100),
    ("erf", erf, "0.8125", "0.015625", 100),
    ("gelu", gelu, "1.98305825743754713", "0.172922390756067352", 100),
]
result = {"convention": __doc__.split("\n\n")[1].replace("\n", " "), "cases": []}
for name, dual, c_w, c_b, depth in CASES:
    # The variances that Double holds, not their decimals.
    entry = {"activation": name, "C_W": float(c_w), "C_b": float(c_b), "depth": depth, "pairs": {}}
    for label, y in INPUTS.items():
        k, t = pair(dual, mpf(float(c_w)), mpf(float(c_b)), depth, y)
        entry["pairs"][label] = {"K": float(k), "Theta": float(t)}
    result["cases"].append(entry)
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "close_inputs.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")

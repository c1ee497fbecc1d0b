#!/usr/bin/env python3
"""Writes Sources/CElementwise/Kernels/DualPolynomials.h: asin(√z)/√z = 1 + z p(z) on 0 <= z <= 1/2.

The dual kernels know sin θ beside cos θ, so that one of the two is always at most √½ and no further root is needed.
Chebyshev interpolation in 60 digits (needs mpmath); the error is printed relative to the function.
"""
from mpmath import asin, cos, linspace, log, lu_solve, matrix, mp, mpf, pi, polyval, sqrt

mp.dps = 60
END = mpf(1) / 2


def remainder(z):
    return (asin(sqrt(z)) / sqrt(z) - 1) / z


def fit(degree):
    nodes = [END / 2 * (1 + cos(pi * (2 * k + 1) / (2 * degree + 2))) for k in range(degree + 1)]
    powers = matrix(degree + 1, degree + 1)
    for i, x in enumerate(nodes):
        for j in range(degree + 1):
            powers[i, j] = x**j
    coefficients = list(lu_solve(powers, matrix([remainder(x) for x in nodes])))
    error = max(
        abs((polyval(coefficients[::-1], z) - remainder(z)) * z / (1 + remainder(z) * z))
        for z in linspace(mpf(1) / 5000, END, 2500))
    return coefficients, error


print("// Polynomials of the dual kernels, lowest order first. Written by Scripts/fit-dual-coefficients.py.")
print("#pragma once")
for kind, suffix, literal, degree in (("float", "f32", "f", 7), ("double", "f64", "", 18)):
    coefficients, error = fit(degree)
    print(f"\n/// Degree {degree} on [0, 1/2]; error relative to the function 2^{float(log(error, 2)):.1f}.")
    print(f"KERNEL {kind} dual_asin_polynomial_{suffix}({kind} z) {{")
    # Even and odd powers apart: two chains of half the length.
    print(f"  {kind} square = z * z;")
    for name, part in (("even", coefficients[0::2]), ("odd", coefficients[1::2])):
        print(f"  {kind} {name} = {float(part[-1]).hex()}{literal};")
        for c in part[-2::-1]:
            print(f"  {name} = {name} * square + {float(c).hex()}{literal};")
    print("  return even + z * odd;\n}")

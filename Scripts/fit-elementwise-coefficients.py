#!/usr/bin/env python3
"""Fits Sources/CElementwise/Kernels/Polynomials.h and RandomPolynomials.h (needs mpmath).

Each polynomial is a weighted least-squares fit on Chebyshev points, which is within a small factor of the minimax
polynomial. Coefficients are rounded to the target precision one by one, lowest order first, and the rest is refitted each
time, so that rounding the leading coefficients costs nothing. The weight is the factor by which an error of the polynomial
enters the *relative* error of the function.
"""
import contextlib
import pathlib
import struct

import mpmath as mp

mp.mp.dps = 60


def to_float(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def chebyshev_points(a, b, count):
    return [(a + b) / 2 + (b - a) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def solve_least_squares(points, values, weights, powers):
    matrix = mp.matrix(len(points), len(powers))
    right = mp.matrix(len(points), 1)
    for i, (v, f, w) in enumerate(zip(points, values, weights)):
        for j, p in enumerate(powers):
            matrix[i, j] = w * v**p
        right[i] = w * f
    return mp.lu_solve(matrix.T * matrix, matrix.T * right)


def fit(name, target, a, b, degree, single, weight=lambda v: mp.mpf(1), kind=None, split=False):
    """Prints the polynomial for `target` on [a, b].

    With `split`, the constant term becomes a macro and the function is what is to be added to it.
    """
    a, b = mp.mpf(a), mp.mpf(b)
    points = chebyshev_points(a, b, 4 * (degree + 1))
    values = [target(v) for v in points]
    weights = [weight(v) for v in points]
    coefficients, residual = [], list(values)
    for order in range(degree + 1):
        solution = solve_least_squares(points, residual, weights, list(range(order, degree + 1)))
        c = mp.mpf(to_float(solution[0]) if single else float(solution[0]))
        coefficients.append(c)
        residual = [r - c * v**order for r, v in zip(residual, points)]
    check = chebyshev_points(a, b, 40 * (degree + 1))
    error = max(abs(weight(v) * (mp.polyval(coefficients[::-1], v) - target(v))) for v in check)
    literal = [float(c).hex() + ("f" if single else "") for c in coefficients]
    kind = kind or ("float" if single else "double")
    precision = float(mp.log(error, 2))
    print(f"/// Degree {degree} on [{float(a):.6g}, {float(b):.6g}]; error relative to the function 2^{precision:.1f}.")
    if split:
        print(f"#define {name.upper()}_CONSTANT {literal.pop(0)}")
    print(f"KERNEL {kind} {name}({kind} x) {{")
    if len(literal) < 10:
        print_horner("p", "x", literal, kind)
        print("  return p * x;" if split else "  return p;")
    else:  # two chains of half the latency
        print(f"  {kind} z = x * x;")
        print_horner("even", "z", literal[0::2], kind)
        print_horner("odd", "z", literal[1::2], kind)
        print("  return (odd * x + even) * x;" if split else "  return odd * x + even;")
    print("}\n")
    return error


def print_horner(result, variable, literals, kind):
    print(f"  {kind} {result} = {variable} * {literals[-1]} + {literals[-2]};")
    for literal in literals[-3::-1]:
        print(f"  {result} = {result} * {variable} + {literal};")


def series(function, v, small, terms):
    """`function(v)`, or its Taylor series (coefficients `terms`) where cancellation would spoil it."""
    return mp.polyval(terms[::-1], v) if abs(v) < small else function(v)


def exp_remainder(r):
    return series(lambda r: (mp.exp(r) - 1 - r) / r**2, r, mp.mpf("1e-6"), [1 / mp.factorial(k + 2) for k in range(9)])


def log_remainder(f):
    return series(lambda f: (mp.log1p(f) - f + f**2 / 2) / f**3, f, mp.mpf("1e-6"),
                  [mp.mpf((-1) ** k) / (k + 3) for k in range(9)])


def atanh_remainder(z):
    """(log((1+s)/(1-s)) / s - 2) / s², as a function of z = s²."""
    s = mp.sqrt(z)
    return series(lambda z: (2 * mp.atanh(s) / s - 2) / z, z, mp.mpf("1e-9"), [mp.mpf(2) / (2 * k + 3) for k in range(7)])


def sine_remainder(z):
    x = mp.sqrt(z)
    return series(lambda z: (mp.sin(x) - x) / (x * z), z, mp.mpf("1e-9"),
                  [(-1) ** (k + 1) / mp.factorial(2 * k + 3) for k in range(7)])


def cosine_remainder(z):
    x = mp.sqrt(z)
    return series(lambda z: (mp.cos(x) - 1 + z / 2) / z**2, z, mp.mpf("1e-9"),
                  [(-1) ** k / mp.factorial(2 * k + 4) for k in range(7)])


def arcsine_remainder(z):
    x = mp.sqrt(z)
    terms = [mp.binomial(2 * k, k) / mp.mpf(4) ** k / (2 * k + 1) for k in range(1, 9)]
    return series(lambda z: (mp.asin(x) - x) / (x * z), z, mp.mpf("1e-8"), terms)


def erf_over_x_minus_one(z):
    x = mp.sqrt(z)
    return (2 / mp.sqrt(mp.pi) if x < mp.mpf("1e-20") else mp.erf(x) / x) - 1


def cdf_over_x(z):
    """(Φ(x) - ½) / x as a function of z = x²."""
    x = mp.sqrt(z)
    return 1 / mp.sqrt(2 * mp.pi) if x < mp.mpf("1e-20") else mp.erf(x / mp.sqrt(2)) / 2 / x


def tail(name, scaled, log_derivative, pole, slope, shift, low, high, degree, compensated):
    """`scaled(x) (x + pole)` as a polynomial in t = slope u - shift with u = 1/(x + pole).

    The slope is a power of two and the shift a short number, so that t is exact given u. If what rounding loses is to be
    put back, also the straight line through d log(scaled) / d log(u) as a function of t.
    """
    u_low, u_high = 1 / mp.mpf(high + pole), 1 / mp.mpf(low + pole)
    a, b = slope * u_low - shift, slope * u_high - shift
    position = lambda t: slope / (t + shift) - pole
    function = lambda t: scaled(position(t)) * (position(t) + pole)
    upper = name.upper()
    for key, value in (("POLE", pole), ("SLOPE", slope), ("SHIFT", shift)):
        print(f"#define {upper}_{key} {float(value)!r}")
    if compensated:
        sensitivity = lambda t: -(position(t) + pole) * log_derivative(position(t))
        points = chebyshev_points(a, b, 40)
        line = solve_least_squares(points, [sensitivity(t) for t in points], [1] * 40, [0, 1])
        print(f"#define {upper}_SENSITIVITY {float(line[0]):.3f}")
        print(f"#define {upper}_SENSITIVITY_SLOPE {float(line[1]):.3f}")
    return fit(name, function, a, b, degree, False, lambda t: 1 / function(t), split=compensated)


def scaled_erfc(x):
    return mp.exp(x * x) * mp.erfc(x)


def log_derivative_of_scaled_erfc(x):
    return 2 * x - 2 / mp.sqrt(mp.pi) / scaled_erfc(x)


def log_derivative_of_scaled_cdf(x):
    return x - 1 / mp.sqrt(2 * mp.pi) / scaled_cdf(x)


def scaled_cdf(x):
    """Φ(-x) exp(x²/2)."""
    return mp.exp(x * x / 2) * mp.erfc(x / mp.sqrt(2)) / 2


def functions():
    half_log2 = mp.log(2) / 2 * mp.mpf("1.001")
    low, high = mp.sqrt(mp.mpf(0.5)) - 1, mp.sqrt(mp.mpf(2)) - 1
    atanh_edge = (high / (2 + high)) ** 2 * mp.mpf("1.001")
    quarter = (mp.pi / 4 * mp.mpf("1.01")) ** 2
    for single, tag in ((True, "f32"), (False, "f64")):
        # The error of expm1(r) = r + r² q is relative to r; the others alike.
        fit(f"exp_polynomial_{tag}", exp_remainder, -half_log2, half_log2, 5 if single else 10, single, lambda r: r)
        if single:
            fit(f"log_polynomial_{tag}", log_remainder, low, high, 7, single, lambda f: f**2)
        else:
            fit(f"log_polynomial_{tag}", atanh_remainder, 0, atanh_edge, 6, single, lambda z: z / 2)
        fit(f"sin_polynomial_{tag}", sine_remainder, 0, quarter, 3 if single else 6, single, lambda z: z)
        fit(f"cos_polynomial_{tag}", cosine_remainder, 0, quarter, 2 if single else 6, single, lambda z: z * z)
        fit(f"asin_polynomial_{tag}", arcsine_remainder, 0, 0.5625**2, 5 if single else 14, single, lambda z: z)
        fit(f"erf_polynomial_{tag}", erf_over_x_minus_one, 0, 1, 7 if single else 12, single)
        fit(f"cdf_polynomial_{tag}", cdf_over_x, 0, 0.25, 4 if single else 8, single)
    # Single precision computes the tails in double, where nothing has to be put back and fewer terms do.
    fit("exp_polynomial_wide", exp_remainder, -half_log2, half_log2, 4, False, lambda r: r**2)
    erfc, cdf = (scaled_erfc, log_derivative_of_scaled_erfc), (scaled_cdf, log_derivative_of_scaled_cdf)
    tail("erfc_tail_f32", *erfc, 3, 8, 1.4375, 0.46, 10.2, 8, False)
    tail("cdf_tail_f32", *cdf, 4, 8, 1.0625, 0.48, 14.6, 8, False)
    tail("erfc_tail_f64", *erfc, 2, 4, 0.875, 0.46, 27.3, 24, True)
    tail("cdf_tail_f64", *cdf, 2, 4, 0.875, 0.48, 38.8, 26, True)


def random_normals():
    """The same for the Box-Muller transform, on vectors and never contracted: angles are π t/4 with |t| <= 1."""
    low, high = mp.sqrt(mp.mpf(0.5)) - 1, mp.sqrt(mp.mpf(2)) - 1
    atanh_edge = (high / (2 + high)) ** 2 * mp.mpf("1.001")

    def sine_over_t(z):
        t = mp.sqrt(z)
        return mp.pi / 4 if z < mp.mpf("1e-40") else mp.sin(mp.pi * t / 4) / t

    cosine = lambda z: mp.cos(mp.pi * mp.sqrt(z) / 4)
    fit("random_log_f32", log_remainder, low, high, 6, True, lambda f: f**2, "f32v")
    fit("random_sin_f32", sine_over_t, 0, 1, 3, True, lambda z: mp.mpf(1), "f32v")
    fit("random_cos_f32", cosine, 0, 1, 3, True, lambda z: mp.mpf(1), "f32v")
    fit("random_log_f64", atanh_remainder, 0, atanh_edge, 6, False, lambda z: z / 2, "f64v")
    fit("random_sin_f64", sine_over_t, 0, 1, 6, False, lambda z: mp.mpf(1), "f64v")
    fit("random_cos_f64", cosine, 0, 1, 7, False, lambda z: mp.mpf(1), "f64v")


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "Sources" / "CElementwise" / "Kernels"
    for name, body in (("Polynomials.h", functions), ("RandomPolynomials.h", random_normals)):
        with open(folder / name, "w") as file, contextlib.redirect_stdout(file):
            print("// Written by Scripts/fit-elementwise-coefficients.py, which says how: do not edit.")
            print("#pragma once\n")
            body()


if __name__ == "__main__":
    main()

// The elementwise functions: branch-free scalar code, so that loops over it vectorise. Included once per precision, after
// Single.h or Double.h, which define REAL, INTEGER, NAME, the constants and what differs.
//
// Each takes the classical road: reduce the argument to a small interval exactly, or with a correction for what was lost;
// evaluate a polynomial there; undo the reduction. Both sides of every choice are computed and one is selected.
// Written `a * b + c`, contracted to fused operations where the instruction set has them; the error bounds hold without.

KERNEL INTEGER NAME(bits)(REAL x) {
  INTEGER bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

KERNEL REAL NAME(from_bits)(UNSIGNED bits) {
  REAL x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

KERNEL REAL NAME(absolute)(REAL x) { return NAME(from_bits)((UNSIGNED)NAME(bits)(x) & ~((UNSIGNED)1 << SIGN_BIT)); }

/// A magnitude, which is not negative, under the sign of another number.
KERNEL REAL NAME(with_sign)(REAL magnitude, REAL sign) {
  return NAME(from_bits)((UNSIGNED)NAME(bits)(magnitude) | ((UNSIGNED)NAME(bits)(sign) & (UNSIGNED)1 << SIGN_BIT));
}

KERNEL REAL NAME(at_most)(REAL x, REAL bound) { return x > bound ? bound : x; }  // keeps NaN

KERNEL REAL NAME(at_least)(REAL x, REAL bound) { return x < bound ? bound : x; }  // keeps NaN

/// 2ⁿ for the exponents of normal numbers.
KERNEL REAL NAME(power_of_two)(INTEGER n) { return NAME(from_bits)((UNSIGNED)(n + BIAS) << PLACES); }

/// y 2ⁿ for twice the range of exponents, rounded once when y is near 1: half of the power keeps y normal.
KERNEL REAL NAME(scale)(REAL y, INTEGER n) {
  INTEGER half = (INTEGER)((UNSIGNED)(n + 4096) >> 1) - 2048;
  return y * NAME(power_of_two)(half) * NAME(power_of_two)(n - half);
}

// Exponentials

/// An exponential, 2ⁿ (1 + s) with |s| < 0.42.
struct NAME(exponential) {
  REAL s;
  INTEGER n;
};

/// exp(high - low) for |low| < 1/8: what was lost in rounding a large argument is given as `low`.
KERNEL struct NAME(exponential) NAME(exp_parts)(REAL high, REAL low) {
  REAL shifted = high * LOG2E + ROUND;
  REAL n = shifted - ROUND;
  REAL r = (high - n * LN2_HIGH) - (n * LN2_LOW + low);
  struct NAME(exponential) result;
  result.s = r + r * r * NAME(exp_polynomial)(r);
  result.n = NAME(bits)(shifted) - NAME(bits)(ROUND);
  return result;
}

KERNEL REAL NAME(exp)(REAL x) {
  REAL clamped = NAME(at_most)(NAME(at_least)(x, EXP_LOWEST), EXP_HIGHEST);
  struct NAME(exponential) e = NAME(exp_parts)(clamped, R(0));
  return NAME(scale)(R(1) + e.s, e.n);
}

/// 2ⁿ s + (2ⁿ - 1), halved until the end so that n = 1 + the largest exponent passes.
KERNEL REAL NAME(expm1)(REAL x) {
  REAL clamped = NAME(at_most)(NAME(at_least)(x, EXPM1_LOWEST), EXP_HIGHEST);
  struct NAME(exponential) e = NAME(exp_parts)(clamped, R(0));
  REAL half_power = NAME(power_of_two)(e.n - 1);
  REAL y = (half_power * e.s + (half_power - R(0.5))) * R(2);
  REAL near_zero = x == R(0) ? x : e.s;
  return e.n == 0 ? near_zero : y;
}

// Logarithms

KERNEL REAL NAME(log_special)(REAL x, REAL y) {
  y = x < R(0) ? (REAL)NAN : y;
  y = x == R(0) ? -(REAL)INFINITY : y;
  return x < (REAL)INFINITY ? y : x;  // infinity and NaN
}

/// The exponent of a normal x in the representation 2ⁿ m with √½ <= m < √2.
KERNEL INTEGER NAME(exponent)(REAL x) {
  UNSIGNED offset = (UNSIGNED)(BIAS + 1) << PLACES;
  return (INTEGER)(((UNSIGNED)NAME(bits)(x) - SQRT_HALF_BITS + offset) >> PLACES) - (BIAS + 1);
}

/// x 2⁻ⁿ by bits.
KERNEL REAL NAME(without_exponent)(REAL x, INTEGER n) {
  return NAME(from_bits)((UNSIGNED)NAME(bits)(x) - ((UNSIGNED)n << PLACES));
}

KERNEL REAL NAME(log)(REAL x) {
  REAL smallest_normal = NAME(power_of_two)(1 - BIAS);
  REAL normal = x < smallest_normal ? x * NAME(power_of_two)(PLACES) : x;
  REAL shift = x < smallest_normal ? (REAL)PLACES : R(0);
  INTEGER n = NAME(exponent)(normal);
  REAL f = NAME(without_exponent)(normal, n) - R(1);
  return NAME(log_special)(x, NAME(log_of_parts)(NAME(real_of_exponent)(n) - shift, f));
}

/// log u for u = 1 + x rounded, with what the rounding lost added to the reduced argument: where u is near 1 the sum is
/// exact.
KERNEL REAL NAME(log1p)(REAL x) {
  REAL u = R(1) + x;
  INTEGER n = NAME(exponent)(u);
  REAL lost = u > R(2) ? R(1) - (u - x) : x - (u - R(1));
  REAL f = (NAME(without_exponent)(u, n) - R(1)) + lost * NAME(power_of_two)(n > BIAS ? -BIAS : -n);
  REAL y = NAME(log_special)(u, NAME(log_of_parts)(NAME(real_of_exponent)(n), f));
  return x == R(0) ? x : y;  // keeps the sign of zero
}

// Sigmoids

/// tanh|x| = q = h/(1 + h) for h = (exp 2|x| - 1)/2, which keeps its digits near zero. There it is h - h q, in which the
/// roundings of 1 + h and of the quotient count for less.
KERNEL REAL NAME(tanh)(REAL x) {
  REAL a = NAME(at_most)(NAME(absolute)(x), TANH_END);
  struct NAME(exponential) e = NAME(exp_parts)(R(2) * a, R(0));
  REAL half_power = NAME(power_of_two)(e.n - 1);
  REAL h = half_power * e.s + (half_power - R(0.5));
  REAL q = h / (h + R(1));
  return NAME(with_sign)(h < R(0.5) ? h - h * q : q, x);
}

/// max(x, 0) + log(1 + exp(-|x|)).
KERNEL REAL NAME(softplus)(REAL x) {
  REAL a = NAME(at_most)(NAME(absolute)(x), -EXP_LOWEST);
  struct NAME(exponential) e = NAME(exp_parts)(-a, R(0));
  REAL y = NAME(log1p)(NAME(scale)(R(1) + e.s, e.n));
  return x > R(0) ? x + y : y;
}

// The Gaussian

/// exp(-factor a²) with a² carried in two parts, so that the relative accuracy survives where a² is large.
KERNEL struct NAME(exponential) NAME(gaussian_parts)(REAL a, REAL factor) {
  REAL high = NAME(from_bits)((UNSIGNED)NAME(bits)(a) & HIGH_HALF);
  return NAME(exp_parts)(-(high * high * factor), (a - high) * (a + high) * factor);
}

/// exp(-x²/2).
KERNEL REAL NAME(gaussian)(REAL x) {
  struct NAME(exponential) e = NAME(gaussian_parts)(NAME(at_most)(NAME(absolute)(x), CDF_END), R(0.5));
  return NAME(scale)(R(1) + e.s, e.n);
}

// Circular functions

/// sin(r + quadrant π/2) for |r| <= π/4.
KERNEL REAL NAME(sin_of_quadrant)(REAL r, INTEGER quadrant) {
  REAL z = r * r;
  REAL sine = r + r * (z * NAME(sin_polynomial)(z));
  REAL half = R(0.5) * z;
  REAL head = R(1) - half;
  REAL cosine = head + (((R(1) - head) - half) + z * z * NAME(cos_polynomial)(z));
  REAL y = (quadrant & 1) ? cosine : sine;
  return NAME(from_bits)((UNSIGNED)NAME(bits)(y) ^ ((UNSIGNED)(quadrant & 2) << (SIGN_BIT - 1)));
}

KERNEL REAL NAME(sin)(REAL x) {
  INTEGER quadrant;
  REAL r = NAME(reduce)(x, &quadrant);
  REAL y = NAME(sin_of_quadrant)(r, quadrant);
  return x == R(0) ? x : y;  // keeps the sign of zero
}

KERNEL REAL NAME(cos)(REAL x) {
  INTEGER quadrant;
  REAL r = NAME(reduce)(x, &quadrant);
  return NAME(sin_of_quadrant)(r, quadrant + 1);
}

/// Where asin passes from the polynomial x + x³ q(x²) to π/2 - 2 asin √((1 - x)/2), in which 1 - x is exact: beyond sin(π/2 - 1),
/// so that the arcsine that is doubled stays below ½ and its rounding with it.
#define ASIN_EDGE R(0.5625)

KERNEL REAL NAME(asin)(REAL x) {
  REAL a = NAME(absolute)(x);
  REAL outer = (R(1) - a) * R(0.5);
  REAL z = a < ASIN_EDGE ? a * a : outer;
  REAL s = a < ASIN_EDGE ? a : __builtin_elementwise_sqrt(outer);
  REAL y = s + s * (z * NAME(asin_polynomial)(z));
  return NAME(with_sign)(a < ASIN_EDGE ? y : PI_HALF_HIGH - (R(2) * y - PI_HALF_LOW), x);
}

KERNEL REAL NAME(acos)(REAL x) {
  REAL a = NAME(absolute)(x);
  REAL outer = (R(1) - a) * R(0.5);
  REAL z = a < ASIN_EDGE ? a * a : outer;
  REAL s = a < ASIN_EDGE ? x : __builtin_elementwise_sqrt(outer);
  REAL y = s + s * (z * NAME(asin_polynomial)(z));
  REAL inner = PI_HALF_HIGH - (y - PI_HALF_LOW);
  REAL negative = R(2) * PI_HALF_HIGH - (R(2) * y - R(2) * PI_HALF_LOW);
  REAL edge = x < R(0) ? negative : R(2) * y;
  return a < ASIN_EDGE ? inner : edge;
}

KERNEL REAL NAME(sqrt)(REAL x) { return __builtin_elementwise_sqrt(x); }

#undef ASIN_EDGE

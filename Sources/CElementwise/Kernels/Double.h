// Double precision: the format's constants and the few functions that differ from single precision.
#pragma once

#define REAL double
#define INTEGER int64_t
#define UNSIGNED uint64_t
#define NAME(name) name##_f64
#define PLACES 52
#define BIAS 1023
#define SIGN_BIT 63
#define HIGH_HALF 0xfffffffff8000000u  // the bits of a number whose square is exact

#define ROUND R(0x1.8p+52)  // adding and subtracting it rounds to an integer, whose low bits stand in the sum
#define LOG2E R(0x1.71547652b82fep+0)
#define LN2_HIGH R(0x1.62e42fefa38p-1)  // 42 bits: exact when multiplied by an exponent
#define LN2_LOW R(0x1.ef35793c76730p-45)
#define PI_HALF_HIGH R(0x1.921fb54442d18p+0)
#define PI_HALF_LOW R(0x1.1a62633145c07p-54)
#define SQRT_HALF_BITS 0x3fe6a09e667f3bcd
#define SIN_LIMIT R(0x1p+20)
#define LIBRARY_SIN sin
#define LIBRARY_COS cos

#define EXP_LOWEST R(-760.0)  // beyond these the result is 0, infinity, -1, ±1, 0 and 0
#define EXP_HIGHEST R(710.0)
#define EXPM1_LOWEST R(-40.0)
#define TANH_END R(20.0)
#define CDF_END R(38.8)

/// By bits, since AVX2 has no conversion from 64-bit integers.
KERNEL double real_of_exponent_f64(int64_t n) {
  int64_t bits = (n + 4096) | 0x4330000000000000;
  double shifted;
  __builtin_memcpy(&shifted, &bits, sizeof shifted);
  return shifted - (0x1p+52 + 4096.0);
}

/// log(2ⁿ (1 + f)) for √½ <= 1 + f < √2: with s = f/(2 + f), log(1 + f) = 2 artanh s = 2s + s³ q(s²) and 2s = f - s f.
KERNEL double log_of_parts_f64(double n, double f) {
  double s = f / (2.0 + f);
  double z = s * s;
  return n * LN2_HIGH + (f - (s * (f - z * log_polynomial_f64(z)) - n * LN2_LOW));
}

/// x = n π/2 + r for |x| <= SIN_LIMIT. n has at most 20 bits: its products with the first two parts of π/2, of 33 bits
/// each, are exact, and so is what the second difference loses.
KERNEL double reduce_f64(double x, int64_t *quadrant) {
  double shifted = x * 0x1.45f306dc9c883p-1 + ROUND;
  double n = shifted - ROUND;
  __builtin_memcpy(quadrant, &shifted, sizeof shifted);
  double first = x - n * 0x1.921fb544p+0;
  double second = first - n * 0x1.0b4611a6p-34;
  double lost = (first - second) - n * 0x1.0b4611a6p-34;
  return second - (n * 0x1.3198a2e037073p-69 - lost);
}

// The logistic function, SiLU, erf, erfc, Φ and GELU in single precision. Their exponentials and quotients are computed in
// double, where the square of a single is exact and nothing that rounding loses has to be put back: in single precision that
// would cost as much as the wider vectors gain.
#pragma once

/// exp(x) to 28 bits for -110 < x <= 0: 2ⁿ is added to the exponent, whose range is double's.
KERNEL double exp_wide(double x) {
  double shifted = x * 0x1.71547652b82fep+0 + 0x1.8p+52;
  double n = shifted - 0x1.8p+52;
  double r = x - n * 0x1.62e42fefa39efp-1;
  double p = r * r * exp_polynomial_wide(r) + (1.0 + r);
  uint64_t bits, n_bits;
  __builtin_memcpy(&bits, &p, sizeof bits);
  __builtin_memcpy(&n_bits, &shifted, sizeof n_bits);
  bits += n_bits << 52;
  __builtin_memcpy(&p, &bits, sizeof p);
  return p;
}

/// factor / (1 + exp(-x)), rounded once.
KERNEL float sigmoid_times_f32(float x, float factor) {
  double e = exp_wide(-(double)at_most_f32(absolute_f32(x), 110.0f));
  double numerator = x < 0.0f ? factor * e : factor;
  return (float)(numerator / (1.0 + e));
}

KERNEL float sigmoid_f32(float x) { return sigmoid_times_f32(x, 1.0f); }

KERNEL float silu_f32(float x) { return x < -110.0f ? -0.0f : sigmoid_times_f32(x, x); }

/// erfc(a) for 0.46 <= a <= 10.2: exp(-a²) u q(slope u - shift) with u = 1/(a + pole).
KERNEL double erfc_far_f32(float a) {
  double x = a;
  double u = 1.0 / (x + ERFC_TAIL_F32_POLE);
  return exp_wide(-x * x) * (u * erfc_tail_f32(ERFC_TAIL_F32_SLOPE * u - ERFC_TAIL_F32_SHIFT));
}

/// Φ(-a) for 0.48 <= a <= 14.6, in the same way.
KERNEL double cdf_far_f32(float a) {
  double x = a;
  double u = 1.0 / (x + CDF_TAIL_F32_POLE);
  return exp_wide(-0.5 * x * x) * (u * cdf_tail_f32(CDF_TAIL_F32_SLOPE * u - CDF_TAIL_F32_SHIFT));
}

KERNEL float erf_near_zero_f32(float x) { return x + x * erf_polynomial_f32(x * x); }

KERNEL float erf_f32(float x) {
  float a = at_most_f32(absolute_f32(x), 4.0f);
  float far = (float)(1.0 - erfc_far_f32(a));
  return with_sign_f32(a < 1.0f ? erf_near_zero_f32(a) : far, x);
}

KERNEL float erfc_f32(float x) {
  float a = at_most_f32(absolute_f32(x), 10.2f);
  double tail = erfc_far_f32(a);
  float far = (float)(x < 0.0f ? 2.0 - tail : tail);
  return a < 0.47f ? 1.0f - erf_near_zero_f32(x) : far;
}

KERNEL float cdf_near_zero_f32(float x) { return 0.5f + x * cdf_polynomial_f32(x * x); }

KERNEL float normal_cdf_f32(float x) {
  float a = at_most_f32(absolute_f32(x), 14.6f);
  double tail = cdf_far_f32(a);
  float far = (float)(x < 0.0f ? tail : 1.0 - tail);
  return a < 0.5f ? cdf_near_zero_f32(x) : far;
}

/// x Φ(x), rounded once: Φ may be too small for single precision where the product is not.
KERNEL float gelu_f32(float x) {
  float a = at_most_f32(absolute_f32(x), 14.6f);
  double tail = cdf_far_f32(a);
  float far = (float)(x < 0.0f ? -(double)a * tail : (double)x * (1.0 - tail));
  return a < 0.5f ? x * cdf_near_zero_f32(x) : far;
}

// The logistic function, SiLU, erf, erfc, Φ and GELU in double precision: what rounding loses on the way is put back.
#pragma once

/// factor / (1 + exp(-x)), scaled last so that a denormal exponential costs no digits. What rounding the divisor loses is put
/// back, for which 1/sum need only be good to a few per cent.
KERNEL double sigmoid_times_f64(double x, double factor) {
  double a = at_most_f64(absolute_f64(x), -EXP_LOWEST);
  struct exponential_f64 e = exp_parts_f64(-a, 0.0);
  double power = power_of_two_f64(e.n < 1 - BIAS ? 1 - BIAS : e.n);
  double scaled = power * e.s;
  double sum = (1.0 + power) + scaled;
  double lost = ((1.0 - sum) + power) + scaled;
  double relative = lost * (1.457 - 0.5 * sum);
  double quotient = factor / sum;
  double negative = scale_f64(quotient + quotient * (e.s - relative), e.n);
  return x < 0.0 ? negative : quotient - quotient * relative;
}

KERNEL double sigmoid_f64(double x) { return sigmoid_times_f64(x, 1.0); }

KERNEL double silu_f64(double x) {
  double y = sigmoid_times_f64(x, x);
  y = x > -EXP_LOWEST ? x : y;  // and infinity
  y = x == 0.0 ? x : y;         // keeps the sign of zero
  return x < EXP_LOWEST ? -0.0 : y;
}

/// 1 - u sum for u = 1/sum rounded, without relying on a fused operation: products of halves of 26 bits are exact.
KERNEL double reciprocal_error_f64(double u, double sum) {
  uint64_t u_bits, sum_bits;
  __builtin_memcpy(&u_bits, &u, sizeof u);
  __builtin_memcpy(&sum_bits, &sum, sizeof sum);
  u_bits &= 0xfffffffff8000000u;
  sum_bits &= 0xfffffffff8000000u;
  double u_high, sum_high;
  __builtin_memcpy(&u_high, &u_bits, sizeof u);
  __builtin_memcpy(&sum_high, &sum_bits, sizeof sum);
  double u_low = u - u_high, sum_low = sum - sum_high;
  return ((1.0 - u_high * sum_high) - u_high * sum_low - u_low * sum_high) - u_low * sum_low;
}

KERNEL double erf_near_zero_f64(double x) { return x + x * erf_polynomial_f64(x * x); }

/// erfc(a) for 0.46 <= a <= 27.3, apart from 2ⁿ: exp(-a²) u q(slope u - shift) with u = 1/(a + pole). What is lost in
/// rounding u, the sum under it and the last sum of q is put back to first order.
KERNEL double erfc_far_f64(double a, int64_t *n) {
  struct exponential_f64 e = gaussian_parts_f64(a, 1.0);
  double sum = a + ERFC_TAIL_F64_POLE;
  double u = 1.0 / sum;
  double lost = reciprocal_error_f64(u, sum) - (a - (sum - ERFC_TAIL_F64_POLE)) * u;
  double t = ERFC_TAIL_F64_SLOPE * u - ERFC_TAIL_F64_SHIFT;
  double varying = erfc_tail_f64(t);
  double q = ERFC_TAIL_F64_CONSTANT + varying;
  double q_lost = (ERFC_TAIL_F64_CONSTANT - q) + varying;
  double y = u * q;
  *n = e.n;
  return y + (y * (e.s + lost * (ERFC_TAIL_F64_SENSITIVITY + ERFC_TAIL_F64_SENSITIVITY_SLOPE * t)) + u * q_lost);
}

KERNEL double erf_f64(double x) {
  double a = at_most_f64(absolute_f64(x), 6.0);
  int64_t n;
  double y = erfc_far_f64(a, &n);
  double far = 1.0 - y * power_of_two_f64(n);
  return with_sign_f64(a < 1.0 ? erf_near_zero_f64(a) : far, x);
}

KERNEL double erfc_f64(double x) {
  double a = at_most_f64(absolute_f64(x), 27.3);
  int64_t n;
  double y = erfc_far_f64(a, &n);
  double far = scale_f64(y, n);
  far = x < 0.0 ? 2.0 - far : far;
  return a < 0.47 ? 1.0 - erf_near_zero_f64(x) : far;
}

/// The parts of Φ(-a) = 2ⁿ exponential u q(t), as for erfc. The tail is fitted in a itself: rounding a/√2 for erfc would cost
/// a²/2 ulp.
struct cdf_parts_f64 {
  struct exponential_f64 e;
  double u, q, lost, q_lost, relative_change;
};

KERNEL struct cdf_parts_f64 cdf_far_f64(double a) {
  struct cdf_parts_f64 parts;
  parts.e = gaussian_parts_f64(a, 0.5);
  double sum = a + CDF_TAIL_F64_POLE;
  parts.u = 1.0 / sum;
  parts.lost = reciprocal_error_f64(parts.u, sum) - (a - (sum - CDF_TAIL_F64_POLE)) * parts.u;
  double t = CDF_TAIL_F64_SLOPE * parts.u - CDF_TAIL_F64_SHIFT;
  double varying = cdf_tail_f64(t);
  parts.q = CDF_TAIL_F64_CONSTANT + varying;
  parts.q_lost = (CDF_TAIL_F64_CONSTANT - parts.q) + varying;
  parts.relative_change = parts.lost * (CDF_TAIL_F64_SENSITIVITY + CDF_TAIL_F64_SENSITIVITY_SLOPE * t);
  return parts;
}

KERNEL double cdf_near_zero_f64(double x) { return 0.5 + x * cdf_polynomial_f64(x * x); }

KERNEL double normal_cdf_f64(double x) {
  double a = at_most_f64(absolute_f64(x), 38.8);
  struct cdf_parts_f64 p = cdf_far_f64(a);
  double y = p.u * p.q;
  double tail = scale_f64(y + (y * (p.e.s + p.relative_change) + p.u * p.q_lost), p.e.n);
  double far = x < 0.0 ? tail : 1.0 - tail;
  return a < 0.5 ? cdf_near_zero_f64(x) : far;
}

/// x Φ(x). In the left tail -a u is taken as pole u - 1, which is exact, and all is scaled last.
KERNEL double gelu_f64(double x) {
  double a = at_most_f64(absolute_f64(x), 38.8);
  struct cdf_parts_f64 p = cdf_far_f64(a);
  double head = CDF_TAIL_F64_POLE * p.u;
  double factor = head - 1.0;
  double y = factor * p.q;
  double change = y * (p.e.s + (p.relative_change - p.lost)) + (factor * p.q_lost + head * p.lost * p.q);
  double negative = scale_f64(y + change, p.e.n);
  double tail = p.u * p.q;
  double positive = x - x * scale_f64(tail + tail * p.e.s, p.e.n);
  double far = x < 0.0 ? negative : positive;
  far = x > 38.8 ? x : far;
  return a < 0.5 ? x * cdf_near_zero_f64(x) : far;
}

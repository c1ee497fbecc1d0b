// Single precision: the format's constants and the few functions that differ from double precision.
#pragma once

#define REAL float
#define INTEGER int32_t
#define UNSIGNED uint32_t
#define NAME(name) name##_f32
#define PLACES 23
#define BIAS 127
#define SIGN_BIT 31
#define HIGH_HALF 0xfffff000u  // the bits of a number whose square is exact

#define ROUND R(0x1.8p+23)  // adding and subtracting it rounds to an integer, whose low bits stand in the sum
#define LOG2E R(0x1.715476p+0)
#define LN2_HIGH R(0x1.62e4p-1)  // 15 bits: exact when multiplied by an exponent
#define LN2_LOW R(0x1.7f7d1cp-20)
#define PI_HALF_HIGH R(0x1.921fb6p+0)
#define PI_HALF_LOW R(-0x1.777a5cp-25)
#define SQRT_HALF_BITS 0x3f3504f3
#define SIN_LIMIT R(0x1p+17)
#define LIBRARY_SIN sinf
#define LIBRARY_COS cosf

#define EXP_LOWEST R(-110.0)  // beyond these the result is 0, infinity, -1, ±1, 0 and 0
#define EXP_HIGHEST R(89.0)
#define EXPM1_LOWEST R(-20.0)
#define TANH_END R(10.0)
#define CDF_END R(14.6)

KERNEL float real_of_exponent_f32(int32_t n) { return (float)n; }

/// log(2ⁿ (1 + f)) for √½ <= 1 + f < √2: f - f²/2 + f³ q(f), without a division.
KERNEL float log_of_parts_f32(float n, float f) {
  float square = f * f;
  float tail = square * f * log_polynomial_f32(f) + n * LN2_LOW;
  return n * LN2_HIGH + (f - (0.5f * square - tail));
}

/// x = n π/2 + r for |x| <= SIN_LIMIT. n has at most 17 bits: its product with the first part is exact in double.
KERNEL float reduce_f32(float x, int32_t *quadrant) {
  float shifted = x * 0x1.45f306p-1f + ROUND;
  double n = (double)(shifted - ROUND);
  __builtin_memcpy(quadrant, &shifted, sizeof shifted);
  return (float)(((double)x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a626331p-34);
}

// Written by Scripts/fit-elementwise-coefficients.py, which says how: do not edit.
#pragma once

/// Degree 6 on [-0.292893, 0.414214]; error relative to the function 2^-24.7.
KERNEL f32v random_log_f32(f32v x) {
  f32v p = x * 0x1.61f5a60000000p-4f + -0x1.241a2c0000000p-3f;
  p = p * x + 0x1.31dc4c0000000p-3f;
  p = p * x + -0x1.5389960000000p-3f;
  p = p * x + 0x1.98cdae0000000p-3f;
  p = p * x + -0x1.00034e0000000p-2f;
  p = p * x + 0x1.5557000000000p-2f;
  return p;
}

/// Degree 3 on [0, 1]; error relative to the function 2^-25.4.
KERNEL f32v random_sin_f32(f32v x) {
  f32v p = x * -0x1.2f7c3e0000000p-15f + 0x1.466be60000000p-9f;
  p = p * x + -0x1.4abbee0000000p-4f;
  p = p * x + 0x1.921fb60000000p-1f;
  return p;
}

/// Degree 3 on [0, 1]; error relative to the function 2^-24.8.
KERNEL f32v random_cos_f32(f32v x) {
  f32v p = x * -0x1.4ea1ae0000000p-12f + 0x1.03b1320000000p-6f;
  p = p * x + -0x1.3bd3a00000000p-2f;
  p = p * x + 0x1.0000000000000p+0f;
  return p;
}

/// Degree 6 on [0, 0.0294667]; error relative to the function 2^-59.4.
KERNEL f64v random_log_f64(f64v x) {
  f64v p = x * 0x1.2f17efa94bb3cp-3 + 0x1.399fd376aebe3p-3;
  p = p * x + 0x1.746652b1500b2p-3;
  p = p * x + 0x1.c71c51a26870dp-3;
  p = p * x + 0x1.249249427c47dp-2;
  p = p * x + 0x1.999999997f26cp-2;
  p = p * x + 0x1.5555555555595p-1;
  return p;
}

/// Degree 6 on [0, 1]; error relative to the function 2^-54.9.
KERNEL f64v random_sin_f64(f64v x) {
  f64v p = x * 0x1.e356905f06f74p-38 + -0x1.e2fe733e88a92p-30;
  p = p * x + 0x1.50782d5b6b2d1p-22;
  p = p * x + -0x1.32d2ccdfe644ap-15;
  p = p * x + 0x1.466bc67754fe4p-9;
  p = p * x + -0x1.4abbce625be09p-4;
  p = p * x + 0x1.921fb54442d18p-1;
  return p;
}

/// Degree 7 on [0, 1]; error relative to the function 2^-61.2.
KERNEL f64v random_cos_f64(f64v x) {
  f64v p = x * -0x1.b14b5b3de0d19p-42 + 0x1.f9c840cb57470p-34;
  p = p * x + -0x1.a6d1e6b52f412p-26;
  p = p * x + 0x1.e1f5067b057f8p-19;
  p = p * x + -0x1.55d3c7e3c2d7bp-12;
  p = p * x + 0x1.03c1f081b5a65p-6;
  p = p * x + -0x1.3bd3cc9be45dep-2;
  p = p * x + 0x1.0000000000000p+0;
  return p;
}


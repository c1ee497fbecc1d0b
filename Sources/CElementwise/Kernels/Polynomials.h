// Written by Scripts/fit-elementwise-coefficients.py, which says how: do not edit.
#pragma once

/// Degree 5 on [-0.34692, 0.34692]; error relative to the function 2^-31.0.
KERNEL float exp_polynomial_f32(float x) {
  float p = x * 0x1.a28f220000000p-13f + 0x1.6d438c0000000p-10f;
  p = p * x + 0x1.110fe20000000p-7f;
  p = p * x + 0x1.5554f00000000p-5f;
  p = p * x + 0x1.5555560000000p-3f;
  p = p * x + 0x1.0000000000000p-1f;
  return p;
}

/// Degree 7 on [-0.292893, 0.414214]; error relative to the function 2^-27.2.
KERNEL float log_polynomial_f32(float x) {
  float p = x * -0x1.3a035e0000000p-4f + 0x1.05ee740000000p-3f;
  p = p * x + -0x1.0d88e20000000p-3f;
  p = p * x + 0x1.22c28c0000000p-3f;
  p = p * x + -0x1.546f340000000p-3f;
  p = p * x + 0x1.99a1320000000p-3f;
  p = p * x + -0x1.0002380000000p-2f;
  p = p * x + 0x1.5555520000000p-2f;
  return p;
}

/// Degree 3 on [0, 0.629249]; error relative to the function 2^-32.3.
KERNEL float sin_polynomial_f32(float x) {
  float p = x * 0x1.77b00e0000000p-19f + -0x1.a048020000000p-13f;
  p = p * x + 0x1.1111640000000p-7f;
  p = p * x + -0x1.5555560000000p-3f;
  return p;
}

/// Degree 2 on [0, 0.629249]; error relative to the function 2^-33.1.
KERNEL float cos_polynomial_f32(float x) {
  float p = x * 0x1.99e1d60000000p-16f + -0x1.6c0c1c0000000p-10f;
  p = p * x + 0x1.55554a0000000p-5f;
  return p;
}

/// Degree 5 on [0, 0.316406]; error relative to the function 2^-28.8.
KERNEL float asin_polynomial_f32(float x) {
  float p = x * 0x1.84579e0000000p-5f + 0x1.be54e00000000p-8f;
  p = p * x + 0x1.1671e60000000p-5f;
  p = p * x + 0x1.6a5f460000000p-5f;
  p = p * x + 0x1.3349120000000p-4f;
  p = p * x + 0x1.5555260000000p-3f;
  return p;
}

/// Degree 7 on [0, 1]; error relative to the function 2^-29.9.
KERNEL float erf_polynomial_f32(float x) {
  float p = x * -0x1.1fd45c0000000p-17f + 0x1.c773480000000p-14f;
  p = p * x + -0x1.b99eb60000000p-11f;
  p = p * x + 0x1.55dcc60000000p-8f;
  p = p * x + -0x1.b821e60000000p-6f;
  p = p * x + 0x1.ce2ea00000000p-4f;
  p = p * x + -0x1.8127440000000p-2f;
  p = p * x + 0x1.06eba80000000p-3f;
  return p;
}

/// Degree 4 on [0, 0.25]; error relative to the function 2^-26.4.
KERNEL float cdf_polynomial_f32(float x) {
  float p = x * 0x1.95301c0000000p-13f + -0x1.433a840000000p-10f;
  p = p * x + 0x1.47190e0000000p-7f;
  p = p * x + -0x1.1058da0000000p-4f;
  p = p * x + 0x1.9884540000000p-2f;
  return p;
}

/// Degree 10 on [-0.34692, 0.34692]; error relative to the function 2^-61.7.
KERNEL double exp_polynomial_f64(double x) {
  double z = x * x;
  double even = z * 0x1.1f840ab1f87fcp-29 + 0x1.27e4d12ff642bp-22;
  even = even * z + 0x1.a01a01ab1a225p-16;
  even = even * z + 0x1.6c16c16c15773p-10;
  even = even * z + 0x1.5555555555557p-5;
  even = even * z + 0x1.0000000000000p-1;
  double odd = z * 0x1.af5f7e056c165p-26 + 0x1.71ddf7e787cabp-19;
  odd = odd * z + 0x1.a01a01b00fcc5p-13;
  odd = odd * z + 0x1.111111110f642p-7;
  odd = odd * z + 0x1.5555555555559p-3;
  return odd * x + even;
}

/// Degree 6 on [0, 0.0294667]; error relative to the function 2^-59.4.
KERNEL double log_polynomial_f64(double x) {
  double p = x * 0x1.2f17efa94bb3cp-3 + 0x1.399fd376aebe3p-3;
  p = p * x + 0x1.746652b1500b2p-3;
  p = p * x + 0x1.c71c51a26870dp-3;
  p = p * x + 0x1.249249427c47dp-2;
  p = p * x + 0x1.999999997f26cp-2;
  p = p * x + 0x1.5555555555595p-1;
  return p;
}

/// Degree 6 on [0, 0.629249]; error relative to the function 2^-62.9.
KERNEL double sin_polynomial_f64(double x) {
  double p = x * -0x1.a5b814c51a1f5p-41 + 0x1.61154ba7a6431p-33;
  p = p * x + -0x1.ae643e25f387dp-26;
  p = p * x + 0x1.71de3a40a8198p-19;
  p = p * x + -0x1.a01a01a00729dp-13;
  p = p * x + 0x1.111111111108cp-7;
  p = p * x + -0x1.5555555555555p-3;
  return p;
}

/// Degree 6 on [0, 0.629249]; error relative to the function 2^-68.6.
KERNEL double cos_polynomial_f64(double x) {
  double p = x * 0x1.a2694e8c9bcd8p-45 + -0x1.937e85e7109f5p-37;
  p = p * x + 0x1.1eed780976429p-29;
  p = p * x + -0x1.27e4fb6104b7ep-22;
  p = p * x + 0x1.a01a01a0020c5p-16;
  p = p * x + -0x1.6c16c16c16b49p-10;
  p = p * x + 0x1.5555555555555p-5;
  return p;
}

/// Degree 14 on [0, 0.316406]; error relative to the function 2^-61.2.
KERNEL double asin_polynomial_f64(double x) {
  double z = x * x;
  double even = z * 0x1.082208d498669p-4 + 0x1.61de39bf3e80dp-4;
  even = even * z + 0x1.62f11d6bd4712p-6;
  even = even * z + 0x1.548ed0e5df92cp-7;
  even = even * z + 0x1.c9d9b8e507083p-7;
  even = even * z + 0x1.6e8bbb85f9af3p-6;
  even = even * z + 0x1.6db6db6f55ce6p-5;
  even = even * z + 0x1.5555555555561p-3;
  double odd = z * -0x1.7d5a52ee48ab2p-4 + -0x1.1d26374ef4b3ep-5;
  odd = odd * z + 0x1.3dd978755305ep-8;
  odd = odd * z + 0x1.77d9617576269p-7;
  odd = odd * z + 0x1.1c4ca5db98ccep-6;
  odd = odd * z + 0x1.f1c71bb85c3ecp-6;
  odd = odd * z + 0x1.33333333315d3p-4;
  return odd * x + even;
}

/// Degree 12 on [0, 1]; error relative to the function 2^-56.2.
KERNEL double erf_polynomial_f64(double x) {
  double z = x * x;
  double even = z * 0x1.296e609a1cbd9p-34 + 0x1.fc77ba102e001p-27;
  even = even * z + 0x1.b9ee92f3c5200p-20;
  even = even * z + 0x1.f9a335368c5f6p-14;
  even = even * z + 0x1.565bcd1298e84p-8;
  even = even * z + 0x1.ce2f21a04362dp-4;
  even = even * z + 0x1.06eba8214db69p-3;
  double odd = z * -0x1.4675d488fef9fp-30 + -0x1.5f9810fc0cc3fp-23;
  odd = odd * z + -0x1.f4d3335ad34d6p-17;
  odd = odd * z + -0x1.c02db49afb8cbp-11;
  odd = odd * z + -0x1.b82ce312abefep-6;
  odd = odd * z + -0x1.812746b0379fdp-2;
  return odd * x + even;
}

/// Degree 8 on [0, 0.25]; error relative to the function 2^-55.2.
KERNEL double cdf_polynomial_f64(double x) {
  double p = x * 0x1.22273ad8a68bcp-27 + -0x1.9b1763bbb1c00p-25;
  p = p * x + 0x1.671a4c8297558p-21;
  p = p * x + -0x1.3ceecbd26ba44p-17;
  p = p * x + 0x1.e42b25f4f7a37p-14;
  p = p * x + -0x1.37403f893706bp-10;
  p = p * x + 0x1.46d042978ecabp-7;
  p = p * x + -0x1.1058377e2d039p-4;
  p = p * x + 0x1.9884533d43651p-2;
  return p;
}

/// Degree 4 on [-0.34692, 0.34692]; error relative to the function 2^-28.2.
KERNEL double exp_polynomial_wide(double x) {
  double p = x * 0x1.6d99cafb99a5bp-10 + 0x1.123e22a13eb88p-7;
  p = p * x + 0x1.55547bd20f618p-5;
  p = p * x + 0x1.55548a492cc4dp-3;
  p = p * x + 0x1.00000045d4a09p-1;
  return p;
}

#define ERFC_TAIL_F32_POLE 3.0
#define ERFC_TAIL_F32_SLOPE 8.0
#define ERFC_TAIL_F32_SHIFT 1.4375
/// Degree 8 on [-0.831439, 0.874639]; error relative to the function 2^-25.7.
KERNEL double erfc_tail_f32(double x) {
  double p = x * -0x1.c1e26459c3318p-16 + -0x1.a5c2751583642p-12;
  p = p * x + -0x1.14a099a12d269p-11;
  p = p * x + 0x1.90c0dfa042831p-8;
  p = p * x + 0x1.508dbca5fe704p-5;
  p = p * x + 0x1.2ded04ab4c6f5p-3;
  p = p * x + 0x1.807aaf9e18390p-2;
  p = p * x + 0x1.78e8d434b77fcp-1;
  p = p * x + 0x1.25932fb010f2dp+0;
  return p;
}

#define CDF_TAIL_F32_POLE 4.0
#define CDF_TAIL_F32_SLOPE 8.0
#define CDF_TAIL_F32_SHIFT 1.0625
/// Degree 8 on [-0.632392, 0.723214]; error relative to the function 2^-25.2.
KERNEL double cdf_tail_f32(double x) {
  double p = x * 0x1.1f8faf5ca25dbp-12 + -0x1.5c9be1737c7f2p-10;
  p = p * x + -0x1.129c7ce8aff38p-8;
  p = p * x + 0x1.8bb48840f0402p-8;
  p = p * x + 0x1.002898e10f10fp-4;
  p = p * x + 0x1.9d80ca3ed780ep-3;
  p = p * x + 0x1.b1b5500a85cb6p-2;
  p = p * x + 0x1.512b5a731bf68p-1;
  p = p * x + 0x1.96f4ed37b3093p-1;
  return p;
}

#define ERFC_TAIL_F64_POLE 2.0
#define ERFC_TAIL_F64_SLOPE 4.0
#define ERFC_TAIL_F64_SHIFT 0.875
#define ERFC_TAIL_F64_SENSITIVITY 1.579
#define ERFC_TAIL_F64_SENSITIVITY_SLOPE 0.707
/// Degree 24 on [-0.738481, 0.751016]; error relative to the function 2^-54.6.
#define ERFC_TAIL_F64_CONSTANT 0x1.e144d0fea7ee3p-1
KERNEL double erfc_tail_f64(double x) {
  double z = x * x;
  double even = z * 0x1.108e2aa61fdf7p-25 + -0x1.80f1e3f3a9932p-24;
  even = even * z + -0x1.c30aa55d10d92p-23;
  even = even * z + 0x1.0ad23def617edp-19;
  even = even * z + -0x1.b257ee1c0384dp-18;
  even = even * z + 0x1.532010996cc29p-17;
  even = even * z + 0x1.23706c401252ap-16;
  even = even * z + -0x1.e6eb62d7c4950p-13;
  even = even * z + 0x1.7acff2d2ca513p-10;
  even = even * z + -0x1.14f55e6328176p-7;
  even = even * z + 0x1.796d851a60b77p-5;
  even = even * z + 0x1.3d029aa6575ffp-1;
  double odd = z * 0x1.28578de5607cbp-25 + -0x1.9a1d85c17250cp-23;
  odd = odd * z + 0x1.3f28b66f98e8bp-21;
  odd = odd * z + -0x1.3259cbac5ef0bp-20;
  odd = odd * z + 0x1.a23b32f033ae3p-23;
  odd = odd * z + 0x1.2a6e131a91981p-17;
  odd = odd * z + -0x1.7ce144f317275p-15;
  odd = odd * z + 0x1.4fe2e5e98f678p-13;
  odd = odd * z + -0x1.0e0c2c1bebfd9p-11;
  odd = odd * z + 0x1.10cd8c1d6b1c2p-9;
  odd = odd * z + -0x1.1355cded45a14p-6;
  odd = odd * z + 0x1.0e42d9bbc24a0p-2;
  return (odd * x + even) * x;
}

#define CDF_TAIL_F64_POLE 2.0
#define CDF_TAIL_F64_SLOPE 4.0
#define CDF_TAIL_F64_SHIFT 0.875
#define CDF_TAIL_F64_SENSITIVITY 1.387
#define CDF_TAIL_F64_SENSITIVITY_SLOPE 0.376
/// Degree 26 on [-0.776961, 0.737903]; error relative to the function 2^-53.4.
#define CDF_TAIL_F64_CONSTANT 0x1.43547736df115p-1
KERNEL double cdf_tail_f64(double x) {
  double z = x * x;
  double even = z * -0x1.5ac292cb0c332p-22 + 0x1.e9cb29ee98993p-20;
  even = even * z + -0x1.c38e8d15cbb4ep-19;
  even = even * z + -0x1.05e557e43beadp-20;
  even = even * z + 0x1.9c2b3cbe1c58fp-17;
  even = even * z + -0x1.300796c88f19ap-18;
  even = even * z + -0x1.1cfb0feb7fe68p-14;
  even = even * z + 0x1.5c67210b16c65p-13;
  even = even * z + 0x1.0f0fa40b4ad26p-14;
  even = even * z + -0x1.bb17f9a4f05b7p-10;
  even = even * z + 0x1.00bc1a41b873ap-7;
  even = even * z + -0x1.21b54768b3247p-5;
  even = even * z + 0x1.4a3c6d99c2162p-2;
  double odd = z * 0x1.c341d797eceb2p-22 + -0x1.a87769412bfbdp-20;
  odd = odd * z + 0x1.870e997e6c751p-20;
  odd = odd * z + 0x1.53d117ca20c0dp-19;
  odd = odd * z + -0x1.0a98e4520dce5p-18;
  odd = odd * z + -0x1.ce3d5f2ba700cp-17;
  odd = odd * z + 0x1.660b7807a5d2fp-15;
  odd = odd * z + 0x1.8c4cc4bc33c28p-17;
  odd = odd * z + -0x1.57fca366fa032p-12;
  odd = odd * z + 0x1.e8d79adca3252p-11;
  odd = odd * z + -0x1.cb5efa5d08610p-11;
  odd = odd * z + -0x1.4bb55f879a6a4p-8;
  odd = odd * z + 0x1.5b376b74c9798p-5;
  return (odd * x + even) * x;
}


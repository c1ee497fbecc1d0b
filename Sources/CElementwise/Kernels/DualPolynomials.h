// Polynomials of the dual kernels, lowest order first. Written by Scripts/fit-dual-coefficients.py.
#pragma once

/// Degree 7 on [0, 1/2]; error relative to the function 2^-26.9.
KERNEL float dual_asin_polynomial_f32(float z) {
  float square = z * z;
  float even = -0x1.46893abd51ea7p-4f;
  even = even * square + 0x1.55f1dbe49107dp-7f;
  even = even * square + 0x1.6cdca9ad5b7c1p-5f;
  even = even * square + 0x1.55555401b5c77p-3f;
  float odd = 0x1.83e15e3885722p-4f;
  odd = odd * square + 0x1.054ffa725b55ap-4f;
  odd = odd * square + 0x1.061064e8b338dp-5f;
  odd = odd * square + 0x1.3335d818bab66p-4f;
  return even + z * odd;
}

/// Degree 18 on [0, 1/2]; error relative to the function 2^-56.6.
KERNEL double dual_asin_polynomial_f64(double z) {
  double square = z * z;
  double even = 0x1.ad72ec05690c3p-1;
  even = even * square + 0x1.5bedb91889043p+2;
  even = even * square + 0x1.189f1ed35aeeap+2;
  even = even * square + 0x1.e78f554ced3e5p-1;
  even = even * square + 0x1.2e2d0ea79258bp-4;
  even = even * square + 0x1.72a2ea1d2b1c1p-7;
  even = even * square + 0x1.c9f4ec07e6abcp-7;
  even = even * square + 0x1.6e8bb625572c0p-6;
  even = even * square + 0x1.6db6db6e3c813p-5;
  even = even * square + 0x1.5555555555556p-3;
  double odd = -0x1.8c24336726cefp+1;
  odd = odd * square + -0x1.7886e5742fb04p+2;
  odd = odd * square + -0x1.2d4076ca90d77p+1;
  odd = odd * square + -0x1.1fbd195d08bd9p-2;
  odd = odd * square + -0x1.afc6c427270afp-9;
  odd = odd * square + 0x1.7587ce6a9850ap-7;
  odd = odd * square + 0x1.1c4c7e0186331p-6;
  odd = odd * square + 0x1.f1c71c0ef9106p-6;
  odd = odd * square + 0x1.3333333332ebbp-4;
  return even + z * odd;
}

// Elementwise functions of whole arrays, and random numbers, in vector instructions.
//
// Every kernel is compiled for up to three instruction sets; the best that the processor has is chosen when the library is
// loaded. ORRERY_INSTRUCTION_SET=baseline|avx2|avx512 in the environment can lower the choice, never raise it. With
// ORRERY_BASELINE_ONLY defined, and on processors other than x86-64, only the baseline is compiled.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "Arithmetic.h"
#include "Chain.h"
#include "Dual.h"
#include "Product.h"
#include "Rows.h"
#include "Update.h"

/// The paths, slowest first.
enum orrery_instruction_set {
  ORRERY_BASELINE = 0,  // what the compiler's target has: SSE2, NEON
  ORRERY_AVX2 = 1,      // AVX2 and FMA
  ORRERY_AVX512 = 2,    // AVX-512 F, VL, BW, DQ
  ORRERY_INSTRUCTION_SETS = 3,
};

/// The functions. Largest errors: 2 ulp in single precision (tanh 2.01 without fused multiply-adds), 4 ulp in double.
enum orrery_function {
  ORRERY_EXP,
  ORRERY_EXPM1,
  ORRERY_LOG,
  ORRERY_LOG1P,
  ORRERY_TANH,
  ORRERY_SIGMOID,   // 1 / (1 + exp(-x))
  ORRERY_SILU,      // x sigmoid(x)
  ORRERY_SOFTPLUS,  // log(1 + exp(x))
  ORRERY_GAUSSIAN,  // exp(-x²/2)
  ORRERY_ERF,
  ORRERY_ERFC,
  ORRERY_NORMAL_CDF,  // Φ(x) = erfc(-x/√2)/2, to relative accuracy in both tails
  ORRERY_GELU,        // x Φ(x)
  ORRERY_SIN,         // beyond |x| = 2^17 (single), 2^20 (double): the C library's
  ORRERY_COS,
  ORRERY_ASIN,
  ORRERY_ACOS,
  ORRERY_SQRT,
  ORRERY_FUNCTIONS,
};

/// Tells the processor that the thread waits in a loop.
static inline void orrery_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The path in use.
int orrery_instruction_set(void);

/// Whether this build has the path and this processor can run it.
int orrery_has_instruction_set(int instruction_set);

/// output[i] = function(input[i]), on the path in use. The two arrays are the same or do not overlap.
void orrery_apply_f32(int function, const float *input, float *output, size_t count);
void orrery_apply_f64(int function, const double *input, double *output, size_t count);

/// A counter-based stream of random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) with `seed` as key and the
/// counter (block, member, step, place), where the top 25 bits of `place` are given and its low 7 bits extend the block.
/// Block b holds the draws 4b to 4b + 3; the low halves of 64-bit draws come from the block's twin, in which bit 7 of
/// `place` is set.
struct orrery_stream {
  uint64_t seed;
  uint32_t member;
  uint32_t step;
  uint32_t place;
};

/// One block of Philox4x32-10, plainly: the reference for the vector kernels.
void orrery_philox_block(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4]);

/// The kernels of one path, for tests that run each of them; null when this build or this processor lacks it.
/// Draws `first` to `first + count` of a stream; `first + count` is at most 2^41.
struct orrery_kernels {
  void (*f32[ORRERY_FUNCTIONS])(const float *input, float *output, size_t count);
  void (*f64[ORRERY_FUNCTIONS])(const double *input, double *output, size_t count);
  void (*words)(struct orrery_stream stream, uint64_t first, size_t count, uint32_t *output);
  /// Uniform in [0, 1): multiples of 2^-24 and of 2^-53. The first is the second, truncated.
  void (*uniforms_f32)(struct orrery_stream stream, uint64_t first, size_t count, float *output);
  void (*uniforms_f64)(struct orrery_stream stream, uint64_t first, size_t count, double *output);
  /// Standard normals, the same bits on every path. Single precision is cut at |x| = 6.67, double at 9.5; a draw in one
  /// precision is the same draw in the other, to about single precision.
  void (*normals_f32)(struct orrery_stream stream, uint64_t first, size_t count, float *output);
  void (*normals_f64)(struct orrery_stream stream, uint64_t first, size_t count, double *output);
  /// Draws `first` to `first + count` of the 16 members from `stream.member` on: output[i * 16 + k] is draw first + i of
  /// member stream.member + k.
  void (*normal_lanes_f32)(struct orrery_stream stream, uint64_t first, size_t count, float *output);
  void (*normal_lanes_f64)(struct orrery_stream stream, uint64_t first, size_t count, double *output);
};

const struct orrery_kernels *orrery_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_kernels *orrery_kernels_in_use(void);

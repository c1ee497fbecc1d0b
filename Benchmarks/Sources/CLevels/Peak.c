// Independent multiply-adds in registers, and vectors read and copied in the first cache, for each path. The baseline of x86-64
// has no fused multiply-add: it multiplies and adds.
#include "CElementwise.h"
#include "CLevels.h"

#include <string.h>

#pragma STDC FP_CONTRACT ON

#define BYTES 8192
static _Alignas(64) unsigned char source[BYTES], target[BYTES];

/// Whatever the compiler knows of the array's contents.
#define FORGET(array) __asm__ volatile("" : : "r"(array) : "memory")

// Chains: at least two pipelines times a latency of four (eight for the baseline's two operations), as far as registers last.
#define MULTIPLY_ADD(name, REAL, VECTOR_BYTES, CHAINS) \
  static double name(size_t rounds) { \
    typedef REAL vector __attribute__((vector_size(VECTOR_BYTES))); \
    vector sum[CHAINS], factor = (vector){0} + (REAL)0.5, term = (vector){0} + (REAL)1; \
    for (int i = 0; i < CHAINS; ++i) sum[i] = term * (REAL)i; \
    for (size_t round = 0; round < rounds; ++round) { \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; ++i) sum[i] = sum[i] * factor + term; \
    } \
    for (int i = 1; i < CHAINS; ++i) sum[0] += sum[i]; \
    return sum[0][0]; \
  }

// Bits are combined, which more pipelines can do than can add.
#define READ(name, VECTOR_BYTES) \
  static double name(size_t rounds) { \
    typedef unsigned long long vector __attribute__((vector_size(VECTOR_BYTES))); \
    vector bits[8] = {{0}}; \
    for (size_t round = 0; round < rounds; ++round) { \
      for (size_t place = 0; place < BYTES; place += 8 * VECTOR_BYTES) { \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; ++i) { \
          vector next; \
          memcpy(&next, source + place + i * VECTOR_BYTES, sizeof(vector)); \
          bits[i] |= next; \
        } \
      } \
      FORGET(source); \
    } \
    for (int i = 1; i < 8; ++i) bits[0] |= bits[i]; \
    return (double)bits[0][0]; \
  }

#define COPY(name, VECTOR_BYTES) \
  static double name(size_t rounds) { \
    typedef unsigned long long vector __attribute__((vector_size(VECTOR_BYTES))); \
    for (size_t round = 0; round < rounds; ++round) { \
      for (size_t place = 0; place < BYTES; place += 8 * VECTOR_BYTES) { \
        vector next[8]; \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; ++i) \
          memcpy(&next[i], source + place + i * VECTOR_BYTES, sizeof(vector)); \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; ++i) \
          memcpy(target + place + i * VECTOR_BYTES, &next[i], sizeof(vector)); \
      } \
      FORGET(source); \
      FORGET(target); \
    } \
    return target[0]; \
  }

#define PATH(level, VECTOR_BYTES, CHAINS) \
  MULTIPLY_ADD(single_##level, float, VECTOR_BYTES, CHAINS) \
  MULTIPLY_ADD(double_##level, double, VECTOR_BYTES, CHAINS) \
  READ(read_##level, VECTOR_BYTES) \
  COPY(copy_##level, VECTOR_BYTES) \
  static const struct orrery_peak peaks_##level[] = { \
      [ORRERY_PEAK_SINGLE] = {2.0 * CHAINS * VECTOR_BYTES / sizeof(float), single_##level}, \
      [ORRERY_PEAK_DOUBLE] = {2.0 * CHAINS * VECTOR_BYTES / sizeof(double), double_##level}, \
      [ORRERY_PEAK_READ] = {BYTES, read_##level}, \
      [ORRERY_PEAK_COPY] = {2.0 * BYTES, copy_##level}, \
  };

PATH(baseline, 16, 12)

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
PATH(avx2, 32, 12)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"))), apply_to = function)
PATH(avx512, 64, 20)
#pragma clang attribute pop
#endif

struct orrery_peak orrery_peak(int instruction_set, int kind) {
#if defined(__x86_64__)
  if (instruction_set == ORRERY_AVX2) return peaks_avx2[kind];
  if (instruction_set == ORRERY_AVX512) return peaks_avx512[kind];
#endif
  (void)instruction_set;
  return peaks_baseline[kind];
}

#include "CElementwise.h"

#include <stdlib.h>
#include <string.h>

extern const struct orrery_kernels orrery_kernels_baseline;

#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define HAS_AVX 1
extern const struct orrery_kernels orrery_kernels_avx2;
extern const struct orrery_kernels orrery_kernels_avx512;
#endif

static int chosen = ORRERY_BASELINE;
static const struct orrery_kernels *in_use = &orrery_kernels_baseline;

int orrery_has_instruction_set(int instruction_set) {
  switch (instruction_set) {
  case ORRERY_BASELINE:
    return 1;
#ifdef HAS_AVX
  case ORRERY_AVX2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  case ORRERY_AVX512:
    return orrery_has_instruction_set(ORRERY_AVX2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#endif
  default:
    return 0;
  }
}

const struct orrery_kernels *orrery_kernels_for(int instruction_set) {
  if (!orrery_has_instruction_set(instruction_set)) return NULL;
#ifdef HAS_AVX
  if (instruction_set == ORRERY_AVX2) return &orrery_kernels_avx2;
  if (instruction_set == ORRERY_AVX512) return &orrery_kernels_avx512;
#endif
  return &orrery_kernels_baseline;
}

__attribute__((constructor)) static void choose(void) {
  int highest = ORRERY_AVX512;
  const char *wish = getenv("ORRERY_INSTRUCTION_SET");
  if (wish && strcmp(wish, "baseline") == 0) highest = ORRERY_BASELINE;
  if (wish && strcmp(wish, "avx2") == 0) highest = ORRERY_AVX2;
  while (!orrery_has_instruction_set(highest)) --highest;
  chosen = highest;
  in_use = orrery_kernels_for(highest);
}

int orrery_instruction_set(void) { return chosen; }

const struct orrery_kernels *orrery_kernels_in_use(void) { return in_use; }

void orrery_apply_f32(int function, const float *input, float *output, size_t count) {
  in_use->f32[function](input, output, count);
}

void orrery_apply_f64(int function, const double *input, double *output, size_t count) {
  in_use->f64[function](input, output, count);
}

void orrery_philox_block(const uint32_t key[2], const uint32_t counter[4], uint32_t words[4]) {
  uint32_t x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
  for (uint32_t round = 0; round < 10; ++round) {
    uint64_t first = (uint64_t)x0 * 0xD2511F53u, second = (uint64_t)x2 * 0xCD9E8D57u;
    x0 = (uint32_t)(second >> 32) ^ x1 ^ (key[0] + round * 0x9E3779B9u);
    x1 = (uint32_t)second;
    x2 = (uint32_t)(first >> 32) ^ x3 ^ (key[1] + round * 0xBB67AE85u);
    x3 = (uint32_t)first;
  }
  words[0] = x0, words[1] = x1, words[2] = x2, words[3] = x3;
}

#include "CElementwise.h"

extern const struct orrery_row_kernels orrery_row_kernels_baseline;

#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
extern const struct orrery_row_kernels orrery_row_kernels_avx2;
extern const struct orrery_row_kernels orrery_row_kernels_avx512;
#endif

const struct orrery_row_kernels *orrery_row_kernels_for(int instruction_set) {
  if (!orrery_has_instruction_set(instruction_set)) return NULL;
#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
  if (instruction_set == ORRERY_AVX2) return &orrery_row_kernels_avx2;
  if (instruction_set == ORRERY_AVX512) return &orrery_row_kernels_avx512;
#endif
  return &orrery_row_kernels_baseline;
}

const struct orrery_row_kernels *orrery_row_kernels_in_use(void) {
  return orrery_row_kernels_for(orrery_instruction_set());
}

#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define DUAL_KERNELS orrery_dual_kernels_avx2
#define VECTOR_BYTES 32
#define TARGET "avx2,fma,bmi2"
#include "Kernels/DualKernels.h"
#endif

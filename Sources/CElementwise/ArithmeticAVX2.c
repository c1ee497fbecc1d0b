#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define ARITHMETIC_KERNELS orrery_arithmetic_kernels_avx2
#define TARGET "avx2,fma,bmi2"
#include "Kernels/ArithmeticKernels.h"
#endif

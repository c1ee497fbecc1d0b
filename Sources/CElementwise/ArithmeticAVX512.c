#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define ARITHMETIC_KERNELS orrery_arithmetic_kernels_avx512
#define TARGET "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"
#include "Kernels/ArithmeticKernels.h"
#endif

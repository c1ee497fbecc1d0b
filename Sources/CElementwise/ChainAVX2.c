#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define CHAIN_KERNELS orrery_chain_kernels_avx2
#define VECTOR_BYTES 32
#define TARGET "avx2,fma,bmi2"
#include "Kernels/ChainKernels.h"
#endif

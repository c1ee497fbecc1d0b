#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define UPDATE_KERNELS orrery_update_kernels_avx2
#define TARGET "avx2,fma,bmi2"
#include "Kernels/UpdateKernels.h"
#endif

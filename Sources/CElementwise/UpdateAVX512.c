#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define UPDATE_KERNELS orrery_update_kernels_avx512
#define TARGET "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"
#include "Kernels/UpdateKernels.h"
#endif

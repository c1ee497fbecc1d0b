#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define ROW_KERNELS orrery_row_kernels_avx512
#define VECTOR_BYTES 64
#define TARGET "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"
#include "Kernels/RowKernels.h"
#endif

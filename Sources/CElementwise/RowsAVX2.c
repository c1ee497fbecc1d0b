#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define ROW_KERNELS orrery_row_kernels_avx2
#define VECTOR_BYTES 32
#define TARGET "avx2,fma,bmi2"
#include "Kernels/RowKernels.h"
#endif

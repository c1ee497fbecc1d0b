#if defined(__x86_64__) && !defined(ORRERY_BASELINE_ONLY)
#define PRODUCT_KERNELS orrery_product_kernels_avx2
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#define TARGET "avx2,fma,bmi2"
#include "Kernels/ProductKernels.h"
#endif

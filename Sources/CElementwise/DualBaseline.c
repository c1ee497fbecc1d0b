#define DUAL_KERNELS orrery_dual_kernels_baseline
#define VECTOR_BYTES 16
#include "Kernels/DualKernels.h"

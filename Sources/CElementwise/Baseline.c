#define KERNELS orrery_kernels_baseline
#define VECTOR_BYTES 16
#include "Kernels/Kernels.h"

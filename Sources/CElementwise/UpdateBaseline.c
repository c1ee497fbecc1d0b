#define UPDATE_KERNELS orrery_update_kernels_baseline
#include "Kernels/UpdateKernels.h"

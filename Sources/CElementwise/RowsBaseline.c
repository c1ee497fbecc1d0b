#define ROW_KERNELS orrery_row_kernels_baseline
#define VECTOR_BYTES 16
#include "Kernels/RowKernels.h"

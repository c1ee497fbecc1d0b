#define PRODUCT_KERNELS orrery_product_kernels_baseline
#define VECTOR_BYTES 16
#define TILE_ROWS 4
#include "Kernels/ProductKernels.h"

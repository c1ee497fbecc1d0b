#define CHAIN_KERNELS orrery_chain_kernels_baseline
#define VECTOR_BYTES 16
#include "Kernels/ChainKernels.h"

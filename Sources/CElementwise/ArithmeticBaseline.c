#define ARITHMETIC_KERNELS orrery_arithmetic_kernels_baseline
#include "Kernels/ArithmeticKernels.h"

// All kernels of infinite-width recursions for one path. The file that includes this defines DUAL_KERNELS (the table's name),
// VECTOR_BYTES and, but for the baseline, TARGET.
#include "CElementwise.h"

#include <math.h>
#include <string.h>

#define KERNEL static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#define R(literal) ((REAL)(literal))  // of the precision at hand

#pragma STDC FP_CONTRACT ON
#pragma clang diagnostic ignored "-Wunused-function"
#include "Polynomials.h"
#include "DualPolynomials.h"

#include "Single.h"
#include "Functions.h"
#include "DualFunctions.h"
#include "DualLoops.h"
#include "Undefine.h"

#include "Double.h"
#include "Functions.h"
#include "DualFunctions.h"
#include "DualLoops.h"
#include "Undefine.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

#define DUAL_FUNCTIONS(suffix) \
  {[ORRERY_DUAL_INPUT] = input_layer_##suffix, \
   [ORRERY_DUAL_TWO_SLOPE] = two_slope_layer_##suffix, \
   [ORRERY_DUAL_STEP] = step_layer_##suffix, \
   [ORRERY_DUAL_RELU_SQUARED] = relu_squared_layer_##suffix, \
   [ORRERY_DUAL_ERF] = erf_dual_layer_##suffix, \
   [ORRERY_DUAL_GELU] = gelu_dual_layer_##suffix, \
   [ORRERY_DUAL_SINE] = sine_layer_##suffix, \
   [ORRERY_DUAL_EXPONENTIAL] = exponential_layer_##suffix, \
   [ORRERY_DUAL_GAUSSIAN] = gaussian_dual_layer_##suffix}

const struct orrery_dual_kernels DUAL_KERNELS = {
    .f32 = DUAL_FUNCTIONS(f32),
    .f64 = DUAL_FUNCTIONS(f64),
    .hermite_f32 = hermite_layer_f32,
    .hermite_f64 = hermite_layer_f64,
    .correlate_f32 = correlate_f32,
    .correlate_f64 = correlate_f64,
    .range_f32 = range_f32,
    .range_f64 = range_f64,
    .finish_f32 = finish_f32,
    .finish_f64 = finish_f64,
};

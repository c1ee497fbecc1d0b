// All kernels of one path. The file that includes this defines KERNELS (the table's name), VECTOR_BYTES and, but for the
// baseline, TARGET. (With `arch=` in place of a list of features, the compiler would use half of a 512-bit register.)
#include "CElementwise.h"

#include <math.h>

#define KERNEL static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#define R(literal) ((REAL)(literal))  // of the precision at hand

#pragma STDC FP_CONTRACT ON
#include "Polynomials.h"

#include "Single.h"
#include "Functions.h"
#include "WideSingle.h"
#include "Loops.h"
#include "Undefine.h"

#include "Double.h"
#include "Functions.h"
#include "CompensatedDouble.h"
#include "Loops.h"
#include "Undefine.h"

#pragma STDC FP_CONTRACT OFF  // random draws have the same bits on every path
#include "Random.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

#define FUNCTIONS(suffix) \
  {[ORRERY_EXP] = exp_loop_##suffix,           [ORRERY_EXPM1] = expm1_loop_##suffix, \
   [ORRERY_LOG] = log_loop_##suffix,           [ORRERY_LOG1P] = log1p_loop_##suffix, \
   [ORRERY_TANH] = tanh_loop_##suffix,         [ORRERY_SIGMOID] = sigmoid_loop_##suffix, \
   [ORRERY_SILU] = silu_loop_##suffix,         [ORRERY_SOFTPLUS] = softplus_loop_##suffix, \
   [ORRERY_GAUSSIAN] = gaussian_loop_##suffix, [ORRERY_ERF] = erf_loop_##suffix, \
   [ORRERY_ERFC] = erfc_loop_##suffix,         [ORRERY_NORMAL_CDF] = normal_cdf_loop_##suffix, \
   [ORRERY_GELU] = gelu_loop_##suffix,         [ORRERY_SIN] = sin_loop_##suffix, \
   [ORRERY_COS] = cos_loop_##suffix,           [ORRERY_ASIN] = asin_loop_##suffix, \
   [ORRERY_ACOS] = acos_loop_##suffix,         [ORRERY_SQRT] = sqrt_loop_##suffix}

const struct orrery_kernels KERNELS = {
    .f32 = FUNCTIONS(f32),
    .f64 = FUNCTIONS(f64),
    .words = words,
    .uniforms_f32 = uniforms_f32,
    .uniforms_f64 = uniforms_f64,
    .normals_f32 = normals_f32,
    .normals_f64 = normals_f64,
    .normal_lanes_f32 = normal_lanes_f32,
    .normal_lanes_f64 = normal_lanes_f64,
};

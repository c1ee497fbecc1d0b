// Arithmetic of whole arrays for one path. The file that includes this defines ARITHMETIC_KERNELS (the table's name) and,
// but for the baseline, TARGET.
#include "CElementwise.h"

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#pragma STDC FP_CONTRACT ON
// An output that is one of the inputs is written where it was just read: iterations are independent.
#define LOOP(i, count) \
  _Pragma("clang loop vectorize(assume_safety) interleave_count(4)") for (size_t i = 0; i < (count); ++i)

#define LANES 16
typedef float lanes_f32 __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef double lanes_f64 __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

#define REAL float
#define NAME(name) name##_f32
#include "ArithmeticLoops.h"
#undef REAL
#undef NAME

#define REAL double
#define NAME(name) name##_f64
#include "ArithmeticLoops.h"
#undef REAL
#undef NAME

#ifdef TARGET
#pragma clang attribute pop
#endif

#define BOTH(name) .name##_f32 = name##_f32, .name##_f64 = name##_f64

const struct orrery_arithmetic_kernels ARITHMETIC_KERNELS = {
    BOTH(scale), BOTH(combine), BOTH(multiply), BOTH(quadratic), BOTH(dot), BOTH(sum_rows),
    BOTH(window_maximum), BOTH(window_gather), BOTH(window_scatter),
};

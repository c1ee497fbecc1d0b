// Update rules for one path. The file that includes this defines UPDATE_KERNELS (the table's name) and, but for the
// baseline, TARGET.
#include "CElementwise.h"

#include <math.h>
#include <string.h>

#define KERNEL static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

// No fused multiply-adds: products, sums, quotients and roots are rounded one by one, to the same bits on every path.
// Memory is the limit here, not arithmetic.
#pragma STDC FP_CONTRACT OFF

// The square of a number in single precision is exact in double: there a fused operation rounds like two.
#define REAL float
#define NAME(name) name##_f32
#define SQUARES_CONTRACTION _Pragma("STDC FP_CONTRACT ON")
#include "UpdateLoops.h"
#undef REAL
#undef NAME
#undef SQUARES_CONTRACTION

#define REAL double
#define NAME(name) name##_f64
#define SQUARES_CONTRACTION _Pragma("STDC FP_CONTRACT OFF")
#include "UpdateLoops.h"
#undef REAL
#undef NAME
#undef SQUARES_CONTRACTION

#ifdef TARGET
#pragma clang attribute pop
#endif

const struct orrery_update_kernels UPDATE_KERNELS = {
    .squares_f32 = squares_f32,
    .squares_f64 = squares_f64,
    .descent_f32 = descent_f32,
    .descent_f64 = descent_f64,
    .momentum_f32 = momentum_f32,
    .momentum_f64 = momentum_f64,
    .direction_f32 = direction_f32,
    .direction_f64 = direction_f64,
    .adam_f32 = adam_f32,
    .adam_f64 = adam_f64,
    .rmsprop_f32 = rmsprop_f32,
    .rmsprop_f64 = rmsprop_f64,
    .lion_f32 = lion_f32,
    .lion_f64 = lion_f64,
};

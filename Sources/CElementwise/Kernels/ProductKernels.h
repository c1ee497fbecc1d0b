// Matrix products for one path. The file that includes this defines PRODUCT_KERNELS (the table's name), VECTOR_BYTES,
// TILE_ROWS and, but for the baseline, TARGET. A tile of TILE_ROWS rows and two vectors leaves registers for B and for one
// element of A.
#include "CElementwise.h"

#include <string.h>

#define KERNEL static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#pragma STDC FP_CONTRACT ON
#define TILE_VECTORS 2
#define INNER_BLOCK 1024  // a panel of B of this length stays in the first two caches while it meets the rows of A

#define REAL float
#define TRANSPOSE_SQUARE(x) \
  vector a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5), b = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5); \
  vector c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7), d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7); \
  x[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5), x[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7); \
  x[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5), x[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
#define NAME(name) name##_f32
#include "ProductLoops.h"
#include "GatheredProductLoops.h"
#undef REAL
#undef NAME

#define REAL double
#define TRANSPOSE_SQUARE(x) \
  vector a = __builtin_shufflevector(x[0], x[1], 0, 2); \
  x[1] = __builtin_shufflevector(x[0], x[1], 1, 3), x[0] = a;
#define NAME(name) name##_f64
#include "ProductLoops.h"
#include "GatheredProductLoops.h"
#undef REAL
#undef NAME

#ifdef TARGET
#pragma clang attribute pop
#endif

const struct orrery_product_kernels PRODUCT_KERNELS = {
    .tile_columns_f32 = TILE_VECTORS * VECTOR_BYTES / sizeof(float),
    .tile_columns_f64 = TILE_VECTORS * VECTOR_BYTES / sizeof(double),
    .f32 = product_f32,
    .f64 = product_f64,
    .gathered_f32 = gathered_f32,
    .gathered_f64 = gathered_f64,
    .transpose_f32 = transpose_f32,
    .transpose_f64 = transpose_f64,
    .pack_f32 = pack_f32,
    .pack_f64 = pack_f64,
};

// Matrix products for one path. The file that includes this defines PRODUCT_KERNELS (the table's name), VECTOR_BYTES,
// TILE_ROWS and, but for the baseline, TARGET. A tile of TILE_ROWS rows and two vectors leaves registers for B and for one
// element of A.
#include "CElementwise.h"

#include <string.h>

#define KERNEL static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
/// Hides how a pointer came about: the compiler would make one for every row of every step, more than there are registers.
#define OPAQUE(pointer) __asm__("" : "+r"(pointer))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#pragma STDC FP_CONTRACT ON
#define TILE_VECTORS 2
// What stands for each number of rows up to a tile's; where every row has a pointer of its own, of which sixteen registers
// hold eight beside the rest, up to eight.
#if TILE_ROWS == 4
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4)
#define EACH_GATHERED_HEIGHT(X) EACH_HEIGHT(X)
#define GATHERED_ROWS 4
#elif TILE_ROWS == 6
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define EACH_GATHERED_HEIGHT(X) EACH_HEIGHT(X)
#define GATHERED_ROWS 6
#elif TILE_ROWS == 12
#define EACH_HEIGHT(X) EACH_GATHERED_HEIGHT(X) X(9) X(10) X(11) X(12)
#define EACH_GATHERED_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)
#define GATHERED_ROWS 8
#endif
#define INNER_BLOCK 256  // a panel of B of this length, 32 KiB, stays in the first cache while it meets the rows of A
#define ROW_BLOCK 192    // whole tiles of every height; with INNER_BLOCK 192 KiB of A, for the second cache

// Squares of SQUARE rows and columns are transposed in 16 bytes a row, two of them at once where vectors have room; in double
// precision there, in 32 bytes a row.
#define REAL float
#define NAME(name) name##_f32
#define SQUARE 4
#if VECTOR_BYTES >= 32
#define SQUARES 2
#define JOIN(row) __builtin_shufflevector(row[0], row[1], 0, 1, 2, 3, 4, 5, 6, 7)
#define INTERLEAVE(x, y, n) __builtin_shufflevector(x, y, n, n + 8, n + 1, n + 9, n + 4, n + 12, n + 5, n + 13)
#define PAIR(x, y, n) __builtin_shufflevector(x, y, n, n + 1, n + 8, n + 9, n + 4, n + 5, n + 12, n + 13)
#else
#define SQUARES 1
#define JOIN(row) row[0]
#define INTERLEAVE(x, y, n) __builtin_shufflevector(x, y, n, n + 4, n + 1, n + 5)
#define PAIR(x, y, n) __builtin_shufflevector(x, y, n, n + 1, n + 4, n + 5)
#endif
#define TRANSPOSE_SQUARE(x) \
  vector a = INTERLEAVE(x[0], x[1], 0), b = INTERLEAVE(x[2], x[3], 0); \
  vector c = INTERLEAVE(x[0], x[1], 2), d = INTERLEAVE(x[2], x[3], 2); \
  x[0] = PAIR(a, b, 0), x[1] = PAIR(a, b, 2), x[2] = PAIR(c, d, 0), x[3] = PAIR(c, d, 2);
#include "ProductLoops.h"
#include "GatheredProductLoops.h"
#undef REAL
#undef NAME
#undef SQUARE
#undef SQUARES
#undef JOIN
#undef INTERLEAVE
#undef PAIR
#undef TRANSPOSE_SQUARE

#define REAL double
#define NAME(name) name##_f64
#define SQUARES 1
#define JOIN(row) row[0]
#if VECTOR_BYTES >= 32
#define SQUARE 4
#define INTERLEAVE(x, y, n) __builtin_shufflevector(x, y, n, n + 4, n + 2, n + 6)
#define HALVES(x, y, n) __builtin_shufflevector(x, y, n, n + 1, n + 4, n + 5)
#define TRANSPOSE_SQUARE(x) \
  vector a = INTERLEAVE(x[0], x[1], 0), b = INTERLEAVE(x[2], x[3], 0); \
  vector c = INTERLEAVE(x[0], x[1], 1), d = INTERLEAVE(x[2], x[3], 1); \
  x[0] = HALVES(a, b, 0), x[1] = HALVES(c, d, 0), x[2] = HALVES(a, b, 2), x[3] = HALVES(c, d, 2);
#else
#define SQUARE 2
#define INTERLEAVE(x, y, n) __builtin_shufflevector(x, y, n, n + 2)
#define TRANSPOSE_SQUARE(x) \
  vector a = INTERLEAVE(x[0], x[1], 0); \
  x[1] = INTERLEAVE(x[0], x[1], 1), x[0] = a;
#endif
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
    .panelled_f32 = panelled_f32,
    .panelled_f64 = panelled_f64,
    .gathered_f32 = gathered_f32,
    .gathered_f64 = gathered_f64,
    .transpose_f32 = transpose_f32,
    .transpose_f64 = transpose_f64,
    .pack_f32 = pack_f32,
    .pack_f64 = pack_f64,
    .pack_transposed_f32 = pack_transposed_f32,
    .pack_transposed_f64 = pack_transposed_f64,
};

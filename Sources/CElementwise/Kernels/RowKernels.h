// Operations on rows for one path. The file that includes this defines ROW_KERNELS (the table's name), VECTOR_BYTES and,
// but for the baseline, TARGET.
#include "CElementwise.h"

#include <math.h>
#include <string.h>

#define KERNEL static inline __attribute__((always_inline))

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#define R(literal) ((REAL)(literal))  // of the precision at hand
// An output that is one of the inputs is written where it was just read: iterations are independent.
#define LOOP(i, count) \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(LOOP_WIDTH)") for (size_t i = 0; i < (count); ++i)
// Rows are often shorter than a few vectors of 64 bytes, and what is left over runs one by one: 32 bytes at once.
#define LOOP_WIDTH ((VECTOR_BYTES < 32 ? VECTOR_BYTES : 32) / sizeof(REAL))
#define WIDE_LOOP(i, first, count) \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(WIDE_WIDTH)") for (size_t i = first; i < (count); ++i)
#define WIDE_WIDTH (VECTOR_BYTES / sizeof(REAL))
#define ROW_LANES 16  // sums have so many parts, on every path

#pragma STDC FP_CONTRACT ON
#include "Polynomials.h"

#include "Single.h"
#include "Functions.h"
#include "RowLoops.h"
#include "Undefine.h"

#include "Double.h"
#include "Functions.h"
#include "RowLoops.h"
#include "Undefine.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

#define BOTH(name) .name##_f32 = name##_f32, .name##_f64 = name##_f64

const struct orrery_row_kernels ROW_KERNELS = {
    BOTH(softmax),    BOTH(softmax_pullback), BOTH(log_sum_exp),   BOTH(normalize),  BOTH(project), BOTH(row_dot),
    BOTH(scale_rows), BOTH(scale_columns),    BOTH(column_dot),
};

// Matrix products without a library's fixed cost: operands are read where they lie, or packed once and used many times.
//
// A BLAS packs both operands at every call. Small products, and blocks of one large product whose operand stays the same,
// spend a tenth to a half of their time there. These kernels keep a tile of C in registers and run along the inner index.
#pragma once

#include <stddef.h>

struct orrery_product_kernels {
  /// Columns of C that one tile holds in registers: the width of packed panels.
  size_t tile_columns_f32, tile_columns_f64;
  /// C = A B, or C += A B with `accumulate`: C (rows, columns) row-major with rows `c_row` apart.
  ///
  /// A's element (i, p) stands at a[i * a_row + p * a_inner]; B's element (p, j) at
  /// b[(j / T) * b_tile + p * b_inner + j % T], T the tile's columns: b_inner = T, b_tile = T * inner when packed;
  /// b_inner = row stride, b_tile = T when B is row-major. C must overlap neither operand.
  void (*f32)(const float *a, size_t a_row, size_t a_inner, const float *b, size_t b_inner, size_t b_tile, size_t rows,
              size_t inner, size_t columns, float *c, size_t c_row, int accumulate);
  void (*f64)(const double *a, size_t a_row, size_t a_inner, const double *b, size_t b_inner, size_t b_tile, size_t rows,
              size_t inner, size_t columns, double *c, size_t c_row, int accumulate);
  /// target[j * target_row + i] = source[i * source_row + j] for i < rows, j < columns.
  void (*transpose_f32)(const float *source, size_t source_row, size_t rows, size_t columns, float *target,
                        size_t target_row);
  void (*transpose_f64)(const double *source, size_t source_row, size_t rows, size_t columns, double *target,
                        size_t target_row);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_product_kernels *orrery_product_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_product_kernels *orrery_product_kernels_in_use(void);

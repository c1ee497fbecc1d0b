// Matrix products without a library's fixed cost: operands are read where they lie, or packed once and used many times.
//
// A BLAS packs both operands at every call. Small products, and blocks of one large product whose operand stays the same,
// spend a tenth to a half of their time there. These kernels keep a tile of C in registers and run along the inner index.
#pragma once

#include <stddef.h>

/// A product whose left operand's rows begin anywhere, and whose inner index runs in segments: a convolution reads each
/// pixel's window where it lies. All distances are in elements; T are a tile's columns.
struct orrery_gathered_product {
  /// Where the rows of A begin, and those of C.
  const ptrdiff_t *a_rows, *c_rows;
  size_t rows;
  /// Where each segment begins, in each row of A and in each panel of B.
  const ptrdiff_t *a_segments, *b_segments;
  size_t segments;
  /// The inner indices of one segment; A's are `a_inner` apart, B's `b_inner`.
  size_t length;
  ptrdiff_t a_inner, b_inner;
  /// From one panel of B to the next. Packed, panels are T columns padded with zeros, and b_inner = T; where T divides the
  /// columns, B may be row-major: b_tile = T, b_inner = row stride.
  size_t b_tile;
  size_t columns;
};

struct orrery_product_kernels {
  /// Columns of C that one tile holds in registers: the width of packed panels.
  size_t tile_columns_f32, tile_columns_f64;
  /// C = A B, or C = F + A B: C (rows, columns) row-major with rows `c_row` apart. F's rows begin at `from` and are `from_row`
  /// apart: C itself, or with `from_row` = 0 one row for all; null stands for zero.
  ///
  /// A's element (i, p) stands at a[i * a_row + p * a_inner]; B's element (p, j) at
  /// b[(j / T) * b_tile + p * b_inner + j % T], T the tile's columns: b_inner = T, b_tile = T * inner when packed;
  /// b_inner = row stride, b_tile = T when B is row-major. C must overlap neither operand.
  void (*f32)(const float *a, size_t a_row, size_t a_inner, const float *b, size_t b_inner, size_t b_tile, size_t rows,
              size_t inner, size_t columns, float *c, size_t c_row, const float *from, size_t from_row);
  void (*f64)(const double *a, size_t a_row, size_t a_inner, const double *b, size_t b_inner, size_t b_tile, size_t rows,
              size_t inner, size_t columns, double *c, size_t c_row, const double *from, size_t from_row);
  /// The same, to the bit, with B row-major, (inner, columns), or `transposed`, (columns, inner), rows `b_row` apart: packed a panel
  /// at a time into memory of the kernel's own, which stays in the first caches.
  void (*panelled_f32)(const float *a, size_t a_row, size_t a_inner, const float *b, size_t b_row, int transposed,
                       size_t rows, size_t inner, size_t columns, float *c, size_t c_row, const float *from,
                       size_t from_row);
  void (*panelled_f64)(const double *a, size_t a_row, size_t a_inner, const double *b, size_t b_row, int transposed,
                       size_t rows, size_t inner, size_t columns, double *c, size_t c_row, const double *from,
                       size_t from_row);
  /// C(i, j) = start(j) + Σ_s Σ_p a[a_rows[i] + a_segments[s] + p a_inner] b[(j / T) b_tile + b_segments[s] + p b_inner + j % T] at
  /// c[c_rows[i] + j]; `start` may be null, for zero. With `accumulate`, C += instead. C must overlap neither operand.
  void (*gathered_f32)(const struct orrery_gathered_product *product, const float *a, const float *b,
                       const float *start, float *c, int accumulate);
  void (*gathered_f64)(const struct orrery_gathered_product *product, const double *a, const double *b,
                       const double *start, double *c, int accumulate);
  /// target[j * target_row + i] = source[i * source_row + j] for i < rows, j < columns.
  void (*transpose_f32)(const float *source, size_t source_row, size_t rows, size_t columns, float *target,
                        size_t target_row);
  void (*transpose_f64)(const double *source, size_t source_row, size_t rows, size_t columns, double *target,
                        size_t target_row);
  /// panels[(j / T) * panel + p * T + j % T] = b[p * b_row + j] for p < inner, j < columns, and 0 in the last panel beyond.
  void (*pack_f32)(const float *b, size_t b_row, size_t inner, size_t columns, float *panels, size_t panel);
  void (*pack_f64)(const double *b, size_t b_row, size_t inner, size_t columns, double *panels, size_t panel);
  /// One panel of a transposed operand: panel[p * T + j] = b[j * b_row + p] for p < inner, j < columns <= T, and 0 beyond.
  void (*pack_transposed_f32)(const float *b, size_t b_row, size_t inner, size_t columns, float *panel);
  void (*pack_transposed_f64)(const double *b, size_t b_row, size_t inner, size_t columns, double *panel);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_product_kernels *orrery_product_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_product_kernels *orrery_product_kernels_in_use(void);

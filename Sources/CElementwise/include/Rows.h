// Operations on the rows of a matrix without gaps: softmax, normalization, products of rows and of columns.
//
// `output` is one of the matrices that enter, or overlaps none.
#pragma once

#include <stddef.h>

struct orrery_row_kernels {
  /// y_ij = e^(a x_ij) / sum_k e^(a x_ik), a > 0. Causal: row r, counted from the first row of its square matrix, sums
  /// over the columns up to r, and is 0 beyond; `first_row` is the number of the first row given.
  void (*softmax_f32)(float a, const float *x, float *output, size_t first_row, size_t rows, size_t columns,
                      int causal);
  void (*softmax_f64)(double a, const double *x, double *output, size_t first_row, size_t rows, size_t columns,
                      int causal);
  /// x_ij = a s_ij (c_ij - sum_k s_ik c_ik). Causal: s is 0 above the diagonal of its square matrix.
  void (*softmax_pullback_f32)(float a, const float *s, const float *c, float *output, size_t first_row, size_t rows,
                               size_t columns, int causal);
  void (*softmax_pullback_f64)(double a, const double *s, const double *c, double *output, size_t first_row,
                               size_t rows, size_t columns, int causal);
  /// log sum_j e^(x_ij) of each row.
  void (*log_sum_exp_f32)(const float *x, float *output, size_t rows, size_t columns);
  void (*log_sum_exp_f64)(const double *x, double *output, size_t rows, size_t columns);
  /// s_i = 1/sqrt(v_i + epsilon) and y_ij = (x_ij - m_i) s_i, m_i the row's mean and v_i its variance when it centres,
  /// else 0 and the mean square. Without y only s is written, without s only y.
  void (*normalize_f32)(float epsilon, int centres, const float *x, float *y, float *s, size_t rows, size_t columns);
  void (*normalize_f64)(double epsilon, int centres, const double *x, double *y, double *s, size_t rows,
                        size_t columns);
  /// s_i (c_ij - mean_j c - y_ij mean_j (c y)); the first mean only when it centres.
  void (*project_f32)(int centres, const float *c, const float *y, const float *s, float *output, size_t rows,
                      size_t columns);
  void (*project_f64)(int centres, const double *c, const double *y, const double *s, double *output, size_t rows,
                      size_t columns);
  /// sum_j x_ij y_ij of each row.
  void (*row_dot_f32)(const float *x, const float *y, float *output, size_t rows, size_t columns);
  void (*row_dot_f64)(const double *x, const double *y, double *output, size_t rows, size_t columns);
  /// s_i x_ij
  void (*scale_rows_f32)(const float *x, const float *s, float *output, size_t rows, size_t columns);
  void (*scale_rows_f64)(const double *x, const double *s, double *output, size_t rows, size_t columns);
  /// g_j x_ij + b_j; b is 0 when it is null.
  void (*scale_columns_f32)(const float *x, const float *g, const float *b, float *output, size_t rows, size_t columns);
  void (*scale_columns_f64)(const double *x, const double *g, const double *b, double *output, size_t rows,
                            size_t columns);
  /// output_j = sum_i x_ij y_ij: rows in order
  void (*column_dot_f32)(const float *x, const float *y, float *output, size_t rows, size_t columns);
  void (*column_dot_f64)(const double *x, const double *y, double *output, size_t rows, size_t columns);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_row_kernels *orrery_row_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_row_kernels *orrery_row_kernels_in_use(void);

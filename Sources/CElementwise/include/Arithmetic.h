// Sums and products of whole arrays, element by element: the arithmetic of programs between their matrix products.
//
// `output` is one of the inputs or overlaps none.
#pragma once

#include <stddef.h>

struct orrery_arithmetic_kernels {
  /// output = a x
  void (*scale_f32)(float a, const float *x, float *output, size_t count);
  void (*scale_f64)(double a, const double *x, double *output, size_t count);
  /// output = a x + b y
  void (*combine_f32)(float a, const float *x, float b, const float *y, float *output, size_t count);
  void (*combine_f64)(double a, const double *x, double b, const double *y, double *output, size_t count);
  /// output = x y
  void (*multiply_f32)(const float *x, const float *y, float *output, size_t count);
  void (*multiply_f64)(const double *x, const double *y, double *output, size_t count);
  /// output = x (c0 + c1 y + c2 y²)
  void (*quadratic_f32)(const float *x, const float *y, const float *c, float *output, size_t count);
  void (*quadratic_f64)(const double *x, const double *y, const double *c, double *output, size_t count);
  /// Σ x y: blocks of 256 in the arrays' own precision, in 32 lanes; the sums of lanes in double precision
  double (*dot_f32)(const float *x, const float *y, size_t count);
  double (*dot_f64)(const double *x, const double *y, size_t count);
  /// output_j = Σ_i x_ij: the rows of a matrix without gaps, in order
  void (*sum_rows_f32)(const float *x, size_t rows, size_t columns, float *output);
  void (*sum_rows_f64)(const double *x, size_t rows, size_t columns, double *output);
  /// Channel by channel, the maximum over a window's pixels, which begin at x[taps[n]], and the number n of the first that has
  /// it; NaN where there is one.
  void (*window_maximum_f32)(const float *x, const ptrdiff_t *taps, size_t count, size_t channels, float *best,
                             float *which);
  void (*window_maximum_f64)(const double *x, const ptrdiff_t *taps, size_t count, size_t channels, double *best,
                             double *which);
  /// output = the number at the pixel `which`, channel by channel
  void (*window_gather_f32)(const float *x, const ptrdiff_t *taps, size_t count, size_t channels, const float *which,
                            float *output);
  void (*window_gather_f64)(const double *x, const ptrdiff_t *taps, size_t count, size_t channels, const double *which,
                            double *output);
  /// output at the pixel `which` = x, or += x with `accumulate`; without, 0 at the window's other pixels
  void (*window_scatter_f32)(const float *x, const ptrdiff_t *taps, size_t count, size_t channels, const float *which,
                             float *output, int accumulate);
  void (*window_scatter_f64)(const double *x, const ptrdiff_t *taps, size_t count, size_t channels,
                             const double *which, double *output, int accumulate);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_arithmetic_kernels *orrery_arithmetic_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_arithmetic_kernels *orrery_arithmetic_kernels_in_use(void);

// Infinite-width kernels of many pairs of inputs: one activation and the dense layer behind it, fused, for a row segment of
// pairs (one row sample, consecutive column samples).
//
// A pair's state is u = 1 - c, c its correlation, and the neural tangent kernel theta. Everything else belongs to a sample
// and a layer and stands in a table of features, feature f of column i at columns[f * stride + i], of the row at row[f]:
//   0  √<f²>, f the activation before its output scale    1  √(C_W<σ²>/K'), the weights' share    2  √(C_b/K'), the bias's
//   3  1/√K'    4 ... what the activation needs, see each kernel in Kernels/DualLoops.h
// Segments are processed in whole vectors: arrays have room for `count` rounded up to a multiple of 64 elements.
#pragma once

#include <stddef.h>

enum orrery_dual {
  ORRERY_DUAL_INPUT,  // no activation: the first dense layer, u = 1 - c of the inputs
  ORRERY_DUAL_TWO_SLOPE,
  ORRERY_DUAL_STEP,
  ORRERY_DUAL_RELU_SQUARED,
  ORRERY_DUAL_ERF,
  ORRERY_DUAL_GELU,
  ORRERY_DUAL_SINE,
  ORRERY_DUAL_EXPONENTIAL,
  ORRERY_DUAL_GAUSSIAN,
  ORRERY_DUALS,
};

/// The numbers of one layer, the activation's output scale A and input scale B included.
struct orrery_dual_layer_f32 {
  float bias_variance;    // C_b
  float weight_variance;  // C_W A²
  float bias_rate;        // λ_b
  float weight_rate;      // λ_W A²
  float response;         // C_W A² B²
  float parameter;        // of the activation: κ, the jump, cos 2φ
};

struct orrery_dual_layer_f64 {
  double bias_variance;
  double weight_variance;
  double bias_rate;
  double weight_rate;
  double response;
  double parameter;
};

/// Hermite coefficients of two samples' activations: <σ_1 σ_2> = Σ_j a_j b_j c^j over `terms` values of j, which are
/// 0, 1, 2 ... or, for odd activations, 1, 3, 5 ...; b_j of column i stands at columns[j * stride + i].
struct orrery_hermite_f32 {
  const float *row;
  const float *columns;
  size_t terms;
  int odd;
};

struct orrery_hermite_f64 {
  const double *row;
  const double *columns;
  size_t terms;
  int odd;
};

struct orrery_dual_kernels {
  /// One layer for a segment; theta may be null.
  void (*f32[ORRERY_DUALS])(const struct orrery_dual_layer_f32 *layer, const float *row, const float *columns,
                            size_t stride, size_t count, float *u, float *theta);
  void (*f64[ORRERY_DUALS])(const struct orrery_dual_layer_f64 *layer, const double *row, const double *columns,
                            size_t stride, size_t count, double *u, double *theta);
  /// The same by Hermite series; feature 4 is 1/√K of the preactivations before.
  void (*hermite_f32)(const struct orrery_dual_layer_f32 *layer, const struct orrery_hermite_f32 *series,
                      const float *row, const float *columns, size_t stride, size_t count, float *u, float *theta);
  void (*hermite_f64)(const struct orrery_dual_layer_f64 *layer, const struct orrery_hermite_f64 *series,
                      const double *row, const double *columns, size_t stride, size_t count, double *u, double *theta);
  /// u = 1 - u * row * columns: inner products to 1 - c.
  void (*correlate_f32)(float row, const float *columns, size_t count, float *u);
  void (*correlate_f64)(double row, const double *columns, size_t count, double *u);
  /// The least u and the largest |1 - u| of a segment.
  void (*range_f32)(const float *u, size_t count, float *least, float *largest);
  void (*range_f64)(const double *u, size_t count, double *least, double *largest);
  /// kernel = row * columns * (1 - u), in place of u.
  void (*finish_f32)(float row, const float *columns, size_t count, float *u);
  void (*finish_f64)(double row, const double *columns, size_t count, double *u);
};

/// The kernels of one path; null when this build or this processor lacks it.
const struct orrery_dual_kernels *orrery_dual_kernels_for(int instruction_set);

/// The kernels in use.
const struct orrery_dual_kernels *orrery_dual_kernels_in_use(void);

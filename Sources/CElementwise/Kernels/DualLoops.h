// The loops over segments of pairs, one function for each activation. Included once per precision.

#define LAYER struct NAME(orrery_dual_layer)
#define SERIES struct NAME(orrery_hermite)
#define FEATURE(f) (columns[(f) * stride + i])

/// u and theta from v, for activations with a kink: √v counts, so v keeps its relative accuracy.
#define RELATIVE_STORE(dual) \
  REAL weights = row[1] * FEATURE(1); \
  REAL weight_difference = row[1] - FEATURE(1), bias_difference = row[2] - FEATURE(2); \
  REAL norms = weight_difference * weight_difference + bias_difference * bias_difference; \
  u[i] = NAME(at_least)(NAME(at_most)(R(0.5) * norms + weights * (dual).value, R(2)), R(0)); \
  if (theta) { \
    REAL product = row[0] * FEATURE(0) * (R(1) - (dual).value); \
    theta[i] = bias_rate + weight_rate * product + response * (dual).derivative * theta[i]; \
  }

/// u and theta from <f_1 f_2>, for smooth activations.
#define ABSOLUTE_STORE(dual) \
  REAL next = (bias_variance + weight_variance * (dual).value) * (row[3] * FEATURE(3)); \
  u[i] = NAME(at_least)(NAME(at_most)(R(1) - next, R(2)), R(0)); \
  if (theta) theta[i] = bias_rate + weight_rate * (dual).value + response * (dual).derivative * theta[i];

#define DUAL_LAYER(name, DUAL, STORE) \
  static void NAME(name)(const LAYER *layer, const REAL *row, const REAL *columns, size_t stride, size_t count, \
                         REAL *u, REAL *theta) { \
    const REAL bias_variance = layer->bias_variance, weight_variance = layer->weight_variance; \
    const REAL bias_rate = layer->bias_rate, weight_rate = layer->weight_rate, response = layer->response; \
    const REAL parameter = layer->parameter; \
    (void)bias_variance, (void)weight_variance, (void)parameter; \
    _Pragma("clang loop vectorize(assume_safety)") \
    for (size_t i = 0; i < count; ++i) { \
      struct NAME(dual) dual = DUAL; \
      STORE(dual) \
    } \
  }

/// The first dense layer: v is 1 - c of the inputs.
#define INPUT_DUAL ((struct NAME(dual)){.value = u[i], .derivative = R(0)})
DUAL_LAYER(input_layer, INPUT_DUAL, RELATIVE_STORE)
#undef INPUT_DUAL

/// Parameter κ; the response holds A₂.
DUAL_LAYER(two_slope_layer, NAME(two_slope_dual)(u[i], parameter), RELATIVE_STORE)

/// Parameter J/π, J the jump: v = Jθ/π. There is no neural tangent kernel.
#define STEP_DUAL ((struct NAME(dual)){.value = parameter * NAME(angle)(u[i]), .derivative = R(0)})
DUAL_LAYER(step_layer, STEP_DUAL, RELATIVE_STORE)
#undef STEP_DUAL

/// Feature 4: √K.
DUAL_LAYER(relu_squared_layer, NAME(relu_squared_dual)(u[i], row[4] * FEATURE(4)), RELATIVE_STORE)

/// Features 4, 5, 6: r, p, √p with p = 1/(1 + 2K), r² = 1 - p.
DUAL_LAYER(erf_dual_layer,
           NAME(erf_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5), row[5] * FEATURE(5), row[6] * FEATURE(6)),
           ABSOLUTE_STORE)

/// Features 4, 5, 6: √f, p, 1/√p with p = 1/(1 + K), f = 1 - p.
DUAL_LAYER(gelu_dual_layer,
           NAME(gelu_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5), row[5] * FEATURE(5), row[6] * FEATURE(6)),
           ABSOLUTE_STORE)

/// ½(√k₁₁ - √k₂₂)² + √(k₁₁k₂₂) u, with feature 4: √K.
#define DISTANCE (R(0.5) * (row[4] - FEATURE(4)) * (row[4] - FEATURE(4)) + row[4] * FEATURE(4) * u[i])

/// Parameter cos 2φ; features 4, 5: √K, K.
DUAL_LAYER(sine_layer, NAME(sine_dual)(DISTANCE, row[5] + FEATURE(5), parameter), ABSOLUTE_STORE)

/// Features 4, 5: √K, K.
DUAL_LAYER(exponential_layer, NAME(exponential_dual)(DISTANCE, row[5] + FEATURE(5)), ABSOLUTE_STORE)

/// Features 4, 5: √K, K.
DUAL_LAYER(gaussian_dual_layer, NAME(gaussian_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5)), ABSOLUTE_STORE)

#define LANES (VECTOR_BYTES / sizeof(REAL))
#define VECTORS 4  // side by side, to fill the pipelines

/// Horner's rule for P(y) = Σ_m a_m b_m y^m and P', y = c or c²; at each step the columns' coefficients are read once.
static void NAME(hermite_layer)(const LAYER *layer, const SERIES *series, const REAL *row, const REAL *columns,
                                size_t stride, size_t count, REAL *u, REAL *theta) {
  typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
  const REAL bias_variance = layer->bias_variance, weight_variance = layer->weight_variance;
  const REAL bias_rate = layer->bias_rate, weight_rate = layer->weight_rate, response = layer->response;
  for (size_t start = 0; start < count; start += VECTORS * LANES) {
    vector c[VECTORS], y[VECTORS], sum[VECTORS], slope[VECTORS];
    for (size_t k = 0; k < VECTORS; ++k) {
      memcpy(&c[k], u + start + k * LANES, sizeof(vector));
      c[k] = R(1) - c[k];
      y[k] = series->odd ? c[k] * c[k] : c[k];
      sum[k] = slope[k] = c[k] * R(0);
    }
    for (size_t j = series->terms; j-- > 0;) {
      const REAL *b = series->columns + j * stride + start;
      const REAL a = series->row[j];
#pragma clang loop unroll(full)
      for (size_t k = 0; k < VECTORS; ++k) {
        vector coefficient;
        memcpy(&coefficient, b + k * LANES, sizeof(vector));
        slope[k] = slope[k] * y[k] + sum[k];
        sum[k] = sum[k] * y[k] + coefficient * a;
      }
    }
    REAL values[VECTORS * LANES], derivatives[VECTORS * LANES];
    for (size_t k = 0; k < VECTORS; ++k) {
      // <σσ> = c P(c²) has the derivative P + 2c² P'.
      vector value = series->odd ? c[k] * sum[k] : sum[k];
      vector derivative = series->odd ? sum[k] + R(2) * y[k] * slope[k] : slope[k];
      memcpy(values + k * LANES, &value, sizeof(vector));
      memcpy(derivatives + k * LANES, &derivative, sizeof(vector));
    }
    size_t end = count - start < VECTORS * LANES ? count - start : VECTORS * LANES;
    _Pragma("clang loop vectorize(assume_safety)")
    for (size_t k = 0; k < end; ++k) {
      size_t i = start + k;
      struct NAME(dual) dual = {.value = values[k], .derivative = derivatives[k] * (row[4] * FEATURE(4))};
      ABSOLUTE_STORE(dual)
    }
  }
}

static void NAME(correlate)(REAL row, const REAL *columns, size_t count, REAL *u) {
  _Pragma("clang loop vectorize(assume_safety)")
  for (size_t i = 0; i < count; ++i) {
    u[i] = NAME(at_least)(NAME(at_most)(R(1) - u[i] * (row * columns[i]), R(2)), R(0));
  }
}

static void NAME(range)(const REAL *u, size_t count, REAL *least, REAL *largest) {
  REAL low[4 * LANES], high[4 * LANES];
  for (size_t k = 0; k < 4 * LANES; ++k) low[k] = R(2), high[k] = R(0);
  size_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    for (size_t k = 0; k < 4 * LANES; ++k) {
      REAL x = u[i + k];
      REAL c = NAME(absolute)(R(1) - x);
      low[k] = x < low[k] ? x : low[k];
      high[k] = c > high[k] ? c : high[k];
    }
  }
  for (; i < count; ++i) {
    REAL c = NAME(absolute)(R(1) - u[i]);
    low[0] = u[i] < low[0] ? u[i] : low[0];
    high[0] = c > high[0] ? c : high[0];
  }
  for (size_t k = 1; k < 4 * LANES; ++k) {
    low[0] = low[k] < low[0] ? low[k] : low[0];
    high[0] = high[k] > high[0] ? high[k] : high[0];
  }
  *least = low[0];
  *largest = high[0];
}

static void NAME(finish)(REAL row, const REAL *columns, size_t count, REAL *u) {
  _Pragma("clang loop vectorize(assume_safety)")
  for (size_t i = 0; i < count; ++i) u[i] = row * columns[i] * (R(1) - u[i]);
}

#undef LAYER
#undef SERIES
#undef FEATURE
#undef RELATIVE_STORE
#undef ABSOLUTE_STORE
#undef DUAL_LAYER
#undef DISTANCE
#undef LANES
#undef VECTORS

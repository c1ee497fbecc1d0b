// The loops over segments of pairs, one function for each activation. Included once per precision.

#define LAYER struct NAME(orrery_dual_layer)
#define SERIES struct NAME(orrery_hermite)
#define FEATURE(f) (columns[(f) * stride + i])

/// 1 - c' from v, for activations with a kink: √v counts, so v keeps its relative accuracy; and <f_1 f_2>.
#define RELATIVE_NEXT(dual) \
  REAL weights = row[1] * FEATURE(1); \
  REAL weight_difference = row[1] - FEATURE(1), bias_difference = row[2] - FEATURE(2); \
  REAL norms = weight_difference * weight_difference + bias_difference * bias_difference; \
  REAL next = R(0.5) * norms + weights * (dual).value;
#define RELATIVE_PRODUCT(dual) (row[0] * FEATURE(0) * (R(1) - (dual).value))

/// The same without biases.
#define HOMOGENEOUS_NEXT(dual) REAL next = (dual).value;
#define HOMOGENEOUS_PRODUCT(dual) RELATIVE_PRODUCT(dual)

/// 1 - c' from <f_1 f_2>, for smooth activations.
#define ABSOLUTE_NEXT(dual) \
  REAL next = R(1) - (bias_variance + weight_variance * (dual).value) * (row[3] * FEATURE(3));
#define ABSOLUTE_PRODUCT(dual) (dual).value

#define LOOP _Pragma("clang loop vectorize(assume_safety) interleave_count(2)") for (size_t i = 0; i < count; ++i)

/// Two loops, since stores under a condition would be masked.
#define DUAL_LAYER(name, DUAL, KIND) \
  static void NAME(name)(const LAYER *layer, const REAL *row, const REAL *columns, size_t stride, size_t count, \
                         REAL *u, REAL *theta) { \
    const REAL bias_variance = layer->bias_variance, weight_variance = layer->weight_variance; \
    const REAL bias_rate = layer->bias_rate, weight_rate = layer->weight_rate, response = layer->response; \
    const REAL parameter = layer->parameter; \
    (void)bias_variance, (void)weight_variance, (void)parameter; \
    if (theta) { \
      LOOP { \
        struct NAME(dual) dual = DUAL; \
        KIND##_NEXT(dual) \
        u[i] = NAME(at_least)(NAME(at_most)(next, R(2)), R(0)); \
        theta[i] = bias_rate + weight_rate * KIND##_PRODUCT(dual) + response * dual.derivative * theta[i]; \
      } \
    } else { \
      LOOP { \
        struct NAME(dual) dual = DUAL; \
        KIND##_NEXT(dual) \
        u[i] = NAME(at_least)(NAME(at_most)(next, R(2)), R(0)); \
      } \
    } \
  }

/// The first dense layer: v is 1 - c of the inputs, and no parameters came before.
static void NAME(input_layer)(const LAYER *layer, const REAL *row, const REAL *columns, size_t stride, size_t count,
                              REAL *u, REAL *theta) {
  const REAL bias_rate = layer->bias_rate, weight_rate = layer->weight_rate;
  if (theta) {
    LOOP {
      struct NAME(dual) dual = {.value = u[i], .derivative = R(0)};
      theta[i] = bias_rate + weight_rate * RELATIVE_PRODUCT(dual);
    }
  }
  LOOP {
    struct NAME(dual) dual = {.value = u[i], .derivative = R(0)};
    RELATIVE_NEXT(dual)
    u[i] = NAME(at_least)(NAME(at_most)(next, R(2)), R(0));
  }
}

/// Parameter κ; the response holds A₂.
DUAL_LAYER(two_slope_biased, NAME(two_slope_dual)(u[i], parameter), RELATIVE)
DUAL_LAYER(two_slope_homogeneous, NAME(two_slope_dual)(u[i], parameter), HOMOGENEOUS)

static void NAME(two_slope_layer)(const LAYER *layer, const REAL *row, const REAL *columns, size_t stride, size_t count,
                                  REAL *u, REAL *theta) {
  if (layer->bias_variance == R(0)) {
    NAME(two_slope_homogeneous)(layer, row, columns, stride, count, u, theta);
  } else {
    NAME(two_slope_biased)(layer, row, columns, stride, count, u, theta);
  }
}

/// Parameter J/π, J the jump: v = Jθ/π. There is no neural tangent kernel.
#define STEP_DUAL ((struct NAME(dual)){.value = parameter * NAME(angle)(u[i]), .derivative = R(0)})
DUAL_LAYER(step_layer, STEP_DUAL, RELATIVE)
#undef STEP_DUAL

/// Feature 4: √K.
DUAL_LAYER(relu_squared_layer, NAME(relu_squared_dual)(u[i], row[4] * FEATURE(4)), RELATIVE)

/// Features 4, 5, 6: r, p, √p with p = 1/(1 + 2K), r² = 1 - p.
DUAL_LAYER(erf_dual_layer,
           NAME(erf_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5), row[5] * FEATURE(5), row[6] * FEATURE(6)),
           ABSOLUTE)

/// Features 4, 5, 6: √f, p, 1/√p with p = 1/(1 + K), f = 1 - p.
DUAL_LAYER(gelu_dual_layer,
           NAME(gelu_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5), row[5] * FEATURE(5), row[6] * FEATURE(6)),
           ABSOLUTE)

/// ½(√k₁₁ - √k₂₂)² + √(k₁₁k₂₂) u, with feature 4: √K.
#define DISTANCE (R(0.5) * (row[4] - FEATURE(4)) * (row[4] - FEATURE(4)) + row[4] * FEATURE(4) * u[i])

/// Parameter cos 2φ; features 4, 5: √K, K.
DUAL_LAYER(sine_layer, NAME(sine_dual)(DISTANCE, row[5] + FEATURE(5), parameter), ABSOLUTE)

/// Features 4, 5: √K, K.
DUAL_LAYER(exponential_layer, NAME(exponential_dual)(DISTANCE, row[5] + FEATURE(5)), ABSOLUTE)

/// Features 4, 5: √K, K.
DUAL_LAYER(gaussian_dual_layer, NAME(gaussian_dual)(u[i], row[4] * FEATURE(4), row[5] + FEATURE(5)), ABSOLUTE)

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
#pragma clang loop unroll(full)
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
#pragma clang loop unroll(full)
    for (size_t k = 0; k < VECTORS; ++k) {
      // <σσ> = c P(c²) has the derivative P + 2c² P'.
      vector value = series->odd ? c[k] * sum[k] : sum[k];
      vector derivative = series->odd ? sum[k] + R(2) * y[k] * slope[k] : slope[k];
      memcpy(values + k * LANES, &value, sizeof(vector));
      memcpy(derivatives + k * LANES, &derivative, sizeof(vector));
    }
    size_t end = count - start < VECTORS * LANES ? count - start : VECTORS * LANES;
    if (theta) {
      _Pragma("clang loop vectorize(assume_safety)")
      for (size_t i = start; i < start + end; ++i) {
        REAL derivative = derivatives[i - start] * (row[4] * FEATURE(4));
        theta[i] = bias_rate + weight_rate * values[i - start] + response * derivative * theta[i];
      }
    }
    _Pragma("clang loop vectorize(assume_safety)")
    for (size_t i = start; i < start + end; ++i) {
      struct NAME(dual) dual = {.value = values[i - start], .derivative = R(0)};
      ABSOLUTE_NEXT(dual)
      u[i] = NAME(at_least)(NAME(at_most)(next, R(2)), R(0));
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
  typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
  vector low[VECTORS], high[VECTORS];
  REAL smallest = R(2), greatest = R(0);
#pragma clang loop unroll(full)
  for (size_t k = 0; k < VECTORS; ++k) {
    low[k] = (vector){0} + smallest;
    high[k] = (vector){0};
  }
  size_t i = 0;
  for (; i + VECTORS * LANES <= count; i += VECTORS * LANES) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < VECTORS; ++k) {
      vector x;
      memcpy(&x, u + i + k * LANES, sizeof x);
      low[k] = __builtin_elementwise_min(low[k], x);
      high[k] = __builtin_elementwise_max(high[k], __builtin_elementwise_abs(R(1) - x));
    }
  }
  for (; i < count; ++i) {
    REAL c = NAME(absolute)(R(1) - u[i]);
    smallest = u[i] < smallest ? u[i] : smallest;
    greatest = c > greatest ? c : greatest;
  }
#pragma clang loop unroll(full)
  for (size_t k = 0; k < VECTORS; ++k) {
    REAL least_of[LANES], greatest_of[LANES];
    memcpy(least_of, &low[k], sizeof least_of), memcpy(greatest_of, &high[k], sizeof greatest_of);
    for (size_t j = 0; j < LANES; ++j) {
      smallest = least_of[j] < smallest ? least_of[j] : smallest;
      greatest = greatest_of[j] > greatest ? greatest_of[j] : greatest;
    }
  }
  *least = smallest;
  *largest = greatest;
}

static void NAME(finish)(REAL row, const REAL *columns, size_t count, REAL *u) {
  _Pragma("clang loop vectorize(assume_safety)")
  for (size_t i = 0; i < count; ++i) u[i] = row * columns[i] * (R(1) - u[i]);
}

#undef LAYER
#undef SERIES
#undef FEATURE
#undef RELATIVE_NEXT
#undef RELATIVE_PRODUCT
#undef HOMOGENEOUS_NEXT
#undef HOMOGENEOUS_PRODUCT
#undef ABSOLUTE_NEXT
#undef ABSOLUTE_PRODUCT
#undef LOOP
#undef DUAL_LAYER
#undef DISTANCE
#undef LANES
#undef VECTORS

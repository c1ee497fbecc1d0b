// The cases of one precision. Included once for each.

static _Alignas(64) REAL NAME(x)[MATRIX + APART], NAME(y)[MATRIX + APART], NAME(z)[MATRIX + APART];
static _Alignas(64) REAL NAME(w)[MATRIX + APART], NAME(output)[MATRIX + APART], NAME(scratch)[1024 * TILE + APART];
static _Alignas(64) REAL NAME(packed)[PATHS][MATRIX + 1024 * TILE + APART];
static ptrdiff_t NAME(a_rows)[1024], NAME(c_rows)[1024], NAME(a_segments)[16], NAME(b_segments)[PATHS][16];
static struct orrery_gathered_product NAME(gather)[PATHS];

static void NAME(prepare)(const CASE *c, int path) {
  (void)c;
  find_tables(path);
  // Between 0 and 1, without an order that a branch could learn.
  for (size_t i = 0; i < MATRIX; ++i) {
    NAME(x)[i] = (REAL)((i * 2654435761u >> 7) % 1021 + 1) / 1023;
    NAME(y)[i] = (REAL)((i * 2246822519u >> 7) % 1019 + 1) / 1023;
    NAME(z)[i] = (REAL)((i * 3266489917u >> 7) % 1013 + 1) / 1023;
    NAME(w)[i] = (REAL)((i * 668265263u >> 7) % 1009 + 1) / 1023;
  }
}

// Products

#define T product[path]->NAME(tile_columns)

static void NAME(pack_right)(size_t inner, size_t columns, int path) {
  product[path]->NAME(pack)(NAME(y), columns, inner, columns, NAME(packed)[path], T * inner);
}

static void NAME(prepare_product)(const CASE *c, int path) {
  NAME(prepare)(c, path);
  NAME(pack_right)(c->inner, c->columns, path);
}

static void NAME(multiply)(const CASE *c, int path) {
  product[path]->WIDTH(NAME(x), c->inner, 1, NAME(packed)[path], T, T * c->inner, c->rows, c->inner, c->columns,
                        NAME(output), c->columns, NULL, 0);
}

/// The left operand column by column, as in the gradient of weights.
static void NAME(multiply_columns)(const CASE *c, int path) {
  product[path]->WIDTH(NAME(x), 1, c->rows, NAME(packed)[path], T, T * c->inner, c->rows, c->inner, c->columns,
                        NAME(output), c->columns, NULL, 0);
}

/// The right operand where it lies, in whole tiles.
static void NAME(multiply_plain)(const CASE *c, int path) {
  product[path]->WIDTH(NAME(x), c->inner, 1, NAME(y), c->columns, T, c->rows, c->inner, c->columns, NAME(output),
                        c->columns, NULL, 0);
}

/// Both packed in passing, into the kernel's own memory.
static void NAME(multiply_panelled)(const CASE *c, int path) {
  product[path]->NAME(panelled)(NAME(x), c->inner, 1, NAME(y), c->columns, 0, c->rows, c->inner, c->columns, NAME(output),
                                c->columns, NULL, 0);
}

static void NAME(multiply_panelled_transposed)(const CASE *c, int path) {
  product[path]->NAME(panelled)(NAME(x), c->inner, 1, NAME(y), c->inner, 1, c->rows, c->inner, c->columns, NAME(output),
                                c->columns, NULL, 0);
}

/// A 3 × 3 convolution of an image in a frame of zeros, all channels of a window's row in one segment.
static void NAME(prepare_convolution)(const CASE *c, int path) {
  NAME(prepare)(c, path);
  size_t channels = c->columns;
  NAME(pack_right)(9 * channels, channels, path);
  for (size_t pixel = 0; pixel < SIDE * SIDE; ++pixel) {
    NAME(a_rows)[pixel] = (ptrdiff_t)((pixel / SIDE * FRAMED + pixel % SIDE) * channels);
    NAME(c_rows)[pixel] = (ptrdiff_t)(pixel * channels);
  }
  for (size_t s = 0; s < 3; ++s) {
    NAME(a_segments)[s] = (ptrdiff_t)(s * FRAMED * channels);
    NAME(b_segments)[path][s] = (ptrdiff_t)(s * 3 * channels * T);
  }
  NAME(gather)[path] = (struct orrery_gathered_product){
      .a_rows = NAME(a_rows), .c_rows = NAME(c_rows), .rows = SIDE * SIDE, .a_segments = NAME(a_segments),
      .b_segments = NAME(b_segments)[path], .segments = 3, .length = 3 * channels, .a_inner = 1,
      .b_inner = (ptrdiff_t)T, .b_tile = T * 9 * channels, .columns = channels};
}

/// The gradient of its weights: rows are a window's elements, and the inner index runs over pixels, a row of the image a segment.
static void NAME(prepare_weights)(const CASE *c, int path) {
  NAME(prepare)(c, path);
  size_t channels = c->columns;
  NAME(pack_right)(SIDE * SIDE, channels, path);
  for (size_t i = 0; i < 9 * channels; ++i) {
    size_t window = i / channels;
    NAME(a_rows)[i] = (ptrdiff_t)((window / 3 * FRAMED + window % 3) * channels + i % channels);
    NAME(c_rows)[i] = (ptrdiff_t)(i * channels);
  }
  for (size_t s = 0; s < SIDE; ++s) {
    NAME(a_segments)[s] = (ptrdiff_t)(s * FRAMED * channels);
    NAME(b_segments)[path][s] = (ptrdiff_t)(s * SIDE * T);
  }
  NAME(gather)[path] = (struct orrery_gathered_product){
      .a_rows = NAME(a_rows), .c_rows = NAME(c_rows), .rows = 9 * channels, .a_segments = NAME(a_segments),
      .b_segments = NAME(b_segments)[path], .segments = SIDE, .length = SIDE, .a_inner = (ptrdiff_t)channels,
      .b_inner = (ptrdiff_t)T, .b_tile = T * SIDE * SIDE, .columns = channels};
}

static void NAME(gathered)(const CASE *c, int path) {
  (void)c;
  product[path]->NAME(gathered)(&NAME(gather)[path], NAME(x), NAME(packed)[path], NULL, NAME(output), 0);
}

static void NAME(transpose)(const CASE *c, int path) {
  product[path]->NAME(transpose)(NAME(x), c->columns, c->rows, c->columns, NAME(output), c->rows);
}

static void NAME(pack)(const CASE *c, int path) {
  product[path]->NAME(pack)(NAME(x), c->columns, c->rows, c->columns, NAME(packed)[path], T * c->rows);
}

/// All panels, since panels of different paths differ in width.
static void NAME(pack_transposed)(const CASE *c, int path) {
  for (size_t column = 0; column < c->rows; column += T) {
    size_t width = c->rows - column < T ? c->rows - column : T;
    product[path]->NAME(pack_transposed)(NAME(x) + column * c->columns, c->columns, c->columns, width,
                                         NAME(packed)[path] + column * c->columns);
  }
}

#undef T

// Functions and random numbers

static void NAME(apply)(const CASE *c, int path) { elementwise[path]->WIDTH[c->function](NAME(x), NAME(output), c->rows); }

static void NAME(uniforms)(const CASE *c, int path) { elementwise[path]->NAME(uniforms)(stream, 0, c->rows, NAME(output)); }

static void NAME(normals)(const CASE *c, int path) { elementwise[path]->NAME(normals)(stream, 0, c->rows, NAME(output)); }

static void NAME(normal_lanes)(const CASE *c, int path) {
  elementwise[path]->NAME(normal_lanes)(stream, 0, c->rows / 16, NAME(output));
}

// Arithmetic

static const REAL NAME(polynomial)[3] = {(REAL)0.5, (REAL)0.25, (REAL)0.125};

static void NAME(scale)(const CASE *c, int path) { arithmetic[path]->NAME(scale)(2, NAME(x), NAME(output), c->rows); }

static void NAME(combine)(const CASE *c, int path) {
  arithmetic[path]->NAME(combine)(2, NAME(x), 3, NAME(y), NAME(output), c->rows);
}

static void NAME(multiply_elements)(const CASE *c, int path) {
  arithmetic[path]->NAME(multiply)(NAME(x), NAME(y), NAME(output), c->rows);
}

static void NAME(quadratic)(const CASE *c, int path) {
  arithmetic[path]->NAME(quadratic)(NAME(x), NAME(y), NAME(polynomial), NAME(output), c->rows);
}

static void NAME(dot)(const CASE *c, int path) { NAME(output)[0] = (REAL)arithmetic[path]->NAME(dot)(NAME(x), NAME(y), c->rows); }

static void NAME(sum_rows)(const CASE *c, int path) {
  arithmetic[path]->NAME(sum_rows)(NAME(x), c->rows, c->columns, NAME(output));
}

static void NAME(prepare_window)(const CASE *c, int path) {
  NAME(prepare)(c, path);
  arithmetic[path]->NAME(window_maximum)(NAME(x), taps, c->rows, c->columns, NAME(y), NAME(z));
}

static void NAME(window_maximum)(const CASE *c, int path) {
  arithmetic[path]->NAME(window_maximum)(NAME(x), taps, c->rows, c->columns, NAME(y), NAME(z));
}

static void NAME(window_gather)(const CASE *c, int path) {
  arithmetic[path]->NAME(window_gather)(NAME(x), taps, c->rows, c->columns, NAME(z), NAME(output));
}

static void NAME(window_scatter)(const CASE *c, int path) {
  arithmetic[path]->NAME(window_scatter)(NAME(x), taps, c->rows, c->columns, NAME(z), NAME(output), 0);
}

// Rows

static void NAME(softmax)(const CASE *c, int path) { row[path]->NAME(softmax)(1, NAME(x), NAME(output), 0, c->rows, c->columns, 0); }

static void NAME(softmax_causal)(const CASE *c, int path) {
  row[path]->NAME(softmax)(1, NAME(x), NAME(output), c->columns - c->rows, c->rows, c->columns, 1);
}

static void NAME(softmax_pullback)(const CASE *c, int path) {
  row[path]->NAME(softmax_pullback)(1, NAME(x), NAME(y), NAME(output), 0, c->rows, c->columns, 0);
}

static void NAME(softmax_pullback_causal)(const CASE *c, int path) {
  row[path]->NAME(softmax_pullback)(1, NAME(x), NAME(y), NAME(output), c->columns - c->rows, c->rows, c->columns, 1);
}

static void NAME(log_sum_exp)(const CASE *c, int path) { row[path]->NAME(log_sum_exp)(NAME(x), NAME(output), c->rows, c->columns); }

static void NAME(normalize)(const CASE *c, int path) {
  row[path]->NAME(normalize)((REAL)1e-5, 1, NAME(x), NAME(output), NAME(scratch), c->rows, c->columns);
}

static void NAME(project)(const CASE *c, int path) {
  row[path]->NAME(project)(1, NAME(x), NAME(y), NAME(z), NAME(output), c->rows, c->columns);
}

static void NAME(row_dot)(const CASE *c, int path) {
  row[path]->NAME(row_dot)(NAME(x), NAME(y), NAME(output), c->rows, c->columns);
}

static void NAME(scale_rows)(const CASE *c, int path) {
  row[path]->NAME(scale_rows)(NAME(x), NAME(y), NAME(output), c->rows, c->columns);
}

static void NAME(scale_columns)(const CASE *c, int path) {
  row[path]->NAME(scale_columns)(NAME(x), NAME(y), NAME(z), NAME(output), c->rows, c->columns);
}

static void NAME(column_dot)(const CASE *c, int path) {
  row[path]->NAME(column_dot)(NAME(x), NAME(y), NAME(output), c->rows, c->columns);
}

// Updates

static void NAME(squares)(const CASE *c, int path) { NAME(output)[0] = (REAL)update[path]->NAME(squares)(NAME(x), c->rows); }

static void NAME(descent)(const CASE *c, int path) { update[path]->NAME(descent)(&rule, NAME(x), NAME(y), c->rows); }

static void NAME(momentum)(const CASE *c, int path) {
  update[path]->NAME(momentum)(&rule, NAME(x), NAME(z), NAME(y), c->rows);
}

static void NAME(direction)(const CASE *c, int path) {
  update[path]->NAME(direction)(&rule, NAME(x), NAME(z), NAME(y), NAME(output), c->rows);
}

static void NAME(adam)(const CASE *c, int path) {
  update[path]->NAME(adam)(&rule, NAME(x), NAME(z), NAME(w), NAME(y), c->rows);
}

static void NAME(rmsprop)(const CASE *c, int path) {
  update[path]->NAME(rmsprop)(&rule, NAME(x), NAME(w), NAME(y), c->rows);
}

static void NAME(lion)(const CASE *c, int path) { update[path]->NAME(lion)(&rule, NAME(x), NAME(z), NAME(y), c->rows); }

// Kernels of infinite width: samples whose preactivations have variances K between 0.9 and 1.1. The recursion contracts, so that
// it may be repeated in place.

static struct NAME(orrery_dual_layer) NAME(layer);
static struct NAME(orrery_hermite) NAME(series);
static REAL NAME(row_features)[FEATURES], NAME(coefficients)[64];

static REAL NAME(root)(REAL x) { return __builtin_elementwise_sqrt(x); }

static void NAME(prepare_dual)(const CASE *c, int path) {
  NAME(prepare)(c, path);
  NAME(layer) = (struct NAME(orrery_dual_layer)){
      .bias_variance = (REAL)0.1, .weight_variance = 1, .bias_rate = 1, .weight_rate = 1, .response = (REAL)0.5,
      .parameter = (REAL)0.3};
  for (size_t i = 0; i <= c->rows; ++i) {
    REAL k = (REAL)0.9 + (REAL)0.2 * NAME(y)[i], features[FEATURES] = {0};
    features[0] = NAME(root)(k), features[1] = NAME(root)((REAL)0.9), features[2] = NAME(root)((REAL)0.1 / k);
    features[3] = 1 / NAME(root)(k), features[4] = NAME(root)(k), features[5] = k;
    if (c->function == ORRERY_DUAL_ERF) {
      REAL p = 1 / (1 + 2 * k);
      features[4] = NAME(root)(1 - p), features[5] = p, features[6] = NAME(root)(p);
    } else if (c->function == ORRERY_DUAL_GELU) {
      REAL p = 1 / (1 + k);
      features[4] = NAME(root)(1 - p), features[5] = p, features[6] = 1 / NAME(root)(p);
    }
    for (size_t f = 0; f < FEATURES; ++f) {
      if (i == c->rows) NAME(row_features)[f] = features[f];
      else NAME(output)[f * c->rows + i] = features[f];
    }
  }
  for (size_t j = 0; j < 64; ++j) NAME(coefficients)[j] = 1 / (REAL)(1 + j);
  NAME(series) = (struct NAME(orrery_hermite)){.row = NAME(coefficients), .columns = NAME(y), .terms = c->inner, .odd = 1};
}

static void NAME(dual_layer)(const CASE *c, int path) {
  dual[path]->WIDTH[c->function](&NAME(layer), NAME(row_features), NAME(output), c->rows, c->rows, NAME(x), NAME(z));
}

static void NAME(hermite)(const CASE *c, int path) {
  dual[path]->NAME(hermite)(&NAME(layer), &NAME(series), NAME(row_features), NAME(output), c->rows, c->rows, NAME(x),
                            NAME(z));
}

/// In place, and back between 0 and 1.
static void NAME(correlate)(const CASE *c, int path) { dual[path]->NAME(correlate)((REAL)0.9, NAME(y), c->rows, NAME(x)); }

static void NAME(range)(const CASE *c, int path) {
  dual[path]->NAME(range)(NAME(x), c->rows, NAME(output), NAME(output) + 1);
}

static void NAME(finish)(const CASE *c, int path) { dual[path]->NAME(finish)((REAL)0.9, NAME(y), c->rows, NAME(x)); }

#define MULTIPLY(name, m, k, n, prepare_it, run_it) \
  {.kernel = name, .is_double = sizeof(REAL) == 8, .rows = m, .inner = k, .columns = n, .elements = (double)(m) * (n), \
   .operations = 2.0 * (m) * (k) * (n), .prepare = NAME(prepare_it), .run = NAME(run_it)},
/// `reads` and `writes` are numbers for each number given out.
#define PASS(name, m, n, reads, writes, prepare_it, run_it) \
  {.kernel = name, .is_double = sizeof(REAL) == 8, .rows = m, .columns = n, .elements = (double)(m) * ((n) ? (n) : 1), \
   .read = (reads) * (double)(m) * ((n) ? (n) : 1), .written = (writes) * (double)(m) * ((n) ? (n) : 1), \
   .prepare = NAME(prepare_it), .run = NAME(run_it)},
#define FUNCTION(name, which) \
  {.kernel = name, .is_double = sizeof(REAL) == 8, .rows = 2048, .elements = 2048, .function = which, \
   .prepare = NAME(prepare), .run = NAME(apply)},
#define DUAL(name, which) \
  {.kernel = "dual " name, .is_double = sizeof(REAL) == 8, .rows = 512, .elements = 512, .function = which, \
   .prepare = NAME(prepare_dual), .run = NAME(dual_layer)},

static const CASE NAME(cases)[] = {
    MULTIPLY("product", 8, 64, 64, prepare_product, multiply)
    MULTIPLY("product", 32, 64, 64, prepare_product, multiply)
    MULTIPLY("product", 128, 64, 64, prepare_product, multiply)
    MULTIPLY("product", 128, 256, 256, prepare_product, multiply)
    MULTIPLY("product", 128, 512, 512, prepare_product, multiply)
    MULTIPLY("product", 32, 32, 32, prepare_product, multiply)
    MULTIPLY("product", 37, 65, 10, prepare_product, multiply)
    MULTIPLY("product", 101, 127, 83, prepare_product, multiply)
    MULTIPLY("product, left by columns", 64, 128, 64, prepare_product, multiply_columns)
    MULTIPLY("product, left by columns", 256, 128, 256, prepare_product, multiply_columns)
    MULTIPLY("product, right unpacked", 128, 64, 64, prepare_product, multiply_plain)
    MULTIPLY("product, right unpacked", 128, 256, 256, prepare_product, multiply_plain)
    MULTIPLY("product, right packed in passing", 128, 64, 64, prepare_product, multiply_panelled)
    MULTIPLY("product, right packed in passing", 128, 512, 512, prepare_product, multiply_panelled)
    MULTIPLY("product, right transposed in passing", 37, 65, 10, prepare_product, multiply_panelled_transposed)
    MULTIPLY("product, right transposed in passing", 128, 64, 64, prepare_product, multiply_panelled_transposed)
    MULTIPLY("product, right transposed in passing", 128, 512, 512, prepare_product, multiply_panelled_transposed)
    MULTIPLY("gathered, convolution 3×3", SIDE *SIDE, 9 * 32, 32, prepare_convolution, gathered)
    MULTIPLY("gathered, convolution 3×3", SIDE *SIDE, 9 * 64, 64, prepare_convolution, gathered)
    MULTIPLY("gathered, gradient of weights", 9 * 32, SIDE *SIDE, 32, prepare_weights, gathered)
    MULTIPLY("gathered, gradient of weights", 9 * 64, SIDE *SIDE, 64, prepare_weights, gathered)
    PASS("transpose", 64, 64, 1, 1, prepare, transpose)
    PASS("transpose", 128, 256, 1, 1, prepare, transpose)
    PASS("transpose", 37, 65, 1, 1, prepare, transpose)
    PASS("pack", 64, 64, 1, 1, prepare, pack)
    PASS("pack", 128, 256, 1, 1, prepare, pack)
    PASS("pack", 65, 10, 1, 1, prepare, pack)
    PASS("pack transposed", 64, 64, 1, 1, prepare, pack_transposed)
    PASS("pack transposed", 256, 128, 1, 1, prepare, pack_transposed)
    FUNCTION("exp", ORRERY_EXP)
    FUNCTION("expm1", ORRERY_EXPM1)
    FUNCTION("log", ORRERY_LOG)
    FUNCTION("log1p", ORRERY_LOG1P)
    FUNCTION("tanh", ORRERY_TANH)
    FUNCTION("sigmoid", ORRERY_SIGMOID)
    FUNCTION("silu", ORRERY_SILU)
    FUNCTION("softplus", ORRERY_SOFTPLUS)
    FUNCTION("gaussian", ORRERY_GAUSSIAN)
    FUNCTION("erf", ORRERY_ERF)
    FUNCTION("erfc", ORRERY_ERFC)
    FUNCTION("normal cdf", ORRERY_NORMAL_CDF)
    FUNCTION("gelu", ORRERY_GELU)
    FUNCTION("sin", ORRERY_SIN)
    FUNCTION("cos", ORRERY_COS)
    FUNCTION("asin", ORRERY_ASIN)
    FUNCTION("acos", ORRERY_ACOS)
    FUNCTION("sqrt", ORRERY_SQRT)
    PASS("random uniforms", 2048, 0, 0, 0, prepare, uniforms)
    PASS("random normals", 2048, 0, 0, 0, prepare, normals)
    PASS("random normals, 16 members", 2048, 0, 0, 0, prepare, normal_lanes)
    DUAL("input", ORRERY_DUAL_INPUT)
    DUAL("two slopes", ORRERY_DUAL_TWO_SLOPE)
    DUAL("step", ORRERY_DUAL_STEP)
    DUAL("relu squared", ORRERY_DUAL_RELU_SQUARED)
    DUAL("erf", ORRERY_DUAL_ERF)
    DUAL("gelu", ORRERY_DUAL_GELU)
    DUAL("sine", ORRERY_DUAL_SINE)
    DUAL("exponential", ORRERY_DUAL_EXPONENTIAL)
    DUAL("gaussian", ORRERY_DUAL_GAUSSIAN)
    {.kernel = "dual hermite", .is_double = sizeof(REAL) == 8, .rows = 512, .inner = 32, .elements = 512,
     .operations = 5.0 * 32 * 512, .prepare = NAME(prepare_dual), .run = NAME(hermite)},
    PASS("dual correlate", 512, 0, 2, 1, prepare, correlate)
    PASS("dual range", 512, 0, 1, 0, prepare, range)
    PASS("dual finish", 512, 0, 2, 1, prepare, finish)
    PASS("arithmetic scale", 2048, 0, 1, 1, prepare, scale)
    PASS("arithmetic combine", 2048, 0, 2, 1, prepare, combine)
    PASS("arithmetic multiply", 2048, 0, 2, 1, prepare, multiply_elements)
    PASS("arithmetic quadratic", 2048, 0, 2, 1, prepare, quadratic)
    PASS("arithmetic dot", 2048, 0, 2, 0, prepare, dot)
    PASS("arithmetic sum of rows", 128, 64, 1, 0, prepare, sum_rows)
    PASS("arithmetic sum of rows", 128, 10, 1, 0, prepare, sum_rows)
    PASS("arithmetic window maximum", 4, 64, 1, 0.5, prepare_window, window_maximum)
    PASS("arithmetic window gather", 4, 64, 1, 0.25, prepare_window, window_gather)
    PASS("arithmetic window scatter", 4, 64, 0.5, 1, prepare_window, window_scatter)
    PASS("rows softmax", 32, 64, 0, 0, prepare, softmax)
    PASS("rows softmax", 128, 10, 0, 0, prepare, softmax)
    PASS("rows softmax, causal", 32, 64, 0, 0, prepare, softmax_causal)
    PASS("rows pullback of softmax", 32, 64, 0, 0, prepare, softmax_pullback)
    PASS("rows pullback of softmax, causal", 32, 64, 0, 0, prepare, softmax_pullback_causal)
    PASS("rows log of sums of exp", 32, 64, 0, 0, prepare, log_sum_exp)
    PASS("rows log of sums of exp", 128, 10, 0, 0, prepare, log_sum_exp)
    PASS("rows normalize", 32, 64, 0, 0, prepare, normalize)
    PASS("rows project", 32, 64, 0, 0, prepare, project)
    PASS("rows dot", 32, 64, 2, 0, prepare, row_dot)
    PASS("rows scale rows", 32, 64, 1, 1, prepare, scale_rows)
    PASS("rows scale columns", 32, 64, 1, 1, prepare, scale_columns)
    PASS("rows column dot", 32, 64, 2, 0, prepare, column_dot)
    PASS("update squares", 2048, 0, 1, 0, prepare, squares)
    PASS("update descent", 1024, 0, 2, 1, prepare, descent)
    PASS("update momentum", 1024, 0, 3, 2, prepare, momentum)
    PASS("update direction", 1024, 0, 3, 2, prepare, direction)
    PASS("update adam", 1024, 0, 4, 3, prepare, adam)
    PASS("update rmsprop", 1024, 0, 3, 2, prepare, rmsprop)
    PASS("update lion", 1024, 0, 3, 2, prepare, lion)
};

#undef MULTIPLY
#undef PASS
#undef FUNCTION
#undef DUAL

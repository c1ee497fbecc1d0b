// What the cases of one precision run. Included once for each.

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

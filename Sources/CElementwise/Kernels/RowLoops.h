// The loops over rows. Included once per precision, after Functions.h.

typedef REAL NAME(lanes) __attribute__((vector_size(ROW_LANES * sizeof(REAL))));
typedef REAL NAME(half_lanes) __attribute__((vector_size(ROW_LANES / 2 * sizeof(REAL))));
typedef REAL NAME(quarter_lanes) __attribute__((vector_size(ROW_LANES / 4 * sizeof(REAL))));

/// By halves, in registers: lane k and lane k + half of them.
KERNEL REAL NAME(sum_of_lanes)(const NAME(lanes) *lanes) {
  NAME(lanes) x = *lanes;
  NAME(half_lanes) eight = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +
                           __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  NAME(quarter_lanes) four =
      __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  return (four[0] + four[2]) + (four[1] + four[3]);
}

KERNEL REAL NAME(largest)(const REAL *x, size_t count) {
  REAL largest = x[0];
  size_t j = 0;
  if (count >= ROW_LANES) {
    NAME(lanes) best, next;
    memcpy(&best, x, sizeof best);
    for (j = ROW_LANES; j + ROW_LANES <= count; j += ROW_LANES) {
      memcpy(&next, x + j, sizeof next);
      best = __builtin_elementwise_max(best, next);
    }
    REAL part[ROW_LANES];
    memcpy(part, &best, sizeof best);
    for (size_t k = 0; k < ROW_LANES; ++k) largest = part[k] > largest ? part[k] : largest;
  }
  for (; j < count; ++j) largest = x[j] > largest ? x[j] : largest;
  return largest;
}

KERNEL REAL NAME(sum)(const REAL *x, size_t count) {
  NAME(lanes) sum = {0}, next;
  size_t j = 0;
  for (; j + ROW_LANES <= count; j += ROW_LANES) {
    memcpy(&next, x + j, sizeof next);
    sum += next;
  }
  REAL rest = 0;
  for (; j < count; ++j) rest += x[j];
  return NAME(sum_of_lanes)(&sum) + rest;
}

KERNEL REAL NAME(sum_of_products)(const REAL *x, const REAL *y, size_t count) {
  NAME(lanes) sum = {0}, a, b;
  size_t j = 0;
  for (; j + ROW_LANES <= count; j += ROW_LANES) {
    memcpy(&a, x + j, sizeof a);
    memcpy(&b, y + j, sizeof b);
    sum += a * b;
  }
  REAL rest = 0;
  for (; j < count; ++j) rest += x[j] * y[j];
  return NAME(sum_of_lanes)(&sum) + rest;
}

/// sum_j (x_j - mean)²
KERNEL REAL NAME(sum_of_squares)(const REAL *x, REAL mean, size_t count) {
  NAME(lanes) sum = {0}, a;
  size_t j = 0;
  for (; j + ROW_LANES <= count; j += ROW_LANES) {
    memcpy(&a, x + j, sizeof a);
    a -= mean;
    sum += a * a;
  }
  REAL rest = 0;
  for (; j < count; ++j) rest += (x[j] - mean) * (x[j] - mean);
  return NAME(sum_of_lanes)(&sum) + rest;
}

/// The columns that a row sums over, and those of whole vectors that hold them.
KERNEL size_t NAME(used)(size_t row, size_t columns, int causal) { return causal ? row % columns + 1 : columns; }

KERNEL size_t NAME(padded)(size_t used, size_t columns) {
  size_t whole = (used + ROW_LANES - 1) / ROW_LANES * ROW_LANES;
  return whole < columns ? whole : columns;
}

/// y_j = exp a (x_j - largest), in whole vectors: of a row of ten numbers one by one, the exponentials would take four times as
/// long as in one vector of sixteen whose last lanes are masked.
KERNEL void NAME(exponentials)(REAL a, const REAL *x, REAL largest, REAL *y, size_t count) {
  size_t whole = count / WIDE_WIDTH * WIDE_WIDTH;
  WIDE_LOOP(j, 0, whole) y[j] = NAME(exp)(a * (x[j] - largest));
  if (whole == count) return;
  WIDE_LOOP(j, 0, WIDE_WIDTH) {
    if (whole + j < count) y[whole + j] = NAME(exp)(a * (x[whole + j] - largest));
  }
}

static void NAME(softmax)(REAL a, const REAL *x, REAL *output, size_t first_row, size_t rows, size_t columns,
                          int causal) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *row = x + i * columns;
    REAL *y = output + i * columns;
    size_t used = NAME(used)(first_row + i, columns, causal), padded = NAME(padded)(used, columns);
    REAL largest = NAME(largest)(row, used);
    // What lies above the diagonal is computed with its vector, and forgotten.
    NAME(exponentials)(a, row, largest, y, padded);
    for (size_t j = used; j < columns; ++j) y[j] = 0;
    REAL factor = R(1) / NAME(sum)(y, padded);
    LOOP(j, padded) y[j] *= factor;
  }
}

static void NAME(softmax_pullback)(REAL a, const REAL *s, const REAL *c, REAL *output, size_t first_row, size_t rows,
                                   size_t columns, int causal) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *p = s + i * columns, *q = c + i * columns;
    REAL *y = output + i * columns;
    size_t used = NAME(used)(first_row + i, columns, causal);
    REAL mean = NAME(sum_of_products)(p, q, used);
    LOOP(j, used) y[j] = a * p[j] * (q[j] - mean);
    for (size_t j = used; j < columns; ++j) y[j] = 0;
  }
}

static void NAME(log_sum_exp)(const REAL *x, REAL *output, size_t rows, size_t columns) {
  enum { piece = 256 };
  REAL part[piece];
  for (size_t i = 0; i < rows; ++i) {
    const REAL *row = x + i * columns;
    REAL largest = NAME(largest)(row, columns), sum = 0;
    for (size_t first = 0; first < columns; first += piece) {
      size_t count = columns - first < piece ? columns - first : piece;
      NAME(exponentials)(R(1), row + first, largest, part, count);
      sum += NAME(sum)(part, count);
    }
    output[i] = largest + NAME(log)(sum);
  }
}

static void NAME(normalize)(REAL epsilon, int centres, const REAL *x, REAL *y, REAL *s, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *row = x + i * columns;
    REAL mean = centres ? NAME(sum)(row, columns) / (REAL)columns : R(0);
    REAL variance = NAME(sum_of_squares)(row, mean, columns) / (REAL)columns;
    REAL scale = R(1) / __builtin_elementwise_sqrt(variance + epsilon);
    if (s) s[i] = scale;
    if (!y) continue;
    REAL *target = y + i * columns;
    LOOP(j, columns) target[j] = (row[j] - mean) * scale;
  }
}

static void NAME(project)(int centres, const REAL *c, const REAL *y, const REAL *s, REAL *output, size_t rows,
                          size_t columns) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *p = c + i * columns, *q = y + i * columns;
    REAL *target = output + i * columns;
    REAL mean = centres ? NAME(sum)(p, columns) / (REAL)columns : R(0);
    REAL along = NAME(sum_of_products)(p, q, columns) / (REAL)columns, scale = s[i];
    LOOP(j, columns) target[j] = scale * ((p[j] - mean) - q[j] * along);
  }
}

static void NAME(row_dot)(const REAL *x, const REAL *y, REAL *output, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; ++i) output[i] = NAME(sum_of_products)(x + i * columns, y + i * columns, columns);
}

static void NAME(scale_rows)(const REAL *x, const REAL *s, REAL *output, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *row = x + i * columns;
    REAL *target = output + i * columns, scale = s[i];
    LOOP(j, columns) target[j] = scale * row[j];
  }
}

static void NAME(scale_columns)(const REAL *x, const REAL *g, const REAL *b, REAL *output, size_t rows,
                                size_t columns) {
  for (size_t i = 0; i < rows; ++i) {
    const REAL *row = x + i * columns;
    REAL *target = output + i * columns;
    if (b) {
      LOOP(j, columns) target[j] = g[j] * row[j] + b[j];
    } else {
      LOOP(j, columns) target[j] = g[j] * row[j];
    }
  }
}

static void NAME(column_dot)(const REAL *x, const REAL *y, REAL *output, size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; ++j) output[j] = 0;
  // Two rows at once: the sums are read and written half as often.
  size_t i = 0;
  for (; i + 2 <= rows; i += 2) {
    const REAL *a = x + i * columns, *b = a + columns, *c = y + i * columns, *d = c + columns;
    LOOP(j, columns) output[j] += a[j] * c[j] + b[j] * d[j];
  }
  for (; i < rows; ++i) {
    const REAL *a = x + i * columns, *c = y + i * columns;
    LOOP(j, columns) output[j] += a[j] * c[j];
  }
}

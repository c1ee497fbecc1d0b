// The loops of array arithmetic. Included once per precision.

static void NAME(scale)(REAL a, const REAL *x, REAL *output, size_t count) {
  LOOP(i, count) output[i] = a * x[i];
}

static void NAME(combine)(REAL a, const REAL *x, REAL b, const REAL *y, REAL *output, size_t count) {
  LOOP(i, count) output[i] = a * x[i] + b * y[i];
}

static void NAME(multiply)(const REAL *x, const REAL *y, REAL *output, size_t count) {
  LOOP(i, count) output[i] = x[i] * y[i];
}

static void NAME(quadratic)(const REAL *x, const REAL *y, const REAL *c, REAL *output, size_t count) {
  const REAL c0 = c[0], c1 = c[1], c2 = c[2];
  LOOP(i, count) output[i] = x[i] * (c0 + y[i] * (c1 + y[i] * c2));
}

static double NAME(dot)(const REAL *x, const REAL *y, size_t count) {
  lanes_f64 total = {0};
  size_t i = 0;
  while (i + 2 * LANES <= count) {
    const size_t end = i + 256 < count ? i + 256 : count;
    NAME(lanes) even = {0}, odd = {0};
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      even += *(const NAME(lanes) *)(x + i) * *(const NAME(lanes) *)(y + i);
      odd += *(const NAME(lanes) *)(x + i + LANES) * *(const NAME(lanes) *)(y + i + LANES);
    }
    total += __builtin_convertvector(even, lanes_f64) + __builtin_convertvector(odd, lanes_f64);
  }
  double sum = 0;
  for (size_t j = 0; j < LANES; ++j) sum += total[j];
  for (; i < count; ++i) sum += (double)x[i] * (double)y[i];
  return sum;
}

static void NAME(sum_rows)(const REAL *x, size_t rows, size_t columns, REAL *output) {
  for (size_t j = 0; j < columns; ++j) output[j] = 0;
  // Four rows at once: the sums are read and written a quarter as often.
  size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    const REAL *a = x + i * columns, *b = a + columns, *c = b + columns, *d = c + columns;
    LOOP(j, columns) output[j] += (a[j] + b[j]) + (c[j] + d[j]);
  }
  for (; i < rows; ++i) {
    const REAL *a = x + i * columns;
    LOOP(j, columns) output[j] += a[j];
  }
}

static void NAME(window_maximum)(const REAL *x, const ptrdiff_t *taps, size_t count, size_t channels, REAL *best,
                                 REAL *which) {
  const REAL *first = x + taps[0];
  LOOP(c, channels) { best[c] = first[c], which[c] = 0; }
  for (size_t n = 1; n < count; ++n) {
    const REAL *source = x + taps[n];
    const REAL number = (REAL)n;
    LOOP(c, channels) {
      const REAL value = source[c], old = best[c];
      // The first NaN wins over all numbers, and nothing over it.
      const int better = (value > old) | ((value != value) & (old == old));
      best[c] = better ? value : old;
      which[c] = better ? number : which[c];
    }
  }
}

static void NAME(window_gather)(const REAL *x, const ptrdiff_t *taps, size_t count, size_t channels, const REAL *which,
                                REAL *output) {
  for (size_t n = 0; n < count; ++n) {
    const REAL *source = x + taps[n];
    const REAL number = (REAL)n;
    LOOP(c, channels) output[c] = which[c] == number ? source[c] : (n ? output[c] : 0);
  }
}

static void NAME(window_scatter)(const REAL *x, const ptrdiff_t *taps, size_t count, size_t channels, const REAL *which,
                                 REAL *output, int accumulate) {
  for (size_t n = 0; n < count; ++n) {
    REAL *target = output + taps[n];
    const REAL number = (REAL)n;
    if (accumulate) {
      LOOP(c, channels) target[c] += which[c] == number ? x[c] : 0;
    } else {
      LOOP(c, channels) target[c] = which[c] == number ? x[c] : 0;
    }
  }
}

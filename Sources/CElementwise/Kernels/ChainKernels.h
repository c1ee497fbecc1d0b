// All kernels of the Gram-matrix chain for one path. The file that includes this defines CHAIN_KERNELS (the table's name),
// VECTOR_BYTES and, but for the baseline, TARGET.
#include "Chain.h"

#include <stdint.h>
#include <string.h>

#define KERNEL static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#define LANES ORRERY_CHAIN_LANES
#define PACKED (VECTOR_BYTES / 4)
#define ROWS 4
#define COLUMNS (VECTOR_BYTES == 64 ? 4 : 2)  // of a register tile: 16 or 8 sums

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif
#pragma STDC FP_CONTRACT ON

typedef float vector __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t mask __attribute__((vector_size(VECTOR_BYTES)));

KERNEL vector load(const float *from) {
  vector v;
  memcpy(&v, from, sizeof v);
  return v;
}

KERNEL void store(float *to, vector v) { memcpy(to, &v, sizeof v); }

KERNEL vector where(mask condition, vector v) { return (vector)((mask)v & condition); }

KERNEL size_t packed_row(size_t row) { return row * (row + 1) / 2; }

// Cholesky

/// Column by column: L_ij = (G_ij - sum over k < j of L_ik L_jk) / L_jj.
static void factorize(const float *gram, size_t samples, float tolerance, float *factor) {
  for (size_t lane = 0; lane < LANES; lane += PACKED) {
    const float *g = gram + lane;
    float *l = factor + lane;
    for (size_t j = 0; j < samples; ++j) {
      vector inverse = {0};
      for (size_t i = j; i < samples; ++i) {
        vector rest = load(g + (packed_row(i) + j) * LANES);
        vector diagonal = rest;
        const float *row_i = l + packed_row(i) * LANES, *row_j = l + packed_row(j) * LANES;
        for (size_t k = 0; k < j; ++k) rest = rest - load(row_i + k * LANES) * load(row_j + k * LANES);
        if (i == j) {
          mask positive = rest > diagonal * tolerance;
          vector root = where(positive, __builtin_elementwise_sqrt(rest));
          inverse = where(positive, 1.0f / root);
          store(l + (packed_row(j) + j) * LANES, root);
        } else {
          store(l + (packed_row(i) + j) * LANES, rest * inverse);
        }
      }
    }
  }
}

// Triangular product

/// `rows` rows of L u from row `first` on, for `neurons` neurons, in place: rows below need only those above.
KERNEL void correlate_tile(const float *factor, size_t samples, size_t first, float *values, int rows, int neurons) {
  vector sums[ROWS][2];
  UNROLL for (int r = 0; r < rows; ++r) UNROLL for (int m = 0; m < neurons; ++m) sums[r][m] = (vector){0};
  for (size_t k = 0; k <= first; ++k) {
    vector u[2];
    UNROLL for (int m = 0; m < neurons; ++m) u[m] = load(values + (m * samples + k) * LANES);
    UNROLL for (int r = 0; r < rows; ++r) {
      vector l = load(factor + (packed_row(first + r) + k) * LANES);
      UNROLL for (int m = 0; m < neurons; ++m) sums[r][m] = l * u[m] + sums[r][m];
    }
  }
  UNROLL for (int k = 1; k < rows; ++k) UNROLL for (int m = 0; m < neurons; ++m) {
    vector u = load(values + (m * samples + first + k) * LANES);
    UNROLL for (int r = k; r < rows; ++r)
      sums[r][m] = load(factor + (packed_row(first + r) + first + k) * LANES) * u + sums[r][m];
  }
  UNROLL for (int r = 0; r < rows; ++r) UNROLL for (int m = 0; m < neurons; ++m)
    store(values + (m * samples + first + r) * LANES, sums[r][m]);
}

KERNEL void correlate_neurons(const float *factor, size_t samples, float *values, int neurons) {
  size_t rest = samples % ROWS, first = samples - rest;
  if (rest == 3) correlate_tile(factor, samples, first, values, 3, neurons);
  if (rest == 2) correlate_tile(factor, samples, first, values, 2, neurons);
  if (rest == 1) correlate_tile(factor, samples, first, values, 1, neurons);
  while (first > 0) {
    first -= ROWS;
    correlate_tile(factor, samples, first, values, ROWS, neurons);
  }
}

static void correlate(const float *factor, size_t samples, size_t neurons, float *values) {
  for (size_t lane = 0; lane < LANES; lane += PACKED) {
    size_t m = 0;
    for (; m + 2 <= neurons; m += 2) correlate_neurons(factor + lane, samples, values + m * samples * LANES + lane, 2);
    if (m < neurons) correlate_neurons(factor + lane, samples, values + m * samples * LANES + lane, 1);
  }
}

// Gram matrix

KERNEL void gram_tile(
    const float *values, size_t samples, size_t neurons, float *gram, size_t i, size_t j, int rows, int columns) {
  vector sums[ROWS][COLUMNS];
  UNROLL for (int r = 0; r < rows; ++r) UNROLL for (int c = 0; c < columns; ++c) sums[r][c] = (vector){0};
  const float *left = values + i * LANES, *right = values + j * LANES;
  for (size_t m = 0; m < neurons; ++m, left += samples * LANES, right += samples * LANES) {
    // Or each of the rows and columns would get a pointer of its own.
    __asm__("" : "+r"(left), "+r"(right));
    vector x[ROWS], y[COLUMNS];
    UNROLL for (int r = 0; r < rows; ++r) x[r] = load(left + r * LANES);
    UNROLL for (int c = 0; c < columns; ++c) y[c] = load(right + c * LANES);
    UNROLL for (int r = 0; r < rows; ++r) UNROLL for (int c = 0; c < columns; ++c) sums[r][c] = x[r] * y[c] + sums[r][c];
  }
  UNROLL for (int r = 0; r < rows; ++r) UNROLL for (int c = 0; c < columns; ++c) {
    if (j + c > i + r) continue;
    float *place = gram + (packed_row(i + r) + j + c) * LANES;
    store(place, load(place) + sums[r][c]);
  }
}

KERNEL void gram_rows(const float *values, size_t samples, size_t neurons, float *gram, size_t i, int rows) {
  size_t end = i + (size_t)rows, j = 0;
  for (; j + COLUMNS <= end; j += COLUMNS) gram_tile(values, samples, neurons, gram, i, j, rows, COLUMNS);
  if (end - j == 3) gram_tile(values, samples, neurons, gram, i, j, rows, COLUMNS > 3 ? 3 : COLUMNS);
  if (end - j == 2) gram_tile(values, samples, neurons, gram, i, j, rows, 2);
  if (end - j == 1) gram_tile(values, samples, neurons, gram, i, j, rows, 1);
}

// Functions of their own, since all tiles together need more registers than there are.
#define GRAM_ROWS(rows) \
  static __attribute__((noinline)) void gram_rows_##rows( \
      const float *values, size_t samples, size_t neurons, float *gram, size_t i) { \
    gram_rows(values, samples, neurons, gram, i, rows); \
  }
GRAM_ROWS(1)
GRAM_ROWS(2)
GRAM_ROWS(3)
GRAM_ROWS(4)
#undef GRAM_ROWS

static void accumulate(const float *values, size_t samples, size_t neurons, float *gram) {
  for (size_t lane = 0; lane < LANES; lane += PACKED) {
    size_t i = 0;
    for (; i + ROWS <= samples; i += ROWS) gram_rows_4(values + lane, samples, neurons, gram + lane, i);
    if (samples - i == 3) gram_rows_3(values + lane, samples, neurons, gram + lane, i);
    if (samples - i == 2) gram_rows_2(values + lane, samples, neurons, gram + lane, i);
    if (samples - i == 1) gram_rows_1(values + lane, samples, neurons, gram + lane, i);
  }
}

static void rescale(float factor, float offset, size_t samples, float *gram) {
  for (size_t k = 0; k < packed_row(samples) * LANES; k += PACKED) store(gram + k, load(gram + k) * factor + offset);
}

// Statistics

/// Eight partial sums, so that additions do not wait for each other; the mean is corrected by its own rounding.
typedef double eight __attribute__((vector_size(64)));

KERNEL double sum_of_eight(const eight *parts) {
  double sum = 0;
  UNROLL for (int k = 0; k < 8; ++k) sum += (*parts)[k];
  return sum;
}

static void moments(const double *values, size_t count, double *deviations, double *moments) {
  eight sums = {0};
  size_t whole = count / 8 * 8;
  for (size_t i = 0; i < whole; i += 8) {
    eight v;
    memcpy(&v, values + i, sizeof v);
    sums += v;
  }
  for (size_t i = whole; i < count; ++i) sums[0] += values[i];
  double mean = sum_of_eight(&sums) / (double)count;
  eight squares = {0}, cubes = {0}, fourths = {0};
  for (size_t i = 0; i < whole; i += 8) {
    eight d;
    memcpy(&d, values + i, sizeof d);
    d -= mean;
    eight d2 = d * d;
    memcpy(deviations + i, &d, sizeof d);
    squares += d2;
    cubes += d2 * d;
    fourths += d2 * d2;
  }
  for (size_t i = whole; i < count; ++i) {
    double d = values[i] - mean, d2 = d * d;
    deviations[i] = d;
    squares[0] += d2;
    cubes[0] += d2 * d;
    fourths[0] += d2 * d2;
  }
  moments[0] = mean;
  moments[1] = sum_of_eight(&squares);
  moments[2] = sum_of_eight(&cubes);
  moments[3] = sum_of_eight(&fourths);
}

#ifdef TARGET
#pragma clang attribute pop
#endif

const struct orrery_chain_kernels CHAIN_KERNELS = {
    .factorize = factorize, .correlate = correlate, .accumulate = accumulate, .rescale = rescale, .moments = moments};

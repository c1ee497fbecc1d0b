// One call of every kernel, ready to be timed. What a kernel changes in place stays in its range however often it is called.
#include "CElementwise.h"
#include "CLevels.h"

#include <string.h>

#define CASE struct orrery_level_case
#define PATHS ORRERY_INSTRUCTION_SETS

static const struct orrery_kernels *elementwise[PATHS];
static const struct orrery_arithmetic_kernels *arithmetic[PATHS];
static const struct orrery_chain_kernels *chain[PATHS];
static const struct orrery_dual_kernels *dual[PATHS];
static const struct orrery_product_kernels *product[PATHS];
static const struct orrery_row_kernels *row[PATHS];
static const struct orrery_update_kernels *update[PATHS];

static void find_tables(int path) {
  elementwise[path] = orrery_kernels_for(path);
  arithmetic[path] = orrery_arithmetic_kernels_for(path);
  chain[path] = orrery_chain_kernels_for(path);
  dual[path] = orrery_dual_kernels_for(path);
  product[path] = orrery_product_kernels_for(path);
  row[path] = orrery_row_kernels_for(path);
  update[path] = orrery_update_kernels_for(path);
}

#define MATRIX (512 * 512)  // elements of the largest operand
#define APART 272           // so that two arrays do not share their places in the first cache's sets
#define TILE 64             // no tile has more columns
#define SIDE 14             // of an image
#define FRAMED (SIDE + 2)   // with a frame of zeros
#define FEATURES 8

static const struct orrery_stream stream = {.seed = 7};
static uint32_t words_drawn[2048];

/// Of one step of any rule; everything stays bounded when it is repeated with one gradient.
static const struct orrery_update rule = {
    .scale = 1, .limit = 10, .coupled = 0.01, .keep = 0.99, .rate = 0.01, .memory1 = 0.9, .fresh1 = 0.1, .memory2 = 0.99,
    .fresh2 = 0.01, .second = 1, .inside = 1e-8, .outside = 1e-8, .along = 0.1, .across = 1};

static const ptrdiff_t taps[4] = {0, 64, FRAMED * 64, FRAMED * 64 + 64};

#define REAL float
#define WIDTH f32
#define NAME(name) name##_f32
#include "CaseLoops.h"
#include "CaseTable.h"
#undef REAL
#undef WIDTH
#undef NAME

#define REAL double
#define WIDTH f64
#define NAME(name) name##_f64
#include "CaseLoops.h"
#include "CaseTable.h"
#undef REAL
#undef WIDTH
#undef NAME

// The chain has one precision: sixteen networks of eight samples.

enum { SAMPLES = 8, NEURONS = 64, PAIRS = SAMPLES * (SAMPLES + 1) / 2, LANES = ORRERY_CHAIN_LANES };

static _Alignas(64) float gram[PAIRS * LANES], factor[PAIRS * LANES], values[NEURONS * SAMPLES * LANES];
static double numbers[2048], deviations[2048], moments[4];

static void prepare_chain(const CASE *c, int path) {
  (void)c;
  find_tables(path);
  for (size_t i = 0; i < SAMPLES; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      for (size_t lane = 0; lane < LANES; ++lane) {
        size_t place = (i * (i + 1) / 2 + j) * LANES + lane;
        gram[place] = i == j ? 2 : 1;
        // Rows whose sum is one: repeated, they lead to the first sample's values.
        factor[place] = i == 0 ? 1 : i == j ? 0.5f : 0.5f / (float)i;
      }
    }
  }
  for (size_t i = 0; i < NEURONS * SAMPLES * LANES; ++i) values[i] = 0.5f + (float)(i % 97) / 97;
  for (size_t i = 0; i < 2048; ++i) numbers[i] = (double)(i % 97) / 97;
}

static void factorize(const CASE *c, int path) {
  (void)c;
  chain[path]->factorize(gram, SAMPLES, 1e-6f, factor);
}

static void correlate_chain(const CASE *c, int path) {
  (void)c;
  chain[path]->correlate(factor, SAMPLES, NEURONS, values);
}

static void accumulate(const CASE *c, int path) {
  (void)c;
  chain[path]->accumulate(values, SAMPLES, NEURONS, gram);
}

static void rescale(const CASE *c, int path) {
  (void)c;
  chain[path]->rescale(0.5f, 1, SAMPLES, gram);
}

static void moments_of(const CASE *c, int path) {
  (void)c;
  chain[path]->moments(numbers, 2048, deviations, moments);
}

static void words(const CASE *c, int path) { elementwise[path]->words(stream, 0, c->rows, words_drawn); }

#define CHAIN_CASE(name, function, ...) \
  {.kernel = "chain " name, .rows = SAMPLES, .inner = NEURONS, .prepare = prepare_chain, .run = function, __VA_ARGS__}

static const CASE chain_cases[] = {
    {.kernel = "chain factorize", .rows = SAMPLES, .elements = PAIRS * LANES, .prepare = prepare_chain, .run = factorize},
    CHAIN_CASE("correlate", correlate_chain, .elements = NEURONS * SAMPLES * LANES,
               .operations = 2.0 * NEURONS * PAIRS * LANES),
    CHAIN_CASE("accumulate", accumulate, .elements = PAIRS * LANES, .operations = 2.0 * NEURONS * PAIRS * LANES),
    {.kernel = "chain rescale", .rows = SAMPLES, .elements = PAIRS * LANES, .read = PAIRS * LANES,
     .written = PAIRS * LANES, .prepare = prepare_chain, .run = rescale},
    {.kernel = "chain moments", .is_double = 1, .rows = 2048, .elements = 2048, .prepare = prepare_chain,
     .run = moments_of},
    {.kernel = "random words", .rows = 2048, .elements = 2048, .prepare = prepare_chain, .run = words},
};

#define COUNT(cases) (sizeof(cases) / sizeof(CASE))

const struct orrery_level_case *orrery_level_cases(size_t *count) {
  static CASE all[COUNT(cases_f32) + COUNT(cases_f64) + COUNT(chain_cases)];
  *count = COUNT(all);
  // Each kernel's two precisions beside each other.
  for (size_t i = 0; i < COUNT(cases_f32); ++i) all[2 * i] = cases_f32[i], all[2 * i + 1] = cases_f64[i];
  memcpy(all + 2 * COUNT(cases_f32), chain_cases, sizeof chain_cases);
  return all;
}

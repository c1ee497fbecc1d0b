// What `OrreryBenchmarks levels` times: one call of every kernel on data in the first two caches, and what the processor can do
// at most with the vectors of each path.
#pragma once

#include <stddef.h>

/// One kernel on one shape. Paths are numbered as in `enum orrery_instruction_set`.
struct orrery_level_case {
  /// What one calls it: `product`, `tanh`, `adam`.
  const char *kernel;
  int is_double;
  /// The extents that it has; 0 where it has fewer.
  size_t rows, inner, columns;
  /// Numbers given out by one call.
  double elements;
  /// Floating-point operations of one call, a multiply-add two, where they are the work and can be counted; else 0.
  double operations;
  /// Numbers read and written by one call, where moving them is the work; else 0.
  double read, written;
  /// Of a table of functions, which.
  int function;
  void (*prepare)(const struct orrery_level_case *, int instruction_set);
  /// One call, after `prepare` for the same path.
  void (*run)(const struct orrery_level_case *, int instruction_set);
};

/// All of them, `*count` many.
const struct orrery_level_case *orrery_level_cases(size_t *count);

enum orrery_peak_kind {
  ORRERY_PEAK_SINGLE,  // operations of independent multiply-adds in registers, f32
  ORRERY_PEAK_DOUBLE,  // f64
  ORRERY_PEAK_READ,    // bytes read from the first cache
  ORRERY_PEAK_COPY,    // bytes read and written there, as many of each
};

struct orrery_peak {
  /// Operations or bytes of one round.
  double work;
  /// What it returns only keeps the compiler from leaving out the rest.
  double (*run)(size_t rounds);
};

/// The peak of a path that this processor has.
struct orrery_peak orrery_peak(int instruction_set, int kind);

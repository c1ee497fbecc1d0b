// The loops over arrays, one function each. Input and output may be the same array, which is as safe as two for the
// vectoriser, though it cannot know. Several vectors at once, since one would wait for its own results; what is left by one.

#define LOOP_WIDTH (VECTOR_BYTES / sizeof(REAL))  // also where a part is computed in double

/// `vectors` at once: four where a function waits for its own steps, two where four would leave no registers.
#define LOOP(function, vectors) \
  static void NAME(function##_loop)(const REAL *input, REAL *output, size_t count) { \
    enum { at_once = vectors }; \
    size_t whole = count / (at_once * LOOP_WIDTH) * (at_once * LOOP_WIDTH); \
    _Pragma("clang loop vectorize(assume_safety) vectorize_width(LOOP_WIDTH) interleave_count(at_once)") \
    for (size_t i = 0; i < whole; ++i) output[i] = NAME(function)(input[i]); \
    _Pragma("clang loop vectorize(assume_safety) vectorize_width(LOOP_WIDTH) interleave_count(1)") \
    for (size_t i = whole; i < count; ++i) output[i] = NAME(function)(input[i]); \
  }

/// A loop in pieces; a piece with an argument too large for the reduction is done again by the C library, there.
#define CIRCULAR_LOOP(function, fallback) \
  static void NAME(function##_loop)(const REAL *input, REAL *output, size_t count) { \
    REAL arguments[256]; \
    for (size_t start = 0; start < count; start += 256) { \
      size_t piece = count - start < 256 ? count - start : 256; \
      INTEGER large = 0; \
      for (size_t i = 0; i < piece; ++i) { \
        arguments[i] = input[start + i]; \
        large |= NAME(absolute)(arguments[i]) > SIN_LIMIT; \
      } \
      _Pragma("clang loop vectorize(assume_safety) vectorize_width(LOOP_WIDTH)") \
      for (size_t i = 0; i < piece; ++i) output[start + i] = NAME(function)(arguments[i]); \
      if (__builtin_expect(large != 0, 0)) { \
        for (size_t i = 0; i < piece; ++i) { \
          if (NAME(absolute)(arguments[i]) > SIN_LIMIT) output[start + i] = fallback(arguments[i]); \
        } \
      } \
    } \
  }

LOOP(exp, 4)
LOOP(expm1, 4)
LOOP(log, 4)
LOOP(log1p, 4)
LOOP(tanh, 4)
LOOP(sigmoid, 2)
LOOP(silu, 2)
LOOP(softplus, 4)
LOOP(gaussian, 4)
LOOP(erf, 2)
LOOP(erfc, 2)
LOOP(normal_cdf, 2)
LOOP(gelu, 2)
CIRCULAR_LOOP(sin, LIBRARY_SIN)
CIRCULAR_LOOP(cos, LIBRARY_COS)
LOOP(asin, 2)
LOOP(acos, 2)
LOOP(sqrt, 2)

#undef LOOP
#undef LOOP_WIDTH
#undef CIRCULAR_LOOP

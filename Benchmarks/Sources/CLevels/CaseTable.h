// The table of the cases of one precision. Included once for each, after CaseLoops.h.

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

import CElementwise

/// Elementary functions of whole arrays, in vector instructions (`CElementwise`).
///
/// ```swift
/// let y = Elementwise.Function.tanh([0.1, 0.2, 0.3] as [Float])
/// ```
///
/// Largest errors, measured on every path against a wider format: 2 ulp in `Float` (tanh 2.01 without fused
/// multiply-adds), 4 ulp in `Double`, over the whole
/// range, denormal numbers included; NaN and infinities give what the C library gives. The last bits may differ between
/// instruction sets (`InstructionSet`), never with the place of an element or the length of the array.
public enum Elementwise {
  /// The functions offered.
  public enum Function: String, CaseIterable, Sendable {
    /// The exponential, and eˣ − 1 without cancellation.
    case exp, expm1
    /// The natural logarithm, and log(1 + x) without cancellation.
    case log, log1p
    /// The hyperbolic tangent; the logistic function 1/(1 + e⁻ˣ); x/(1 + e⁻ˣ); log(1 + eˣ).
    case tanh, sigmoid, silu, softplus
    /// exp(−x²/2), without a factor in front.
    case gaussian
    /// The error function and its complement, to relative accuracy in the tail.
    case erf, erfc
    /// Φ(x), the standard normal's distribution function, to relative accuracy in the left tail; x Φ(x).
    case normalCDF, gelu
    /// Sine and cosine. Arguments beyond 2¹⁷ in `Float` and 2²⁰ in `Double` go to the C library, at its speed.
    case sin, cos
    /// The principal values.
    case asin, acos
    /// The square root, correctly rounded.
    case sqrt
  }

  /// output[i] ← function(input[i]). The two arrays are the same or do not overlap.
  package static func apply(
    _ function: Function, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
  ) {
    orrery_apply_f32(function.kernel, input, output, count)
  }

  package static func apply(
    _ function: Function, _ input: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>, count: Int
  ) {
    orrery_apply_f64(function.kernel, input, output, count)
  }

  /// The same on a path of choice, for the tests.
  ///
  /// - Precondition: `instructionSet.isAvailable`.
  package static func apply(
    _ function: Function, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int,
    on instructionSet: InstructionSet
  ) {
    instructionSet.kernels.pointee.apply(function, input, output, count)
  }

  package static func apply(
    _ function: Function, _ input: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>, count: Int,
    on instructionSet: InstructionSet
  ) {
    instructionSet.kernels.pointee.apply(function, input, output, count)
  }
}

extension Elementwise.Function {
  /// The function's number in the C tables.
  var kernel: Int32 {
    let kernel =
      switch self {
      case .exp: ORRERY_EXP
      case .expm1: ORRERY_EXPM1
      case .log: ORRERY_LOG
      case .log1p: ORRERY_LOG1P
      case .tanh: ORRERY_TANH
      case .sigmoid: ORRERY_SIGMOID
      case .silu: ORRERY_SILU
      case .softplus: ORRERY_SOFTPLUS
      case .gaussian: ORRERY_GAUSSIAN
      case .erf: ORRERY_ERF
      case .erfc: ORRERY_ERFC
      case .normalCDF: ORRERY_NORMAL_CDF
      case .gelu: ORRERY_GELU
      case .sin: ORRERY_SIN
      case .cos: ORRERY_COS
      case .asin: ORRERY_ASIN
      case .acos: ORRERY_ACOS
      case .sqrt: ORRERY_SQRT
      }
    return Int32(kernel.rawValue)
  }
}

/// A number and how far it may be off.
///
/// For a computed number (a quadrature, a root) `error` estimates the size of the numerical error, rounding included;
/// for a sampled one it is the standard error. An estimate that did not reach its tolerance says so by its error.
public struct Estimate: Hashable, Codable, Sendable {
  public var value: Double
  /// Never negative; infinite when nothing is known of the value.
  public var error: Double

  public init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// error / |value|; infinite for a value of 0 with an error.
  public var relativeError: Double { error == 0 ? 0 : error / value.magnitude }

  /// Whether the error is within the tolerance.
  public func meets(_ tolerance: Tolerance) -> Bool { error <= tolerance.allowedError(for: value) }

  /// The estimate of `factor` times the number.
  public func scaled(by factor: Double) -> Estimate {
    Estimate(value: value * factor, error: error * factor.magnitude)
  }
}

/// How small an error is asked for: the larger of a relative and an absolute one is enough.
public struct Tolerance: Hashable, Codable, Sendable {
  public var relative: Double
  public var absolute: Double

  public init(relative: Double = 1e-12, absolute: Double = 0) {
    self.relative = relative
    self.absolute = absolute
  }

  /// A relative error of 10⁻¹².
  public static let standard = Tolerance()

  /// The error that is small enough for a number of the given value.
  public func allowedError(for value: Double) -> Double { max(absolute, relative * value.magnitude) }
}

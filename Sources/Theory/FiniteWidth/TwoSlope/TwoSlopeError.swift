/// Why the Gaussian moments of a two-slope activation cannot be computed.
public enum TwoSlopeError: Error, Equatable, CustomStringConvertible {
  /// A slope is NaN or infinite.
  case badSlopes(positive: Double, negative: Double)
  /// The matrix is not inputs × inputs.
  case wrongCount(name: String, inputs: Int, found: Int)
  /// A variance is negative, NaN or infinite.
  case badVariance(input: Int, value: Double)
  case nonFiniteCovariance(row: Int, column: Int)
  case notSymmetric(row: Int, column: Int)
  /// |k₁₂| > √(k₁₁k₂₂) by more than rounding, or 1 − c outside [0, 2].
  case badCorrelation(row: Int, column: Int, correlation: Double)

  public var description: String {
    switch self {
    case .badSlopes(let positive, let negative):
      "The activation has the slopes \(positive) and \(negative); both must be finite."
    case .wrongCount(let name, let inputs, let found):
      "\(name) of \(inputs) inputs has \(found) elements; give \(name == "A list of variances" ? "one an input" : "inputs × inputs of them, row after row")."
    case .badVariance(let input, let value):
      "The preactivation of input \(input) has the variance \(value); a variance must be finite and not negative."
    case .nonFiniteCovariance(let row, let column):
      "The covariance of inputs \(row) and \(column) is not a finite number; check the layers before this one for overflow."
    case .notSymmetric(let row, let column):
      "The matrix differs between elements (\(row), \(column)) and (\(column), \(row)); make it symmetric."
    case .badCorrelation(let row, let column, let correlation):
      "Inputs \(row) and \(column) have the correlation \(correlation), outside [−1, 1]; give a covariance matrix."
    }
  }
}

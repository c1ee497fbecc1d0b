/// Why the dynamics of a network at infinite width cannot be given; each text says what is wrong and what to do.
public enum DynamicsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A closed law is known for squared errors only.
  case notSquaredError(loss: String)
  /// Shapes of kernels and targets do not fit.
  case shapeMismatch(what: String, expected: [Int], found: [Int])
  /// A learning rate, a momentum or a time that is no such thing.
  case badNumber(name: String, value: Double)
  /// The tangent kernel has an eigenvalue below 0, beyond rounding.
  case notPositiveSemidefinite(eigenvalue: Double, largest: Double)
  /// η is not below the largest stable rate, and outputs have grown out of range.
  case diverges(rate: Double, largestStable: Double, step: Int)

  public var description: String {
    switch self {
    case .notSquaredError(let loss):
      "Training at infinite width has a closed form for squared errors only, and the loss is \(loss); choose mse."
    case .shapeMismatch(let what, let expected, let found):
      "\(what) has the shape \(found), and \(expected) is needed; make kernels, inputs and targets of the same samples."
    case .badNumber(let name, let value):
      "The \(name) is \(value); it must be finite and not negative" + (name == "momentum" ? ", and below 1." : ".")
    case .notPositiveSemidefinite(let eigenvalue, let largest):
      "The tangent kernel of the training samples has the eigenvalue \(eigenvalue) beside a largest one of \(largest), and a "
        + "kernel has none below 0; check that it is one, and compute it in float64."
    case .diverges(let rate, let largestStable, let step):
      "With the learning rate \(rate) training diverges at infinite width, out of range by step \(step); it must be below "
        + "\(largestStable)."
    }
  }
}

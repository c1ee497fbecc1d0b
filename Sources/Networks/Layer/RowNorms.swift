import OrreryFindings

/// Layer normalization along the last axis: y_j = g_j (x_j − m)/√(v + ε) + s_j, m and v the mean and the variance (divisor
/// n) of the n features at each position; gains g start at 1 and shifts s at 0.
///
/// J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv:1607.06450.
public struct LayerNorm: LayerDescription {
  public static let key = "layer-norm"
  public var publications: [Publication] { [.ba2016layer] }
  /// ε > 0.
  public var epsilon: Double
  /// Whether gains and shifts are learned; without them g = 1 and s = 0 stay.
  public var learned: Bool

  public init(epsilon: Double = 1e-5, learned: Bool = true) {
    self.epsilon = epsilon
    self.learned = learned
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epsilon = try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? 1e-5
    learned = try container.decodeIfPresent(Bool.self, forKey: .learned) ?? true
  }

  /// - Throws: `NetworkError` unless ε is positive.
  public func validate() throws { try RowNormShape.check(epsilon: epsilon, name: "a layer normalization") }

  /// - Throws: `NetworkError` unless an axis of features enters and ε is positive.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try RowNormShape.check(inputShape, epsilon: epsilon, name: "a layer normalization")
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    guard learned, let features = inputShape.last else { return [] }
    return [
      ParameterDescription(name: "gain", shape: [features], fanIn: 1, role: .norm, initial: .constant(1)),
      ParameterDescription(name: "shift", shape: [features], fanIn: 1, role: .norm, initial: .constant(0)),
    ]
  }
}

/// Root-mean-square normalization along the last axis: y_j = g_j x_j/√(mean x² + ε); gains g start at 1.
///
/// B. Zhang, R. Sennrich, arXiv:1910.07467.
public struct RootMeanSquareNorm: LayerDescription {
  public static let key = "rms-norm"
  public var publications: [Publication] { [.zhang2019root] }
  /// ε > 0.
  public var epsilon: Double
  /// Whether gains are learned; without them g = 1 stays.
  public var learned: Bool

  public init(epsilon: Double = 1e-5, learned: Bool = true) {
    self.epsilon = epsilon
    self.learned = learned
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epsilon = try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? 1e-5
    learned = try container.decodeIfPresent(Bool.self, forKey: .learned) ?? true
  }

  /// - Throws: `NetworkError` unless ε is positive.
  public func validate() throws { try RowNormShape.check(epsilon: epsilon, name: "a root-mean-square normalization") }

  /// - Throws: `NetworkError` unless an axis of features enters and ε is positive.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try RowNormShape.check(inputShape, epsilon: epsilon, name: "a root-mean-square normalization")
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    guard learned, let features = inputShape.last else { return [] }
    return [ParameterDescription(name: "gain", shape: [features], fanIn: 1, role: .norm, initial: .constant(1))]
  }
}

private enum RowNormShape {
  static func check(_ shape: [Int], epsilon: Double, name: String) throws -> [Int] {
    guard let features = shape.last, features >= 1 else {
      throw NetworkError(
        .invalidShape, "\(name) takes an axis of features, and the shape \(shape) enters",
        remedy: "give it at least one feature.")
    }
    try check(epsilon: epsilon, name: name)
    return shape
  }

  static func check(epsilon: Double, name: String) throws {
    guard epsilon > 0, epsilon.isFinite else {
      throw NetworkError(
        .invalidValue, "the epsilon of \(name) is \(epsilon)", remedy: "give a small positive number, such as 1e-5.",
        key: "epsilon")
    }
  }
}

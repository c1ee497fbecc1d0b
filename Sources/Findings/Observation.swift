/// The value of one observable on one network at one step of its training.
///
/// ```swift
/// Observation("loss", member: 3, step: 100, value: 0.42)
/// Observation("feature-kernel", step: 100, shape: [64, 64], values: kernel)
/// ```
public struct Observation: Hashable, Codable, Sendable {
  /// What was observed, in kebab-case: `loss`, `sharpness`.
  public var observable: String
  /// Rises whenever the observable's estimator gets other digits.
  public var numericsVersion: Int
  /// The network's number in its ensemble; 0 for a single one.
  public var member: Int
  /// The training step; 0 is initialization.
  public var step: Int
  /// The extent of each axis, slowest first; empty for a number.
  public var shape: [Int]
  /// The elements, row-major.
  public var values: [Double]

  /// - Precondition: as many values as the shape has places.
  public init(
    _ observable: String, numericsVersion: Int = 1, member: Int = 0, step: Int = 0, shape: [Int], values: [Double]
  ) {
    precondition(
      shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape) of \(observable).")
    self.observable = observable
    self.numericsVersion = numericsVersion
    self.member = member
    self.step = step
    self.shape = shape
    self.values = values
  }

  /// A single number.
  public init(_ observable: String, numericsVersion: Int = 1, member: Int = 0, step: Int = 0, value: Double) {
    self.init(
      observable, numericsVersion: numericsVersion, member: member, step: step, shape: [], values: [value])
  }
}

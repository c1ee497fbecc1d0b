/// z_i = b_i + Σ_j W_ij x_j along the last axis: (…, features) → (…, units), the same weights at every position.
public struct Dense: LayerDescription {
  public static let key = "dense"
  public var units: Int
  /// Where in the network this layer stands, which fixes its parameters' roles.
  public var role: ParameterRole

  public init(units: Int, role: ParameterRole = .hidden) {
    self.units = units
    self.role = role
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode(Int.self, forKey: .units)
    role = try container.decodeIfPresent(ParameterRole.self, forKey: .role) ?? .hidden
  }

  /// - Throws: `NetworkError` unless the units are in 1 … ``LayerBounds/largestExtent``.
  public func validate() throws { try LayerBounds.check(units: units, of: "a dense layer") }

  /// - Throws: `NetworkError` unless an axis of features enters and the units are in 1 … ``LayerBounds/largestExtent``.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard let features = inputShape.last, features >= 1 else {
      throw NetworkError(
        .invalidShape, "a dense layer takes an axis of features, and the shape \(inputShape) enters",
        remedy: "give it at least one feature.")
    }
    try validate()
    return inputShape.dropLast() + [units]
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    let fanIn = inputShape.last ?? 1
    return [
      ParameterDescription(name: "weight", shape: [units, fanIn], fanIn: fanIn, role: role),
      ParameterDescription(
        name: "bias", shape: [units], fanIn: 1, role: role == .readout ? .readoutBias : .hiddenBias),
    ]
  }
}

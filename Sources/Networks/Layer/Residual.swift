/// A residual block: x + a f(x), f the layers of its branch, which keep the shape.
///
/// In a description `residual: [ … ]` lists the branch; with a branch scale a ≠ 1 it is
/// `residual: { branch: [ … ], scale: 0.5 }`.
public struct Residual: LayerDescription {
  public static let key = "residual"
  /// f.
  public var branch: [Layer]
  /// a.
  public var scale: Double

  public init(_ branch: [Layer], scale: Double = 1) {
    self.branch = branch
    self.scale = scale
  }

  /// - Throws: `NetworkError` when a layer of the branch does not fit, the branch changes the shape, or a is not finite.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard scale.isFinite else {
      throw NetworkError(.invalidValue, "the branch scale is \(scale)", remedy: "give a finite number, such as 1.")
    }
    let output = try branch.outputShape(for: inputShape)
    guard output == inputShape else {
      throw NetworkError(
        .invalidShape, "the shape \(inputShape) enters the block and \(output) leaves its branch",
        remedy: "make the branch keep the shape.")
    }
    return output
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    // Shapes have been checked.
    ((try? branch.parameters(inputShape: inputShape)) ?? []).map { parameter in
      var description = parameter.description
      description.name = parameter.name
      return description
    }
  }
}

extension Residual: Codable {
  private enum CodingKeys: String, CodingKey { case branch, scale }

  public init(from decoder: any Decoder) throws {
    if (try? decoder.unkeyedContainer()) != nil {
      self.init(try [Layer](from: decoder))
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        try container.decode([Layer].self, forKey: .branch),
        scale: try container.decodeIfPresent(Double.self, forKey: .scale) ?? 1)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if scale == 1 { return try branch.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(branch, forKey: .branch)
    try container.encode(scale, forKey: .scale)
  }
}

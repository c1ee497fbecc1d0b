/// A residual block: s(x) + a f(x), f the layers of its branch; s is x itself where the branch keeps the shape, else the layers
/// of its skip, such as a convolution with a 1 × 1 kernel.
///
/// In a description `residual: [ … ]` lists the branch; with a branch scale a ≠ 1 or a skip it is
/// `residual: { branch: [ … ], scale: 0.5, skip: [ … ] }`.
public struct Residual: LayerDescription {
  public static let key = "residual"
  /// f.
  public var branch: [Layer]
  /// a.
  public var scale: Double
  /// s; none for x itself.
  public var skip: [Layer]

  public init(_ branch: [Layer], scale: Double = 1, skip: [Layer] = []) {
    self.branch = branch
    self.scale = scale
    self.skip = skip
  }

  /// - Throws: `NetworkError` when the branch is empty or a is not finite.
  public func validate() throws {
    guard scale.isFinite else {
      throw NetworkError(
        .invalidValue, "the branch scale is \(scale)", remedy: "give a finite number, such as 1.", key: "scale")
    }
    guard !branch.isEmpty else {
      throw NetworkError(
        .invalidShape, "its branch is empty, so that it would only scale what enters",
        remedy: "list the branch's layers, such as residual: [ { dense: { units: 64 } } ].", key: "branch")
    }
  }

  /// - Throws: `NetworkError` when a layer does not fit, the branch is empty, the shapes that leave branch and skip differ, or a is
  ///   not finite.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try validate()
    guard !(branch + skip).contains(where: { $0.description is Embedding }) else {
      throw NetworkError(
        .invalidShape, "it contains an embedding, which takes symbols of the data",
        remedy: "put the embedding first in the network, before the block.")
    }
    let output = try branch.outputShape(for: inputShape)
    let shortcut = try skip.outputShape(for: inputShape)
    guard output == shortcut else {
      throw NetworkError(
        .invalidShape,
        skip.isEmpty
          ? "the shape \(inputShape) enters the block and \(output) leaves its branch"
          : "the shape \(output) leaves the block's branch and \(shortcut) its skip",
        remedy: skip.isEmpty
          ? "make the branch keep the shape, or give the block a skip: layers that change it alike."
          : "make the two agree.")
    }
    return output
  }

  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    // Shapes have been checked.
    func named(_ layers: [Layer], _ prefix: String) -> [ParameterDescription] {
      ((try? layers.parameters(inputShape: inputShape)) ?? []).map { parameter in
        var description = parameter.description
        description.name = prefix + parameter.name
        return description
      }
    }
    return named(branch, "") + named(skip, "skip.")
  }
}

extension Residual: Codable {
  private enum CodingKeys: String, CodingKey { case branch, scale, skip }

  public init(from decoder: any Decoder) throws {
    if (try? decoder.unkeyedContainer()) != nil {
      self.init(try [Layer](from: decoder))
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        try container.decode([Layer].self, forKey: .branch),
        scale: try container.decodeIfPresent(Double.self, forKey: .scale) ?? 1,
        skip: try container.decodeIfPresent([Layer].self, forKey: .skip) ?? [])
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if scale == 1, skip.isEmpty { return try branch.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(branch, forKey: .branch)
    try container.encode(scale, forKey: .scale)
    if !skip.isEmpty { try container.encode(skip, forKey: .skip) }
  }
}

/// How a learning rate is given: a number, or left to theory.
public enum LearningRate: Hashable, Sendable {
  case auto
  case value(Double)

  /// The number, if there is one.
  public var value: Double? { if case .value(let value) = self { value } else { nil } }
}

extension LearningRate: Codable {
  /// From `"auto"` or a number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .value(value)
      return
    }
    let word = try container.decode(String.self)
    guard word == "auto" else {
      throw NetworkError(
        .unknownName, "a learning rate is called '\(word)'", remedy: "write auto, or a number above 0.")
    }
    self = .auto
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .auto: try container.encode("auto")
    case .value(let value): try container.encode(value)
    }
  }
}

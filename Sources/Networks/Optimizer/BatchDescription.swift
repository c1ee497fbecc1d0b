/// The samples of one step.
public enum BatchDescription: Hashable, Sendable {
  /// The whole training set.
  case full
  /// B samples.
  ///
  /// - Without replacement: an epoch is ⌊N/B⌋ steps along a fresh random permutation of the N samples. The N mod B samples
  ///   that are left over do not fill a batch and are not used in that epoch, so that every batch has B samples, no two
  ///   of them the same; the next permutation leaves out others.
  /// - With replacement: B independent draws in every step.
  case size(Int, replacement: Bool = false)

  /// B; nil for the whole training set.
  public var size: Int? { if case .size(let size, _) = self { size } else { nil } }
}

/// `"full"`, a number, or `{"size": 128, "replacement": true}`.
extension BatchDescription: Codable {
  private enum Key: String, CodingKey { case size, replacement }

  public init(from decoder: any Decoder) throws {
    if let size = try? decoder.singleValueContainer().decode(Int.self) {
      self = .size(size)
    } else if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard word == "full" else {
        throw NetworkError(
          .unknownName, "a batch is called '\(word)'", remedy: "write full, or the number of its samples.")
      }
      self = .full
    } else {
      let container = try decoder.container(keyedBy: Key.self)
      self = .size(
        try container.decode(Int.self, forKey: .size),
        replacement: try container.decodeIfPresent(Bool.self, forKey: .replacement) ?? false)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .size(let size, true) = self {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(size, forKey: .size)
      return try container.encode(true, forKey: .replacement)
    }
    var container = encoder.singleValueContainer()
    if let size { try container.encode(size) } else { try container.encode("full") }
  }
}

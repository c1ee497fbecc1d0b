/// The arithmetic that a network is trained in.
public enum Precision: String, Codable, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64

  /// The largest relative error of one rounding.
  public var unitRoundoff: Double {
    switch self {
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    case .float32: 0x1p-24
    case .float64: 0x1p-53
    }
  }

  /// The smallest positive normal number.
  public var leastNormal: Double {
    switch self {
    case .float16: 0x1p-14
    case .bfloat16, .float32: 0x1p-126
    case .float64: 0x1p-1022
    }
  }

  /// The largest finite number.
  public var greatestFinite: Double {
    switch self {
    case .float16: 65504
    case .bfloat16: 0x1.fep127
    case .float32: 0x1.fffffep127
    case .float64: Double.greatestFiniteMagnitude
    }
  }
}

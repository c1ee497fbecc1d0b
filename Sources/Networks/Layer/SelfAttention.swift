import OrreryFindings

/// Multi-head self-attention, (positions, features) → the same.
///
/// With queries Q = x W_Qᵀ + b_Q, keys K and values V likewise, cut into H heads of d = features/H each, head h is
/// softmax(Q_h K_hᵀ s) V_h, the softmax along each query's row; the heads, side by side, pass W_O. A causal layer lets
/// position t see the positions up to t alone. The factor s of the logits is 1/√d (A. Vaswani et al., arXiv:1706.03762) or
/// 1/d, with which they stay of order 1 at large width once queries and keys correlate (G. Yang, E. Hu et al.,
/// arXiv:2203.03466).
public struct SelfAttention: LayerDescription {
  public static let key = "self-attention"
  public var publications: [Publication] { [.vaswani2017attention] + (scale == .inverse ? [.yang2022tensor] : []) }

  /// The factor of the logits.
  public enum Scale: String, Hashable, Codable, Sendable, CaseIterable {
    /// 1/√d.
    case inverseSquareRoot = "inverse-square-root"
    /// 1/d.
    case inverse

    /// - Throws: `NetworkError` with the nearest right name.
    public init(from decoder: any Decoder) throws {
      let name = try decoder.singleValueContainer().decode(String.self)
      guard let scale = Scale(rawValue: name) else {
        throw NetworkError(
          .unknownName, "there is no factor of logits called '\(name)'",
          remedy: Spelling.remedy(for: name, among: Scale.allCases.map(\.rawValue)), key: "scale")
      }
      self = scale
    }

    public func factor(headSize: Int) -> Double {
      switch self {
      case .inverseSquareRoot: 1 / Double(headSize).squareRoot()
      case .inverse: 1 / Double(headSize)
      }
    }
  }

  /// H.
  public var heads: Int
  public var causal: Bool
  public var scale: Scale
  /// Whether the four maps have biases.
  public var biases: Bool

  public init(heads: Int, causal: Bool = false, scale: Scale = .inverseSquareRoot, biases: Bool = true) {
    self.heads = heads
    self.causal = causal
    self.scale = scale
    self.biases = biases
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    heads = try container.decode(Int.self, forKey: .heads)
    causal = try container.decodeIfPresent(Bool.self, forKey: .causal) ?? false
    scale = try container.decodeIfPresent(Scale.self, forKey: .scale) ?? .inverseSquareRoot
    biases = try container.decodeIfPresent(Bool.self, forKey: .biases) ?? true
  }

  /// - Throws: `NetworkError` unless there is a head.
  public func validate() throws {
    guard heads >= 1 else {
      throw NetworkError(
        .invalidShape, "self-attention has \(heads) heads", remedy: "give it at least one.", key: "heads")
    }
  }

  /// - Throws: `NetworkError` unless positions and features enter, and the heads share the features evenly.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 2, inputShape.allSatisfy({ $0 >= 1 }) else {
      throw NetworkError(
        .invalidShape, "self-attention takes (positions, features), and the shape \(inputShape) enters",
        remedy: "put an embedding before it, or give the data positions.")
    }
    try validate()
    guard inputShape[1] % heads == 0 else {
      throw NetworkError(
        .invalidShape, "\(heads) heads cannot share the \(inputShape[1]) features of the shape \(inputShape) evenly",
        remedy: "choose a number of heads that divides them.")
    }
    // Each head's weights of the softmax.
    guard
      LayerBounds.product([heads, inputShape[0], inputShape[0]], atMost: LayerBounds.largestExtent) != nil,
      LayerBounds.product([inputShape[1], inputShape[1]], atMost: LayerBounds.largestTensor) != nil
    else {
      throw NetworkError(
        .invalidShape,
        "self-attention of \(heads) heads over the shape \(inputShape) takes more numbers than can be held",
        remedy: "take fewer positions, heads or features.")
    }
    return inputShape
  }

  /// The four maps in order: query, key, value, output; each weight tensor, then its bias.
  public func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    let features = inputShape.last ?? 1
    return ["query", "key", "value", "output"].flatMap { name in
      [ParameterDescription(name: "\(name).weight", shape: [features, features], fanIn: features, role: .hidden)]
        + (biases
          ? [ParameterDescription(name: "\(name).bias", shape: [features], fanIn: 1, role: .hiddenBias)] : [])
    }
  }
}

/// The number that training lowers, with its own convention: ½ or not, sum or mean over samples. Sums over a sample's
/// outputs i are sums everywhere; z are the network's outputs, y the targets.
public enum Loss: Hashable, Sendable {
  public enum Reduction: String, Codable, Sendable, CaseIterable {
    case sum, mean
  }

  /// Σ or mean over samples of Σ_i (z_i − y_i)², with a factor ½ if `half`.
  case meanSquaredError(reduction: Reduction, half: Bool)
  /// Mean over samples of −log softmax(z)_label, natural logarithm.
  case crossEntropy
  /// Mean over samples of Σ_i log(1 + exp(−y_i z_i)) with targets ±1: cross-entropy over two classes whose logits differ
  /// by z.
  case logistic
  /// Mean over samples of Σ_i max(0, 1 − y_i z_i) with targets ±1; the slope at the corner y z = 1 is taken as 0.
  case hinge

  public var name: String {
    switch self {
    case .meanSquaredError: "MSE"
    case .crossEntropy: "cross-entropy"
    case .logistic: "logistic loss"
    case .hinge: "hinge loss"
    }
  }

  /// Whether it is a mean over samples, and not their sum.
  public var isMean: Bool {
    if case .meanSquaredError(.sum, _) = self { false } else { true }
  }

  /// Its definition in words and symbols, for reports.
  public var formula: String {
    switch self {
    case .meanSquaredError(let reduction, let half):
      "the \(reduction.rawValue) over samples of \(half ? "½ " : "")Σᵢ (zᵢ − yᵢ)²"
    case .crossEntropy: "the mean over samples of −log softmax(z) at the label, in nats"
    case .logistic: "the mean over samples of Σᵢ log(1 + exp(−yᵢ zᵢ))"
    case .hinge: "the mean over samples of Σᵢ max(0, 1 − yᵢ zᵢ)"
    }
  }

  /// True when targets are signs, one for each output.
  public var needsSigns: Bool {
    switch self {
    case .logistic, .hinge: true
    case .meanSquaredError, .crossEntropy: false
    }
  }

  /// The key in a description.
  public var key: String {
    switch self {
    case .meanSquaredError: "mse"
    case .crossEntropy: "cross-entropy"
    case .logistic: "logistic"
    case .hinge: "hinge"
    }
  }

  /// The keys of all losses.
  public static let keys = ["mse", "cross-entropy", "logistic", "hinge"]
}

/// `"cross-entropy"`, or `{"mse": {"reduction": "sum", "half": true}}`.
extension Loss: Codable {
  private enum Key: String, CodingKey { case mse }
  private enum SquaredErrorKey: String, CodingKey { case reduction, half }

  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      switch word {
      case "cross-entropy": self = .crossEntropy
      case "logistic": self = .logistic
      case "hinge": self = .hinge
      case "mse": self = .meanSquaredError(reduction: .sum, half: true)
      default:
        throw NetworkError(
          .unknownName, "there is no loss called '\(word)'", remedy: Spelling.remedy(for: word, among: Self.keys))
      }
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
      .nestedContainer(keyedBy: SquaredErrorKey.self, forKey: .mse)
    self = .meanSquaredError(
      reduction: try container.decodeIfPresent(Reduction.self, forKey: .reduction) ?? .sum,
      half: try container.decodeIfPresent(Bool.self, forKey: .half) ?? true)
  }

  public func encode(to encoder: any Encoder) throws {
    guard case .meanSquaredError(let reduction, let half) = self else {
      var container = encoder.singleValueContainer()
      return try container.encode(key)
    }
    var outer = encoder.container(keyedBy: Key.self)
    var container = outer.nestedContainer(keyedBy: SquaredErrorKey.self, forKey: .mse)
    try container.encode(reduction, forKey: .reduction)
    try container.encode(half, forKey: .half)
  }
}

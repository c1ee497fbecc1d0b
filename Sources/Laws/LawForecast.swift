import OrreryFindings
import OrreryReports

/// One number that a law predicts: a power, a slope, a ratio between networks, where a `Prediction` is of one network's quantity.
public struct LawClaim: Hashable, Codable, Sendable, PredictedNumber {
  /// Its name among the law's claims, in kebab-case.
  public var key: String
  /// What a reader calls it: "ν of tanh".
  public var title: InlineText
  public var value: Double
  /// σ_p, of a prediction that is itself sampled.
  public var samplingError: Double
  /// δ_p, by the law's rule: the size of what the theory leaves out; with its sign where claims share it.
  public var truncationError: Double
  /// What the theory leaves out of several claims alike, by a name: their δ are one number's, so that their covariance is δδᵀ.
  /// Nil where a claim's δ has nothing to do with another's.
  public var sharedTruncation: String?
  /// The smallest difference that would matter, as an absolute number; nil where every one does.
  public var smallestEffect: Double?
  /// Whether the law stands or falls with this number; others are shown beside.
  public var isDeciding: Bool

  public init(
    _ key: String, _ title: InlineText, value: Double, samplingError: Double = 0, truncationError: Double = 0,
    sharedTruncation: String? = nil, smallestEffect: Double? = nil, isDeciding: Bool = true
  ) {
    self.key = key
    self.title = title
    self.value = value
    self.samplingError = samplingError
    self.truncationError = truncationError
    self.sharedTruncation = sharedTruncation
    self.smallestEffect = smallestEffect
    self.isDeciding = isDeciding
  }
}

/// A predicted curve, for the picture.
public struct LawCurve: Hashable, Codable, Sendable {
  public var key: String
  public var x: [Double]
  public var y: [Double]

  public init(_ key: String, x: [Double], y: [Double]) {
    self.key = key
    self.x = x
    self.y = y
  }
}

/// What theory says of a law's numbers before they are measured.
public struct LawForecast: Hashable, Codable, Sendable {
  public var budget: LawBudget
  /// Every claim has a key of its own.
  public var claims: [LawClaim]
  public var curves: [LawCurve]

  public init(_ budget: LawBudget, claims: [LawClaim], curves: [LawCurve] = []) {
    precondition(Set(claims.map(\.key)).count == claims.count, "Every claim has a key of its own.")
    self.budget = budget
    self.claims = claims
    self.curves = curves
  }

  public func claim(_ key: String) -> LawClaim? { claims.first { $0.key == key } }
  public func curve(_ key: String) -> LawCurve? { curves.first { $0.key == key } }
}

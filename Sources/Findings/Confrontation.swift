/// What a comparison of one prediction with one measurement says.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  /// |pull| < 2.
  case agrees
  /// 2 ≤ |pull| < 4.
  case inTension = "in tension"
  /// |pull| ≥ 4.
  case refuted
  /// The total error exceeds the smallest effect of interest, too few networks were measured to know it, or a number is
  /// missing.
  case cannotTell = "cannot tell"
}

/// One prediction beside one measurement of the same quantity.
///
/// pull = (m − p) / √(σ_m² + τ_m² + σ_p² + δ_p²): measurement's standard error and systematic bound, prediction's
/// sampling and truncation error.
public struct Confrontation: Hashable, Codable, Sendable {
  public var prediction: Prediction
  public var measurement: Measurement
  /// The smallest difference that would matter, as an absolute number; with a larger total error nothing can be told. Nil
  /// where every difference matters.
  public var smallestEffect: Double?
  /// √(σ_m² + τ_m² + σ_p² + δ_p²).
  public var totalError: Double
  public var pull: Double
  public var verdict: Verdict

  /// Networks below which a standard error is itself too uncertain for a verdict: with 30, a true prediction lies beyond a
  /// pull of 4 with the probability 4e-4 of Student's law, not a normal's 6e-5.
  public static let fewestNetworks = 30

  /// Compares the two; `smallestEffect` was fixed before measuring.
  ///
  /// - Precondition: both speak of the same quantity.
  public init(_ prediction: Prediction, _ measurement: Measurement, smallestEffect: Double? = nil) {
    precondition(prediction.quantity == measurement.quantity, "A confrontation compares one quantity with itself.")
    self.prediction = prediction
    self.measurement = measurement
    self.smallestEffect = smallestEffect
    let comparison = Comparison(prediction, measurement, smallestEffect: smallestEffect)
    (totalError, pull, verdict) = (comparison.totalError, comparison.pull, comparison.verdict)
  }
}

extension Verdict {
  /// difference / total error. A vanishing total error leaves only exact equality as agreement: ±∞ otherwise.
  public static func pull(difference: Double, totalError: Double) -> Double {
    totalError > 0 ? difference / totalError : (difference == 0 ? 0 : .infinity * difference)
  }

  /// The verdict on one number.
  ///
  /// - Parameters:
  ///   - totalError: √(σ_m² + τ_m² + σ_p² + δ_p²).
  ///   - networks: behind the measurement.
  ///   - smallestEffect: the smallest difference that would matter, fixed before measuring.
  public init(pull: Double, totalError: Double, networks: Int, smallestEffect: Double? = nil) {
    switch abs(pull) {
    case _ where networks < Confrontation.fewestNetworks: self = .cannotTell
    case _ where !pull.isFinite && totalError > 0 || totalError.isNaN || totalError > (smallestEffect ?? .infinity):
      self = .cannotTell
    case ..<2: self = .agrees
    case ..<4: self = .inTension
    default: self = pull.isNaN ? .cannotTell : .refuted
    }
  }
}

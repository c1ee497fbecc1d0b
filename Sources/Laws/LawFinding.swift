import OrreryFindings
import OrreryReports
import OrreryTensors

/// A claim beside its measurement.
public struct LawConfrontation: Hashable, Codable, Sendable {
  public var claim: LawClaim
  public var measurement: LawMeasurement
  /// √(σ_m² + τ_m² + σ_p² + δ_p²).
  public var totalError: Double
  /// (measured − predicted) / total error.
  public var pull: Double
  public var verdict: Verdict

  init(_ claim: LawClaim, _ measurement: LawMeasurement) {
    self.claim = claim
    self.measurement = measurement
    let comparison = Comparison(claim, measurement, smallestEffect: claim.smallestEffect)
    (totalError, pull, verdict) = (comparison.totalError, comparison.pull, comparison.verdict)
  }
}

/// A law beside what was measured of it: one statistic, one verdict.
///
/// The statistic is Hotelling's T² of all deciding claims, with the measured covariance of their values and that of what the theory
/// leaves out: δδᵀ among claims that share it, δ² on the diagonal of others (``JointConfrontation``). The law is refuted where a larger T² has a probability
/// below 10⁻³ if it holds, in tension below 0.0455 (two standard deviations), and undecided where the total error of a deciding claim,
/// or its departure, exceeds the smallest effect of interest: what is not seen to be small does not hold.
public struct LawFinding: Codable, Sendable {
  public static let schemaVersion = 1

  public var schema = LawFinding.schemaVersion
  public var law: LawStatement
  public var budget: LawBudget
  public var seed: UInt64
  public var version = OrreryVersion.current
  public var confrontations: [LawConfrontation]
  public var joint: JointConfrontation
  public var verdict: Verdict
  public var curves: [LawCurve]
  public var figures: [Figure]
  public var tables: [Table]
  public var remarks: [InlineText]

  /// The claim with the largest ``JointConfrontation/ResolvingPower-swift.struct``: what departs from it, and from no other, by so many of
  /// its smallest effects is refuted with probability 0.9.
  public var resolvingPower: (claim: LawClaim, effects: Double)? {
    joint.resolvingPower.map { (confrontations.filter(\.claim.isDeciding)[$0.quantity].claim, $0.effects) }
  }

  /// The probability below which a law is in tension: two standard deviations of a normal.
  public static let tension = 0.0455

  /// - Throws: ``IncompleteEvidence``.
  package init(_ law: LawStatement, forecast: LawForecast, evidence: LawEvidence, seed: UInt64) throws {
    self.law = law
    self.seed = seed
    budget = forecast.budget
    curves = forecast.curves
    (figures, tables, remarks) = (evidence.figures, evidence.tables, evidence.remarks)
    confrontations = try forecast.claims.map { claim in
      guard let measurement = evidence.measurements.first(where: { $0.claim == claim.key }) else {
        throw IncompleteEvidence(law: law.key, claim: claim.key)
      }
      return LawConfrontation(claim, measurement)
    }
    let deciding = confrontations.filter(\.claim.isDeciding)
    joint = Self.joint(deciding, covariance: evidence.covariance)
    verdict = Self.verdict(deciding, joint)
  }

  private static func verdict(_ deciding: [LawConfrontation], _ joint: JointConfrontation) -> Verdict {
    if joint.verdict != .agrees { return joint.verdict }
    if joint.pValue < tension { return .inTension }
    let isOpen = deciding.contains { one in
      let departure = abs(one.measurement.value - one.claim.value)
      return one.verdict == .cannotTell || departure > one.claim.smallestEffect ?? .infinity
    }
    return isOpen ? .cannotTell : .agrees
  }

  private static func joint(_ deciding: [LawConfrontation], covariance: Matrix<Double>?) -> JointConfrontation {
    let count = deciding.count
    precondition((covariance?.rows ?? count) == count, "One row of the covariance for each deciding claim.")
    let networks = deciding.map(\.measurement.networks).min() ?? 0
    var ofOne = Matrix<Double>(rows: count, columns: count)
    var truncation = Matrix<Double>(rows: count, columns: count)
    for (i, one) in deciding.enumerated() {
      for (j, other) in deciding.enumerated() {
        let isShared = one.claim.sharedTruncation != nil && one.claim.sharedTruncation == other.claim.sharedTruncation
        if i == j || isShared { truncation[i, j] = one.claim.truncationError * other.claim.truncationError }
        if let covariance { ofOne[i, j] = covariance[i, j] * Double(networks) }
      }
      let (tau, sigma) = (one.measurement.systematicBound, one.claim.samplingError)
      truncation[i, i] += tau * tau + sigma * sigma
      // A number that cannot tell has an error beyond what its networks' covariance knows of, and decides nothing.
      let square = one.measurement.standardError * one.measurement.standardError * Double(networks)
      ofOne[i, i] = max(ofOne[i, i], square)
    }
    return JointConfrontation(
      predicted: deciding.map(\.claim.value), measured: deciding.map(\.measurement.value), covariance: ofOne,
      networks: networks, truncation: truncation, smallestEffects: deciding.map(\.claim.smallestEffect))
  }
}

/// A law's experiment that left out a number which the law's forecast has.
public struct IncompleteEvidence: Error, Hashable, Sendable, CustomStringConvertible {
  public var law: String
  public var claim: String

  public var description: String {
    "The law \(law) claims '\(claim)' and did not measure it; add a measurement of that key to its evidence."
  }
}

extension Verdict {
  /// What a reader of a law is told: "holds", "in tension", "refuted", "undecided".
  public var ofLaw: String {
    switch self {
    case .agrees: "holds"
    case .inTension: "in tension"
    case .refuted: "refuted"
    case .cannotTell: "undecided"
    }
  }
}

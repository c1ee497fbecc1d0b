import OrreryAnalysis
import OrreryFindings
import OrreryReports
import OrreryTensors

/// What was measured of one claim.
public struct LawMeasurement: Hashable, Codable, Sendable, MeasuredNumber {
  /// The claim's key.
  public var claim: String
  public var value: Double
  /// σ_m, over networks.
  public var standardError: Double
  /// τ_m, a bound on the estimator's own bias.
  public var systematicBound: Double
  /// The independent networks behind it; of several widths the fewest.
  public var networks: Int

  public init(
    _ claim: String, value: Double, standardError: Double, systematicBound: Double = 0, networks: Int
  ) {
    self.claim = claim
    self.value = value
    self.standardError = standardError
    self.systematicBound = systematicBound
    self.networks = networks
  }

  public init(_ claim: String, _ estimate: Estimate, systematicBound: Double = 0, networks: Int) {
    self.init(
      claim, value: estimate.value, standardError: estimate.error, systematicBound: systematicBound,
      networks: networks)
  }
}

/// What an experiment found of a law.
public struct LawEvidence: Sendable {
  public var measurements: [LawMeasurement]
  /// The covariance of the measured values of the deciding claims, in the forecast's order, where networks are shared;
  /// nil where every claim has networks of its own.
  public var covariance: Matrix<Double>?
  public var figures: [Figure]
  public var tables: [Table]
  /// What a reader should know of this measurement: what surprised, what was left out.
  public var remarks: [InlineText]

  public init(
    _ measurements: [LawMeasurement], covariance: Matrix<Double>? = nil, figures: [Figure] = [], tables: [Table] = [],
    remarks: [InlineText] = []
  ) {
    self.measurements = measurements
    self.covariance = covariance
    self.figures = figures
    self.tables = tables
    self.remarks = remarks
  }
}

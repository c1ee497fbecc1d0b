import OrreryAnalysis
import OrreryFindings
import OrreryNetworks

/// A study's forecast beside what real networks did: everything that a report shows, and nothing that it computes.
public struct Finding: Hashable, Codable, Sendable {
  /// The version of this value's JSON form.
  ///
  /// 2: the NTK's statistics, here and at each width.
  public static let schemaVersion = 2

  public var schema = Finding.schemaVersion
  /// The SHA-256 digest of the resolved study.
  public var hash: String
  public var forecast: Forecast
  /// The study's own network: every quantity, every predictor.
  public var confrontations: [Confrontation]
  public var widths: WidthSeries
  /// What the Gram chain leaves out for this network, in a sentence; nil when its law is exact.
  public var neglected: String?
  public var histogram: OutputHistogram?
  /// What each layer's kernel was, measured, for the figures against depth.
  public var depth: [DepthPoint]
  /// Why the NTK's statistics are not confronted, in a sentence; nil where they are, and without hidden layers.
  public var finiteWidthExclusion: String?
  /// Training beside infinite width; nil where it was not asked for, or is not covered.
  public var dynamics: DynamicsFinding?
  /// Why training is not covered, in a sentence.
  public var dynamicsExclusion: String?

  public struct DepthPoint: Hashable, Codable, Sendable {
    public var layer: Int
    /// K^(ℓ) at infinite width, on the first input followed.
    public var kernel: Double
    public var measuredKernel: Estimate
    /// The correlation of the first two inputs followed: forecast and measured.
    public var correlation: Double?
    public var measuredCorrelation: Estimate?
    /// Var Ĝ/K² and E z_i z_j²/K^(3/2), measured; nil but of residual networks.
    public var measuredVariance: Estimate?
    public var measuredTie: Estimate?
  }

  /// The output kernel's statistics against width, all hidden layers of one width.
  public struct WidthSeries: Hashable, Codable, Sendable {
    public var points: [WidthPoint]
    /// d log Var/d log n of real networks and of the chain, with errors; theory at order 1/n says −1.
    public var measuredSlope: Estimate?
    public var chainSlope: Estimate?
    /// The number of chain networks at each width.
    public var chainNetworks: Int
    public var networks: Int
  }

  public struct WidthPoint: Hashable, Codable, Sendable {
    public var width: Int
    /// Var Ĝ/K²: order 1/n, its truncation error, the chain, and real networks.
    public var relativeVariance: Double
    public var relativeVarianceTruncation: Double
    public var chainVariance: Estimate
    public var measuredVariance: Estimate
    /// E Ĝ/K − 1: order 1/n, its truncation error, and the chain.
    public var meanDeviation: Double
    public var meanDeviationTruncation: Double
    public var chainDeviation: Estimate
    /// The NTK's statistics; nil where they are not confronted.
    public var tangentKernel: TangentPoint?
    /// Var Ĝ: order 1/n and chain against real networks; E Ĝ − K: order 1/n against the chain; the NTK's against real networks.
    public var confrontations: [Confrontation]
  }

  /// The NTK of one output on one input at one width, in units of Θ.
  public struct TangentPoint: Hashable, Codable, Sendable {
    public var networks: Int
    /// E Ĥ/Θ − 1: order 1/n, its truncation error, and real networks.
    public var shift: Double
    public var shiftTruncation: Double
    public var measuredShift: Estimate
    /// Var Ĥ/Θ²: the same.
    public var relativeVariance: Double
    public var varianceTruncation: Double
    public var measuredVariance: Estimate
  }

  /// One output over networks, in units of √K: fractions of networks by bin, and what theory expects there.
  public struct OutputHistogram: Hashable, Codable, Sendable {
    public var edges: [Double]
    /// Fractions of networks divided by the bin's width.
    public var density: [Estimate]
    /// The same from N(0, K), and from Gaussians mixed over the chain's Ĝ.
    public var gaussian: [Double]
    public var chain: [Double]
    /// χ² of the measured fractions against each, with its p-value.
    public var gaussianChiSquared: ChiSquared
    public var chainChiSquared: ChiSquared
  }

  public struct ChiSquared: Hashable, Codable, Sendable {
    public var value: Double
    public var degreesOfFreedom: Int
    public var pValue: Double
  }

  /// Every confrontation, the study's own network's and those across widths.
  public var allConfrontations: [Confrontation] { confrontations + widths.points.flatMap(\.confrontations) }

  /// How many of each verdict, at initialization.
  public var verdictCounts: [Verdict: Int] {
    Dictionary(allConfrontations.map { ($0.verdict, 1) }, uniquingKeysWith: +)
  }

  /// Every verdict that was given, of single numbers at initialization and of the law of training.
  public var verdicts: Set<Verdict> {
    Set(verdictCounts.keys).union(dynamics.map { [$0.joint.verdict] } ?? [])
  }
}

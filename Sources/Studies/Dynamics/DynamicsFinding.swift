import OrreryAnalysis
import OrreryFindings
import OrreryTheory

/// Training at infinite width beside real networks: everything that a report shows of it.
public struct DynamicsFinding: Hashable, Codable, Sendable {
  /// A measured number over networks at each step.
  public struct Series: Hashable, Codable, Sendable {
    public var mean: [Double]
    /// Of the mean.
    public var standardError: [Double]
    /// The standard deviation over networks.
    public var deviation: [Double]
    public var median: [Double]
  }

  public var forecast: DynamicsForecast
  /// Networks that were trained to the end.
  public var networks: Int
  /// Networks that diverged, and are left out.
  public var diverged: Int
  public var isFromArchive: Bool
  public var trainingLoss: Series
  /// Nil without test targets.
  public var testLoss: Series?
  /// One for each followed sample.
  public var outputs: [Series]
  public var confrontations: [Confrontation]
  /// The law's verdict.
  public var joint: JointConfrontation
  /// Why there is no verdict, in a sentence.
  public var undecided: String?
  /// How many of the numbers differ from infinite width by four standard errors of the measurement or more, and by no more than
  /// twice their total error.
  public var resolvedDeviations: Int
  /// How many differ by four standard errors or more, and by more than twice their total error.
  public var unexpectedDeviations: Int
  /// The largest stable learning rate of network 0 as it was drawn: a number of that network, which no verdict rests on. Nil for
  /// gradient flow.
  public var drawnThreshold: CurvatureThreshold?
  /// Nil where fewer than two widths are asked for.
  public var widths: LinearizationSeries?
  public var meanDeviation: MeanDeviationSeries?

  /// Single networks beside their linearizations and the law, against width.
  public struct LinearizationSeries: Hashable, Codable, Sendable {
    public struct Point: Hashable, Codable, Sendable {
      public var width: Int
      /// The root mean square over networks, steps and samples of f − f_lin.
      public var networkFromLinear: Estimate
      /// Of f − f_∞, the law of infinite width from the network's own initial function.
      public var networkFromLaw: Estimate
      /// Of f_lin − f_∞: the fluctuation of the tangent kernel alone.
      public var linearFromLaw: Estimate
    }

    public var points: [Point]
    public var networks: Int
    public var samples: Int
    public var steps: Int
    /// d log/d log n. The tangent kernel of one network moves by order 1/n in training (E. Dyer and G. Gur-Ari 2020,
    /// arXiv:1909.11304): −1 at large n.
    public var slopeFromLinear: Estimate?
    /// d log/d log n. The tangent kernel of one network differs by order n^(−½) from infinite width's: −½ at large n.
    public var slopeFromLaw: Estimate?
  }

  /// The deviation of the mean over networks, from antithetic pairs, against width.
  public struct MeanDeviationSeries: Hashable, Codable, Sendable {
    public struct Point: Hashable, Codable, Sendable {
      public var width: Int
      /// E Σ y (f − f_∞)/Σ y² on the training samples.
      public var deviation: Estimate
      public var pairs: Int
    }

    public var points: [Point]
    public var samples: Int
    public var step: Int
    /// d log |deviation|/d log n where all widths resolve it; order 1/n says −1.
    public var slope: Estimate?
  }
}

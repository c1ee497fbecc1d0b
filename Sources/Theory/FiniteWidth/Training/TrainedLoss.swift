/// The mean loss over initializations at order 1/n, as bias² and variance.
///
/// E L = (h/2) Σ [(E z − y)² + Var z], each to order 1/n: (h/2) Σ (z_∞ − y)² + (h/n) Σ (z_∞ − y) M, and (h/2) Σ (C + C¹/n). The sum of the
/// two is exact to that order.
public struct TrainedLoss: Hashable, Codable, Sendable {
  /// (h/2) Σ (E z − y)².
  public var bias: WidthExpansion
  /// (h/2) Σ Var z.
  public var variance: WidthExpansion

  public init(bias: WidthExpansion, variance: WidthExpansion) {
    self.bias = bias
    self.variance = variance
  }

  /// E L.
  public var mean: WidthExpansion { bias + variance }

  /// An estimate of what ``mean`` leaves out, of order 1/n²: those of bias² and variance, which follow from
  /// ``TrainedMean/Values/truncationError`` and ``TrainedCovariance/truncationError``, added up.
  public var truncationError: Double { mean.truncationError }

  /// What errors of four-point expectations may do to ``mean``.
  public var numericalError: Double { mean.numericalError }

  /// The same at another width, as ``WidthExpansion/at(width:)``.
  public func at(width: Int) -> TrainedLoss {
    TrainedLoss(bias: bias.at(width: width), variance: variance.at(width: width))
  }
}

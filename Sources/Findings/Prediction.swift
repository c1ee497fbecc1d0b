/// What theory says of a quantity.
public struct Prediction: Hashable, Codable, Sendable, PredictedNumber {
  public var quantity: Quantity
  public var value: Double
  /// The standard error σ_p of a prediction that is itself sampled (the Gram-matrix chain); 0 otherwise.
  public var samplingError: Double
  /// The size δ_p of the next order that the theory leaves out, as an absolute number; 0 for an exact law.
  public var truncationError: Double
  public var source: Source
  /// The version of the numerics behind the value; part of a run's identity.
  public var numericsVersion: Int

  public init(
    _ quantity: Quantity, value: Double, samplingError: Double = 0, truncationError: Double = 0, source: Source,
    numericsVersion: Int = 1
  ) {
    self.quantity = quantity
    self.value = value
    self.samplingError = samplingError
    self.truncationError = truncationError
    self.source = source
    self.numericsVersion = numericsVersion
  }
}

/// What an experiment found for a quantity.
public struct Measurement: Hashable, Codable, Sendable, MeasuredNumber {
  public var quantity: Quantity
  public var value: Double
  /// The standard error σ_m, over networks.
  public var standardError: Double
  /// A bound τ_m on the estimator's own bias; 0 for an unbiased one.
  public var systematicBound: Double
  /// The number of independent networks behind the value.
  public var networks: Int
  /// How the number was estimated, in a phrase.
  public var estimator: String
  public var numericsVersion: Int

  public init(
    _ quantity: Quantity, value: Double, standardError: Double, systematicBound: Double = 0, networks: Int,
    estimator: String, numericsVersion: Int = 1
  ) {
    self.quantity = quantity
    self.value = value
    self.standardError = standardError
    self.systematicBound = systematicBound
    self.networks = networks
    self.estimator = estimator
    self.numericsVersion = numericsVersion
  }
}

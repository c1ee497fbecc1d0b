import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// Which numbers of a network an estimate of its kernel is made of.
public enum KernelEstimator: String, Codable, Sendable, CaseIterable {
  /// The conditional expectation over the last weights, from the activations before (Rao–Blackwell): no output noise.
  case conditional
  /// The layer's own preactivations only, as one would measure a network whose inside is closed.
  case outputsOnly = "outputs-only"

  var phrase: String {
    switch self {
    case .conditional: "conditional kernel C_b + (C_W/n) Σ σσ of each network"
    case .outputsOnly: "preactivations of the layer only, (1/n) Σ zz with unbiased products"
    }
  }
}

/// Kernels, their variance over networks and correlations, with standard errors over networks.
extension InitializationEnsemble {
  /// The estimator that is taken unless one is asked for: conditional where there is one, but not in layer 1, whose kernel given the
  /// inputs is a constant and no measurement.
  public func defaultEstimator(layer: Int) -> KernelEstimator {
    hasConditionalKernel(layer: layer) ? .conditional : .outputsOnly
  }

  private func measurement(
    _ kind: QuantityKind, _ layer: Int, _ samples: [Int], _ estimate: Estimate, _ estimator: String
  ) -> Measurement {
    Measurement(
      Quantity(kind, layer: layer, samples: samples, width: width), value: estimate.value,
      standardError: estimate.error, networks: networks, estimator: estimator)
  }

  private func values(_ layer: Int, _ first: Int, _ second: Int, _ estimator: KernelEstimator) -> [Double] {
    switch estimator {
    case .conditional: conditionalKernels(layer: layer, first, second)
    case .outputsOnly: empiricalKernels(layer: layer, first, second)
    }
  }

  /// E Ĝ^(ℓ)_αβ: the mean over networks.
  public func kernel(layer: Int, _ first: Int, _ second: Int, estimator: KernelEstimator? = nil) -> Measurement {
    let estimator = estimator ?? defaultEstimator(layer: layer)
    let estimate = Statistics.mean(values(layer, first, second, estimator))
    return measurement(.kernel, layer, [min(first, second), max(first, second)], estimate, estimator.phrase)
  }

  /// Var Ĝ^(ℓ)_αβ over networks, unbiased; nil where outputs only are to be had and the layer has a single neuron.
  ///
  /// Conditional: the sample variance, its error from the fourth moment. Outputs only: E[Ĝ²] from pairs of different
  /// neurons less the unbiased product of means, jackknife error over networks; the naive variance of S would be off by
  /// the Wishart term (K_αα K_ββ + K_αβ²)/n.
  public func kernelVariance(
    layer: Int, _ first: Int, _ second: Int, estimator: KernelEstimator? = nil
  ) -> Measurement? {
    let estimator = estimator ?? defaultEstimator(layer: layer)
    let samples = [min(first, second), max(first, second)]
    let estimate: Estimate
    switch estimator {
    case .conditional:
      estimate = StreamingMoments(conditionalKernels(layer: layer, first, second)).varianceEstimate
    case .outputsOnly:
      let squares = squaredKernels(layer: layer, first, second)
      guard !squares.contains(where: \.isNaN) else { return nil }
      estimate = varianceFromProducts(squares, empiricalKernels(layer: layer, first, second))
    }
    return measurement(.kernelVariance, layer, samples, estimate, estimator.phrase)
  }

  /// Q̄ − (M² S̄² − Σ S²)/(M(M − 1)), with its jackknife error: leaving out a network changes three sums only.
  private func varianceFromProducts(_ squares: [Double], _ means: [Double]) -> Estimate {
    // About a pivot, so that large kernels with small variances keep their digits: S → S − p, Q → Q − 2pS + p².
    let pivot = means.reduce(0, +) / Double(means.count)
    let q = zip(squares, means).map { $0 - 2 * pivot * $1 + pivot * pivot }
    let s = means.map { $0 - pivot }
    let sums = (q.reduce(0, +), s.reduce(0, +), s.reduce(0) { $0 + $1 * $1 })
    func statistic(_ m: Double, _ sumQ: Double, _ sumS: Double, _ sumSS: Double) -> Double {
      sumQ / m - (sumS * sumS - sumSS) / (m * (m - 1))
    }
    let m = Double(s.count)
    let value = statistic(m, sums.0, sums.1, sums.2)
    guard s.count > 2 else { return Estimate(value: value, error: .infinity) }
    var spread = StreamingMoments()
    for i in s.indices { spread.add(statistic(m - 1, sums.0 - q[i], sums.1 - s[i], sums.2 - s[i] * s[i])) }
    return Estimate(value: value, error: ((m - 1) / m * spread.centralSum2).squareRoot())
  }

  /// E z_i z_j², i ≠ j, on one sample, from pairs of different neurons: 0 but where neurons are tied to each other, by skip connections;
  /// nil where the layer has a single neuron.
  public func threePointCorrelation(layer: Int, sample: Int) -> Measurement? {
    let values = ties(layer: layer, sample: sample)
    guard !values.contains(where: \.isNaN) else { return nil }
    return measurement(
      .threePointCorrelation, layer, [sample], Statistics.mean(values),
      "unbiased products of one neuron and another's square, mean over networks")
  }

  /// E Ĝ / K − 1, given the infinite-width kernel K of the forecast.
  public func kernelMeanDeviation(
    layer: Int, _ first: Int, _ second: Int, infiniteWidth kernel: Double, estimator: KernelEstimator? = nil
  ) -> Measurement {
    let mean = self.kernel(layer: layer, first, second, estimator: estimator)
    let deviation = Estimate(value: (mean.value - kernel) / kernel, error: mean.standardError / abs(kernel))
    return measurement(.kernelMeanDeviation, layer, mean.quantity.samples, deviation, mean.estimator)
  }

  /// E Ĝ_αβ / √(E Ĝ_αα E Ĝ_ββ), error by linear propagation of the means' covariance over networks.
  ///
  /// The bias of a ratio of means, of order 1/M, and rounding enter as the systematic bound.
  public func correlation(
    layer: Int, _ first: Int, _ second: Int, estimator: KernelEstimator? = nil
  ) -> Measurement {
    let estimator = estimator ?? defaultEstimator(layer: layer)
    let columns = [(first, second), (first, first), (second, second)].map { values(layer, $0.0, $0.1, estimator) }
    let means = columns.map { $0.reduce(0, +) / Double(networks) }
    let norm = (means[1] * means[2]).squareRoot()
    let value = means[0] / norm
    let gradient = [1 / norm, -value / (2 * means[1]), -value / (2 * means[2])]
    var linear = StreamingMoments()
    for i in 0..<networks {
      linear.add((0..<3).reduce(0) { $0 + gradient[$1] * (columns[$1][i] - means[$1]) })
    }
    let error = linear.estimate.error
    let samples = [min(first, second), max(first, second)]
    var result = measurement(
      .correlation, layer, samples, Estimate(value: value, error: error),
      "ratio of means over networks: "
        + estimator.phrase)
    result.systematicBound = biasBound(columns, means, value) + roundingBound(layer: layer, correlation: value)
    return result
  }

  /// How far rounding moves a correlation.
  ///
  /// Each dense layer up to ℓ adds to a preactivation a random relative error of about u √n, u the unit roundoff: a together.
  /// Inputs at the relative distance d = √(2(1 − c)) are then at d ± a, and 1 − c is off by a d + a²/2; and the kernels are
  /// sums of n terms in double precision.
  private func roundingBound(layer: Int, correlation: Double) -> Double {
    let terms = Double(layers[layer - 1].terms)
    let own = precision.unitRoundoff * terms.squareRoot()
    let distance = (2 * max(0, 1 - abs(correlation))).squareRoot()
    return own * distance + own * own / 2 + 0x1p-52 * terms.squareRoot()
  }

  /// The size of the second-order term of the ratio's expansion in the means' fluctuations.
  private func biasBound(_ columns: [[Double]], _ means: [Double], _ value: Double) -> Double {
    var relative = StreamingCovariance(variables: 3)
    for i in 0..<networks { relative.add((0..<3).map { columns[$0][i] - means[$0] }) }
    let c = relative.covarianceOfMeans
    let (a, b) = (means[1], means[2])
    let norm = (a * b).squareRoot()
    let own = 0.375 * value * (c[1, 1] / (a * a) + c[2, 2] / (b * b)) + 0.25 * value * c[1, 2] / (a * b)
    let crossed = -0.5 / norm * (c[0, 1] / a + c[0, 2] / b)
    return abs(own + crossed)
  }

  /// The mean kernel, its variance and correlations of every layer and pair of samples, by the default estimators.
  public var kernelMeasurements: [Measurement] {
    var all: [Measurement] = []
    for layer in 1...layerCount {
      for i in 0..<samples {
        for j in 0...i {
          all.append(kernel(layer: layer, i, j))
          if let variance = kernelVariance(layer: layer, i, j) { all.append(variance) }
          if i != j { all.append(correlation(layer: layer, i, j)) }
        }
      }
    }
    return all
  }
}

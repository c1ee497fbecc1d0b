import OrreryTensors

/// Means and covariances of samples that are already at hand.
public enum Statistics {
  /// The mean with its standard error; the error is infinite below two numbers.
  public static func mean(_ sample: [Double]) -> Estimate { StreamingMoments(sample).estimate }

  /// Means over the networks of each variable, with standard errors.
  ///
  /// - Parameter samples: shape (networks, variables).
  public static func means(_ samples: Matrix<Double>) -> [Estimate] { streaming(samples).estimates }

  /// The unbiased covariance of the variables, shape (variables, variables).
  ///
  /// - Parameter samples: shape (networks, variables).
  public static func covariance(_ samples: Matrix<Double>) -> Matrix<Double> { streaming(samples).covariance }

  /// Means and covariances of the rows of a matrix, chunk after chunk.
  private static func streaming(_ samples: Matrix<Double>) -> StreamingCovariance {
    let chunk = 4096
    let chunks = (samples.rows + chunk - 1) / chunk
    let parts = Parallel.map(chunks) { index in
      var part = StreamingCovariance(variables: samples.columns)
      for row in (index * chunk)..<min(samples.rows, (index + 1) * chunk) { part.add(samples.row(row)) }
      return part
    }
    return parts.reduce(into: StreamingCovariance(variables: samples.columns)) { $0.merge($1) }
  }

  /// The mean of independent measurements of one number, weighted by 1/σ², and how well they agree.
  public struct WeightedMean: Hashable, Codable, Sendable {
    public var estimate: Estimate
    /// Σ (xᵢ − mean)²/σᵢ².
    public var chiSquared: Double
    public var degreesOfFreedom: Int
    /// The probability of a larger χ² if the measurements agree.
    public var pValue: Double
  }

  /// The weighted mean of measurements with known, independent standard errors.
  ///
  /// - Precondition: at least one measurement; all errors positive and finite.
  public static func weightedMean(_ measurements: [Estimate]) -> WeightedMean {
    precondition(!measurements.isEmpty, "A weighted mean needs a measurement.")
    precondition(
      measurements.allSatisfy { $0.error > 0 && $0.error.isFinite },
      "A weighted mean needs errors that are positive and finite.")
    // Weights relative to the best measurement, so that very small errors do not overflow.
    let best = measurements.map(\.error).min()!
    let weights = measurements.map { (best / $0.error) * (best / $0.error) }
    let total = weights.reduce(0, +)
    let mean = zip(weights, measurements).reduce(0) { $0 + $1.0 * $1.1.value } / total
    let chiSquared = measurements.reduce(0) { sum, measurement in
      let pull = (measurement.value - mean) / measurement.error
      return sum + pull * pull
    }
    return WeightedMean(
      estimate: Estimate(value: mean, error: best / total.squareRoot()), chiSquared: chiSquared,
      degreesOfFreedom: measurements.count - 1,
      pValue: Distributions.chiSquaredSurvival(chiSquared, degreesOfFreedom: measurements.count - 1))
  }

  /// The q-quantile of a sample, 0 ≤ q ≤ 1, interpolated between order statistics (Hyndman and Fan's type 7).
  ///
  /// - Precondition: the sample is not empty.
  public static func quantile(_ q: Double, of sample: [Double]) -> Double { quantiles([q], of: sample)[0] }

  /// Several quantiles of one sample, sorted once.
  public static func quantiles(_ levels: [Double], of sample: [Double]) -> [Double] {
    precondition(!sample.isEmpty, "A quantile needs a sample; this one is empty.")
    precondition(levels.allSatisfy { (0...1).contains($0) }, "Quantiles are for levels from 0 to 1; got \(levels).")
    let sorted = sample.sorted()
    return levels.map { q in
      let place = q * Double(sorted.count - 1)
      let below = min(Int(place), sorted.count - 1)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
  }
}

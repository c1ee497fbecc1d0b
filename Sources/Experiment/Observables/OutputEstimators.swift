import OrreryAnalysis
import OrreryFindings
import OrreryTensors

/// The distribution of outputs over networks, one output of each network: those are independent.
extension InitializationEnsemble {
  /// E z² of one output.
  public func outputVariance(sample: Int, output: Int = 0) -> Measurement {
    let squares = outputs(sample: sample, output: output).map { $0 * $0 }
    let estimate = Statistics.mean(squares)
    return Measurement(
      Quantity(.outputVariance, layer: layerCount, samples: [sample], width: width), value: estimate.value,
      standardError: estimate.error, networks: networks, estimator: "mean square of output \(output) over networks")
  }

  /// E z⁴ of one output.
  public func outputFourthMoment(sample: Int, output: Int = 0) -> Estimate {
    Statistics.mean(outputs(sample: sample, output: output).map { $0 * $0 * $0 * $0 })
  }

  /// E z⁴/(E z²)² − 3 of one output, with its delete-one jackknife error; the mean is known to be 0.
  ///
  /// Its bias of order 1/M is removed by the jackknife and enters, as large as it was, as the systematic bound.
  public func outputExcessKurtosis(sample: Int, output: Int = 0) -> Measurement {
    let squares = outputs(sample: sample, output: output).map { $0 * $0 }
    let m = Double(networks)
    let second = squares.reduce(0, +)
    let fourth = squares.reduce(0) { $0 + $1 * $1 }
    func statistic(_ m: Double, _ second: Double, _ fourth: Double) -> Double { m * fourth / (second * second) - 3 }
    let value = statistic(m, second, fourth)
    var left = StreamingMoments()
    for square in squares { left.add(statistic(m - 1, second - square, fourth - square * square)) }
    let bias = (m - 1) * (left.mean - value)
    return Measurement(
      Quantity(.outputExcessKurtosis, layer: layerCount, samples: [sample], width: width), value: value - bias,
      standardError: ((m - 1) / m * left.centralSum2).squareRoot(), systematicBound: abs(bias), networks: networks,
      estimator: "fourth over squared second moment of output \(output), jackknife over networks")
  }

  /// The fraction of networks whose output falls in each bin, with binomial standard errors.
  ///
  /// A bin with no network, or with all, has the error as if one were different.
  ///
  /// - Parameter edges: Ascending; infinities are allowed. Bins include their lower edge.
  public func outputHistogram(sample: Int, output: Int = 0, edges: [Double]) -> [Estimate] {
    precondition(edges.count >= 2 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, "Edges must ascend.")
    var counts = Array(repeating: 0, count: edges.count - 1)
    for value in outputs(sample: sample, output: output) {
      // The number of edges that are not above the value.
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= value { low = middle + 1 } else { high = middle }
      }
      if low > 0 && low < edges.count { counts[low - 1] += 1 }
    }
    let m = Double(networks)
    return counts.map { count in
      let p = Double(count) / m
      let inside = min(max(p, 1 / m), 1 - 1 / m)
      return Estimate(value: p, error: (inside * (1 - inside) / m).squareRoot())
    }
  }

  /// Output variance and excess kurtosis of the first output, on every sample.
  public var outputMeasurements: [Measurement] {
    (0..<samples).flatMap { [outputVariance(sample: $0), outputExcessKurtosis(sample: $0)] }
  }

  /// Writes every measurement and the outputs behind the histograms.
  public func record(to recorder: some RunRecorder) throws {
    try recorder.record(kernelMeasurements + outputMeasurements)
    try recorder.record("outputs", outputTensor)
  }
}

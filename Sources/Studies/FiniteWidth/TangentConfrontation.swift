import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// The neural tangent kernel at order 1/n beside real networks: part of a confrontation.
struct TangentConfrontation: Sendable {
  /// Nil where it is not confronted.
  let predictions: TangentPredictions?
  let plan: TangentPlan
  /// Why not, in a sentence.
  let exclusion: String?

  /// Makes the predictions; runs no network.
  ///
  /// - Parameters:
  ///   - inputs: shape (M, n_0), M ≤ 2.
  ///   - asked: networks of the study's ensemble.
  init(_ network: PerceptronView, inputs: Matrix<Double>, plan: TangentPlan, asked: Int) {
    self.plan = plan
    guard plan.isEnough(of: asked) else {
      predictions = nil
      exclusion =
        "Following the NTK of one network of this size takes \(StudyCheck.duration(seconds: plan.secondsEach)), and too few can be "
        + "followed in a time of confront's; narrower layers can."
      return
    }
    do {
      predictions = try TangentPredictions(network, inputs: inputs, networks: plan.networks)
      exclusion = nil
    } catch {
      predictions = nil
      exclusion = "\(error)"
    }
  }

  func confrontations(_ statistics: TangentStatistics?) -> [Confrontation] {
    guard let statistics else { return [] }
    return (predictions?.entries ?? []).compactMap { entry in
      statistics.measurement(of: entry.prediction.quantity).map {
        Confrontation(entry.prediction, $0, smallestEffect: entry.smallestEffect)
      }
    }
  }

  /// The first confrontation's numbers relative to Θ and Θ², for pictures against width.
  func point(_ statistics: TangentStatistics?) -> Finding.TangentPoint? {
    guard let statistics, let predictions, let tangent = predictions.output.tangentKernel else { return nil }
    let (n, theta) = (Double(predictions.output.fanIn), tangent.mean[0, 0])
    guard theta > 0 else { return nil }
    let shift = tangent.correction[0, 0] / (n * theta)
    let variance = (tangent.a[0, 0, 0, 0] + 2 * tangent.b[0, 0, 0, 0]) / (n * theta * theta)
    let mean = statistics.tangentMean(0, 0)
    return Finding.TangentPoint(
      networks: statistics.networks, shift: shift, shiftTruncation: abs(shift) * predictions.nextMean,
      measuredShift: Estimate(value: mean.value / theta - 1, error: mean.error / theta),
      relativeVariance: variance, varianceTruncation: variance * predictions.nextCovariance,
      measuredVariance: statistics.tangentKernelVariance(0, 0).scaled(by: 1 / (n * theta * theta)))
  }
}

extension TangentStatistics {
  /// One number of the NTK's statistics, in the units of kernels; nil for kinds that are none of them.
  fileprivate func measurement(of quantity: Quantity) -> Measurement? {
    guard let a = quantity.samples.first, let b = quantity.samples.last else { return nil }
    let n = 1 / Double(width)
    let (estimate, estimator): (Estimate, String)
    switch quantity.kind {
    case .neuralTangentKernel: (estimate, estimator) = (tangentMean(a, b), "mean over networks")
    case .tangentKernelVariance:
      (estimate, estimator) = (tangentKernelVariance(a, b).scaled(by: n), "variance over networks")
    case .tangentKernelCovariance:
      (estimate, estimator) = (tangentCovariance(a, b, a, b).scaled(by: n), "variance over networks")
    case .kernelTangentCovariance:
      (estimate, estimator) = (crossCorrelation(a, b, a, b).scaled(by: n), "covariance over networks")
    default: return nil
    }
    return Measurement(
      quantity, value: estimate.value, standardError: estimate.error, networks: networks,
      estimator: estimator + ", output weights integrated out")
  }
}

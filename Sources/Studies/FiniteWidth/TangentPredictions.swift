import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// What order 1/n says of the NTK of an untrained network: its mean Θ + H1/n, its variance (A + 2B)/n, what two outputs share of it, A/n,
/// and its covariance D/n with the kernel, at the output layer.
///
/// The recursions of H1, A, B, D know no next order. Relative to order 1/n it is of order L/n (PDLT chapter 8), and the larger of the
/// relative variances of kernel and NTK, V/(nK²) and (A + 2B)/(nΘ²), is taken for that; of variances and covariances at least what the
/// kernel's own next order, which is known, is of V. It is that part of ∣H1∣/n for the mean, so that what vanishes by symmetry, as H1
/// of a homogeneous activation on one input, does so at all orders; and of the whole fluctuation for variances and covariances,
/// (A + 2B)/n for A and √(V(A + 2B))/n for D (Cauchy and Schwarz): A and D are differences that can nearly vanish at order 1/n, as A
/// does for tanh at criticality on one input near six layers, and their next order does not with them.
struct TangentPredictions: Sendable {
  let entries: [PredictionList.Entry]
  let output: FiniteWidthLayer
  /// The next order relative to order 1/n, of the mean and of covariances.
  let nextMean: Double
  let nextCovariance: Double

  /// - Parameters:
  ///   - inputs: shape (M, n_0), M = 1 or 2: entries (0, 0) and (0, 1).
  ///   - networks: of how many it will be measured. Were the NTK log-normal with its predicted variance, and so few could not know the
  ///     error of a variance, no difference is small enough to be told.
  /// - Throws: ``FiniteWidthError``; ``TangentExclusion`` where order 1/n leaves out something of its own order.
  init(_ network: PerceptronView, inputs: Matrix<Double>, networks: Int) throws {
    let flow = try FiniteWidthFlow(network, inputs: inputs, extent: .tangentKernel)
    if let neglected = flow.neglected { throw TangentExclusion(description: neglected) }
    guard let layer = flow.layers.last, let tangent = layer.tangentKernel, flow.layers.count > 1 else {
      throw TangentExclusion(description: "Without a hidden layer the NTK does not fluctuate.")
    }
    output = layer
    let n = Double(layer.fanIn)
    let all = 0..<inputs.rows
    let relative = all.map { a in
      (tangent.a[a, a, a, a] + 2 * tangent.b[a, a, a, a]) / (n * tangent.mean[a, a] * tangent.mean[a, a])
    }
    let next = layer.relativeNextOrder ?? 0
    let kernelNext =
      all.compactMap { row -> Double? in
        let last = SingleInputFlow(network, input: inputs.row(row)).layers.last
        return last.flatMap { $0.variance > 0 ? $0.varianceTruncation / $0.variance : nil }
      }.max() ?? 0
    let nextOfCovariance = max(next, kernelNext)
    let isSpreadKnown =
      GramChainEnsemble.relativeErrorOfVarianceError(relativeVariance: relative.max() ?? 0, networks: networks)
      <= PredictionList.largestErrorOfError
    let width = Set(network.architecture.widths).count == 1 ? network.architecture.widths.first : nil
    var found: [PredictionList.Entry] = []
    for (a, b) in inputs.rows > 1 ? [(0, 0), (0, 1)] : [(0, 0)] {
      func addCovariance(_ kind: QuantityKind, _ value: Double, scale: Double) {
        let prediction = Prediction(
          Quantity(kind, layer: layer.layer, samples: [a, b], width: width), value: value / n,
          truncationError: scale / n * nextOfCovariance, source: .tangentKernelStatistics)
        found.append(
          .init(prediction: prediction, smallestEffect: isSpreadKnown ? PredictionList.varianceEffect * scale / n : 0))
      }
      let scale = (tangent.mean[a, a] * tangent.mean[b, b]).squareRoot()
      let mean = layer.tangentKernelPrediction(a, b, samples: [a, b], width: width)!
      let corrected = layer.correctedTangentKernelPrediction(a, b, samples: [a, b], width: width)!
      found.append(.init(prediction: mean, smallestEffect: PredictionList.kernelEffect * scale))
      found.append(
        .init(
          prediction: corrected, smallestEffect: max(abs(corrected.value - mean.value), next * scale) / 2))
      let (shared, own) = (tangent.a[a, b, a, b], tangent.b[a, a, b, b] + tangent.b[a, b, b, a])
      addCovariance(.tangentKernelVariance, shared + own, scale: shared + own)
      addCovariance(.tangentKernelCovariance, shared, scale: shared + own)
      addCovariance(
        .kernelTangentCovariance, tangent.d[a, b, a, b],
        scale: (layer.fourPointVertex[a, b, a, b] * (shared + own)).squareRoot())
    }
    (entries, nextMean, nextCovariance) = (found, next, nextOfCovariance)
  }
}

/// Why the NTK's statistics are not confronted.
struct TangentExclusion: Error, CustomStringConvertible {
  var description: String
}

import OrreryFindings
import OrreryTensors

/// What order 1/n says of a layer, number by number: the one predictor of each, with the one rule for its truncation error δ.
extension SingleInputLayer {
  /// δ relative to a number that the expansion in 1/n is not written for: V/(nK²), the natural size of order 1/n, and what weights that are not
  /// Gaussian add.
  public var relativeTruncation: Double { relativeVariance + relativeNonGaussianShift }

  /// E Ĝ = K on one input.
  ///
  /// - Parameter size: of order 1/n relative to K, where weights depend on each other and their fluctuations are not known.
  public func kernelPrediction(_ samples: [Int] = [], width: Int? = nil, size: Double? = nil) -> Prediction {
    Prediction(
      Quantity(.kernel, layer: layer, samples: samples, width: width), value: kernel,
      truncationError: isFluctuationKnown ? kernelTruncation : (size ?? .infinity) * kernel, source: .kernelRecursion)
  }

  /// Var Ĝ = V/n; nil where it is not known.
  public func kernelVariancePrediction(_ samples: [Int] = [], width: Int? = nil) -> Prediction? {
    guard isFluctuationKnown else { return nil }
    return Prediction(
      Quantity(.kernelVariance, layer: layer, samples: samples, width: width), value: variance,
      truncationError: varianceTruncation, source: .fourPointVertex)
  }

  /// E Ĝ/K − 1 = G1/(nK).
  public func kernelMeanDeviationPrediction(_ samples: [Int] = [], width: Int? = nil) -> Prediction {
    Prediction(
      Quantity(.kernelMeanDeviation, layer: layer, samples: samples, width: width), value: shift / kernel,
      truncationError: correctedKernelTruncation / kernel, source: .kernelCorrection)
  }

  /// The correlation of two inputs of about this one's norm: δ is ``relativeTruncation`` of 1 − c.
  ///
  /// - Parameter oneMinusCorrelation: 1 − c at infinite width.
  public func correlationPrediction(
    oneMinusCorrelation: Double, _ samples: [Int] = [], width: Int? = nil, size: Double? = nil
  ) -> Prediction {
    Prediction(
      Quantity(.correlation, layer: layer, samples: samples, width: width), value: 1 - oneMinusCorrelation,
      truncationError: abs(oneMinusCorrelation) * (isFluctuationKnown ? relativeTruncation : size ?? .infinity),
      source: .correlationMap)
  }

  /// E z² = K of an output.
  public func outputVariancePrediction(_ samples: [Int] = [], width: Int? = nil) -> Prediction {
    Prediction(
      Quantity(.outputVariance, layer: layer, samples: samples, width: width), value: kernel,
      truncationError: kernelTruncation, source: .kernelRecursion)
  }

  /// Given Ĝ an output is Gaussian but for its own weights and bias: its excess kurtosis is (3 Var Ĝ + κ₄)/K².
  public func outputKurtosisPrediction(_ samples: [Int] = [], width: Int? = nil) -> Prediction {
    Prediction(
      Quantity(.outputExcessKurtosis, layer: layer, samples: samples, width: width), value: excessKurtosis,
      truncationError: excessKurtosisTruncation, source: .fourPointVertex)
  }
}

extension FiniteWidthLayer {
  /// How large the next order of the NTK's mean is beside order 1/n: the larger of (A + 2B)/(nΘ²) and V/(nK²), over all inputs; nil without
  /// the NTK's statistics.
  public var relativeNextOrder: Double? {
    guard let tangent = tangentKernel else { return nil }
    let n = Double(fanIn)
    return (0..<inputs).map { a in
      max(
        (tangent.a[a, a, a, a] + 2 * tangent.b[a, a, a, a]) / (n * tangent.mean[a, a] * tangent.mean[a, a]),
        fourPointVertex[a, a, a, a] / (n * kernel[a, a] * kernel[a, a]))
    }.max()
  }

  /// E Ĥ = Θ, of one neuron or output: δ is H1/n with the order after it. Nil without the NTK's statistics.
  public func tangentKernelPrediction(_ a: Int, _ b: Int, samples: [Int] = [], width: Int? = nil) -> Prediction? {
    guard let tangent = tangentKernel, let next = relativeNextOrder else { return nil }
    return Prediction(
      Quantity(.neuralTangentKernel, layer: layer, samples: samples, width: width), value: tangent.mean[a, b],
      truncationError: abs(tangent.correction[a, b]) / Double(fanIn) * (1 + next), source: .neuralTangentKernel)
  }

  /// E Ĥ = Θ + H1/n, of one neuron or output: δ is the order after it. Nil without the NTK's statistics.
  public func correctedTangentKernelPrediction(
    _ a: Int, _ b: Int, samples: [Int] = [], width: Int? = nil
  ) -> Prediction? {
    guard let tangent = tangentKernel, let next = relativeNextOrder else { return nil }
    let shift = tangent.correction[a, b] / Double(fanIn)
    return Prediction(
      Quantity(.neuralTangentKernel, layer: layer, samples: samples, width: width), value: tangent.mean[a, b] + shift,
      truncationError: abs(shift) * next, source: .tangentKernelStatistics)
  }
}

import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors

extension GramChain {
  /// The version of the chain's numerics; part of a run's identity.
  public static let numericsVersion = 4
}

extension GramChainEnsemble {
  /// The hidden width, when all hidden layers have the same.
  private var width: Int? {
    let widths = chain.network.architecture.widths
    return Set(widths).count == 1 ? widths.first : nil
  }

  private func quantity(_ kind: QuantityKind, _ entry: KernelEntry) -> Quantity {
    Quantity(kind, layer: entry.layer, samples: [entry.column, entry.row], width: width)
  }

  private func prediction(_ quantity: Quantity, _ estimate: Estimate) -> Prediction {
    Prediction(
      quantity, value: estimate.value, samplingError: estimate.error, source: .gramChain,
      numericsVersion: GramChain.numericsVersion)
  }

  /// E Ĝ^(ℓ)_αβ.
  public func kernelPrediction(_ entry: KernelEntry) -> Prediction {
    prediction(quantity(.kernel, entry), mean(entry))
  }

  /// Var Ĝ^(ℓ)_αβ over networks.
  public func variancePrediction(_ entry: KernelEntry) -> Prediction {
    prediction(quantity(.kernelVariance, entry), variance(entry))
  }

  /// E Ĝ / K − 1, given the infinite-width kernel K.
  public func meanDeviationPrediction(_ entry: KernelEntry, infiniteWidth kernel: Double) -> Prediction {
    let mean = mean(entry)
    let deviation = Estimate(value: (mean.value - kernel) / kernel, error: mean.error / abs(kernel))
    return prediction(quantity(.kernelMeanDeviation, entry), deviation)
  }

  /// E Ĝ_αβ / √(E Ĝ_αα E Ĝ_ββ); nil when covariances were not asked for.
  public func correlationPrediction(layer: Int, _ first: Int, _ second: Int) -> Prediction? {
    correlation(layer: layer, first, second).map {
      prediction(quantity(.correlation, KernelEntry(layer: layer, first, second)), $0)
    }
  }

  /// The second moment of one output over networks, E z² = E Ĝ^(L)_αα.
  public func outputVariancePrediction(sample: Int) -> Prediction {
    let moment = outputMoments(sample: sample).second
    return prediction(Quantity(.outputVariance, layer: chain.layerCount, samples: [sample], width: width), moment)
  }

  /// The excess kurtosis of one output over networks, (3 Var Ĝ + κ_b C_b²)/(E Ĝ)².
  public func outputKurtosisPrediction(sample: Int) -> Prediction {
    let kurtosis = outputMoments(sample: sample).excessKurtosis
    let quantity = Quantity(.outputExcessKurtosis, layer: chain.layerCount, samples: [sample], width: width)
    return prediction(quantity, kurtosis)
  }

  /// Every number that the chain predicts, without those that need the infinite-width kernel: the mean and variance of each
  /// entry of each layer from the first, correlations where covariances were asked for, output variance and kurtosis.
  public var predictions: [Prediction] {
    var all: [Prediction] = []
    for layer in 1...chain.layerCount {
      for i in 0..<chain.samples {
        for j in 0...i {
          let entry = KernelEntry(layer: layer, i, j)
          all.append(kernelPrediction(entry))
          all.append(variancePrediction(entry))
          if i != j, let correlation = correlationPrediction(layer: layer, i, j) { all.append(correlation) }
        }
      }
    }
    for sample in 0..<chain.samples {
      all.append(outputVariancePrediction(sample: sample))
      all.append(outputKurtosisPrediction(sample: sample))
    }
    return all
  }
}

import OrreryNetworks
import OrreryTheory

extension Forecast.CriticalPointForecast {
  init(_ point: CriticalPoint, isTaken: Bool, layerCount: Int, inputs: InputStatistics) {
    self.init(
      isTaken: isTaken, weightVariance: point.weightVariance, biasVariance: point.biasVariance, kernel: point.kernel,
      universalityClass: point.criticalityClass.rawValue, stability: point.stability.rawValue,
      slope: point.exponents.nu, asymptotics: point.asymptotics,
      firstLayer: point.firstLayerStatement(meanSquaredInput: inputs.meanSquare),
      learningRates: LearningRateScaling(point).factors(layerCount: layerCount).map {
        .init(bias: $0.bias, weight: $0.weight)
      })
  }
}

extension Forecast.TrainabilityForecast {
  init(_ trainability: Trainability) {
    let gradient = trainability.gradients.layers.first?.weight ?? .infinity
    let horizon = trainability.horizon.depth.flatMap { $0 < trainability.network.architecture.depth ? $0 : nil }
    let isOpen = if case .cannotSay = trainability.verdict { true } else { false }
    let overflows = if case .willNotTrain(.overflow) = trainability.verdict { true } else { false }
    let verdict =
      if !(gradient <= trainability.conditions.precision.greatestFinite) {
        "overflow"
      } else if trainability.frozenLayers.contains(1) {
        "frozen"
      } else if isOpen {
        "in doubt"
      } else {
        "ok"
      }
    self.init(
      trains: trainability.verdict.trains, isOpen: isOpen, firstLayerGradient: gradient, gradientVerdict: verdict,
      horizon: horizon,
      reason: trainability.verdict.description, law: trainability.verdict.lawKey, overflows: overflows)
  }
}

extension Activation {
  /// "gelu", "leaky-relu(slope 0.2)", "tanh, input-scale 2".
  package var text: String {
    var text = function.name
    let parameters = function.parameters.sorted { $0.key < $1.key }.map { key, value in
      switch value {
      case .number(let number): "\(key) \(number)"
      case .list(let numbers): "\(key) \(numbers.map { "\($0)" }.joined(separator: " "))"
      }
    }
    if !parameters.isEmpty { text += "(" + parameters.joined(separator: ", ") + ")" }
    for ((key, value), usual) in zip(scalesAndShifts, [1.0, 0, 1, 0]) where value != usual {
      text += ", \(key) \(value)"
    }
    return text
  }
}

extension DataDescription {
  /// "digits", "X.npy", "gaussian inputs".
  package var text: String {
    switch source {
    case .named(let name): name
    case .files(let files): files.inputs.path
    case .synthetic(let synthetic): "\(synthetic.distribution.rawValue) inputs"
    case .text(let path): path
    }
  }
}

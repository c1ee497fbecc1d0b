import OrreryFindings
import OrreryNetworks
import OrreryTheory

extension Forecast {
  /// The same with the laws that its numbers, verdicts and pictures rest on.
  func withLaws() -> Forecast {
    var used = predictions.map(\.source) + [.susceptibility]
    if let perceptron {
      used += [.gramChain, .correlationMap, .fixedPoints, .criticality, .orderChaosLine, .aspectRatio]
      used.append(perceptron.architecture.activation.dual.source)
    }
    if finiteWidth != nil { used.append(.tangentKernelStatistics) }
    if !criticality.points.isEmpty { used.append(.learningRateDepth) }
    let trainability = initializations.compactMap(\.trainability)
    if !trainability.isEmpty {
      used += [.backwardRecursion, .floatHorizon]
      used += Source.theory.filter { law in trainability.contains { $0.law == law.key } }
      used.append(study.optimizer?.method.epsilon != nil ? .adamEpsilon : .floatingPointRange)
    }
    var forecast = self
    forecast.laws = Source.inOrder(used)
    return forecast
  }
}

extension DynamicsForecast {
  /// What training at infinite width rests on, and at order 1/n where that is computed.
  static func laws(order: Int) -> [Source] {
    [.kernelDynamics, .neuralTangentKernel] + (order > 0 ? [.finiteWidthDynamics] : [])
  }
}

extension Finding {
  /// The laws of the forecast, and those of what was confronted beyond it.
  public var laws: [Source] {
    Source.inOrder(forecast.laws + allConfrontations.map(\.prediction.source) + (dynamics?.forecast.laws ?? []))
  }
}

extension Source {
  /// Each once, in Theory's order; those of others' making last.
  static func inOrder(_ used: [Source]) -> [Source] {
    let keys = Set(used.map(\.key))
    let listed = theory.filter { keys.contains($0.key) }
    var seen = Set(listed.map(\.key))
    return listed + used.filter { seen.insert($0.key).inserted }
  }
}

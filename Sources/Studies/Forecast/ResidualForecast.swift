import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTheory

/// What theory says of a residual perceptron: kernel, NTK and vertices on an input of typical norm.
struct ResidualForecast {
  let loaded: LoadedStudy
  let network: ResidualView
  let flow: ResidualFlow

  init(_ loaded: LoadedStudy, _ network: ResidualView) {
    self.loaded = loaded
    self.network = network
    flow = ResidualFlow(network, meanSquaredInput: loaded.statistics.meanSquare)
  }

  /// - Throws: `StudyError` when kernels overflow at infinite width.
  func forecast() throws -> Forecast {
    guard flow.layers.count == network.layerCount, let last = flow.layers.last else {
      throw StudyError(
        .overflow,
        "The kernel or its fluctuations overflow at layer \(flow.layers.count + 1) of \(network.layerCount): the stream grows without "
          + "bound; scale the branches or skips, lower weight-variance, or take fewer blocks.")
    }
    let name = loaded.resolved.initializationName
    let forecast = Forecast(
      subject: loaded.resolved.subject, label: loaded.label, study: loaded.resolved, verdict: verdict(last),
      expansion: nil, finiteWidth: nil, inputs: loaded.statistics,
      initializations: [
        Forecast.InitializationForecast(
          name: name, isOwn: true, layers: network.initializations, outputKernel: last.kernel)
      ],
      layers: flow.layers.map(layer),
      criticality: Forecast.CriticalityForecast(
        points: [], reason: "Which variances make a residual network critical is not forecast yet."),
      fixedPoints: [], changes: [], notSaid: loaded.coverage.notSaid, predictions: predictions)
    return forecast.withLaws()
  }

  private func verdict(_ last: ResidualFlow.Layer) -> [Forecast.Statement] {
    func text(_ value: Double) -> String { NumberText.text(value, digits: 2) }
    let stream = network.hasReadout ? flow.layers.dropLast() : flow.layers[...]
    var statements: [Forecast.Statement] = []
    if let first = stream.first, let end = stream.last, stream.count > 1 {
      statements.append(
        .init(
          tone: .neutral,
          text: "The stream's kernel goes from \(text(first.kernel)) to \(text(end.kernel)) in \(stream.count) layers.")
      )
    }
    let jacobian = flow.layers.compactMap(\.perpendicularSusceptibility).reduce(1, *)
    // A step that jumps has none.
    if jacobian.isFinite {
      let isEven = jacobian > 0.1 && jacobian < 10
      statements.append(
        .init(
          tone: isEven ? .good : .caution,
          text:
            "Gradients \(isEven ? "keep their size" : (jacobian < 1 ? "fade" : "grow")): the mean squared Jacobian from the first layer "
            + "to the output is \(text(jacobian))."))
    }
    if let relative = relativeVariance(last) {
      let regime = CouplingRegime(relativeVariance: relative)
      statements.append(
        .init(
          tone: regime == .stronglyCoupled ? .caution : .neutral,
          text:
            "From network to network the output kernel's relative variance is V/(nK²) = \(text(relative)) (\(regime.rawValue))."
        ))
    }
    return statements
  }

  /// V/(nK²).
  private func relativeVariance(_ layer: ResidualFlow.Layer) -> Double? {
    layer.fourPointVertex.flatMap { v in
      layer.kernel > 0 ? v / (Double(network.width) * layer.kernel * layer.kernel) : nil
    }
  }

  /// Of Θ: V/(nK²), the size of one order over the one before, where it is known, and ℓ/n, what each layer's own sampling adds.
  private func relativeTruncation(_ layer: ResidualFlow.Layer) -> Double {
    layer.layer == 1 ? 0 : max(relativeVariance(layer) ?? 0, Double(layer.layer) / Double(network.width))
  }

  private func layer(_ layer: ResidualFlow.Layer) -> Forecast.LayerForecast {
    let n = Double(network.width)
    let hasVertices = flow.layers.contains { $0.layer > 1 && $0.fourPointVertex != nil }
    let isStream = layer.layer == 1 || network.steps[layer.layer - 2].skip != 0
    return Forecast.LayerForecast(
      layer: layer.layer, kernel: layer.kernel, neuralTangentKernel: layer.neuralTangentKernel,
      parallelSusceptibility: layer.parallelSusceptibility,
      perpendicularSusceptibility: layer.perpendicularSusceptibility,
      kernelVariance: hasVertices ? layer.fourPointVertex.map { $0 / n } : nil,
      threePointCorrelation: hasVertices && isStream ? layer.threePointVertex.map { $0 / n } : nil)
  }

  private var predictions: [Prediction] {
    PredictionList(network, flow, samples: []).entries.map(\.prediction)
      + flow.layers.dropLast().compactMap { layer in
        layer.neuralTangentKernel.map {
          Prediction(
            Quantity(.neuralTangentKernel, layer: layer.layer), value: $0,
            truncationError: $0 * relativeTruncation(layer), source: .neuralTangentKernel)
        }
      }
  }
}

import OrreryNetworks

/// What running a network does, step by step: the layer descriptions, checked and with their shapes filled in.
package struct LayerProgram: Sendable {
  package enum Step: Sendable {
    /// z = W x + b; `number` counts dense layers, ℓ = 1 … L.
    case dense(number: Int, fanIn: Int, units: Int, LayerInitialization)
    case nonlinearity(Activation)
  }

  package let steps: [Step]
  /// n_0.
  package let inputs: Int
  /// L.
  package let layerCount: Int

  /// - Throws: ``ExperimentError/unsupportedLayer(key:index:)`` for a layer that Experiment does not know.
  package init(_ layers: [Layer], inputs: Int, initializations: [LayerInitialization]) throws {
    var steps: [Step] = []
    var features = inputs
    var number = 0
    guard inputs > 0 else { throw ExperimentError.badLayer(index: 0, problem: "the network has no input features") }
    for (index, layer) in layers.enumerated() {
      switch layer.description {
      case let dense as Dense:
        guard dense.units > 0 else {
          throw ExperimentError.badLayer(index: index, problem: "a width of \(dense.units) is not at least 1")
        }
        guard number < initializations.count else {
          throw ExperimentError.badLayer(index: index, problem: "it has no initialization")
        }
        let initialization = initializations[number]
        for (name, value) in [("C_W", initialization.weightVariance), ("C_b", initialization.biasVariance)]
        where !(value >= 0 && value.isFinite) {
          throw ExperimentError.badLayer(index: index, problem: "\(name) = \(value) is not a variance")
        }
        number += 1
        steps.append(.dense(number: number, fanIn: features, units: dense.units, initialization))
        features = dense.units
      case let nonlinearity as Nonlinearity:
        steps.append(.nonlinearity(nonlinearity.activation))
      default:
        throw ExperimentError.unsupportedLayer(key: type(of: layer.description).key, index: index)
      }
    }
    self.steps = steps
    self.inputs = inputs
    layerCount = number
  }

  /// The widest layer, the input included.
  var largestWidth: Int {
    steps.reduce(inputs) { width, step in
      if case .dense(_, _, let units, _) = step { max(width, units) } else { width }
    }
  }
}

import OrreryNetworks

/// A network on a batch of given size, as a graph.
package struct LoweredNetwork: Sendable {
  /// One parameter tensor of the network.
  package struct Parameter: Sendable {
    package let description: ParameterDescription
    /// The layer's place in the list of layers.
    package let layer: Int
    package let value: Value
  }

  package var graph: Graph
  /// In order of layers.
  package let parameters: [Parameter]
  /// (samples, …).
  package let input: Value
  /// What leaves each layer, (samples, …).
  package let layerOutputs: [Value]

  /// (samples, outputs).
  package var output: Value { layerOutputs.last ?? input }

  /// - Parameters:
  ///   - inputShape: of one sample.
  ///   - samples: the batch.
  /// - Throws: ``ExperimentError`` for a layer that Experiment cannot run; ``NetworkError`` for shapes that do not fit.
  package init(_ layers: [Layer], inputShape: [Int], samples: Int) throws {
    var graph = Graph()
    var parameters: [Parameter] = []
    var outputs: [Value] = []
    // Parameters come first, so that a program can lay them out in this order.
    var shape = inputShape
    for (index, layer) in layers.enumerated() {
      guard layer.description is any Lowerable else {
        throw ExperimentError.unsupportedLayer(key: layer.key, index: index)
      }
      for description in layer.description.parameters(for: shape) {
        parameters.append(Parameter(description: description, layer: index, value: graph.input(description.shape)))
      }
      shape = try layer.description.outputShape(for: shape)
    }
    input = graph.input([samples] + inputShape)
    var current = input
    for (index, layer) in layers.enumerated() {
      let own = parameters.filter { $0.layer == index }.map(\.value)
      current = try (layer.description as! any Lowerable).lower(&graph, current, parameters: own)
      outputs.append(current)
    }
    self.graph = graph
    self.parameters = parameters
    layerOutputs = outputs
  }
}

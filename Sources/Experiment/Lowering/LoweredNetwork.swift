import OrreryNetworks

/// A network on a batch of given size, as a graph.
package struct LoweredNetwork: Sendable {
  package var graph: Graph
  /// All parameter tensors, in order of layers.
  package let parameters: [Value]
  /// (samples, …).
  package let input: Value
  /// What leaves each layer, (samples, …).
  package let layerOutputs: [Value]

  /// (samples, …), for a classifier (samples, outputs).
  package var output: Value { layerOutputs.last ?? input }

  /// - Parameters:
  ///   - inputShape: of one sample.
  ///   - samples: the batch.
  /// - Throws: ``ExperimentError`` for a layer that Experiment cannot run; ``NetworkError`` for shapes that do not fit.
  package init(_ layers: [Layer], inputShape: [Int], samples: Int) throws {
    var graph = Graph()
    let descriptions = try layers.parameters(inputShape: inputShape)
    // Parameters come first, so that a program can lay them out in this order.
    let parameters = descriptions.map { graph.input($0.description.shape) }
    input = graph.input([samples] + inputShape)
    layerOutputs = try layers.lower(&graph, input, parameters: parameters)
    self.graph = graph
    self.parameters = parameters
  }
}

extension [Layer] {
  /// What leaves each layer, for a batch: input (samples, …).
  ///
  /// - Parameter parameters: of all layers, in order.
  /// - Throws: as ``LoweredNetwork/init(_:inputShape:samples:)``.
  func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> [Value] {
    let descriptions = try self.parameters(inputShape: [Int](graph.shape(input).dropFirst()))
    var outputs: [Value] = []
    for (index, layer) in enumerated() {
      guard let description = layer.description as? any Lowerable else {
        throw ExperimentError.unsupportedLayer(key: layer.key, index: index)
      }
      let own = parameters.indices.filter { descriptions[$0].layer == index }.map { parameters[$0] }
      outputs.append(try description.lower(&graph, outputs.last ?? input, parameters: own))
    }
    return outputs
  }
}

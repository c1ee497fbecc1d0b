import OrreryNetworks

/// A network on a batch of given size, as a graph.
package struct LoweredNetwork: Sendable {
  package var graph: Graph
  /// All parameter tensors, in order of layers.
  package let parameters: [Value]
  /// What follows training beside the parameters, in order of layers.
  package let averages: [LoweringContext.RunningAverage]
  /// What is drawn before each step of training.
  package let masks: [LoweringContext.Mask]
  /// (samples, …).
  package let input: Value
  /// What leaves each layer, (samples, …).
  package let layerOutputs: [Value]

  /// What a network is given beside its input and masks: parameters and, behind them, running averages.
  package var given: [Value] { parameters + averages.map(\.value) }

  /// (samples, …), for a classifier (samples, outputs).
  package var output: Value { layerOutputs.last ?? input }

  /// - Parameters:
  ///   - inputShape: of one sample.
  ///   - samples: the batch.
  ///   - mode: what the graph is for. `plain` has neither averages nor masks.
  /// - Throws: ``ExperimentError`` for a layer that Experiment cannot run; ``NetworkError`` for shapes that do not fit.
  package init(
    _ layers: [Layer], inputShape: [Int], samples: Int, mode: LoweringContext.Mode = .plain
  ) throws {
    var graph = Graph()
    let descriptions = try layers.parameters(inputShape: inputShape)
    // Parameters come first, so that a program can lay them out in this order.
    let parameters = descriptions.map { graph.input($0.description.shape) }
    input = graph.input([samples] + inputShape)
    var context = LoweringContext(mode: mode)
    layerOutputs = try layers.lower(&graph, input, parameters: parameters, context: &context)
    self.graph = graph
    self.parameters = parameters
    averages = context.averages
    masks = context.masks
  }
}

extension ResolvedNetwork {
  /// The first layer, from 0, that in training is not what it is in evaluation: one that draws masks or keeps running averages;
  /// nil where there is none.
  ///
  /// - Throws: ``ExperimentError`` for a layer that cannot be run; `NetworkError` for shapes that do not fit.
  package func modalLayer() throws -> Int? {
    let lowered = try LoweredNetwork(
      architecture.layers, inputShape: inputShape, samples: 1, mode: .training)
    let places = lowered.averages.map(\.layer) + lowered.masks.map(\.layer)
    return places.min()
  }
}

extension [Layer] {
  /// What leaves each layer, for a batch: input (samples, …).
  ///
  /// - Parameter parameters: of all layers, in order.
  /// - Throws: as ``LoweredNetwork/init(_:inputShape:samples:mode:)``.
  func lower(
    _ graph: inout Graph, _ input: Value, parameters: [Value], context: inout LoweringContext
  ) throws -> [Value] {
    let descriptions = try self.parameters(inputShape: [Int](graph.shape(input).dropFirst()))
    var outputs: [Value] = []
    for (index, layer) in enumerated() {
      context.path.append(String(index))
      defer { context.path.removeLast() }
      let own = parameters.indices.filter { descriptions[$0].layer == index }.map { parameters[$0] }
      let current = outputs.last ?? input
      switch layer.description {
      case let description as any ContextualLowerable:
        outputs.append(try description.lower(&graph, current, parameters: own, context: &context))
      case let description as any Lowerable:
        outputs.append(try description.lower(&graph, current, parameters: own))
      default: throw ExperimentError.unsupportedLayer(key: layer.key, index: index)
      }
    }
    return outputs
  }
}

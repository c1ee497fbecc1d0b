import OrreryNetworks

/// A network, its loss on a batch of fixed size and the loss's gradient, as a graph.
struct LossGraph {
  var graph: Graph
  let parameters: [Value]
  /// All that is given: parameters, the batch's inputs, its targets.
  let point: [Program.Inlet]
  /// (samples, …, outputs).
  let output: Value
  /// Of the same shape.
  let targets: Value
  let value: Value
  /// One for each parameter, of its shape.
  let gradient: [Value]

  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  init(_ network: ResolvedNetwork, loss: Loss, samples: Int, targets kind: TargetKind) throws {
    let lowered = try LoweredNetwork(
      network.architecture.layers, inputShape: network.inputShape, samples: samples)
    var graph = lowered.graph
    let outputShape = graph.shape(lowered.output)
    let targets = graph.input(kind == .values ? outputShape : outputShape.dropLast())
    let parameters = lowered.parameters
    output = lowered.output
    self.targets = targets
    value = graph.loss(loss, of: output, targets: targets)
    gradient = zip(parameters, try graph.gradient(of: value, to: parameters)).map { parameter, found in
      found ?? graph.constant(0, shape: graph.shape(parameter))
    }
    point = (parameters + [lowered.input, targets]).map { Program.Inlet($0) }
    self.parameters = parameters
    self.graph = graph
  }
}

/// A network and its loss on a batch of fixed size, compiled.
///
/// Inputs are all parameters, in the layout's order, then the batch's inputs and targets.
package struct LossProgram: Sendable {
  /// Outputs: the gradient in the parameters' order, then the loss.
  package let gradient: Program
  /// Outputs: the loss; kept: the network's outputs (samples, …, outputs).
  package let evaluation: Program
  package let samples: Int
  /// The number of parameters.
  package let parameterCount: Int

  /// - Parameter isParallel: whether one network may use all threads.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  package init(
    _ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind = .values, isParallel: Bool
  ) throws {
    let source = try LossGraph(network, loss: loss, samples: samples, targets: targets)
    evaluation = Program(
      source.graph, inlets: source.point, outputs: [source.value], keeping: [source.output], isParallel: isParallel)
    gradient = Program(
      source.graph, inlets: source.point, outputs: source.gradient + [source.value], isParallel: isParallel)
    self.samples = samples
    parameterCount = source.parameters.map { source.graph.shape($0).reduce(1, *) }.reduce(0, +)
  }
}

extension Arena {
  /// The batch's inputs and targets: the last two inputs.
  var batchInputs: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 2].lowerBound }
  var batchTargets: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 1].lowerBound }
  /// The first output: where a gradient begins.
  var firstOutput: UnsafeMutablePointer<Scalar> { base + program.outputs[0].lowerBound }
}

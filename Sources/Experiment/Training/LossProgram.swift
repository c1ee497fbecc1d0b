import OrreryNetworks

/// A network and its loss on a batch of fixed size, compiled.
///
/// Inputs are all parameters, in the layout's order, then the batch's inputs and targets.
package struct LossProgram: Sendable {
  /// Outputs: the gradient in the parameters' order, then the loss.
  package let gradient: Program
  /// Outputs: the loss; kept: the network's outputs (samples, outputs).
  package let evaluation: Program
  package let samples: Int
  /// The number of parameters.
  package let parameterCount: Int

  /// - Parameter isParallel: whether one network may use all threads.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  package init(_ network: ResolvedNetwork, loss: Loss, samples: Int, isParallel: Bool) throws {
    let lowered = try LoweredNetwork(
      network.architecture.layers, inputShape: [network.inputs], samples: samples)
    var graph = lowered.graph
    let targets = graph.input(graph.shape(lowered.output))
    let value = graph.loss(loss, of: lowered.output, targets: targets)
    let parameters = lowered.parameters.map(\.value)
    let inlets = (parameters + [lowered.input, targets]).map { Program.Inlet($0) }
    evaluation = Program(graph, inlets: inlets, outputs: [value], keeping: [lowered.output], isParallel: isParallel)
    var derivatives: [Value] = []
    for (parameter, found) in zip(parameters, try graph.gradient(of: value, to: parameters)) {
      derivatives.append(found ?? graph.constant(0, shape: graph.shape(parameter)))
    }
    gradient = Program(graph, inlets: inlets, outputs: derivatives + [value], isParallel: isParallel)
    self.samples = samples
    parameterCount = parameters.map { graph.shape($0).reduce(1, *) }.reduce(0, +)
  }
}

extension Arena {
  /// The batch's inputs and targets: the last two inputs.
  var batchInputs: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 2].lowerBound }
  var batchTargets: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 1].lowerBound }
  /// The first output: where a gradient begins.
  var firstOutput: UnsafeMutablePointer<Scalar> { base + program.outputs[0].lowerBound }
}

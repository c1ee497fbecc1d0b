import OrreryNetworks

/// A network, its loss on a batch of fixed size and the loss's gradient, as a graph.
struct LossGraph {
  var graph: Graph
  let parameters: [Value]
  /// What follows training beside the parameters, and what is drawn before each step.
  let averages: [LoweringContext.RunningAverage]
  let masks: [LoweringContext.Mask]
  /// All that is given: parameters, running averages, masks, the batch's inputs, its targets.
  let point: [Program.Inlet]
  /// (samples, …, outputs).
  let output: Value
  /// Of the same shape.
  let targets: Value
  let value: Value
  /// One for each parameter, of its shape.
  let gradient: [Value]

  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  init(
    _ network: ResolvedNetwork, loss: Loss, samples: Int, targets kind: TargetKind = .values,
    mode: LoweringContext.Mode = .plain
  ) throws {
    let lowered = try LoweredNetwork(
      network.architecture.layers, inputShape: network.inputShape, samples: samples, mode: mode)
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
    averages = lowered.averages
    masks = lowered.masks
    point = (parameters + averages.map(\.value) + masks.map(\.value) + [lowered.input, targets]).map {
      Program.Inlet($0)
    }
    self.parameters = parameters
    self.graph = graph
  }
}

/// A network and its loss on a batch of fixed size, compiled.
///
/// Inputs are all parameters, in the layout's order, running averages, for gradients the masks of dropout, then the batch's
/// inputs and targets.
package struct LossProgram: Sendable {
  /// Outputs: the gradient in the parameters' order, the next running averages, then the loss.
  package let gradient: Program
  /// Outputs: the loss; kept: the network's outputs (samples, …, outputs).
  package let evaluation: Program
  package let samples: Int
  /// The number of parameters.
  package let parameterCount: Int
  package let averages: [LoweringContext.RunningAverage]
  /// The first of the gradient's inputs that is a mask.
  let firstMask: Int
  let masks: [LoweringContext.Mask]
  let isParallel: Bool

  /// - Parameters:
  ///   - mode: what gradients are for: a step of training, or (`evaluation`) a measurement, without dropout and with running averages.
  ///   - isParallel: whether one network may use all threads.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated, or keeps running
  ///   averages that the mode has no place for.
  package init(
    _ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind = .values,
    mode: LoweringContext.Mode = .training, isParallel: Bool
  ) throws {
    let training = try LossGraph(network, loss: loss, samples: samples, targets: targets, mode: mode)
    let isModal = mode == .training && !(training.averages.isEmpty && training.masks.isEmpty)
    let source =
      isModal ? try LossGraph(network, loss: loss, samples: samples, targets: targets, mode: .evaluation) : training
    evaluation = Program(
      source.graph, inlets: source.point, outputs: [source.value], keeping: [source.output], isParallel: isParallel)
    gradient = Program(
      training.graph, inlets: training.point,
      outputs: training.gradient + training.averages.map(\.next) + [training.value], isParallel: isParallel)
    averages = training.averages
    masks = training.masks
    self.isParallel = isParallel
    firstMask = training.parameters.count + averages.count
    self.samples = samples
    parameterCount = source.graph.count(source.parameters)
  }
}

extension Arena {
  /// The batch's inputs and targets: the last two inputs.
  var batchInputs: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 2].lowerBound }
  var batchTargets: UnsafeMutablePointer<Scalar> { base + program.inputs[program.inputs.count - 1].lowerBound }
  /// The first output: where a gradient begins.
  var firstOutput: UnsafeMutablePointer<Scalar> { base + program.outputs[0].lowerBound }
}

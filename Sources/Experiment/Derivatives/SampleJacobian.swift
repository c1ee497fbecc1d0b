import OrreryNetworks
import OrreryTensors

/// The Jacobians ∂z_o(x_i)/∂θ of a network's outputs on single samples, by one backward pass for each output: the plain way, for
/// networks of any layers.
///
/// One sample at a time goes through the network, forward once and back for each output. One thread at a time.
package final class SampleJacobian<Scalar: TrainingScalar> {
  package struct Programs: Sendable {
    let program: Program
    /// The tensors whose derivatives are taken, by number; their elements follow each other in a row.
    let tensors: [Int]
    /// Elements of a row.
    let columns: Int
    let outputs: Int
    let features: Int
    let layout: ParameterLayout
    let isDirectional: Bool
    /// Elements that are given: parameters and running averages.
    let givenCount: Int

    /// - Parameters:
    ///   - tensors: nil for all.
    ///   - isDirectional: whether rows are the Jacobian's tangents along a direction of the parameters, and not itself.
    ///   - mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
    package init(
      _ network: ResolvedNetwork, tensors chosen: [Int]? = nil, isDirectional: Bool = false,
      mode: LoweringContext.Mode = .plain, isParallel: Bool = false
    ) throws {
      let lowered = try network.lowered(samples: 1, mode: mode)
      var graph = lowered.graph
      let parameters = lowered.parameters
      layout = try NetworkParameters(network).layout
      let tensors = chosen ?? Array(parameters.indices)
      let targets = tensors.map { parameters[$0] }
      let cotangent = graph.input(graph.shape(lowered.output))
      var rows = graph.zeroFilled(try graph.pullback([(lowered.output, cotangent)], to: targets), like: targets)
      var inlets = lowered.given.map { Program.Inlet($0) }
      if isDirectional {
        let directions = parameters.map { graph.input(graph.shape($0)) }
        inlets += directions.map { .init($0) }
        let sources = zip(parameters, directions).map { ($0, $1) }
        rows = graph.zeroFilled(try graph.pushforward(sources, to: rows), like: targets)
      }
      program = Program(
        graph, inlets: inlets + [.init(lowered.input), .init(cotangent, stage: 1)], outputs: rows,
        isParallel: isParallel)
      self.isDirectional = isDirectional
      self.tensors = tensors
      givenCount = graph.count(lowered.given)
      columns = graph.count(targets)
      outputs = graph.shape(lowered.output).reduce(1, *)
      features = graph.shape(lowered.input).reduce(1, *)
    }

    /// Where a tensor's elements begin in a row.
    package func offsets() -> [Int] {
      var end = 0
      return tensors.map { tensor in
        defer { end += layout.tensors[tensor].count }
        return end
      }
    }
  }

  package let programs: Programs
  private let arena: Arena<Scalar>

  package init(_ programs: Programs) {
    self.programs = programs
    arena = Scalar.arena(programs.program)
  }

  /// - Parameters:
  ///   - parameters: with running averages behind them in `evaluation`.
  ///   - direction: of the parameters themselves, where the programs are directional.
  package func move(to parameters: UnsafePointer<Scalar>, direction: UnsafePointer<Scalar>? = nil) {
    let given = programs.givenCount
    arena.base.update(from: parameters, count: given)
    if programs.isDirectional, let direction {
      (arena.base + given).update(from: direction, count: programs.layout.count)
    }
  }

  /// Rows of some outputs on one sample, in the optimizer's units: ∂z_o/∂ω = unit ∂z_o/∂w.
  ///
  /// - Parameters:
  ///   - rows: outputs.count rows, `stride` numbers apart, written.
  package func rows(
    of outputs: Range<Int>, at input: UnsafePointer<Scalar>, into rows: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    let inlets = arena.program.inputs
    (arena.base + inlets[inlets.count - 2].lowerBound).update(from: input, count: programs.features)
    arena.run(stage: 0)
    let cotangent = arena.base + inlets[inlets.count - 1].lowerBound
    for (place, output) in outputs.enumerated() {
      for other in 0..<programs.outputs { cotangent[other] = other == output ? 1 : 0 }
      arena.run(stage: 1)
      var (source, target) = (UnsafePointer(arena.firstOutput), rows + place * stride)
      for tensor in programs.tensors {
        let (unit, count) = (programs.layout.tensors[tensor].unit, programs.layout.tensors[tensor].count)
        ArrayArithmetic.scale(Scalar(unit), source, into: target, count: count)
        source += count
        target += count
      }
    }
  }
}

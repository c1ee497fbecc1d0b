import OrreryNetworks
import OrreryTensors

/// Derivatives of a network's outputs along given directions of its parameters, D^k z[v_1, …, v_k], up to the third.
///
/// Each is the tangent of the one before: k passes forward of growing length, no array larger than the network's own.
package final class DirectionalDerivative<Scalar: TrainingScalar> {
  package struct Programs: Sendable {
    let program: Program
    let order: Int
    let samples: Int
    let outputs: Int
    let layout: ParameterLayout
    /// Tensors that are given, parameters and running averages, and their elements.
    let givenTensors: Int
    let givenCount: Int

    /// - Parameters:
    ///   - order: k, 1 … 3.
    ///   - mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    /// - Throws: ``ExperimentError`` where a derivative does not exist.
    package init(
      _ network: ResolvedNetwork, order: Int, samples: Int, mode: LoweringContext.Mode = .plain,
      isParallel: Bool = false
    ) throws {
      precondition((1...3).contains(order), "Derivatives of order 1 to 3 are offered.")
      let lowered = try network.lowered(samples: samples, mode: mode)
      var graph = lowered.graph
      let parameters = lowered.parameters
      var value: Value? = lowered.output
      var inlets = (lowered.given + [lowered.input]).map { Program.Inlet($0) }
      for _ in 0..<order {
        let directions = parameters.map { graph.input(graph.shape($0)) }
        inlets += directions.map { Program.Inlet($0) }
        if let current = value {
          value = try graph.pushforward(zip(parameters, directions).map { ($0, $1) }, to: [current])[0]
        }
      }
      let result = value ?? graph.constant(0, shape: graph.shape(lowered.output))
      program = Program(
        graph, inlets: inlets, outputs: [result], keeping: [lowered.output], isParallel: isParallel)
      (givenTensors, givenCount) = (lowered.given.count, graph.count(lowered.given))
      self.order = order
      self.samples = samples
      outputs = graph.shape(lowered.output).dropFirst().reduce(1, *)
      layout = try NetworkParameters(network).layout
    }
  }

  private let programs: Programs
  private let arena: Arena<Scalar>

  package init(_ programs: Programs) {
    self.programs = programs
    arena = Scalar.arena(programs.program)
  }

  /// z itself, (samples, outputs).
  package func value(_ parameters: [Scalar], inputs: [Scalar]) -> [Double] {
    let zero = [Scalar](repeating: 0, count: programs.layout.count)
    parameters.withUnsafeBufferPointer { w in
      inputs.withUnsafeBufferPointer { x in
        _ = apply(
          w.baseAddress!, inputs: x.baseAddress!, along: Array(repeating: zero, count: programs.order))
      }
    }
    return arena.kept(0).map { Double($0) }
  }

  /// D^k z[v_1 … v_k], shape (samples, outputs); the pointer is valid until the next call.
  ///
  /// - Parameters:
  ///   - parameters: with running averages behind them in `evaluation`.
  ///   - directions: as many numbers as the layout has, in the optimizer's units.
  ///   - inputs: (samples, features).
  package func apply(
    _ parameters: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>, along directions: [[Scalar]]
  ) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(directions.count == programs.order, "As many directions as the derivative's order.")
    let (given, tensors) = (programs.givenTensors, programs.layout.tensors)
    arena.base.update(from: parameters, count: programs.givenCount)
    let x = arena.input(given)
    x.baseAddress!.update(from: inputs, count: x.count)
    for (place, direction) in directions.enumerated() {
      let target = arena.input(given + 1 + place * tensors.count).baseAddress!
      for tensor in tensors {
        let unit = Scalar(tensor.unit)
        for i in tensor.range { target[i] = unit * direction[i] }
      }
    }
    arena.run()
    return arena.output(0)
  }
}

extension ResolvedNetwork {
  /// The network on a batch of given size, as a graph.
  ///
  /// - Parameter mode: `evaluation` or `plain`.
  /// - Throws: ``ExperimentError`` for a layer that cannot be run; `NetworkError` for shapes that do not fit.
  func lowered(samples: Int, mode: LoweringContext.Mode = .plain) throws -> LoweredNetwork {
    try LoweredNetwork(architecture.layers, inputShape: inputShape, samples: samples, mode: mode)
  }
}

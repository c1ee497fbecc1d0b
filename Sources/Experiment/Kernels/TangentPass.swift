import OrreryNetworks
import OrreryTensors

/// One network on a block of samples: what enters every product with a weight matrix, and the outputs' derivatives with respect to
/// what leaves it, output by output. One thread at a time.
final class TangentPass<Scalar: TrainingScalar> {
  struct Programs: Sendable {
    let program: Program
    /// Of each product: places of a, δ, and of their tangents, among what the program keeps.
    let fanIns: [Int]
    let units: [Int]
    let samples: Int
    let outputs: Int
    let parameterCount: Int
    /// With running averages.
    let givenCount: Int
    /// Tensors of parameters.
    let tensors: Int
    let isDirectional: Bool

    /// - Parameters:
    ///   - isDirectional: whether tangents of a and δ along a direction of the parameters are wanted as well.
    ///   - mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    init(
      _ network: ResolvedNetwork, samples: Int, isDirectional: Bool, mode: LoweringContext.Mode, isParallel: Bool
    ) throws {
      let lowered = try network.lowered(samples: samples, mode: mode)
      let structure = TangentStructure(lowered)
      var graph = lowered.graph
      let parameters = lowered.parameters
      let cotangent = graph.input(graph.shape(lowered.output))
      let inputs = structure.products.map(\.input)
      let results = structure.products.map(\.output)
      let deltas = graph.zeroFilled(try graph.pullback([(lowered.output, cotangent)], to: results), like: results)
      var inlets = (lowered.given + [lowered.input]).map { Program.Inlet($0) }
      var kept = inputs + deltas
      if isDirectional {
        let directions = parameters.map { graph.input(graph.shape($0)) }
        let sources = zip(parameters, directions).map { ($0, $1) }
        inlets += directions.map { .init($0) }
        kept += graph.zeroFilled(try graph.pushforward(sources, to: inputs + deltas), like: inputs + deltas)
      }
      program = Program(
        graph, inlets: inlets + [.init(cotangent, stage: 1)], outputs: [], keeping: kept, isParallel: isParallel)
      fanIns = structure.products.map(\.fanIn)
      units = structure.products.map(\.units)
      self.samples = samples
      outputs = graph.shape(lowered.output).dropFirst().reduce(1, *)
      (parameterCount, givenCount) = (graph.count(parameters), graph.count(lowered.given))
      tensors = parameters.count
      self.isDirectional = isDirectional
    }
  }

  let programs: Programs
  private let arena: Arena<Scalar>

  init(_ programs: Programs) {
    self.programs = programs
    arena = Scalar.arena(programs.program)
  }

  /// The forward pass, and what of the backward one does not depend on the output.
  ///
  /// - Parameters:
  ///   - inputs: (samples, features).
  ///   - direction: of the parameters themselves, where the programs are directional.
  func load(
    _ parameters: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>, direction: UnsafePointer<Scalar>? = nil
  ) {
    arena.base.update(from: parameters, count: programs.givenCount)
    let inlets = arena.program.inputs
    let place = inlets.count - 2 - (programs.isDirectional ? programs.tensors : 0)
    (arena.base + inlets[place].lowerBound).update(from: inputs, count: inlets[place].count)
    if programs.isDirectional, let direction {
      (arena.base + inlets[place + 1].lowerBound).update(from: direction, count: programs.parameterCount)
    }
    arena.run(stage: 0)
  }

  /// The backward pass of one output, for all samples at once.
  func pull(_ output: Int) {
    let cotangent = arena.input(arena.program.inputs.count - 1)
    for sample in 0..<programs.samples {
      for other in 0..<programs.outputs { cotangent[sample * programs.outputs + other] = other == output ? 1 : 0 }
    }
    arena.run(stage: 1)
  }

  private var products: Int { programs.units.count }

  /// a of a product, (samples, fan-in).
  func entering(_ product: Int) -> UnsafePointer<Scalar> { UnsafePointer(arena.kept(product).baseAddress!) }
  /// δ of a product, (samples, units).
  func delta(_ product: Int) -> UnsafePointer<Scalar> { UnsafePointer(arena.kept(products + product).baseAddress!) }
  /// The tangent of a.
  func enteringTangent(_ product: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(arena.kept(2 * products + product).baseAddress!)
  }
  /// The tangent of δ.
  func deltaTangent(_ product: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(arena.kept(3 * products + product).baseAddress!)
  }
}

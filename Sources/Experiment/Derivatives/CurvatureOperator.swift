import OrreryNetworks
import OrreryTensors

/// The Hessian of a loss on a whole data set, or one of its kin, as a map of directions to products.
///
/// Directions are in the units of the optimizer's own parameters ω, w = unit · ω (``ParameterLayout/Tensor/unit``): the matrix is
/// U H_w U with U = diag(unit), whose largest eigenvalue is what gradient descent on ω is stable by. With a preconditioner D > 0 it
/// is D^(−½) U H_w U D^(−½).
///
/// A data set of one chunk keeps its forward and backward pass for all directions; larger ones repeat them, chunk by chunk.
package final class CurvatureOperator<Scalar: TrainingScalar>: SymmetricOperator {
  /// Programs of a chunk and of the rest: what does not depend on directions at stage 0, products at stage 1.
  package struct Programs: Sendable {
    let parts: [(program: Program, samples: Int)]
    let samples: Int
    let isMean: Bool
    let layout: ParameterLayout
    /// Samples that go through the network at once.
    let chunk: Int
    /// Tensors that are given, parameters and running averages, and their elements.
    let givenTensors: Int
    let givenCount: Int
    let isDirectional: Bool

    /// The size of all arenas in numbers.
    var size: Int { parts.map(\.program.size).reduce(0, +) + 2 * layout.count }

    /// - Parameters:
    ///   - mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    ///   - isDirectional: whether products are with the matrix's derivative along a direction, and not with itself.
    /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated as often.
    package init(
      _ kind: CurvatureKind, of network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind = .values,
      mode: LoweringContext.Mode = .plain, isDirectional: Bool = false, isParallel: Bool
    ) throws {
      let given = try network.lowered(samples: 1, mode: mode)
      (givenTensors, givenCount) = (given.given.count, given.graph.count(given.given))
      chunk = try SampleChunk.size(network)
      var parts: [(Program, Int)] = []
      for count in [samples >= chunk ? chunk : 0, samples % chunk] where count > 0 {
        parts.append(
          (
            try Self.program(
              kind, network, loss, samples: count, targets: targets, mode: mode, isDirectional: isDirectional,
              isParallel: isParallel), count
          ))
      }
      self.parts = parts
      self.samples = samples
      self.isDirectional = isDirectional
      isMean = loss.isMean
      layout = try NetworkParameters(network).layout
    }

    private static func program(
      _ kind: CurvatureKind, _ network: ResolvedNetwork, _ loss: Loss, samples: Int, targets: TargetKind,
      mode: LoweringContext.Mode, isDirectional: Bool, isParallel: Bool
    ) throws -> Program {
      let source = try LossGraph(network, loss: loss, samples: samples, targets: targets, mode: mode)
      var graph = source.graph
      let parameters = source.parameters
      let directions = parameters.map { graph.input(graph.shape($0)) }
      var products =
        switch kind {
        case .hessian:
          try graph.hessianProduct(gradient: source.gradient, parameters: parameters, directions: directions)
        case .gaussNewton:
          try graph.gaussNewtonProduct(
            of: source.value, output: source.output, parameters: parameters, directions: directions)
        case .fisher:
          try graph.fisherProduct(loss, output: source.output, parameters: parameters, directions: directions)
        case .empiricalFisher:
          try graph.empiricalFisherProduct(
            loss, output: source.output, targets: source.targets, parameters: parameters, directions: directions)
        }
      var point = source.point
      if isDirectional {
        let tangents = parameters.map { graph.input(graph.shape($0)) }
        let found = try graph.pushforward(zip(parameters, tangents).map { ($0, $1) }, to: products)
        products = graph.zeroFilled(found, like: parameters)
        point += tangents.map { .init($0) }
      }
      return Program(
        graph, inlets: point + directions.map { .init($0, stage: 1) }, outputs: products, isParallel: isParallel)
    }
  }

  private let programs: Programs
  private let arenas: [Arena<Scalar>]
  private var data: TrainingArrays<Scalar>?
  /// U D^(−½) of every parameter, where it is not 1 everywhere.
  private let scales: AlignedStorage<Scalar>
  private var isScaled = false

  package var count: Int { programs.layout.count }

  package init(_ programs: Programs) {
    self.programs = programs
    arenas = programs.parts.map { Scalar.arena($0.program) }
    scales = AlignedStorage(uninitializedCount: programs.layout.count)
  }

  /// Goes to a point: the passes that all directions share.
  ///
  /// - Parameters:
  ///   - parameters: with running averages behind them in `evaluation`.
  ///   - preconditioner: D, one positive number for each parameter in the layout's order, of the optimizer's units.
  ///   - direction: u, where the programs are directional.
  package func move(
    to parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>, preconditioner: [Double]? = nil,
    along direction: UnsafePointer<Scalar>? = nil
  ) {
    precondition(programs.isDirectional == (direction != nil), "A derivative of a curvature is along a direction.")
    self.data = data
    for arena in arenas { arena.base.update(from: parameters, count: programs.givenCount) }
    isScaled = preconditioner != nil
    for tensor in programs.layout.tensors {
      if tensor.unit != 1 { isScaled = true }
      for i in tensor.range {
        scales.elements[i] = Scalar(tensor.unit / (preconditioner.map { $0[i].squareRoot() } ?? 1))
      }
    }
    if let direction {
      for arena in arenas { place(direction, at: arena.base + arena.program.inputs[firstDirection].lowerBound) }
    }
    if isSingle { load(arenas[0], first: 0, count: programs.samples) }
  }

  /// The input, behind what is given, the samples and their targets, with which directions begin.
  private var firstDirection: Int { programs.givenTensors + 2 }

  /// A direction in units of the parameters themselves.
  private func place(_ x: UnsafePointer<Scalar>, at target: UnsafeMutablePointer<Scalar>) {
    if isScaled {
      ArrayArithmetic.multiply(x, UnsafePointer(scales.elements.baseAddress!), into: target, count: count)
    } else {
      target.update(from: x, count: count)
    }
  }

  private var isSingle: Bool { programs.samples <= programs.chunk }

  package func apply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    let input = firstDirection + (programs.isDirectional ? programs.layout.tensors.count : 0)
    var first = 0
    while first < programs.samples {
      let index = programs.samples - first >= programs.chunk ? 0 : arenas.count - 1
      let (arena, size) = (arenas[index], programs.parts[index].samples)
      if !isSingle { load(arena, first: first, count: size) }
      place(x, at: arena.base + arena.program.inputs[input].lowerBound)
      arena.run(stage: 1)
      let weight = Scalar(programs.isMean ? Double(size) / Double(programs.samples) : 1)
      let product = UnsafePointer(arena.firstOutput)
      if first == 0 {
        ArrayArithmetic.scale(weight, product, into: y, count: count)
      } else {
        ArrayArithmetic.combine(1, UnsafePointer(y), weight, product, into: y, count: count)
      }
      first += size
    }
    if isScaled {
      ArrayArithmetic.multiply(
        UnsafePointer(y), UnsafePointer(scales.elements.baseAddress!), into: y, count: count)
    }
  }

  private func load(_ arena: Arena<Scalar>, first: Int, count: Int) {
    guard let data else { preconditionFailure("A curvature is taken at a point: move(to:on:) first.") }
    let (x, y) = (arena.program.inputs[programs.givenTensors], arena.program.inputs[programs.givenTensors + 1])
    (arena.base + x.lowerBound).update(
      from: data.inputs.elements.baseAddress! + first * data.features, count: count * data.features)
    (arena.base + y.lowerBound).update(
      from: data.targets.elements.baseAddress! + first * data.outputs, count: count * data.outputs)
    arena.run(stage: 0)
  }
}

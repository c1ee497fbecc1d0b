import Foundation
import OrreryNetworks
import OrreryTensors

/// The largest eigenvalue of the loss's Hessian on the whole training set, by the Lanczos method with full
/// reorthogonalization (C. Lanczos, J. Res. Natl. Bur. Stand. 45, 255, 1950) on Hessian-vector products.
///
/// With the Ritz pair (λ, v) of unit length comes the residual r = ‖Hv − λv‖: some eigenvalue of H lies within r of λ. That it
/// is the largest one is not proved by it, but fails only for a start that is orthogonal to its eigenvector.
final class SharpnessEstimator<Scalar: TrainingScalar> {
  /// Programs of a chunk and of the rest: gradient at stage 0, product with a direction at stage 1.
  struct Programs: Sendable {
    let parts: [(program: Program, samples: Int)]
    let samples: Int
    let chunk: Int
    let parameterCount: Int
    /// Tensors of parameters: so many inputs come first, and so many directions last.
    let tensors: Int

    var size: Int { parts.map(\.program.size).reduce(0, +) }

    /// H v: inputs are parameters, samples and targets at stage 0, directions at stage 1.
    private static func program(
      _ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind, isParallel: Bool
    ) throws -> Program {
      let source = try LossGraph(network, loss: loss, samples: samples, targets: targets)
      var graph = source.graph
      let parameters = source.parameters
      let directions = parameters.map { graph.input(graph.shape($0)) }
      let found = try graph.pushforward(zip(parameters, directions).map { ($0, $1) }, to: source.gradient)
      let products = zip(parameters, found).map { $1 ?? graph.constant(0, shape: graph.shape($0)) }
      return Program(
        graph, inlets: source.point + directions.map { .init($0, stage: 1) }, outputs: products, isParallel: isParallel)
    }

    init(_ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind, isParallel: Bool) throws {
      chunk = try SampleChunk.size(network)
      var parts: [(Program, Int)] = []
      for count in [samples >= chunk ? chunk : 0, samples % chunk] where count > 0 {
        let program = try Self.program(
          network, loss: loss, samples: count, targets: targets, isParallel: isParallel)
        parts.append((program, count))
      }
      self.parts = parts
      self.samples = samples
      let layout = try NetworkParameters(network).layout
      (parameterCount, tensors) = (layout.count, layout.tensors.count)
    }
  }

  private let programs: Programs
  private let arenas: [Arena<Scalar>]
  private let isMean: Bool
  private let seed: UInt64
  private var basis: [[Double]] = []

  static var mostSteps: Int { 60 }
  static var tolerance: Double { 1e-3 }

  init(_ programs: Programs, loss: Loss, seed: UInt64) {
    self.programs = programs
    arenas = programs.parts.map { Scalar.arena($0.program) }
    isMean = loss.isMean
    self.seed = seed
  }

  /// The eigenvalue, and the bound r of its error.
  func largestEigenvalue(
    _ parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>
  ) -> (value: Double, bound: Double) {
    let count = programs.parameterCount
    // One chunk keeps its primal pass for all directions.
    let isSingle = programs.samples <= programs.chunk
    for arena in arenas { arena.base.update(from: parameters, count: count) }
    if isSingle { load(arenas[0], data, first: 0, count: programs.samples) }
    var direction = [Double](repeating: 0, count: count)
    direction.withUnsafeMutableBufferPointer { RandomStream(seed: seed, purpose: .probe).fillNormals($0) }
    normalize(&direction)
    basis = [direction]
    var (alphas, betas): ([Double], [Double]) = ([], [])
    var result = (value: 0.0, bound: Double.infinity)
    while alphas.count < min(Self.mostSteps, count) {
      var product = apply(basis.last!, data, isSingle: isSingle)
      let alpha = dot(product, basis.last!)
      alphas.append(alpha)
      for _ in 0..<2 {
        for vector in basis {
          let overlap = dot(product, vector)
          for i in 0..<count { product[i] -= overlap * vector[i] }
        }
      }
      let beta = dot(product, product).squareRoot()
      let (value, last) = Self.largestRitzPair(alphas, betas)
      // ‖Hv − λv‖ of a Ritz vector is β times its last component.
      result = (value, abs(beta * last))
      guard value.isFinite else { return (.nan, .infinity) }
      if result.bound <= Self.tolerance * abs(value) || beta <= 1e-12 * abs(value) { break }
      betas.append(beta)
      for i in 0..<count { product[i] /= beta }
      basis.append(product)
    }
    basis = []
    return result
  }

  /// The largest eigenvalue of a tridiagonal matrix, and the last component of its eigenvector.
  private static func largestRitzPair(_ alphas: [Double], _ betas: [Double]) -> (value: Double, last: Double) {
    let size = alphas.count
    var matrix = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = alphas[i]
      if i > 0 { (matrix[i, i - 1], matrix[i - 1, i]) = (betas[i - 1], betas[i - 1]) }
    }
    guard let pairs = try? matrix.symmetricEigendecomposition() else { return (.nan, .nan) }
    return (pairs.values[size - 1], pairs.vectors[size - 1, size - 1])
  }

  private func load(_ arena: Arena<Scalar>, _ data: TrainingArrays<Scalar>, first: Int, count: Int) {
    let inputs = arena.program.inputs
    let (x, y) = (inputs[programs.tensors], inputs[programs.tensors + 1])
    (arena.base + x.lowerBound).update(
      from: data.inputs.elements.baseAddress! + first * data.features, count: count * data.features)
    (arena.base + y.lowerBound).update(
      from: data.targets.elements.baseAddress! + first * data.outputs, count: count * data.outputs)
    arena.run(stage: 0)
  }

  private func apply(_ vector: [Double], _ data: TrainingArrays<Scalar>, isSingle: Bool) -> [Double] {
    let count = programs.parameterCount
    var sum = [Double](repeating: 0, count: count)
    var first = 0
    while first < programs.samples {
      let index = programs.samples - first >= programs.chunk ? 0 : arenas.count - 1
      let (arena, size) = (arenas[index], programs.parts[index].samples)
      if !isSingle { load(arena, data, first: first, count: size) }
      let place = arena.base + arena.program.inputs[programs.tensors + 2].lowerBound
      for i in 0..<count { place[i] = Scalar(vector[i]) }
      arena.run(stage: 1)
      let weight = isMean ? Double(size) / Double(programs.samples) : 1
      let product = arena.base + arena.program.outputs[0].lowerBound
      for i in 0..<count { sum[i] += weight * Double(product[i]) }
      first += size
    }
    return sum
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<x.count { sum += x[i] * y[i] }
    return sum
  }

  private func normalize(_ x: inout [Double]) {
    let norm = dot(x, x).squareRoot()
    for i in 0..<x.count { x[i] /= norm }
  }
}

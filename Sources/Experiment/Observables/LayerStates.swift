import OrreryNetworks
import OrreryTensors

/// What enters and what leaves every layer with weights, for some samples, and the kernels of these.
final class LayerStates<Scalar: TrainingScalar> {
  struct Programs: Sendable {
    let program: Program
    let samples: Int
    let layers: Int
    /// Elements that are given: parameters and, behind them, running averages.
    let givenCount: Int

    init(_ network: ResolvedNetwork, samples: Int, isParallel: Bool) throws {
      let lowered = try network.lowered(samples: samples, mode: .evaluation)
      let layers = try network.weightLayers()
      program = Program(
        lowered.graph, inlets: (lowered.given + [lowered.input]).map { .init($0) }, outputs: [],
        keeping: layers.map { lowered.entering($0) } + layers.map { lowered.leaving($0) }, isParallel: isParallel)
      self.samples = samples
      self.layers = layers.count
      givenCount = lowered.graph.count(lowered.given)
    }
  }

  private let programs: Programs
  private let arena: Arena<Scalar>

  init(_ programs: Programs) {
    self.programs = programs
    arena = Scalar.arena(programs.program)
  }

  func run(_ parameters: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>) {
    arena.base.update(from: parameters, count: programs.givenCount)
    let x = arena.input(arena.program.inputs.count - 1)
    x.baseAddress!.update(from: inputs, count: x.count)
    arena.run()
  }

  /// (1/n) Σ_i a_iα a_iβ of what enters each layer, n its number of elements for one sample.
  func featureKernels() -> [Matrix<Double>] { (0..<programs.layers).map { kernel(arena.kept($0)) } }

  /// (1/n) Σ_i z_iα z_iβ of what leaves each.
  func preactivationKernels() -> [Matrix<Double>] {
    (0..<programs.layers).map { kernel(arena.kept(programs.layers + $0)) }
  }

  /// What enters each layer, (samples, features).
  func features() -> [Matrix<Double>] { (0..<programs.layers).map { matrix(arena.kept($0)) } }

  /// What leaves each, likewise.
  func preactivations() -> [Matrix<Double>] {
    (0..<programs.layers).map { matrix(arena.kept(programs.layers + $0)) }
  }

  private func matrix(_ values: UnsafeMutableBufferPointer<Scalar>) -> Matrix<Double> {
    Matrix(rows: programs.samples, columns: values.count / programs.samples, elements: values.map { Double($0) })
  }

  private func kernel(_ values: UnsafeMutableBufferPointer<Scalar>) -> Matrix<Double> {
    let n = programs.samples
    let features = values.count / n
    let product = AlignedStorage<Scalar>(uninitializedCount: n * n)
    let c = product.elements.baseAddress!
    var products = RowProducts<Scalar>()
    let a = UnsafePointer(values.baseAddress!)
    products.add(a, a, into: c, rows: n, columns: n, inner: features, isSymmetric: true)
    products.run(isParallel: false)
    LowerTriangle.mirror(c, size: n)
    return Matrix(rows: n, columns: n, elements: product.elements.map { Double($0) / Double(features) })
  }
}

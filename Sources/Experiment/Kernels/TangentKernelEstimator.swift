import OrreryNetworks
import OrreryTensors

/// The empirical neural tangent kernel of one network,
///
///     Θ_op(x, x′) = Σ_μ λ_μ ∂z_o(x)/∂θ_μ ∂z_p(x′)/∂θ_μ,   traced: Θ(x, x′) = (1/n_L) Σ_o Θ_oo(x, x′)
///
/// (A. Jacot, F. Gabriel, C. Hongler, arXiv:1806.07572). λ_μ is a tensor's: unit² unless given, the square of what the optimizer's
/// own parameter is in units of θ. So for a network in the NTK parametrization λ_W = C_W/fan-in and λ_b = C_b, and the traced kernel
/// tends to Theory's Θ at infinite width; in the standard one λ = 1.
///
/// Weight matrices and biases of dense layers go through Gram matrices (``TangentStructure``); everything else through Jacobians
/// per sample (``SampleJacobian``), contracted by matrix products. Both are exact but for rounding.
package final class TangentKernelEstimator<Scalar: TrainingScalar> {
  /// What is compiled, shared by all threads.
  package struct Programs: Sendable {
    let network: ResolvedNetwork
    let layout: ParameterLayout
    /// λ of each tensor.
    let rates: [Double]
    let isParallel: Bool
    let outputs: Int
    let features: Int
    /// Tensors of each product.
    let products: [(weight: Int?, bias: Int?)]
    let others: SampleJacobian<Scalar>.Programs?
    /// The tangents of their Jacobians, where derivatives along directions are wanted.
    let moving: SampleJacobian<Scalar>.Programs?
    let passes: [Int: TangentPass<Scalar>.Programs]
    let isDirectional: Bool
    let mode: LoweringContext.Mode

    /// - Parameters:
    ///   - samples: the sizes of the blocks of samples that will be asked for; others are compiled when they are.
    ///   - rates: λ of each tensor in the layout's order; nil for unit².
    ///   - isDirectional: whether derivatives along directions will be asked for.
    ///   - mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
    package init(
      _ network: ResolvedNetwork, samples: [Int], rates: [Double]? = nil, isDirectional: Bool = false,
      isStructured: Bool = true, mode: LoweringContext.Mode = .plain, isParallel: Bool = true
    ) throws {
      self.network = network
      layout = try NetworkParameters(network).layout
      self.rates = rates ?? layout.tensors.map { $0.unit * $0.unit }
      precondition(self.rates.count == layout.tensors.count, "A rate for each tensor.")
      self.isParallel = isParallel
      self.isDirectional = isDirectional
      self.mode = mode
      // Two samples tell rows of samples from rows of positions.
      let structure = TangentStructure(try network.lowered(samples: 2, mode: mode))
      let lowered = try network.lowered(samples: 1, mode: mode)
      outputs = lowered.graph.shape(lowered.output).reduce(1, *)
      features = lowered.graph.shape(lowered.input).reduce(1, *)
      products = isStructured ? structure.products.map { ($0.weight, $0.bias) } : []
      let rest = isStructured ? structure.others : Array(layout.tensors.indices)
      others = rest.isEmpty ? nil : try SampleJacobian<Scalar>.Programs(network, tensors: rest, mode: mode)
      moving =
        rest.isEmpty || !isDirectional
        ? nil : try SampleJacobian<Scalar>.Programs(network, tensors: rest, isDirectional: true, mode: mode)
      var passes: [Int: TangentPass<Scalar>.Programs] = [:]
      for count in Set(samples) where isStructured && !structure.products.isEmpty {
        passes[count] = try TangentPass<Scalar>.Programs(
          network, samples: count, isDirectional: isDirectional, mode: mode, isParallel: isParallel)
      }
      self.passes = passes
    }

    /// In numbers, of all arenas.
    package var size: Int {
      passes.values.map(\.program.size).reduce(0, +) + (others?.program.size ?? 0) + (moving?.program.size ?? 0)
    }
  }

  let programs: Programs
  private var passes: [Int: [TangentPass<Scalar>]] = [:]
  /// Of all tensors, made with the first use.
  private var wholeJacobian: SampleJacobian<Scalar>.Programs?

  package init(_ programs: Programs) { self.programs = programs }

  /// A pass over so many samples, nil where no tensor goes through Gram matrices; `second` where two are alive at once.
  func pass(_ samples: Int, second: Bool = false) -> TangentPass<Scalar>? {
    guard !programs.products.isEmpty else { return nil }
    var known = passes[samples] ?? []
    if known.isEmpty {
      let announced = programs.passes[samples]
      let program =
        announced
        ?? (try? TangentPass<Scalar>.Programs(
          programs.network, samples: samples, isDirectional: programs.isDirectional, mode: programs.mode,
          isParallel: programs.isParallel))
      guard let program else { preconditionFailure("A network that goes over one sample goes over \(samples).") }
      known.append(TangentPass(program))
    }
    if second, known.count < 2 { known.append(TangentPass(known[0].programs)) }
    passes[samples] = known
    return known[second ? 1 : 0]
  }

  /// The Jacobian of all tensors.
  ///
  /// - Throws: as the programs' initializer.
  func whole() throws -> SampleJacobian<Scalar>.Programs {
    let found = try wholeJacobian ?? SampleJacobian<Scalar>.Programs(programs.network, mode: programs.mode)
    wholeJacobian = found
    return found
  }

  /// Samples of a data set, (samples, features), in memory that lives as long as a call.
  package struct Samples {
    let start: UnsafePointer<Scalar>
    let count: Int

    package init(_ start: UnsafePointer<Scalar>, count: Int) {
      self.start = start
      self.count = count
    }
  }

  /// The traced kernel of each tensor, (samples, other samples), in the layout's order; 0 for tensors with λ = 0.
  ///
  /// - Parameter other: nil for the same samples.
  package func tracedTensors(
    _ parameters: UnsafePointer<Scalar>, _ samples: Samples, _ other: Samples? = nil
  ) -> [Matrix<Scalar>] {
    var result = [Matrix<Scalar>](
      repeating: Matrix(rows: samples.count, columns: (other ?? samples).count), count: programs.layout.tensors.count)
    forEachTensor(parameters, samples, other) { tensor, factor, left, right in
      result[tensor].withUnsafeMutableBuffer { Self.add(factor, left, right, into: $0) }
    }
    return result
  }

  /// The traced kernel, (samples, other samples).
  ///
  /// - Parameter other: nil for the same samples.
  package func traced(
    _ parameters: UnsafePointer<Scalar>, _ samples: Samples, _ other: Samples? = nil
  ) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(rows: samples.count, columns: (other ?? samples).count)
    forEachTensor(parameters, samples, other) { _, factor, left, right in
      result.withUnsafeMutableBuffer { Self.add(factor, left, right, into: $0) }
    }
    return result
  }

  /// c ← c + factor · left ⊙ right.
  private static func add(
    _ factor: Scalar, _ left: UnsafePointer<Scalar>, _ right: UnsafePointer<Scalar>?,
    into c: UnsafeMutableBufferPointer<Scalar>
  ) {
    if let right {
      for i in 0..<c.count { c[i] += factor * (left[i] * right[i]) }
    } else {
      for i in 0..<c.count { c[i] += factor * left[i] }
    }
  }

  /// Every tensor's part of the traced kernel as factor · left ⊙ right.
  private func forEachTensor(
    _ parameters: UnsafePointer<Scalar>, _ samples: Samples, _ other: Samples?,
    _ body: (Int, Scalar, UnsafePointer<Scalar>, UnsafePointer<Scalar>?) -> Void
  ) {
    let (rows, columns) = (samples.count, (other ?? samples).count)
    let size = rows * columns
    let factor = 1 / Double(programs.outputs)
    if let left = pass(rows) {
      let right = other.map { pass($0.count, second: $0.count == rows)! }
      let grams = AlignedStorage<Scalar>(uninitializedCount: 2 * programs.products.count * size)
      let base = grams.elements.baseAddress!
      left.load(parameters, inputs: samples.start)
      if let other { right!.load(parameters, inputs: other.start) }
      var forward = RowProducts<Scalar>()
      for product in programs.products.indices where programs.products[product].weight != nil {
        forward.add(
          left.entering(product), (right ?? left).entering(product), into: base + 2 * product * size, rows: rows,
          columns: columns, inner: left.programs.fanIns[product], isSymmetric: other == nil)
      }
      forward.run(isParallel: programs.isParallel)
      var backward = RowProducts<Scalar>()
      for product in programs.products.indices {
        backward.add(
          left.delta(product), (right ?? left).delta(product), into: base + (2 * product + 1) * size, rows: rows,
          columns: columns, inner: left.programs.units[product], isSymmetric: other == nil)
      }
      for output in 0..<programs.outputs {
        left.pull(output)
        right?.pull(output)
        backward.run(isParallel: programs.isParallel, accumulating: output > 0)
      }
      for (product, tensors) in programs.products.enumerated() {
        let (entering, delta) = (base + 2 * product * size, base + (2 * product + 1) * size)
        if other == nil {
          LowerTriangle.mirror(delta, size: rows)
          if tensors.weight != nil { LowerTriangle.mirror(entering, size: rows) }
        }
        if let weight = tensors.weight {
          body(weight, Scalar(factor * programs.rates[weight]), UnsafePointer(entering), UnsafePointer(delta))
        }
        if let bias = tensors.bias { body(bias, Scalar(factor * programs.rates[bias]), UnsafePointer(delta), nil) }
      }
    }
    guard let others = programs.others else { return }
    forEachJacobianTensor(others, parameters, samples, other, factor: factor, body)
  }
}

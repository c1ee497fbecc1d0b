import OrreryNetworks
import OrreryTensors

/// How the traced kernel changes along a direction of the parameters.
extension TangentKernelEstimator {
  /// dΘ(θ + t v)/dt at t = 0, traced, (samples, samples): exact, the differential of the NTK contracted with v,
  /// (1/n_L) Σ_o [dĤ_oov + transpose].
  ///
  ///     Θ̇_W = (ȧaᵀ + aȧᵀ) ⊙ Σ_o δδᵀ + aaᵀ ⊙ Σ_o (δ̇δᵀ + δδ̇ᵀ),   Θ̇_b = Σ_o (δ̇δᵀ + δδ̇ᵀ)
  ///
  /// for dense layers, J̇Jᵀ + JJ̇ᵀ for all else.
  ///
  /// - Parameter direction: v, of the parameters themselves (not of the optimizer's).
  /// - Precondition: the programs are directional.
  package func tracedDerivative(
    _ parameters: UnsafePointer<Scalar>, along direction: UnsafePointer<Scalar>, _ samples: Samples
  ) -> Matrix<Scalar> {
    precondition(programs.isDirectional, "Programs for derivatives of the kernel are directional.")
    let n = samples.count
    let size = n * n
    var result = Matrix<Scalar>(rows: n, columns: n)
    if let pass = pass(n) {
      pass.load(parameters, inputs: samples.start, direction: direction)
      let grams = AlignedStorage<Scalar>(uninitializedCount: 4 * programs.products.count * size)
      func gram(_ product: Int, _ kind: Int) -> UnsafeMutablePointer<Scalar> {
        grams.elements.baseAddress! + (4 * product + kind) * size
      }
      /// Each product's own Gram matrix and that with its tangent.
      func products(
        _ kind: Int, _ inner: [Int], _ value: (Int) -> UnsafePointer<Scalar>, _ tangent: (Int) -> UnsafePointer<Scalar>
      ) -> RowProducts<Scalar> {
        var products = RowProducts<Scalar>()
        for product in programs.products.indices {
          for (kind, left) in [(kind, value(product)), (kind + 1, tangent(product))] {
            products.add(
              left, value(product), into: gram(product, kind), rows: n, columns: n, inner: inner[product],
              isSymmetric: false)
          }
        }
        return products
      }
      var forward = products(0, pass.programs.fanIns, pass.entering, pass.enteringTangent)
      forward.run(isParallel: programs.isParallel)
      var backward = products(2, pass.programs.units, pass.delta, pass.deltaTangent)
      for output in 0..<programs.outputs {
        pass.pull(output)
        backward.run(isParallel: programs.isParallel, accumulating: output > 0)
      }
      let factor = 1 / Double(programs.outputs)
      result.withUnsafeMutableBuffer { c in
        for (product, tensors) in programs.products.enumerated() {
          let weight = Scalar(factor * (tensors.weight.map { programs.rates[$0] } ?? 0))
          let bias = Scalar(factor * (tensors.bias.map { programs.rates[$0] } ?? 0))
          let (a, m, b, d) = (gram(product, 0), gram(product, 1), gram(product, 2), gram(product, 3))
          for i in 0..<n {
            for j in 0..<n {
              let (ij, ji) = (i * n + j, j * n + i)
              c[ij] += weight * ((m[ij] + m[ji]) * b[ij] + a[ij] * (d[ij] + d[ji])) + bias * (d[ij] + d[ji])
            }
          }
        }
      }
    }
    if let others = programs.others {
      forEachJacobianTensor(
        others, parameters, samples, nil, factor: 1 / Double(programs.outputs), direction: direction
      ) { _, factor, part, _ in
        result.withUnsafeMutableBuffer { c in
          for i in 0..<n { for j in 0..<n { c[i * n + j] += factor * (part[i * n + j] + part[j * n + i]) } }
        }
      }
    }
    return result
  }
}

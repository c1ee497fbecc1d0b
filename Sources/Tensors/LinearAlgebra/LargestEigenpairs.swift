/// The k largest eigenvalues of a symmetric operator, with a bound for each error.
///
/// Ritz values of a Lanczos process, from one start vector; the process ends when k residuals β |s_mi| are within the tolerance of the
/// largest |λ|. Then each Ritz vector v is multiplied once more, λ is its Rayleigh quotient and the residual r = ‖Av − λv‖, v of length
/// 1, is *measured*: an eigenvalue of A lies within r of λ. That no larger one was missed is not proved by it, but fails only for a start
/// orthogonal to its eigenvector.
package final class LargestEigenpairs<Scalar: TensorScalar> {
  package struct Result: Sendable {
    /// Descending.
    package let values: [Double]
    /// ‖Av − λv‖ of each.
    package let residuals: [Double]
    /// Products that were taken.
    package let products: Int
  }

  private let a: any SymmetricOperator<Scalar>
  private let lanczos: Lanczos<Scalar>
  private let seed: UInt64

  package init(_ a: any SymmetricOperator<Scalar>, seed: UInt64) {
    self.a = a
    self.seed = seed
    lanczos = Lanczos(a, seed: seed)
  }

  /// - Parameters:
  ///   - wanted: k; fewer are found in spaces of fewer dimensions.
  ///   - tolerance: relative to the largest |λ|.
  package func run(_ wanted: Int, tolerance: Double = 1e-3, mostSteps: Int) -> Result {
    let k = min(wanted, a.count)
    lanczos.begin { RandomStream(seed: seed, purpose: .probe).fillNormals($0) }
    var pairs: SymmetricEigendecomposition<Double>?
    while lanczos.alphas.count < min(mostSteps, a.count) {
      let isGoing = lanczos.step()
      let size = lanczos.alphas.count
      guard lanczos.betas.last?.isFinite == true else { return failed(k) }
      let isLast = !isGoing || size == min(mostSteps, a.count)
      guard isLast || (size >= k && (size < 24 || size % 4 == 0)) else { continue }
      guard let found = lanczos.ritzPairs() else { return failed(k) }
      pairs = found
      let largest = found.values.reduce(0) { max($0, abs($1)) }
      let beta = lanczos.betas[size - 1]
      // A breakdown decouples; what lies behind it may still be larger.
      let isSettled =
        beta > 0 && size >= k
        && (0..<k).allSatisfy {
          beta * abs(found.vectors[size - 1 - $0, size - 1]) <= tolerance * largest
        }
      if isLast || isSettled { break }
    }
    guard let pairs else { return failed(k) }
    let size = pairs.values.count
    var (values, residuals): ([Double], [Double]) = ([], [])
    let count = a.count
    let memory = AlignedStorage<Scalar>(uninitializedCount: 2 * count)
    let v = memory.elements.baseAddress!
    let product = v + count
    for place in 0..<min(k, size) {
      // Array by array: loops over elements of a type that is not known here cost some hundred times as much.
      let weights = (0..<size).map { pairs.vectors[size - 1 - place, $0] }
      ArrayArithmetic.scale(Scalar(weights[0]), UnsafePointer(lanczos.basis(0)), into: v, count: count)
      for step in 1..<size {
        ArrayArithmetic.add(weights[step], UnsafePointer(lanczos.basis(step)), to: v, count: count)
      }
      let length = ArrayArithmetic.norm(v, count: count)
      a.apply(UnsafePointer(v), into: product)
      let value = ArrayArithmetic.dot(UnsafePointer(v), product, count: count) / (length * length)
      ArrayArithmetic.add(-value, UnsafePointer(v), to: product, count: count)
      values.append(value)
      residuals.append(ArrayArithmetic.norm(product, count: count) / length)
    }
    let order = values.indices.sorted { values[$0] > values[$1] }
    return Result(values: order.map { values[$0] }, residuals: order.map { residuals[$0] }, products: size + k)
  }

  private func failed(_ k: Int) -> Result {
    Result(
      values: [Double](repeating: .nan, count: k), residuals: [Double](repeating: .infinity, count: k),
      products: lanczos.alphas.count)
  }
}

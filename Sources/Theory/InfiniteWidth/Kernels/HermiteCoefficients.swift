import Foundation
import OrreryNetworks
import OrreryTensors

/// The Hermite coefficients a_j(K_i) = ⟨σ(√K_i u) h_j(u)⟩ of many samples, and how many of them a correlation needs.
///
/// ⟨σ₁σ₂⟩ = Σ_j a_j(k₁₁) a_j(k₂₂) c^j for all pairs then costs a few multiply-adds per term. Coefficients of all samples
/// are one matrix product: σ at the nodes, times the weighted polynomials. After J terms at most |c|^J T_J is missing,
/// relative to √(⟨σ₁²⟩⟨σ₂²⟩), with T_J the largest tail share of any sample, and likewise for the derivative.
final class HermiteCoefficients<Scalar: DualKernelScalar>: Sendable {
  /// ⟨σ⟩, ⟨σ²⟩, ⟨σ′²⟩ of each sample.
  let singles: [SingleMoments]
  /// The number of coefficients kept.
  let terms: Int
  /// Coefficient m of sample i at m · stride + i; m counts 0, 1, 2 … or 1, 3, 5 … .
  let coefficients: AlignedStorage<Scalar>
  let stride: Int
  private let isOdd: Bool
  /// T_J for J = 0 … `terms`.
  private let tails: [Double]
  private let derivativeTails: [Double]

  /// Enough coefficients for any |c| ≤ 1, or as many as are reasonable.
  init(_ activation: Activation, variances: [Double], stride: Int, isOdd: Bool) {
    let degree = activation.function.polynomialCoefficients.map { $0.count }
    var order = degree ?? 64
    // The extreme variances say how many coefficients all need.
    let extremes = [variances.min() ?? 0, variances.max() ?? 0]
    while degree == nil, order < HermiteDual.termLimit,
      Projection(activation, variances: extremes, order: order).lastTail > 1e-15
    {
      order = Swift.min(order * 3 / 2, HermiteDual.termLimit)
    }
    let projection = Projection(activation, variances: variances, order: order)
    let picked = Array(Swift.stride(from: isOdd ? 1 : 0, to: order, by: isOdd ? 2 : 1))
    // Terms beyond the last that counts are dropped.
    let floor = 1e-16
    let needed = (0...order).first { projection.tails[$0] <= floor && projection.derivativeTails[$0] <= floor } ?? order
    let kept = picked.filter { $0 < needed }
    terms = kept.count
    self.stride = stride
    self.isOdd = isOdd
    singles = projection.singles
    tails = [projection.tails[0]] + kept.map { projection.tails[$0 + 1] }
    derivativeTails = [projection.derivativeTails[0]] + kept.map { projection.derivativeTails[$0 + 1] }
    coefficients = AlignedStorage(uninitializedCount: Swift.max(1, terms) * stride)
    coefficients.elements.update(repeating: 0)
    for i in variances.indices {
      for (m, j) in kept.enumerated() {
        coefficients.elements[m * stride + i] = Scalar(projection.coefficients[i * order + j])
      }
    }
  }

  /// The number of terms that leave out no more than `tolerance` at |c|; nil when there are too few coefficients.
  func terms(largestCorrelation c: Double, tolerance: Double) -> Int? {
    let logarithm = log(Swift.min(1, c))
    func isEnough(_ m: Int) -> Bool {
      let power = exp(logarithm * Double(isOdd ? 2 * m : m))
      return power * tails[m] <= tolerance && power * derivativeTails[m] <= tolerance
    }
    guard isEnough(terms) else { return nil }
    var (low, high) = (0, terms)
    while low < high {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle + 1 }
    }
    return high
  }

  /// The largest |c| for which all the coefficients suffice.
  func largestCorrelation(tolerance: Double) -> Double {
    let worst = Swift.max(tails[terms], derivativeTails[terms])
    guard worst > tolerance else { return 2 }
    return exp(log(tolerance / worst) / Double(isOdd ? 2 * terms : terms))
  }

  /// All coefficients below `order`, in Double, with the tails that they leave.
  private struct Projection {
    var coefficients: [Double]
    var singles: [SingleMoments]
    var tails: [Double]
    var derivativeTails: [Double]
    var lastTail: Double { Swift.max(tails.last!, derivativeTails.last!) }

    init(_ activation: Activation, variances: [Double], order: Int) {
      let scale = activation.inputScale * activation.inputScale
      let table = HermiteTable.cached(
        terms: order, largestVariance: scale * (variances.max() ?? 0), shift: activation.inputShift)
      let nodes = table.nodes.count
      let n = variances.count
      let blockSize = 64
      let blocks = (n + blockSize - 1) / blockSize
      let output = AlignedStorage<Double>(uninitializedCount: n * order)
      let moments = AlignedStorage<Double>(uninitializedCount: n * 3)
      Parallel.forEach(blocks) { block in
        let first = block * blockSize
        let size = Swift.min(blockSize, n - first)
        let values = AlignedStorage<Double>(uninitializedCount: size * nodes)
        let slopes = AlignedStorage<Double>(uninitializedCount: nodes)
        let places = AlignedStorage<Double>(uninitializedCount: nodes)
        let (v, d, z) = (
          values.elements.baseAddress!, slopes.elements.baseAddress!, places.elements.baseAddress!
        )
        for i in 0..<size {
          let root = variances[first + i].squareRoot()
          for k in 0..<nodes { z[k] = root * table.nodes[k] }
          let row = v + i * nodes
          activation.apply(to: z, into: row, count: nodes)
          activation.apply(order: 1, to: z, into: d, count: nodes)
          var (mean, second, derivative) = (0.0, 0.0, 0.0)
          for k in 0..<nodes {
            let weight = table.weights[k * order]
            mean += weight * row[k]
            second += weight * row[k] * row[k]
            derivative += weight * d[k] * d[k]
          }
          moments.elements[(first + i) * 3] = mean
          moments.elements[(first + i) * 3 + 1] = second
          moments.elements[(first + i) * 3 + 2] = derivative
        }
        table.weights.withUnsafeBufferPointer { weights in
          DenseProduct.multiply(
            v, stride: nodes, weights.baseAddress!, stride: order,
            into: output.elements.baseAddress! + first * order, stride: order, rows: size, inner: nodes, columns: order)
        }
      }
      coefficients = Array(output.elements)
      singles = (0..<n).map { i in
        SingleMoments(
          mean: moments.elements[i * 3], second: moments.elements[i * 3 + 1],
          derivativeSecond: moments.elements[i * 3 + 2], errorBound: 1e-14)
      }
      tails = [Double](repeating: 0, count: order + 1)
      derivativeTails = tails
      for i in 0..<n {
        let second = singles[i].second
        let slope = variances[i] * singles[i].derivativeSecond
        var (rest, derivativeRest) = (0.0, 0.0)
        // From the last term back, what the sums leave out at the end included.
        var (total, derivativeTotal) = (0.0, 0.0)
        for j in 0..<order {
          let a = coefficients[i * order + j]
          total += a * a
          derivativeTotal += Double(j) * a * a
        }
        rest = Self.excess(second - total, of: second)
        derivativeRest = Self.excess(slope - derivativeTotal, of: slope)
        for j in (0...order).reversed() {
          if second > 0 { tails[j] = Swift.max(tails[j], rest / second) }
          if slope > 0 { derivativeTails[j] = Swift.max(derivativeTails[j], derivativeRest / slope) }
          guard j > 0 else { break }
          let a = coefficients[i * order + j - 1]
          rest += a * a
          derivativeRest += Double(j - 1) * a * a
        }
      }
    }

    /// A difference that rounding alone could have made counts as none.
    private static func excess(_ difference: Double, of total: Double) -> Double {
      difference > 0x1p-46 * total ? difference : 0
    }
  }
}

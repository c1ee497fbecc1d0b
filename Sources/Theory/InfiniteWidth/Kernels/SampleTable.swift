import Foundation
import OrreryNetworks
import OrreryTensors

/// What every layer's kernels need of single samples: variances and the features of `Dual.h`, for all layers.
///
/// Computed once for n samples, in Double, in O(n L); pairs then cost no more than their own elementwise work.
final class SampleTable<Scalar: DualKernelScalar>: Sendable {
  static var featureCount: Int { 7 }
  /// Segments read whole vectors: room beyond the last sample.
  static var padding: Int { 128 }

  let count: Int
  let stride: Int
  /// |x|², in Double.
  let squaredNorms: [Double]
  /// 1/|x|.
  let inverseNorms: AlignedStorage<Scalar>
  /// K^(ℓ)_ii, ℓ = 1 … L.
  let variances: [[Double]]
  /// Θ^(L)_ii; nil without tangent kernels.
  let tangents: [Double]?
  /// For each dense layer, features (feature, sample).
  let features: [AlignedStorage<Scalar>]
  /// √K^(L)_ii.
  let outputDeviations: AlignedStorage<Scalar>
  /// For each activation, its Hermite coefficients; empty for closed forms.
  let series: [HermiteCoefficients<Scalar>]

  /// - Throws: ``InfiniteWidthError/overflow(layer:layers:quantity:precision:)``.
  init(_ plan: KernelPlan, squaredNorms: [Double], features dimension: Int, tangents wantsTangents: Bool) throws {
    let n = squaredNorms.count
    count = n
    stride = (n + 63) / 64 * 64 + Self.padding
    self.squaredNorms = squaredNorms
    inverseNorms = Self.column(squaredNorms.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }, stride)
    var seconds = squaredNorms.map { $0 / Double(dimension) }
    var diagonal = wantsTangents ? [Double](repeating: 0, count: n) : nil
    var variances: [[Double]] = []
    var features: [AlignedStorage<Scalar>] = []
    var series: [HermiteCoefficients<Scalar>] = []
    // √⟨f²⟩ before the activation's output scale, and the activation's own features.
    var roots = seconds.map { $0.squareRoot() }
    var extra = [[Double]](repeating: [], count: n)
    for (layer, scales) in plan.scales.enumerated() {
      let mixing = seconds.map { BiasMixing(second: $0, scales) }
      let current = mixing.map(\.variance)
      try Self.check(current, layer + 1, plan.scales.count, "NNGP kernel")
      let table = AlignedStorage<Scalar>(uninitializedCount: Self.featureCount * stride)
      table.elements.update(repeating: 0)
      let elements = table.elements
      for i in 0..<n {
        elements[i] = Scalar(roots[i])
        elements[stride + i] = Scalar(mixing[i].weightShare)
        elements[2 * stride + i] = Scalar(mixing[i].biasShare)
        elements[3 * stride + i] = current[i] > Scalar.leastVariance ? Scalar(1 / current[i].squareRoot()) : 0
        for (f, value) in extra[i].enumerated() { elements[(4 + f) * stride + i] = Scalar(value) }
      }
      variances.append(current)
      features.append(table)
      if let tangent = diagonal {
        // ⟨σ′²⟩ of the layer before has been multiplied in below.
        diagonal = (0..<n).map {
          scales.biasRate + scales.weightRate * seconds[$0] + scales.weightVariance * tangent[$0]
        }
        try Self.check(diagonal!, layer + 1, plan.scales.count, "neural tangent kernel")
      }
      guard layer + 1 < plan.scales.count else { break }
      let singles: [SingleMoments]
      if case .series(let isOdd) = plan.fused {
        let coefficients = HermiteCoefficients<Scalar>(
          plan.activation, variances: current, stride: stride, isOdd: isOdd)
        singles = coefficients.singles
        series.append(coefficients)
        extra = current.map { [$0 > Scalar.leastVariance ? 1 / $0.squareRoot() : 0] }
        roots = singles.map { $0.second.squareRoot() }
      } else {
        singles = current.map { plan.dual.single(variance: $0) }
        let scale = plan.activation.inputScale
        if case .closedForm(let form) = plan.fused {
          extra = current.map { form.features(scale * scale * $0) }
          roots = singles.map { $0.second.squareRoot() / Swift.abs(plan.activation.outputScale) }
        }
      }
      seconds = singles.map(\.second)
      if diagonal != nil { diagonal = zip(diagonal!, singles).map { $0 * $1.derivativeSecond } }
    }
    self.variances = variances
    self.features = features
    self.series = series
    tangents = diagonal
    outputDeviations = Self.column(variances.last!.map { $0.squareRoot() }, stride)
  }

  private static func column(_ values: [Double], _ stride: Int) -> AlignedStorage<Scalar> {
    let storage = AlignedStorage<Scalar>(uninitializedCount: stride)
    storage.elements.update(repeating: 0)
    for (i, value) in values.enumerated() { storage.elements[i] = Scalar(value) }
    return storage
  }

  private static func check(_ values: [Double], _ layer: Int, _ layers: Int, _ quantity: String) throws {
    let bound = Double(Scalar.greatestFiniteMagnitude) / 16
    guard values.allSatisfy({ $0 <= bound }) else {
      throw InfiniteWidthError.overflow(
        layer: layer, layers: layers, quantity: quantity, precision: Scalar.precisionName)
    }
  }
}

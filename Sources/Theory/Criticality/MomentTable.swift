import Foundation
import OrreryNetworks
import OrreryTensors

/// One activation's expectations on a grid of kernels, evenly spaced in log K: what fixed points, critical points and
/// phase diagrams are searched on. It does not depend on C_W and C_b, so one table serves many initializations.
public struct MomentTable: Sendable {
  public let activation: Activation
  /// The expectations, in order of K; those that are not finite (exponential growth) are left out.
  public private(set) var moments: [ActivationMoments]

  /// - Parameters:
  ///   - range: kernels in units of 1/inputScale²; the default covers every initialization in use. For functions
  ///     that oscillate it ends at 10³, beyond which expectations of sin have no structure left (e^(−2K)) and cost √K.
  ///   - perDecade: grid points for a factor of ten in K.
  public init(
    _ activation: Activation, range: ClosedRange<Double> = 1e-8...1e6, perDecade: Int = 8
  ) {
    self.activation = activation
    let unit = activation.inputScale == 0 ? 1 : 1 / (activation.inputScale * activation.inputScale)
    let isWave = activation.function.description.oscillates
    let (low, high) = (range.lowerBound, isWave ? min(range.upperBound, 1e3) : range.upperBound)
    let decades = log10(high / low)
    let count = max(2, Int((decades * Double(perDecade)).rounded(.up)) + 1)
    let all = Parallel.map(count) { index in
      let fraction = Double(index) / Double(count - 1)
      return ActivationMoments(
        activation, kernel: unit * low * pow(high / low, fraction))
    }
    moments = Array(all.prefix { $0.isFinite })
    // χ_∥ ∝ dm/dK may exceed 1 between two grid points only: its extrema complete the grid.
    // ⟨∂⁴σ²⟩ is summed from terms of size ⟨σ²⟩/unit² and more, so that far smaller values are rounding.
    let inflections = signChanges(
      of: \.curvatureOfSecondMoment,
      noise: { 1e-13 * ($0.slopeOfSecondMoment.magnitude / $0.kernel + $0.secondMoment / (unit * unit)) })
    moments += inflections.map { ActivationMoments(activation, kernel: $0) }
    moments.sort { $0.kernel < $1.kernel }
  }

  /// The kernels between which a quantity changes its sign, each refined to the last digits.
  ///
  /// - Parameters:
  ///   - noise: the size below which a value counts as zero and shows no sign.
  func signChanges(
    of quantity: (ActivationMoments) -> Double, noise: (ActivationMoments) -> Double = { _ in 0 }
  ) -> [Double] {
    var roots: [Double] = []
    var last: (kernel: Double, sign: FloatingPointSign)?
    for moments in moments {
      let value = quantity(moments)
      guard abs(value) > noise(moments) else { continue }
      if let last, last.sign != value.sign {
        roots.append(
          rootInBracket(from: last.kernel, to: moments.kernel) {
            quantity(ActivationMoments(activation, kernel: $0))
          })
      }
      last = (moments.kernel, value.sign)
    }
    return roots
  }
}

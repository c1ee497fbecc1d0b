import Foundation
import OrreryNetworks
import OrreryTensors

/// The signal and the noise of a gradient, from M disjoint batches of b samples: with G the mean gradient of one sample and Σ its
/// covariance over samples, E|g_b|² = |G|² + tr Σ/b, so that of the batches g_m and their union (B = Mb samples)
///
///     |G|² = (B |g_B|² − b ⟨|g_m|²⟩)/(B − b),   tr Σ = (⟨|g_m|²⟩ − |g_B|²)/(1/b − 1/B)
///
/// are unbiased; B_simple = tr Σ/|G|² (S. McCandlish et al., arXiv:1812.06162). Errors by leaving out one batch after another
/// (jackknife). Samples are meant as independent draws: gradients of the distribution that the training set stands for.
package struct GradientNoise: Sendable {
  package let signal: Double
  package let signalError: Double
  package let noise: Double
  package let noiseError: Double
  /// tr Σ/|G|²; negative or infinite where the signal is lost in the noise.
  package let scale: Double
  package let scaleError: Double

  /// - Parameters:
  ///   - squares: |g_m|² of each batch's mean gradient.
  ///   - overlaps: g_m · Σ_k g_k.
  package init(squares: [Double], overlaps: [Double], batch: Int) {
    let count = Double(squares.count)
    let total = overlaps.reduce(0, +)
    let sum = squares.reduce(0, +)
    func estimate(_ squares: Double, _ total: Double, _ count: Double) -> (signal: Double, noise: Double) {
      let (b, all) = (Double(batch), count * Double(batch))
      let (small, large) = (squares / count, total / (count * count))
      return ((all * large - b * small) / (all - b), (small - large) / (1 / b - 1 / all))
    }
    let whole = estimate(sum, total, count)
    let left = squares.indices.map { m in
      estimate(sum - squares[m], total - 2 * overlaps[m] + squares[m], count - 1)
    }
    func error(_ values: [Double]) -> Double {
      guard values.count > 2 else { return .infinity }
      let mean = values.reduce(0, +) / count
      return ((count - 1) / count * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    }
    (signal, noise) = whole
    (signalError, noiseError) = (error(left.map(\.signal)), error(left.map(\.noise)))
    scale = whole.noise / whole.signal
    scaleError = error(left.map { $0.noise / $0.signal })
  }
}

/// Gradients of disjoint batches, in the optimizer's units.
final class BatchNoise<Scalar: TrainingScalar> {
  private let batch: BatchGradient<Scalar>
  private let size: Int
  private let layout: ParameterLayout
  private let isMean: Bool

  init(_ programs: BatchGradient<Scalar>.Programs, loss: Loss, layout: ParameterLayout) {
    batch = BatchGradient(programs, loss: loss, isGradient: true)
    size = programs.samples
    isMean = loss.isMean
    self.layout = layout
  }

  /// - Parameter order: the samples, batch after batch.
  func run(_ parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>, order: [Int]) -> GradientNoise {
    let count = layout.count
    let batches = order.count / size
    var sum = [Scalar](repeating: 0, count: count)
    var (squares, overlaps): ([Double], [Double]) = ([], [])
    // Two passes: batches are too many to be remembered.
    for pass in 0..<2 {
      for number in 0..<batches {
        for i in 0..<size { batch.chosen[i] = Int32(order[number * size + i]) }
        let gradient = batch.run(parameters, on: data).gradient
        for tensor in layout.tensors {
          let factor = tensor.unit / (isMean ? 1 : Double(size))
          if factor != 1 { ArrayArithmetic.scale(factor, gradient + tensor.offset, count: tensor.count) }
        }
        sum.withUnsafeMutableBufferPointer { sum in
          if pass == 0 {
            squares.append(ArrayArithmetic.dot(UnsafePointer(gradient), gradient, count: count))
            ArrayArithmetic.add(1, UnsafePointer(gradient), to: sum.baseAddress!, count: count)
          } else {
            overlaps.append(ArrayArithmetic.dot(UnsafePointer(gradient), sum.baseAddress!, count: count))
          }
        }
      }
    }
    return GradientNoise(squares: squares, overlaps: overlaps, batch: size)
  }
}

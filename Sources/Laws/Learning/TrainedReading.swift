import OrreryAnalysis
import OrreryReports
import OrreryTensors

/// Powers and coefficients from n times the deviations of trained networks, total and by the kernel's motion.
struct TrainedReading: Sendable {
  /// before, after, motion-before, motion-after.
  private(set) var slopes: [(String, WidthSlope)] = []
  /// The same, deviations at each width.
  private(set) var deviations: [(InlineText, [Estimate])] = []
  /// The asymptotic power after, the motion's, and the extrapolated coefficient of each sample.
  let joint: Propagation

  /// - Parameters:
  ///   - ensembles: of each width, n times the total deviation of each sample, then that by motion.
  ///   - total: M, whose direction deviations are taken along.
  init(_ ensembles: [StreamingCovariance], widths: [Int], total: [Double], motion: [Double]) {
    let samples = total.count
    let sizes = widths.map(Double.init)
    func along(_ direction: [Double], _ values: ArraySlice<Double>) -> Double {
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return zip(direction, values).reduce(0) { $0 + $1.0 * $1.1 } / norm
    }
    /// Of each width: total, total with M/n, motion, motion with its own.
    func reductions(_ means: [[Double]]) -> [[Double]] {
      zip(sizes, means).map { n, x in
        let (t, m) = (along(total, x[..<samples]) / n, along(motion, x[samples...]) / n)
        return [t, t - along(total, total[...]) / n, m, m - along(motion, motion[...]) / n]
      }
    }
    let errors = Propagation(ensembles) { reductions($0).flatMap { $0 } }
    let names: [(String, InlineText)] = [
      ("before", "total"), ("after", "total, 1/n added"), ("motion-before", "kernel's motion"),
      ("motion-after", "kernel's motion, 1/n added"),
    ]
    for (place, name) in names.enumerated() {
      let values = widths.indices.map { errors.estimate(4 * $0 + place) }
      slopes.append((name.0, WidthSlope(widths: widths, deviations: values)))
      deviations.append((name.1, values))
    }
    // A parabola in 1/n, weighted by the errors of each sample.
    let weights = (0..<samples).map { sample -> (parabola: [Double], change: [Double]) in
      let sigma = ensembles.map { max(1e-300, $0.covarianceOfMeans[sample, sample].squareRoot()) }
      let (parabola, line) = (
        Self.interceptWeights(sizes, sigma, degree: 2), Self.interceptWeights(sizes, sigma, degree: 1)
      )
      return (parabola, zip(parabola, line).map { $0 - $1 })
    }
    let gradients = (slopes[1].1.asymptoticGradient, slopes[3].1.asymptoticGradient)
    joint = Propagation(ensembles) { means in
      let reduced = reductions(means)
      let powers = [
        zip(gradients.0, reduced).reduce(0) { $0 + $1.0 * $1.1[1] },
        zip(gradients.1, reduced).reduce(0) { $0 + $1.0 * $1.1[3] },
      ]
      func sums(_ part: ((parabola: [Double], change: [Double])) -> [Double]) -> [Double] {
        weights.enumerated().map { sample, w in zip(part(w), means).reduce(0) { $0 + $1.0 * $1.1[sample] } }
      }
      return powers + sums { $0.parabola } + sums { $0.change }
    }
  }

  /// The weights of a least-squares polynomial's value at 1/n = 0.
  static func interceptWeights(_ sizes: [Double], _ sigma: [Double], degree: Int) -> [Double] {
    let design = Matrix(
      rows: sizes.count, columns: degree + 1,
      elements: sizes.flatMap { n in [1, 8 / n, 64 / (n * n)].prefix(degree + 1) })
    return sizes.indices.map { place in
      let unit = sizes.indices.map { $0 == place ? 1.0 : 0 }
      guard let fit = try? LinearFit(design: design, values: unit, errors: sigma) else {
        return 1 / Double(sizes.count)
      }
      return fit.parameters[0].value
    }
  }
}

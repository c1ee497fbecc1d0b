import OrreryTensors

/// The covariance over initializations of one output at one time of training, to order 1/n: Cov z = C + C¹/n.
///
/// Samples are the training samples and then the test samples; shapes (N + M, N + M).
public struct TrainedCovariance: Sendable {
  /// t, infinite at the end of training.
  public let time: Double
  /// n, the width of the layer before the outputs.
  public let width: Int
  /// The number of the output.
  public let output: Int
  /// C, the same for every output.
  public let infiniteWidth: Matrix<Double>
  /// What each contribution adds to C¹.
  public let contributions: [FiniteWidthContribution: Matrix<Double>]
  /// C¹.
  public let correction: Matrix<Double>
  /// C + C¹/n. Where C¹/n is not small a variance may come out negative: the expansion has failed there.
  public let covariance: Matrix<Double>
  /// An estimate of the order that is left out, as ``TrainedMean/Values/truncationError`` with d = √(C_xx C_x′x′).
  public let truncationError: Matrix<Double>
  /// What the errors of four-point expectations may do to ``covariance``, as ``TrainedMean/Values/numericalError``.
  public let numericalError: Matrix<Double>

  init(
    time: Double, width: Int, output: Int, infiniteWidth: Matrix<Double>,
    contributions: [FiniteWidthContribution: Matrix<Double>], error: Matrix<Double>, truncation: TruncationRule
  ) {
    self.time = time
    self.width = width
    self.output = output
    self.infiniteWidth = infiniteWidth
    self.contributions = contributions
    let zero = Matrix<Double>(rows: infiniteWidth.rows, columns: infiniteWidth.columns)
    correction = FiniteWidthContribution.allCases.compactMap { contributions[$0] }.reduce(zero) { $0.adding($1) }
    let shares = Array(repeating: 1 / Double(width), count: infiniteWidth.rows)
    covariance = infiniteWidth.adding(correction.scalingRows(by: shares))
    truncationError = truncation.sizes(contributions, rows: infiniteWidth.rows, columns: infiniteWidth.columns) {
      x, y in
      max(0, infiniteWidth[x, x] * infiniteWidth[y, y]).squareRoot()
    }
    numericalError = error.scalingRows(by: shares)
  }

  /// Var z of a sample to order 1/n.
  public func variance(of sample: Int) -> WidthExpansion {
    let n = Double(width)
    return WidthExpansion(
      infiniteWidth: infiniteWidth[sample, sample], correction: correction[sample, sample], width: width,
      nextOrder: truncationError[sample, sample] * n * n, correctionError: numericalError[sample, sample] * n)
  }
}

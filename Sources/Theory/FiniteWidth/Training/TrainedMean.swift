import OrreryTensors

/// The mean output over initializations at one time of training, to order 1/n.
public struct TrainedMean: Sendable {
  /// t, infinite at the end of training.
  public let time: Double
  /// n, the width of the layer before the outputs.
  public let width: Int
  /// E z of the training samples, shape (N, outputs), and of the test samples, (M, outputs).
  public let train: Values
  public let test: Values

  /// E z = z_∞ + M/n of some samples.
  public struct Values: Sendable {
    /// z_∞: the mean at infinite width.
    public let infiniteWidth: Matrix<Double>
    /// What each contribution adds to M.
    public let contributions: [FiniteWidthContribution: Matrix<Double>]
    /// M.
    public let correction: Matrix<Double>
    /// z_∞ + M/n.
    public let mean: Matrix<Double>
    /// An estimate of the order that is left out, 1/n²: δ = s max(rN, s/d), with s the size of M/n, contributions added in squares,
    /// d the root mean square over samples of what training has changed (test samples) or left (training samples), r the relative
    /// variance of the NTK, ``FiniteWidthDynamics/tangentKernelFluctuation``, and N the number of training samples.
    public let truncationError: Matrix<Double>
    /// What the errors of four-point expectations may do to ``mean``: each coefficient off by ``FiniteWidthDynamics/tensorError`` of
    /// the largest of its kind, times its integral over time, which grows to 1/θ of slow modes.
    public let numericalError: Matrix<Double>

    init(
      infiniteWidth: Matrix<Double>, contributions: [FiniteWidthContribution: Matrix<Double>], width: Int,
      truncationError: Matrix<Double>, numericalError: Matrix<Double>
    ) {
      let zero = Matrix<Double>(rows: infiniteWidth.rows, columns: infiniteWidth.columns)
      let ordered = FiniteWidthContribution.allCases.compactMap { contributions[$0] }
      let correction = ordered.reduce(zero) { $0.adding($1) }
      let share = correction.scalingRows(by: Array(repeating: 1 / Double(width), count: correction.rows))
      self.infiniteWidth = infiniteWidth
      self.contributions = contributions
      self.correction = correction
      self.truncationError = truncationError
      self.numericalError = numericalError
      mean = infiniteWidth.adding(share)
    }
  }
}

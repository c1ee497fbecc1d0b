import OrreryTensors

/// Variances and covariances over initializations, the same for every output.
extension KernelDynamics {
  /// Var f_X of each training sample: (N).
  public func trainVariances(_ response: ModeResponse) -> [Double] {
    let scaled = vectors.scalingRows(by: response.residuals)
    return modeKernel.product(scaled).transposed.rowProducts(scaled.transposed).map { max(0, $0) }
  }

  /// Cov f_X = PKP: (N, N).
  public func trainCovariance(_ response: ModeResponse) -> Matrix<Double> {
    let scaled = vectors.scalingRows(by: response.residuals)
    return scaled.product(modeKernel.product(scaled), transposingLeft: true)
  }

  /// Var f_* of each test sample: (M).
  public func testVariances(_ response: ModeResponse) -> [Double] {
    let moved = testModes.scalingColumns(by: response.transfers)
    let square = moved.product(modeKernel).rowProducts(moved)
    let mixed = moved.rowProducts(crossModeKernel.transposed)
    return (0..<kernels.testSamples).map { max(0, kernels.testKernel[$0, $0] + square[$0] - 2 * mixed[$0]) }
  }

  /// Cov f_*: (M, M).
  public func testCovariance(_ response: ModeResponse) -> Matrix<Double> {
    let moved = testModes.scalingColumns(by: response.transfers)
    let mixed = moved.product(crossModeKernel)
    return kernels.testKernel.adding(moved.product(modeKernel).product(moved, transposingRight: true))
      .subtracting(mixed).subtracting(mixed.transposed)
  }

  /// Cov(f_*, f_X) = (K_{*X} − Θ_{*X}QK)P: (M, N).
  public func crossCovariance(_ response: ModeResponse) -> Matrix<Double> {
    let moved = testModes.scalingColumns(by: response.transfers)
    return crossModeKernel.transposed.subtracting(moved.product(modeKernel))
      .scalingColumns(by: response.residuals).product(vectors)
  }

  /// The mean square over initializations of what training has changed, E (f_*(k) − f_*(0))² of each test sample and output:
  /// (M, outputs).
  public func testDisplacements(_ response: ModeResponse) -> Matrix<Double> {
    let moved = testModes.scalingColumns(by: response.transfers)
    return displacements(testMean(response), moved.product(modeKernel).rowProducts(moved))
  }

  /// The same of training samples: (N, outputs).
  public func trainDisplacements(_ response: ModeResponse) -> Matrix<Double> {
    let scaled = vectors.scalingRows(by: learned(response))
    return displacements(
      trainMean(response), modeKernel.product(scaled).transposed.rowProducts(scaled.transposed))
  }

  private func displacements(_ mean: Matrix<Double>, _ variances: [Double]) -> Matrix<Double> {
    Matrix(
      rows: mean.rows, columns: mean.columns,
      elements: (0..<mean.rows).flatMap { row in mean.row(row).map { $0 * $0 + max(0, variances[row]) } })
  }
}

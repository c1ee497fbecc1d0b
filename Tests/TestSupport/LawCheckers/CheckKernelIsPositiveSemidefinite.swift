import OrreryTensors
import Testing

/// Checks that a kernel is symmetric and positive semidefinite, up to rounding.
///
/// K + τ tr(K)/n · 1 has a Cholesky factorisation exactly when no eigenvalue of K lies below −τ tr(K)/n; an eigenvalue
/// of a kernel computed with relative errors ε moves by at most ε n max|K|, so τ of a few n ε is a fair tolerance.
///
/// - Parameters:
///   - kernel: shape (samples, samples).
///   - tolerance: τ above; also the largest asymmetry allowed, relative to the largest element.
public func checkKernelIsPositiveSemidefinite(
  _ kernel: Matrix<Double>, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  let n = kernel.rows
  #expect(n == kernel.columns, "A kernel over one set of samples is square.", sourceLocation: sourceLocation)
  guard n == kernel.columns, n > 0 else { return }
  var rows = (0..<n).map { kernel.row($0) }
  let largest = rows.joined().reduce(0.0) { max($0, $1.magnitude) }
  let trace = (0..<n).reduce(0.0) { $0 + rows[$1][$1] }
  let finite = rows.joined().allSatisfy(\.isFinite)
  #expect(finite, "The kernel is finite.", sourceLocation: sourceLocation)
  for i in 0..<n {
    for j in 0..<i where !((rows[i][j] - rows[j][i]).magnitude <= tolerance * largest) {
      Issue.record(
        "The kernel is not symmetric: \(rows[i][j]) at (\(i), \(j)), \(rows[j][i]) at (\(j), \(i)).",
        sourceLocation: sourceLocation)
      return
    }
  }
  for i in 0..<n { rows[i][i] += tolerance * trace / Double(n) }
  for j in 0..<n {
    var pivot = rows[j][j]
    for k in 0..<j { pivot -= rows[j][k] * rows[j][k] }
    guard pivot >= 0 else {
      Issue.record(
        """
        The kernel is not positive semidefinite: pivot \(j) is \(pivot) with \(tolerance * trace / Double(n)) \
        added to the diagonal.
        """, sourceLocation: sourceLocation)
      return
    }
    let root = pivot.squareRoot()
    rows[j][j] = root
    for i in (j + 1)..<max(n, j + 1) {
      var sum = rows[i][j]
      for k in 0..<j { sum -= rows[i][k] * rows[j][k] }
      rows[i][j] = root > 0 ? sum / root : 0
    }
  }
}

/// The same for a kernel in single precision, factorised in double.
public func checkKernelIsPositiveSemidefinite(
  _ kernel: Matrix<Float>, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  checkKernelIsPositiveSemidefinite(
    Matrix(rows: kernel.rows, columns: kernel.columns, elements: kernel.tensor.elements.map(Double.init)),
    tolerance: tolerance, sourceLocation: sourceLocation)
}

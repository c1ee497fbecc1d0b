import OrreryTensors

/// A symmetric matrix as an operator.
package final class DenseOperator<Scalar: TensorScalar>: SymmetricOperator {
  package let matrix: Matrix<Double>
  package var count: Int { matrix.rows }
  package private(set) var products = 0

  package init(_ matrix: Matrix<Double>, as type: Scalar.Type = Double.self) { self.matrix = matrix }

  /// With these eigenvalues, in a random basis.
  package convenience init(eigenvalues: [Double], seed: UInt64 = 4, as type: Scalar.Type = Double.self) throws {
    var random = SplitMix(seed: seed)
    let n = eigenvalues.count
    let basis = try Matrix(rows: n, columns: n, elements: random.normals(n * n)).gram().symmetricEigendecomposition()
    var scaled = basis.vectors
    for i in 0..<n { for j in 0..<n { scaled[i, j] *= eigenvalues[i] } }
    self.init(basis.vectors.product(scaled, transposingLeft: true), as: type)
  }

  package func apply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    products += 1
    for i in 0..<count { y[i] = Scalar((0..<count).reduce(0) { $0 + matrix[i, $1] * Double(x[$1]) }) }
  }
}

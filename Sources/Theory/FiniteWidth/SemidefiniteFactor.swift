/// The Cholesky factor L of a positive semidefinite matrix, G = L Lᵀ, without pivoting: lower triangles packed by rows.
///
/// A pivot that is not above `tolerance` times its diagonal element says that this input is, to rounding, a linear
/// combination of the inputs before it; its column of L is zero, and L u stays exactly inside the range of G. What this drops
/// is at most √tolerance of a covariance with a later input, and `tolerance` of a variance.
enum SemidefiniteFactor {
  /// Pivots below this fraction of the diagonal are rounding, in double precision.
  static let tolerance = 0x1p-42
  /// The same in single precision, where the Gram matrix itself is a sum in single precision, of relative error some 1e-7.
  static let singleTolerance: Float = 0x1p-21

  /// L, or the part of it that `tolerance` leaves.
  static func factor(_ gram: [Double], samples: Int, tolerance: Double = tolerance) -> [Double] {
    var factor = [Double](repeating: 0, count: gram.count)
    for j in 0..<samples {
      let rowJ = j * (j + 1) / 2
      var pivot = gram[rowJ + j]
      for k in 0..<j { pivot -= factor[rowJ + k] * factor[rowJ + k] }
      guard pivot > tolerance * gram[rowJ + j] else { continue }
      let root = pivot.squareRoot()
      factor[rowJ + j] = root
      for i in (j + 1)..<samples {
        let rowI = i * (i + 1) / 2
        var rest = gram[rowI + j]
        for k in 0..<j { rest -= factor[rowI + k] * factor[rowJ + k] }
        factor[rowI + j] = rest / root
      }
    }
    return factor
  }

  /// The first row of G that L Lᵀ fails to reproduce, to 1e-6 of the diagonal: there G is not positive semidefinite.
  static func firstIndefiniteRow(of gram: [Double], samples: Int) -> Int? {
    let factor = factor(gram, samples: samples)
    for i in 0..<samples {
      for j in 0...i {
        let (rowI, rowJ) = (i * (i + 1) / 2, j * (j + 1) / 2)
        let product = (0...j).reduce(0.0) { $0 + factor[rowI + $1] * factor[rowJ + $1] }
        let scale = (gram[rowI + i] * gram[rowJ + j]).squareRoot()
        if !(abs(product - gram[rowI + j]) <= 1e-6 * scale) { return i }
      }
    }
    return nil
  }
}

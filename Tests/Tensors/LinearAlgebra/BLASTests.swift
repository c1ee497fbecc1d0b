import OrreryTensors
import Testing

/// Blocks inside larger arrays, as the tiles of kernels use them.
@Suite struct BLASTests {
  /// C ← 2 A B − C on the middle of arrays with longer rows.
  @Test func blocksKeepTheirStrides() {
    let (rows, inner, columns) = (3, 4, 2)
    let a = randomMatrix(rows, 7)
    let b = randomMatrix(inner, 5, seed: 2)
    let before = randomMatrix(rows, 6, seed: 3)
    var c = before
    a.withUnsafeBuffer { a in
      b.withUnsafeBuffer { b in
        c.withUnsafeMutableBuffer { c in
          BLAS.multiply(
            a.baseAddress! + 1, stride: 7, b.baseAddress! + 2, stride: 5, into: c.baseAddress! + 3, stride: 6,
            rows: rows,
            inner: inner, columns: columns, alpha: 2, beta: -1)
        }
      }
    }
    for i in 0..<rows {
      for j in 0..<6 {
        var expected = before[i, j]
        if (3..<5).contains(j) {
          expected = -before[i, j]
          for k in 0..<inner { expected += 2 * a[i, 1 + k] * b[k, 2 + j - 3] }
        }
        #expect(abs(c[i, j] - expected) < 1e-14)
      }
    }
  }

  /// Single precision, both factors transposed.
  @Test func transposedBlocks() {
    let a = singlePrecision(randomMatrix(4, 3))
    let b = singlePrecision(randomMatrix(2, 4, seed: 2))
    var c = Matrix<Float>(rows: 3, columns: 2, repeating: .nan)
    a.withUnsafeBuffer { a in
      b.withUnsafeBuffer { b in
        c.withUnsafeMutableBuffer { c in
          BLAS.multiply(
            a.baseAddress!, transposed: true, stride: 3, b.baseAddress!, transposed: true, stride: 4,
            into: c.baseAddress!, stride: 2, rows: 3, inner: 4, columns: 2)
        }
      }
    }
    #expect(largestDifference(c, a.transposed.product(b.transposed)) < 1e-5)
  }

  @Test func errorsAreSentencesWithARemedy() {
    let errors: [LinearAlgebraError] = [
      .notFinite(row: 1, column: 2), .notPositiveDefinite(index: 3, size: 5),
      .notPositiveSemidefinite(index: 0, eigenvalue: -0.5, tolerance: 1e-12), .singular(index: 2, size: 3),
      .noConvergence(index: 1, size: 9),
    ]
    for error in errors {
      #expect(error.description.hasSuffix("."))
      #expect(error.description.split(separator: " ").count > 12, "\(error)")
    }
    #expect(errors[1].description.contains("row 3") && errors[1].description.contains("5 × 5"))
  }
}

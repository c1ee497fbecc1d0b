import OrreryTensors
import Testing

/// A matrix of normal draws.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix<Double> {
  Matrix(
    rows: rows, columns: columns, elements: RandomStream(seed: seed, purpose: .test).normals(count: rows * columns))
}

/// The same in single precision.
func singlePrecision(_ matrix: Matrix<Double>) -> Matrix<Float> {
  Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.tensor.elements.map { Float($0) })
}

/// The largest difference between two matrices of one shape.
func largestDifference<Scalar>(_ left: Matrix<Scalar>, _ right: Matrix<Scalar>) -> Double {
  zip(left.tensor.elements, right.tensor.elements).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

/// The identity.
func identity<Scalar: TensorScalar>(_ size: Int) -> Matrix<Scalar> {
  var result = Matrix<Scalar>(rows: size, columns: size)
  for i in 0..<size { result[i, i] = 1 }
  return result
}

@Suite struct ProductTests {
  /// By the definition, element after element.
  private func plainProduct(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var c = Matrix<Double>(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows { for j in 0..<b.columns { for k in 0..<a.columns { c[i, j] += a[i, k] * b[k, j] } } }
    return c
  }

  /// The last two shapes are large enough to be cut into parts, and not a multiple of one; of the last a transposed left operand is
  /// turned round beforehand.
  @Test(arguments: [(1, 1, 1), (3, 5, 2), (17, 4, 31), (1, 40, 9), (301, 90, 170), (620, 110, 70)])
  func productsFollowTheDefinition(rows: Int, inner: Int, columns: Int) {
    let a = randomMatrix(rows, inner)
    let b = randomMatrix(inner, columns, seed: 2)
    let expected = plainProduct(a, b)
    // Rounding: |error| <= inner · u · Σ|a||b|, and a sum of `inner` products of normals stays below 10 inner.
    let bound = Double(inner * inner) * 10 * Double.unitRoundoff
    #expect(largestDifference(a.product(b), expected) <= bound)
    #expect(largestDifference(a.transposed.product(b, transposingLeft: true), expected) <= bound)
    #expect(largestDifference(a.product(b.transposed, transposingRight: true), expected) <= bound)
    let both = a.transposed.product(b.transposed, transposingLeft: true, transposingRight: true)
    #expect(largestDifference(both, expected) <= bound)
    let single = singlePrecision(a).product(singlePrecision(b))
    let singleBound = Double(inner * inner + 2 * inner) * 10 * Double(Float.unitRoundoff)
    #expect(largestDifference(single, singlePrecision(expected)) <= singleBound)
  }

  @Test func emptyProductsAreZero() {
    #expect(Matrix<Double>(rows: 2, columns: 0).product(Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
    #expect(Matrix<Float>(rows: 0, columns: 4).gram() == Matrix(rows: 0, columns: 0))
  }

  @Test func vectorsAreMatricesOfOneColumn() {
    let a = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(a.product([1, 0, -1]) == [-2, -2])
    #expect(a.product([1, 1], transposing: true) == [5, 7, 9])
  }

  /// The last one in several tiles of rows.
  @Test(arguments: [(1, 1), (5, 3), (40, 200), (230, 30)])
  func gramIsTheProductWithTheTranspose(rows: Int, columns: Int) {
    let a = randomMatrix(rows, columns)
    let gram = a.gram()
    #expect(gram == gram.transposed)
    let bound = Double(columns * columns) * 10 * Double.unitRoundoff
    #expect(largestDifference(gram, a.product(a, transposingRight: true)) <= bound)
    let single = singlePrecision(a).gram()
    #expect(single == single.transposed)
    #expect(
      largestDifference(single, singlePrecision(gram)) <= Double(columns * columns + 2) * 20
        * Double(Float.unitRoundoff))
  }
}

import OrreryTensors
import OrreryTestSupport
import Testing

/// Products of blocks of any size, beside plain loops.
@Suite struct DenseProductTests {
  static let shapes = [
    ProductShape(rows: 1, inner: 1, columns: 1), ProductShape(rows: 7, inner: 5, columns: 3),
    ProductShape(rows: 30, inner: 0, columns: 9), ProductShape(rows: 50, inner: 40, columns: 33),
    ProductShape(rows: 13, inner: 300, columns: 290), ProductShape(rows: 40, inner: 1100, columns: 70),
  ]

  /// α op(A) op(B) + β C, rows apart by more than they hold; what lies between them stays.
  private static func check<Scalar: TensorScalar>(
    _ e: ProductShape, _ scalar: Scalar.Type, _ transposes: (a: Bool, b: Bool), alpha: Scalar, beta: Scalar
  ) {
    var random = SplitMix(seed: UInt64(e.rows + e.inner + e.columns))
    let gap = 2
    let (strideA, strideB) = ((transposes.a ? e.rows : e.inner) + gap, (transposes.b ? e.inner : e.columns) + gap)
    let strideC = e.columns + gap
    func normals(_ count: Int) -> [Scalar] { (0..<max(1, count)).map { _ in Scalar(random.normal()) } }
    let a = normals((transposes.a ? e.inner : e.rows) * strideA)
    let b = normals((transposes.b ? e.columns : e.inner) * strideB)
    let before = normals(e.rows * strideC)
    var c = before
    c.withUnsafeMutableBufferPointer { c in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          DenseProduct.multiply(
            a.baseAddress!, transposed: transposes.a, stride: strideA, b.baseAddress!, transposed: transposes.b,
            stride: strideB, into: c.baseAddress!, stride: strideC, rows: e.rows, inner: e.inner, columns: e.columns,
            alpha: alpha, beta: beta)
        }
      }
    }
    let unit = Double(Scalar.unitRoundoff) + Double.unitRoundoff
    for i in 0..<e.rows {
      for j in 0..<strideC {
        let place = i * strideC + j
        guard j < e.columns else {
          #expect(c[place] == before[place])
          continue
        }
        var sum = Double(beta) * Double(before[place])
        var size = abs(sum)
        for p in 0..<e.inner {
          let left = Double(a[transposes.a ? p * strideA + i : i * strideA + p])
          let term = Double(alpha) * left * Double(b[transposes.b ? j * strideB + p : p * strideB + j])
          (sum, size) = (sum + term, size + abs(term))
        }
        // One rounding for each term, one for C's own, and the factors': β/α and its product with C, and α with the sum.
        guard abs(Double(c[place]) - sum) <= 1.01 * unit * Double(e.inner + 5) * size else {
          Issue.record("\(e), \(transposes), element \(i), \(j): \(c[place]) and not \(sum)")
          return
        }
      }
    }
  }

  @Test(arguments: shapes, [(false, false), (true, false), (false, true), (true, true)])
  func productsAreThoseOfPlainLoops(shape: ProductShape, transposed: (a: Bool, b: Bool)) {
    for (alpha, beta) in [(1.0, 0.0), (1, 1), (-0.3, 0), (2, -0.7)] {
      Self.check(shape, Double.self, transposed, alpha: alpha, beta: beta)
      Self.check(shape, Float.self, transposed, alpha: Float(alpha), beta: Float(beta))
    }
  }
}

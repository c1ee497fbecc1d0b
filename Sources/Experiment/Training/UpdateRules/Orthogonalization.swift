import Foundation
import OrreryTensors

/// The quintic Newton–Schulz iteration of Muon: see ``OptimizerMethod/Muon``.
///
/// A singular value s of X becomes a s + b s³ + c s⁵ in each step, so that all of them are driven towards 1 without a
/// decomposition: Jordan et al. 2024. The published code adds 10⁻⁷ to the norm that X is first divided by; here it is
/// divided by the norm itself, so that the result does not depend on the scale of a gradient however small, and 0 stays 0.
enum Orthogonalization {
  static let (a, b, c) = (3.4445, -4.7750, 2.0315)

  /// Elements of scratch memory: two matrices like X, two of its smaller side squared.
  static func workspaceCount(rows: Int, columns: Int) -> Int {
    let small = min(rows, columns)
    return 2 * rows * columns + 2 * small * small
  }

  /// What the singular value s becomes in `steps` steps.
  static func singularValue(_ s: Double, steps: Int) -> Double {
    var s = s
    for _ in 0..<steps { s = s * (a + s * s * (b + c * s * s)) }
    return s
  }

  /// Orthogonalizes a row-major matrix in place.
  ///
  /// - Parameter workspace: ``workspaceCount(rows:columns:)`` elements.
  static func apply<Scalar: TensorScalar>(
    _ matrix: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, steps: Int,
    workspace: UnsafeMutablePointer<Scalar>
  ) {
    let count = rows * columns
    let norm = UpdateKernels<Scalar>.sumOfSquares(matrix, count: count).squareRoot()
    guard norm > 0 else { return }
    // X is (small, large), so that X Xᵀ is as small as can be.
    let (small, large) = (min(rows, columns), max(rows, columns))
    var x = workspace
    var next = workspace + count
    let gram = workspace + 2 * count
    let polynomial = gram + small * small
    if rows > columns {
      RegisterProduct.transpose(matrix, stride: columns, rows: rows, columns: columns, into: x, stride: rows)
    } else {
      x.update(from: matrix, count: count)
    }
    normalize(x, count: count, norm: norm, others: matrix)
    for _ in 0..<steps {
      multiply(x, x, transposing: true, into: gram, rows: small, inner: large, columns: small, alpha: 1, beta: 0)
      polynomial.update(from: gram, count: small * small)
      multiply(
        gram, gram, transposing: false, into: polynomial, rows: small, inner: small, columns: small, alpha: c, beta: b)
      next.update(from: x, count: count)
      multiply(
        polynomial, x, transposing: false, into: next, rows: small, inner: small, columns: large, alpha: 1, beta: a)
      swap(&x, &next)
    }
    if rows > columns {
      RegisterProduct.transpose(x, stride: rows, rows: columns, columns: rows, into: matrix, stride: columns)
    } else {
      matrix.update(from: x, count: count)
    }
  }

  /// x ← x/norm.
  ///
  /// - Parameter others: as many finite numbers, not overlapping x: the gradient that a step of rate 0 leaves out.
  private static func normalize<Scalar: TensorScalar>(
    _ x: UnsafeMutablePointer<Scalar>, count: Int, norm: Double, others: UnsafeMutablePointer<Scalar>
  ) {
    var coefficients = UpdateCoefficients()
    var norm = norm
    // 1/norm of the smallest and largest numbers has no place in single precision: by way of a power of two, exactly.
    if norm < 0x1p-100 || norm > 0x1p100 {
      let power = norm < 1 ? 0x1p80 : 0x1p-80
      coefficients.keep = power
      UpdateKernels<Scalar>.descent(coefficients, x, others, count: count)
      norm *= power
    }
    coefficients.keep = 1 / norm
    UpdateKernels<Scalar>.descent(coefficients, x, others, count: count)
  }

  /// C ← α A op(B) + β C, all without gaps.
  private static func multiply<Scalar: TensorScalar>(
    _ a: UnsafeMutablePointer<Scalar>, _ b: UnsafeMutablePointer<Scalar>, transposing: Bool,
    into c: UnsafeMutablePointer<Scalar>, rows: Int, inner: Int, columns: Int, alpha: Double, beta: Double
  ) {
    DenseProduct.multiply(
      a, transposed: false, stride: inner, b, transposed: transposing, stride: transposing ? inner : columns, into: c,
      stride: columns,
      rows: rows, inner: inner, columns: columns, alpha: Scalar(alpha), beta: Scalar(beta))
  }
}

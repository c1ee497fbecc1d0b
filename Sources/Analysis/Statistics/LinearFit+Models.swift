import Foundation
import OrreryTensors

extension LinearFit {
  /// Fits a polynomial: parameter k multiplies x^k.
  public static func polynomial(
    degree: Int, x: [Double], y: [Double], errors: [Double]? = nil
  ) throws(FitError) -> LinearFit {
    let design = Matrix(
      rows: x.count, columns: degree + 1,
      elements: x.flatMap { x in
        (0...degree).map { k in (0..<k).reduce(1.0) { product, _ in product * x } }
      })
    return try LinearFit(design: design, values: y, errors: errors)
  }

  /// Fits a straight line: parameter 0 is the intercept, 1 the slope.
  public static func line(x: [Double], y: [Double], errors: [Double]? = nil) throws(FitError) -> LinearFit {
    try polynomial(degree: 1, x: x, y: y, errors: errors)
  }

  /// Fits y = A x^s on log axes: parameter 0 is log A, 1 the slope s, whose error is the point of it.
  ///
  /// Errors become σ/y on the logarithm, which is fair while they are small against y.
  public static func powerLaw(x: [Double], y: [Double], errors: [Double]? = nil) throws(FitError) -> LinearFit {
    guard x.count == y.count else { throw .shapes(points: x.count, values: y.count, errors: errors?.count) }
    if let bad = x.indices.first(where: { !(x[$0] > 0 && y[$0] > 0) }) { throw .notPositive(index: bad) }
    let relative = errors.map { errors in zip(errors, y).map { $0 / $1 } }
    return try line(x: x.map { log($0) }, y: y.map { log($0) }, errors: relative)
  }

  /// Fits correlated values: the design and the values are whitened with the Cholesky factor of their covariance.
  ///
  /// - Parameter covariance: of the values, shape (points, points), positive definite.
  public static func correlated(
    design: Matrix<Double>, values: [Double], covariance: Matrix<Double>
  ) throws(FitError) -> LinearFit {
    let n = values.count
    guard covariance.rows == n, covariance.columns == n, design.rows == n else {
      throw .shapes(points: design.rows, values: n, errors: covariance.rows)
    }
    var factor = [[Double]](repeating: Array(repeating: 0, count: n), count: n)
    for j in 0..<n {
      let pivot = covariance[j, j] - (0..<j).reduce(0) { $0 + factor[j][$1] * factor[j][$1] }
      guard pivot > 0, pivot.isFinite else { throw .notACovariance(index: j) }
      factor[j][j] = pivot.squareRoot()
      for i in (j + 1)..<max(n, j + 1) {
        factor[i][j] = (covariance[i, j] - (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }) / factor[j][j]
      }
    }
    func whitened(_ vector: [Double]) -> [Double] {
      var result = vector
      for i in 0..<n {
        for j in 0..<i { result[i] -= factor[i][j] * result[j] }
        result[i] /= factor[i][i]
      }
      return result
    }
    let columns = (0..<design.columns).map { k in whitened((0..<n).map { design[$0, k] }) }
    let whiteDesign = Matrix(
      rows: n, columns: design.columns, elements: (0..<n).flatMap { i in columns.map { $0[i] } })
    return try LinearFit(design: whiteDesign, values: whitened(values), errors: Array(repeating: 1, count: n))
  }

  /// The fit at a point, with its error from the parameters' covariance.
  ///
  /// - Parameter basis: basis_k(x) for each parameter.
  public func prediction(_ basis: [Double]) -> Estimate {
    let n = parameters.count
    precondition(basis.count == n, "\(basis.count) basis values for \(n) parameters.")
    var value = 0.0
    var square = 0.0
    for a in 0..<n {
      value += basis[a] * parameters[a].value
      for b in 0..<n { square += basis[a] * covarianceElements[a * n + b] * basis[b] }
    }
    return Estimate(value: value, error: max(0, square).squareRoot())
  }
}

import Foundation
import OrreryTensors

/// A weighted linear least-squares fit: y ≈ Σ_k parameter_k · basis_k(x).
///
/// Solved by Householder QR of the weighted design matrix, whose condition is not squared as normal equations would.
public struct LinearFit: Hashable, Codable, Sendable {
  public var parameters: [Estimate]
  /// The covariance of the parameters, row-major, shape (parameters, parameters).
  public var covarianceElements: [Double]
  /// Σ ((y − fit)/σ)²; for a fit without known errors, Σ (y − fit)².
  public var chiSquared: Double
  public var degreesOfFreedom: Int
  /// The probability of a larger χ² if the model holds; nil where errors were not known.
  public var pValue: Double?

  /// The covariance of the parameters.
  public var covariance: Matrix<Double> {
    Matrix(rows: parameters.count, columns: parameters.count, elements: covarianceElements)
  }

  /// Fits values with independent standard errors.
  ///
  /// - Parameters:
  ///   - design: shape (points, parameters): basis_k(x_i).
  ///   - errors: σ of each value; nil when they are not known: then all are taken equal, and the scatter about the fit
  ///     gives their size.
  /// - Throws: ``FitError``.
  public init(design: Matrix<Double>, values: [Double], errors: [Double]? = nil) throws(FitError) {
    let points = design.rows
    let count = design.columns
    guard values.count == points, errors.map({ $0.count == points }) ?? true, count > 0 else {
      throw .shapes(points: points, values: values.count, errors: errors?.count)
    }
    guard points >= count, errors != nil || points > count else {
      throw .tooFewPoints(points: points, parameters: count)
    }
    if let bad = errors?.firstIndex(where: { !($0 > 0 && $0.isFinite) }) { throw .badError(index: bad) }
    if let bad = values.firstIndex(where: { !$0.isFinite }) { throw .badValue(index: bad) }
    let weights = errors?.map { 1 / $0 } ?? Array(repeating: 1, count: points)
    var columns = (0..<count).map { k in (0..<points).map { design[$0, k] * weights[$0] } }
    var right = zip(values, weights).map { $0 * $1 }
    let triangle = try Self.factorize(&columns, &right)
    let solution = Self.solve(triangle, right)
    let inverse = (0..<count).map { k in
      Self.solve(triangle, (0..<count).map { $0 == k ? 1 : 0 })
    }
    chiSquared = right[count...].reduce(0) { $0 + $1 * $1 }
    degreesOfFreedom = points - count
    let scale = errors == nil ? chiSquared / Double(degreesOfFreedom) : 1
    // (RᵀR)⁻¹ = R⁻¹ R⁻ᵀ; `inverse[k]` is column k of R⁻¹.
    var covariance = [Double](repeating: 0, count: count * count)
    for a in 0..<count {
      for b in 0..<count {
        covariance[a * count + b] = scale * (0..<count).reduce(0) { $0 + inverse[$1][a] * inverse[$1][b] }
      }
    }
    covarianceElements = covariance
    parameters = (0..<count).map {
      Estimate(value: solution[$0], error: covariance[$0 * count + $0].squareRoot())
    }
    pValue =
      errors == nil ? nil : Distributions.chiSquaredSurvival(chiSquared, degreesOfFreedom: degreesOfFreedom)
  }

  /// Reduces the columns to a triangle by Householder reflections, applied to the right-hand side too.
  private static func factorize(_ columns: inout [[Double]], _ right: inout [Double]) throws(FitError) -> [[Double]] {
    let points = right.count
    for k in columns.indices {
      let norm = columns[k][k...].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let original = columns[k].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 1e-13 * original, norm.isFinite else { throw .dependentColumns(index: k) }
      let alpha = columns[k][k] > 0 ? -norm : norm
      var reflector = Array(columns[k][k...])
      reflector[0] -= alpha
      let square = reflector.reduce(0) { $0 + $1 * $1 }
      func reflect(_ vector: inout [Double]) {
        var dot = 0.0
        for i in k..<points { dot += reflector[i - k] * vector[i] }
        for i in k..<points { vector[i] -= 2 * dot / square * reflector[i - k] }
      }
      for j in k..<columns.count { reflect(&columns[j]) }
      reflect(&right)
    }
    return columns
  }

  /// Back substitution with the triangle in the columns' upper parts.
  private static func solve(_ triangle: [[Double]], _ right: [Double]) -> [Double] {
    let n = triangle.count
    var x = [Double](repeating: 0, count: n)
    for i in (0..<n).reversed() {
      var sum = right[i]
      for j in (i + 1)..<max(n, i + 1) { sum -= triangle[j][i] * x[j] }
      x[i] = sum / triangle[i][i]
    }
    return x
  }
}

/// Why values could not be fitted.
public enum FitError: Error, Hashable, CustomStringConvertible {
  case shapes(points: Int, values: Int, errors: Int?)
  case tooFewPoints(points: Int, parameters: Int)
  case badError(index: Int)
  case badValue(index: Int)
  case dependentColumns(index: Int)
  case notPositive(index: Int)
  case notACovariance(index: Int)

  public var description: String {
    switch self {
    case .shapes(let points, let values, let errors):
      """
      A fit takes one value and one error for each point: there are \(points) points, \(values) values\
      \(errors.map { " and \($0) errors" } ?? "").
      """
    case .tooFewPoints(let points, let parameters):
      "\(points) points do not determine \(parameters) parameters and their errors; add points or drop parameters."
    case .badError(let index):
      "The standard error of point \(index) is not positive and finite; leave the point out or estimate its error."
    case .badValue(let index):
      "The value of point \(index) is not finite; leave the point out."
    case .dependentColumns(let index):
      "Parameter \(index) is a combination of those before it on these points; drop it or add points elsewhere."
    case .notPositive(let index):
      "A power law is fitted on log axes: point \(index) has a value or a size that is not positive."
    case .notACovariance(let index):
      "The covariance of the values is not positive definite at point \(index); use more networks or fewer points."
    }
  }
}

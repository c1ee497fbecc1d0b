import Foundation
import OrreryNetworks
import OrreryTensors

/// Makes the Hermite coefficients of σ^(p)_ασ^(q)_β on the plane of two inputs, by a product trapezoid rule.
struct PlaneProducts: Sendable {
  private let activation: Activation
  private let nodes: HermiteGrid
  private let polynomials: Matrix<Double>
  private let orders: [(Int, Int)]
  private let tolerance: Double

  /// The highest degree of a series on a plane. Its remainder enters every bound.
  private static let degree = 112

  /// - Parameter largestKernel: the largest K of any input.
  init(
    _ activation: Activation, bandwidth: Double, largestKernel: Double, extent: FiniteWidthExtent, tolerance: Double
  ) {
    self.activation = activation
    self.tolerance = tolerance
    nodes = HermiteGrid(
      bandwidth: bandwidth / 2, degree: Self.degree,
      peak: SmoothExpectations.peak(activation, kernel: largestKernel, factors: 2))
    polynomials = Matrix(rows: Self.degree + 1, columns: nodes.nodes.count, elements: nodes.weightedPolynomials)
    orders = LineProducts.products(extent, of: 2).flatMap { pair in
      pair[0] == pair[1] ? [(pair[0], pair[0])] : [(pair[0], pair[1]), (pair[1], pair[0])]
    }
  }

  /// The place of σ^(p)_ασ^(q)_β among a pair's functions.
  static func place(_ p: Int, _ q: Int) -> Int { 4 * p + q }

  /// - Parameters:
  ///   - first, second: √k_αα and √k_ββ, with z_α = √k_αα x, z_β = √k_ββ (c x + s y).
  func functions(first: Double, second: Double, _ c: Double, _ s: Double) -> [PlaneFunction?] {
    let u = nodes.nodes
    let count = u.count
    var onGrid: [Int: [Double]] = [:]
    var onAxis: [Int: [Double]] = [:]
    let grid = [Double](unsafeUninitializedCapacity: count * count) { buffer, filled in
      for i in 0..<count { for j in 0..<count { buffer[i * count + j] = second * (c * u[i] + s * u[j]) } }
      filled = count * count
    }
    for order in Set(orders.flatMap { [$0.0, $0.1] }) {
      onGrid[order] = activation.values(at: grid, order: order)
      onAxis[order] = u.map { activation.derivative(order, at: first * $0) }
    }
    var result = [PlaneFunction?](repeating: nil, count: 16)
    for (p, q) in orders {
      let (x, y) = (onAxis[p]!, onGrid[q]!)
      var square = 0.0
      let values = Matrix<Double>(rows: count, columns: count) { target in
        for i in 0..<count {
          var row = 0.0
          for j in 0..<count {
            let value = x[i] * y[i * count + j]
            target[i * count + j] = value
            row += nodes.weights[j] * value * value
          }
          square += nodes.weights[i] * row
        }
      }
      let coefficients = polynomials.product(values).product(polynomials, transposingRight: true)
      result[Self.place(p, q)] = PlaneFunction(
        cartesian: coefficients.tensor.elements, stride: Self.degree + 1, degree: Self.degree, squaredNorm: square,
        tolerance: tolerance)
    }
    return result
  }
}

import Foundation
import OrreryNetworks
import OrreryTensors

/// Makes the Hermite coefficients of σ^(p), σ^(p)σ^(q) and σ^(p)σ^(q)σ^(r) at one input, and ⟨σ^(p)σ^(q)σ^(r)σ^(s)⟩.
struct LineProducts: Sendable {
  private let activation: Activation
  private let nodes: HermiteGrid
  private let extent: FiniteWidthExtent
  private let tolerance: Double

  /// The highest degree of a series on a line. For tanh at K = 5 the remainder is then 1e-12.
  private static let degree = 320

  /// - Parameter largestKernel: the largest K of any input.
  init(
    _ activation: Activation, bandwidth: Double, largestKernel: Double, extent: FiniteWidthExtent, tolerance: Double
  ) {
    self.activation = activation
    self.extent = extent
    // Series on a line are cheap: what two inputs alone enter is as good as rounding lets it.
    self.tolerance = min(tolerance, 1e-15)
    nodes = HermiteGrid(
      bandwidth: bandwidth, degree: Self.degree,
      peak: SmoothExpectations.peak(activation, kernel: largestKernel, factors: 3))
  }

  // Places of products among an input's functions, by orders in ascending order.

  /// The place of σ^(p)σ^(q).
  static func place(_ p: Int, _ q: Int) -> Int {
    let (low, high) = (min(p, q), max(p, q))
    return 6 + 4 * low + high
  }

  /// The place of σ^(p)σ^(q)σ^(r).
  static func place(_ p: Int, _ q: Int, _ r: Int) -> Int {
    let low = min(p, q, r)
    let high = max(p, q, r)
    return 22 + 16 * low + 4 * (p + q + r - low - high) + high
  }

  /// The place of σ^(p)σ^(q)σ^(r)σ^(s), whatever the order: each order's count, in base five.
  static func place(_ p: Int, _ q: Int, _ r: Int, _ s: Int) -> Int {
    powers[p] + powers[q] + powers[r] + powers[s]
  }

  private static let powers = [0, 1, 5, 25]
  private static let placeCount = 22 + 64

  private static let fours: [FiniteWidthExtent: [[Int]]] = [
    .preactivations: [[0, 0, 0, 0]],
    .tangentKernel: [[0, 0, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]],
    .differentials: [
      [0, 0, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 1, 1, 2], [1, 1, 1, 3], [1, 1, 2, 2],
    ],
  ]

  /// The different products of `count` of the factors of the four-point moments.
  static func products(_ extent: FiniteWidthExtent, of count: Int) -> [[Int]] {
    var result = Set<[Int]>()
    for orders in fours[extent]! {
      for subset in 0..<16 where subset.nonzeroBitCount == count {
        result.insert((0..<4).filter { subset >> $0 & 1 == 1 }.map { orders[$0] })
      }
    }
    // A set has no order of its own, and a product's rows round differently in different places.
    return result.sorted { $0.lexicographicallyPrecedes($1) }
  }

  func functions(variance: Double) -> (lines: [LineFunction?], single: [Double]) {
    let count = nodes.nodes.count
    let scale = variance.squareRoot()
    let factors = (0...5).map { order in nodes.nodes.map { activation.derivative(order, at: scale * $0) } }
    func product(_ orders: [Int]) -> [Double] {
      (0..<count).map { j in orders.reduce(1.0) { $0 * factors[$1][j] } }
    }
    var places: [Int] = Array(0...5)
    var values = factors
    for orders in Self.products(extent, of: 2) {
      places.append(Self.place(orders[0], orders[1]))
      values.append(product(orders))
    }
    for orders in Self.products(extent, of: 3) {
      places.append(Self.place(orders[0], orders[1], orders[2]))
      values.append(product(orders))
    }
    let degree = nodes.degree
    let polynomials = Matrix<Double>(rows: degree + 1, columns: count, elements: nodes.weightedPolynomials)
    let table = Matrix(values).product(polynomials, transposingRight: true)
    var lines = [LineFunction?](repeating: nil, count: Self.placeCount)
    for (row, place) in places.enumerated() {
      let square = zip(values[row], nodes.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      lines[place] = LineFunction(coefficients: table.row(row), squaredNorm: square, tolerance: tolerance)
    }
    var single = [Double](repeating: .nan, count: 4 * 25 + 1)
    for orders in Self.fours[extent]! {
      let value = zip(product(orders), nodes.weights).reduce(0) { $0 + $1.0 * $1.1 }
      single[Self.place(orders[0], orders[1], orders[2], orders[3])] = value
    }
    return (lines, single)
  }
}

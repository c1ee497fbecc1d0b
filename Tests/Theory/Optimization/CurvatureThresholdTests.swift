import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// L = ½ δᵀAδ + (c/4) Σ δ_i⁴, written out: a landscape without a network.
private final class QuarticForm: LossLandscape {
  let matrix: Matrix<Double>
  let quartic: Double
  private var point: [Double]

  init(_ matrix: Matrix<Double>, quartic: Double = 0) {
    self.matrix = matrix
    self.quartic = quartic
    point = [Double](repeating: 0, count: matrix.rows)
  }

  var count: Int { matrix.rows }
  func move(to displacement: [Double]) { point = displacement }
  func value() -> Double {
    dot(point, matrix.product(point)) / 2 + quartic / 4 * point.reduce(0) { $0 + $1 * $1 * $1 * $1 }
  }
  func gradient() -> [Double] { zip(matrix.product(point), point).map { $0 + quartic * $1 * $1 * $1 } }
  func hessianProduct(_ v: [Double]) -> [Double] {
    zip(matrix.product(v), zip(point, v)).map { $0 + 3 * quartic * $1.0 * $1.0 * $1.1 }
  }
  func thirdDerivative(_ u: [Double], _ v: [Double]) -> [Double] {
    zip(point, zip(u, v)).map { 6 * quartic * $0 * $1.0 * $1.1 }
  }
}

/// A landscape that has no Hessian.
private final class Kink: LossLandscape {
  struct NoHessian: Error {}
  let count = 3
  func move(to displacement: [Float]) {}
  func value() -> Double { 0 }
  func gradient() -> [Float] { [0, 0, 0] }
  func hessianProduct(_ v: [Float]) throws -> [Float] { throw NoHessian() }
  func thirdDerivative(_ u: [Float], _ v: [Float]) throws -> [Float] { throw NoHessian() }
}

private func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

@Suite struct CurvatureThresholdTests {
  private static func form(_ eigenvalues: [Double], quartic: Double = 0) throws -> QuarticForm {
    try QuarticForm(DenseOperator(eigenvalues: eigenvalues).matrix, quartic: quartic)
  }

  static let momenta: [OptimizerMethod.Momentum] = [
    .none, .heavyBall(0.9), .exponentialMovingAverage(0.8), .nesterov(0.7),
  ]

  /// Below the threshold steps by the gradient alone come to rest, above it they leave: every momentum written out.
  @Test(arguments: momenta.indices) func stepsBesideTheThreshold(_ index: Int) throws {
    let momentum = Self.momenta[index]
    let beta = momentum.coefficient
    let form = try Self.form([3, 2.2, 1.4, 1, 0.6])
    let found = try DescentRule(.gradientDescent(momentum)).threshold(on: form, tolerance: 1e-10)
    let bound = try #require(found.largestStableRate)
    #expect(abs(found.sharpness - 3) <= found.residual + 1e-14)
    func length(_ part: Double) -> Double {
      var (w, v) = ([1, -0.5, 0.3, 0.8, -1], [Double](repeating: 0, count: 5))
      for _ in 0..<3000 {
        form.move(to: w)
        let gradient = form.gradient()
        for i in w.indices {
          v[i] = beta * v[i] + (momentum == .exponentialMovingAverage(beta) ? 1 - beta : 1) * gradient[i]
          w[i] -= part * bound * (momentum == .nesterov(beta) ? gradient[i] + beta * v[i] : v[i])
        }
      }
      return dot(w, w).squareRoot()
    }
    #expect(length(0.99) < 1e-6)
    #expect(length(1.01) > 1e3)
  }

  /// However early the Lanczos process ends, the threshold lies between the two that the residual names.
  @Test(arguments: [3, 5, 8, 60]) func residualIsABound(products: Int) throws {
    let form = try Self.form((0..<40).map { 4 / Double($0 + 1) })
    let rule = try DescentRule(.gradientDescent(.heavyBall(0.5)))
    let found = try rule.threshold(on: form, tolerance: 0, mostProducts: products)
    let (rate, error) = (try #require(found.largestStableRate), try #require(found.rateError))
    let exact = rule.largestStableRate(curvature: 4)
    #expect(exact <= rate * (1 + 1e-14) && exact >= (rate - error) * (1 - 1e-14))
    #expect(products < 60 || error < 1e-10 * exact)
  }

  /// It is of the point where the landscape is: A + 3c diag(δ²).
  @Test func itIsOfThePoint() throws {
    let form = try Self.form([2, 1, 0.5], quartic: 1)
    let rule = try DescentRule(.gradientDescent())
    let start = try rule.threshold(on: form, tolerance: 1e-12)
    #expect(relativeError(start.largestStableRate ?? 0, 1) < 1e-12)
    let point = [0.4, -1, 0.7]
    form.move(to: point)
    var hessian = form.matrix
    for i in 0..<3 { hessian[i, i] += 3 * point[i] * point[i] }
    let moved = try rule.threshold(on: form, tolerance: 1e-12)
    #expect(relativeError(moved.sharpness, try #require(hessian.symmetricEigenvalues().last)) < 1e-12)
  }

  /// Without positive curvature, and for gradient flow, every rate is stable; what is no number is an error.
  @Test func whereThereIsNone() throws {
    let descent = try DescentRule(.gradientDescent())
    let down = try descent.threshold(on: Self.form([-1, -2, -3]))
    #expect(down.largestStableRate == nil && down.rateError == nil)
    #expect(abs(down.sharpness + 1) <= down.residual + 1e-14)
    #expect(try DescentRule(.gradientFlow).threshold(on: Self.form([2, 1])).largestStableRate == nil)
    #expect(throws: DynamicsError.self) {
      try descent.threshold(on: QuarticForm(Matrix<Double>(rows: 3, columns: 3, repeating: .nan)))
    }
    #expect(throws: Kink.NoHessian.self) { try descent.threshold(on: Kink()) }
  }
}

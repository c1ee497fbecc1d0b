import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// What predictions at order 1/n say of their own errors.
@Suite("Errors of predictions at order 1/n")
struct FiniteWidthErrorEstimateTests {
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  /// The exactly solvable network leaves c/n² + O(n⁻³): the estimate must have c's order of magnitude, at all times.
  @Test("The order that is left out, where it is known", arguments: [0.2, 0.7, 2])
  func truncation(_ time: Double) throws {
    let exact = LinearPair(kappa: 0.6, target: 1.5)
    let width = 128
    let network = ChainNetworks.network(.linear, widths: [width], inputs: 1, weight: 1)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.single(exact.kappa.squareRoot()), targets: Matrix([[exact.target]]),
      loss: Self.loss)
    // Var Ĥ = 4κ²/n and Θ = 2κ.
    #expect(relativeError(dynamics.tangentKernelFluctuation, 1 / Double(width)) < 1e-12)
    let mean = try dynamics.mean(time: time).train
    let first = exact.mean(width: Double(width), time: time)
    let left = abs(first - mean.mean[0, 0])
    #expect(left < 3 * mean.truncationError[0, 0])
    #expect(left > 0.02 * mean.truncationError[0, 0])
    let variance = try dynamics.variances(time: time).train[0]
    let square = exact.mean(width: Double(width), time: time) { $0 * $0 }
    #expect(abs(square - first * first - variance.value) < 3 * variance.truncationError)
    let loss = try dynamics.trainLoss(time: time)
    let whole = exact.mean(width: Double(width), time: time) { ($0 - 1.5) * ($0 - 1.5) / 2 }
    #expect(abs(whole - loss.mean.value) < 3 * loss.truncationError)
    // It is of order 1/n².
    #expect(relativeError(loss.at(width: 2 * width).truncationError, loss.truncationError / 4) < 1e-12)
    let rule = try DescentRule(.gradientDescent(), rate: time / 50, steps: 50)
    let steps = try dynamics.means(rule, steps: [50])[0].train
    #expect(relativeError(steps.truncationError[0, 0], mean.truncationError[0, 0]) < 0.2)
  }

  /// Tensors to 1e-3 and to 1e-12: what they differ by stays within what the coarse ones say. With twelve features five inputs are
  /// independent; of dependent ones canonical correlations are 1, and series end before any bound is small.
  @Test("The numerical error of coarse tensors", arguments: [0.3, 3, Double.infinity])
  func numerical(_ time: Double) throws {
    let network = ChainNetworks.network(.gelu, widths: [16, 16], inputs: 12, weight: 1.8, bias: 0.1)
    let inputs = ChainNetworks.inputs(5, features: 12, seed: 8)
    func make(_ tolerance: Double) throws -> FiniteWidthDynamics {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows([0, 1, 2]), test: inputs.selectingRows([3, 4]),
        targets: Matrix([[1.0], [-0.5], [0.3]]), loss: Self.loss, tolerance: tolerance)
    }
    let (coarse, fine) = (try make(1e-3), try make(1e-12))
    #expect(coarse.tensorError > 100 * fine.tensorError)
    func check(_ x: [Double], _ y: [Double], _ errors: [Double]) {
      for ((a, b), error) in zip(zip(x, y), errors) {
        #expect(abs(a - b) <= error + 1e-12)
        #expect(error.isFinite)
      }
    }
    let (x, y) = (try coarse.mean(time: time), try fine.mean(time: time))
    for part in [\TrainedMean.train, \TrainedMean.test] {
      check(
        x[keyPath: part].mean.tensor.elements, y[keyPath: part].mean.tensor.elements,
        x[keyPath: part].numericalError.tensor.elements)
      #expect(y[keyPath: part].numericalError.tensor.elements.allSatisfy { $0 < 1e-6 })
    }
    let (c, d) = (try coarse.covariance(time: time), try fine.covariance(time: time))
    check(c.covariance.tensor.elements, d.covariance.tensor.elements, c.numericalError.tensor.elements)
    guard time < .infinity else { return }
    let rule = try DescentRule(.gradientDescent(), rate: 0.5 / fine.infiniteWidth.sharpness, steps: 6)
    let (u, v) = (try coarse.means(rule, steps: [6])[0], try fine.means(rule, steps: [6])[0])
    check(u.test.mean.tensor.elements, v.test.mean.tensor.elements, u.test.numericalError.tensor.elements)
  }
}

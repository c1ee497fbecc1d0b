import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The covariance of trained networks' outputs and their mean loss at order 1/n.
@Suite("Second moments of trained networks at order 1/n")
struct TrainedCovarianceTests {
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  @Test("Every contribution against the hierarchy written out", arguments: [1, 2])
  func plain(_ outputs: Int) throws {
    let training = try PlainTraining(outputs: outputs, loss: Self.loss)
    let (dynamics, plain) = (training.dynamics, training.plain)
    let time = 0.35
    let covariance = try dynamics.covariance(time: time)
    let leading = plain.moment(time)
    for contribution in FiniteWidthContribution.allCases {
      var expected = plain.secondMoment(contribution, start: training.output.kernelCorrection, at: time)
      if FiniteWidthContribution.ofMean.contains(contribution) {
        let shifts = plain.correction(contribution, at: time)
        for x in 0..<3 {
          for y in 0..<3 {
            expected[x][y] -= leading.mean[x][0] * shifts[y][0] + shifts[x][0] * leading.mean[y][0]
          }
        }
      }
      let found = try #require(covariance.contributions[contribution])
      #expect(relativeError(found.tensor.elements, expected.flatMap { $0 }) < 1e-8, "\(contribution)")
    }
    #expect(
      isExpansion(covariance.covariance[1, 2], covariance.infiniteWidth[1, 2], covariance.correction[1, 2], width: 15))
  }

  @Test("At the start it is the kernel's own correction; at the end the training samples do not vary")
  func ends() throws {
    let network = ChainNetworks.network(.tanh, widths: [16, 16], weight: 1.3, bias: 0.1)
    let inputs = ChainNetworks.inputs(4, seed: 8)
    let flow = try FiniteWidthFlow(network, inputs: inputs, extent: .differentials)
    let output = try #require(flow.layers.last)
    let targets = Matrix([[1.0], [-0.5], [0.3]])
    let dynamics = try FiniteWidthDynamics(output: output, trainSamples: 3, targets: targets, loss: Self.loss)
    let start = try dynamics.covariance(time: 0)
    #expect(relativeError(start.correction.tensor.elements, output.kernelCorrection.tensor.elements) < 1e-10)
    #expect(relativeError(start.infiniteWidth.tensor.elements, output.kernel.tensor.elements) < 1e-10)
    let (late, end) = (try dynamics.covariance(time: 5000), try dynamics.covariance(time: .infinity))
    for contribution in FiniteWidthContribution.allCases {
      let (x, y) = (try #require(late.contributions[contribution]), try #require(end.contributions[contribution]))
      #expect(relativeError(x[3, 3], y[3, 3]) < 1e-6, "\(contribution)")
      for sample in 0..<3 { #expect(abs(y[sample, sample]) < 1e-9 && abs(y[sample, 3]) < 1e-9) }
    }
  }

  /// Second moments of the exactly solvable network, extrapolated from widths 400, 800 and 1600.
  @Test("A linear network of two layers is solved exactly", arguments: [0.2, 0.7, 2])
  func linear(_ time: Double) throws {
    let exact = LinearPair(kappa: 0.6, target: 1.5)
    let network = ChainNetworks.network(.linear, widths: [10], inputs: 1, weight: 1)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.single(exact.kappa.squareRoot()), targets: Matrix([[exact.target]]),
      loss: Self.loss)
    let variance = try dynamics.covariance(time: time).variance(of: 0)
    func scaled(_ width: Double) -> Double {
      let mean = exact.mean(width: width, time: time)
      let square = exact.mean(width: width, time: time) { $0 * $0 }
      return width * (square - mean * mean - variance.infiniteWidth)
    }
    let (a, b, c) = (scaled(400), scaled(800), scaled(1600))
    #expect(abs((a - 6 * b + 8 * c) / 3 - variance.correction) < 1e-5)
    // The loss, (z − y)²/2.
    let loss = try dynamics.trainLoss(time: time)
    func excess(_ width: Double) -> Double {
      width * (exact.mean(width: width, time: time) { ($0 - 1.5) * ($0 - 1.5) / 2 } - loss.mean.infiniteWidth)
    }
    let extrapolated = (excess(400) - 6 * excess(800) + 8 * excess(1600)) / 3
    #expect(abs(extrapolated - loss.mean.correction) < 1e-5)
  }

  @Test("Losses add bias and variance in the loss's own convention")
  func losses() throws {
    let network = ChainNetworks.network(.gelu, widths: [20, 20], weight: 1.7, bias: 0.1, outputs: 2)
    let inputs = ChainNetworks.inputs(4, seed: 2)
    let (train, test) = (inputs.selectingRows([0, 1]), inputs.selectingRows([2, 3]))
    let (targets, others) = (Matrix([[1.0, 0], [0, 1]]), Matrix([[0.5, 0.5], [0.2, -0.3]]))
    let mse = Loss.meanSquaredError(reduction: .mean, half: false)
    let dynamics = try FiniteWidthDynamics(network, train: train, test: test, targets: targets, loss: mse)
    let (trainLoss, testLoss) = (try dynamics.trainLoss(time: 0.4), try dynamics.testLoss(time: 0.4, targets: others))
    let response = try dynamics.infiniteWidth.gradientFlow(time: 0.4)
    #expect(relativeError(trainLoss.mean.infiniteWidth, dynamics.infiniteWidth.trainLoss(response).mean) < 1e-12)
    let leading = try dynamics.infiniteWidth.testLoss(response, targets: others).mean
    #expect(relativeError(testLoss.mean.infiniteWidth, leading) < 1e-12)
    #expect(isExpansion(testLoss.mean.value, testLoss.mean.infiniteWidth, testLoss.mean.correction, width: 20))
    #expect(isExpansion(testLoss.mean.at(width: 40).shift, 0, testLoss.mean.correction, width: 40))
    let mean = try dynamics.mean(time: 0.4)
    var expected = 0.0
    for output in 0..<2 {
      let covariance = try dynamics.covariance(time: 0.4, output: output)
      for sample in 0..<2 {
        let residual = mean.test.infiniteWidth[sample, output] - others[sample, output]
        expected += 2 * residual * mean.test.correction[sample, output] + covariance.correction[2 + sample, 2 + sample]
      }
    }
    #expect(relativeError(testLoss.mean.correction, expected / 2) < 1e-12)
    #expect(throws: DynamicsError.self) { try dynamics.testLoss(time: 1, targets: Matrix([[1.0, 2]])) }
  }

  /// Two coincident samples are one that learns twice as fast.
  @Test("Coincident training samples", arguments: [0.3, Double.infinity])
  func coincident(_ time: Double) throws {
    let network = ChainNetworks.network(.gelu, widths: [12, 9], weight: 1.6, bias: 0.1)
    let inputs = ChainNetworks.inputs(3)
    let test = inputs.selectingRows([2])
    let single = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0]), test: test, targets: Matrix([[0.5]]), loss: Self.loss)
    let double = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0, 0]), test: test, targets: Matrix([[1.5], [-0.5]]), loss: Self.loss)
    let (x, y) = (try single.covariance(time: 2 * time), try double.covariance(time: time))
    #expect(relativeError(y.correction[2, 2], x.correction[1, 1]) < 1e-7)
    #expect(abs(y.correction[0, 0] - x.correction[0, 0]) < 1e-8)
    #expect(abs(y.correction[0, 1] - x.correction[0, 0]) < 1e-8)
    #expect(abs(y.correction[0, 2] - x.correction[0, 1]) < 1e-8)
  }

  @Test("Variances alone are the covariance's diagonal")
  func variances() throws {
    let training = try PlainTraining(outputs: 2, loss: Self.loss)
    for time in [0.35, .infinity] {
      let covariance = try training.dynamics.covariance(time: time, output: 1)
      let variances = try training.dynamics.variances(time: time, output: 1)
      let found = variances.train + variances.test
      #expect(found.count == 3)
      let largest = covariance.correction.tensor.elements.reduce(0) { max($0, abs($1)) }
      for sample in 0..<3 {
        #expect(abs(found[sample].correction - covariance.correction[sample, sample]) < 1e-12 * largest)
        #expect(abs(found[sample].infiniteWidth - covariance.infiniteWidth[sample, sample]) < 1e-12)
      }
    }
  }
}

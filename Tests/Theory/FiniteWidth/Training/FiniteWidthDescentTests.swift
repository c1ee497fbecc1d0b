import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Gradient descent in steps that are not small, at order 1/n.
@Suite("Gradient descent at order 1/n")
struct FiniteWidthDescentTests {
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  /// Θ = 1.2, so that the largest stable rate is 1.67.
  @Test("A linear network of two layers, steps large and small, any schedule", arguments: [0.05, 0.5, 1.1])
  func linear(_ rate: Double) throws {
    let exact = LinearPair(kappa: 0.6, target: 1.5)
    let network = ChainNetworks.network(.linear, widths: [10], inputs: 1, weight: 1)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.single(exact.kappa.squareRoot()), targets: Matrix([[exact.target]]),
      loss: Self.loss)
    let steps = [0, 1, 2, 3, 9]
    for schedule in [LearningRateSchedule(), LearningRateSchedule(.cosine(final: 0.1), warmUp: 2)] {
      let rule = try DescentRule(.gradientDescent(), rate: rate, schedule: schedule, steps: 9)
      let means = try dynamics.means(rule, steps: steps)
      let rates = (0..<9).map { rate * schedule.factor(at: $0, of: 9) }
      for (count, mean) in zip(steps, means) {
        func scaled(_ width: Double) -> Double {
          let used = Array(rates.prefix(count))
          return width * (exact.mean(width: width, rates: used) - mean.train.infiniteWidth[0, 0])
        }
        let extrapolated = (scaled(1600) - 6 * scaled(3200) + 8 * scaled(6400)) / 3
        #expect(abs(extrapolated - mean.train.correction[0, 0]) < 1e-5, "\(count) steps")
        #expect(abs(mean.time - rates.prefix(count).reduce(0, +)) < 1e-12)
      }
    }
  }

  /// Random tensors with the symmetries that those of networks have, R among them, in steps that are not small.
  @Test("Up to three steps against Taylor expansions with every delta", arguments: [1, 2], [0, 1, 2, 3])
  func plain(_ outputs: Int, _ steps: Int) throws {
    let output = try RandomTensors(samples: 3, seed: UInt64(7 + outputs)).layer(fanIn: 15)
    let targets = Matrix([[1.2, -0.4], [-0.7, 0.9]].map { Array($0.prefix(outputs)) })
    let dynamics = try FiniteWidthDynamics(output: output, trainSamples: 2, targets: targets, loss: Self.loss)
    let rule = try DescentRule(
      .gradientDescent(), rate: 1.3 / dynamics.infiniteWidth.sharpness,
      schedule: LearningRateSchedule(.cosine(final: 0.5)), steps: 3)
    let mean = try #require(try dynamics.means(rule, steps: [steps]).first)
    let plain = PlainDescent(
      hierarchy: PlainHierarchy(
        tangent: try #require(output.tangentKernel), differentials: try #require(output.differentials),
        kernel: output.kernel, train: 2, targets: (0..<2).map { targets.row($0) }),
      rates: (0..<steps).map { rule.rate * rule.schedule.factor(at: $0, of: 3) })
    for contribution in FiniteWidthContribution.ofMean {
      let found =
        try #require(mean.train.contributions[contribution]).tensor.elements
        + (try #require(mean.test.contributions[contribution])).tensor.elements
      #expect(relativeError(found, plain.correction(contribution)) < 1e-10, "\(contribution)")
    }
  }

  /// The difference from gradient flow is of order η, in every contribution.
  @Test("Small steps are gradient flow")
  func small() throws {
    let network = ChainNetworks.network(.gelu, widths: [20, 20], weight: 1.7, bias: 0.1, outputs: 2)
    let inputs = ChainNetworks.inputs(3, seed: 2)
    let dynamics = try FiniteWidthDynamics(
      network, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2]),
      targets: Matrix([[1.0, 0.3], [-0.5, 1]]), loss: .meanSquaredError(reduction: .sum, half: false))
    let flow = try dynamics.mean(time: 0.2)
    func distances(_ count: Int) throws -> [Double] {
      let rule = try DescentRule(.gradientDescent(), rate: 0.2 / Double(count), steps: count)
      let mean = try #require(try dynamics.means(rule, steps: [count]).first)
      return try FiniteWidthContribution.ofMean.flatMap { contribution in
        let (x, y) = (
          try #require(flow.train.contributions[contribution]),
          try #require(flow.test.contributions[contribution])
        )
        let (u, v) = (
          try #require(mean.train.contributions[contribution]),
          try #require(mean.test.contributions[contribution])
        )
        return [u[0, 0] - x[0, 0], u[1, 1] - x[1, 1], v[0, 0] - y[0, 0], v[0, 1] - y[0, 1]]
      }
    }
    for (coarse, fine) in zip(try distances(400), try distances(800)) {
      #expect(abs(coarse / fine - 2) < 0.05)
      #expect(abs(fine) < 0.05)
    }
    // Gradient flow is a time, and the time 0.1 · 2 has no rounding: the same call.
    let same = try dynamics.means(try DescentRule(.gradientFlow, rate: 0.1), steps: [2])
    #expect(same[0].test.correction == flow.test.correction)
  }

  @Test("Momentum and divergence are errors")
  func errors() throws {
    let network = ChainNetworks.network(.tanh, widths: [20], weight: 1.7)
    let dynamics = try FiniteWidthDynamics(
      network, train: ChainNetworks.inputs(2), targets: Matrix([[1.0], [-0.5]]), loss: Self.loss)
    #expect(throws: FiniteWidthDynamicsError.momentum) {
      try dynamics.means(try DescentRule(.gradientDescent(.heavyBall(0.9)), rate: 0.1), steps: [3])
    }
    #expect(throws: DynamicsError.self) {
      try dynamics.means(try DescentRule(.gradientDescent(), rate: 1e3), steps: [1000])
    }
  }
}

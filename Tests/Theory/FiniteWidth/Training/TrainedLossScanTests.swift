import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Losses of trained networks against width and depth.
@Suite("Losses against width and depth at order 1/n")
struct TrainedLossScanTests {
  static let loss = Loss.meanSquaredError(reduction: .mean, half: false)
  private let inputs = ChainNetworks.inputs(4, seed: 2)
  private let targets = Matrix([[1.0], [-1]])
  private let answers = Matrix([[0.5], [-0.2]])

  private func scan(
    _ network: PerceptronView, depths: [Int], widths: [Int]
  ) throws -> TrainedLossScan {
    try TrainedLossScan(
      network, depths: depths, widths: widths, train: inputs.selectingRows([0, 1]), targets: targets,
      test: inputs.selectingRows([2, 3]), testTargets: answers, loss: Self.loss, time: 1.5)
  }

  @Test("Each point is the network of its shape")
  func points() throws {
    let network = ChainNetworks.network(.tanh, widths: [10, 10], weight: 1.2, bias: 0.1)
    let scan = try scan(network, depths: [1, 3], widths: [40, 80])
    #expect(scan.points.map(\.depth) == [1, 1, 3, 3] && scan.points.map(\.width) == [40, 80, 40, 80])
    for point in scan.points {
      let own = ChainNetworks.network(
        .tanh, widths: Array(repeating: point.width, count: point.depth), weight: 1.2, bias: 0.1)
      let dynamics = try FiniteWidthDynamics(
        own, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2, 3]), targets: targets,
        loss: Self.loss, tolerance: 1e-6)
      let loss = try dynamics.testLoss(time: 1.5, targets: answers)
      #expect(relativeError(point.test.bias.value, loss.bias.value) < 1e-10)
      #expect(relativeError(point.test.variance.value, loss.variance.value) < 1e-10)
      #expect(relativeError(point.test.truncationError, loss.truncationError) < 1e-9)
      let train = try dynamics.trainLoss(time: 1.5)
      #expect(relativeError(point.train.mean.value, train.mean.value) < 1e-10)
    }
    // What width changes grows with the depth and falls as 1/n.
    let (shallow, deep) = (scan.points(depth: 1), scan.points(depth: 3))
    #expect(abs(deep[0].test.mean.shift) > abs(shallow[0].test.mean.shift))
    #expect(relativeError(deep[1].test.mean.shift, deep[0].test.mean.shift / 2) < 1e-12)
  }

  @Test("What has no such scan is a sentence")
  func errors() throws {
    var network = ChainNetworks.network(.tanh, widths: [10], weight: 1.2)
    #expect(throws: FiniteWidthDynamicsError.badShape(name: "depth", value: 0)) {
      try scan(network, depths: [0], widths: [8])
    }
    #expect(throws: FiniteWidthDynamicsError.badShape(name: "width", value: -1)) {
      try scan(network, depths: [1], widths: [8, -1])
    }
    #expect(try scan(network, depths: [1], widths: []).points.isEmpty)
    network.parametrization = .standard
    #expect(throws: FiniteWidthDynamicsError.notNTKParametrization(.standard)) {
      try scan(network, depths: [1], widths: [8])
    }
  }
}

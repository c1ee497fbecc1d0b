import OrreryNetworks
import OrreryTensors

/// The mean loss of trained networks against width and depth, as bias² and variance at order 1/n.
///
/// ```swift
/// let scan = try TrainedLossScan(
///   network, depths: [1, 2, 4], widths: [32, 64, 128], train: images, targets: labels, test: others, testTargets: answers,
///   loss: loss)
/// scan.points(depth: 2).map { ($0.width, $0.test.bias.value, $0.test.variance.value, $0.test.truncationError) }
/// ```
///
/// One set of tensors for each depth holds for all widths, which only enter as 1/n: a scan costs as much as its depths.
public struct TrainedLossScan: Sendable {
  /// One depth and width.
  public struct Point: Hashable, Codable, Sendable {
    /// The number of hidden layers.
    public var depth: Int
    /// n, of each of them.
    public var width: Int
    public var train: TrainedLoss
    public var test: TrainedLoss
  }

  /// Depth by depth, each in the order of the widths.
  public let points: [Point]

  /// The points of one depth, in the order of the widths.
  public func points(depth: Int) -> [Point] { points.filter { $0.depth == depth } }

  /// - Parameters:
  ///   - network: in the NTK parametrization, with a hidden layer. Its first layer's initialization, its second one's for all hidden
  ///     layers that follow (of a network of one hidden layer: the last one's) and its last one's are kept; its widths are not.
  ///   - depths: numbers of hidden layers.
  ///   - widths: of every hidden layer.
  ///   - testTargets: (M, outputs).
  ///   - time: of gradient flow, ∞ for the end of training.
  ///   - tolerance: of four-point expectations.
  /// - Throws: ``FiniteWidthDynamicsError``, ``FiniteWidthError``, ``DynamicsError``.
  public init(
    _ network: PerceptronView, depths: [Int], widths: [Int], train: Matrix<Double>, targets: Matrix<Double>,
    test: Matrix<Double>, testTargets: Matrix<Double>, loss: Loss, time: Double = .infinity, tolerance: Double = 1e-6
  ) throws {
    guard network.parametrization == .ntk else {
      throw FiniteWidthDynamicsError.notNTKParametrization(network.parametrization)
    }
    for (name, values) in [("depth", depths + [network.architecture.depth]), ("width", widths)] {
      if let value = values.first(where: { $0 <= 0 }) {
        throw FiniteWidthDynamicsError.badShape(name: name, value: value)
      }
    }
    guard let width = widths.first else {
      points = []
      return
    }
    points = try depths.flatMap { depth in
      let dynamics = try FiniteWidthDynamics(
        network.reshaped(depth: depth, width: width), train: train, test: test, targets: targets, loss: loss,
        tolerance: tolerance)
      let (trainLoss, testLoss) = (
        try dynamics.trainLoss(time: time), try dynamics.testLoss(time: time, targets: testTargets)
      )
      return widths.map { width in
        Point(depth: depth, width: width, train: trainLoss.at(width: width), test: testLoss.at(width: width))
      }
    }
  }
}

extension PerceptronView {
  /// The same with hidden layers of another number and width.
  fileprivate func reshaped(depth: Int, width: Int) -> PerceptronView {
    let hidden = Array(repeating: layers[1], count: depth - 1)
    return PerceptronView(
      architecture: MultilayerPerceptron(
        depth: depth, width: width, activation: architecture.activation, outputs: architecture.outputs),
      inputs: inputs, layers: [layers[0]] + hidden + [layers[layers.count - 1]], parametrization: parametrization)
  }
}

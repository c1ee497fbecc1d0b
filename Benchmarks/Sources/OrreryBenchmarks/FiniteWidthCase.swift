import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// The theory at order 1/n: ten layers of tensors, and the exact chain beside it. No peer computes these.
enum FiniteWidthCase: String, CaseIterable {
  case tensorsOfTwo = "tensors-2"
  case vertexOfSixteen = "vertex-16"
  case vertexOfManyTwoSlopes = "vertex-64"
  case chain = "chain-million"
  case trained = "trained-8"

  var title: String {
    switch self {
    case .tensorsOfTwo: "all tensors through U, 2 inputs, 10 layers, GELU at criticality"
    case .vertexOfSixteen: "V and G1, 16 inputs, 10 layers, GELU at criticality, 1e-6"
    case .vertexOfManyTwoSlopes: "V, 64 inputs, one layer of ReLU"
    case .trained: "mean of a trained network, 8 training and 2 test samples, tanh, 3 layers, t = 0.1, 1, ∞"
    case .chain: "10⁶ chain networks, tanh, width 64, 5 layers, 2 inputs"
    }
  }

  var target: String {
    switch self {
    case .tensorsOfTwo: "≤ 50 ms"
    case .vertexOfSixteen: "≤ 5 s"
    case .vertexOfManyTwoSlopes: "≤ 60 s"
    case .chain: "≤ 1.2 s"
    case .trained: "≤ 10 s"
    }
  }

  private var samples: Int {
    switch self {
    case .tensorsOfTwo, .chain: 2
    case .trained: 10
    case .vertexOfSixteen: 16
    case .vertexOfManyTwoSlopes: 64
    }
  }

  private var network: PerceptronView {
    get throws {
      let (activation, depth): (Activation, Int) =
        switch self {
        case .tensorsOfTwo, .vertexOfSixteen: (Activation(.gelu), 9)
        case .vertexOfManyTwoSlopes: (Activation(.relu), 1)
        case .chain: (Activation(.tanh), 4)
        case .trained: (Activation(.tanh), 2)
        }
      let point = try Criticality.points(of: activation).choice()
      let layer = LayerInitialization(weightVariance: point.weightVariance, biasVariance: point.biasVariance)
      return PerceptronView(
        architecture: MultilayerPerceptron(depth: depth, width: 64, activation: activation), inputs: 16,
        layers: Array(repeating: layer, count: depth + 1), parametrization: .ntk)
    }
  }

  func run() throws {
    let stream = RandomStream(seed: 3, purpose: .test)
    let inputs = Matrix(rows: samples, columns: 16, elements: stream.normals(count: samples * 16).map { Double($0) })
    let network = try network
    var error: Double?
    let timing: Timing
    switch self {
    case .chain:
      let chain = try GramChain(network, inputs: inputs)
      timing = try Timing.measure(runs: 5, limit: 10) {
        _ = try chain.sample(networks: 1_000_000, seed: 7, options: GramChainOptions(method: .lanes))
      }
    case .trained:
      let targets = Matrix<Double>(rows: 8, columns: 1, elements: (0..<8).map { $0 % 2 == 0 ? 1 : -1 })
      timing = try Timing.measure(runs: 5, limit: 20) {
        let dynamics = try FiniteWidthDynamics(
          network, train: inputs.selectingRows(Array(0..<8)), test: inputs.selectingRows([8, 9]), targets: targets,
          loss: .meanSquaredError(reduction: .sum, half: true))
        for time in [0.1, 1, .infinity] { _ = try dynamics.mean(time: time) }
      }
    default:
      let extent: FiniteWidthExtent = self == .tensorsOfTwo ? .differentials : .preactivations
      timing = try Timing.measure(runs: 5, limit: 20) {
        let flow = try FiniteWidthFlow(network, inputs: inputs, extent: extent, tolerance: 1e-7)
        error = flow.layers.map(\.expectationError).max()
      }
    }
    Record(who: "orrery", name: rawValue, values: timing.wall, processor: timing.processor, error: error).write()
  }
}

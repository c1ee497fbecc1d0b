import OrreryNetworks

/// Steps of gradient descent that both sides take: tanh, 4 hidden layers, 64 inputs, 10 outputs, ½ mean squared error, f32.
struct TrainingCase {
  /// 1: a single network, which has all cores; more: an ensemble.
  var networks: Int
  var width: Int
  var batch: Int
  var target = Target()

  static let all: [TrainingCase] = [
    TrainingCase(networks: 1, width: 64, batch: 128, target: Target(ratio: 1.1, share: 0.7)),
    TrainingCase(networks: 1, width: 128, batch: 128, target: Target(ratio: 1.2, share: 0.8)),
    TrainingCase(networks: 1, width: 256, batch: 128, target: Target(ratio: 1.2, share: 0.85)),
    TrainingCase(networks: 1, width: 512, batch: 128, target: Target(ratio: 1.2, share: 0.85)),
    TrainingCase(networks: 1, width: 1024, batch: 128, target: Target(ratio: 1.1, share: 0.8)),
    TrainingCase(networks: 256, width: 32, batch: 32, target: Target(ratio: 2.2, share: 0.65)),
    TrainingCase(networks: 256, width: 64, batch: 32, target: Target(ratio: 2, share: 0.8)),
    TrainingCase(networks: 64, width: 128, batch: 64, target: Target(ratio: 1.5, share: 0.85)),
  ]

  static let depth = 4
  static let inputs = 64
  static let outputs = 10

  var name: String { "train-\(networks)-\(width)-\(batch)" }

  var title: String {
    networks == 1
      ? "gradient-descent step, width \(width), batch \(batch)"
      : "ensemble step, \(networks) networks, width \(width), batch \(batch)"
  }

  /// Operations of one step of all networks: three products for each hidden layer, two for the first.
  var operations: Double {
    let (n, w) = (Double(batch), Double(width))
    let first = 4 * n * Double(Self.inputs) * w
    let hidden = 6 * n * w * w * Double(Self.depth - 1)
    return Double(networks) * (first + hidden + 6 * n * w * Double(Self.outputs))
  }

  var network: PerceptronView {
    PerceptronView(
      architecture: MultilayerPerceptron(
        depth: Self.depth, width: width, activation: Activation(.tanh), outputs: Self.outputs),
      inputs: Self.inputs,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: Self.depth + 1),
      parametrization: .standard)
  }
}

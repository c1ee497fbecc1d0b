import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport

/// Layouts and plain loops for the tests of update rules.
enum UpdateCases {
  /// Three numbers: a weight matrix of 1 × 2 and a bias.
  static func small() throws -> ParameterLayout {
    try ParameterLayout([.init("W1", role: .input, shape: [1, 2]), .init("b1", role: .hiddenBias, shape: [1])])
  }

  /// A network of two hidden layers, 5 → 7 → 4 → 2, with a gap after every tensor.
  static func network(alignment: Int = 8) throws -> ParameterLayout {
    try ParameterLayout(
      [
        .init("W1", role: .input, shape: [7, 5]), .init("b1", role: .hiddenBias, shape: [7]),
        .init("W2", role: .hidden, shape: [4, 7]), .init("b2", role: .hiddenBias, shape: [4]),
        .init("W3", role: .readout, shape: [2, 4]), .init("b3", role: .readoutBias, shape: [2]),
      ], alignment: alignment)
  }

  static let loss = Loss.crossEntropy

  /// Steps of given gradients.
  static func run<Scalar: TensorScalar>(
    _ optimizer: Optimizer, from start: [Scalar], gradients: [[Scalar]], layout: ParameterLayout
  ) throws -> [Scalar] {
    let update = try ParameterUpdate<Scalar>(optimizer, layout: layout)
    var parameters = start
    for (step, gradient) in gradients.enumerated() {
      guard case .updated = update.apply(step: step, parameters: &parameters, gradient: gradient) else {
        throw TrainingSetupError.noSamples
      }
    }
    return parameters
  }

  static func normals<Scalar: TensorScalar>(_ count: Int, seed: UInt64, as: Scalar.Type) -> [Scalar] {
    var random = SplitMix(seed: seed)
    return random.normals(count).map { Scalar($0) }
  }
}

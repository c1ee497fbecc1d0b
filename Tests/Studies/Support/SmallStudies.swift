import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryStudies
import OrreryTensors

/// Studies that are small enough to be confronted in a fraction of a second.
enum SmallStudies {
  /// Two hidden layers of 12 neurons on six inputs from the sphere.
  static func synthetic(
    _ function: ActivationFunction = .tanh, depth: Int = 2, width: Int = 12,
    initialization: Initialization = .critical, seed: UInt64 = 11, networks: Int = 60, widths: [Int] = [6, 12],
    optimizer: Optimizer? = Optimizer(
      .adam(), batch: .size(16), loss: .meanSquaredError(reduction: .mean, half: true)
    )
  ) -> Study {
    Study(
      seed: seed, precision: .float32,
      network: Network(
        MultilayerPerceptron(depth: depth, width: width, activation: Activation(function)),
        initialization: initialization, parametrization: .ntk),
      data: DataDescription(.synthetic(SyntheticData(.sphere, samples: 6, features: 5))), optimizer: optimizer,
      ensemble: EnsembleDescription(networks: networks, chainNetworks: 2000, inputs: 2, widths: widths))
  }

  /// A study of samples that all have |x|²/n_0 = `meanSquare` and pairwise correlation `correlation`, both exactly up to
  /// rounding: x_i = √(n_0 q) (√c e_0 + √(1 − c) e_i).
  ///
  /// - Parameter folder: where the arrays are written.
  static func equicorrelated(
    _ network: Network, features: Int, samples: Int, meanSquare: Double = 1, correlation: Double, in folder: URL,
    optimizer: Optimizer? = nil
  ) throws -> Study {
    precondition(samples < features, "Every sample needs a direction of its own.")
    let inputs = Tensor<Double>(shape: [samples, features]) { buffer in
      buffer.initialize(repeating: 0)
      let length = (Double(features) * meanSquare).squareRoot()
      for sample in 0..<samples {
        buffer[sample * features] = length * correlation.squareRoot()
        buffer[sample * features + sample + 1] = length * (1 - correlation).squareRoot()
      }
    }
    let labels = Tensor<Double>(shape: [samples]) { buffer in
      for sample in 0..<samples { buffer[sample] = Double(sample % max(2, network.architecture.perceptron!.outputs)) }
    }
    try Npy.write(inputs, to: folder.appending(path: "inputs.npy"))
    try Npy.write(labels, to: folder.appending(path: "labels.npy"))
    return Study(
      seed: 1, precision: .float32, network: network,
      data: DataDescription(
        .files(
          DataFiles(
            inputs: ArrayReference(path: "inputs.npy"), labels: .array(ArrayReference(path: "labels.npy")))),
        targets: network.architecture.perceptron!.outputs > 1 ? .oneHot : .none), optimizer: optimizer)
  }
}

/// JSON as programs exchange it: sorted keys, infinities as words.
enum JSON {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return try encoder.encode(value)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return try decoder.decode(type, from: data)
  }
}

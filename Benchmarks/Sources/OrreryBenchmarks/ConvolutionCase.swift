import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// The gradient of a convolutional network that both sides take: three of (3×3 SAME convolution, ReLU, 2×2 average pool) on 28×28
/// images, then the global average and 10 outputs; cross-entropy, batch 64, f32.
enum ConvolutionCase {
  static let name = "convolution-gradient"
  static let title = "gradient of a convolutional network, 28×28 images, 32-64-64 channels, batch 64"
  static let target = Target(ratio: 1.2, share: 0.8)
  static let batch = 64
  static let channels = [1, 32, 64, 64]

  /// Two products for the first convolution, whose input has no gradient, three for the others.
  static var operations: Double {
    var (sum, side) = (0.0, 28)
    for layer in 1..<channels.count {
      let one = 2 * batch * side * side * 9 * channels[layer - 1] * channels[layer]
      sum += Double(layer == 1 ? 2 * one : 3 * one)
      side /= 2
    }
    return sum
  }

  static func network() throws -> ResolvedNetwork {
    var layers: [Layer] = []
    for units in channels.dropFirst() {
      layers += [
        Layer(Convolution(units: units)), Layer(Nonlinearity(Activation(.relu))), Layer(AveragePool(window: 2)),
      ]
    }
    layers += [Layer(GlobalAveragePool()), Layer(Dense(units: 10))]
    return try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: [28, 28, 1],
      initializations: Array(repeating: LayerInitialization(weightVariance: 2, biasVariance: 0), count: 4),
      parametrization: .standard)
  }

  /// Seconds of one gradient, with the step of gradient descent that uses it: what more steps take longer, so that drawing,
  /// compiling and observing do not count.
  static func run() throws {
    let stream = RandomStream(seed: 1, purpose: .test)
    let inputs = Matrix(rows: batch, columns: 784, elements: stream.normals(count: batch * 784).map { Double($0) })
    var targets = Matrix<Double>(rows: batch, columns: 10)
    for sample in 0..<batch { targets[sample, sample % 10] = 1 }
    let data = TrainingData(train: try .init(inputs: inputs, targets: targets))
    func seconds(_ steps: Int) throws -> (wall: Double, processor: Double) {
      let optimizer = Optimizer(.gradientDescent(), learningRate: .value(1e-3), steps: steps, loss: .crossEntropy)
      let experiment = try TrainingExperiment(try network(), data: data, optimizer: optimizer)
      var options = TrainingExperiment.Options()
      options.observables = []
      options.steps = .every(steps)
      var wall = 0.0
      let processor = try Timing.processor {
        wall = try Timing.once { _ = try experiment.run(seed: 1, options: options, recorder: MemoryRecorder()) }
      }
      return (wall, processor)
    }
    let steps = 15
    _ = try seconds(steps)
    var (walls, processors): ([Double], [Double]) = ([], [])
    for _ in 0..<9 {
      let (short, long) = (try seconds(steps), try seconds(3 * steps))
      walls.append((long.wall - short.wall) / Double(2 * steps))
      processors.append((long.processor - short.processor) / Double(2 * steps))
    }
    Record(who: "orrery", name: name, threads: Parallel.threads, values: walls, processor: processors).write()
  }
}

import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Gradients averaged over data")
struct SampleGradientTests {
  /// Clusters about two directions, of different lengths, with targets that go with the cluster.
  private func data(_ samples: Int, features: Int, outputs: Int, seed: UInt64) -> (Matrix<Double>, Matrix<Double>) {
    var generator = SplitMix(seed: seed)
    let centres = [generator.normals(features), generator.normals(features)]
    var inputs: [[Double]] = []
    var targets: [[Double]] = []
    for sample in 0..<samples {
      let cluster = sample % 2
      let length = 0.7 + 0.6 * generator.uniform()
      inputs.append(centres[cluster].map { length * ($0 + 0.6 * generator.normal()) })
      targets.append((0..<outputs).map { ($0 + cluster) % 2 == 0 ? 1 : -0.5 })
    }
    return (Matrix(inputs), Matrix(targets))
  }

  private func network(
    _ function: ActivationFunction, widths: [Int], outputs: Int, features: Int, weight: Double = 1.5,
    bias: Double = 0.1, parametrization: Parametrization = .standard
  ) -> PerceptronView {
    let architecture = MultilayerPerceptron(widths: widths, activation: Activation(function), outputs: outputs)
    return PerceptronView(
      architecture: architecture, inputs: features,
      layers: Array(
        repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: architecture.layerCount),
      parametrization: parametrization)
  }

  private static let mse = Loss.meanSquaredError(reduction: .mean, half: true)

  /// E|∇L|² = (1/N²) Σ_ab E[δ_a·δ_b] Θ_ab, with the tangent kernel from the library's own matrices: a recursion forwards
  /// against one backwards.
  @Test(
    "The sum over all parameters is the tangent kernel's",
    arguments: [
      (ActivationFunction.relu, 1e-9), (.gelu, 1e-9), (.tanh, 1e-6), (.silu, 1e-6), (.erf, 1e-9),
      (.elu(alpha: 1), 2e-4),
    ])
  func sumsToTheTangentKernel(function: ActivationFunction, tolerance: Double) throws {
    let (inputs, targets) = data(12, features: 5, outputs: 3, seed: 3)
    let network = network(function, widths: [20, 30, 25], outputs: 3, features: 5)
    let samples = GradientSamples(inputs: inputs, targets: targets, limit: 100)
    let gradients = try #require(GradientRecursion(network, samples: samples, loss: Self.mse, batch: 12))
    var sum = 0.0
    for (layer, (fanIn, width)) in zip(gradients.layers, zip(network.fanIns, network.architecture.layerWidths)) {
      sum += Double(width * fanIn) * layer.weight * layer.weight + Double(width) * layer.bias * layer.bias
    }
    let kernels = try InfiniteWidthKernels(network).matrices(inputs)
    let tangents = try #require(kernels.ntk)
    var expected = 0.0
    for a in 0..<12 {
      for b in 0..<12 {
        let product = (0..<3).reduce(0.0) { $0 + targets[a, $1] * targets[b, $1] }
        expected += (3 * kernels.nngp[a, b] + product) * tangents[a, b] / 144
      }
    }
    #expect(relativeError(sum, expected) < tolerance)
  }

  /// Real networks by plain loops: n and 2n, extrapolated to infinite width, where the first order in 1/n is gone.
  @Test("Real networks' gradients, layer by layer", arguments: [true, false])
  func realNetworks(isSquaredError: Bool) throws {
    let (inputs, targets) = data(8, features: 6, outputs: 2, seed: 5)
    // One-hot for cross-entropy.
    let labels =
      isSquaredError
      ? targets
      : Matrix((0..<8).map { sample in (0..<2).map { $0 == sample % 2 ? 1.0 : 0 } })
    let loss: Loss = isSquaredError ? Self.mse : .crossEntropy
    let networks = 3000
    var measured: [[(mean: Double, error: Double)]] = []
    for width in [20, 40] {
      let resolved = network(.tanh, widths: [width, width], outputs: 2, features: 6)
      let plain = PlainNetwork(resolved)
      let squares = Parallel.map(networks) { member in
        plain.meanSquaredGradients(inputs, labels, isSquaredError: isSquaredError, seed: UInt64(1000 * width + member))
      }
      // Scaled by n² n_ℓ-dependences as theory has them: compared as ratios.
      let samples = GradientSamples(inputs: inputs, targets: labels, limit: 100)
      let theory = try #require(GradientRecursion(resolved, samples: samples, loss: loss, batch: 8))
      measured.append(
        (0..<3).map { layer in
          let values = squares.map { $0[layer] / (theory.layers[layer].weight * theory.layers[layer].weight) }
          let mean = values.reduce(0, +) / Double(networks)
          let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(networks - 1)
          return (mean, (variance / Double(networks)).squareRoot())
        })
    }
    for layer in 0..<3 {
      let (narrow, wide) = (measured[0][layer], measured[1][layer])
      let limit = 2 * wide.mean - narrow.mean
      let error = (4 * wide.error * wide.error + narrow.error * narrow.error).squareRoot()
      // What the extrapolation leaves is of second order: the square of the first one's size at n = 20, about.
      let rest = pow((wide.mean - narrow.mean) * 2, 2) + 1.0 / 400
      // Outputs of order 1 make the softmax's correlation an interpolation (OutputGradient).
      let law = isSquaredError ? 0 : 0.05
      #expect(abs(limit - 1) < 4 * error + rest + law, "layer \(layer + 1): \(limit) ± \(error)")
      #expect(error < 0.08)
    }
  }

  @Test("Targets that go with the inputs add to the batch's mean; unrelated ones do not")
  func targetsMatter() throws {
    let (inputs, targets) = data(40, features: 6, outputs: 1, seed: 9)
    let network = network(.tanh, widths: [30, 30], outputs: 1, features: 6, weight: 1, bias: 0)
    func first(_ targets: Matrix<Double>?) throws -> Double {
      let samples = GradientSamples(inputs: inputs, targets: targets, limit: 100)
      return try #require(GradientRecursion(network, samples: samples, loss: Self.mse, batch: 40)).layers[0].weight
    }
    var generator = SplitMix(seed: 1)
    let shuffled = Matrix((0..<40).map { _ in [generator.uniform() < 0.5 ? 1.0 : -0.5] })
    let zero = Matrix<Double>(rows: 40, columns: 1)
    #expect(try first(targets) > first(shuffled))
    #expect(try first(shuffled) > first(zero))
    // Doubled targets: the squares add, f²(K + y²).
    let double = Matrix((0..<40).map { [2 * targets[$0, 0]] })
    let parts = try [targets, zero].map { pow(try first($0), 2) }
    #expect(relativeError(pow(try first(double), 2), parts[1] + 4 * (parts[0] - parts[1])) < 1e-12)
  }

  @Test("NTK units: ∂L/∂ω = √(C_W/fan-in) ∂L/∂W")
  func parametrizations() throws {
    let (inputs, targets) = data(10, features: 6, outputs: 1, seed: 2)
    func layers(_ parametrization: Parametrization, _ samples: GradientSamples?) -> [GradientRecursion.Layer] {
      let conditions = TrainingConditions(
        meanSquaredInput: 1, inputCorrelation: 0.4,
        optimizer: Optimizer(.adam(), batch: .size(10), steps: 1, loss: Self.mse), data: samples)
      return Trainability(
        name: "", network(.gelu, widths: [30, 50], outputs: 1, features: 6, parametrization: parametrization),
        conditions: conditions
      ).gradients.layers
    }
    for samples in [nil, GradientSamples(inputs: inputs, targets: targets, limit: 100)] {
      for (index, fanIn) in [6.0, 30, 50].enumerated() {
        let (standard, own) = (layers(.standard, samples)[index], layers(.ntk, samples)[index])
        #expect(relativeError(own.weight, standard.weight * (1.5 / fanIn).squareRoot()) < 1e-13)
        #expect(relativeError(own.bias, standard.bias * 0.1.squareRoot()) < 1e-13)
        #expect(own.preactivation == standard.preactivation)
      }
    }
  }

  @Test("Samples are spread over the data, whatever the order of its classes")
  func choice() {
    let count = 2000
    let inputs = Matrix((0..<count).map { [Double($0), 1] })
    // Sorted by class, and one of every class in turn.
    for isSorted in [true, false] {
      var targets = Matrix<Double>(rows: count, columns: 10)
      for row in 0..<count { targets[row, isSorted ? row / (count / 10) : row % 10] = 1 }
      let samples = GradientSamples(inputs: inputs, targets: targets, limit: 100)
      #expect(samples.count == 100 && samples.population == count)
      #expect(Set(samples.meanSquares).count == 100)
      let products = samples.targetProducts!
      // Of 4950 pairs a tenth are of one class, to a fifth of that.
      var alike = 0
      for a in 0..<100 {
        for b in 0..<a where products[a * (a + 1) / 2 + b] > 0 { alike += 1 }
      }
      #expect(abs(Double(alike) - 495) < 100)
    }
  }
}

/// A multilayer perceptron with tanh by plain loops, whose weights are drawn here.
private struct PlainNetwork: Sendable {
  let network: PerceptronView

  init(_ network: PerceptronView) { self.network = network }

  /// The mean over a layer's weights of the squared gradient of the mean loss, for each layer.
  func meanSquaredGradients(
    _ inputs: Matrix<Double>, _ targets: Matrix<Double>, isSquaredError: Bool, seed: UInt64
  ) -> [Double] {
    var generator = SplitMix(seed: seed &* 0x9E37_79B9)
    let dimensions = [network.inputs] + network.architecture.layerWidths
    let count = dimensions.count - 1
    var weights: [[Double]] = []
    var biases: [[Double]] = []
    for layer in 0..<count {
      let scale = (network.layers[layer].weightVariance / Double(dimensions[layer])).squareRoot()
      weights.append(generator.normals(dimensions[layer] * dimensions[layer + 1]).map { scale * $0 })
      let shift = network.layers[layer].biasVariance.squareRoot()
      biases.append(generator.normals(dimensions[layer + 1]).map { shift * $0 })
    }
    var gradients = weights.map { [Double](repeating: 0, count: $0.count) }
    for sample in 0..<inputs.rows {
      var signals: [[Double]] = [(0..<network.inputs).map { inputs[sample, $0] }]
      for layer in 0..<count {
        let below: [Double] = signals[layer]
        var above = biases[layer]
        for neuron in above.indices {
          for j in below.indices { above[neuron] += weights[layer][neuron * below.count + j] * below[j] }
          if layer < count - 1 { above[neuron] = tanh(above[neuron]) }
        }
        signals.append(above)
      }
      let outputs = signals[count]
      var total = 0.0
      for output in outputs { total += exp(output) }
      var error = outputs
      for output in error.indices {
        if !isSquaredError { error[output] = exp(outputs[output]) / total }
        error[output] -= targets[sample, output]
      }
      for layer in stride(from: count - 1, through: 0, by: -1) {
        let below = signals[layer]
        for neuron in error.indices {
          for j in below.indices {
            gradients[layer][neuron * below.count + j] += error[neuron] * below[j] / Double(inputs.rows)
          }
        }
        guard layer > 0 else { break }
        var next = [Double](repeating: 0, count: below.count)
        for j in below.indices {
          for neuron in error.indices { next[j] += weights[layer][neuron * below.count + j] * error[neuron] }
          next[j] *= 1 - below[j] * below[j]
        }
        error = next
      }
    }
    return gradients.map { layer -> Double in
      var sum = 0.0
      for gradient in layer { sum += gradient * gradient }
      return sum / Double(layer.count)
    }
  }
}

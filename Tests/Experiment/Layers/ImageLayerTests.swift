import OrreryExperiment
import OrreryNetworks
import OrreryTestSupport
import Testing

/// Layers on images as programs, one row each: shapes, derivatives in training and in evaluation.
@Suite struct ImageLayerTests {
  static let cases: [(layers: [Layer], inputShape: [Int])] = [
    ([Layer(Convolution(units: 3, kernel: 2, stride: 2, padding: .valid))], [5, 4, 2]),
    ([Layer(Convolution(units: 2, padding: .circular))], [3, 4, 2]),
    ([Layer(AveragePool(window: 3, stride: 2, padding: .same))], [4, 5, 2]), ([Layer(MaxPool(window: 2))], [4, 5, 2]),
    ([Layer(GlobalAveragePool())], [3, 2, 2]), ([Layer(Flatten())], [3, 2, 2]), ([Layer(BatchNorm())], [2, 2, 3]),
    ([Layer(BatchNorm(epsilon: 0.1, learned: false))], [3]), ([Layer(Dropout(0.5))], [2, 2, 3]),
    ([Layer(Residual([Layer(Convolution(units: 2)), Layer(BatchNorm())], scale: 0.7))], [3, 3, 2]),
    (
      [
        Layer(
          Residual(
            [Layer(Convolution(units: 4, stride: 2))], skip: [Layer(Convolution(units: 4, kernel: 1, stride: 2))]))
      ], [4, 3, 2]
    ),
    (
      [
        Layer(Convolution(units: 4)), Layer(BatchNorm()), Layer(Nonlinearity(Activation(.gelu))),
        Layer(AveragePool(window: 2)),
        Layer(Residual([Layer(Convolution(units: 4)), Layer(Nonlinearity(Activation(.tanh))), Layer(Dropout(0.3))])),
        Layer(GlobalAveragePool()), Layer(Dense(units: 3)),
      ], [6, 6, 1]
    ),
  ]

  @Test(arguments: cases.indices, [LoweringContext.Mode.training, .evaluation])
  func shapesAndDerivatives(index: Int, mode: LoweringContext.Mode) throws {
    let (layers, inputShape) = Self.cases[index]
    let samples = 4
    let lowered = try LoweredNetwork(layers, inputShape: inputShape, samples: samples, mode: mode)
    var graph = lowered.graph
    #expect(graph.shape(lowered.output) == [samples] + (try layers.outputShape(for: inputShape)))
    let weights = graph.input(graph.shape(lowered.output))
    // sin, so that no derivative is constant; its scale keeps differences of pooled maxima unlikely to change.
    let value = graph.total(graph.multiply(weights, graph.activation(Activation(.sin), of: lowered.output)))
    var random = SplitMix(seed: 12)
    var number = NumberOfArrays(
      graph: graph, arrays: lowered.parameters + [lowered.input, weights], value: value)
    for mask in lowered.masks {
      number.fixed.append(mask.value)
      let kept = 1 / (1 - mask.probability)
      number.fixedNumbers.append((0..<(samples * mask.count)).map { $0 % 3 == 0 ? 0.0 : kept })
    }
    for average in lowered.averages {
      number.fixed.append(average.value)
      number.fixedNumbers.append((0..<average.count).map { average.initial + 0.2 * Double($0) })
    }
    let point = number.arrays.map { value in random.array(graph.shape(value)).map { 0.6 * $0 } }
    #expect(try number.gradientError(at: point) < 1e-7)
    #expect(try number.hessianError(at: point) < 1e-7)
    #expect(lowered.masks.isEmpty || mode == .training)
  }

  /// By hand: two channels of two samples, each normalized with its own mean and variance.
  @Test func batchNormByHand() throws {
    let lowered = try LoweredNetwork(
      [Layer(BatchNorm(momentum: 0.75, epsilon: 1))], inputShape: [2], samples: 2, mode: .training)
    let inlets = lowered.parameters + lowered.averages.map(\.value) + [lowered.input]
    let program = Program(
      lowered.graph, inlets: inlets.map { .init($0) }, outputs: [lowered.output] + lowered.averages.map(\.next))
    let arena = Arena<Double>(program)
    let numbers: [[Double]] = [[2, 3], [10, 20], [4, 8], [1, 2], [1, 5, 3, 5]]
    for (index, array) in numbers.enumerated() {
      for (i, number) in array.enumerated() { arena.input(index)[i] = number }
    }
    arena.run()
    // Channel 1: mean 2, variance 1, √(1 + 1); channel 2: mean 5, variance 0.
    let half = 2 / 2.0.squareRoot()
    for (found, expected) in zip(arena.output(0), [10 - half, 20, 10 + half, 20]) {
      #expect(abs(found - expected) < 1e-14)
    }
    #expect(Array(arena.output(1)) == [3.5, 7.25] && Array(arena.output(2)) == [1, 1.5])
    #expect(lowered.averages.map(\.name) == ["0.mean", "0.variance"])
  }

  @Test func measurementsWithoutAveragesSayWhatTheyCannot() {
    #expect(throws: ExperimentError.keepsAverages(layer: 1)) {
      try LoweredNetwork([Layer(Dense(units: 3)), Layer(BatchNorm())], inputShape: [2], samples: 3)
    }
  }
}
